#!/usr/bin/env python3
"""Our ray index beside Mitsuba 3 (pip install mitsuba numpy) on the same furniture and the same rays, one thread each.

usage: scripts/compare-mitsuba.py [folder]   builds the example `compare_rays`, runs it, then Mitsuba, and prints a table.

Two questions: how many closest-hit rays per second, for the identical list of a million rays off the floor; and how long
until the share of an even sky that 128 x 128 floor points see is known to a given error. Each side is compared
with an estimate of its own with very many rays and another seed; the means of both are printed. Mitsuba answers with
its wavefront variant (llvm_ad_rgb: compiled kernels, Embree), which needs libLLVM.
"""

import json
import subprocess
import sys
import time

import mitsuba as mi
import numpy as np

folder = sys.argv[1] if len(sys.argv) > 1 else "target/compare-mitsuba"
command = ["cargo", "run", "--release", "--quiet", "-p", "vitrine-scene", "--example", "compare_rays", "--", folder]
ours = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

variant = "llvm_ad_rgb"
try:
    mi.set_variant(variant)
    import drjit as dr

    dr.eval(mi.Float([1, 2]) + 1)
except Exception as cause:  # no libLLVM
    sys.exit(f"Mitsuba's llvm variant does not run here ({cause}); install LLVM and try again")
dr.set_thread_count(1)

started = time.perf_counter()
scene = mi.load_dict({"type": "scene", "furniture": {"type": "ply", "filename": f"{folder}/scene.ply", "face_normals": True}})
build = time.perf_counter() - started

table = np.fromfile(f"{folder}/rays.f32", dtype=np.float32).reshape(-1, 6)


def trace(origins, directions):
    """Which rays hit something; origins and directions are Mitsuba arrays."""
    hit = scene.ray_intersect_preliminary(mi.Ray3f(origins, directions), coherent=False)
    return hit.is_valid()


origins = mi.Point3f(*(mi.Float(table[:, k].copy()) for k in range(3)))
directions = mi.Vector3f(*(mi.Float(table[:, k].copy()) for k in range(3, 6)))
dr.eval(origins, directions)
best, hits = float("inf"), 0
for _ in range(4):
    started = time.perf_counter()
    valid = trace(origins, directions)
    dr.eval(valid)
    dr.sync_thread()
    best = min(best, time.perf_counter() - started)
    hits = int(dr.count(valid)[0])

side, floor_y = ours["side"], ours["floor_y"]


def floor(rays, seed):
    """The share of the sky that the floor points see, and the seconds it took; making the directions is not counted."""
    index = np.arange(side * side)
    x, y = index % side, index // side
    point = mi.Point3f(
        mi.Float((3 * (x + 0.5) / side - 1.5).astype(np.float32)),
        mi.Float(np.full(side * side, floor_y - 0.02, dtype=np.float32)),
        mi.Float((1.5 + 3 * (y + 0.5) / side).astype(np.float32)),
    )
    generator = np.random.default_rng(seed)
    shift = generator.random((2, side * side))
    total = dr.zeros(mi.Float, side * side)
    dr.eval(point, total)
    seconds = 0.0
    for k in range(rays):
        # A rank-1 lattice (the plastic number's), shifted at random per point.
        u = (shift[0] + k * 0.7548776662466927) % 1.0
        v = (shift[1] + k * 0.5698402909980532) % 1.0
        radius, angle = np.sqrt(u), 2 * np.pi * v
        parts = (radius * np.cos(angle), -np.sqrt(1 - u), radius * np.sin(angle))
        direction = mi.Vector3f(*(mi.Float(part.astype(np.float32)) for part in parts))
        dr.eval(direction)
        dr.sync_thread()
        started = time.perf_counter()
        total += dr.select(trace(point, direction), mi.Float(0.0), mi.Float(1.0))
        dr.eval(total)
        dr.sync_thread()
        seconds += time.perf_counter() - started
    return np.array(total) / rays, seconds


floor(4, 1)  # compiles the kernels
truth = floor(2048, 11)[0]
theirs = []
for rays in (4, 16, 64, 256):
    estimate, seconds = floor(rays, 3)
    theirs.append((rays, seconds, float(np.sqrt(np.mean((estimate - truth) ** 2)))))


def until(runs, error):
    """Seconds to an error, between measured runs on a line in logarithms."""
    points = sorted((e, s) for _, s, e in runs)
    errors, seconds = np.log([e for e, _ in points]), np.log([s for _, s in points])
    return float(np.exp(np.interp(np.log(error), errors, seconds)))


print(f"{ours['triangles']} triangles, one thread each; Mitsuba {mi.__version__} {variant}")
print(f"hits of {len(table)} rays: ours {ours['hits']}, Mitsuba {hits}; mean sky {ours['mean']:.4f} / {truth.mean():.4f}")
print(f"index built in: ours {ours['build_s'] * 1e3:.0f} ms, Mitsuba (with reading the file) {build * 1e3:.0f} ms")
print(f"closest-hit rays per second: ours {ours['rays_per_s'] / 1e6:.2f} M, Mitsuba {len(table) / best / 1e6:.2f} M")
for (rays, s, e), (_, t, f) in zip(ours["runs"], theirs):
    print(f"{rays:4} rays per point: ours {s:.3f} s, error {e:.4f}; Mitsuba {t:.3f} s, error {f:.4f}")
for error in (0.03, 0.01):
    a, b = until(ours["runs"], error), until(theirs, error)
    print(f"time to an error of {error}: ours {a:.3f} s, Mitsuba {b:.3f} s, ours / Mitsuba {a / b:.2f}")
