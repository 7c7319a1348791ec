use std::sync::OnceLock;

use rayon::prelude::*;

use super::*;
use crate::furnish::{Kind, Style};
use crate::geometry::Vec2;

const STYLES: [Style; 5] = [
    Style::Modern,
    Style::Contemporary,
    Style::Traditional,
    Style::Industrial,
    Style::Scandinavian,
];

/// Every design in every style with the style's first palette, built once for all tests.
fn catalogue() -> &'static [(Look, Design, Piece)] {
    static BUILT: OnceLock<Vec<(Look, Design, Piece)>> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut all = Vec::new();
        for style in STYLES {
            let look = Look {
                style,
                palette: palettes(style)[0],
            };
            for kind in Kind::ALL {
                all.extend(forms(kind, style).into_iter().map(|design| (look, design)));
            }
        }
        all.into_par_iter()
            .map(|(look, design)| (look, design, build(&look, &design, 11)))
            .collect()
    })
}

#[test]
fn every_piece_stands_on_the_floor_within_its_stated_size() {
    for (look, design, piece) in catalogue() {
        let bounds = piece.mesh.bounds();
        let name = format!("{:?} {}", look.style, piece.name);
        assert!(bounds.min.y.abs() < 1e-4, "{name} starts at y = {}", bounds.min.y);
        let off = (bounds.size() - design.size).abs().max_element();
        assert!(
            off < 0.02,
            "{name} is {:?}, stated {:?}",
            bounds.size(),
            design.size
        );
        let centre = (bounds.min + bounds.max) * 0.5;
        assert!(
            centre.x.abs() < 1e-3 && centre.z.abs() < 1e-3,
            "{name} is off its centre by {centre:?}"
        );
    }
}

#[test]
fn every_piece_rests_on_something_at_floor_level() {
    for (look, design, piece) in catalogue() {
        let low: Vec<_> = piece.mesh.positions.iter().filter(|p| p.y < 0.006).collect();
        let name = format!("{:?} {}", look.style, piece.name);
        assert!(
            low.len() >= 3,
            "{name} touches the floor with {} vertices",
            low.len()
        );
        let hangs = design.kind == Kind::PendantLamp
            || design.option % 20 == 2 && matches!(design.kind, Kind::CoatRack | Kind::Screen)
            // A ladder leans on the wall, a rail hangs there.
            || design.kind == Kind::TowelRack;
        if hangs {
            continue;
        }
        if matches!(
            design.kind,
            Kind::Art
                | Kind::Mirror
                | Kind::Books
                | Kind::Vase
                | Kind::TableLamp
                | Kind::Plant
                | Kind::FloorLamp
                | Kind::SideTable
        ) {
            continue;
        }
        // Feet on all sides: it does not tip over.
        for (side, fine) in [
            ("left", low.iter().any(|p| p.x < 0.0)),
            ("right", low.iter().any(|p| p.x > 0.0)),
            ("front", low.iter().any(|p| p.z > 0.0)),
            ("back", low.iter().any(|p| p.z < 0.0)),
        ] {
            assert!(fine, "{name} has no foot on its {side}");
        }
    }
}

#[test]
fn meshes_are_sound_and_within_their_triangle_budget() {
    for (look, _, piece) in catalogue() {
        let mesh = &piece.mesh;
        let name = format!("{:?} {}", look.style, piece.name);
        let triangles = mesh.triangles.len();
        assert!(
            (100..=60_000).contains(&triangles),
            "{name} has {triangles} triangles"
        );
        assert_eq!(mesh.materials.len(), triangles, "{name}");
        assert_eq!(mesh.normals.len(), mesh.positions.len(), "{name}");
        assert_eq!(mesh.uvs.len(), mesh.positions.len(), "{name}");
        assert!(
            mesh.positions.iter().all(|p| p.is_finite()),
            "{name} has a broken position"
        );
        assert!(mesh.uvs.iter().all(|p| p.is_finite()), "{name} has a broken uv");
        assert!(
            mesh.normals.iter().all(|n| (n.length() - 1.0).abs() < 1e-3),
            "{name} has a normal that is no unit vector"
        );
        assert!(
            mesh.triangles
                .iter()
                .flatten()
                .all(|&i| (i as usize) < mesh.positions.len()),
            "{name}"
        );
        assert!(
            mesh.materials
                .iter()
                .all(|&m| usize::from(m) < piece.materials.len()),
            "{name}"
        );
    }
}

