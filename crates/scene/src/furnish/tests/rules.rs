//! Every hard rule, judged anew and by the planner's own check, over many rooms.

use std::collections::HashMap;

use super::super::check::{is_main, violations};
use super::super::item::Item;
use super::super::polygon::{contains, distance_to, separation};
use super::super::rules::{CAMERA_CLEAR, MAX_SHARE, TUCK, hangs};
use super::super::space::{Space, is_passage};
use super::super::walk::is_walkable;
use super::*;

const TYPES: u64 = SUPPORTED.len() as u64;

/// Checks every hard rule anew, from footprints and projections rather than through the planner's own judgement.
fn judged(room: &Room, camera: &Camera, items: &[Item]) -> Vec<String> {
    let space = Space::new(room, camera);
    let mut wrong = Vec::new();
    let (left, right, back) = room.extent();
    for (i, item) in items.iter().enumerate() {
        let kind = item.design.kind;
        let footprint = item.ground();
        let is_hung = hangs(&item.design);
        for p in footprint {
            let inside = p.x >= left - 1e-6 && p.x <= right + 1e-6 && p.y <= back + 1e-6 && p.y > 0.0;
            if !inside {
                wrong.push(format!("{kind:?} sticks out of the room at {p}"));
            }
            // Sides that are not known: only visible floor counts.
            if item.on_floor() && (room.left.is_none() || room.right.is_none() || room.back.is_none()) {
                let floor = DVec3::new(p.x, room.camera_height, p.y);
                if let Some((pixel, _)) = camera.project(floor) {
                    let (w, h) = (f64::from(camera.width), f64::from(camera.height));
                    let in_frame = pixel.x > 0.0 && pixel.y > 0.0 && pixel.x < w && pixel.y < h;
                    let beyond = pixel.x <= 0.0 && room.left.is_none() && pixel.y < h
                        || pixel.x >= w && room.right.is_none() && pixel.y < h;
                    if beyond {
                        wrong.push(format!("{kind:?} stands on floor nobody saw at {p}"));
                    }
                    if in_frame
                        && !contains(&room.floor_polygon, pixel)
                        && distance_to(&room.floor_polygon, pixel) > 0.016 * w
                    {
                        wrong.push(format!("{kind:?} is off the visible floor at {pixel}"));
                    }
                }
            }
        }
        if item.view.share > MAX_SHARE {
            wrong.push(format!("{kind:?} covers {:.2} of the picture", item.view.share));
        }
        if item.lift + item.height() > room.ceiling_height + 1e-6 {
            wrong.push(format!("{kind:?} pierces the ceiling"));
        }
        if item.on_floor() && !item.is_flat() {
            let near = distance_to(&footprint, DVec2::ZERO);
            let large = item.height() > 0.9 || item.width() > 0.95;
            if large && near < CAMERA_CLEAR - 0.001 {
                wrong.push(format!("{kind:?} is {near:.2} m from the camera"));
            }
        }
        for opening in &room.openings {
            let along = |p: &DVec2| if opening.wall == Surface::Back { p.x } else { p.y };
            let (low, high) = footprint
                .iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), p| {
                    (l.min(along(p)), h.max(along(p)))
                });
            let from_wall = footprint
                .iter()
                .map(|p| match opening.wall {
                    Surface::Left => p.x - left,
                    Surface::Right => right - p.x,
                    _ => back - p.y,
                })
                .fold(f64::INFINITY, f64::min);
            let beside = high < opening.u.0 + 0.031 || low > opening.u.1 - 0.031;
            if item.is_solid() && is_passage(opening) {
                // Axis-aligned bounds are stricter than the footprint; turned pieces are judged by the exact one.
                let zone = space
                    .keep_clear
                    .iter()
                    .any(|zone| separation(zone, &footprint) < -0.001);
                if zone {
                    wrong.push(format!("{kind:?} blocks a {:?}", opening.kind));
                }
            } else if item.on_floor()
                && kind != Kind::Curtain
                && !item.is_flat()
                && opening.kind == OpeningKind::Window
                && item.yaw.rem_euclid(90.0) == 0.0
                && from_wall < 0.5
                && !beside
                && item.body_height() > opening.heights.0.midpoint(opening.heights.1)
            {
                wrong.push(format!("{kind:?} hides a window"));
            }
            if is_hung && space.wall_of(item) == Some(opening.wall) {
                let up = item.lift > opening.heights.1 || item.lift + item.height() < opening.heights.0;
                if !beside && !up {
                    wrong.push(format!("{kind:?} hangs over a {:?}", opening.kind));
                }
            }
        }
        if is_hung {
            let eye = item.lift + item.height() * 0.5;
            let is_picture = matches!(kind, Kind::Art | Kind::Mirror);
            if is_picture && !(1.40..=1.76).contains(&eye) {
                wrong.push(format!("{kind:?} hangs at {eye:.2} m"));
            }
            let gap = footprint
                .iter()
                .map(|p| {
                    (p.x - left)
                        .abs()
                        .min((right - p.x).abs())
                        .min((back - p.y).abs())
                })
                .fold(f64::INFINITY, f64::min);
            if gap > 0.02 {
                wrong.push(format!("{kind:?} hovers {gap:.3} m before the wall"));
            }
        }
        for other in &items[i + 1..] {
            let pair = (kind, other.design.kind);
            if item.is_flat() || other.is_flat() || !item.meets_vertically(other) {
                continue;
            }
            let tucked = matches!(
                pair,
                (Kind::DiningTable, Kind::DiningChair)
                    | (Kind::DiningChair, Kind::DiningTable)
                    | (Kind::Desk, Kind::OfficeChair)
                    | (Kind::OfficeChair, Kind::Desk)
                    | (Kind::OutdoorChair, Kind::OutdoorTable)
                    | (Kind::OutdoorTable, Kind::OutdoorChair)
            );
            let things = |item: &Item| item.lift > 0.01 && !hangs(&item.design);
            let limit = if tucked { -TUCK } else { 0.0 };
            let gap = item.apart(other);
            if gap < limit && !(things(item) && things(other)) {
                wrong.push(format!("{:?} and {:?} overlap by {:.3} m", pair.0, pair.1, -gap));
            }
        }
    }
    if !is_walkable(&space, items.iter()) {
        wrong.push("a door cannot be reached".to_string());
    }
    wrong
}

