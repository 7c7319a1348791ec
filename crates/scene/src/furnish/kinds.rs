//! The words of the contract: room types, styles, kinds of furniture.

use serde::{Deserialize, Serialize};

/// A room type of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomType {
    LivingRoom,
    Bedroom,
    Kitchen,
    Bathroom,
    DiningRoom,
    Office,
    Entryway,
    Outdoor,
}

/// A style of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    Modern,
    Contemporary,
    Traditional,
    Industrial,
    Scandinavian,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Sofa,
    Armchair,
    CoffeeTable,
    SideTable,
    TvBench,
    Bed,
    BedsideTable,
    Dresser,
    Wardrobe,
    Bench,
    DiningTable,
    DiningChair,
    Sideboard,
    Desk,
    OfficeChair,
    Bookcase,
    Rug,
    FloorLamp,
    TableLamp,
    Plant,
    Art,
    Mirror,
    Curtain,
    Vase,
    Books,
    /// Stool for a counter or bar.
    StoolBar,
    Stool,
    /// Narrow table against a wall.
    Console,
    ShoeBench,
    /// Option 1 stands, option 2 hangs on the wall.
    CoatRack,
    OutdoorSofa,
    OutdoorChair,
    /// Option 1 low, 2 for dining, 3 for two.
    OutdoorTable,
    /// Sun lounger; the feet point to the front.
    Lounger,
    /// Large planted pot or trough for outdoors.
    Planter,
    Parasol,
    TowelStack,
    /// Option 1 leans on the wall as a ladder, option 2 hangs.
    TowelRack,
    BathMat,
    SoapSet,
    FruitBowl,
    /// What stands on a counter: board, jars, kettle.
    KitchenSet,
    Basket,
    /// Hangs: its height includes the cord, its top is the ceiling.
    PendantLamp,
    /// Option 1 one place setting, 2 a tray with tea, 3 a table centre.
    Tableware,
    Pouf,
    /// Option 1 television on feet, 2 on the wall, 3 desk monitor.
    Screen,
}

impl Kind {
    /// Every kind, in the order of the enum.
    pub const ALL: [Self; 47] = [
        Self::Sofa,
        Self::Armchair,
        Self::CoffeeTable,
        Self::SideTable,
        Self::TvBench,
        Self::Bed,
        Self::BedsideTable,
        Self::Dresser,
        Self::Wardrobe,
        Self::Bench,
        Self::DiningTable,
        Self::DiningChair,
        Self::Sideboard,
        Self::Desk,
        Self::OfficeChair,
        Self::Bookcase,
        Self::Rug,
        Self::FloorLamp,
        Self::TableLamp,
        Self::Plant,
        Self::Art,
        Self::Mirror,
        Self::Curtain,
        Self::Vase,
        Self::Books,
        Self::StoolBar,
        Self::Stool,
        Self::Console,
        Self::ShoeBench,
        Self::CoatRack,
        Self::OutdoorSofa,
        Self::OutdoorChair,
        Self::OutdoorTable,
        Self::Lounger,
        Self::Planter,
        Self::Parasol,
        Self::TowelStack,
        Self::TowelRack,
        Self::BathMat,
        Self::SoapSet,
        Self::FruitBowl,
        Self::KitchenSet,
        Self::Basket,
        Self::PendantLamp,
        Self::Tableware,
        Self::Pouf,
        Self::Screen,
    ];
}
