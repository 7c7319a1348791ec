//! Folders as York Urban comes in: `<name>/<name>.jpg` beside `<name>GroundTruthVP_Orthogonal_CamParams.mat`, and one
//! `cameraParameters.mat` for all (Denis, Elder and Estrada 2008).

use std::path::Path;

use serde_json::{Value, json};

use super::matlab::{Matrix, read};

/// What the files of one photo say, in the form of our own truth files; `None` where there is no ground truth.
///
/// Directions are stored with y up and as columns, the vertical one second; the first pixel's middle is (1, 1).
pub fn truth(folder: &Path, name: &str) -> Result<Option<Value>, String> {
    let open = |path: &Path| -> Result<_, String> {
        if !path.is_file() {
            return Ok(None);
        }
        let bytes = std::fs::read(path).map_err(|cause| format!("{}: {cause}", path.display()))?;
        read(&bytes)
            .map(Some)
            .map_err(|cause| format!("{}: {cause}", path.display()))
    };
    let labels = |suffix: &str| open(&folder.join(name).join(format!("{name}{suffix}.mat")));
    let orthogonal = labels("GroundTruthVP_Orthogonal_CamParams")?;
    let free = labels("GroundTruthVP_CamParams")?;
    let lens = open(&folder.join("cameraParameters.mat"))?;

    let files: Vec<_> = [&orthogonal, &free, &lens].into_iter().flatten().collect();
    let find = |name: &str| files.iter().find_map(|arrays| arrays.get(name));
    let Some(directions) = find("vp_orthogonal").or_else(|| find("vp")) else {
        return Ok(None);
    };
    let column = |index: usize| -> Option<[f64; 3]> {
        let at = |row: usize| directions.at(row, index);
        Some([at(0)?, -at(1)?, at(2)?])
    };
    let (Some(first), Some(vertical), Some(second)) = (column(0), column(1), column(2)) else {
        return Err(format!("the directions of {name} are not 3 x 3"));
    };
    let up = if vertical[1] < 0.0 {
        vertical
    } else {
        vertical.map(|value| -value)
    };
    let scalar = |name: &str| find(name).and_then(Matrix::scalar);
    let focal = scalar("focal")
        .zip(scalar("pixelSize"))
        .map(|(focal, pixel)| focal / pixel);
    let center = find("pp").and_then(|pp| Some([pp.values.first()? - 0.5, pp.values.get(1)? - 0.5]));
    Ok(Some(json!({
        "camera": {
            "fx": focal,
            "cx": center.map(|c| c[0]),
            "cy": center.map(|c| c[1]),
            "up_in_camera": up,
            "horizontal_axes_in_camera": [first, second],
        }
    })))
}
