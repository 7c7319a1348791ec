//! How rays find their way through the boxes: one text, compiled for every kind of register in [`super::lanes`].
//!
//! One ray looks at eight boxes at once. A bundle looks at one box with sixteen rays at once, as long as enough of them go
//! the same way; the last few of a branch walk on alone.

/// Each module of this file has these functions.
macro_rules! walks {
    ($(#[$features:meta])?) => {
        /// Which boxes a ray crosses before `far`, one bit each, and where it enters them.
        $(#[$features])?
        #[inline]
        fn cross(node: &Node, ray: &Ray, far: f32) -> (u32, Eight) {
            let [x, y, z] = ray.first;
            let (mut enter, mut leave) = (eight_of(0.0), eight_of(far));
            for (axis, first) in [x, y, z].into_iter().enumerate() {
                let (origin, inverse) = (eight_of(ray.origin[axis]), eight_of(ray.inverse[axis]));
                let near = eight(&node.planes[first & 1][axis]);
                let far = eight(&node.planes[(first ^ 1) & 1][axis]);
                enter = eight_max(enter, eight_mul(eight_sub(near, origin), inverse));
                leave = eight_min(leave, eight_mul(eight_sub(far, origin), inverse));
            }
            (eight_le(enter, eight_mul(leave, eight_of(WIDEN))), enter)
        }

        /// Calls `visit` for the packets a ray may meet below `root`, nearest boxes first. It returns how far the ray still
        /// reaches, or `None` to end the walk.
        $(#[$features])?
        #[inline]
        fn walk(
            index: &RayIndex,
            ray: &Ray,
            root: u32,
            mut far: f32,
            stack: &mut Stack,
            mut visit: impl FnMut(&Packet) -> Option<f32>,
        ) {
            let (mut height, mut child) = (0, root);
            loop {
                if child & LEAF != 0 {
                    for packet in index.leaf(child) {
                        match visit(packet) {
                            Some(reach) => far = reach,
                            None => return,
                        }
                    }
                } else {
                    let node = &index.nodes[child as usize];
                    let (mut mask, enter) = cross(node, ray, far);
                    if mask != 0 {
                        let lane = mask.trailing_zeros() as usize & 7;
                        mask &= mask - 1;
                        if mask == 0 {
                            child = node.children[lane];
                            continue;
                        }
                        let enter = eight_array(enter);
                        let entry = |lane: usize| {
                            u64::from(enter[lane].to_bits()) << 32 | u64::from(node.children[lane])
                        };
                        let (mut nearest, bottom) = (entry(lane), height);
                        while mask != 0 {
                            let other = entry(mask.trailing_zeros() as usize & 7);
                            mask &= mask - 1;
                            let pushed = nearest.max(other);
                            nearest = nearest.min(other);
                            // The nearest comes to lie on top.
                            let mut at = height;
                            while at > bottom && stack[at - 1] < pushed {
                                stack[at] = stack[at - 1];
                                at -= 1;
                            }
                            stack[at] = pushed;
                            height += 1;
                        }
                        child = nearest as u32;
                        continue;
                    }
                }
                loop {
                    if height == 0 {
                        return;
                    }
                    height -= 1;
                    if f32::from_bits((stack[height] >> 32) as u32) <= far {
                        break;
                    }
                }
                child = stack[height] as u32;
            }
        }

        /// Makes `best` the nearest hit below `root` if that is behind `near` and before `best`; or just any such hit.
        $(#[$features])?
        fn nearest<const ANY: bool>(index: &RayIndex, ray: &Ray, root: u32, near: f32, best: &mut Hit, stack: &mut Stack) {
            let wide = WideRay::new(ray);
            walk(index, ray, root, best.t, stack, |packet| {
                let (mut mask, t, u, v) = packet.meet(&wide, near, best.t);
                if mask != 0 {
                    let (t, u, v) = (t.to_array(), u.to_array(), v.to_array());
                    while mask != 0 {
                        let lane = mask.trailing_zeros() as usize & 3;
                        mask &= mask - 1;
                        if best.gives_way_to(t[lane], packet.triangles[lane]) {
                            *best = Hit {
                                triangle: packet.triangles[lane],
                                t: t[lane],
                                u: u[lane],
                                v: v[lane],
                            };
                        }
                    }
                }
                (!ANY || best.triangle == u32::MAX).then_some(best.t)
            });
        }

        /// Makes `best` the nearest hit if that is behind `near` and before `best`.
        $(#[$features])?
        pub fn closest(index: &RayIndex, ray: &Ray, near: f32, best: &mut Hit) {
            nearest::<false>(index, ray, 0, near, best, &mut [0; STACK]);
        }

        /// Whether a ray meets anything in `(near, far)`.
        $(#[$features])?
        pub fn is_met(index: &RayIndex, ray: &Ray, near: f32, far: f32) -> bool {
            let mut any = Hit::none(far);
            nearest::<true>(index, ray, 0, near, &mut any, &mut [0; STACK]);
            any.triangle != u32::MAX
        }

        /// Share of light that travels `far` along the ray.
        $(#[$features])?
        pub fn transmittance(index: &RayIndex, ray: &Ray, near: f32, far: f32) -> f32 {
            let wide = WideRay::new(ray);
            let mut left = 1.0_f32;
            walk(index, ray, 0, far, &mut [0; STACK], |packet| {
                let (mask, t, ..) = packet.meet(&wide, near, far);
                let t = t.to_array();
                for lane in (0..4).filter(|&lane| mask >> lane & 1 == 1 && t[lane] < far) {
                    let triangle = packet.triangles[lane] as usize;
                    left *= index.see_through.get(triangle).copied().unwrap_or(0.0);
                }
                (left > 0.0).then_some(far)
            });
            left
        }

        /// The boxes a ray crosses before `far`, by their number.
        $(#[$features])?
        pub fn crossed(boxes: &[Node], ray: &Ray, far: f32, mut visit: impl FnMut(f32, u32)) {
            for node in boxes {
                let (mut mask, enter) = cross(node, ray, far);
                if mask != 0 {
                    let enter = eight_array(enter);
                    while mask != 0 {
                        let lane = mask.trailing_zeros() as usize & 7;
                        mask &= mask - 1;
                        visit(enter[lane], node.children[lane]);
                    }
                }
            }
        }

        /// Calls `visit` for the boxes of a node that rays of a bundle cross before `far`: number, rays, and a distance from
        /// the origin that none of the rays can undercut.
        $(#[$features])?
        #[inline]
        fn cross_bundle(
            node: &Node,
            origin: [Eight; 3],
            inverse: &[Sixteen; 3],
            far: Sixteen,
            mut visit: impl FnMut(u32, u32, f32),
        ) {
            let mut planes = [[[0.0_f32; 8]; 3]; 2];
            let mut square = eight_of(0.0);
            for axis in 0..3 {
                let low = eight_sub(eight(&node.planes[0][axis]), origin[axis]);
                let high = eight_sub(eight(&node.planes[1][axis]), origin[axis]);
                let outside = eight_max(low, eight_sub(eight_of(0.0), high));
                let outside = eight_max(outside, eight_of(0.0));
                square = eight_add(square, eight_mul(outside, outside));
                planes[0][axis] = eight_array(low);
                planes[1][axis] = eight_array(high);
            }
            let square = eight_array(square);
            for lane in 0..node.count.min(8) as usize {
                let (mut enter, mut leave) = (of(0.0), far);
                for axis in 0..3 {
                    let a = mul(of(planes[0][axis][lane]), inverse[axis]);
                    let b = mul(of(planes[1][axis][lane]), inverse[axis]);
                    enter = max(enter, min(a, b));
                    leave = min(leave, max(a, b));
                }
                let rays = bits(le(enter, mul(leave, of(WIDEN))));
                if rays != 0 {
                    visit(node.children[lane], rays, square[lane].sqrt() / WIDEN);
                }
            }
        }

        /// The boxes that rays of a bundle cross before `far`: number, rays, and a distance none of them can undercut.
        $(#[$features])?
        pub fn crossed_by_bundle(boxes: &[Node], bundle: &Bundle, mut visit: impl FnMut(u32, u32, f32)) {
            let from = bundle.origin.to_array();
            let origin = [eight_of(from[0]), eight_of(from[1]), eight_of(from[2])];
            let inverse = [load(&bundle.inverses[0]), load(&bundle.inverses[1]), load(&bundle.inverses[2])];
            for node in boxes {
                cross_bundle(node, origin, &inverse, load(&bundle.far), &mut visit);
            }
        }

        /// Improves `hits` by nearer ones; or by any, whose `t` is then negative.
        $(#[$features])?
        fn nearest_of_bundle<const ANY: bool>(index: &RayIndex, bundle: &Bundle, near: f32, hits: &mut Hits) {
            let from = bundle.origin.to_array();
            let origin = [eight_of(from[0]), eight_of(from[1]), eight_of(from[2])];
            let direction = [load(&bundle.directions[0]), load(&bundle.directions[1]), load(&bundle.directions[2])];
            let inverse = [load(&bundle.inverses[0]), load(&bundle.inverses[1]), load(&bundle.inverses[2])];
            let near_lanes = of(near);
            let mut alone = [0; STACK];
            let wide_origin = from.map(Vec4::splat);
            // Child, rays that go there, and its distance.
            let mut stack = [(0_u32, 0_u32, 0.0_f32); STACK];
            stack[0] = (0, 0xffff, 0.0);
            let mut height = 1;
            let mut reach = hits.t.into_iter().fold(0.0, f32::max);
            while height > 0 {
                height -= 1;
                let (child, rays, distance) = stack[height];
                if distance > reach {
                    continue;
                }
                let rays = if ANY { rays & bits(le(of(0.0), load(&hits.t))) } else { rays };
                if rays.count_ones() <= FEW {
                    let mut left = rays;
                    while left != 0 {
                        let lane = left.trailing_zeros() as usize & 15;
                        left &= left - 1;
                        let of_lane = |values: &[[f32; BUNDLE]; 3]| [values[0][lane], values[1][lane], values[2][lane]];
                        let ray = Ray::with(from, of_lane(&bundle.directions), of_lane(&bundle.inverses));
                        let mut best = Hit {
                            triangle: hits.triangle[lane].to_bits(),
                            t: hits.t[lane],
                            u: hits.u[lane],
                            v: hits.v[lane],
                        };
                        nearest::<ANY>(index, &ray, child, near, &mut best, &mut alone);
                        if ANY && best.triangle != u32::MAX {
                            best.t = -1.0;
                        }
                        hits.triangle[lane] = f32::from_bits(best.triangle);
                        (hits.t[lane], hits.u[lane], hits.v[lane]) = (best.t, best.u, best.v);
                    }
                    continue;
                }
                if child & LEAF == 0 {
                    let bottom = height;
                    cross_bundle(&index.nodes[child as usize], origin, &inverse, load(&hits.t), |child, crossing, distance| {
                        let rays = rays & crossing;
                        if rays == 0 {
                            return;
                        }
                        let mut at = height;
                        while at > bottom && stack[at - 1].2 < distance {
                            stack[at] = stack[at - 1];
                            at -= 1;
                        }
                        stack[at] = (child, rays, distance);
                        height += 1;
                    });
                    continue;
                }
                let (mut t, mut u, mut v) = (load(&hits.t), load(&hits.u), load(&hits.v));
                let mut triangle = load(&hits.triangle);
                let (going, mut has_hit) = (mask_of(rays), false);
                for packet in index.leaf(child) {
                    let seen = packet.seen_from(&wide_origin).to_arrays();
                    for k in 0..4 {
                        if packet.triangles[k] == u32::MAX {
                            break;
                        }
                        let [x, y, z] = direction;
                        let along = |a: &[[f32; 4]; 3]| {
                            add(add(mul(x, of(a[0][k])), mul(y, of(a[1][k]))), mul(z, of(a[2][k])))
                        };
                        let det = along(&seen.size);
                        let sign = select(lt(det, of(0.0)), of(-1.0), of(1.0));
                        let size = mul(det, sign);
                        let rim = mul(size, of(-RIM));
                        let (a, b) = (mul(along(&seen.u), sign), mul(along(&seen.v), sign));
                        let inside = both(
                            both(le(rim, a), le(rim, b)),
                            le(add(a, b), mul(size, of(1.0 + RIM))),
                        );
                        if bits(inside) == 0 {
                            continue;
                        }
                        let inverse = div(of(1.0), size);
                        let at = mul(mul(of(seen.t[k]), sign), inverse);
                        let number = of(f32::from_bits(packet.triangles[k]));
                        // Of equals the first counts, as for a single ray; the bits of numbers sort as floats, and no comparison
                        // with those of no triangle holds.
                        let is_first = both(le(at, t), lt(number, triangle));
                        let hit = both(both(inside, going), both(lt(near_lanes, at), either(lt(at, t), is_first)));
                        if bits(hit) == 0 {
                            continue;
                        }
                        has_hit = true;
                        t = select(hit, if ANY { of(-1.0) } else { at }, t);
                        u = select(hit, mul(a, inverse), u);
                        v = select(hit, mul(b, inverse), v);
                        triangle = select(hit, number, triangle);
                    }
                }
                if has_hit {
                    *hits = Hits { t: array(t), u: array(u), v: array(v), triangle: array(triangle) };
                    reach = hits.t.into_iter().fold(0.0, f32::max);
                }
            }
        }

        /// Improves `hits` by nearer ones.
        $(#[$features])?
        pub fn closest_of_bundle(index: &RayIndex, bundle: &Bundle, near: f32, hits: &mut Hits) {
            nearest_of_bundle::<false>(index, bundle, near, hits);
        }

        /// Which rays of a bundle meet anything behind `near`, one bit each.
        $(#[$features])?
        pub fn met_by_bundle(index: &RayIndex, bundle: &Bundle, near: f32) -> u32 {
            let mut hits = Hits::none(bundle);
            nearest_of_bundle::<true>(index, bundle, near, &mut hits);
            (0..BUNDLE).filter(|&lane| hits.get(lane).is_some()).fold(0, |met, lane| met | 1 << lane)
        }

        /// Directions and their reciprocals for sixteen points of a set, about the last axis of `frame`.
        $(#[$features])?
        pub fn aim(bundle: &mut Bundle, frame: &Mat3, points: &Square) {
            let (mut u, mut v) = ([0.0; BUNDLE], [0.0; BUNDLE]);
            for lane in 0..BUNDLE {
                (u[lane], v[lane]) = points.get(lane as u32);
            }
            for lane in 0..BUNDLE {
                let direction = cosine_direction(frame, (u[lane], v[lane]));
                for axis in 0..3 {
                    bundle.directions[axis][lane] = direction[axis];
                    bundle.inverses[axis][lane] = reciprocal(direction[axis]);
                }
            }
        }
    };
}

pub(super) mod plain {
    use super::super::lanes::plain::*;
    use super::super::*;
    walks!();
}

#[cfg(target_arch = "x86_64")]
pub(super) mod avx2 {
    use super::super::lanes::avx2::*;
    use super::super::*;
    walks!(#[target_feature(enable = "avx2")]);
}

#[cfg(target_arch = "x86_64")]
pub(super) mod avx512 {
    use super::super::lanes::avx512::*;
    use super::super::*;
    walks!(#[target_feature(enable = "avx2,avx512f,avx512vl")]);
}
