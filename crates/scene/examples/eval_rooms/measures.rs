//! The table of measures: how each compares with its target, and with what others or earlier versions reach.

use crate::Row;
use crate::known::Known;
use crate::staging::Staging;

/// One line of the table; `value` is `None` where the folder holds no truth for it.
pub struct Measure {
    pub id: &'static str,
    pub what: &'static str,
    pub value: Option<String>,
    pub target: &'static str,
    pub anchor: &'static str,
}

/// All measures over the photographs measured and over rooms of our own; without `known` those are left out.
pub fn measures(rows: &[Row], known: Option<&Known>) -> Vec<Measure> {
    let ious: Vec<f64> = rows.iter().filter_map(|row| row.iou).collect();
    let pixel: Vec<f64> = rows.iter().filter_map(|row| row.pixel_error).collect();
    let focal: Vec<f64> = rows
        .iter()
        .filter_map(|row| row.focal_error.map(f64::abs))
        .collect();
    let up: Vec<f64> = rows
        .iter()
        .filter(|row| row.name.starts_with('p'))
        .filter_map(|row| row.up_error)
        .collect();
    let given: Vec<f64> = rows.iter().flat_map(|row| row.vanishing_given.clone()).collect();
    let unknown: Vec<f64> = rows.iter().flat_map(|row| row.vanishing.clone()).collect();
    let mut ranked: Vec<(f32, f64)> = rows
        .iter()
        .filter_map(|row| row.iou.map(|iou| (row.confidence, iou)))
        .collect();
    ranked.sort_by(|p, q| q.0.total_cmp(&p.0));
    ranked.truncate((ious.len() * 3).div_ceil(4));
    let surest: Vec<f64> = ranked.iter().map(|(_, iou)| *iou).collect();
    let kept: Vec<f64> = rows
        .iter()
        .filter(|row| row.refusal.is_none())
        .filter_map(|row| row.iou)
        .collect();
    let vanishing = |errors: &[f64]| {
        (!errors.is_empty()).then(|| {
            format!(
                "{:.0} % < 2 deg, median {:.2} deg ({} points)",
                100.0 * share(errors, |error| error < 2.0),
                median(errors.to_vec()).unwrap_or(f64::NAN),
                errors.len()
            )
        })
    };
    let right = |ious: &[f64]| {
        (!ious.is_empty()).then(|| {
            let count = ious.iter().filter(|iou| **iou > 0.8).count();
            format!(
                "{count} of {} > 0.8 ({:.0} %)",
                ious.len(),
                100.0 * share(ious, |iou| iou > 0.8)
            )
        })
    };
    let mut measures = vec![
        Measure {
            id: "D1",
            what: "vanishing points, focal length given",
            value: vanishing(&given),
            target: "95 % < 2 deg, 0.75 deg",
            anchor: "Lin 2022 about 80 %",
        },
        Measure {
            id: "D2",
            what: "vanishing points, focal length unknown",
            value: vanishing(&unknown),
            target: "94 % < 2 deg",
            anchor: "prototype 94 %, 0.73 deg",
        },
        Measure {
            id: "D3",
            what: "focal length",
            value: median(focal.clone()).map(|error| {
                format!(
                    "median {error:.1} %, {:.0} % < 10 %",
                    100.0 * share(&focal, |error| error < 10.0)
                )
            }),
            target: "3 %, 80 %",
            anchor: "prototype 2.7 %, 71-80 %",
        },
        Measure {
            id: "D4",
            what: "up vector on exact cameras",
            value: median(up).map(|error| format!("median {error:.2} deg")),
            target: "0.5 deg",
            anchor: "prototype 0.40 deg",
        },
        Measure {
            id: "D5",
            what: "floor, intersection over union",
            value: right(&ious).map(|text| {
                format!(
                    "{text}, {:.0} % > 0.7, median {:.2}",
                    100.0 * share(&ious, |iou| iou > 0.7),
                    median(ious.clone()).unwrap_or(f64::NAN)
                )
            }),
            target: "85 % > 0.8, 92 % > 0.7, 0.92",
            anchor: "prototype 78 %, 85 %, 0.91",
        },
        Measure {
            id: "D6",
            what: "floor or not, share of pixels wrong",
            value: (!pixel.is_empty())
                .then(|| format!("mean {:.1} %", pixel.iter().sum::<f64>() / pixel.len() as f64)),
            target: "3 %",
            anchor: "prototype 3.8 %",
        },
        Measure {
            id: "D7",
            what: "the surest three quarters",
            value: right(&surest),
            target: "93 % > 0.8",
            anchor: "prototype 87 %",
        },
        Measure {
            id: "D7b",
            what: "those kept by the gate",
            value: right(&kept),
            target: "95 % > 0.8",
            anchor: "-",
        },
        Measure {
            id: "D19",
            what: "crops, half turns and damaged files",
            value: (!rows.is_empty()).then(|| {
                let tried: u32 = rows.iter().map(|row| row.fuzz.tried).sum();
                let answered: u32 = rows.iter().map(|row| row.fuzz.answered).sum();
                let inverted: u32 = rows.iter().map(|row| row.fuzz.kept_upside_down).sum();
                format!("{answered} of {tried} end in a result or a typed error; {inverted} upside down kept")
            }),
            target: "100 %",
            anchor: "-",
        },
    ];
    let at = measures.len() - 1;
    measures.splice(at..at, of_stagings(rows, known));
    measures
}

