//! What goes where: pieces and positions for a room, by hard and soft rules.
//!
//! [`plan`] picks the palette for the photo's colours, searches an arrangement (`search`) of groups (`groups`) under
//! the rules (`rules`) and builds the pieces that are in the picture. The search works on boxes only; meshes are made
//! once, at the end. To furnish another room type: a template in `groups.rs` and an entry in [`SUPPORTED`].

use crate::camera::Camera;
use crate::geometry::{DVec2, DVec3, Mat3, Vec3};
use crate::model::import::Credit;
use crate::model::noise::Dice;
use crate::model::{Look, Piece};
use crate::room::{OpeningKind, Room};
use crate::{Control, StageError};
use built::furnished;
use list::Stock;

mod built;
mod check;
mod groups;
mod hang;
mod item;
mod kinds;
mod library;
mod list;
mod maker;
mod polygon;
mod rooms;
mod rules;
mod search;
mod setups;
mod sides;
mod space;
mod spec;
mod taste;
mod walk;
mod windows;

pub use check::{Violation, ViolationKind, check};
pub use kinds::{Kind, RoomType, Style};
pub(crate) use library::form_of;
pub use library::{Imported, Library, Preference};
pub use list::{Chosen, Furniture};

pub use hang::{Hanging, hang};
pub use spec::{
    Assets, PlacementSpec, Print, Source, SpecError, Support, design_of, look_named, no_assets, rebuild,
};

#[cfg(test)]
mod tests;

/// A piece standing in the room.
///
/// `position` is the point of the room frame where the model's origin (the centre of its footprint, at its base)
/// stands: y = camera height on the floor, less on a table or wall. With yaw 0 the front faces the camera side (−Z);
/// the front's direction is `(sin yaw, 0, −cos yaw)`.
#[derive(Debug, Clone)]
pub struct Placement {
    pub piece: Piece,
    pub position: DVec3,
    pub yaw_deg: f64,
    /// What builds it again; `None` for a piece that is not from the catalogue.
    pub source: Option<Source>,
}

impl Placement {
    /// Rotation from the model frame (Y up) to the room frame (Y down).
    pub fn rotation(&self) -> Mat3 {
        let (sin, cos) = (
            self.yaw_deg.to_radians().sin() as f32,
            self.yaw_deg.to_radians().cos() as f32,
        );
        Mat3::from_cols(
            Vec3::new(cos, 0.0, sin),
            Vec3::new(0.0, -1.0, 0.0),
            Vec3::new(sin, 0.0, -cos),
        )
    }

    /// A point of the model in the room frame.
    pub fn to_room(&self, point: Vec3) -> Vec3 {
        self.rotation() * point + self.position.as_vec3()
    }
}

/// The room types the engine furnishes. A kitchen or bathroom gets accessories only: what is fitted stays as it is.
pub const SUPPORTED: [RoomType; 8] = [
    RoomType::LivingRoom,
    RoomType::Bedroom,
    RoomType::Kitchen,
    RoomType::Bathroom,
    RoomType::DiningRoom,
    RoomType::Office,
    RoomType::Entryway,
    RoomType::Outdoor,
];

/// Measured colours of the photo that the furniture should answer: medians in linear sRGB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surroundings {
    pub wall: Vec3,
    pub floor: Vec3,
}

impl Default for Surroundings {
    /// Off-white walls, a light wooden floor.
    fn default() -> Self {
        Self {
            wall: Vec3::new(0.62, 0.60, 0.56),
            floor: Vec3::new(0.36, 0.27, 0.18),
        }
    }
}

/// A furnished room, before rendering.
#[derive(Debug, Clone)]
pub struct Plan {
    /// As asked, or as decided when nothing was asked.
    pub room_type: RoomType,
    /// What stands where; only pieces that are at least partly in the picture.
    pub placements: Vec<Placement>,
    /// How good the arrangement is by the soft rules; higher is better, comparable within one room only.
    pub score: f32,
    /// Name of the palette that was chosen for the photo's colours.
    pub palette: &'static str,
    /// Whose work the imported pieces are, one each, sorted.
    pub credits: Vec<Credit>,
}

