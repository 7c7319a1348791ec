//! `vitrine mockup`: a design in, product pictures out.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use vitrine_scene::Control;
use vitrine_scene::image::{self as picture, PhotoFormat, RgbImage};
use vitrine_scene::mockup::{
    Fit, Mockup as Picture, MockupQuality, MockupRequest, Paper, PrintPlace, Product, Shade, Variant, WIDTHS,
    mockup,
};
use vitrine_scene::model::framed_print::Frame;
use vitrine_scene::model::ink::Ink;

use super::stage::{MAX_FILE_BYTES, REFUSED, frame, write_whole};

/// Shows a design on products.
#[derive(Debug, Args)]
pub struct Mockup {
    /// The design (PNG with or without transparency, JPEG, WebP)
    #[arg(value_name = "DESIGN")]
    design: PathBuf,
    /// poster, mug, tshirt or tote; all of them when not given
    #[arg(long, value_parser = product)]
    product: Option<Product>,
    /// poster: console or bedroom; mug: desk or studio; tshirt: table or hanger; tote: hook or table. The first when not
    /// given, or `all`
    #[arg(long)]
    scene: Option<String>,
    /// Of shirt and bag, or of a mug's inside and handle: #rrggbb, white, natural, sand, heather, sage, dusty_rose, red,
    /// royal, navy, forest, charcoal or black
    #[arg(long, value_parser = shade)]
    color: Option<Shade>,
    /// Of a poster: black, white, oak, walnut, gold or none
    #[arg(long, default_value = "oak", value_parser = frame)]
    frame: Frame,
    /// Of a poster: a4, a3, a2, or centimetres such as 30x40, 50x70, 70x100; turned when the design lies
    #[arg(long, default_value = "50x70", value_parser = paper)]
    paper: Paper,
    /// A mat between poster and frame
    #[arg(long)]
    mat: bool,
    /// Around the mug instead of on one side
    #[arg(long)]
    wrap: bool,
    /// contain (all of the design is seen) or cover (the print area is full)
    #[arg(long, default_value = "contain", value_parser = fit)]
    fit: Fit,
    /// Size of the design, of the fitted one
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    scale: f32,
    /// Shift to the right and down, in shares of the print area, such as 0,-0.1
    #[arg(long, value_parser = offset, value_name = "X,Y", allow_hyphen_values = true)]
    offset: Option<Offset>,
    /// Pixels; the height is three quarters of it
    #[arg(long, default_value_t = 1600, value_parser = clap::value_parser!(u32).range(i64::from(*WIDTHS.start())..=i64::from(*WIDTHS.end())))]
    width: u32,
    /// The same seed and design give the same bytes
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    seed: u32,
    /// Fewer rays, to look at while choosing
    #[arg(long)]
    preview: bool,
    /// A .jpg, .png or .webp file for one picture, a folder for several; beside the design as
    /// `<name>.<product>-<scene>.jpg` when not given
    #[arg(short, long, visible_alias = "out", value_name = "PATH")]
    output: Option<PathBuf>,
    /// Also write the product's mask into this folder
    #[arg(long, value_name = "FOLDER")]
    masks: Option<PathBuf>,
    /// Print where design and print area are seen as JSON, one line a picture
    #[arg(long)]
    json: bool,
    /// Overwrite existing files
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy)]
struct Offset([f32; 2]);

fn product(text: &str) -> Result<Product, String> {
    serde_json::from_value(text.into()).map_err(|_| "it must be one of poster, mug, tshirt, tote".to_owned())
}

fn fit(text: &str) -> Result<Fit, String> {
    serde_json::from_value(text.into()).map_err(|_| "it must be one of contain, cover".to_owned())
}

fn shade(text: &str) -> Result<Shade, String> {
    Shade::parse(text).ok_or_else(|| {
        let names: Vec<&str> = Shade::NAMED.iter().map(|(name, _)| *name).collect();
        format!("it must be #rrggbb or one of {}", names.join(", "))
    })
}

fn paper(text: &str) -> Result<Paper, String> {
    Paper::parse(text).ok_or_else(|| "it must be a4, a3, a2 or centimetres such as 50x70".to_owned())
}

fn scale(text: &str) -> Result<f32, String> {
    let value: Option<f32> = text.parse().ok();
    let (least, most) = (PrintPlace::SCALES.start(), PrintPlace::SCALES.end());
    value
        .filter(|value| PrintPlace::SCALES.contains(value))
        .ok_or_else(|| format!("it must be {least} to {most}"))
}

fn offset(text: &str) -> Result<Offset, String> {
    let share = |text: &str| {
        let value: f32 = text.trim().parse().ok()?;
        PrintPlace::OFFSETS.contains(&value).then_some(value)
    };
    text.split_once(',')
        .and_then(|(x, y)| Some(Offset([share(x)?, share(y)?])))
        .ok_or_else(|| "it must be two numbers of -1 to 1 such as 0,-0.1".to_owned())
}

impl Mockup {
    pub fn run(self) -> ExitCode {
        match self.all() {
            Ok(()) => ExitCode::SUCCESS,
            Err(line) => {
                eprintln!("{line}");
                ExitCode::from(REFUSED)
            }
        }
    }

