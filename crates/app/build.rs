//! Compiles this crate anew when the web app was built anew, because it carries those files.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
}
