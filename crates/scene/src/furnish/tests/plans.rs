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

#[test]
fn no_two_seeds_furnish_a_room_alike() {
    let (room, camera) = plain_room();
    let space = super::super::space::Space::new(&room, &camera);
    for room_type in [RoomType::LivingRoom, RoomType::Bedroom, RoomType::DiningRoom] {
        let lists: Vec<Vec<String>> = (0..10u32)
            .into_par_iter()
            .map(|seed| {
                let (_, found) = arranged(&space, Some(room_type), Style::Modern, seed)
                    .expect("a plain room can be furnished");
                let mut list: Vec<String> = found[0]
                    .items
                    .iter()
                    .map(|item| {
                        format!(
                            "{:?} {} {}",
                            item.design.kind, item.design.option, item.design.size
                        )
                    })
                    .collect();
                list.sort();
                list
            })
            .collect();
        for (i, a) in lists.iter().enumerate() {
            for (k, b) in lists.iter().enumerate().skip(i + 1) {
                assert!(
                    a != b,
                    "{room_type:?}: seeds {i} and {k} choose the same pieces: {a:?}"
                );
            }
        }
    }
}

#[test]
fn large_rooms_are_not_bare_and_small_ones_not_crammed() {
    let furnished = |width: f64, back: f64| -> Vec<f64> {
        let (mut room, _) = plain_room();
        room.left = Some(-width * 0.5);
        room.right = Some(width * 0.5);
        room.back = Some(back);
        let camera = camera(1500, 1000, 84.0, 0.0, 7.0);
        room.floor_polygon = visible_floor(&room, &camera);
        let space = super::super::space::Space::new(&room, &camera);
        (0..4u32)
            .into_par_iter()
            .map(|seed| {
                let (_, found) = arranged(&space, Some(RoomType::LivingRoom), Style::Modern, seed)
                    .expect("a plain room can be furnished");
                let solid = found[0].items.iter().filter(|item| item.is_solid());
                solid.map(|item| item.width() * item.depth()).sum::<f64>() / (width * back)
            })
            .collect()
    };
    let large = furnished(6.4, 6.6);
    assert!(large.iter().all(|share| *share > 0.10), "bare: {large:.2?}");
    let small = furnished(3.0, 3.6);
    assert!(small.iter().all(|share| *share < 0.45), "crammed: {small:.2?}");
}

#[test]
fn a_window_gets_a_pair_of_curtains_on_a_rod_longer_than_it_is() {
    let (mut room, camera) = plain_room();
    room.openings.push(Opening {
        wall: Surface::Back,
        kind: OpeningKind::Window,
        u: (-0.7, 0.7),
        heights: (0.9, 2.1),
    });
    let space = super::super::space::Space::new(&room, &camera);
    let (_, found) =
        arranged(&space, Some(RoomType::Bedroom), Style::Modern, 2).expect("a plain room can be furnished");
    let curtains: Vec<_> = found[0]
        .items
        .iter()
        .filter(|item| item.design.kind == Kind::Curtain)
        .collect();
    let [pair] = curtains[..] else {
        panic!("{} curtains", curtains.len());
    };
    assert!(pair.width() > 1.8 && pair.x.abs() < 0.01, "{:?}", pair.design);
    let free = pair
        .parts()
        .flatten()
        .map(|p| p.x.abs())
        .fold(f64::INFINITY, f64::min);
    assert!(
        (0.55..0.7).contains(&free),
        "the window is free up to {free} m from its middle"
    );
}