/// Scale, staging and light, D8 to D18.
fn of_stagings(rows: &[Row], known: Option<&Known>) -> Vec<Measure> {
    let measure = |id, what, value, target, anchor| Measure {
        id,
        what,
        value,
        target,
        anchor,
    };
    let staged: Vec<&Staging> = rows.iter().filter_map(|row| row.staging.as_ref()).collect();
    let of_photos = |text: &dyn Fn() -> String| (!staged.is_empty()).then(text);
    let synthetic =
        |text: &dyn Fn(&Known) -> String| known.map(|known| format!("{} (our own rooms)", text(known)));
    let scales: Vec<f64> = rows
        .iter()
        .filter_map(|row| row.scale_error.map(f64::abs))
        .collect();
    vec![
        measure(
            "D8",
            "scale on photos",
            median(scales).map(|error| format!("median {:.0} %", 100.0 * error)),
            "15 % median",
            "not measured",
        ),
        measure(
            "D8s",
            "scale, ceilings of 2.4 to 2.9 m",
            synthetic(&|known| {
                let errors: Vec<f64> = known.scale_errors.iter().map(|error| error.abs()).collect();
                let worst = errors.iter().copied().fold(0.0, f64::max);
                format!(
                    "median {:.0} %, worst {:.0} % of {}",
                    100.0 * median(errors.clone()).unwrap_or(f64::NAN),
                    100.0 * worst,
                    errors.len()
                )
            }),
            "15 % median",
            "-",
        ),
        measure(
            "D9",
            "placements: walls, floor, openings, walkways",
            of_photos(&|| {
                let sound = staged.iter().filter(|staging| staging.broken.is_empty()).count();
                let deepest = staged
                    .iter()
                    .map(|staging| staging.deepest_mm)
                    .fold(0.0, f64::max);
                let mut broken: Vec<String> = staged
                    .iter()
                    .flat_map(|staging| &staging.broken)
                    .map(|kind| format!("{kind:?}"))
                    .collect();
                broken.sort();
                broken.dedup();
                format!(
                    "{sound} of {} plans keep all rules, {deepest:.0} mm {}",
                    staged.len(),
                    broken.join(" ")
                )
            }),
            "all, 0 mm",
            "-",
        ),
        measure(
            "D10",
            "pixels without furniture, shadow, reflection",
            of_photos(&|| {
                let most = staged
                    .iter()
                    .map(|staging| staging.most_changed)
                    .max()
                    .unwrap_or(0);
                let worst = staged
                    .iter()
                    .map(|staging| staging.psnr)
                    .fold(f64::INFINITY, f64::min);
                format!("changed by {most} before JPEG; {worst:.1} dB at least after q92")
            }),
            "0; > 55 dB",
            "-",
        ),
        measure(
            "D11",
            "light left at the foot of a cabinet",
            synthetic(&|known| format!("{:.2}", known.contact)),
            "0.3 to 0.7",
            "real photos 0.25 to 0.6",
        ),
        measure(
            "D12",
            "light on a box, mean absolute error",
            synthetic(&|known| format!("{:.3}", average(&known.object_errors))),
            "0.09",
            "0.105 to 0.116 (Karsch's shapes)",
        ),
        measure(
            "D13",
            "shadow away from the window",
            synthetic(&|known| {
                format!(
                    "{:.0} % within 45 deg of {}",
                    100.0 * share(&known.shadow_angles, |angle| angle.abs() < 45.0),
                    known.shadow_angles.len()
                )
            }),
            "85 % within 45 deg",
            "-",
        ),
        measure(
            "D14",
            "box and its shadow against the truth",
            synthetic(&|known| format!("{:.1} dB", average(&known.psnr))),
            "22 dB",
            "-",
        ),
        measure(
            "D15",
            "seconds from file to file",
            of_photos(&|| {
                let of = |value: fn(&Staging) -> f64| {
                    median(staged.iter().map(|staging| value(staging)).collect()).unwrap_or(f64::NAN)
                };
                format!(
                    "median {:.1} s at {:.1} megapixels, {:.0} pieces, {} threads",
                    of(|staging| staging.seconds),
                    of(|staging| staging.megapixels),
                    of(|staging| staging.pieces as f64),
                    rayon::current_num_threads()
                )
            }),
            "2 s on 2 cores (2 MP, 5 pieces)",
            "prototype 40 to 50 s",
        ),
        measure(
            "D16",
            "chance in a shadow, 8-bit steps",
            synthetic(&|known| format!("{:.2}", known.noise)),
            "< 1.5",
            "-",
        ),
        measure(
            "D17",
            "one and two threads give the same bytes",
            of_photos(&|| {
                let same = staged.iter().filter(|staging| staging.is_deterministic).count();
                format!("{same} of {}", staged.len())
            }),
            "always",
            "-",
        ),
        measure(
            "D18",
            "which of two is staged, by a blind judge",
            Some("no judge here: look at the contact sheet".to_owned()),
            "30 % fooled",
            "Karsch about 34 %",
        ),
    ]
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The table as lines of text.
pub fn table(measures: &[Measure]) -> String {
    let mut text = format!(
        "{:4} {:46} {:62} {:32} {}\n",
        "id", "measure", "here", "target", "anchor"
    );
    for m in measures {
        let value = m.value.as_deref().unwrap_or("no truth");
        text += &format!(
            "{:4} {:46} {:62} {:32} {}\n",
            m.id, m.what, value, m.target, m.anchor
        );
    }
    text
}

fn share(values: &[f64], is_good: impl Fn(f64) -> bool) -> f64 {
    values.iter().filter(|value| is_good(**value)).count() as f64 / values.len().max(1) as f64
}

pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}
