#!/usr/bin/env python3
"""Our rays beside Mitsuba 3 (pip install mitsuba numpy) in the same furnished room, in turns, with as many threads each.

usage: scripts/compare-mitsuba.py [folder [rounds]]   builds the example `compare_rays` and prints tables.

Two questions. How many rays per second: of three lists that both trace, rays from the camera (nearest hit), rays that
leave what those met in cosine-distributed directions (nearest hit), and rays from there to a window (any hit). And how long
until the share of an even sky that 128 x 128 points of the floor see is known to a given error (root of the mean square
over the points, against one reference of 4096 rays per point; what Mitsuba thinks of that reference is printed too).
There each side makes its own directions, and the time for that counts: ours from Owen-scrambled Sobol points, Mitsuba's from
its two best samplers, of which the better one is named. Any hit is enough to know the sky; both are also asked for the
nearest one, which pictures need. Mitsuba answers with llvm_ad_rgb (compiled kernels, Embree), which needs libLLVM;
compiling is not counted.

Every figure is the median of the rounds, in seconds of processor time (all threads together), because that is what a busy
machine leaves alone; seconds by the clock stand beside them.
"""

import json
import os
import statistics
import subprocess
import sys
import time

import mitsuba as mi
import numpy as np

ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
ERRORS = (0.03, 0.01)
# Exponents of two; Mitsuba's best sampler takes squares.
COUNTS = (4, 6, 8, 10)
SAMPLERS = ("multijitter", "ldsampler")
WAYS = ("any", "nearest")

folder = sys.argv[1] if len(sys.argv) > 1 else "target/compare-mitsuba"
command = ["cargo", "run", "--release", "--quiet", "-p", "vitrine-scene", "--example", "compare_rays", "--", folder]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
room = json.loads(child.stdout.readline())


def ask(*words):
    """One answer of ours."""
    print(*words, file=child.stdin, flush=True)
    return json.loads(child.stdout.readline())


try:
    mi.set_variant("llvm_ad_rgb")
    import drjit as dr

    dr.eval(mi.Float([1, 2]) + 1)
except Exception as cause:  # no libLLVM
    sys.exit(f"Mitsuba's llvm variant does not run here ({cause}); install LLVM and try again")

started = time.perf_counter()
scene = mi.load_dict({"type": "scene", "furniture": {"type": "ply", "filename": f"{folder}/scene.ply", "face_normals": True}})
build = time.perf_counter() - started
side, floor_y = room["side"], room["floor_y"]
reference = np.fromfile(f"{folder}/reference.f32", dtype=np.float32)


def timed(work):
    """What some work answers, and its seconds by the clock and of processor time."""
    dr.sync_thread()
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    dr.eval(answer)
    dr.sync_thread()
    return answer, {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}


lists = {}
for kind in ("primary", "bounce", "occlusion"):
    table = np.fromfile(f"{folder}/{kind}.f32", dtype=np.float32).reshape(-1, 7)
    columns = [mi.Float(np.ascontiguousarray(table[:, k])) for k in range(7)]
    dr.eval(columns)
    lists[kind] = (mi.Point3f(*columns[:3]), mi.Vector3f(*columns[3:6]), columns[6])


def rays(kind):
    """Mitsuba's answer to the same list."""
    origin, direction, far = lists[kind]
    ray = mi.Ray3f(origin, direction)
    ray.maxt = far
    if kind == "occlusion":
        hit, time_taken = timed(lambda: scene.ray_test(ray, coherent=False))
    else:
        coherent = kind == "primary"
        hit, time_taken = timed(lambda: scene.ray_intersect_preliminary(ray, coherent=coherent).is_valid())
    return {"rays": dr.width(far), "hits": int(dr.count(hit)[0]), **time_taken}


def floor(kind, way, count, seed):
    """Mitsuba's estimate for the floor points, all in one kernel: sample, direction, ray, mean."""

    def estimate():
        sampler = mi.load_dict({"type": kind, "sample_count": count})
        sampler.set_samples_per_wavefront(count)
        sampler.seed(seed, side * side * count)
        point = dr.arange(mi.UInt32, side * side * count) // count
        x, y = point % side, point // side
        origin = mi.Point3f(
            3 * (mi.Float(x) + 0.5) / side - 1.5, mi.Float(floor_y - 0.02), 1.5 + 3 * (mi.Float(y) + 0.5) / side
        )
        disk = mi.warp.square_to_uniform_disk_concentric(sampler.next_2d())
        up = dr.sqrt(dr.abs(1 - disk.x * disk.x - disk.y * disk.y))
        ray = mi.Ray3f(origin, mi.Vector3f(disk.x, -up, disk.y))
        if way == "any":
            hit = scene.ray_test(ray, coherent=False)
        else:
            hit = scene.ray_intersect_preliminary(ray, coherent=False).is_valid()
        return dr.block_sum(dr.select(hit, mi.Float(0), mi.Float(1)), count) / count

    value, time_taken = timed(estimate)
    value = np.array(value)
    return {"error": float(np.sqrt(np.mean((value - reference) ** 2))), "mean": float(value.mean()), **time_taken}


