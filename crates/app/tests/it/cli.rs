//! `vitrine stage` as a person uses it.

use std::path::Path;
use std::process::Output;

use serde_json::Value;
use vitrine_scene::image::{Limits, RgbImage, decode, encode_png};

use crate::process::{empty_room, vitrine};

fn stage(arguments: &[&str]) -> Output {
    let mut all = vec!["stage"];
    all.extend(arguments);
    vitrine(&all).output().expect("it runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("plain names")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_photo_is_furnished_and_the_same_seed_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (folder.path().join("first.jpg"), folder.path().join("second.jpg"));
    let room = empty_room();
    for output in [&first, &second] {
        let result = stage(&[
            text(&room),
            "--room",
            "bedroom",
            "--style",
            "scandinavian",
            "--seed",
            "7",
            "-o",
            text(output),
        ]);
        assert!(result.status.success(), "{}", stderr(&result));
    }
    let (first, second) = (
        std::fs::read(first).expect("written"),
        std::fs::read(second).expect("written"),
    );
    assert_eq!(first, second);
    assert_ne!(first, std::fs::read(room).expect("the photo"));
}

#[test]
fn json_says_what_was_seen_and_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let (output, masks) = (folder.path().join("out.jpg"), folder.path().join("masks"));
    let room = empty_room();
    let result = stage(&[
        text(&room),
        "--room",
        "living_room",
        "--json",
        "--masks",
        text(&masks),
        "-o",
        text(&output),
    ]);
    assert!(result.status.success(), "{}", stderr(&result));
    let line: Value = serde_json::from_slice(&result.stdout).expect("one line of JSON");
    assert_eq!(line["image"], "v01_sunny_living_room.jpg");
    assert_eq!(line["room_type"], "living_room");
    assert!(
        line["camera"]["fx"].as_f64().is_some_and(|focal| focal > 100.0),
        "{line}"
    );
    assert!(
        line["layout"]["floor_polygon_px"]
            .as_array()
            .is_some_and(|polygon| polygon.len() >= 3),
        "{line}"
    );
    assert!(
        line["furniture"]
            .as_array()
            .is_some_and(|pieces| !pieces.is_empty()),
        "{line}"
    );
    for kind in ["furniture", "shadow"] {
        let path = line["masks"][kind].as_str().expect("a path");
        assert!(std::fs::metadata(path).expect("a mask").len() > 0);
    }
}

#[test]
fn another_floor_and_paint_on_a_straightened_photo() {
    let folder = tempfile::tempdir().expect("a folder");
    let (output, masks) = (folder.path().join("out.jpg"), folder.path().join("masks"));
    let room = empty_room();
    let result = stage(&[
        text(&room),
        "--floor",
        "walnut",
        "--walls",
        "#9fb0a3",
        "--straighten",
        "--json",
        "--masks",
        text(&masks),
        "-o",
        text(&output),
    ]);
    assert!(result.status.success(), "{}", stderr(&result));
    let line: Value = serde_json::from_slice(&result.stdout).expect("one line of JSON");
    let surfaces = line["masks"]["surface"].as_str().expect("a path");
    assert!(std::fs::metadata(surfaces).expect("a mask").len() > 1000);
    // The vertical axis has no share of the view's horizontal and hardly any of its depth.
    let up = line["camera"]["up_in_camera"].as_array().expect("a direction");
    assert!(up[0].as_f64().is_some_and(|x| x.abs() < 0.01), "{up:?}");

    let wrong = stage(&[text(&room), "--walls", "red", "-o", text(&output)]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        stderr(&wrong).contains("is no colour like #e8e0d4"),
        "{}",
        stderr(&wrong)
    );
}

#[test]
fn analyze_renders_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let photo = folder.path().join("room.jpg");
    std::fs::copy(empty_room(), &photo).expect("a copy");
    let result = stage(&[text(&photo), "--analyze", "--json"]);
    assert!(result.status.success(), "{}", stderr(&result));
    let line: Value = serde_json::from_slice(&result.stdout).expect("JSON");
    assert!(line["confidence"].as_f64().is_some());
    assert!(line.get("furniture").is_none());
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1);
}