#[test]
fn materials_stay_within_what_furniture_reflects() {
    for (_, _, piece) in catalogue() {
        let mesh = &piece.mesh;
        for (index, triangle) in mesh.triangles.iter().enumerate().step_by(37) {
            let material = &piece.materials[mesh.materials[index] as usize];
            for &i in triangle {
                let i = i as usize;
                let s = material.at(mesh.positions[i], mesh.uvs[i], mesh.normals[i]);
                let fine = s.albedo.min_element() >= 0.0299 && s.albedo.max_element() <= 0.8001;
                assert!(
                    fine,
                    "{} reflects {:?} with {:?}",
                    piece.name, s.albedo, material.texture
                );
                assert!(
                    (0.03..=1.0).contains(&s.roughness),
                    "{}: roughness {}",
                    piece.name,
                    s.roughness
                );
                assert!(
                    (s.normal.length() - 1.0).abs() < 1e-3,
                    "{}: normal {:?}",
                    piece.name,
                    s.normal
                );
                assert!(
                    s.normal.dot(mesh.normals[i]) > 0.3,
                    "{}: relief turns the normal away",
                    piece.name
                );
            }
        }
    }
}

#[test]
fn the_same_seed_builds_the_same_mesh_and_another_seed_a_different_one() {
    let look = Look {
        style: Style::Contemporary,
        palette: palettes(Style::Contemporary)[1],
    };
    for kind in [
        Kind::Sofa,
        Kind::Bed,
        Kind::Plant,
        Kind::Bookcase,
        Kind::Curtain,
        Kind::CoffeeTable,
    ] {
        let design = designs(kind, look.style)[0];
        let (a, b, c) = (
            build(&look, &design, 5),
            build(&look, &design, 5),
            build(&look, &design, 6),
        );
        assert!(
            a.mesh.positions == b.mesh.positions && a.materials == b.materials,
            "{kind:?} is not repeatable"
        );
        assert!(a.mesh.positions != c.mesh.positions, "{kind:?} does not vary");
    }
}

#[test]
fn faces_point_away_from_solid_pieces() {
    // Shading is two-sided, but smooth normals must agree with their faces.
    for (_, _, piece) in catalogue() {
        let mesh = &piece.mesh;
        let mut against = 0;
        for t in &mesh.triangles {
            let [a, b, c] = t.map(|i| mesh.positions[i as usize]);
            let face = (b - a).cross(c - a);
            let shade = t.iter().map(|&i| mesh.normals[i as usize]).sum::<Vec3>();
            against += usize::from(face.dot(shade) < -1e-9);
        }
        let share = against as f32 / mesh.triangles.len() as f32;
        assert!(
            share < 0.01,
            "{}: {:.1} % of the normals face the wrong way",
            piece.name,
            share * 100.0
        );
    }
}

#[test]
fn palettes_answer_the_colours_of_the_room() {
    for style in STYLES {
        for (wall, floor) in [
            (Vec3::splat(0.7), Vec3::new(0.36, 0.27, 0.18)),
            (Vec3::new(0.1, 0.12, 0.16), Vec3::splat(0.4)),
        ] {
            let look = Look::ranked(style, wall, floor, 0.0)[0];
            let sofa = look::lab(finish::srgb(look.palette.sofa.colour));
            let apart = sofa.distance(look::lab(wall));
            assert!(
                apart > 10.0,
                "{style:?}: a sofa of {} vanishes before the wall ({apart:.0})",
                look.palette.sofa.name
            );
        }
    }
}

