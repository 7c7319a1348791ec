//! Screens: television, monitor, notebook computer. None bears a brand.

use crate::furnish::Kind;
use crate::geometry::Vec3;
use crate::model::builder::Builder;
use crate::model::catalogue::Design;
use crate::model::part::Part;
use crate::model::shapes::{block, soft_box, tube};
use crate::model::{Material, Piece};

/// An open, unbranded notebook computer that faces +z.
pub(super) fn laptop() -> Piece {
    let mut b = Builder::new(1);
    let shell = b.material(Material {
        metallic: 1.0,
        ..Material::plain(Vec3::splat(0.46), 0.42)
    });
    let dark = b.material(Material::plain(Vec3::splat(0.032), 0.35));
    let screen = b.material(Material::plain(Vec3::new(0.035, 0.038, 0.042), 0.22));
    b.add(
        shell,
        soft_box(Vec3::new(0.32, 0.014, 0.22), 0.006, 2, 0.0).moved(0.0, 0.007, 0.0),
    );
    b.add(
        dark,
        block(0.275, 0.0012, 0.10, 0.0005).moved(0.0, 0.0142, -0.035),
    );
    let lid = |p: Part| p.moved(0.0, 0.105, 0.0).turned_x(-16.0).moved(0.0, 0.012, -0.106);
    b.add(shell, lid(soft_box(Vec3::new(0.32, 0.21, 0.007), 0.0034, 2, 0.0)));
    b.add(
        screen,
        lid(block(0.306, 0.192, 0.0012, 0.0005).moved(0.0, 0.004, 0.0036)),
    );
    let size = b.size();
    b.finish(Kind::Books, "Notebook computer".to_string(), size)
}

/// Option 1 a television on feet, 2 on the wall, 3 a monitor. Dark glass, no brand.
pub(super) fn screen(design: &Design, seed: u32) -> Piece {
    let size = design.size;
    let (w, h, d) = (size.x, size.y, size.z);
    let mut b = Builder::new(seed);
    let shell = b.material(Material::plain(Vec3::splat(0.034), 0.42));
    // An anti-glare coating blurs what it reflects.
    let glass = b.material(Material::plain(Vec3::new(0.030, 0.031, 0.033), 0.22));
    let steel = b.material(crate::model::finish::Metal::Chrome.material());
    let low = match design.option {
        2 => 0.0,
        3 => 0.11,
        _ => 0.075,
    };
    let thick = if design.option == 2 { d } else { 0.042 };
    let tall = h - low;
    let middle = low + tall * 0.5;
    b.add(
        shell,
        soft_box(Vec3::new(w, tall, thick), 0.006, 3, 0.0).moved(0.0, middle, 0.0),
    );
    b.add(
        glass,
        soft_box(Vec3::new(w - 0.016, tall - 0.022, 0.003), 0.0014, 2, 0.0).moved(
            0.0,
            middle + 0.003,
            thick * 0.5,
        ),
    );
    match design.option {
        1 => {
            for side in [-1.0f32, 1.0] {
                let x = side * w * 0.36;
                let path = [
                    Vec3::new(x, 0.005, d * 0.5 - 0.008),
                    Vec3::new(x, low + 0.01, 0.0),
                    Vec3::new(x, 0.005, -d * 0.5 + 0.008),
                ];
                b.add(shell, tube(&path, |_| 0.006, 10));
            }
        }
        3 => {
            b.add(
                steel,
                soft_box(Vec3::new(0.22, 0.010, d), 0.004, 2, 0.0).moved(0.0, 0.005, 0.0),
            );
            b.add(
                steel,
                soft_box(Vec3::new(0.045, low + 0.10, 0.014), 0.005, 2, 0.0).moved(
                    0.0,
                    (low + 0.10) * 0.5,
                    -thick * 0.5 - 0.004,
                ),
            );
        }
        _ => {}
    }
    let name = if design.option == 3 {
        "Monitor"
    } else {
        "Television"
    };
    b.finish(Kind::Screen, name.to_string(), size)
}