#[test]
fn what_is_no_photo_is_refused_in_one_line_with_exit_code_2_and_no_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let jpeg = std::fs::read(empty_room()).expect("the photo");
    let broken: [(&str, Vec<u8>); 5] = [
        ("empty.jpg", Vec::new()),
        ("text.jpg", b"this is not a picture".to_vec()),
        ("truncated.jpg", jpeg[..jpeg.len() / 2].to_vec()),
        ("bomb.png", png_header(60_000, 60_000)),
        ("tiny.png", png_header(8, 8)),
    ];
    for (name, bytes) in broken {
        let photo = folder.path().join(name);
        let output = folder.path().join(format!("{name}.out.jpg"));
        std::fs::write(&photo, bytes).expect("written");
        let result = stage(&[text(&photo), "-o", text(&output)]);
        assert_eq!(result.status.code(), Some(2), "{name}: {}", stderr(&result));
        assert_eq!(
            stderr(&result).trim_end().lines().count(),
            1,
            "{name}: {}",
            stderr(&result)
        );
        assert!(!output.exists(), "{name}");
    }
    let missing = stage(&[text(&folder.path().join("nowhere.jpg"))]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn a_folder_keeps_the_good_ones_and_overwrites_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = folder.path().join("out");
    let photos = folder.path().join("photos");
    std::fs::create_dir(&photos).expect("made");
    std::fs::copy(empty_room(), photos.join("a.jpg")).expect("a copy");
    std::fs::write(photos.join("b.jpg"), b"broken").expect("written");
    let result = stage(&[text(&photos), "--room", "office", "-o", text(&output)]);
    assert_eq!(result.status.code(), Some(2), "{}", stderr(&result));
    assert!(stderr(&result).contains("b.jpg"), "{}", stderr(&result));
    let staged = output.join("a.staged.jpg");
    let bytes = std::fs::read(&staged).expect("the good one was kept");
    std::fs::remove_file(photos.join("b.jpg")).expect("removed");
    let again = stage(&[text(&photos), "--room", "bedroom", "-o", text(&output)]);
    assert_eq!(again.status.code(), Some(2), "{}", stderr(&again));
    assert!(stderr(&again).contains("--force"), "{}", stderr(&again));
    assert_eq!(std::fs::read(&staged).expect("still there"), bytes);
}

#[test]
fn unknown_words_are_usage_errors() {
    let room = empty_room();
    for arguments in [
        ["--room", "ballroom"],
        ["--room", "garage"],
        ["--plan", "0"],
        ["--plan", "4"],
        ["--style", "baroque"],
        ["--seed", "0"],
    ] {
        let result = stage(&[text(&room), arguments[0], arguments[1]]);
        assert_eq!(result.status.code(), Some(2), "{arguments:?}");
    }
}

/// The start of a PNG file that claims the given size and holds nothing else.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([8, 2, 0, 0, 0]);
    let crc = crc32fast::hash(&chunk);
    let mut file = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d".to_vec();
    file.extend(chunk);
    file.extend(crc.to_be_bytes());
    file
}

#[test]
fn furniture_is_imported_for_everybody_and_again_without_doubles() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = folder.path().join("stool.glb");
    std::fs::write(&model, triangle_glb()).expect("written");
    let import = |arguments: &[&str]| {
        let mut all = vec!["furniture", "import", text(&model)];
        all.extend(arguments);
        vitrine(&all)
            .env("VITRINE_DATA_DIR", folder.path().join("data"))
            .output()
            .expect("it runs")
    };
    let unsaid = import(&[]);
    assert!(
        !unsaid.status.success() && stderr(&unsaid).contains("--kind"),
        "{}",
        stderr(&unsaid)
    );
    for _ in 0..2 {
        let done = import(&["--kind", "art", "--licence", "CC0 1.0"]);
        assert!(done.status.success(), "{}", stderr(&done));
        let table = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(
            table.contains("imported  stool.glb") && table.ends_with("1 imported, 0 not\n"),
            "{table}"
        );
    }
    let kept = std::fs::read_dir(folder.path().join("data/files/furniture/instance")).expect("the files");
    assert_eq!(kept.count(), 2, "one asset and its picture");
}

