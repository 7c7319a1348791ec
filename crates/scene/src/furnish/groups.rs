//! The groups of furniture that a room type is made of.

use super::Kind;
use super::RoomType;
use super::item::Item;
use super::maker::Maker;
use crate::model::noise::Dice;

/// A set of pieces that is placed and moved as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Seating,
    /// Two armchairs at a small table: a second place to sit, or the first where no sofa fits.
    Lounge,
    Media,
    Bed,
    Dresser,
    Wardrobe,
    Reading,
    Dining,
    Sideboard,
    Desk,
    Bookcase,
    Plant,
    SecondPlant,
    Lamp,
    WallArt,
    SecondArt,
    /// A tall mirror that leans on a wall.
    FloorMirror,
    Curtains,
    /// A small table with chairs.
    Breakfast,
    Runner,
    Basket,
    BathMat,
    BathStool,
    Towels,
    Hall,
    ShoeBench,
    Coats,
    Terrace,
    TerraceDining,
    Loungers,
    Parasol,
    Planter,
    SecondPlanter,
}

/// The groups of a room type with what leaving each out costs; the first is the main one.
pub(super) fn template(room_type: RoomType) -> &'static [(Group, f64)] {
    use Group::{
        Basket, BathMat, BathStool, Bed, Bookcase, Breakfast, Coats, Curtains, Desk, Dining, Dresser,
        FloorMirror, Hall, Lamp, Lounge, Loungers, Media, Parasol, Plant, Planter, Reading, Runner, Seating,
        SecondArt, SecondPlant, SecondPlanter, ShoeBench, Sideboard, Terrace, TerraceDining, Towels, WallArt,
        Wardrobe,
    };
    match room_type {
        RoomType::LivingRoom => &[
            (Seating, 9.0),
            (Curtains, 0.9),
            (Media, 1.4),
            (Lounge, 1.0),
            (Plant, 0.9),
            (Bookcase, 0.6),
            (WallArt, 0.9),
            (SecondPlant, 0.4),
            (Lamp, 0.4),
            (Basket, 0.2),
            // Only large rooms want more; see `taste::density`.
            (Sideboard, 0.1),
            (Breakfast, 0.05),
            (SecondArt, 0.2),
        ],
        RoomType::Bedroom => &[
            (Bed, 9.0),
            (Curtains, 0.9),
            (Dresser, 1.3),
            (Reading, 0.9),
            (Plant, 0.7),
            (WallArt, 0.9),
            (Wardrobe, 0.3),
            (Basket, 0.2),
            (FloorMirror, 0.25),
            (SecondPlant, 0.2),
            (Lounge, 0.05),
            (Bookcase, 0.05),
        ],
        RoomType::DiningRoom => &[
            (Dining, 9.0),
            (Curtains, 0.9),
            (Sideboard, 1.6),
            (Plant, 0.8),
            (WallArt, 0.6),
            (Lamp, 0.4),
            (SecondPlant, 0.3),
            (Lounge, 0.05),
            (Bookcase, 0.05),
            (SecondArt, 0.2),
        ],
        RoomType::Office => &[
            (Desk, 9.0),
            (Curtains, 0.9),
            (Bookcase, 1.5),
            (Reading, 1.0),
            (Plant, 0.8),
            (WallArt, 0.6),
            (Lamp, 0.3),
            (Sideboard, 0.2),
            (SecondPlant, 0.2),
            (Lounge, 0.05),
        ],
        RoomType::Kitchen => &[
            (Breakfast, 4.0),
            (Runner, 1.2),
            (Plant, 0.6),
            (SecondPlant, 0.5),
            (Basket, 0.4),
            (WallArt, 0.3),
        ],
        RoomType::Bathroom => &[
            (BathMat, 4.0),
            (BathStool, 1.0),
            (Towels, 0.9),
            (SecondPlant, 0.7),
            (Basket, 0.6),
        ],
        RoomType::Entryway => &[
            (Hall, 9.0),
            (Runner, 1.2),
            (ShoeBench, 0.9),
            (Coats, 0.9),
            (Plant, 0.5),
            (Lamp, 0.4),
            (WallArt, 0.5),
            (Basket, 0.3),
            (FloorMirror, 0.2),
        ],
        RoomType::Outdoor => &[
            (Terrace, 9.0),
            (Planter, 1.0),
            (SecondPlanter, 0.8),
            (Parasol, 0.7),
            (TerraceDining, 0.9),
            (Loungers, 0.6),
        ],
    }
}

impl Maker<'_, '_> {
    /// One random way to set up a group; `None` when this throw did not work out. A group that `leads` the room keeps
    /// the stance of this maker.
    pub fn propose(&self, group: Group, leads: bool, dice: &mut Dice) -> Option<Vec<Item>> {
        let items = match group {
            Group::Seating => self.seating(dice),
            Group::Lounge => self.lounge(dice),
            Group::Media => self.media(dice),
            Group::Bed => self.bed(dice),
            Group::Dresser => self.storage(Kind::Dresser, dice),
            Group::Wardrobe => self.storage(Kind::Wardrobe, dice),
            Group::Bookcase => self.storage(Kind::Bookcase, dice),
            Group::Sideboard => self.storage(Kind::Sideboard, dice),
            Group::Reading => self.reading(dice),
            Group::Dining => self.dining(self.pick(Kind::DiningTable, dice)?, Kind::Vase, dice),
            Group::Breakfast => self.dining(*self.designs(Kind::DiningTable).last()?, Kind::FruitBowl, dice),
            Group::Desk => self.desk(dice),
            Group::Plant => self.plant(dice, &[0, 1, 3]),
            Group::SecondPlant => self.plant(dice, &[2, 4]),
            Group::Lamp => self.corner_piece(self.pick(Kind::FloorLamp, dice)?, dice),
            Group::WallArt | Group::SecondArt => self.wall_art(dice),
            Group::FloorMirror => self.leaning_mirror(dice),
            Group::Curtains => self.curtains(),
            Group::Runner => self.runner(dice),
            Group::Basket => self.corner_piece(self.first(Kind::Basket)?, dice),
            Group::BathMat => self.bath_mat(dice),
            Group::BathStool => self.bath_stool(dice),
            Group::Towels => self.towels(dice),
            Group::Hall => self.hall(dice),
            Group::ShoeBench => self.shoe_bench(dice),
            Group::Coats => self.coats(dice),
            Group::Terrace => self.terrace(dice),
            Group::TerraceDining => self.terrace_dining(dice),
            Group::Loungers => self.loungers(dice),
            Group::Parasol => self.parasol(dice),
            Group::Planter | Group::SecondPlanter => self.corner_piece(self.pick(Kind::Planter, dice)?, dice),
        }?;
        (!leads || self.may_lead(&items)).then_some(items)
    }
}
