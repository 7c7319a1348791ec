//! Previews: what somebody sees who drags a piece.

use vitrine_scene::furnish::{Kind, Placement, RoomType, Style, plan};
use vitrine_scene::geometry::Vec3;
use vitrine_scene::image::resize;
use vitrine_scene::model::Material;
use vitrine_scene::{Control, Prepared, Quality, Rendered};

use crate::golden;
use crate::rendering::prepared;
use crate::rendering_support::{block, cabinet, camera, photo, room, stand};

const WIDTH: u32 = 400;
const HEIGHT: u32 = 300;

#[test]
fn a_preview_is_the_final_picture_with_fewer_rays() {
    let photo = photo(&camera(2 * WIDTH, 2 * HEIGHT), &room());
    let prepared = prepared(&photo);
    let draw = |quality, placements: &[Placement]| {
        prepared
            .render(placements, quality, 7, &Control::default(), |_| {})
            .expect("it renders")
    };
    let quality = Quality::Preview { width: WIDTH };
    let preview = draw(quality, &[cabinet()]);
    assert_eq!(preview.rgb.dimensions(), (WIDTH, HEIGHT));
    let mut moved = cabinet();
    moved.position.x -= 0.4;
    assert_ne!(preview.rgb, draw(quality, &[moved]).rgb);
    assert_eq!(preview.rgb, draw(quality, &[cabinet()]).rgb, "moved back");

    let full = draw(Quality::Final, &[cabinet()]);
    let expected = vitrine_scene::image::resize(&full.rgb, WIDTH, HEIGHT).expect("it shrinks");
    let empty = draw(quality, &[]).rgb;
    let (mut sum, mut count) = (0.0, 0);
    for ((x, y, own), wanted) in preview.rgb.enumerate_pixels().zip(expected.pixels()) {
        let i = (y * WIDTH + x) as usize;
        if preview.furniture_mask[i] == 0 && preview.shadow_mask[i] == 0 {
            assert_eq!(
                own,
                empty.get_pixel(x, y),
                "pixel {x}, {y} is in no mask but changed"
            );
            continue;
        }
        sum += f64::from(own.0[1].abs_diff(wanted.0[1]));
        count += 1;
    }
    let difference = sum / f64::from(count);
    golden::expect(
        count > 10_000 && difference < 2.5,
        "preview of a cabinet",
        &preview.rgb,
        &expected,
        &format!("{difference:.2} of 255 over {count} pixels"),
    );
}

#[test]
fn a_drag_gives_the_picture_of_a_first_preview_for_a_fraction_of_the_rays() {
    let photo = photo(&camera(2 * WIDTH, 2 * HEIGHT), &room());
    let chair = |x: f64, color: Vec3| {
        let material = Material::plain(color, 0.8);
        stand(
            block(Kind::Armchair, Vec3::new(0.5, 0.7, 0.5), material),
            x,
            3.6,
            20.0,
        )
    };
    let mut table = cabinet();
    table.position.x = -1.2;
    // A mirror sees what is dragged elsewhere in the picture, and glass lets it through.
    let mut mirror = stand(
        block(
            Kind::Mirror,
            Vec3::new(0.6, 1.2, 0.05),
            Material::plain(Vec3::ONE, 0.05),
        ),
        -0.4,
        4.3,
        0.0,
    );
    mirror.piece.materials[0].metallic = 1.0;
    let mut glass = stand(
        block(
            Kind::CoffeeTable,
            Vec3::new(0.6, 0.4, 0.5),
            Material::plain(Vec3::ONE, 0.05),
        ),
        0.1,
        2.4,
        0.0,
    );
    glass.piece.materials[0].transmission = 0.8;
    let with = |x: f64, color: Vec3| {
        vec![
            table.clone(),
            mirror.clone(),
            glass.clone(),
            chair(x, color),
            chair(1.6, Vec3::ONE),
        ]
    };
    let red = Vec3::new(0.6, 0.1, 0.1);
    let dragged = prepared(&photo);
    let draw = |prepared: &Prepared<'_>, placements: &[Placement], seed: u32| {
        let quality = Quality::Preview { width: WIDTH };
        let drawn = prepared.render(placements, quality, seed, &Control::default(), |_| {});
        drawn.expect("nobody cancels")
    };
    let first = draw(&dragged, &with(0.3, red), 7).reuse.expect("previews tell");
    assert_eq!((first.rays_kept, first.pixels_kept), (0, 0), "nothing was known");
    assert!(first.rays_traced > 10_000, "{first:?}");
    let blue = Vec3::new(0.1, 0.1, 0.6);
    let mut removed = with(0.45, blue);
    removed.remove(0);
    let mut steps = vec![
        ("moved", with(0.33, red), 7),
        ("moved farther", with(0.45, red), 7),
        ("recoloured", with(0.45, blue), 7),
        ("removed", removed, 7),
        ("added again", with(0.45, blue), 7),
        ("swapped in the list", with(0.45, blue), 7),
        ("another seed", with(0.45, blue), 8),
    ];
    steps[5].1.swap(1, 3);
    for (what, placements, seed) in &steps {
        let again = draw(&dragged, placements, *seed);
        let anew = draw(&prepared(&photo), placements, *seed);
        // Light that changed a little elsewhere may be kept for a while.
        let (mean, far) = apart(&again.rgb, &anew.rgb, &vec![1; (WIDTH * HEIGHT) as usize]);
        println!("{what}: {mean:.4} of 255, {far:.5} far off");
        golden::expect(
            mean < 0.15 && far < 0.001,
            &format!("drag, {what}"),
            &again.rgb,
            &anew.rgb,
            &format!("{mean:.3} of 255, {far:.4} far off"),
        );
        assert!(
            again.furniture_mask == anew.furniture_mask,
            "{what}: other outlines"
        );
        let pairs = again.shadow_mask.iter().zip(&anew.shadow_mask);
        let others = pairs.filter(|(a, b)| a != b).count();
        assert!(
            others < anew.shadow_mask.len() / 100,
            "{what}: {others} pixels of shadow"
        );
        let reuse = again.reuse.expect("previews tell");
        if *seed == 7 {
            assert!(
                reuse.rays_kept > reuse.rays_traced && reuse.pixels_kept > reuse.pixels_traced / 2,
                "{what}: {reuse:?}"
            );
        } else {
            assert_eq!((reuse.rays_kept, reuse.pixels_kept), (0, 0), "{what}");
        }
    }
    let full = dragged.render(&steps[0].1, Quality::Final, 7, &Control::default(), |_| {});
    assert_eq!(full.expect("nobody cancels").reuse, None);
}