/// A picture of one colour that nothing else has.
fn magenta_file(folder: &Path, width: u32, height: u32) -> std::path::PathBuf {
    let picture = RgbImage::from_pixel(width, height, [230, 0, 230].into());
    let path = folder.join("design.png");
    std::fs::write(&path, encode_png(&picture, None).expect("it encodes")).expect("it is written");
    path
}

fn magenta(path: &Path) -> usize {
    let bytes = std::fs::read(path).expect("a file");
    let picture = decode(&bytes, &Limits::default()).expect("a picture").rgb;
    let colors = picture
        .pixels()
        .map(|p| i32::from(p[0].min(p[2])) - i32::from(p[1]));
    colors.filter(|excess| *excess > 60).count()
}

#[test]
fn a_design_is_shown_on_every_product() {
    let folder = tempfile::tempdir().expect("a folder");
    let design = magenta_file(folder.path(), 64, 64);
    let run = |arguments: &[&str]| {
        let mut all = vec!["mockup", text(&design), "--width", "200", "--preview"];
        all.extend(arguments);
        vitrine(&all).output().expect("it runs")
    };
    let out = folder.path().join("out");
    let made = run(&["--json", "--masks", text(&out), "-o", text(&out)]);
    assert!(made.status.success(), "{}", stderr(&made));
    let lines: Vec<Value> = String::from_utf8_lossy(&made.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    let products: Vec<&Value> = lines.iter().map(|line| &line["product"]).collect();
    assert_eq!(products, ["poster", "mug", "tshirt", "tote"]);
    for line in &lines {
        let file = Path::new(line["output"].as_str().expect("a path"));
        assert!(magenta(file) > 200, "{line}");
        assert!(Path::new(line["mask"].as_str().expect("a path")).exists());
        assert_eq!(
            (&line["width"], &line["height"]),
            (&Value::from(200), &Value::from(150))
        );
    }

    let again = run(&["-o", text(&out)]);
    assert!(stderr(&again).contains("--force"), "{}", stderr(&again));
    let wrong = run(&["--product", "mug", "--scene", "beach"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("desk, studio"), "{}", stderr(&wrong));
    let wrong = run(&["--product", "tshirt", "--color", "sparkling"]);
    assert!(stderr(&wrong).contains("charcoal"), "{}", stderr(&wrong));
}

#[test]
fn a_picture_of_ones_own_hangs_in_a_staged_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let art = magenta_file(folder.path(), 400, 300);
    let output = folder.path().join("out.png");
    let room = empty_room();
    let staged = |more: &[&str]| {
        let mut all = vec![
            text(&room),
            "--room",
            "bedroom",
            "--seed",
            "7",
            "--force",
            "-o",
            text(&output),
        ];
        all.extend(more);
        let result = stage(&all);
        assert!(result.status.success(), "{}", stderr(&result));
        magenta(&output)
    };
    assert!(staged(&[]) < 20);
    let shown = staged(&["--print", text(&art), "--print-frame", "black"]);
    assert!(shown > 400, "{shown} pixels");
}

/// A binary glTF model of one upright triangle.
fn triangle_glb() -> Vec<u8> {
    let mut binary = Vec::new();
    for value in [0.0f32, 0.0, 0.0, 0.6, 0.0, 0.02, 0.0, 0.8, 0.0] {
        binary.extend(value.to_le_bytes());
    }
    let mut json = serde_json::json!({
        "asset": {"version": "2.0"},
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "bufferViews": [{"buffer": 0, "byteLength": 36}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"}],
        "buffers": [{"byteLength": 36}]
    })
    .to_string()
    .into_bytes();
    json.resize(json.len().next_multiple_of(4), b' ');
    let mut bytes = b"glTF\x02\0\0\0".to_vec();
    bytes.extend((28 + json.len() as u32 + 36).to_le_bytes());
    bytes.extend((json.len() as u32).to_le_bytes());
    bytes.extend(b"JSON");
    bytes.extend(json);
    bytes.extend(36u32.to_le_bytes());
    bytes.extend(b"BIN\0");
    bytes.extend(binary);
    bytes
}
