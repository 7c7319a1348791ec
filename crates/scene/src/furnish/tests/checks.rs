//! The published check: planted mistakes are named, with how far they go.

use super::*;

fn sofa(x: f64, z: f64) -> PlacementSpec {
    PlacementSpec {
        id: "sofa-1".to_owned(),
        kind: Kind::Sofa,
        option: 2,
        style: Style::Modern,
        palette: "stone and black".to_owned(),
        seed: 1,
        tint: None,
        position_m: [x, 1.35, z],
        yaw_deg: 0.0,
        size_m: [1.68, 0.8, 0.92],
        support: Support::Floor,
        asset: None,
        print: None,
    }
}

fn found(room: &Room, camera: &Camera, specs: &[PlacementSpec]) -> Vec<Violation> {
    let placements: Vec<Placement> = specs
        .iter()
        .map(|spec| rebuild(spec, &no_assets).expect("a piece of the catalogue"))
        .collect();
    check(room, camera, &placements)
}

/// The amount of the only violation.
fn only(found: &[Violation], kind: ViolationKind) -> f64 {
    assert_eq!(
        found.iter().map(|v| v.kind).collect::<Vec<_>>(),
        [kind],
        "{found:?}"
    );
    found[0].amount_mm
}

#[test]
fn a_sofa_at_the_wall_breaks_nothing_and_planted_mistakes_are_measured() {
    let (room, camera) = plain_room();
    assert_eq!(found(&room, &camera, &[sofa(0.0, 4.12)]), []);
    let through_the_wall = found(&room, &camera, &[sofa(0.0, 4.34)]);
    assert!((only(&through_the_wall, ViolationKind::OffFloor) - 200.0).abs() < 1.0);
    let twice = found(&room, &camera, &[sofa(-0.2, 4.12), sofa(0.2, 3.30)]);
    assert!(
        (only(&twice, ViolationKind::Overlap) - 100.0).abs() < 1.0,
        "{twice:?}"
    );
    assert_eq!(twice[0].items, [0, 1]);
    let mut hovering = sofa(0.0, 4.12);
    hovering.position_m[1] = 1.25;
    assert!((only(&found(&room, &camera, &[hovering]), ViolationKind::Floating) - 100.0).abs() < 1.0);
    let mut huge = sofa(0.0, 4.12);
    huge.size_m = [1.68, 1.9, 0.92];
    assert!(only(&found(&room, &camera, &[huge]), ViolationKind::WrongSize) > 400.0);
    let near = found(&room, &camera, &[sofa(0.0, 1.5)]);
    let too_near = near.iter().find(|v| v.kind == ViolationKind::NearCamera);
    assert!(
        too_near.is_some_and(|v| (v.amount_mm - 160.0).abs() < 1.0),
        "{near:?}"
    );
}

#[test]
fn doors_stay_free_and_reachable_and_windows_seen() {
    let (mut room, camera) = plain_room();
    room.openings.push(Opening {
        wall: Surface::Back,
        kind: OpeningKind::Door,
        u: (-0.4, 0.45),
        heights: (0.0, 2.03),
    });
    let kinds = |found: Vec<Violation>| found.into_iter().map(|v| v.kind).collect::<Vec<_>>();
    let before_it = kinds(found(&room, &camera, &[sofa(0.0, 4.12)]));
    assert!(before_it.contains(&ViolationKind::BlocksOpening), "{before_it:?}");
    // Two sofas across the room leave no way to the door.
    let across = [sofa(-1.3, 2.6), sofa(0.5, 2.6), sofa(1.35, 3.6)];
    assert!(kinds(found(&room, &camera, &across)).contains(&ViolationKind::NoWalkway));
    assert_eq!(kinds(found(&room, &camera, &across[..1])), []);
    room.openings[0].kind = OpeningKind::Window;
    room.openings[0].heights = (0.4, 1.1);
    assert!(kinds(found(&room, &camera, &[sofa(0.0, 4.12)])).contains(&ViolationKind::CoversWindow));
    room.openings[0].heights = (0.9, 2.1);
    assert_eq!(kinds(found(&room, &camera, &[sofa(0.0, 4.12)])), []);
}

#[test]
fn what_stands_on_a_table_is_carried_by_it() {
    let (room, camera) = plain_room();
    let piece = |kind: Kind, y: f64, size_m: [f32; 3], support: Support| PlacementSpec {
        id: format!("{kind:?}"),
        kind,
        option: 1,
        position_m: [1.2, y, 4.0],
        size_m,
        support,
        ..sofa(0.0, 0.0)
    };
    let table = piece(Kind::SideTable, 1.35, [0.45, 0.55, 0.45], Support::Floor);
    let on_it = Support::Item { id: table.id.clone() };
    let lamp = |y: f64| piece(Kind::TableLamp, y, [0.30, 0.50, 0.30], on_it.clone());
    assert_eq!(found(&room, &camera, &[table.clone(), lamp(0.80)]), []);
    let above = found(&room, &camera, &[table, lamp(0.70)]);
    assert!((only(&above, ViolationKind::Floating) - 100.0).abs() < 1.0);
}

#[test]
fn a_table_may_stand_in_the_nook_of_a_corner_sofa_but_not_in_its_seats() {
    let (room, camera) = plain_room();
    let corner = PlacementSpec {
        option: 7,
        size_m: [2.46, 0.80, 1.76],
        ..sofa(0.4, 3.70)
    };
    let table = |x: f64, z: f64| PlacementSpec {
        id: "coffee_table-1".to_owned(),
        kind: Kind::CoffeeTable,
        option: 1,
        size_m: [0.95, 0.70, 0.55],
        ..sofa(x, z)
    };
    assert_eq!(found(&room, &camera, &[corner.clone(), table(-0.1, 3.10)]), []);
    let into = found(&room, &camera, &[corner, table(1.0, 3.10)]);
    assert!(only(&into, ViolationKind::Overlap) > 100.0);
}
