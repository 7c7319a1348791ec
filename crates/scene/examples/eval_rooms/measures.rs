//! The table of measures: how each compares with its target, and with what others or earlier versions reach.

use crate::Row;

/// One line of the table; `value` is `None` where the folder holds no truth for it.
pub struct Measure {
    pub id: &'static str,
    pub what: &'static str,
    pub value: Option<String>,
    pub target: &'static str,
    pub anchor: &'static str,
}

/// All geometric measures over the photographs measured.
pub fn measures(rows: &[Row]) -> Vec<Measure> {
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
    vec![
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
            id: "D8",
            what: "scale",
            value: None,
            target: "15 % median",
            anchor: "not measured",
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
    ]
}

/// The table as lines of text.
pub fn table(measures: &[Measure]) -> String {
    let mut text = format!(
        "{:4} {:38} {:58} {:30} {}\n",
        "id", "measure", "here", "target", "anchor"
    );
    for m in measures {
        let value = m.value.as_deref().unwrap_or("no truth");
        text += &format!(
            "{:4} {:38} {:58} {:30} {}\n",
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