#[test]
fn warm_grey_and_dark_rooms_lead_with_different_palettes() {
    let beige = finish::srgb(0xDCCFB8);
    let grey = finish::srgb(0xB9BDC1);
    let white = finish::srgb(0xEDEDEC);
    let (oak, dark, carpet) = (
        finish::srgb(0xB48F62),
        finish::srgb(0x3A2A1F),
        finish::srgb(0xB5B2AD),
    );
    for style in STYLES {
        let led = |wall: Vec3, floor: Vec3| Look::ranked(style, wall, floor, 0.0)[0].palette;
        let undertone = |palette: Palette| {
            0.5 * (look::lab(finish::srgb(palette.rug.ground)).z
                + look::lab(finish::srgb(palette.curtain.colour)).z)
        };
        let (warm, cool) = (led(beige, oak), led(grey, carpet));
        assert_ne!(warm.name, cool.name, "{style:?}");
        assert!(
            undertone(warm) > undertone(cool) + 2.0,
            "{style:?}: {} before beige, {} before grey",
            warm.name,
            cool.name
        );
        // The floor alone counts too, somewhere in the order.
        let order = |floor: Vec3| -> Vec<&str> {
            Look::ranked(style, white, floor, 0.0)
                .iter()
                .map(|l| l.palette.name)
                .collect()
        };
        assert_ne!(order(oak), order(dark), "{style:?}");
    }
}

#[test]
fn every_motif_is_a_picture_of_its_own() {
    use art::{Motif, Picture};
    let shown = |motif: Motif| -> Vec<Vec3> {
        let picture = Picture {
            motif,
            size: Vec2::new(0.5, 0.7),
            mount: 0.0,
            paper: Vec3::splat(0.75),
            inks: [
                Vec3::new(0.05, 0.06, 0.08),
                Vec3::new(0.40, 0.15, 0.06),
                Vec3::new(0.30, 0.32, 0.25),
                Vec3::new(0.55, 0.45, 0.25),
            ],
            seed: 5,
        };
        (0..600)
            .map(|k| {
                picture.colour(Vec2::new(
                    (k % 20) as f32 / 40.0 + 0.0125,
                    (k / 20) as f32 * 0.7 / 30.0 + 0.01,
                ))
            })
            .collect()
    };
    let all: Vec<Vec<Vec3>> = Motif::ALL.iter().map(|motif| shown(*motif)).collect();
    assert!(all.len() >= 16);
    for (i, a) in all.iter().enumerate() {
        let name = Motif::ALL[i];
        assert!(
            a.iter()
                .all(|c| c.is_finite() && c.min_element() >= 0.0 && c.max_element() < 1.2),
            "{name:?}"
        );
        let mean = a.iter().sum::<Vec3>() / a.len() as f32;
        let spread = a.iter().map(|c| c.distance(mean)).sum::<f32>() / a.len() as f32;
        assert!(spread > 0.015, "{name:?} shows nothing ({spread:.3})");
        for (k, b) in all.iter().enumerate().skip(i + 1) {
            let off = a.iter().zip(b).map(|(p, q)| p.distance(*q)).sum::<f32>() / a.len() as f32;
            assert!(
                off > 0.02,
                "{name:?} and {:?} look alike ({off:.3})",
                Motif::ALL[k]
            );
        }
    }
}

