//! Placements as data.

use std::sync::Arc;

use super::*;
use crate::model::framed_print::Frame;
use crate::model::import::Asset;
use crate::model::ink::Ink;
use crate::model::{Material, palettes};

fn look_of(placement: &Placement) -> (String, Vec<Vec3>, Vec<Material>) {
    let piece = &placement.piece;
    (
        piece.name.clone(),
        piece.mesh.positions.clone(),
        piece.materials.clone(),
    )
}

#[test]
fn every_placement_is_rebuilt_exactly_from_its_spec_and_its_json() {
    let (room, camera) = plain_room();
    for (room_type, style) in SUPPORTED.into_iter().zip(STYLES.into_iter().cycle()) {
        let plan = plan(
            &room,
            &camera,
            &Surroundings::default(),
            Some(room_type),
            style,
            11,
            &Control::default(),
        )
        .expect("a plain room can be furnished");
        for placement in &plan.placements {
            let spec = placement
                .spec()
                .expect("the planner places pieces of the catalogue");
            let text = serde_json::to_string(&spec).expect("a spec is plain data");
            let read: PlacementSpec = serde_json::from_str(&text).expect("what was written is read");
            assert_eq!(read, spec, "{text}");
            let again = rebuild(&read, &no_assets).expect("what was built can be built again");
            assert_eq!(again.source, placement.source);
            assert_eq!(
                (again.position, again.yaw_deg),
                (placement.position, placement.yaw_deg)
            );
            assert!(
                look_of(&again) == look_of(placement),
                "{} is another piece",
                spec.id
            );
        }
    }
}

#[test]
fn ids_are_unique_and_every_support_exists() {
    let (room, camera) = plain_room();
    let plan = plan(
        &room,
        &camera,
        &Surroundings::default(),
        Some(RoomType::Bedroom),
        Style::Modern,
        3,
        &Control::default(),
    )
    .expect("a plain room can be furnished");
    let specs: Vec<PlacementSpec> = plan.placements.iter().filter_map(Placement::spec).collect();
    let carried = specs
        .iter()
        .filter(|s| matches!(s.support, Support::Item { .. }))
        .count();
    assert!(carried > 0, "lamps stand on bedside tables");
    for (i, spec) in specs.iter().enumerate() {
        assert!(
            specs[..i].iter().all(|other| other.id != spec.id),
            "{} twice",
            spec.id
        );
        if let Support::Item { id } = &spec.support {
            let base = specs
                .iter()
                .find(|s| s.id == *id)
                .expect("what carries it is there");
            assert!(
                base.position_m[1] > spec.position_m[1],
                "{} is below {id}",
                spec.id
            );
        }
        if spec.kind == Kind::Art {
            assert!(matches!(spec.support, Support::Wall { .. }), "{:?}", spec.support);
        }
    }
}

#[test]
fn a_spec_that_names_nothing_is_refused() {
    let spec = PlacementSpec {
        id: "sofa-1".to_owned(),
        kind: Kind::Sofa,
        option: 3,
        style: Style::Modern,
        palette: "stone and black".to_owned(),
        seed: 1,
        tint: None,
        position_m: [0.0, 1.3, 3.0],
        yaw_deg: 0.0,
        size_m: [2.26, 0.8, 0.92],
        support: Support::Floor,
        asset: None,
        print: None,
    };
    assert!(rebuild(&spec, &no_assets).is_ok());
    let refused = |change: &dyn Fn(&mut PlacementSpec)| {
        let mut other = spec.clone();
        change(&mut other);
        rebuild(&other, &no_assets).map(|p| p.piece.name).err()
    };
    assert_eq!(
        refused(&|s| s.palette = "beige dream".to_owned()),
        Some(SpecError::UnknownPalette("beige dream".to_owned()))
    );
    assert_eq!(
        refused(&|s| s.option = 77),
        Some(SpecError::UnknownOption {
            kind: Kind::Sofa,
            option: 77
        })
    );
    assert_eq!(
        refused(&|s| s.size_m[0] = f32::NAN),
        Some(SpecError::OutOfRange("size_m"))
    );
    assert_eq!(
        refused(&|s| s.size_m[1] = 80.0),
        Some(SpecError::OutOfRange("size_m"))
    );
    assert_eq!(
        refused(&|s| s.position_m[2] = f64::INFINITY),
        Some(SpecError::OutOfRange("position_m"))
    );
    assert_eq!(
        refused(&|s| s.yaw_deg = f64::NAN),
        Some(SpecError::OutOfRange("yaw_deg"))
    );
}

#[test]
fn a_print_is_rebuilt_from_its_picture_and_told_when_that_is_gone() {
    let spec = PlacementSpec {
        id: "print-1".into(),
        kind: Kind::Art,
        option: 4,
        style: Style::Modern,
        palette: palettes(Style::Modern)[0].name.into(),
        seed: 1,
        tint: None,
        position_m: [0.0, 0.2, 3.0],
        yaw_deg: 0.0,
        size_m: [0.5, 0.7, 0.025],
        support: Support::Wall {
            wall: crate::room::Surface::Back,
        },
        asset: None,
        print: Some(Print {
            original_id: None,
            artwork: Some("a1".into()),
            frame: Frame::Oak,
            mat: true,
            aspect: Some(1.0),
        }),
    };
    let ink = Arc::new(Ink::opaque(&::image::RgbImage::new(4, 4)).expect("it has pixels"));
    let placed = rebuild(&spec, &Wall(Some(ink))).expect("it is built");
    assert_eq!(placed.spec(), Some(spec.clone()));
    assert_eq!(placed.piece.size, Vec3::from_array(spec.size_m));
    assert_eq!(
        rebuild(&spec, &Wall(None)).map(|p| p.piece.name).err(),
        Some(SpecError::UnknownPicture("print-1".into()))
    );
    let mut tiny = spec;
    tiny.size_m[0] = 0.05;
    let ink = Arc::new(Ink::opaque(&::image::RgbImage::new(4, 4)).expect("it has pixels"));
    assert_eq!(
        rebuild(&tiny, &Wall(Some(ink))).map(|p| p.piece.name).err(),
        Some(SpecError::OutOfRange("size_m"))
    );
}

/// Has one picture, or none.
struct Wall(Option<Arc<Ink>>);

impl Assets for Wall {
    fn asset(&self, _: &str) -> Option<Arc<Asset>> {
        None
    }

    fn artwork(&self, name: &str) -> Option<Arc<Ink>> {
        self.0.clone().filter(|_| name == "a1")
    }
}
