//! What is measured in rooms of our own: their light and their scale are known exactly.

use vitrine_scene::{Control, analyze};

use crate::synthetic::SyntheticRoom;
use crate::{shadow_quality, true_light};

/// Rooms whose scale is compared: two walls in view, ceilings from 2.4 to 2.9 m.
const ROOMS: u32 = 16;

/// Measures over rooms of our own.
pub struct Known {
    /// Relative errors of the camera's height.
    pub scale_errors: Vec<f64>,
    /// D11.
    pub contact: f64,
    /// D12, per case.
    pub object_errors: Vec<f64>,
    /// D13: degrees between the shadow and away from the window, where one is in the picture.
    pub shadow_angles: Vec<f64>,
    /// D14, dB per case.
    pub psnr: Vec<f64>,
    /// D16, 8-bit steps.
    pub noise: f64,
}

pub fn measure() -> Known {
    let scale_errors = (0..ROOMS)
        .filter_map(|number| {
            let room = SyntheticRoom::random(number);
            let found = analyze(&room.photo(), &Control::default()).ok()?;
            Some(found.room.camera_height / room.camera_height - 1.0)
        })
        .collect();
    let scores: Vec<true_light::Score> = true_light::CASES
        .iter()
        .map(|case| true_light::judge(case).0)
        .collect();
    Known {
        scale_errors,
        contact: shadow_quality::contact_ratio(),
        object_errors: scores.iter().map(|score| score.object_error).collect(),
        shadow_angles: scores.iter().filter_map(|score| score.shadow_angle).collect(),
        psnr: scores.iter().map(|score| score.psnr).collect(),
        noise: shadow_quality::shadow_noise(),
    }
}
