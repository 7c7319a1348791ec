//! What the engine saw and did, as JSON in the field names of the contract. Pixels are those of the upright photo.

use glam::DVec2;
use serde_json::{Value, json};

use crate::camera::Camera;
use crate::furnish::Placement;
use crate::model::import::Credit;
use crate::room::Room;
use crate::{Analysis, Staged};

/// Camera, layout, confidence and refusal of an analysis.
pub fn analysis(analysis: &Analysis) -> Value {
    let Analysis {
        camera,
        room,
        refusal,
        camera_ms,
        room_ms,
    } = analysis;
    json!({
        "width": camera.width,
        "height": camera.height,
        "camera": camera_of(camera),
        "layout": layout_of(camera, room),
        "confidence": round(f64::from(room.confidence), 3),
        "refusal": refusal.as_ref().map(|error| json!({ "code": error.code(), "message": error.to_string() })),
        "timings_ms": { "camera": camera_ms, "room": room_ms },
    })
}

/// The same plus furniture, seed and all timings.
pub fn staged(staged: &Staged, seed: u32) -> Value {
    let mut report = analysis(&staged.analysis);
    let timings: serde_json::Map<String, Value> = staged
        .timings_ms
        .iter()
        .map(|(step, ms)| ((*step).to_owned(), json!(ms)))
        .collect();
    report["room_type"] = json!(staged.room_type);
    report["furniture"] = staged.placements.iter().map(furniture_of).collect();
    if !staged.credits.is_empty() {
        report["credits"] = staged.credits.iter().map(Credit::line).collect();
    }
    report["seed"] = json!(seed);
    if let (Some(all), Value::Object(more)) = (report["timings_ms"].as_object_mut(), Value::Object(timings)) {
        all.extend(more);
    }
    report
}

fn camera_of(camera: &Camera) -> Value {
    let up = camera.up_in_camera();
    json!({
        "model": if camera.distortion == 0.0 { "pinhole" } else { "division" },
        "k1": round(camera.distortion, 6),
        "fx": round(camera.focal, 3),
        "fy": round(camera.focal, 3),
        "cx": round(camera.center.x, 3),
        "cy": round(camera.center.y, 3),
        "up_in_camera": [round(up.x, 6), round(up.y, 6), round(up.z, 6)],
        "source": camera.source,
    })
}

fn layout_of(camera: &Camera, room: &Room) -> Value {
    let (left, right, back) = room.extent();
    let width = match (room.left, room.right) {
        (Some(_), Some(_)) => Some(round(right - left, 3)),
        _ => None,
    };
    let openings: Vec<Value> = room
        .openings
        .iter()
        .map(|opening| json!({ "kind": opening.kind, "polygon_px": points(&room.opening_polygon(camera, opening)) }))
        .collect();
    json!({
        "floor_polygon_px": points(&room.floor_polygon),
        "box_room": true,
        "room_m": {
            "width": width,
            "depth": room.back.map(|_| round(back, 3)),
            "height": round(room.ceiling_height, 3),
        },
        "camera_height_m": round(room.camera_height, 3),
        "scale_source": room.scale_source,
        "scale_sigma": round(room.scale_sigma, 3),
        "openings": openings,
    })
}

fn furniture_of(placement: &Placement) -> Value {
    let Placement {
        piece,
        position,
        yaw_deg,
        ..
    } = placement;
    json!({
        "kind": piece.kind,
        "name": piece.name,
        "position_m": [round(position.x, 3), round(position.y, 3), round(position.z, 3)],
        "yaw_deg": round(*yaw_deg, 2),
        "size_m": [round(f64::from(piece.size.x), 3), round(f64::from(piece.size.y), 3), round(f64::from(piece.size.z), 3)],
    })
}

fn points(polygon: &[DVec2]) -> Vec<[f64; 2]> {
    polygon
        .iter()
        .map(|point| [round(point.x, 1), round(point.y, 1)])
        .collect()
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (value * scale).round() / scale
}
