//! Placements as data.

use super::*;
use crate::model::Material;

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
