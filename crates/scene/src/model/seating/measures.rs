//! The measures of upholstered seats, style by style; metres and degrees.

use crate::furnish::Style;

/// The measures that make an upholstered seat look like its style.
pub(super) struct Upholstery {
    pub(super) leg: f32,
    /// Top of the seat cushions.
    pub(super) seat: f32,
    pub(super) arm_width: f32,
    /// Top of the arms.
    pub(super) arm: f32,
    pub(super) arm_radius: f32,
    pub(super) back: f32,
    /// Lean of back cushions, degrees.
    pub(super) lean: f32,
    pub(super) seat_thickness: f32,
    pub(super) back_thickness: f32,
    pub(super) crown: f32,
    pub(super) radius: f32,
    pub(super) piped: bool,
    pub(super) rolled: bool,
    pub(super) legs: Legs,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Legs {
    Tapered,
    Blade,
    Turned,
    Plinth,
    Frame,
}

pub(super) fn upholstery(style: Style) -> Upholstery {
    let modern = Upholstery {
        leg: 0.13,
        seat: 0.43,
        arm_width: 0.13,
        arm: 0.60,
        arm_radius: 0.028,
        back: 0.15,
        lean: 11.0,
        seat_thickness: 0.17,
        back_thickness: 0.17,
        crown: 0.016,
        radius: 0.035,
        piped: true,
        rolled: false,
        legs: Legs::Blade,
    };
    match style {
        Style::Modern => modern,
        Style::Contemporary => Upholstery {
            leg: 0.05,
            arm_width: 0.22,
            arm: 0.62,
            arm_radius: 0.095,
            back: 0.20,
            lean: 9.0,
            seat_thickness: 0.20,
            back_thickness: 0.20,
            crown: 0.026,
            radius: 0.075,
            piped: false,
            legs: Legs::Plinth,
            ..modern
        },
        Style::Traditional => Upholstery {
            leg: 0.12,
            seat: 0.47,
            arm_width: 0.20,
            arm: 0.66,
            arm_radius: 0.05,
            back: 0.17,
            lean: 10.0,
            crown: 0.024,
            radius: 0.045,
            rolled: true,
            legs: Legs::Turned,
            ..modern
        },
        Style::Industrial => Upholstery {
            leg: 0.14,
            seat: 0.44,
            arm_width: 0.17,
            arm: 0.62,
            arm_radius: 0.045,
            back_thickness: 0.19,
            crown: 0.022,
            radius: 0.045,
            legs: Legs::Frame,
            ..modern
        },
        Style::Scandinavian => Upholstery {
            leg: 0.18,
            seat: 0.45,
            arm_width: 0.115,
            arm: 0.62,
            arm_radius: 0.05,
            back: 0.14,
            seat_thickness: 0.15,
            back_thickness: 0.16,
            crown: 0.018,
            radius: 0.045,
            piped: false,
            legs: Legs::Tapered,
            ..modern
        },
    }
}
