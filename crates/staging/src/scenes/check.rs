//! Which scenes can be rendered: numbers a room may have, pieces the catalogue knows, places inside the box.

use vitrine_kernel::Result;
use vitrine_platform::web::Fields;
use vitrine_scene::camera::CameraSource;
use vitrine_scene::document::{CameraDocument, FurnitureDocument, RoomDocument, SceneDocument, color_value};
use vitrine_scene::furnish::{Assets as _, Kind, MAX_PLANS};
use vitrine_scene::geometry::{DMat3, DVec3, Vec2};
use vitrine_scene::model::framed_print::{DEPTHS, FramedPrint, SIDES as SIDES_OF_PRINTS};
use vitrine_scene::model::{forms, palettes};
use vitrine_scene::room::{Room, Surface};

use super::model::{SceneChange, Straightened};
use super::prints::Missing;
use crate::furniture::assets::Shelf;
use crate::furniture::model::kind_label;

/// Pieces of one scene.
pub const MOST_PIECES: usize = 60;
const MOST_OPENINGS: usize = 40;
const MOST_CORNERS: usize = 400;
const ID_CHARS: std::ops::RangeInclusive<usize> = 1..=64;
/// A piece may stand this far outside the box: a curtain behind a wall's plane, a photo that shows less than the room.
const SLACK_M: f64 = 0.5;
/// Sides a mesh can be built with.
const SIDES: std::ops::RangeInclusive<f32> = 0.005..=8.0;
/// How much smaller or larger than its design a piece may be made.
const SCALES: std::ops::RangeInclusive<f32> = 0.299..=3.001;

/// The scene after a change. Complaints name the fields of the change.
pub fn changed(
    scene: &SceneDocument,
    (width, height): (u32, u32),
    change: SceneChange,
    assets: &Shelf,
) -> Result<SceneDocument> {
    let mut fields = Fields::new();
    let mut next = scene.clone();
    if let Some(straightened) = change.straightened {
        next = straightened_as(next, straightened, (width, height), &mut fields);
    }
    let is_room_drawn = change.camera.is_some() || change.room.is_some();
    if let Some(mut camera) = change.camera {
        check_camera("camera", &mut camera, (width, height), &mut fields);
        camera.source = CameraSource::User;
        next.camera = camera;
    }
    if let Some(room) = change.room {
        check_room(&room, (width, height), &mut fields);
        next.room = room;
    }
    if is_room_drawn {
        // A person saw it, so there is nothing left to doubt.
        next.room.confidence = 1.0;
    }
    if let Some(redecoration) = change.redecoration {
        next.redecoration = redecoration;
    }
    if let Some(plan) = change.plan {
        fields.check(
            (plan as usize) < MAX_PLANS,
            "plan",
            "out_of_range",
            "A plan is 0, 1 or 2.",
        );
        next.plan = plan;
    }
    match change.furniture {
        Some(furniture) => next.furniture = furniture,
        None => {
            // Pieces keep their height above a floor that moves.
            let sunk = next.room.camera_height_m - scene.room.camera_height_m;
            for piece in &mut next.furniture {
                piece.position_m[1] += sunk;
            }
        }
    }
    if fields.is_empty() {
        check_furniture(&mut next, &scene.furniture, (is_room_drawn, assets), &mut fields);
    }
    fields.finish()?;
    Ok(next)
}

/// The scene in the photo as it was taken, or turned level.
pub fn straightened_as(
    scene: SceneDocument,
    Straightened { mut from }: Straightened,
    (width, height): (u32, u32),
    fields: &mut Fields,
) -> SceneDocument {
    if from == scene.straightened_from {
        return scene;
    }
    if let Some(camera) = &mut from {
        check_camera("straightened.from", camera, (width, height), fields);
    }
    if !fields.is_empty() {
        return scene;
    }
    match scene.clone().seen_from(from, width, height) {
        Some(seen) => seen,
        None => {
            fields.add(
                "straightened.from",
                "invalid",
                "From this camera there is nothing to straighten, or too much.",
            );
            scene
        }
    }
}

