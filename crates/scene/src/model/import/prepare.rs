//! From a model as read to an asset: all repairs, in their order.

use std::collections::HashMap;
use std::sync::Arc;

use super::asset::{Asset, Credit, Parts};
use super::draft::Draft;
use super::error::Size;
use super::finish::{AssetMaterial, Finish, Wish, guess};
use super::{ImportError, repair};
use crate::furnish::{Kind, Style};
use crate::geometry::{Mesh, Vec3};
use crate::image::encode_jpeg;
use crate::model::image_texture::ImageTexture;

/// Sides a piece may have, metres.
const SIDES: std::ops::RangeInclusive<f32> = 0.002..=6.0;
/// Triangles of small things and plants, and of large furniture.
const DECOR_TRIANGLES: usize = 20_000;
const FURNITURE_TRIANGLES: usize = 60_000;

/// What a model is imported as.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub kind: Kind,
    pub style: Style,
    pub name: String,
    pub credit: Credit,
    /// Width, height, depth in metres after all turns; `None` takes the file's units for metres.
    pub size: Option<Vec3>,
    /// Nine numbers, row by row, that turn the model upright.
    pub rotation: Option<[f32; 9]>,
    /// Turn about the vertical after which the front faces +z.
    pub yaw_deg: f32,
    pub finishes: Vec<Wish>,
    /// Height where things are put down on it, metres; `None` looks for it.
    pub top: Option<f32>,
    /// Whether it hangs: on a wall or from the ceiling.
    pub hangs: bool,
}

pub(super) fn prepare(mut draft: Draft, order: &Order) -> Result<Asset, ImportError> {
    let mut repairs = Vec::new();
    if let Some(rows) = order.rotation {
        repair::rotate(&mut draft, rows);
    }
    if order.yaw_deg != 0.0 {
        repair::turn(&mut draft, order.yaw_deg);
    }
    let mut size = repair::fit(&mut draft, order.size);
    if !size.to_array().iter().all(|side| SIDES.contains(side)) {
        return Err(ImportError::ImpossibleSize(Size(size.to_array())));
    }
    if !order.hangs
        && let repair::Standing::Settled(by) = repair::settle(&mut draft)?
    {
        size.y -= by;
        repairs.push(format!("let down by {:.0} mm to stand", by * 1000.0));
    }
    let limit = if is_decor(order.kind) {
        DECOR_TRIANGLES
    } else {
        FURNITURE_TRIANGLES
    };
    let before = draft.triangles.len();
    if before > limit {
        let left = repair::simplify(&mut draft, limit);
        repairs.push(format!("thinned from {before} to {left} triangles"));
    }
    repair::mirror_windings(&mut draft);
    if draft.normals.contains(&Vec3::ZERO) {
        repairs.push("normals made smooth up to a crease of 40°".into());
    }
    repair::complete_normals(&mut draft);

    let main = main_material(&draft);
    let wishes: Vec<Option<&Wish>> = (0..draft.materials.len())
        .map(|slot| wish_for(&order.finishes, &draft.materials[slot].name, slot == main))
        .collect();
    for (material, wish) in draft.materials.iter_mut().zip(&wishes) {
        if wish.is_some_and(|wish| wish.is_bare) {
            material.texture = None;
            material.albedo = material.albedo.min(Vec3::splat(0.5));
        }
    }
    if repair::round_edges(&mut draft) {
        repairs.push("sharp edges rounded in the shading normal".into());
    }
    let has_picture: Vec<bool> = draft.materials.iter().map(|m| m.texture.is_some()).collect();
    repair::lay_out(&mut draft, &has_picture);

    let mut pictures: Vec<(Vec<u8>, Arc<ImageTexture>)> = Vec::new();
    let mut materials = Vec::new();
    let mut is_tamed = false;
    for (slot, material) in draft.materials.iter().enumerate() {
        let wish = wishes[slot];
        let finish = wish
            .and_then(|wish| wish.finish)
            .unwrap_or_else(|| guess(material, order.kind, slot == main));
        let (mut picture, mut mean) = (None, None);
        if let Some(image) = &material.texture
            && finish != Finish::Mirror
        {
            let encoded = encode_jpeg(image, 88, None)
                .map_err(|cause| ImportError::damaged("texture", cause.to_string()))?;
            let known = pictures.iter().position(|(bytes, _)| *bytes == encoded);
            let index = match known {
                Some(index) => index,
                None => {
                    // What is stored is what is seen: the picture after its compression.
                    let stored =
                        super::picture::Pictures::default().read(&encoded, &super::Limits::default())?;
                    let texture = ImageTexture::new(stored).ok_or(ImportError::Empty)?;
                    pictures.push((encoded, Arc::new(texture)));
                    pictures.len() - 1
                }
            };
            picture = Some(index as u16);
            mean = Some(pictures[index].1.mean());
        }
        let raw = material.albedo * mean.unwrap_or(Vec3::ONE);
        is_tamed |= repair::tame(raw) != raw;
        materials.push(AssetMaterial::of(
            material,
            mean,
            picture,
            finish,
            wish.and_then(|w| w.color),
        ));
    }
    if is_tamed {
        repairs.push("colours brought to 0.03–0.80 albedo".into());
    }
    let top = order
        .top
        .unwrap_or_else(|| repair::top_surface(&draft.positions, &draft.triangles, size));
    Asset::new(Parts {
        kind: order.kind,
        style: order.style,
        name: order.name.clone(),
        credit: order.credit.clone(),
        size,
        top: if carries(order.kind) { top.min(size.y) } else { 0.0 },
        hangs: order.hangs,
        mesh: Mesh {
            positions: draft.positions,
            normals: draft.normals,
            uvs: draft.uvs,
            triangles: draft.triangles,
            materials: draft.slots,
        },
        materials,
        pictures,
        repairs,
    })
}

