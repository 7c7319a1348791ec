//! What stages an image: one trait, one register. The built-in engine lives here; photoreal services join behind
//! the same trait.
//!
//! To add one: implement [`Engine`], put it into [`Engines::new`]; its id appears in `/staging/options` by itself.

mod builtin;
pub mod routes;
pub mod settings;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde::Serialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use vitrine_kernel::Error;
use vitrine_kernel::money::{Currency, MicroMoney};
use vitrine_platform::Ctx;
use vitrine_scene::document::SceneDocument;
use vitrine_scene::furnish::{Furniture, Library, RoomType, Style};

use crate::furniture::assets::Shelf;

pub use builtin::{Builtin, preference};

/// What an engine is asked to do.
#[derive(Debug, Clone, PartialEq)]
pub struct EngineRequest {
    /// `None`: the engine decides.
    pub room_type: Option<RoomType>,
    pub style: Style,
    pub seed: u32,
    pub prompt: Option<String>,
    /// Settings of its own, checked by [`Engine::complaints`] when they were taken.
    pub options: EngineOptions,
    /// The furniture of another photo of the same room, to be placed in this one; `style` and `room_type` are its own.
    pub furniture: Option<Furniture>,
    /// Imported pieces the workspace may use.
    pub library: Option<Library>,
    /// Rendered instead of what the photo shows; only for engines that deliver scenes.
    pub scene: Option<DrawnScene>,
}

/// Settings of one engine, by name.
pub type EngineOptions = serde_json::Map<String, serde_json::Value>;

/// What is wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionComplaint {
    pub name: String,
    pub code: &'static str,
    pub message: String,
}

/// A scene as a person wants it.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnScene {
    pub document: SceneDocument,
    /// Camera and room are right; what stands there is for the engine to find.
    pub is_to_be_planned: bool,
    /// The imported pieces it names.
    pub assets: Shelf,
}

/// How far an engine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// 0..=100.
    pub percent: u8,
    pub step: &'static str,
}

/// How a caller watches and stops a running engine.
#[derive(Debug, Clone)]
pub struct EngineWatch {
    pub canceled: CancellationToken,
    pub progress: watch::Sender<Progress>,
}

/// A finished staging.
#[derive(Debug)]
pub struct EngineOutput {
    pub file: Bytes,
    pub content_type: &'static str,
    pub thumb: Bytes,
    /// What `file` is to be compared with, in its format, when that is not the photo as it was taken.
    pub before: Option<Bytes>,
    pub room_type: RoomType,
    pub confidence: Option<f32>,
    /// Camera, room and furniture, when the engine knows them.
    pub scene: Option<SceneDocument>,
    pub cost: MicroMoney,
}

/// Why an engine did not deliver.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The photo cannot be staged, now or later; the code is one of the contract's image error codes.
    #[error("{code}: {message}")]
    Refused {
        code: &'static str,
        message: String,
        /// What it makes of the room nevertheless, for a person to correct.
        guess: Option<Box<SceneDocument>>,
    },
    /// It may work another time.
    #[error("{code}: {message}")]
    Failed { code: &'static str, message: String },
    #[error("canceled")]
    Canceled,
}

/// What a client may know about an engine.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EngineInfo {
    pub id: &'static str,
    pub label: &'static str,
    pub available: bool,
    /// Why it is not available.
    pub reason: Option<String>,
    /// Price of one image.
    pub price: MicroMoney,
    /// Typical time for one image.
    pub typical_seconds: u32,
    /// Room types it can furnish.
    #[schema(value_type = Vec<String>)]
    pub room_types: Vec<RoomType>,
    /// JSON schema of the `options` it takes.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    pub parameters: serde_json::Value,
}

/// Stages photos.
#[async_trait]
pub trait Engine: Send + Sync + std::fmt::Debug {
    fn info(&self) -> EngineInfo;

    /// What is wrong with settings; an engine without settings knows none of them.
    fn complaints(&self, options: &EngineOptions) -> Vec<OptionComplaint> {
        options.keys().map(|name| unknown_option(name)).collect()
    }

    /// Furnishes a photo. Must stop within a second of `watch.canceled`.
    async fn stage(
        &self,
        photo: Bytes,
        request: EngineRequest,
        watch: EngineWatch,
    ) -> Result<EngineOutput, EngineError>;
}

/// The engines of this instance.
#[derive(Debug, Clone)]
pub struct Engines {
    all: Arc<Vec<Arc<dyn Engine>>>,
    /// Ids of those that an operator switched off.
    switched_off: Vec<String>,
}

impl Engines {
    /// The engine that is asked when a request names none.
    pub const DEFAULT: &'static str = Builtin::ID;

    pub fn new() -> Self {
        Self::of(vec![Arc::new(Builtin)])
    }

    /// For tests that need an engine of their own.
    pub fn of(engines: Vec<Arc<dyn Engine>>) -> Self {
        Self {
            all: Arc::new(engines),
            switched_off: Vec::new(),
        }
    }

    /// The engines put into the context at assembly, or the usual ones.
    pub fn of_ctx(ctx: &Ctx) -> Self {
        ctx.extension::<Self>().cloned().unwrap_or_default()
    }

    /// The same for new images: with those not available that an operator switched off.
    pub async fn for_new_images(ctx: &Ctx) -> Result<Self, Error> {
        Ok(Self {
            switched_off: settings::switched_off(ctx).await?,
            ..Self::of_ctx(ctx)
        })
    }

    pub fn find(&self, id: &str) -> Option<&Arc<dyn Engine>> {
        self.all.iter().find(|engine| engine.info().id == id)
    }

    /// What is known about an engine.
    pub fn info(&self, id: &str) -> Option<EngineInfo> {
        self.find(id).map(|engine| self.seen(engine.info()))
    }

    fn seen(&self, info: EngineInfo) -> EngineInfo {
        if !self.switched_off.iter().any(|id| id == info.id) {
            return info;
        }
        EngineInfo {
            available: false,
            reason: Some("The operator of this instance has switched it off.".to_owned()),
            ..info
        }
    }

    pub fn infos(&self) -> Vec<EngineInfo> {
        self.all.iter().map(|engine| self.seen(engine.info())).collect()
    }
}

impl Default for Engines {
    fn default() -> Self {
        Self::new()
    }
}

/// Free of charge.
pub const FREE: MicroMoney = MicroMoney {
    amount_micros: 0,
    currency: Currency::Usd,
};

fn unknown_option(name: &str) -> OptionComplaint {
    OptionComplaint {
        name: name.to_owned(),
        code: "unknown_field",
        message: "This engine has no such option.".to_owned(),
    }
}