fn within(fields: &mut Fields, field: &str, value: f64, low: f64, high: f64) -> bool {
    let fits = value.is_finite() && (low..=high).contains(&value);
    if !fits {
        fields.add(field, "out_of_range", format!("Must be {low} to {high}."));
    }
    fits
}

/// Checks a camera and makes its rotation exact.
fn check_camera(name: &str, camera: &mut CameraDocument, (width, height): (u32, u32), fields: &mut Fields) {
    let at = |field: &str| format!("{name}.{field}");
    let (width, height) = (f64::from(width), f64::from(height));
    let long = width.max(height);
    within(fields, &at("focal_px"), camera.focal_px, 0.1 * long, 20.0 * long);
    within(
        fields,
        &at("center_px[0]"),
        camera.center_px[0],
        -2.0 * width,
        3.0 * width,
    );
    within(
        fields,
        &at("center_px[1]"),
        camera.center_px[1],
        -2.0 * height,
        3.0 * height,
    );
    within(fields, &at("focal_sigma"), camera.focal_sigma, 0.0, 10.0);
    match orthonormal(&camera.rotation) {
        Some(rotation) => camera.rotation = rotation,
        None => fields.add(
            at("rotation"),
            "invalid",
            "Must be a rotation: three unit vectors at right angles, right-handed, row by row.",
        ),
    }
}

/// The rotation nearest to almost one, by Gram and Schmidt; `None` for anything else.
fn orthonormal(rows: &[f64; 9]) -> Option<[f64; 9]> {
    if !rows.iter().all(|value| value.is_finite()) {
        return None;
    }
    let given = DMat3::from_cols_array(rows);
    let x = given.x_axis.normalize_or_zero();
    let y = (given.y_axis - x * x.dot(given.y_axis)).normalize_or_zero();
    let exact = DMat3::from_cols(x, y, x.cross(y));
    let difference = (0..3)
        .map(|i| exact.col(i).distance(given.col(i)))
        .fold(0.0, f64::max);
    (difference < 0.01).then(|| exact.to_cols_array())
}

fn check_room(room: &RoomDocument, (width, height): (u32, u32), fields: &mut Fields) {
    if within(fields, "room.camera_height_m", room.camera_height_m, 0.2, 8.0) {
        let lowest = room.camera_height_m + 0.05;
        within(
            fields,
            "room.ceiling_height_m",
            room.ceiling_height_m,
            lowest,
            20.0,
        );
    }
    if let Some(left) = room.left_m {
        within(fields, "room.left_m", left, -50.0, -0.05);
    }
    if let Some(right) = room.right_m {
        within(fields, "room.right_m", right, 0.05, 50.0);
    }
    if let Some(back) = room.back_m {
        within(fields, "room.back_m", back, 0.2, 80.0);
    }
    within(fields, "room.scale_sigma", room.scale_sigma, 0.0, 10.0);
    within(fields, "room.confidence", f64::from(room.confidence), 0.0, 1.0);
    let reach = 4.0 * f64::from(width.max(height));
    let fits = |point: &[f64; 2]| {
        point
            .iter()
            .all(|value| value.is_finite() && value.abs() <= reach)
    };
    fields.check(
        room.floor_polygon_px.len() <= MOST_CORNERS && room.floor_polygon_px.iter().all(fits),
        "room.floor_polygon_px",
        "invalid",
        "A floor has at most 400 corners in or near the picture.",
    );
    fields.check(
        room.openings.len() <= MOST_OPENINGS,
        "room.openings",
        "length",
        "A room has at most 40 openings.",
    );
    let is_outline =
        |outline: &Vec<[f64; 2]>| (3..=MOST_CORNERS).contains(&outline.len()) && outline.iter().all(fits);
    let are_fine = room.obstacles.iter().all(|obstacle| {
        is_outline(&obstacle.polygon_px) && obstacle.footprint_m.as_ref().is_none_or(is_outline)
    });
    fields.check(
        room.obstacles.len() <= MOST_OPENINGS && are_fine,
        "room.obstacles",
        "invalid",
        "A room has at most 40 obstacles, each with an outline of 3 to 400 corners.",
    );
    for (index, opening) in room.openings.iter().enumerate() {
        let at = |name: &str| format!("room.openings[{index}].{name}");
        fields.check(
            matches!(opening.wall, Surface::Back | Surface::Left | Surface::Right),
            at("wall"),
            "unknown_value",
            "Must be one of: back, left, right.",
        );
        for (name, [low, high]) in [("u_m", opening.u_m), ("heights_m", opening.heights_m)] {
            let fits = low.is_finite() && high.is_finite() && low.abs() <= 100.0 && high.abs() <= 100.0;
            fields.check(
                fits && low < high,
                at(name),
                "invalid",
                "Must be two numbers, the smaller one first.",
            );
        }
    }
}

