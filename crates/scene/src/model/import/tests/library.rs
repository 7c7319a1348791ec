//! The whole path of a `.sh3f` library, and the shortlist of this repository.

use std::sync::Arc;

use super::files;
use crate::furnish::{Kind, PlacementSpec, SpecError, Style, Support, no_assets, rebuild};
use crate::geometry::Vec3;
use crate::model::import::{Asset, ImportError, Library, Limits, import_entry, shortlist};
use crate::model::material::Texture;

fn table() -> Asset {
    let bytes = files::library();
    let library = Library::open(&bytes, &Limits::default()).expect("a library");
    import_entry(&library, &library.entries[0], None, &Limits::default()).expect("a table")
}

#[test]
fn a_table_of_a_library_stands_upright_in_its_size_with_picture_and_credit() {
    let asset = table();
    let header = &asset.header;
    assert_eq!(
        (header.kind, header.name.as_str()),
        (Kind::DiningTable, "Café table")
    );
    assert_eq!(
        header.credit.line(),
        "“Café table” by A. Maker, Test library, CC BY 3.0; changes were made"
    );
    let bounds = asset.mesh.bounds();
    assert!(
        (bounds.min - Vec3::new(-0.6, 0.0, -0.3)).length() < 1e-4,
        "{bounds:?}"
    );
    assert!(
        (bounds.max - Vec3::new(0.6, 0.75, 0.3)).length() < 1e-4,
        "{bounds:?}"
    );
    assert!((header.top_m - 0.75).abs() < 1e-3);
    // The picture on the author's disk was found beside the model, whatever its letter case.
    let piece = asset.piece(None, None);
    let Texture::Image { picture } = &piece.materials[0].texture else {
        panic!("{:?}", piece.materials[0])
    };
    let seen = picture.at(crate::geometry::Vec2::splat(0.5));
    assert!((seen.x - 0.58).abs() < 0.02 && seen.z < 0.2, "{seen}");
    assert!((piece.materials[0].roughness - (2.0f32 / 98.0).powf(0.25)).abs() < 1e-3);
}

#[test]
fn an_asset_reads_back_as_it_was_written_and_fits_any_size() {
    let asset = table();
    let read = Asset::from_bytes(&asset.to_bytes()).expect("an asset");
    assert_eq!(read.header, asset.header);
    assert_eq!(read.mesh.positions, asset.mesh.positions);
    assert_eq!(read.mesh.triangles, asset.mesh.triangles);
    assert_eq!(
        read.piece(None, None).materials,
        asset.piece(None, None).materials
    );
    assert_eq!(read.to_bytes(), asset.to_bytes());

    let piece = read.piece(Some(Vec3::new(1.8, 0.7, 0.9)), Some(0x33_6699));
    assert!((piece.mesh.bounds().size() - Vec3::new(1.8, 0.7, 0.9)).length() < 1e-4);
    let albedo = piece.materials[0].albedo;
    assert!(albedo.z > 2.0 * albedo.x, "tinted blue: {albedo}");
}

#[test]
fn a_placement_that_names_an_asset_is_built_from_it() {
    let asset = Arc::new(table());
    let find = |id: &str| (id == "a1").then(|| asset.clone());
    let spec = PlacementSpec {
        id: "table-1".into(),
        kind: Kind::DiningTable,
        option: 9,
        style: Style::Modern,
        palette: "stone and black".into(),
        seed: 1,
        tint: None,
        position_m: [0.0, 1.3, 3.0],
        yaw_deg: 30.0,
        size_m: [1.5, 0.75, 0.8],
        support: Support::Floor,
        asset: Some("a1".into()),
        print: None,
    };
    let placed = rebuild(&spec, &find).expect("a placement");
    assert_eq!(placed.piece.name, "Café table");
    assert!((placed.piece.mesh.bounds().size() - Vec3::new(1.5, 0.75, 0.8)).length() < 1e-4);
    let again = placed.spec().expect("a spec");
    assert_eq!((again.asset.as_deref(), again.size_m), (Some("a1"), spec.size_m));
    assert_eq!(
        rebuild(&spec, &no_assets).map(|p| p.piece.name).err(),
        Some(SpecError::UnknownAsset("a1".into()))
    );
}

#[test]
fn doors_and_what_nobody_named_are_refused_in_words() {
    let bytes = files::library();
    let library = Library::open(&bytes, &Limits::default()).expect("a library");
    let refused = import_entry(&library, &library.entries[1], None, &Limits::default());
    assert_eq!(refused.err(), Some(ImportError::UnknownKind("Door".into())));
}

#[test]
fn the_shortlist_of_the_repository_can_be_followed() {
    let text = include_str!("../../../../../../furniture/shortlist.csv");
    let choices = shortlist::parse(text).expect("a shortlist");
    assert_eq!(choices.len(), 70);
    let excluded = choices.iter().filter(|choice| choice.exclude.is_some()).count();
    assert!((3..10).contains(&excluded), "{excluded}");
    for choice in &choices {
        let needs_author = choice.licence.starts_with("CC BY");
        assert!(
            !needs_author || !choice.creator.is_empty(),
            "{} has no author",
            choice.model
        );
    }
    let rug = choices.iter().find(|c| c.model == "oriental-rug").expect("a rug");
    assert_eq!(
        rug.textures,
        [("Oriental_rug".to_string(), "rug.jpg".to_string())]
    );
}

#[test]
fn a_line_of_a_shortlist_that_cannot_be_followed_is_named() {
    let head = shortlist::COLUMNS.join(",");
    let read = |line: &str| {
        shortlist::parse(&format!("{head}\n{line}\n"))
            .expect_err("it is wrong")
            .to_string()
    };
    assert_eq!(
        read("lib,m,throne,modern,,,,,,,,"),
        "line 2 of the shortlist: \"throne\" is no kind of furniture"
    );
    assert!(read("lib,m,sofa,modern,,,,,seat=velvet#12,,,").contains("is no finish"));
    assert!(read("lib,m,sofa,modern").contains("4 cells instead of 12"));
}