/// What is asked of the planner.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    pub surroundings: Surroundings,
    /// `None`: the type that suits the room is chosen.
    pub room_type: Option<RoomType>,
    pub style: Style,
    pub seed: u32,
    /// Imported pieces that may stand among those of the catalogue.
    pub library: Option<&'a Library>,
}

impl<'a> Order<'a> {
    fn stock(&self) -> Stock<'a> {
        Stock::open(self.style, self.library, self.seed)
    }
}

/// Smallest share of the picture a piece must cover to be kept.
const SEEN: f64 = 0.0006;

/// Most plans that [`plans`] offers.
pub const MAX_PLANS: usize = 3;

/// Furnishes a room from the catalogue alone: the first of [`plans`].
pub fn plan(
    room: &Room,
    camera: &Camera,
    surroundings: &Surroundings,
    room_type: Option<RoomType>,
    style: Style,
    seed: u32,
    control: &Control,
) -> Result<Plan, StageError> {
    let order = Order {
        surroundings: *surroundings,
        room_type,
        style,
        seed,
        library: None,
    };
    plan_at(0, room, camera, &order, control)
}

/// Up to [`MAX_PLANS`] good ways to furnish a room, the best first, each with its main piece elsewhere or the rest set up
/// differently, and in another palette when the style has one that suits. The same arguments give the same plans.
///
/// Fails with [`StageError::NoFloorVisible`] when not
/// even a small piece finds a place and with [`StageError::Canceled`].
pub fn plans(
    room: &Room,
    camera: &Camera,
    order: &Order<'_>,
    control: &Control,
) -> Result<Vec<Plan>, StageError> {
    let space = space::Space::new(room, camera);
    let stock = order.stock();
    let (room_type, found) = arrange(&space, order, &stock, control)?;
    let looks = looks(order);
    found
        .iter()
        .enumerate()
        .map(|(index, arrangement)| {
            control.check()?;
            Ok(furnished(
                &space,
                arrangement,
                &stock,
                &looks[index],
                order.seed,
                room_type,
            ))
        })
        .collect()
}

/// One of [`plans`] without building the others; an index beyond the last gives the last.
pub fn plan_at(
    index: usize,
    room: &Room,
    camera: &Camera,
    order: &Order<'_>,
    control: &Control,
) -> Result<Plan, StageError> {
    let space = space::Space::new(room, camera);
    let stock = order.stock();
    let (room_type, found) = arrange(&space, order, &stock, control)?;
    let index = index.min(found.len() - 1);
    let look = looks(order)[index];
    let plan = furnished(&space, &found[index], &stock, &look, order.seed, room_type);
    control.check()?;
    Ok(plan)
}

/// Places the furniture of a list, made for another photo of the same room ([`Furniture::of`]): the same pieces with the
/// same meshes and colours, or as many of them as fit and are seen. Imported pieces are looked up in `library`; those it
/// does not have are left out.
///
/// Deterministic like [`plan`]. Fails with [`StageError::NoFloorVisible`] when none of them finds a place, with
/// [`StageError::Internal`] for a list that names no pieces of the catalogue, and with [`StageError::Canceled`].
pub fn plan_with(
    list: &Furniture,
    library: Option<&Library>,
    room: &Room,
    camera: &Camera,
    seed: u32,
    control: &Control,
) -> Result<Plan, StageError> {
    let unknown =
        |error: SpecError| StageError::Internal(format!("could not read the furniture list: {error}"));
    let stock = Stock::of(list, library).map_err(unknown)?;
    let look = look_named(list.style, &list.palette).map_err(unknown)?;
    let space = space::Space::new(room, camera);
    let found = try_type(&space, list.room_type, &stock, seed, control)?;
    let first = found.first().ok_or(StageError::NoFloorVisible)?;
    let plan = furnished(&space, first, &stock, &look, seed, list.room_type);
    control.check()?;
    Ok(plan)
}

/// The looks of the plans in turn: palettes that answer the photo, each another one while there are others.
fn looks(order: &Order<'_>) -> [Look; MAX_PLANS] {
    let mut dice = Dice::new(u64::from(order.seed) ^ 0x70a1_e77e);
    let Surroundings { wall, floor } = order.surroundings;
    let ranked = Look::ranked(order.style, wall, floor, dice.unit());
    std::array::from_fn(|k| ranked[k % ranked.len()])
}

