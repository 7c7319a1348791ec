use super::*;

fn wall(z: f32) -> [Vec3; 3] {
    [
        Vec3::new(-1.0, -1.0, z),
        Vec3::new(3.0, -1.0, z),
        Vec3::new(-1.0, 3.0, z),
    ]
}

#[test]
fn the_nearest_triangle_is_found_with_its_weights() {
    let index = RayIndex::new(&[wall(4.0), wall(2.0), wall(3.0)], &[0.0; 3]);
    let hit = index
        .closest(Vec3::ZERO, Vec3::Z, 0.0, f32::INFINITY)
        .expect("a wall is in the way");
    assert_eq!(hit.triangle, 1);
    let [a, b, c] = wall(2.0);
    let point = a * (1.0 - hit.u - hit.v) + b * hit.u + c * hit.v;
    assert!((point - Vec3::new(0.0, 0.0, 2.0)).length() < 1e-5, "{point}");
    assert!(
        index
            .closest(Vec3::ZERO, Vec3::NEG_Z, 0.0, f32::INFINITY)
            .is_none()
    );
}

#[test]
fn light_passes_glass_and_stops_at_wood() {
    let index = RayIndex::new(&[wall(2.0), wall(3.0), wall(5.0)], &[0.5, 0.5, 0.0]);
    assert_eq!(index.transmittance(Vec3::ZERO, Vec3::Z, 0.0, 4.0), 0.25);
    assert_eq!(index.transmittance(Vec3::ZERO, Vec3::Z, 0.0, 6.0), 0.0);
    assert_eq!(
        RayIndex::new(&[], &[]).transmittance(Vec3::ZERO, Vec3::Z, 0.0, 6.0),
        1.0
    );
}

/// Many small triangles in a cube, some of them the same.
fn crowd(count: u32) -> Vec<[Vec3; 3]> {
    let number = |i: u32, k: u32| crate::geometry::sampling::unit(crate::geometry::sampling::hash2(i, k));
    let point = |i: u32, k: u32| Vec3::new(number(i, k), number(i, k + 1), number(i, k + 2));
    (0..count)
        .map(|i| {
            let at = point(i % (count - count / 8).max(1), 0) * 2.0;
            [at, at + point(i, 3) * 0.2, at + point(i, 6) * 0.2]
        })
        .collect()
}

#[test]
fn every_ray_finds_what_looking_at_all_triangles_finds() {
    let targets = crowd(1000);
    for count in [1, 3, 5, 40, 700] {
        let corners = crowd(count);
        let index = RayIndex::new(&corners, &vec![0.0; corners.len()]);
        let mut hits = 0;
        for i in 0..400 {
            let [a, b, c] = targets[i];
            let aim = corners[i % corners.len()].iter().sum::<Vec3>() / 3.0;
            let origin = a * 1.5 - Vec3::splat(0.5);
            let mut direction = (aim + (b - c) * 0.3 - origin).normalize();
            if i % 5 == 0 {
                // Along an axis, where divisions by zero lurk.
                direction = [Vec3::X, Vec3::NEG_Y, Vec3::Z][i / 5 % 3];
            }
            let plain = corners
                .iter()
                .filter_map(|&[a, b, c]| {
                    let normal = (b - a).cross(c - a);
                    let t = normal.dot(a - origin) / normal.dot(direction);
                    let p = origin + direction * t;
                    let inside = [(a, b), (b, c), (c, a)]
                        .iter()
                        .all(|&(from, to)| (to - from).cross(p - from).dot(normal) >= 0.0);
                    (inside && t > 0.0).then_some(t)
                })
                .min_by(f32::total_cmp);
            let found = index
                .closest(origin, direction, 0.0, f32::INFINITY)
                .map(|hit| hit.t);
            let is_same = match (plain, found) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-4,
                (a, b) => a.is_none() && b.is_none(),
            };
            assert!(is_same, "{count} triangles, ray {i}: {plain:?} and {found:?}");
            let left = index.transmittance(origin, direction, 0.0, f32::INFINITY);
            assert_eq!(left == 0.0, found.is_some());
            hits += usize::from(found.is_some());
        }
        assert!(count < 40 || hits > 20, "{hits} rays hit {count} triangles");
    }
}

/// Rays through a crowd: where they start and where they go.
fn volley(corners: &[[Vec3; 3]], count: usize) -> Vec<(Vec3, Vec3)> {
    (0..count)
        .map(|i| {
            let origin = Vec3::new(0.1 + 0.02 * (i / BUNDLE) as f32, 1.1, 0.9);
            let aim = corners[i * 7 % corners.len()].iter().sum::<Vec3>() / 3.0;
            (origin, (aim - origin).normalize())
        })
        .collect()
}

