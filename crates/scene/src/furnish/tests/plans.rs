//! Whole plans.

use super::*;

#[test]
fn a_plain_living_room_gets_sofa_table_and_rug_facing_the_viewer() {
    let (room, camera) = plain_room();
    for style in STYLES {
        let plan = plan(
            &room,
            &camera,
            &Surroundings::default(),
            Some(RoomType::LivingRoom),
            style,
            7,
            &Control::default(),
        )
        .expect("a plain room can be furnished");
        let has = |kind: Kind| plan.placements.iter().any(|p| p.piece.kind == kind);
        assert!(
            has(Kind::Sofa) && has(Kind::CoffeeTable) && has(Kind::Rug),
            "{style:?}: {:?}",
            plan.placements.iter().map(|p| &p.piece.name).collect::<Vec<_>>()
        );
        let sofa = plan
            .placements
            .iter()
            .find(|p| p.piece.kind == Kind::Sofa)
            .expect("checked above");
        let front = DVec2::new(sofa.yaw_deg.to_radians().sin(), -sofa.yaw_deg.to_radians().cos());
        let to_camera = -DVec2::new(sofa.position.x, sofa.position.z).normalize();
        assert!(front.dot(to_camera) > 0.0, "{style:?}: the sofa shows its back");
    }
}

#[test]
fn the_same_seed_plans_the_same_and_another_seed_differs() {
    let (room, camera) = plain_room();
    let at = |seed: u32| {
        let plan = plan(
            &room,
            &camera,
            &Surroundings::default(),
            None,
            Style::Scandinavian,
            seed,
            &Control::default(),
        )
        .expect("a plain room can be furnished");
        plan.placements
            .iter()
            .map(|p| (p.piece.name.clone(), p.position, p.piece.mesh.positions.clone()))
            .collect::<Vec<_>>()
    };
    assert!(at(5) == at(5));
    assert!(at(5) != at(6));
}

#[test]
fn a_canceled_control_stops_the_planner() {
    let (room, camera) = plain_room();
    let control = Control::default();
    control.cancel();
    let result = plan(
        &room,
        &camera,
        &Surroundings::default(),
        None,
        Style::Modern,
        1,
        &control,
    );
    assert_eq!(result.map(|p| p.score).err(), Some(StageError::Canceled));
}

#[test]
fn a_fireplace_makes_a_living_room() {
    let (mut room, camera) = plain_room();
    room.openings.push(Opening {
        wall: Surface::Back,
        kind: OpeningKind::Fireplace,
        u: (-0.6, 0.6),
        heights: (0.0, 1.1),
    });
    let decided = plan(
        &room,
        &camera,
        &Surroundings::default(),
        None,
        Style::Modern,
        1,
        &Control::default(),
    )
    .expect("there is room beside the fireplace");
    assert_eq!(decided.room_type, RoomType::LivingRoom);
}

#[test]
fn no_floor_at_all_is_an_error_not_an_empty_room() {
    let (mut room, camera) = plain_room();
    room.back = Some(0.9);
    room.floor_polygon = visible_floor(&room, &camera);
    let result = plan(
        &room,
        &camera,
        &Surroundings::default(),
        Some(RoomType::Bedroom),
        Style::Modern,
        1,
        &Control::default(),
    );
    assert_eq!(
        result.map(|p| p.placements.len()),
        Err(StageError::NoFloorVisible)
    );
}
