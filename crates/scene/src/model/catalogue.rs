//! Which pieces exist, how large they are in each style, and the way to their builders.

use crate::furnish::{Kind, Style};
use crate::geometry::Vec3;
use crate::model::look::Look;
use crate::model::tint::tint_piece;
use crate::model::{
    Piece, baskets, bath, beds, curtains, decor, framed, hall, kitchen, lamps, outdoor, plants, rugs,
    screens, seating, storage, tables, tableware,
};

/// A piece before it is built: enough to plan with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Design {
    pub kind: Kind,
    /// Which of several forms of the kind: seats of a sofa, species of a plant, format of a picture.
    pub option: u8,
    /// Width (x), height (y) with everything on it, depth (z) in metres.
    pub size: Vec3,
    /// Height of the surface that carries other things (0: none).
    pub top: f32,
    /// Place of an imported piece in the planner's library; `None` for a design of the catalogue.
    pub imported: Option<u16>,
}

impl Design {
    pub const fn new(kind: Kind, option: u8, size: [f32; 3], top: f32) -> Self {
        Self {
            kind,
            option,
            size: Vec3::from_array(size),
            top,
            imported: None,
        }
    }

    /// The seat that a sofa with a chaise or around a corner draws out to one side; `None` for all else.
    pub fn drawn_out(&self) -> Option<DrawnOut> {
        if self.kind != Kind::Sofa {
            return None;
        }
        let option = own_option(self.option);
        let side = if matches!(option, 4 | 7) { 1.0 } else { -1.0 };
        match option {
            4 | 5 => Some(DrawnOut {
                side,
                width: self.size.x * 0.40,
                body: self.size.z - seating::CHAISE,
            }),
            6 | 7 => {
                let body = seating::run_depth(self.size.z);
                Some(DrawnOut {
                    side,
                    width: body,
                    body,
                })
            }
            _ => None,
        }
    }

    /// The same design in another size (rugs, curtains, pictures and shelves are made to measure).
    pub fn sized(mut self, size: Vec3) -> Self {
        self.size = size;
        self
    }
}

/// The part of a sofa that reaches out before the others; metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DrawnOut {
    /// −1 or 1: at −x or +x.
    pub side: f32,
    pub width: f32,
    /// Depth of the part that all seats share, from the back.
    pub body: f32,
}

