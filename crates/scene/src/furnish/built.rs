//! From boxes to pieces: the meshes of an arrangement, their names and what carries them.

use rayon::prelude::*;

use super::item::{Item, ids};
use super::list::Stock;
use super::polygon::contains;
use super::rules::{hangs, hangs_from_ceiling};
use super::search::Arrangement;
use super::space::Space;
use super::{Placement, Plan, RoomType, Source, Support};
use crate::geometry::{DVec2, DVec3};
use crate::model::import::Credit;
use crate::model::{Design, Look, Piece, build_tinted, forms};

/// Builds the pieces of an arrangement.
pub(super) fn furnished(
    space: &Space<'_>,
    arrangement: &Arrangement,
    stock: &Stock<'_>,
    look: &Look,
    seed: u32,
    room_type: RoomType,
) -> Plan {
    let items = &arrangement.items;
    let names = ids(items);
    let finishes = stock.finishes(items, seed);
    let built: Vec<(Placement, Option<Credit>)> = items
        .par_iter()
        .enumerate()
        .map(|(index, item)| {
            let (seed, tint) = finishes[index];
            let made = Made::of(stock, look, &item.design, (seed, tint));
            let placement = Placement {
                piece: made.piece,
                position: DVec3::new(
                    tidy(item.x, 1e4),
                    tidy(space.room.camera_height - item.lift, 1e4),
                    tidy(item.z, 1e4),
                ),
                yaw_deg: tidy(item.yaw, 1e2),
                source: Some(Source {
                    id: names[index].clone(),
                    design: made.design,
                    style: look.style,
                    palette: look.palette.name,
                    seed,
                    tint,
                    support: support_of(space, items, &names, index),
                    asset: made.asset,
                    print: None,
                }),
            };
            (placement, made.credit)
        })
        .collect();
    let (placements, credits): (Vec<Placement>, Vec<Option<Credit>>) = built.into_iter().unzip();
    let mut credits: Vec<Credit> = credits.into_iter().flatten().collect();
    credits.sort_by_cached_key(Credit::line);
    credits.dedup();
    Plan {
        room_type,
        placements,
        score: arrangement.score as f32,
        palette: look.palette.name,
        credits,
    }
}

/// A piece and where it is from.
struct Made {
    piece: Piece,
    design: Design,
    asset: Option<String>,
    credit: Option<Credit>,
}

impl Made {
    /// Builds a design, or fetches the imported piece it stands for. One that is gone by now gives its place to the
    /// catalogue's form of the same kind and size, so that nothing on it is left in the air.
    fn of(stock: &Stock<'_>, look: &Look, design: &Design, (seed, tint): (u32, Option<u32>)) -> Self {
        let imported = stock
            .library()
            .and_then(|library| Some((library, library.piece_of(design)?)));
        let asset = imported.and_then(|(library, piece)| Some((piece, library.assets.asset(&piece.id)?)));
        if let Some((known, asset)) = asset {
            return Self {
                piece: asset.piece(Some(design.size), tint),
                design: Design {
                    imported: None,
                    ..*design
                },
                asset: Some(known.id.clone()),
                credit: Some(asset.header.credit.clone()),
            };
        }
        let own = if imported.is_some() {
            let first = forms(design.kind, look.style)[0];
            Design {
                option: first.option,
                imported: None,
                ..*design
            }
        } else {
            *design
        };
        Self {
            piece: build_tinted(look, &own, seed, tint),
            design: own,
            asset: None,
            credit: None,
        }
    }
}

/// Rounded to a tenth of a millimetre (or a hundredth of a degree), so that text keeps every bit of it.
fn tidy(value: f64, per_unit: f64) -> f64 {
    (value * per_unit).round() / per_unit
}

/// What carries an item: the wall it hangs on, the piece whose top it stands on, or the floor.
fn support_of(space: &Space<'_>, items: &[Item], ids: &[String], index: usize) -> Support {
    let item = &items[index];
    if item.on_floor() {
        return Support::Floor;
    }
    if hangs_from_ceiling(item.design.kind) {
        return Support::Ceiling;
    }
    if let Some(wall) = space.wall_of(item).filter(|_| hangs(&item.design)) {
        return Support::Wall { wall };
    }
    let at = DVec2::new(item.x, item.z);
    (0..items.len())
        .find(|&k| {
            let top = f64::from(items[k].design.top) + items[k].lift;
            k != index
                && items[k].design.top > 0.0
                && (top - item.lift).abs() < 1e-6
                && contains(&items[k].footprint(0.0), at)
        })
        .map_or(Support::Floor, |k| Support::Item { id: ids[k].clone() })
}
