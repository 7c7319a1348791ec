//! What hangs on walls and stands on the floor, carried from one reading of a photo to another: it stays where it is in
//! the picture, and its metres follow.

use vitrine_scene::camera::Camera;
use vitrine_scene::geometry::{DVec2, DVec3};
use vitrine_scene::room::{Obstacle, Opening, Room, Surface};

/// Openings narrower or lower than this after the move are gone, metres.
const LEAST: f64 = 0.05;

/// `room` with the openings and obstacles that `before` has, as seen by `camera`.
pub fn carry((old_camera, before): (&Camera, &Room), camera: &Camera, room: Room) -> Room {
    let openings = before.openings.iter().filter_map(|opening| {
        carry_opening(
            &before.opening_polygon(old_camera, opening),
            opening,
            camera,
            &room,
        )
    });
    let obstacles = before.obstacles.iter().map(|obstacle| Obstacle {
        polygon_px: obstacle.polygon_px.clone(),
        footprint: obstacle.footprint.as_ref().and_then(|outline| {
            let moved: Option<Vec<DVec2>> = outline
                .iter()
                .map(|at| {
                    let (pixel, _) = old_camera.project(DVec3::new(at.x, before.camera_height, at.y))?;
                    let point = on_plane(camera.ray(pixel), DVec3::Y, room.camera_height)?;
                    Some(DVec2::new(point.x, point.z))
                })
                .collect();
            moved
        }),
    });
    let (openings, obstacles) = (openings.collect(), obstacles.collect());
    Room {
        openings,
        obstacles,
        ..room
    }
}

/// Where a ray from the camera meets the plane `axis · p = offset`.
fn on_plane(ray: DVec3, axis: DVec3, offset: f64) -> Option<DVec3> {
    let t = offset / ray.dot(axis);
    (t.is_finite() && t > 1e-6).then(|| ray * t)
}

fn carry_opening(outline: &[DVec2], opening: &Opening, camera: &Camera, room: &Room) -> Option<Opening> {
    let (axis, offset) = match opening.wall {
        Surface::Left => (DVec3::X, room.left?),
        Surface::Right => (DVec3::X, room.right?),
        Surface::Back => (DVec3::Z, room.back?),
        Surface::Floor | Surface::Ceiling => return None,
    };
    // Upper left, upper right, lower right, lower left, as `opening_polygon` lists them.
    let &[a, b, c, d] = outline else {
        return None;
    };
    let place = |pixel: DVec2| {
        let point = on_plane(camera.ray(pixel), axis, offset)?;
        let along = if opening.wall == Surface::Back {
            point.x
        } else {
            point.z
        };
        Some((along, room.camera_height - point.y))
    };
    let [a, b, c, d] = [place(a)?, place(b)?, place(c)?, place(d)?];
    let mean = |p: f64, q: f64| (p + q) / 2.0;
    let ends = (mean(a.0, d.0), mean(b.0, c.0));
    let low = mean(c.1, d.1).clamp(0.0, room.ceiling_height);
    let high = mean(a.1, b.1).clamp(0.0, room.ceiling_height);
    let u = (ends.0.min(ends.1), ends.0.max(ends.1));
    (u.1 - u.0 > LEAST && high - low > LEAST).then_some(Opening {
        u,
        heights: (low, high),
        ..opening.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use vitrine_scene::camera::CameraSource;
    use vitrine_scene::document::{SceneDocument, Wish};
    use vitrine_scene::furnish::Style;
    use vitrine_scene::room::OpeningKind;

    #[test]
    fn a_window_stays_where_it_is_in_the_picture() {
        let wish = Wish {
            room_type: None,
            style: Style::Modern,
            seed: 1,
        };
        let scene = SceneDocument::assumed(800, 600, wish);
        let camera = scene.camera.camera(800, 600);
        let mut room = scene.room.room();
        room.openings = vec![Opening {
            wall: Surface::Left,
            kind: OpeningKind::Window,
            u: (2.0, 3.0),
            heights: (0.9, 2.1),
        }];
        room.obstacles = vec![Obstacle {
            polygon_px: vec![
                DVec2::new(400.0, 300.0),
                DVec2::new(450.0, 300.0),
                DVec2::new(420.0, 400.0),
            ],
            footprint: Some(vec![
                DVec2::new(0.1, 3.0),
                DVec2::new(0.4, 3.0),
                DVec2::new(0.4, 3.3),
            ]),
        }];
        // The same picture read as a room half as large again: metres grow, pixels stay.
        let larger = Room {
            camera_height: 1.5 * room.camera_height,
            ceiling_height: 1.5 * room.ceiling_height,
            left: room.left.map(|x| 1.5 * x),
            right: room.right.map(|x| 1.5 * x),
            back: room.back.map(|z| 1.5 * z),
            openings: Vec::new(),
            obstacles: Vec::new(),
            ..room.clone()
        };
        let user = Camera {
            source: CameraSource::User,
            ..camera.clone()
        };
        let moved = carry((&camera, &room), &user, larger);
        let window = &moved.openings[0];
        let near =
            |value: f64, wanted: f64| assert!((value - wanted).abs() < 1e-6, "{value} is not {wanted}");
        near(window.u.0, 3.0);
        near(window.u.1, 4.5);
        near(window.heights.0, 1.35);
        near(window.heights.1, 3.15);
        let foot = moved.obstacles[0]
            .footprint
            .as_ref()
            .expect("it stands on the floor");
        near(foot[2].x, 0.6);
        near(foot[2].y, 4.95);
        assert_eq!(moved.obstacles[0].polygon_px, room.obstacles[0].polygon_px);
    }
}
