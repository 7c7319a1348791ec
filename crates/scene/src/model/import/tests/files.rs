//! Files for tests: zip archives, libraries, glTF models.

use ::image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

/// A zip archive with every second entry deflated.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (number, (name, content)) in files.iter().enumerate() {
        let method = (number % 2 * 8) as u16;
        let packed = match method {
            0 => content.to_vec(),
            _ => miniz_oxide::deflate::compress_to_vec(content, 6),
        };
        let mut shared = Vec::new();
        for half in [20u16, 0, method, 0, 0] {
            shared.extend(half.to_le_bytes());
        }
        for word in [
            crc32fast::hash(content),
            packed.len() as u32,
            content.len() as u32,
        ] {
            shared.extend(word.to_le_bytes());
        }
        shared.extend((name.len() as u16).to_le_bytes());
        shared.extend([0; 2]);
        let start = bytes.len() as u32;
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&shared);
        bytes.extend(name.as_bytes());
        bytes.extend(packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&shared);
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend((files.len() as u16).to_le_bytes());
    bytes.extend((files.len() as u16).to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// A box of quads between two corners, as OBJ text with texture coordinates.
pub fn box_obj(low: [f32; 3], high: [f32; 3]) -> String {
    let mut text = String::from("mtllib the box.mtl\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\n");
    for i in 0..8 {
        let at = |axis: usize| if i >> axis & 1 == 1 { high[axis] } else { low[axis] };
        text.push_str(&format!("v {} {} {}\n", at(0), at(1), at(2)));
    }
    text.push_str("usemtl pale wood\n");
    for [a, b, c, d] in [
        [1, 5, 7, 3],
        [2, 4, 8, 6],
        [1, 2, 6, 5],
        [3, 7, 8, 4],
        [1, 3, 4, 2],
        [5, 6, 8, 7],
    ] {
        text.push_str(&format!("f {a}/1 {b}/2 {c}/3 {d}/4\n"));
    }
    text
}

pub fn png(color: [u8; 3]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(8, 8, Rgb(color))
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("a picture can be written");
    bytes.into_inner()
}

/// A library of two models: a table that lies on its side in the file, and a door.
pub fn library() -> Vec<u8> {
    let catalogue = "# a comment\nid=test\nname=Test library\nlicense=CC BY 3.0\n\
        id#1=Test#table\nname#1=Caf\\u00e9 table\ncategory#1=Living \\\n    room\n\
        model#1=/test/table/table.obj\nwidth#1=120\ndepth#1=60\nheight#1=75\n\
        modelRotation#1=1 0 0 0 0 1 0 -1 0\ncreator#1=A. Maker\n\
        id#2=Test#door\nname#2=Door\nmodel#2=/test/table/table.obj\nwidth#2=90\ndepth#2=10\nheight#2=200\n\
        doorOrWindow#2=true\n";
    zip(&[
        ("PluginFurnitureCatalog.properties", catalogue.as_bytes()),
        ("test/table/", b""),
        (
            "test/table/table.obj",
            box_obj([0.0, 0.0, 0.0], [40.0, 20.0, 30.0]).as_bytes(),
        ),
        (
            "test/table/the box.mtl",
            b"newmtl pale wood\nKd 1 1 1\nNs 96\nKs 1 1 1\nmap_Kd C:\\Users\\me\\wood grain.png\n",
        ),
        ("test/table/Wood Grain.png", &png([200, 160, 110])),
    ])
}

/// The parts of a binary glTF file.
pub fn glb(description: &Value, binary: &[u8]) -> Vec<u8> {
    let mut json = serde_json::to_vec(description).expect("a description has a text");
    json.resize(json.len().next_multiple_of(4), b' ');
    let mut bytes = b"glTF\x02\0\0\0".to_vec();
    bytes.extend(((28 + json.len() + binary.len()) as u32).to_le_bytes());
    bytes.extend((json.len() as u32).to_le_bytes());
    bytes.extend(b"JSON");
    bytes.extend(json);
    bytes.extend((binary.len() as u32).to_le_bytes());
    bytes.extend(b"BIN\0");
    bytes.extend(binary);
    bytes
}

/// A box of 1 × 1 × 1 in a node that stretches and moves it, with a picture; description and binary.
pub fn box_glb() -> (Value, Vec<u8>) {
    let mut binary: Vec<u8> = Vec::new();
    for i in 0..8u32 {
        for axis in 0..3 {
            binary.extend(((i >> axis & 1) as f32).to_le_bytes());
        }
    }
    for i in 0..8u32 {
        for axis in 0..2 {
            binary.extend(((i >> axis & 1) as f32).to_le_bytes());
        }
    }
    let quads = [
        [0u16, 4, 6, 2],
        [1, 3, 7, 5],
        [0, 1, 5, 4],
        [2, 6, 7, 3],
        [0, 2, 3, 1],
        [4, 5, 7, 6],
    ];
    for [a, b, c, d] in quads {
        for i in [a, b, c, a, c, d] {
            binary.extend(i.to_le_bytes());
        }
    }
    let picture = png([90, 120, 60]);
    let start = binary.len();
    binary.extend(&picture);
    binary.resize(binary.len().next_multiple_of(4), 0);
    let description = json!({
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"children": [1], "translation": [5.0, 1.0, 0.0]}, {"mesh": 0, "scale": [0.5, 0.9, 0.4]}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_0": 1}, "indices": 2, "material": 0}]}],
        "materials": [{"name": "cover", "pbrMetallicRoughness": {
            "baseColorTexture": {"index": 0}, "metallicFactor": 0.0, "roughnessFactor": 0.7}}],
        "textures": [{"source": 0}],
        "images": [{"bufferView": 3, "mimeType": "image/png"}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 96},
            {"buffer": 0, "byteOffset": 96, "byteLength": 64},
            {"buffer": 0, "byteOffset": 160, "byteLength": 72},
            {"buffer": 0, "byteOffset": start, "byteLength": picture.len()}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 8, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5126, "count": 8, "type": "VEC2"},
            {"bufferView": 2, "componentType": 5123, "count": 36, "type": "SCALAR"}],
        "buffers": [{"byteLength": binary.len()}]
    });
    (description, binary)
}