/// The designs of a kind in a style, largest first.
pub fn designs(kind: Kind, style: Style) -> Vec<Design> {
    let d = |option: u8, size: [f32; 3], top: f32| Design::new(kind, option, size, top);
    use Style::{Contemporary, Industrial, Modern, Scandinavian, Traditional};
    match kind {
        Kind::Sofa => {
            let (height, depth) = match style {
                Modern => (0.80, 0.92),
                Contemporary => (0.78, 0.95),
                Traditional => (0.90, 0.92),
                Industrial => (0.82, 0.92),
                Scandinavian => (0.84, 0.86),
            };
            let mut all = vec![
                d(3, [2.26, height, depth], 0.0),
                d(3, [2.02, height, depth], 0.0),
                d(2, [1.68, height, depth], 0.0),
                d(2, [1.46, height, depth - 0.06], 0.0),
            ];
            if style != Traditional {
                // With a chaise on the sitter's left or right.
                all.push(d(4, [2.50, height, depth + 0.64], 0.0));
                all.push(d(5, [2.50, height, depth + 0.64], 0.0));
                // Around a corner, the return on the left or right of whoever looks at it.
                let [long, short] = [1.54, 0.84].map(|seats| depth + seats);
                all.push(d(6, [2.76, height, long], 0.0));
                all.push(d(7, [2.76, height, long], 0.0));
                all.push(d(6, [2.46, height, short], 0.0));
                all.push(d(7, [2.46, height, short], 0.0));
            }
            all
        }
        Kind::Armchair => match style {
            Industrial => vec![d(1, [0.72, 0.80, 0.70], 0.0), d(1, [0.66, 0.76, 0.65], 0.0)],
            Modern | Scandinavian => {
                vec![d(1, [0.72, 0.80, 0.80], 0.0), d(1, [0.66, 0.76, 0.74], 0.0)]
            }
            Contemporary => vec![d(1, [0.80, 0.74, 0.78], 0.0), d(1, [0.72, 0.72, 0.72], 0.0)],
            Traditional => vec![d(1, [0.82, 0.94, 0.86], 0.0), d(1, [0.76, 0.92, 0.80], 0.0)],
        },
        Kind::CoffeeTable => match style {
            Contemporary | Scandinavian => {
                vec![d(1, [0.90, 0.68, 0.90], 0.38), d(1, [0.75, 0.68, 0.75], 0.38)]
            }
            Modern | Industrial | Traditional => {
                vec![d(1, [1.20, 0.70, 0.60], 0.40), d(1, [0.95, 0.70, 0.55], 0.40)]
            }
        },
        Kind::SideTable => vec![d(1, [0.45, 0.55, 0.45], 0.55)],
        Kind::TvBench => vec![d(3, [1.80, 0.50, 0.42], 0.50), d(2, [1.40, 0.50, 0.40], 0.50)],
        Kind::Bed => {
            let height = match style {
                Traditional => 1.25,
                Modern => 0.98,
                Contemporary => 1.10,
                Industrial | Scandinavian => 1.02,
            };
            vec![
                d(4, [2.06, height, 2.20], 0.0),
                d(3, [1.86, height, 2.20], 0.0),
                d(2, [1.66, height, 2.18], 0.0),
                d(1, [1.16, height, 2.16], 0.0),
            ]
        }
        Kind::BedsideTable => vec![d(1, [0.48, 0.55, 0.40], 0.55), d(1, [0.40, 0.55, 0.36], 0.55)],
        Kind::Dresser => vec![d(6, [1.40, 0.82, 0.46], 0.82), d(3, [0.90, 0.86, 0.44], 0.86)],
        Kind::Wardrobe => vec![d(3, [1.50, 2.05, 0.58], 0.0), d(2, [1.00, 2.05, 0.58], 0.0)],
        Kind::Bench => vec![d(1, [1.30, 0.47, 0.42], 0.47), d(1, [1.05, 0.47, 0.40], 0.47)],
        Kind::DiningTable => match style {
            Contemporary | Scandinavian => vec![
                d(8, [2.20, 0.75, 0.98], 0.75),
                d(6, [1.80, 0.75, 0.92], 0.75),
                d(4, [1.15, 0.75, 1.15], 0.75),
                d(4, [1.00, 0.75, 1.00], 0.75),
            ],
            Modern | Traditional | Industrial => vec![
                d(8, [2.20, 0.76, 0.98], 0.76),
                d(6, [1.80, 0.76, 0.92], 0.76),
                d(4, [1.35, 0.76, 0.85], 0.76),
                d(4, [1.05, 0.76, 1.05], 0.76),
            ],
        },
        Kind::DiningChair => match style {
            Modern | Contemporary => vec![d(1, [0.49, 0.82, 0.56], 0.0)],
            Traditional => vec![d(1, [0.49, 0.97, 0.55], 0.0)],
            Industrial => vec![d(1, [0.46, 0.82, 0.53], 0.0)],
            Scandinavian => vec![d(1, [0.51, 0.78, 0.52], 0.0)],
        },
        Kind::Sideboard => vec![
            d(4, [1.80, 0.78, 0.44], 0.78),
            d(3, [1.40, 0.78, 0.42], 0.78),
            d(2, [1.05, 0.78, 0.40], 0.78),
        ],
        Kind::Desk => vec![
            d(2, [1.60, 1.16, 0.75], 0.74),
            d(1, [1.40, 1.16, 0.68], 0.74),
            d(1, [1.15, 1.16, 0.60], 0.74),
        ],
        Kind::OfficeChair => vec![d(1, [0.66, 1.02, 0.66], 0.0)],
        Kind::Bookcase => vec![d(3, [1.20, 1.95, 0.34], 0.0), d(2, [0.85, 1.95, 0.32], 0.0)],
        Kind::Rug => {
            let mut all = vec![
                d(1, [3.00, 0.016, 2.00], 0.0),
                d(1, [2.40, 0.016, 1.70], 0.0),
                d(1, [2.00, 0.016, 1.40], 0.0),
                d(1, [1.60, 0.016, 1.10], 0.0),
                // Round, and shaped like a pebble.
                d(2, [2.40, 0.016, 2.40], 0.0),
                d(2, [1.80, 0.016, 1.80], 0.0),
            ];
            if !matches!(style, Traditional | Industrial) {
                all.push(d(3, [2.80, 0.016, 2.00], 0.0));
            }
            all
        }
        Kind::FloorLamp => match style {
            Modern => vec![d(1, [0.34, 1.55, 0.34], 0.0)],
            Contemporary => vec![d(1, [0.42, 1.58, 0.42], 0.0)],
            Traditional => vec![d(1, [0.44, 1.58, 0.44], 0.0)],
            Industrial => vec![d(1, [0.50, 1.55, 0.49], 0.0)],
            Scandinavian => vec![d(1, [0.47, 1.52, 0.48], 0.0)],
        },
        Kind::TableLamp => vec![d(1, [0.30, 0.50, 0.30], 0.0), d(1, [0.24, 0.42, 0.24], 0.0)],
        Kind::Plant => vec![
            d(1, [0.70, 1.62, 0.68], 0.0),
            d(2, [1.16, 1.14, 1.12], 0.0),
            d(3, [0.42, 0.95, 0.42], 0.0),
            d(4, [0.66, 1.68, 0.64], 0.0),
            d(5, [0.47, 0.80, 0.45], 0.0),
        ],
        Kind::Art => vec![
            d(1, [1.20, 0.80, 0.035], 0.0),
            d(2, [1.40, 0.90, 0.030], 0.0),
            d(3, [0.70, 1.00, 0.030], 0.0),
            d(4, [0.50, 0.70, 0.028], 0.0),
        ],
        Kind::Mirror => vec![
            d(1, [0.80, 0.80, 0.03], 0.0),
            d(2, [0.60, 0.90, 0.03], 0.0),
            // Stands on the floor and leans on the wall.
            d(3, [0.72, 1.74, 0.22], 0.0),
        ],
        Kind::Curtain => vec![
            d(1, [0.45, 2.30, 0.09], 0.0),
            d(2, [2.30, 2.40, 0.11], 0.0),
            d(3, [2.30, 2.40, 0.12], 0.0),
        ],
        Kind::Vase => vec![
            d(1, [0.22, 0.52, 0.22], 0.0),
            d(2, [0.30, 0.30, 0.16], 0.0),
            d(3, [0.20, 0.34, 0.20], 0.0),
        ],
        Kind::Books => vec![d(1, [0.26, 0.10, 0.20], 0.10)],
        Kind::StoolBar => vec![
            d(1, [0.44, 0.92, 0.47], 0.0),
            d(2, [0.36, 0.66, 0.36], 0.0),
            d(3, [0.44, 1.02, 0.47], 0.0),
        ],
        Kind::Stool => vec![d(1, [0.40, 0.45, 0.40], 0.45), d(2, [0.36, 0.45, 0.30], 0.45)],
        Kind::Console => vec![
            d(1, [1.30, 0.80, 0.36], 0.80),
            d(1, [1.05, 0.80, 0.34], 0.80),
            d(1, [0.80, 0.80, 0.28], 0.80),
        ],
        Kind::ShoeBench => vec![d(1, [1.05, 0.46, 0.36], 0.46), d(1, [0.78, 0.46, 0.34], 0.46)],
        Kind::CoatRack => vec![d(1, [0.52, 1.78, 0.52], 0.0), d(2, [0.84, 0.95, 0.20], 0.0)],
        Kind::OutdoorSofa => vec![d(3, [2.00, 0.74, 0.82], 0.0), d(2, [1.42, 0.74, 0.82], 0.0)],
        Kind::OutdoorChair => vec![d(1, [0.74, 0.76, 0.78], 0.0), d(2, [0.58, 0.82, 0.58], 0.0)],
        Kind::OutdoorTable => vec![
            d(2, [1.80, 0.74, 0.90], 0.74),
            d(2, [1.40, 0.74, 0.80], 0.74),
            d(1, [1.10, 0.34, 0.65], 0.34),
            d(3, [0.70, 0.73, 0.70], 0.73),
        ],
        Kind::Lounger => vec![d(1, [0.70, 0.82, 1.95], 0.0)],
        Kind::Planter => vec![
            d(1, [0.72, 1.45, 0.72], 0.0),
            d(2, [1.00, 0.95, 0.48], 0.0),
            d(3, [0.56, 0.92, 0.56], 0.0),
        ],
        Kind::Parasol => vec![d(1, [2.80, 2.50, 2.80], 0.0), d(1, [2.30, 2.40, 2.30], 0.0)],
        Kind::TowelStack => vec![d(1, [0.36, 0.22, 0.25], 0.22), d(2, [0.30, 0.11, 0.22], 0.11)],
        Kind::TowelRack => vec![d(1, [0.52, 1.70, 0.34], 0.0), d(2, [0.62, 0.62, 0.11], 0.0)],
        Kind::BathMat => vec![d(1, [0.85, 0.018, 0.55], 0.0), d(1, [0.70, 0.018, 0.45], 0.0)],
        Kind::SoapSet => vec![d(1, [0.28, 0.21, 0.13], 0.0)],
        Kind::FruitBowl => vec![d(1, [0.32, 0.15, 0.32], 0.0)],
        Kind::KitchenSet => vec![
            d(1, [0.66, 0.40, 0.26], 0.0),
            d(2, [0.46, 0.25, 0.24], 0.0),
            d(3, [0.40, 0.36, 0.22], 0.0),
        ],
        Kind::Basket => vec![d(1, [0.44, 0.38, 0.44], 0.0), d(2, [0.38, 0.24, 0.28], 0.0)],
        Kind::PendantLamp => vec![d(1, [0.50, 1.05, 0.50], 0.0), d(2, [0.30, 1.00, 0.30], 0.0)],
        Kind::Tableware => vec![
            d(3, [0.80, 0.34, 0.28], 0.0),
            d(2, [0.46, 0.17, 0.32], 0.0),
            d(1, [0.46, 0.15, 0.36], 0.0),
        ],
        Kind::Pouf => vec![d(1, [0.54, 0.38, 0.54], 0.38), d(2, [0.60, 0.40, 0.60], 0.40)],
        Kind::Screen => vec![
            d(1, [1.45, 0.90, 0.28], 0.0),
            d(1, [1.10, 0.70, 0.24], 0.0),
            d(2, [1.45, 0.83, 0.05], 0.0),
            d(3, [0.62, 0.50, 0.20], 0.0),
        ],
    }
}