#[test]
fn no_two_cushions_of_a_sofa_are_alike() {
    let size = Vec3::new(0.65, 0.18, 0.70);
    let (a, b) = (
        upholstery::cushion(size, 0.04, 0.02, 1),
        upholstery::cushion(size, 0.04, 0.02, 2),
    );
    let off = a
        .positions
        .iter()
        .zip(&b.positions)
        .map(|(p, q)| p.distance(*q))
        .fold(0.0, f32::max);
    assert!((0.004..0.04).contains(&off), "{off}");
    // A throw pillow is full in its middle and thin at seams and corners.
    let pillow = upholstery::pillow(0.45, 0.45, 0.15, 3);
    let thick = |near: &dyn Fn(Vec3) -> bool| {
        let z = pillow.positions.iter().filter(|p| near(**p)).map(|p| p.z);
        z.clone().fold(f32::MIN, f32::max) - z.fold(f32::MAX, f32::min)
    };
    let middle = thick(&|p| p.x.abs() < 0.05 && p.y.abs() < 0.05);
    let corner = thick(&|p| p.x > 0.19 && p.y > 0.19);
    assert!(middle > 0.11 && corner < 0.55 * middle, "{middle} and {corner}");
}

#[test]
fn curtains_cover_the_wall_beside_the_window_and_leave_its_view() {
    for span in [0.7, 1.2, 1.8, 2.6, 3.8] {
        let rod = curtains::rod_for(span);
        let panel = curtains::stack(rod);
        let inner = rod - 2.0 * panel;
        assert!(rod > span + 0.3, "a rod of {rod} for {span}");
        assert!(
            inner < span && inner > 0.70 * span,
            "{inner} of {span} stays free"
        );
    }
    let look = Look {
        style: Style::Scandinavian,
        palette: palettes(Style::Scandinavian)[0],
    };
    let pair = designs(Kind::Curtain, look.style)[1];
    let piece = build(&look, &pair, 3);
    let cloth = |p: &&Vec3| p.y < 1.8;
    let edge = pair.size.x * 0.5 - curtains::stack(pair.size.x) - 0.12;
    assert!(
        piece
            .mesh
            .positions
            .iter()
            .filter(cloth)
            .all(|p| p.x.abs() > edge)
    );
    let low = piece.mesh.positions.iter().map(|p| p.y).fold(f32::MAX, f32::min);
    assert!(low < 0.01, "the cloth ends {low} m above the floor");
}

#[test]
fn names_are_what_a_person_would_say() {
    let look = Look {
        style: Style::Contemporary,
        palette: palettes(Style::Contemporary)[0],
    };
    let sofa = build(&look, &designs(Kind::Sofa, look.style)[0], 1);
    assert_eq!(sofa.name, "Three-seat sofa, oat bouclé");
    for (_, _, piece) in catalogue() {
        let name = &piece.name;
        assert!(
            name.chars().next().is_some_and(char::is_uppercase) && !name.ends_with(", "),
            "{name:?}"
        );
    }
}

#[test]
fn textures_do_not_depend_on_the_sign_of_coordinates() {
    // Rounding towards zero would mirror patterns at the origin and leave a seam.
    let rug = finish::RugLook {
        name: "",
        ground: 0x999999,
        second: 0x333333,
        third: 0x666666,
        pattern: material::RugPattern::Persian,
    };
    let material = rug.material(Vec2::new(3.0, 2.0), false, 4);
    for i in -20..20 {
        let uv = Vec2::new(i as f32 * 0.07, i as f32 * 0.045);
        let s = material.at(Vec3::new(uv.x, 0.0, uv.y), uv, Vec3::Y);
        assert!(s.albedo.is_finite());
    }
}