/// The arrangements without meshes: boxes that keep every rule and are in the picture, at least one.
fn arrange(
    space: &space::Space<'_>,
    order: &Order<'_>,
    stock: &Stock<'_>,
    control: &Control,
) -> Result<(RoomType, Vec<search::Arrangement>), StageError> {
    let seed = order.seed;
    if let Some(known) = order.room_type {
        let found = try_type(space, known, stock, seed, control)?;
        return if found.is_empty() {
            Err(StageError::NoFloorVisible)
        } else {
            Ok((known, found))
        };
    }
    // The first type whose main piece is wholly in the picture; failing that, the one with most of it, then most pieces.
    // The type that suits best is taken with a little less of it.
    const WHOLE: f64 = 0.88;
    const ENOUGH: f64 = 0.75;
    let mut second_best: Option<((f64, usize), RoomType, Vec<search::Arrangement>)> = None;
    for (place, candidate) in suitable(space).into_iter().enumerate() {
        let found = try_type(space, candidate, stock, seed, control)?;
        let Some(first) = found.first() else {
            continue;
        };
        if first.main_inside > if place == 0 { ENOUGH } else { WHOLE } {
            return Ok((candidate, found));
        }
        let merit = (first.main_inside, first.items.len());
        if second_best.as_ref().is_none_or(|(best, _, _)| merit > *best) {
            second_best = Some((merit, candidate, found));
        }
    }
    second_best
        .map(|(_, room_type, found)| (room_type, found))
        .ok_or(StageError::NoFloorVisible)
}

/// Arrangements of one room type; none when nothing that stands finds a place.
fn try_type(
    space: &space::Space<'_>,
    room_type: RoomType,
    stock: &Stock<'_>,
    seed: u32,
    control: &Control,
) -> Result<Vec<search::Arrangement>, StageError> {
    let mut found = search::search(space, room_type, stock, seed, control)?;
    for arrangement in &mut found {
        keep_seen(&mut arrangement.items);
    }
    // Pictures and curtains alone do not furnish a room.
    found.retain(|arrangement| arrangement.items.iter().any(item::Item::is_solid));
    Ok(found)
}

/// Drops what is not in the picture, or too small in it, with everything that stands on it.
fn keep_seen(items: &mut Vec<item::Item>) {
    let is_lost = |item: &item::Item| {
        let least = if rules::is_carried(item) {
            SEEN
        } else {
            rules::MIN_SHARE
        };
        item.view.share < least
    };
    let lost: Vec<item::Item> = items.iter().filter(|item| is_lost(item)).copied().collect();
    let is_carried_by_lost = |item: &item::Item| {
        rules::is_carried(item)
            && lost.iter().any(|base| {
                base.design.top > 0.0 && polygon::contains(&base.footprint(0.0), DVec2::new(item.x, item.z))
            })
    };
    items.retain(|item| !is_lost(item) && !is_carried_by_lost(item));
}

/// Room types by how well they suit the room, best first. Kitchens, bathrooms and terraces are known by what is fitted
/// in them, which is not looked for: they are furnished when asked for.
fn suitable(space: &space::Space<'_>) -> Vec<RoomType> {
    let (width, depth) = space.seen_size();
    // What lies behind the camera is not known; the visible depth is most of a room.
    let area = width * depth;
    let has = |kind: OpeningKind| space.room.openings.iter().any(|o| o.kind == kind);
    use RoomType::{Bedroom, DiningRoom, Entryway, LivingRoom, Office};
    if has(OpeningKind::Fireplace) {
        return vec![LivingRoom, DiningRoom, Bedroom, Office];
    }
    if width < 1.9 && has(OpeningKind::Door) && !has(OpeningKind::Window) {
        return vec![Entryway, Office, Bedroom, LivingRoom];
    }
    if width < 2.3 || area < 7.5 {
        return vec![Office, Bedroom, LivingRoom, DiningRoom];
    }
    if area < 15.0 {
        return vec![Bedroom, LivingRoom, Office, DiningRoom];
    }
    vec![LivingRoom, DiningRoom, Bedroom, Office]
}
