//! `vitrine stage`: photos in, furnished photos out.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use vitrine_scene::furnish::{Furniture, Hanging, Library, Preference, RoomType, SUPPORTED, Style};
use vitrine_scene::image::{self as picture, Photo, RgbImage};
use vitrine_scene::model::framed_print::Frame;
use vitrine_scene::model::ink::Ink;
use vitrine_scene::redecorate::straighten::Level;
use vitrine_scene::redecorate::{Color, Flooring, Redecoration};
use vitrine_scene::{Analysis, Control, StageError, StageRequest, report};

use super::shelf;

/// Exit code when a photo was refused or could not be read.
pub(super) const REFUSED: u8 = 2;

/// No photo of a room is larger; what is, is not read into memory.
pub(super) const MAX_FILE_BYTES: u64 = 256 << 20;

/// More than this a picture on a wall never shows, pixels.
const PRINT_SIDE: u32 = 2048;

/// Furnishes photos.
#[derive(Debug, Args)]
pub struct Stage {
    /// Photos, or folders of photos (JPEG, PNG, WebP)
    #[arg(required = true, value_name = "PHOTO")]
    photos: Vec<PathBuf>,
    /// living_room, bedroom, kitchen, bathroom, dining_room, office, entryway or outdoor; the engine decides when it is
    /// not given
    #[arg(long, value_parser = room_type)]
    room: Option<RoomType>,
    /// modern, contemporary, traditional, industrial or scandinavian
    #[arg(long, default_value = "modern", value_parser = style)]
    style: Style,
    /// The same seed and photo give the same bytes
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    seed: u32,
    /// Which of up to three ways to furnish the room, the best first
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
    plan: u8,
    /// The photos show one room: all get the furniture of the first
    #[arg(long)]
    same_room: bool,
    /// A file for one photo, a folder for several; beside the photo as `<name>.staged.jpg` when not given
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Print what the engine saw and did as JSON, one line a photo
    #[arg(long)]
    json: bool,
    /// Render nothing; print what the engine sees
    #[arg(long)]
    analyze: bool,
    /// Lay another floor: oak, walnut, tile or carpet
    #[arg(long, value_parser = flooring, value_name = "COVERING")]
    floor: Option<Flooring>,
    /// Paint the walls, as #rrggbb
    #[arg(long, value_name = "COLOR")]
    walls: Option<Color>,
    /// Hang this picture of yours on the best wall
    #[arg(long, value_name = "FILE")]
    print: Option<PathBuf>,
    /// Frame of that picture: black, white, oak, walnut, gold or none
    #[arg(long, default_value = "oak", value_parser = frame, requires = "print")]
    print_frame: Frame,
    /// A mat around that picture
    #[arg(long, requires = "print")]
    print_mat: bool,
    /// Choose among the imported pieces (.asset) in this folder too; `vitrine furniture import` keeps them in
    /// data/files/furniture/instance
    #[arg(long, value_name = "FOLDER")]
    furniture: Option<PathBuf>,
    /// How much of them: mixed (in some rooms) or preferred (wherever one fits)
    #[arg(long, default_value = "mixed", value_parser = preference, requires = "furniture")]
    imported: Preference,
    /// Turn a tilted photo level first, so that verticals are vertical
    #[arg(long)]
    straighten: bool,
    /// Also write masks of furniture, of changed light and of changed surfaces into this folder
    #[arg(long, value_name = "FOLDER")]
    masks: Option<PathBuf>,
    /// Stage even when the engine is not sure of the room, and overwrite existing files
    #[arg(long)]
    force: bool,
}

fn room_type(text: &str) -> Result<RoomType, String> {
    let known: Result<RoomType, _> = serde_json::from_value(Value::from(text));
    match known {
        Ok(room) if SUPPORTED.contains(&room) => Ok(room),
        _ => {
            let words: Vec<String> = SUPPORTED
                .iter()
                .filter_map(|room| json!(room).as_str().map(str::to_owned))
                .collect();
            Err(format!("it must be one of {}", words.join(", ")))
        }
    }
}