#[test]
fn a_tint_recolours_the_principal_material_and_nothing_else() {
    let blue = 0x2F4F8F;
    let wanted = finish::srgb(blue);
    for (look, design, plain) in catalogue() {
        let tinted = build_tinted(look, design, 11, Some(blue));
        assert!(
            tinted.mesh.positions == plain.mesh.positions && tinted.mesh.materials == plain.mesh.materials,
            "{} changed its shape",
            plain.name
        );
        let changed: Vec<_> = tinted
            .materials
            .iter()
            .zip(&plain.materials)
            .filter(|(new, old)| new != old)
            .collect();
        assert!(!changed.is_empty(), "{} has nothing to colour", plain.name);
        assert!(
            changed.iter().any(|(new, _)| new.albedo.distance(wanted) < 0.01),
            "{} did not take the colour",
            plain.name
        );
        for (new, old) in changed {
            assert_eq!(new.roughness, old.roughness, "{}", plain.name);
            let range = material::ALBEDO_RANGE;
            assert!(
                new.albedo.min_element() >= range.0 && new.albedo.max_element() <= range.1,
                "{}: {:?}",
                plain.name,
                new.albedo
            );
        }
    }
    let (look, design, plain) = &catalogue()[0];
    assert_eq!(build_tinted(look, design, 11, None).materials, plain.materials);
}

#[test]
fn a_tinted_sofa_keeps_its_cushions() {
    let look = Look {
        style: Style::Modern,
        palette: palettes(Style::Modern)[0],
    };
    let design = designs(Kind::Sofa, look.style)[0];
    let tinted = build_tinted(&look, &design, 3, Some(0x8F2F2F));
    assert!(tinted.materials.contains(&look.palette.accents[1].material()));
    assert!(!tinted.materials.contains(&look.palette.sofa.material()));
    assert_eq!(tinted.name, "Three-seat sofa");
}

#[test]
fn detail_too_fine_to_see_becomes_its_mean() {
    // Across a room the yarn of a cloth is finer than a pixel: what is left must keep the colour and not flicker.
    let weave = finish::Fabric {
        name: "",
        colour: 0x8A8780,
        cloth: finish::Cloth::Weave,
    };
    for material in [
        weave.material(),
        finish::Fabric {
            cloth: finish::Cloth::Boucle,
            ..weave
        }
        .material(),
        finish::Fabric {
            cloth: finish::Cloth::Knit,
            ..weave
        }
        .material(),
        finish::Wood::Oak.material(0.0, 3),
        finish::rattan(),
    ] {
        let tones = |footprint: f32| -> (f32, f32) {
            let all: Vec<f32> = (0..4000)
                .map(|i| {
                    let uv = Vec2::new((i % 63) as f32 * 0.0317, (i / 63) as f32 * 0.0293);
                    let point = Vec3::new(uv.x, 0.0, uv.y);
                    material.seen(point, uv, Vec3::Y, footprint).albedo.y
                })
                .collect();
            let mean = all.iter().sum::<f32>() / all.len() as f32;
            let spread = (all.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / all.len() as f32).sqrt();
            (mean, spread / mean)
        };
        let (near, near_spread) = tones(0.0);
        let (far, far_spread) = tones(0.03);
        assert!(
            (near / far - 1.0).abs() < 0.05,
            "{:?}: {near} near, {far} from afar",
            material.texture
        );
        assert!(
            far_spread < 0.8 * near_spread,
            "{:?} flickers: {near_spread} near, {far_spread} from afar",
            material.texture
        );
    }
}

#[test]
fn every_option_of_a_kind_is_found_by_its_number_and_differs() {
    for style in STYLES {
        for kind in Kind::ALL {
            let all = forms(kind, style);
            assert!(all.len() >= designs(kind, style).len());
            for (i, a) in all.iter().enumerate() {
                for b in &all[i + 1..] {
                    assert!(
                        a.option != b.option || a.size != b.size,
                        "{style:?} {kind:?} lists {a:?} twice"
                    );
                }
            }
        }
    }
    // A borrowed form keeps the cloth of its new style.
    let look = Look {
        style: Style::Traditional,
        palette: palettes(Style::Traditional)[1],
    };
    let borrowed = forms(Kind::Sofa, look.style)
        .into_iter()
        .find(|design| design.option == 23)
        .unwrap();
    let piece = build(&look, &borrowed, 4);
    assert!(piece.materials.contains(&look.palette.sofa.material()));
}
