//! Ground truth in MATLAB files, read by `eval_rooms`.

#[path = "../../examples/eval_rooms/matlab.rs"]
mod matlab;
#[path = "../../examples/eval_rooms/york.rs"]
mod york;

use std::path::Path;

use matlab::{Matrix, read};

/// A writer of the part of the format that York Urban's files use.
struct Writer {
    is_big_endian: bool,
    file: Vec<u8>,
}

impl Writer {
    fn new(is_big_endian: bool) -> Self {
        let mut file = vec![b' '; 128];
        file[124..].copy_from_slice(if is_big_endian {
            &[1, 0, b'M', b'I']
        } else {
            &[0, 1, b'I', b'M']
        });
        Self { is_big_endian, file }
    }

    fn word(&self, value: u32) -> [u8; 4] {
        if self.is_big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    fn double(&self, value: f64) -> [u8; 8] {
        if self.is_big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    fn element(&self, kind: u32, data: &[u8]) -> Vec<u8> {
        let mut element = [self.word(kind), self.word(data.len() as u32)].concat();
        element.extend_from_slice(data);
        element.resize(element.len().next_multiple_of(8), 0);
        element
    }

    /// Up to four bytes inside of the tag.
    fn small(&self, kind: u32, data: &[u8]) -> Vec<u8> {
        let mut element = self.word((data.len() as u32) << 16 | kind).to_vec();
        element.extend_from_slice(data);
        element.resize(8, 0);
        element
    }

    fn array(&self, class: u32, name: &str, rows: u32, columns: u32, values: Vec<u8>) -> Vec<u8> {
        let flags = [self.word(class), self.word(0)].concat();
        let sizes = [self.word(rows), self.word(columns)].concat();
        let name = if name.len() <= 4 {
            self.small(1, name.as_bytes())
        } else {
            self.element(1, name.as_bytes())
        };
        let parts = [self.element(6, &flags), self.element(5, &sizes), name, values];
        self.element(14, &parts.concat())
    }

    fn doubles(&self, name: &str, rows: u32, columns: u32, values: &[f64]) -> Vec<u8> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| self.double(*value)).collect();
        self.array(6, name, rows, columns, self.element(9, &bytes))
    }

    fn put(&mut self, array: &[u8], is_compressed: bool) {
        if is_compressed {
            let packed = miniz_oxide::deflate::compress_to_vec_zlib(array, 6);
            let tag = [self.word(15), self.word(packed.len() as u32)].concat();
            self.file.extend_from_slice(&tag);
            self.file.extend_from_slice(&packed);
        } else {
            self.file.extend_from_slice(array);
        }
    }
}

#[test]
fn numbers_come_back_in_either_byte_order_and_compressed_or_not() {
    for is_big_endian in [false, true] {
        for is_compressed in [false, true] {
            let mut writer = Writer::new(is_big_endian);
            let directions = [0.5, -1.25, 3.0, 4.0, 5.5, -6.0];
            writer.put(&writer.doubles("vp_orthogonal", 3, 2, &directions), is_compressed);
            // A cell (class 1) in between, which is skipped.
            writer.put(
                &writer.array(1, "names", 1, 1, writer.element(14, &[])),
                is_compressed,
            );
            // A double that MATLAB stored in one signed byte, inside of the tag.
            writer.put(
                &writer.array(6, "k", 1, 1, writer.small(1, &[0xFE])),
                is_compressed,
            );
            let arrays = read(&writer.file).expect("it is whole");
            let expected = Matrix {
                rows: 3,
                columns: 2,
                values: directions.to_vec(),
            };
            assert_eq!(arrays.get("vp_orthogonal"), Some(&expected));
            assert_eq!(expected.at(1, 1), Some(5.5));
            assert_eq!(arrays["k"].scalar(), Some(-2.0));
            assert!(!arrays.contains_key("names"));
        }
    }
}

#[test]
fn damaged_files_say_so() {
    assert!(read(b"MATLAB 5.0").is_err());
    let mut writer = Writer::new(false);
    writer.put(&writer.doubles("focal", 1, 1, &[6.05]), false);
    let whole = writer.file.clone();
    assert!(read(&whole[..whole.len() - 4]).is_err());
    let mut wrong_size = whole;
    wrong_size[128 + 8 + 16 + 8] = 9;
    assert!(read(&wrong_size).is_err());
    let mut garbage = Writer::new(false);
    garbage
        .file
        .extend_from_slice(&[15, 0, 0, 0, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert!(read(&garbage.file).is_err());
}

fn save(path: &Path, arrays: &[(&str, u32, u32, &[f64])], is_compressed: bool) {
    let mut writer = Writer::new(false);
    for (name, rows, columns, values) in arrays {
        writer.put(&writer.doubles(name, *rows, *columns, values), is_compressed);
    }
    std::fs::write(path, writer.file).expect("the folder is ours");
}

#[test]
fn a_folder_laid_out_as_york_urban_gives_camera_and_directions() {
    let folder = tempfile::tempdir().expect("a folder");
    let photo = folder.path().join("P1020171");
    std::fs::create_dir(&photo).expect("a folder");
    save(
        &folder.path().join("cameraParameters.mat"),
        &[
            ("focal", 1, 1, &[6.0532]),
            ("pixelSize", 1, 1, &[0.008_968_75]),
            ("pp", 1, 2, &[307.5513, 251.4542]),
        ],
        true,
    );
    // Columns: across, vertical, away; y up.
    let directions = [0.8, 0.0, 0.6, 0.0, 1.0, 0.0, -0.6, 0.0, 0.8];
    save(
        &photo.join("P1020171GroundTruthVP_Orthogonal_CamParams.mat"),
        &[("vp_orthogonal", 3, 3, &directions)],
        false,
    );
    let truth = york::truth(folder.path(), "P1020171")
        .expect("it is read")
        .expect("it is there");
    let camera = &truth["camera"];
    let near = |value: &serde_json::Value, expected: f64| {
        (value.as_f64().expect("a number") - expected).abs() < 1e-3
    };
    assert!(near(&camera["fx"], 674.921), "{camera}");
    assert!(near(&camera["cx"], 307.0513) && near(&camera["cy"], 250.9542));
    assert!(
        near(&camera["up_in_camera"][1], -1.0),
        "y points down here: {camera}"
    );
    assert!(near(&camera["horizontal_axes_in_camera"][0][2], 0.6));
    assert!(near(&camera["horizontal_axes_in_camera"][1][0], -0.6));
    assert_eq!(
        york::truth(folder.path(), "P0000000").expect("nothing is no error"),
        None
    );
}