fn flooring(text: &str) -> Result<Flooring, String> {
    serde_json::from_value(Value::from(text))
        .map_err(|_| "it must be one of oak, walnut, tile, carpet".to_owned())
}

pub(super) fn frame(text: &str) -> Result<Frame, String> {
    serde_json::from_value(Value::from(text))
        .map_err(|_| "it must be one of black, white, oak, walnut, gold, none".to_owned())
}

fn style(text: &str) -> Result<Style, String> {
    serde_json::from_value(Value::from(text)).map_err(|_| {
        "it must be one of modern, contemporary, traditional, industrial, scandinavian".to_owned()
    })
}

fn preference(text: &str) -> Result<Preference, String> {
    serde_json::from_value(Value::from(text)).map_err(|_| "it must be mixed, preferred or none".to_owned())
}

/// One photo and where its result goes.
struct Task {
    photo: PathBuf,
    output: PathBuf,
}

impl Stage {
    pub fn run(self) -> ExitCode {
        let photos = match self.collect() {
            Ok(photos) => photos,
            Err(line) => return refuse(&line),
        };
        let tasks = match self.tasks(photos) {
            Ok(tasks) => tasks,
            Err(line) => return refuse(&line),
        };
        let folder = self
            .furniture
            .as_ref()
            .map(|folder| shelf::library(folder, self.imported));
        let library = match folder.transpose() {
            Ok(library) => library,
            Err(line) => return refuse(&line),
        };
        let mut failed = 0;
        let mut furniture = None;
        for task in &tasks {
            match self.run_one(task, tasks.len() > 1, furniture.as_ref(), library.as_ref()) {
                Ok(chosen) if self.same_room && furniture.is_none() => furniture = chosen,
                Ok(_) => {}
                Err(line) => {
                    failed += 1;
                    eprintln!("{}: {line}", task.photo.display());
                }
            }
        }
        if failed > 0 {
            ExitCode::from(REFUSED)
        } else {
            ExitCode::SUCCESS
        }
    }

    /// The photos that were named, folders opened and sorted.
    fn collect(&self) -> Result<Vec<PathBuf>, String> {
        let mut photos = Vec::new();
        for path in &self.photos {
            if !path.is_dir() {
                photos.push(path.clone());
                continue;
            }
            let entries = std::fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let mut inside: Vec<PathBuf> = entries
                .filter_map(|entry| entry.ok().map(|entry| entry.path()))
                .filter(|path| path.is_file() && has_photo_name(path) && !is_result(path))
                .collect();
            if inside.is_empty() {
                return Err(format!("{}: there are no photos in this folder", path.display()));
            }
            inside.sort();
            photos.extend(inside);
        }
        Ok(photos)
    }

    fn tasks(&self, photos: Vec<PathBuf>) -> Result<Vec<Task>, String> {
        let several = photos.len() > 1 || self.photos.iter().any(|path| path.is_dir());
        let is_folder = self.output.as_ref().is_some_and(|path| path.is_dir());
        if let Some(folder) = self.output.as_ref().filter(|_| several)
            && folder.exists()
            && !is_folder
        {
            return Err(format!(
                "{}: with several photos, -o is a folder",
                folder.display()
            ));
        }
        let mut tasks: Vec<Task> = Vec::new();
        for photo in photos {
            let stem = photo
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let extension = output_extension(&photo);
            let name = format!("{stem}.staged.{extension}");
            let output = match &self.output {
                Some(path) if several || is_folder => path.join(name),
                Some(path) => path.clone(),
                None => photo.with_file_name(name),
            };
            if let Some(other) = tasks.iter().find(|task| task.output == output) {
                return Err(format!(
                    "{} and {} would both become {}",
                    other.photo.display(),
                    photo.display(),
                    output.display()
                ));
            }
            tasks.push(Task { photo, output });
        }
        Ok(tasks)
    }