fn bundles(rays: &[(Vec3, Vec3)]) -> Vec<Bundle> {
    let fill = |rays: &[(Vec3, Vec3)]| {
        let mut bundle = Bundle::new(rays[0].0);
        rays.iter()
            .for_each(|(_, direction)| bundle.push(*direction, 3.0));
        bundle
    };
    rays.chunks(BUNDLE).map(fill).collect()
}

#[test]
fn a_bundle_finds_what_its_rays_find_alone_to_the_last_bit() {
    let corners = crowd(700);
    let index = RayIndex::new(&corners, &[]);
    let rays = volley(&corners, 1000);
    let mut hits = 0;
    for (bundle, rays) in bundles(&rays).iter().zip(rays.chunks(BUNDLE)) {
        assert_eq!(bundle.len(), rays.len());
        let mut found = Hits::none(bundle);
        index.closest_of_bundle(bundle, 0.0, &mut found);
        let met = index.met_by_bundle(bundle, 0.0);
        for lane in 0..BUNDLE {
            let together = found.get(lane);
            assert_eq!(met >> lane & 1 == 1, together.is_some(), "ray {lane}");
            let alone = rays
                .get(lane)
                .and_then(|(origin, direction)| index.closest(*origin, *direction, 0.0, 3.0));
            assert_eq!(together, alone, "ray {lane}");
            hits += usize::from(together.is_some());
        }
    }
    assert!(hits > 500, "{hits} rays hit");
}

#[test]
fn every_kind_of_register_gives_the_same_bits() {
    let corners = crowd(700);
    let clear: Vec<f32> = (0..corners.len())
        .map(|i| if i % 3 == 0 { 0.5 } else { 0.0 })
        .collect();
    let rays = volley(&corners, 1000);
    let answers = |level: Level| -> Vec<u32> {
        let index = RayIndex::at_level(level, &corners, &clear);
        let mut bits = vec![];
        for (origin, direction) in &rays {
            let hit = index.closest(*origin, *direction, 0.0, 3.0);
            bits.extend(hit.map_or([0; 4], |hit| {
                [hit.triangle, hit.t.to_bits(), hit.u.to_bits(), hit.v.to_bits()]
            }));
            bits.push(index.transmittance(*origin, *direction, 0.0, 3.0).to_bits());
        }
        let boxes = Boxes {
            level,
            ..Boxes::new(
                corners[..50]
                    .iter()
                    .map(|[a, b, c]| (a.min(*b).min(*c), a.max(*b).max(*c))),
            )
        };
        for bundle in bundles(&rays) {
            bits.push(index.met_by_bundle(&bundle, 0.0));
            let mut hits = Hits::none(&bundle);
            index.closest_of_bundle(&bundle, 0.0, &mut hits);
            bits.extend(
                [hits.t, hits.u, hits.v, hits.triangle]
                    .as_flattened()
                    .iter()
                    .map(|value| value.to_bits()),
            );
            boxes.crossed_by_bundle(&bundle, |number, rays, distance| {
                bits.extend([number, rays, distance.to_bits()])
            });
            let (direction, far) = bundle.ray(0);
            boxes.crossed(bundle.origin, direction, far, |distance, number| {
                bits.extend([number, distance.to_bits()])
            });
        }
        bits
    };
    let levels = Level::available();
    let plain = answers(levels[0]);
    assert!(plain.len() > 10_000);
    for level in &levels[1..] {
        assert!(answers(*level) == plain, "{level:?}");
    }
}

#[test]
fn boxes_are_named_by_the_rays_that_cross_them() {
    let boxes = Boxes::new((0..20).map(|i| {
        let min = Vec3::new(2.0 * i as f32, 0.0, 0.0);
        (min, min + Vec3::ONE)
    }));
    let named = |origin: Vec3, direction: Vec3, far: f32| {
        let mut named = vec![];
        boxes.crossed(origin, direction, far, |enter, number| {
            named.push((number, enter))
        });
        named
    };
    assert_eq!(
        named(Vec3::new(-1.0, 0.5, 0.5), Vec3::X, 4.0),
        [(0, 1.0), (1, 3.0)]
    );
    assert_eq!(named(Vec3::new(30.5, 0.5, 5.0), Vec3::NEG_Z, 9.0), [(15, 4.0)]);
    assert_eq!(named(Vec3::new(29.5, 0.5, 5.0), Vec3::NEG_Z, 9.0), []);
    let mut bundle = Bundle::new(Vec3::new(30.5, 0.5, 5.0));
    bundle.push(Vec3::Z, 9.0);
    bundle.push(Vec3::NEG_Z, 9.0);
    bundle.push(Vec3::NEG_Z, 3.0);
    let mut named = vec![];
    boxes.crossed_by_bundle(&bundle, |number, rays, distance| {
        named.push((number, rays, (distance * 100.0).round()))
    });
    assert_eq!(named, [(15, 0b10, 400.0)]);
}