    fn all(&self) -> Result<(), String> {
        let pictures = self.pictures()?;
        let is_folder = self.output.as_ref().is_some_and(|path| path.is_dir());
        if let Some(path) = &self.output
            && pictures.len() > 1
            && path.exists()
            && !is_folder
        {
            return Err(format!(
                "{}: with several pictures, -o is a folder",
                path.display()
            ));
        }
        let design = self.read()?;
        for &(product, scene) in &pictures {
            let name = format!("{}-{scene}", json!(product).as_str().unwrap_or_default());
            let stem = self
                .design
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let file = format!("{stem}.{name}.jpg");
            let output = match &self.output {
                Some(path) if pictures.len() > 1 || is_folder => path.join(file),
                Some(path) => path.clone(),
                None => self.design.with_file_name(file),
            };
            if output.exists() && !self.force {
                return Err(format!(
                    "{} is already there; --force overwrites it",
                    output.display()
                ));
            }
            let request = MockupRequest {
                product,
                scene: Some(scene.to_owned()),
                variant: Variant {
                    color: self.color,
                    frame: self.frame,
                    paper: self.paper,
                    has_mat: self.mat,
                    is_wrapped: self.wrap,
                },
                place: PrintPlace {
                    fit: self.fit,
                    scale: self.scale,
                    offset: self.offset.map_or([0.0; 2], |offset| offset.0),
                },
                width: self.width,
                quality: if self.preview {
                    MockupQuality::Preview
                } else {
                    MockupQuality::Final
                },
                seed: self.seed,
            };
            let made = mockup(Arc::clone(&design), &request, &Control::default())
                .map_err(|error| format!("{name}: {error}"))?;
            self.write(&made, &output, &format!("{stem}.{name}"))?;
        }
        Ok(())
    }

    /// Products and scenes that were asked for.
    fn pictures(&self) -> Result<Vec<(Product, &'static str)>, String> {
        let products: Vec<Product> = match self.product {
            Some(product) => vec![product],
            None => Product::ALL.to_vec(),
        };
        let mut all = Vec::new();
        for product in products {
            let known = product.scenes();
            match self.scene.as_deref() {
                None => all.push((product, known[0])),
                Some("all") => all.extend(known.iter().map(|scene| (product, *scene))),
                Some(wanted) => all.extend(
                    known
                        .iter()
                        .filter(|scene| **scene == wanted)
                        .map(|scene| (product, *scene)),
                ),
            }
        }
        if all.is_empty() {
            let scenes = self
                .product
                .map_or_else(Vec::new, |product| product.scenes().to_vec());
            return Err(format!("--scene must be all or one of {}", scenes.join(", ")));
        }
        Ok(all)
    }

    fn read(&self) -> Result<Arc<Ink>, String> {
        let fail = |error: String| format!("{}: {error}", self.design.display());
        let size = std::fs::metadata(&self.design)
            .map_err(|error| fail(error.to_string()))?
            .len();
        if size > MAX_FILE_BYTES {
            return Err(fail(format!(
                "the file has {} MB, the limit is {} MB",
                size >> 20,
                MAX_FILE_BYTES >> 20
            )));
        }
        let bytes = std::fs::read(&self.design).map_err(|error| fail(error.to_string()))?;
        let limits = picture::Limits {
            minimum_side: 16,
            ..picture::Limits::default()
        };
        let design = picture::decode_design(&bytes, &limits).map_err(|error| fail(error.to_string()))?;
        Ink::new(design)
            .map(Arc::new)
            .ok_or_else(|| fail("the picture is empty".to_owned()))
    }

    fn write(&self, made: &Picture, output: &Path, name: &str) -> Result<(), String> {
        let extension = output
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        let format = match extension.as_str() {
            "png" => PhotoFormat::Png,
            "webp" => PhotoFormat::WebP,
            _ => PhotoFormat::Jpeg,
        };
        // No room was staged here, so nothing has to be disclosed.
        let bytes = picture::encode(&made.rgb, format, None).map_err(|error| error.to_string())?;
        let fail = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
        if let Some(folder) = output.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| fail(folder, error))?;
        }
        write_whole(output, &bytes).map_err(|error| fail(output, error))?;
        let mut line = json!(made.about);
        line["output"] = json!(output.display().to_string());
        if let Some(folder) = &self.masks {
            std::fs::create_dir_all(folder).map_err(|error| fail(folder, error))?;
            let path = folder.join(format!("{name}.mask.png"));
            let (width, height) = made.rgb.dimensions();
            let gray = RgbImage::from_fn(width, height, |x, y| {
                [made.mask[(y * width + x) as usize]; 3].into()
            });
            let bytes = picture::encode_png(&gray, None).map_err(|error| error.to_string())?;
            write_whole(&path, &bytes).map_err(|error| fail(&path, error))?;
            line["mask"] = json!(path.display().to_string());
        }
        if self.json {
            return writeln!(std::io::stdout(), "{line}").map_err(|error| error.to_string());
        }
        eprintln!("{name} → {}", output.display());
        Ok(())
    }
}