/// The wish for a material: by name, as the main one, or the one for all others.
fn wish_for<'w>(wishes: &'w [Wish], name: &str, is_main: bool) -> Option<&'w Wish> {
    let named = |wanted: &str| wishes.iter().find(|wish| wish.material == wanted);
    named(name)
        .or_else(|| if is_main { named("main") } else { None })
        .or_else(|| named("*"))
}

/// Index of the material with the largest surface.
fn main_material(draft: &Draft) -> usize {
    let mut areas: HashMap<u16, f32> = HashMap::new();
    for (t, &slot) in draft.triangles.iter().zip(&draft.slots) {
        let [a, b, c] = t.map(|i| draft.positions[i as usize]);
        *areas.entry(slot).or_default() += (b - a).cross(c - a).length();
    }
    areas
        .into_iter()
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map_or(0, |(slot, _)| usize::from(slot))
}

/// Small things, of which many stand in a room.
fn is_decor(kind: Kind) -> bool {
    use Kind::{
        Books, FloorLamp, FruitBowl, PendantLamp, Plant, Planter, SoapSet, TableLamp, Tableware, Vase,
    };
    matches!(
        kind,
        Plant
            | Planter
            | Vase
            | Books
            | TableLamp
            | FloorLamp
            | PendantLamp
            | Tableware
            | FruitBowl
            | SoapSet
    )
}

/// Kinds whose top carries other things.
fn carries(kind: Kind) -> bool {
    use Kind::{
        BedsideTable, Bench, CoffeeTable, Console, Desk, DiningTable, Dresser, OutdoorTable, ShoeBench,
        SideTable, Sideboard, Stool, TvBench,
    };
    matches!(
        kind,
        Bench
            | BedsideTable
            | CoffeeTable
            | Console
            | Desk
            | DiningTable
            | Dresser
            | OutdoorTable
            | ShoeBench
            | SideTable
            | Sideboard
            | Stool
            | TvBench
    )
}