/// Checks all pieces and gives new ones a name, until the engine that builds them knows a better one.
fn check_furniture(
    scene: &mut SceneDocument,
    before: &[FurnitureDocument],
    (is_room_drawn, assets): (bool, &Shelf),
    fields: &mut Fields,
) {
    fields.check(
        scene.furniture.len() <= MOST_PIECES,
        "furniture",
        "length",
        "A scene has at most 60 pieces.",
    );
    if scene.furniture.len() > MOST_PIECES {
        return;
    }
    let room = scene.room.room();
    let ids: Vec<String> = scene.furniture.iter().map(|piece| piece.id.clone()).collect();
    for (index, piece) in scene.furniture.iter_mut().enumerate() {
        let at = |name: &str| format!("furniture[{index}].{name}");
        fields.check(
            ID_CHARS.contains(&piece.id.chars().count()),
            at("id"),
            "length",
            "An id has 1 to 64 characters.",
        );
        fields.check(
            !ids[..index].contains(&piece.id),
            at("id"),
            "duplicate",
            "Another piece has this id.",
        );
        if piece.print.is_some() {
            hang(piece, assets, &at, fields);
        }
        let asset = piece.asset.as_deref().and_then(|id| assets.asset(id));
        let sizes: Vec<[f32; 3]> = match (&piece.asset, &asset) {
            // Made to measure.
            _ if piece.print.is_some() => vec![piece.size_m],
            (Some(_), Some(asset)) => vec![asset.header.size_m],
            (Some(_), None) => Vec::new(),
            (None, _) => forms(piece.kind, piece.style)
                .into_iter()
                .filter(|design| design.option == piece.option)
                .map(|design| design.size.to_array())
                .collect(),
        };
        let (unknown, reason) = match &piece.asset {
            Some(_) => (
                "asset",
                "The catalogue has no such imported piece; see /furniture.",
            ),
            None => (
                "option",
                "The catalogue has no such form of this kind; see /furniture.",
            ),
        };
        fields.check(!sizes.is_empty(), at(unknown), "unknown_value", reason);
        if let Some(asset) = &asset {
            piece.kind = asset.header.kind;
        }
        // What stood there before may stay, wherever the engine put it and however large it made it.
        let old = before
            .iter()
            .find(|old| old.id == piece.id && old.kind == piece.kind);
        let has_old_size = old.is_some_and(|old| old.size_m == piece.size_m);
        let has_old_place = !is_room_drawn && old.is_some_and(|old| old.position_m == piece.position_m);
        let is_fit = |size: [f32; 3]| (0..3).all(|axis| SCALES.contains(&(piece.size_m[axis] / size[axis])));
        let is_sane = piece.size_m.iter().all(|side| SIDES.contains(side));
        fields.check(
            has_old_size || sizes.is_empty() || is_sane && sizes.iter().any(|size| is_fit(*size)),
            at("size_m"),
            "out_of_range",
            "A piece is 0.3 to 3 times as wide, high and deep as its design, and at most 8 m.",
        );
        let has_old_palette = old.is_some_and(|old| old.palette == piece.palette && old.style == piece.style);
        let known = palettes(piece.style);
        fields.check(
            asset.is_some()
                || has_old_palette
                || piece
                    .palette
                    .as_deref()
                    .is_none_or(|name| known.iter().any(|palette| palette.name == name)),
            at("palette"),
            "unknown_value",
            format!(
                "A palette of this style is one of: {}.",
                known
                    .iter()
                    .map(|palette| palette.name)
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        );
        let place = DVec3::from_array(piece.position_m);
        fields.check(
            has_old_place || is_inside(&room, place),
            at("position_m"),
            "out_of_range",
            "A piece stands inside the room, or at most half a metre outside.",
        );
        within(fields, &at("yaw_deg"), piece.yaw_deg, -3600.0, 3600.0);
        fields.check(
            piece
                .color
                .as_deref()
                .is_none_or(|color| color_value(color).is_some()),
            at("color"),
            "invalid",
            "A colour is # and six digits of 0-9 and a-f.",
        );
        if let Some(carrier) = &piece.support_id {
            fields.check(
                carrier.chars().count() <= *ID_CHARS.end(),
                at("support_id"),
                "length",
                "An id has 1 to 64 characters.",
            );
        }
        let is_same = |old: &&FurnitureDocument| {
            old.id == piece.id
                && old.kind == piece.kind
                && old.option == piece.option
                && old.asset == piece.asset
                && old.print.is_some() == piece.print.is_some()
                && old.color == piece.color
        };
        piece.name = match before.iter().find(is_same) {
            Some(old) => old.name.clone(),
            None if piece.print.is_some() => "Framed print".to_owned(),
            None => asset.map_or_else(|| kind_label(piece.kind), |asset| asset.header.name.clone()),
        };
    }
}

/// Finds the picture of a print and makes its frame fit it.
fn hang(piece: &mut FurnitureDocument, assets: &Shelf, at: &dyn Fn(&str) -> String, fields: &mut Fields) {
    let Some(print) = &mut piece.print else { return };
    fields.check(
        piece.kind == Kind::Art,
        at("kind"),
        "invalid",
        "A print is a piece of the kind art.",
    );
    fields.check(
        piece.asset.is_none(),
        at("asset"),
        "invalid",
        "A print is no imported piece.",
    );
    let [width, height, depth] = piece.size_m;
    let is_sound =
        SIDES_OF_PRINTS.contains(&width) && SIDES_OF_PRINTS.contains(&height) && DEPTHS.contains(&depth);
    fields.check(
        is_sound,
        at("size_m"),
        "out_of_range",
        "A frame is 0.1 to 3 m wide and high, and 0.005 to 0.08 m deep.",
    );
    let artwork = match assets.prints().find(print) {
        Ok(artwork) => artwork,
        Err(Missing::NotReady) => {
            let reason = "The picture is still being prepared. Try again in a moment.";
            return fields.add(at("print.original_id"), "not_ready", reason);
        }
        Err(Missing::Unknown) => {
            let reason = "There is no such picture in this workspace.";
            return fields.add(at("print.original_id"), "unknown_value", reason);
        }
    };
    if !is_sound {
        return;
    }
    let fitted = FramedPrint::fitted(artwork.aspect(), print.frame, print.mat, Vec2::new(width, height));
    // A frame that becomes smaller stays where its middle is.
    piece.position_m[1] -= f64::from(height - fitted.y) / 2.0;
    piece.size_m = [fitted.x, fitted.y, depth];
    print.artwork = Some(artwork.name.clone());
    print.aspect = Some(artwork.aspect());
}

/// Behind the camera a room goes on as far as it is assumed to where a wall is not seen.
fn is_inside(room: &Room, place: DVec3) -> bool {
    let (left, right, back) = room.extent();
    let (top, bottom) = (room.camera_height - room.ceiling_height, room.camera_height);
    place.is_finite()
        && (left - SLACK_M..=right + SLACK_M).contains(&place.x)
        && (top - SLACK_M..=bottom + SLACK_M).contains(&place.y)
        && (-Room::UNSEEN - SLACK_M..=back + SLACK_M).contains(&place.z)
}
