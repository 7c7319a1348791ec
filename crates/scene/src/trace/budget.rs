//! How many rays a picture may cost.

/// Sample counts of everything that is sampled; exponents of two where the name says `log2`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Rays through each pixel of furniture, and through those at edges.
    pub log2_primaries: u32,
    pub log2_edge: u32,
    /// Whether each ray at an edge takes the light of its own surface, or all of a pixel share one.
    pub resolves_edges: bool,
    /// Whether folds and patterns count as edges, or outlines only.
    pub has_fine_edges: bool,
    /// Light on furniture is gathered at every so many pixels both ways, and taken from there where surface and light are
    /// smooth.
    pub lattice: usize,
    /// Cosine and emitter rays of one gathering on furniture.
    pub log2_light: (u32, u32),
    /// Mirror rays of one gathering on furniture that blurs what it reflects.
    pub log2_haze: u32,
    /// Parts of that a gathering takes at most, where few rays bring most of the light.
    pub light_parts: u32,
    /// Steps of the lattice within which a pixel looks for its light before it gathers its own.
    pub fill_steps: usize,
    /// How far those must agree with the pixel that speak for it, 0 to 1.
    pub least_agreement: f32,
    /// Passes of the filter over the lattice, and over the pixels of furniture: all of them, or those that gathered their own
    /// light because the lattice had none for them.
    pub lattice_levels: u32,
    pub levels: u32,
    pub smooths_all: bool,
    /// Cosine and emitter rays of one texel of the room box, and texels per sampled one both ways.
    pub log2_shade: (u32, u32),
    pub shade_stride: usize,
    /// Pixels per cell of the shadow grid both ways, at least.
    pub step: usize,
    /// Cosine and emitter rays per cell; up to `2^log2_parts` times as many where they scatter.
    pub log2_shadow: (u32, u32),
    pub log2_parts: u32,
    /// Mirror rays per cell of a glossy floor.
    pub log2_mirror: u32,
    /// Whether another such picture will follow, so that findings are worth keeping.
    pub is_remembered: bool,
}

impl Budget {
    /// A picture to publish.
    pub const FINAL: Self = Self {
        log2_primaries: 1,
        log2_edge: 3,
        resolves_edges: true,
        has_fine_edges: true,
        lattice: 2,
        log2_light: (1, 2),
        log2_haze: 3,
        light_parts: 4,
        fill_steps: 1,
        least_agreement: 0.2,
        lattice_levels: 3,
        levels: 2,
        smooths_all: true,
        log2_shade: (4, 3),
        shade_stride: 2,
        step: 2,
        log2_shadow: (3, 3),
        log2_parts: 2,
        log2_mirror: 3,
        is_remembered: false,
    };

    /// A picture to look at while dragging.
    pub const PREVIEW: Self = Self {
        log2_primaries: 0,
        log2_edge: 2,
        resolves_edges: false,
        has_fine_edges: true,
        lattice: 4,
        log2_light: (1, 1),
        log2_haze: 0,
        light_parts: 2,
        fill_steps: 2,
        least_agreement: 0.06,
        lattice_levels: 3,
        levels: 2,
        smooths_all: false,
        log2_shade: (2, 1),
        shade_stride: 3,
        step: 5,
        log2_shadow: (2, 2),
        log2_parts: 1,
        log2_mirror: 1,
        is_remembered: true,
    };
}
