//! Files made to break readers: none may panic, and each refusal is typed.

use super::files;
use super::glb::order;
use crate::model::import::{Asset, ImportError, Library, Limits, import_entry, import_glb};

/// Reads everything a file has to offer, whatever comes of it.
fn read_all(bytes: &[u8]) {
    let limits = Limits::default();
    if let Ok(library) = Library::open(bytes, &limits) {
        for entry in &library.entries {
            let _ = import_entry(&library, entry, None, &limits);
        }
    }
    let _ = import_glb(bytes, &order(), &limits);
    let _ = Asset::from_bytes(bytes);
}

fn samples() -> [Vec<u8>; 3] {
    let (description, binary) = files::box_glb();
    let glb = files::glb(&description, &binary);
    let asset = import_glb(&glb, &order(), &Limits::default())
        .expect("a model")
        .to_bytes();
    [files::library(), glb, asset]
}

#[test]
fn files_cut_anywhere_never_panic() {
    for file in samples() {
        for length in (0..file.len()).step_by(7) {
            read_all(&file[..length]);
        }
    }
}

#[test]
fn files_with_flipped_bytes_never_panic() {
    for mut file in samples() {
        for at in (0..file.len()).step_by(3) {
            for flip in [0x80, 0xff] {
                file[at] ^= flip;
                read_all(&file);
                file[at] ^= flip;
            }
        }
    }
}

#[test]
fn archives_with_names_that_lead_outside_are_refused() {
    for name in ["../evil.obj", "a/../../b", "/etc/passwd", "C:evil", "a\\b"] {
        let bytes = files::zip(&[(name, b"x")]);
        let error = Library::open(&bytes, &Limits::default()).expect_err("unsafe");
        assert_eq!(error, ImportError::UnsafeName(name.into()));
    }
}

#[test]
fn bombs_are_refused_before_they_are_unpacked() {
    let zeros = vec![0u8; 3 << 20];
    let bytes = files::zip(&[("a", b""), ("PluginFurnitureCatalog.properties", &zeros)]);
    assert!(bytes.len() < 10_000, "it is a bomb");
    let small = Limits {
        entry_bytes: 1 << 20,
        ..Limits::default()
    };
    assert_eq!(
        Library::open(&bytes, &small).expect_err("a bomb").code(),
        "too_large"
    );
    let many: Vec<(String, &[u8])> = (0..50).map(|i| (format!("f{i}"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(name, content)| (name.as_str(), *content))
        .collect();
    let few = Limits {
        entries: 40,
        ..Limits::default()
    };
    assert_eq!(
        Library::open(&files::zip(&many), &few).expect_err("many").code(),
        "too_large"
    );
}

#[test]
fn an_entry_larger_than_its_header_says_is_damaged() {
    let name = "PluginFurnitureCatalog.properties";
    let mut bytes = files::zip(&[("a", b""), (name, &[b'a'; 4000])]);
    // The unpacked size in the directory: 24 bytes into its second entry.
    let second = bytes
        .windows(4)
        .rposition(|w| w == b"PK\x01\x02")
        .expect("a directory");
    bytes[second + 24..second + 28].copy_from_slice(&100u32.to_le_bytes());
    assert_eq!(
        Library::open(&bytes, &Limits::default())
            .expect_err("a lie")
            .code(),
        "damaged"
    );
}

#[test]
fn models_with_absurd_numbers_are_refused() {
    let read = |obj: &str| {
        let limits = Limits {
            triangles: 1000,
            ..Limits::default()
        };
        crate::model::import::obj::read(obj, vec![], &limits).map(|draft| draft.triangles.len())
    };
    let ok = "v 0 0 0\nv 1 0 0\nv 0 1 0\n";
    assert_eq!(read(&format!("{ok}f -3 -2 -1\n")), Ok(1));
    for (bad, code) in [
        (format!("{ok}f 1 2 4\n"), "damaged"),
        (format!("{ok}f 1 2 -4\n"), "damaged"),
        (format!("{ok}f 1 2 0\n"), "damaged"),
        (format!("{ok}f 1 2 99999999999999999999\n"), "damaged"),
        ("v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n".to_owned(), "damaged"),
        ("v 1e39 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n".to_owned(), "damaged"),
        (format!("{ok}f 1 1 2\n"), "empty"),
        (format!("{ok}{}", "f 1 2 3\n".repeat(1200)), "too_large"),
    ] {
        assert_eq!(read(&bad).expect_err("refused").code(), code, "{bad:.60}");
    }
}
