//! Time, processor time and memory of this process.

use std::time::Instant;

/// User and system time of this process so far, seconds; 0 where /proc does not tell.
pub fn cpu_seconds() -> f64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else {
        return 0.0;
    };
    // The first number is nanoseconds on a processor; threads of the pool live as long as the process.
    let nanoseconds = threads.filter_map(|thread| {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    nanoseconds.sum::<f64>() * 1e-9
}

/// Forgets the highest memory so far, where the kernel lets it.
pub fn reset_peak() {
    // Without the permission the figure is that of the whole run, which is higher, never lower.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Highest resident memory since the last [`reset_peak`], 0 where /proc does not tell.
pub fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().split(' ').next()?.parse::<u64>().ok())
        .unwrap_or(0)
        / 1000
}

/// Steps one after another.
pub struct Laps {
    started: (Instant, f64),
    last: (Instant, f64),
    /// Name, wall and processor milliseconds of every step.
    steps: Vec<(String, f64, f64)>,
}

impl Laps {
    pub fn start() -> Self {
        let now = (Instant::now(), cpu_seconds());
        Self {
            started: now,
            last: now,
            steps: vec![],
        }
    }

    pub fn lap(&mut self, name: &str) {
        let now = (Instant::now(), cpu_seconds());
        self.steps.push((
            name.to_owned(),
            1e3 * (now.0 - self.last.0).as_secs_f64(),
            1e3 * (now.1 - self.last.1),
        ));
        self.last = now;
    }

    /// Wall and processor seconds since the start.
    pub fn total(&self) -> (f64, f64) {
        (
            (self.last.0 - self.started.0).as_secs_f64(),
            self.last.1 - self.started.1,
        )
    }

    /// Wall and processor milliseconds of every step.
    pub fn told(&self) -> String {
        let told = self
            .steps
            .iter()
            .map(|(name, wall, cpu)| format!("{name} {wall:.0}/{cpu:.0}"));
        told.collect::<Vec<_>>().join(", ")
    }

    /// Name, wall and processor milliseconds of every step.
    pub fn steps(&self) -> &[(String, f64, f64)] {
        &self.steps
    }
}

/// Runs something three times and prints what each took.
pub fn best<T>(name: &str, work: impl Fn() -> T) -> T {
    let mut fastest = f64::INFINITY;
    let mut last = None;
    for _ in 0..3 {
        let (started, cpu) = (Instant::now(), cpu_seconds());
        last = Some(work());
        fastest = fastest.min(started.elapsed().as_secs_f64());
        println!(
            "  {name}: {:.0} ms, {:.0} ms of CPU",
            1e3 * started.elapsed().as_secs_f64(),
            1e3 * (cpu_seconds() - cpu)
        );
    }
    println!("{name}: best {:.0} ms", 1e3 * fastest);
    last.expect("three runs were made")
}