/// Options from here on are forms borrowed from the [`sibling`] style.
const BORROWED: u8 = 20;

/// Everything of a kind that a style offers: its own [`designs`], then forms of a style it goes with, made in its own
/// woods and cloths.
pub fn forms(kind: Kind, style: Style) -> Vec<Design> {
    let mut all = designs(kind, style);
    if depends_on_style(kind) {
        all.extend(designs(kind, sibling(style)).into_iter().map(|design| Design {
            option: design.option + BORROWED,
            ..design
        }));
    }
    all
}

/// The option within the style that a form comes from.
pub(crate) fn own_option(option: u8) -> u8 {
    option % BORROWED
}

/// Kinds whose shape, not only their material, is a matter of style.
fn depends_on_style(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Sofa
            | Kind::Armchair
            | Kind::CoffeeTable
            | Kind::SideTable
            | Kind::TvBench
            | Kind::Bed
            | Kind::BedsideTable
            | Kind::Dresser
            | Kind::Wardrobe
            | Kind::Bench
            | Kind::DiningTable
            | Kind::DiningChair
            | Kind::Sideboard
            | Kind::Desk
            | Kind::Bookcase
            | Kind::FloorLamp
            | Kind::TableLamp
            | Kind::PendantLamp
            | Kind::Console
            | Kind::StoolBar
            | Kind::Mirror
            | Kind::Art
    )
}