def middle(answers):
    """The median of every number."""
    return {key: statistics.median(answer[key] for answer in answers) for key in answers[0]}


def until(runs, error, key):
    """Seconds to an error, between measured runs on a line in logarithms."""
    points = sorted((run["error"], run[key]) for run in runs)
    errors, seconds = zip(*points)
    return float(np.exp(np.interp(np.log(error), np.log(errors), np.log(seconds))))


def table(head, rows):
    print("|" + "|".join(f" {cell} " for cell in head) + "|\n|" + "---|" * len(head))
    for row in rows:
        print("|" + "|".join(f" {cell} " for cell in row) + "|")
    print()


print(f"{room['triangles']} triangles; Mitsuba {mi.__version__} llvm_ad_rgb; load of the machine {os.getloadavg()[0]:.1f}")
print(f"index built in: ours {room['build_s'] * 1e3:.0f} ms, Mitsuba {build * 1e3:.0f} ms with reading the file\n")
for threads in (1, 2):
    dr.set_thread_count(threads)
    rows = []
    for kind in lists:
        rays(kind)  # compiles the kernel
        pairs = [(ask("rays", kind, threads), rays(kind)) for _ in range(ROUNDS)]
        ours, theirs = (middle(answers) for answers in zip(*pairs))
        ratio = statistics.median(b["cpu_s"] / a["cpu_s"] for a, b in pairs)
        speed = lambda one, key: f"{one['rays'] / one[key] / 1e6:.2f}"
        rows.append(
            (kind, int(ours["rays"]), int(ours["hits"]), int(theirs["hits"]), speed(ours, "cpu_s"), speed(theirs, "cpu_s"), f"{ratio:.2f}")
            + (speed(ours, "wall_s"), speed(theirs, "wall_s"))
        )
    print(f"millions of rays per second, {threads} thread(s) each; by processor time, then by the clock")
    table(("kind", "rays", "hits", "Mitsuba's", "ours", "Mitsuba", "ours / Mitsuba", "ours, clock", "Mitsuba, clock"), rows)

    for way in WAYS:
        sides = {"ours": lambda log2, seed: ask("floor", way, log2, seed, threads)}
        for kind in SAMPLERS:
            sides[kind] = lambda log2, seed, kind=kind: floor(kind, way, 1 << log2, seed)
        runs = {side: {log2: [] for log2 in COUNTS} for side in sides}
        for log2 in COUNTS:
            for work in sides.values():
                work(log2, 1)  # compiles the kernel
            for turn in range(ROUNDS):
                for name, work in sides.items():
                    runs[name][log2].append(work(log2, turn + 5))
        medians = {name: [middle(of_count[log2]) for log2 in COUNTS] for name, of_count in runs.items()}
        rows = []
        for error in ERRORS:
            for key, clock in (("cpu_s", "processor"), ("wall_s", "clock")):
                own = until(medians["ours"], error, key)
                best = min(SAMPLERS, key=lambda kind: until(medians[kind], error, key))
                other = until(medians[best], error, key)
                rows.append((error, clock, f"{own:.3f} s", f"{other:.3f} s ({best})", f"{own / other:.2f}"))
        print(f"seconds until the sky is known, {way} hit, {threads} thread(s) each")
        table(("error", "seconds", "ours", "Mitsuba", "ours / Mitsuba"), rows)
        best = min(SAMPLERS, key=lambda kind: until(medians[kind], ERRORS[-1], "cpu_s"))
        table(
            ("rays per point", "ours", "error", f"Mitsuba, {best}", "error"),
            [
                (1 << log2, f"{a['cpu_s']:.3f} s", f"{a['error']:.4f}", f"{b['cpu_s']:.3f} s", f"{b['error']:.4f}")
                for log2, a, b in zip(COUNTS, medians["ours"], medians[best])
            ],
        )
check = sum(floor("multijitter", "any", 1024, seed)["mean"] for seed in range(4)) / 4
print(f"mean sky: ours {float(reference.mean()):.4f}, Mitsuba {check:.4f}")
child.stdin.close()
child.wait()
