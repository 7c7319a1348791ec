//! What each room type gets, and the same furniture in several photos.

use super::super::search::layout_distance;
use super::super::space::Space;
use super::*;

fn planned(room: &Room, camera: &Camera, room_type: RoomType, seed: u32) -> Vec<PlacementSpec> {
    let plan = plan(
        room,
        camera,
        &Surroundings::default(),
        Some(room_type),
        Style::Modern,
        seed,
        &Control::default(),
    )
    .expect("a plain room can be furnished");
    plan.placements.iter().filter_map(Placement::spec).collect()
}

#[test]
fn three_plans_differ_in_palette_and_most_in_layout() {
    let (room, camera) = plain_room();
    for room_type in [RoomType::LivingRoom, RoomType::Bedroom, RoomType::Office] {
        let order = Order {
            surroundings: Surroundings::default(),
            room_type: Some(room_type),
            style: Style::Scandinavian,
            seed: 5,
            library: None,
        };
        let all = plans(&room, &camera, &order, &Control::default()).expect("a plain room can be furnished");
        assert_eq!(all.len(), MAX_PLANS);
        let names: Vec<&str> = all.iter().map(|plan| plan.palette).collect();
        assert!(
            names[0] != names[1] && names[0] != names[2] && names[1] != names[2],
            "{names:?}"
        );
        let one = plan_at(1, &room, &camera, &order, &Control::default()).expect("it was there a moment ago");
        let specs = |plan: &Plan| {
            plan.placements
                .iter()
                .filter_map(Placement::spec)
                .collect::<Vec<_>>()
        };
        assert_eq!(specs(&one), specs(&all[1]));
        for plan in &all {
            assert_eq!(check(&room, &camera, &plan.placements), [], "{room_type:?}");
        }
    }
    let space = Space::new(&room, &camera);
    let (_, found) = arranged(&space, Some(RoomType::LivingRoom), Style::Modern, 5)
        .expect("a plain room can be furnished");
    assert!(layout_distance(&found[0].items, &found[1].items) > 0.6);
    assert_eq!(layout_distance(&found[0].items, &found[0].items), 0.0);
}

#[test]
fn a_dining_table_gets_a_lamp_above_where_the_ceiling_is_seen() {
    let (mut room, camera) = plain_room();
    let lamp = |specs: Vec<PlacementSpec>| specs.into_iter().find(|s| s.kind == Kind::PendantLamp);
    let specs = planned(&room, &camera, RoomType::DiningRoom, 2);
    let ids: Vec<&str> = specs.iter().map(|s| s.id.as_str()).collect();
    assert!(
        ids.contains(&"dining_table-1") && ids.contains(&"pendant_lamp-1"),
        "{ids:?}"
    );
    let hung = lamp(specs).expect("it is in the list");
    assert_eq!(hung.support, Support::Ceiling);
    let shade = 1.35 - hung.position_m[1];
    assert!((shade - 1.5).abs() < 0.03, "its lower edge is at {shade:.2} m");
    assert!((shade + f64::from(hung.size_m[1]) - 2.5).abs() < 0.001);
    room.ceiling_seen = false;
    assert!(lamp(planned(&room, &camera, RoomType::DiningRoom, 2)).is_none());
}

#[test]
fn an_entrance_has_a_console_with_something_above_it_at_eye_height() {
    let (room, camera) = plain_room();
    let specs = planned(&room, &camera, RoomType::Entryway, 4);
    let console = specs.iter().find(|s| s.kind == Kind::Console).expect("a console");
    let above = specs
        .iter()
        .filter(|s| matches!(s.kind, Kind::Mirror | Kind::Art))
        .find(|s| {
            let off = [0, 2].map(|axis| s.position_m[axis] - console.position_m[axis]);
            off[0].hypot(off[1]) < 0.25
        })
        .expect("a mirror or picture over its middle");
    let middle = 1.35 - above.position_m[1] + f64::from(above.size_m[1]) * 0.5;
    assert!((1.45..=1.75).contains(&middle), "{middle:.2}");
}

#[test]
fn wet_rooms_and_terraces_get_what_belongs_there_only() {
    let (room, camera) = plain_room();
    let kinds = |room_type: RoomType| -> Vec<Kind> {
        let specs = planned(&room, &camera, room_type, 3);
        specs.iter().map(|s| s.kind).collect()
    };
    let bath = kinds(RoomType::Bathroom);
    assert!(bath.contains(&Kind::BathMat) && bath.len() >= 3, "{bath:?}");
    let fitted_or_for_living = [
        Kind::Sofa,
        Kind::Bed,
        Kind::DiningTable,
        Kind::Bookcase,
        Kind::Art,
    ];
    assert!(bath.iter().all(|k| !fitted_or_for_living.contains(k)), "{bath:?}");
    let kitchen = kinds(RoomType::Kitchen);
    assert!(kitchen.contains(&Kind::DiningChair), "{kitchen:?}");
    assert!(
        !kitchen.contains(&Kind::Sideboard) && !kitchen.contains(&Kind::Sofa),
        "{kitchen:?}"
    );
    let terrace = kinds(RoomType::Outdoor);
    assert!(
        terrace.contains(&Kind::OutdoorSofa) && terrace.contains(&Kind::Planter),
        "{terrace:?}"
    );
    assert!(
        terrace
            .iter()
            .all(|k| !matches!(k, Kind::Art | Kind::Curtain | Kind::Mirror)),
        "{terrace:?}"
    );
}

#[test]
fn a_second_photo_of_a_room_shows_the_same_pieces() {
    let (room, first) = plain_room();
    let one = plan(
        &room,
        &first,
        &Surroundings::default(),
        Some(RoomType::LivingRoom),
        Style::Traditional,
        9,
        &Control::default(),
    )
    .expect("a plain room can be furnished");
    let list = Furniture::of(one.room_type, &one.placements).expect("it has pieces");
    let text = serde_json::to_string(&list).expect("a list is plain data");
    assert_eq!(
        serde_json::from_str::<Furniture>(&text).expect("what was written is read"),
        list
    );

    let mut room = room;
    let second = camera(1500, 1000, 76.0, 18.0, 8.0);
    room.floor_polygon = visible_floor(&room, &second);
    let again = plan_with(&list, None, &room, &second, 1, &Control::default()).expect("the room is as large");
    assert_eq!((again.room_type, again.palette), (one.room_type, one.palette));
    assert!(again.placements.iter().any(|p| p.piece.kind == Kind::Sofa));
    assert!(
        2 * again.placements.len() > one.placements.len(),
        "most pieces are there"
    );
    // Every piece is one of the list, none is there more often.
    let mut left: Vec<(Kind, u8, u32)> = list.pieces.iter().map(|p| (p.kind, p.option, p.seed)).collect();
    for spec in again.placements.iter().filter_map(Placement::spec) {
        let known = left
            .iter()
            .position(|p| *p == (spec.kind, spec.option, spec.seed));
        left.remove(known.unwrap_or_else(|| panic!("{} is not of the list", spec.id)));
    }
    assert_eq!(check(&room, &second, &again.placements), []);
    let once_more = plan_with(&list, None, &room, &second, 1, &Control::default()).expect("as before");
    let specs = |plan: &Plan| {
        plan.placements
            .iter()
            .filter_map(Placement::spec)
            .collect::<Vec<_>>()
    };
    assert_eq!(specs(&once_more), specs(&again));
}