/// The style whose forms may stand among those of another.
fn sibling(style: Style) -> Style {
    match style {
        Style::Modern => Style::Scandinavian,
        Style::Contemporary | Style::Industrial => Style::Modern,
        Style::Traditional | Style::Scandinavian => Style::Contemporary,
    }
}

/// Builds the mesh of a design. The same look and seed give the same mesh.
pub fn build(look: &Look, design: &Design, seed: u32) -> Piece {
    if design.option >= BORROWED {
        let look = Look {
            style: sibling(look.style),
            palette: look.palette,
        };
        let own = Design {
            option: own_option(design.option),
            ..*design
        };
        return build(&look, &own, seed);
    }
    match design.kind {
        Kind::Sofa => seating::sofa(look, design, seed),
        Kind::Armchair => seating::armchair(look, design, seed),
        Kind::DiningChair => seating::dining_chair(look, design, seed),
        Kind::OfficeChair => seating::office_chair(look, design, seed),
        Kind::Bench => seating::bench(look, design, seed),
        Kind::CoffeeTable => tables::coffee_table(look, design, seed),
        Kind::SideTable => tables::side_table(look, design, seed),
        Kind::DiningTable => tables::dining_table(look, design, seed),
        Kind::Desk => tables::desk(look, design, seed),
        Kind::Bed => beds::bed(look, design, seed),
        Kind::BedsideTable | Kind::Dresser | Kind::Wardrobe | Kind::TvBench | Kind::Sideboard => {
            storage::cabinet(look, design, seed)
        }
        Kind::Bookcase => storage::bookcase(look, design, seed),
        Kind::Rug => rugs::rug(look, design, seed),
        Kind::Curtain => curtains::curtain(look, design, seed),
        Kind::FloorLamp => lamps::floor_lamp(look, design, seed),
        Kind::TableLamp => lamps::table_lamp(look, design, seed),
        Kind::Plant => plants::plant(look, design, seed),
        Kind::Art => framed::art(look, design, seed),
        Kind::Mirror => framed::wall_mirror(look, design, seed),
        Kind::Vase => decor::vase(look, design, seed),
        Kind::Books => decor::books(look, design, seed),
        Kind::StoolBar => seating::bar_stool(look, design, seed),
        Kind::Stool => seating::stool(look, design, seed),
        Kind::Pouf => seating::pouf(look, design, seed),
        Kind::ShoeBench => hall::shoe_bench(look, design, seed),
        Kind::Console => hall::console(look, design, seed),
        Kind::CoatRack => hall::coat_rack(look, design, seed),
        Kind::OutdoorSofa => outdoor::sofa(look, design, seed),
        Kind::OutdoorChair => outdoor::chair(look, design, seed),
        Kind::OutdoorTable => outdoor::table(look, design, seed),
        Kind::Lounger => outdoor::lounger(look, design, seed),
        Kind::Planter => plants::planter(look, design, seed),
        Kind::Parasol => outdoor::parasol(look, design, seed),
        Kind::TowelStack => bath::towel_stack(look, design, seed),
        Kind::TowelRack => bath::towel_rack(look, design, seed),
        Kind::BathMat => bath::mat(look, design, seed),
        Kind::SoapSet => bath::soap_set(look, design, seed),
        Kind::FruitBowl => kitchen::fruit_bowl(look, design, seed),
        Kind::KitchenSet => kitchen::set(look, design, seed),
        Kind::Tableware => tableware::tableware(look, design, seed),
        Kind::Basket => baskets::floor_basket(look, design, seed),
        Kind::PendantLamp => lamps::pendant(look, design, seed),
        Kind::Screen => screens::screen(design, seed),
    }
}

/// [`build`] with the piece's principal cloth, wood or finish in another colour, `0xRRGGBB` in sRGB.
///
/// Only the colour changes: weave, grain and relief stay, and so does the shape. The colour is kept within what
/// furnishing reflects ([`crate::model::material::ALBEDO_RANGE`]).
pub fn build_tinted(look: &Look, design: &Design, seed: u32, tint: Option<u32>) -> Piece {
    let piece = build(look, design, seed);
    match tint {
        Some(colour) => tint_piece(piece, colour),
        None => piece,
    }
}