    /// Stages one photo, with the given furniture when there is some, and returns the furniture that is in it.
    fn run_one(
        &self,
        task: &Task,
        several: bool,
        furniture: Option<&Furniture>,
        library: Option<&Library>,
    ) -> Result<Option<Furniture>, String> {
        let photo = read(&task.photo).map_err(|error| error.to_string())?;
        let name = task
            .photo
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if self.analyze {
            let (_, analysis) = self
                .read_room(photo, &Control::default())
                .map_err(|error| error.to_string())?;
            return print_report(&name, report::analysis(&analysis)).map(|()| None);
        }
        if task.output.exists() && !self.force {
            return Err(format!(
                "{} is already there; --force overwrites it",
                task.output.display()
            ));
        }
        let bar = progress_bar(&name, several);
        let watched = bar.clone();
        let control = Control::with_progress(move |fraction, step| {
            watched.set_position((fraction * 1000.0) as u64);
            watched.set_message(step);
        });
        let request = StageRequest {
            room_type: self.room,
            style: self.style,
            seed: self.seed,
            redecoration: Redecoration {
                floor: self.floor,
                walls: self.walls,
            },
            force: self.force,
            plan: self.plan - 1,
            furniture: furniture.cloned(),
            library: library.cloned(),
            picture: self.picture()?,
        };
        let format = photo.format;
        let staged = self.read_room(photo, &control).and_then(|(photo, analysis)| {
            match analysis.refusal.clone().filter(|_| !self.force) {
                Some(refusal) => Err(refusal),
                None => vitrine_scene::stage_in(&photo, analysis, &request, &control),
            }
        });
        bar.finish_and_clear();
        let staged = staged.map_err(|error| explain(&error))?;
        let bytes = picture::encode(&staged.rgb, format, Some(&picture::Disclosure::default()))
            .map_err(|error| error.to_string())?;
        if let Some(folder) = task
            .output
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        write_whole(&task.output, &bytes).map_err(|error| format!("{}: {error}", task.output.display()))?;
        let masks = self.write_masks(task, &staged)?;
        let chosen = Furniture::of(staged.room_type, &staged.placements);
        if self.json {
            let mut line = report::staged(&staged, self.seed);
            line["output"] = json!(task.output.display().to_string());
            if let Some(masks) = masks {
                line["masks"] = masks;
            }
            return print_report(&name, line).map(|()| chosen);
        }
        eprintln!(
            "{name}: {} with {} pieces, confidence {:.2} → {}",
            human(&json!(staged.room_type)),
            staged.placements.len(),
            staged.analysis.room.confidence,
            task.output.display()
        );
        for credit in &staged.credits {
            eprintln!("  {}", credit.line());
        }
        Ok(chosen)
    }

    /// What the photo shows; as a level camera would have taken it when that is wanted and there is a tilt to see.
    fn read_room(&self, photo: Photo, control: &Control) -> Result<(Photo, Analysis), StageError> {
        control.progress(0.0, "reading the room");
        let analysis = vitrine_scene::analyze(&photo, control)?;
        let level = Level::of(&analysis.camera).filter(|_| self.straighten);
        Ok(match level {
            Some(level) => {
                let rgb = level.picture(&photo.rgb);
                (Photo { rgb, ..photo }, level.analysis(analysis))
            }
            None => (photo, analysis),
        })
    }

    /// The picture to hang, read anew for every photo: it is small beside them.
    fn picture(&self) -> Result<Option<Hanging>, String> {
        let Some(path) = &self.print else {
            return Ok(None);
        };
        let read = read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let small = picture::shrink_to(&read.rgb, PRINT_SIDE).map_err(|error| error.to_string())?;
        Ok(Ink::opaque(&small).map(|ink| Hanging {
            ink: Arc::new(ink),
            frame: self.print_frame,
            has_mat: self.print_mat,
        }))
    }

