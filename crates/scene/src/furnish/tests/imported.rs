//! Imported pieces among those of the catalogue.

use std::collections::HashMap;

use super::*;
use crate::model::import::tests::{files, glb};
use crate::model::import::{Asset, Limits, Order as ImportOrder, import_glb};

/// A box as an imported piece of a kind.
fn asset(kind: Kind, style: Style, size: [f32; 3]) -> Asset {
    let (description, binary) = files::box_glb();
    let order = ImportOrder {
        kind,
        style,
        size: Some(Vec3::from_array(size)),
        ..glb::order()
    };
    import_glb(&files::glb(&description, &binary), &order, &Limits::default()).expect("a box is a model")
}

/// A library whose pieces are named `sofa`, `armchair` and so on; those of `gone` have no file any more.
fn library(pieces: Vec<Asset>, preference: Preference, gone: &[&str]) -> Library {
    let named: HashMap<String, Arc<Asset>> = pieces
        .into_iter()
        .map(|piece| {
            let kind = serde_json::json!(piece.header.kind);
            (kind.as_str().expect("a word").to_owned(), Arc::new(piece))
        })
        .collect();
    let mut pieces: Vec<Imported> = named
        .iter()
        .map(|(id, asset)| Imported::of(id.clone(), &asset.header))
        .collect();
    pieces.sort_by(|a, b| a.id.cmp(&b.id));
    let gone: Vec<String> = gone.iter().map(|id| (*id).to_owned()).collect();
    Library {
        pieces,
        preference,
        assets: Arc::new(move |id: &str| {
            named
                .get(id)
                .filter(|_| !gone.iter().any(|lost| lost == id))
                .cloned()
        }),
    }
}

fn living_room(style: Style, library: Option<&Library>) -> Order<'_> {
    Order {
        surroundings: Surroundings::default(),
        room_type: Some(RoomType::LivingRoom),
        style,
        seed: 4,
        library,
    }
}

fn furnished(library: &Library, style: Style) -> Plan {
    let (room, camera) = plain_room();
    let order = living_room(style, Some(library));
    let plan =
        plan_at(0, &room, &camera, &order, &Control::default()).expect("a plain room can be furnished");
    assert_eq!(check(&room, &camera, &plan.placements), []);
    plan
}

fn assets_in(plan: &Plan) -> Vec<&str> {
    let sources = plan.placements.iter().filter_map(|p| p.source.as_ref());
    sources.filter_map(|source| source.asset.as_deref()).collect()
}

#[test]
fn a_room_that_prefers_imported_pieces_gets_them_with_their_credits() {
    let sofa = asset(Kind::Sofa, Style::Modern, [2.0, 0.8, 0.9]);
    let table = asset(Kind::CoffeeTable, Style::Modern, [1.1, 0.42, 0.6]);
    let library = library(vec![sofa, table], Preference::Preferred, &[]);
    let plan = furnished(&library, Style::Modern);
    let found = assets_in(&plan);
    assert!(
        found.contains(&"sofa") && found.contains(&"coffee_table"),
        "{found:?}"
    );
    // Both are of one author: one line.
    assert_eq!(plan.credits.len(), 1);
    assert_eq!(plan.credits[0].licence, "own work");
    for placement in plan.placements.iter().filter(|p| p.piece.kind == Kind::Sofa) {
        let spec = placement.spec().expect("it has a source");
        let again = rebuild(&spec, &*library.assets).expect("it is there still");
        assert_eq!(again.piece.mesh.positions, placement.piece.mesh.positions);
        assert_eq!(again.spec(), Some(spec));
    }
}

#[test]
fn what_is_not_wanted_or_of_another_style_or_no_such_size_is_not_placed() {
    let sofa = || asset(Kind::Sofa, Style::Modern, [2.0, 0.8, 0.9]);
    let unwanted = library(vec![sofa()], Preference::None, &[]);
    assert_eq!(assets_in(&furnished(&unwanted, Style::Modern)), [""; 0]);
    let other = library(vec![sofa()], Preference::Preferred, &[]);
    assert_eq!(assets_in(&furnished(&other, Style::Traditional)), [""; 0]);
    let toy = asset(Kind::Sofa, Style::Modern, [0.4, 0.2, 0.2]);
    let toys = library(vec![toy], Preference::Preferred, &[]);
    let plan = furnished(&toys, Style::Modern);
    assert_eq!(assets_in(&plan), [""; 0]);
    assert_eq!(plan.credits, []);
}

#[test]
fn mixed_rooms_have_imported_pieces_now_and_then() {
    let sofa = asset(Kind::Sofa, Style::Modern, [2.0, 0.8, 0.9]);
    let library = library(vec![sofa], Preference::Mixed, &[]);
    let offered = (0..40u32)
        .filter(|seed| !library.designs(Style::Modern, *seed).is_empty())
        .count();
    assert!((10..=30).contains(&offered), "{offered} of 40 rooms");
}

#[test]
fn a_piece_whose_file_is_gone_gives_its_place_to_the_catalogue() {
    let table = asset(Kind::SideTable, Style::Modern, [0.5, 0.55, 0.5]);
    let sofa = asset(Kind::Sofa, Style::Modern, [2.0, 0.8, 0.9]);
    let pieces = vec![table, sofa];
    let library = library(pieces, Preference::Preferred, &["side_table", "sofa"]);
    let plan = furnished(&library, Style::Modern);
    assert_eq!(assets_in(&plan), [""; 0]);
    assert!(plan.placements.iter().any(|p| p.piece.kind == Kind::Sofa));
}

#[test]
fn another_photo_of_the_room_shows_the_same_imported_pieces() {
    let sofa = asset(Kind::Sofa, Style::Modern, [2.0, 0.8, 0.9]);
    let library = library(vec![sofa], Preference::Preferred, &[]);
    let plan = furnished(&library, Style::Modern);
    let list = Furniture::of(plan.room_type, &plan.placements).expect("it has pieces");
    let (room, camera) = plain_room();
    let same = |library| plan_with(&list, library, &room, &camera, 9, &Control::default());
    let again = same(Some(&library)).expect("the room is the same");
    assert!(assets_in(&again).contains(&"sofa"));
    let without = same(None).expect("other pieces are left");
    assert!(without.placements.iter().all(|p| p.piece.kind != Kind::Sofa));
}