/// Mean difference of two pictures, and the share of pixels farther apart than 24 of 255, where a mask is not 0.
fn apart(a: &image::RgbImage, b: &image::RgbImage, mask: &[u8]) -> (f64, f64) {
    let pairs = a.pixels().zip(b.pixels()).zip(mask);
    let gaps: Vec<f64> = pairs
        .filter(|(_, mask)| **mask != 0)
        .map(|((a, b), _)| (0..3).map(|c| f64::from(a.0[c].abs_diff(b.0[c])) / 3.0).sum())
        .collect();
    let count = gaps.len() as f64;
    let far = gaps.iter().filter(|gap| **gap > 24.0).count() as f64;
    (gaps.iter().sum::<f64>() / count, far / count)
}

#[test]
fn a_preview_of_real_furniture_looks_like_the_final_picture() {
    let (width, height) = (480, 360);
    let photo = photo(&camera(2 * width, 2 * height), &room());
    let prepared = prepared(&photo);
    let furniture = plan(
        prepared.room(),
        prepared.camera(),
        &prepared.light().surroundings(),
        Some(RoomType::LivingRoom),
        Style::Scandinavian,
        7,
        &Control::default(),
    );
    let furniture = furniture.expect("a plain room can be furnished").placements;
    assert!(furniture.len() > 5, "{} pieces", furniture.len());
    let draw = |quality| -> Rendered {
        let drawn = prepared.render(&furniture, quality, 7, &Control::default(), |_| {});
        drawn.expect("nobody cancels")
    };
    let preview = draw(Quality::Preview { width });
    let wanted = resize(&draw(Quality::Final).rgb, width, height).expect("it shrinks");
    let (mean, far) = apart(&preview.rgb, &wanted, &preview.furniture_mask);
    golden::expect(
        mean < 8.5 && far < 0.07,
        "preview of real furniture",
        &preview.rgb,
        &wanted,
        &format!("furniture: {mean:.2} of 255, {far:.3} far off"),
    );
    let (mean, far) = apart(&preview.rgb, &wanted, &preview.shadow_mask);
    golden::expect(
        mean < 3.0 && far < 0.02,
        "preview of shadows",
        &preview.rgb,
        &wanted,
        &format!("shadow: {mean:.2} of 255, {far:.3} far off"),
    );
}

#[test]
fn a_preview_wider_than_the_photo_has_the_photos_size() {
    let photo = photo(&camera(200, 150), &room());
    let quality = Quality::Preview { width: 960 };
    let drawn = prepared(&photo).render(&[cabinet()], quality, 7, &Control::default(), |_| {});
    assert_eq!(drawn.expect("it renders").rgb.dimensions(), (200, 150));
}