    fn write_masks(&self, task: &Task, staged: &vitrine_scene::Staged) -> Result<Option<Value>, String> {
        let Some(folder) = &self.masks else {
            return Ok(None);
        };
        let fail = |error: String| format!("{}: {error}", folder.display());
        std::fs::create_dir_all(folder).map_err(|error| fail(error.to_string()))?;
        let stem = task
            .photo
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let (width, height) = (staged.rgb.width(), staged.rgb.height());
        let mut paths = serde_json::Map::new();
        let always = [
            ("furniture", &staged.furniture_mask),
            ("shadow", &staged.shadow_mask),
        ];
        let on_request = staged.surface_mask.as_ref().map(|mask| ("surface", mask));
        for (kind, mask) in always.into_iter().chain(on_request) {
            let path = folder.join(format!("{stem}.{kind}.png"));
            let gray = RgbImage::from_fn(width, height, |x, y| [mask[(y * width + x) as usize]; 3].into());
            let bytes = picture::encode_png(&gray, None).map_err(|error| fail(error.to_string()))?;
            write_whole(&path, &bytes).map_err(|error| fail(error.to_string()))?;
            paths.insert(kind.to_owned(), json!(path.display().to_string()));
        }
        Ok(Some(Value::Object(paths)))
    }
}

fn refuse(line: &str) -> ExitCode {
    eprintln!("{line}");
    ExitCode::from(REFUSED)
}

fn has_photo_name(path: &Path) -> bool {
    let extension = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    ["jpg", "jpeg", "png", "webp"].contains(&extension.as_str())
}

fn is_result(path: &Path) -> bool {
    path.file_stem()
        .is_some_and(|stem| stem.to_string_lossy().ends_with(".staged"))
}

/// Results keep the format of their photo.
fn output_extension(photo: &Path) -> &'static str {
    match photo
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase()
        .as_str()
    {
        "png" => "png",
        "webp" => "webp",
        _ => "jpg",
    }
}

fn read(path: &Path) -> Result<Photo, StageError> {
    let limits = picture::Limits::default();
    let size = std::fs::metadata(path)
        .map_err(|error| StageError::Decode(error.to_string()))?
        .len();
    if size > MAX_FILE_BYTES {
        let (size, limit) = (size >> 20, MAX_FILE_BYTES >> 20);
        return Err(StageError::Decode(format!(
            "the file has {size} MB, the limit is {limit} MB"
        )));
    }
    let bytes = std::fs::read(path).map_err(|error| StageError::Decode(error.to_string()))?;
    picture::decode(&bytes, &limits)
}

fn explain(error: &StageError) -> String {
    match error {
        StageError::NeedsCorners { .. } => format!("{error}; --force stages it all the same"),
        _ => error.to_string(),
    }
}

/// Writes beside the target and renames, so that a full disk leaves no half file.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".part");
    let draft = PathBuf::from(draft);
    let written = std::fs::write(&draft, bytes).and_then(|()| std::fs::rename(&draft, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    written
}

fn print_report(name: &str, report: Value) -> Result<(), String> {
    let mut line = json!({ "image": name });
    if let (Some(line), Value::Object(report)) = (line.as_object_mut(), report) {
        line.extend(report);
    }
    writeln!(std::io::stdout(), "{line}").map_err(|error| error.to_string())
}

fn human(word: &Value) -> String {
    word.as_str().unwrap_or_default().replace('_', " ")
}

fn progress_bar(name: &str, several: bool) -> ProgressBar {
    let bar = ProgressBar::new(1000);
    let template = if several {
        "{prefix:.bold} [{bar:24}] {percent:>3}% {msg}"
    } else {
        "[{bar:32}] {percent:>3}% {msg}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("━━─"));
    }
    bar.set_prefix(name.to_owned());
    bar
}