#[test]
fn every_plan_of_many_random_rooms_keeps_the_hard_rules() {
    assert_sound(0..24);
}

#[test]
#[ignore = "minutes of processor time: run by hand after work on the planner"]
fn every_plan_of_two_hundred_random_rooms_keeps_the_hard_rules() {
    assert_sound(2000..2200);
}

/// Plans every room type in each of the rooms and judges all plans.
fn assert_sound(rooms: std::ops::Range<u64>) {
    let failures: Vec<String> = (rooms.start * TYPES..rooms.end * TYPES)
        .into_par_iter()
        .flat_map_iter(|k| {
            let (room, camera) = random_room(k / TYPES);
            let room_type = SUPPORTED[(k % TYPES) as usize];
            let style = STYLES[(k / TYPES % 5) as usize];
            let space = Space::new(&room, &camera);
            let result = arranged(&space, Some(room_type), style, k as u32 + 1);
            let mut wrong = match result {
                Ok((_, found)) => found
                    .iter()
                    .flat_map(|arrangement| {
                        let checked = violations(&space, &arrangement.items);
                        let named = checked.into_iter().map(|v| format!("checked: {v:?}"));
                        let mut wrong = judged(&room, &camera, &arrangement.items);
                        wrong.extend(named);
                        wrong
                    })
                    .collect(),
                Err(StageError::NoFloorVisible) => Vec::new(),
                Err(other) => vec![other.to_string()],
            };
            wrong
                .iter_mut()
                .for_each(|w| *w = format!("room {} {room_type:?} {style:?}: {w}", k / TYPES));
            wrong
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} broken rules, such as\n{}",
        failures.len(),
        failures[..failures.len().min(12)].join("\n")
    );
}

#[test]
fn most_rooms_get_their_main_piece() {
    let mut with_main: HashMap<RoomType, usize> = HashMap::new();
    let found: Vec<(RoomType, bool)> = (0..12 * TYPES)
        .into_par_iter()
        .map(|k| {
            let (room, camera) = random_room(1000 + k / TYPES);
            let room_type = SUPPORTED[(k % TYPES) as usize];
            let space = Space::new(&room, &camera);
            let style = STYLES[(k % 5) as usize];
            let found = arranged(&space, Some(room_type), style, 3);
            let main = found.is_ok_and(|(_, found)| found[0].items.iter().any(|i| is_main(i.design.kind)));
            (room_type, main)
        })
        .collect();
    for (room_type, main) in found {
        *with_main.entry(room_type).or_default() += usize::from(main);
    }
    // A third of these rooms have no visible side walls, or doors on all of them, or hardly two metres of floor.
    use RoomType::{Bedroom, DiningRoom, Entryway, LivingRoom, Office, Outdoor};
    for room_type in [LivingRoom, Bedroom, DiningRoom, Office, Entryway, Outdoor] {
        assert!(
            with_main[&room_type] >= 8,
            "{room_type:?}: only {} of 12 rooms have their main piece",
            with_main[&room_type]
        );
    }
}
