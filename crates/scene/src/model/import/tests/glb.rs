//! glTF models.

use serde_json::json;

use super::files;
use crate::furnish::{Kind, Style};
use crate::geometry::Vec3;
use crate::model::import::{Asset, Credit, ImportError, Limits, Order, import_glb};
use crate::model::material::Texture;

pub fn order() -> Order {
    Order {
        kind: Kind::Pouf,
        style: Style::Modern,
        name: "Box".into(),
        credit: Credit {
            title: "Box".into(),
            creator: None,
            library: None,
            licence: "own work".into(),
        },
        size: None,
        rotation: None,
        yaw_deg: 0.0,
        finishes: vec![],
        top: None,
        hangs: false,
    }
}

fn read(change: impl Fn(&mut serde_json::Value)) -> Result<Asset, ImportError> {
    let (mut description, binary) = files::box_glb();
    change(&mut description);
    import_glb(&files::glb(&description, &binary), &order(), &Limits::default())
}

#[test]
fn nodes_place_the_mesh_and_its_picture_covers_it() {
    let asset = read(|_| {}).expect("a model");
    let bounds = asset.mesh.bounds();
    assert!(
        (bounds.size() - Vec3::new(0.5, 0.9, 0.4)).length() < 1e-5,
        "{bounds:?}"
    );
    assert!(bounds.min.y.abs() < 1e-6, "it stands on the floor");
    let material = &asset.piece(None, None).materials[0];
    assert!(matches!(material.texture, Texture::Image { .. }));
    assert!(material.albedo.y > material.albedo.x && material.metallic == 0.0);
}

#[test]
fn what_is_not_read_is_refused_in_words() {
    let refused = |extension: &str| {
        read(|d| d["extensionsRequired"] = json!([extension]))
            .expect_err("refused")
            .to_string()
    };
    assert_eq!(
        refused("KHR_draco_mesh_compression"),
        "the model uses Draco-compressed meshes, which this importer does not read"
    );
    assert!(refused("KHR_texture_basisu").contains("KTX textures"));
    let outside = read(|d| d["images"] = json!([{"uri": "wood.png"}])).expect_err("refused");
    assert!(outside.to_string().contains("textures outside of the file"));
}

#[test]
fn descriptions_that_contradict_themselves_are_damaged() {
    let damaged = |change: &dyn Fn(&mut serde_json::Value)| {
        let error = read(change).expect_err("damaged");
        assert!(matches!(error, ImportError::Damaged { .. }), "{error}");
    };
    damaged(&|d| d["nodes"][1]["children"] = json!([0]));
    damaged(&|d| d["nodes"][0]["children"] = json!([7]));
    damaged(&|d| d["accessors"][0]["count"] = json!(9));
    damaged(&|d| d["accessors"][0]["byteOffset"] = json!(u64::MAX));
    damaged(&|d| d["accessors"][2]["type"] = json!("VEC2"));
    damaged(&|d| d["bufferViews"][0]["byteLength"] = json!(1_000_000));
    damaged(&|d| d["accessors"][0]["count"] = json!(4));
    let error = read(|d| d["accessors"][0]["count"] = json!(4_000_000_000u64)).expect_err("too large");
    assert_eq!(error.code(), "too_large");
}
