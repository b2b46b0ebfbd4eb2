//! What this process has used, by the kernel's account.

use std::time::Duration;
use std::{fs, process};

use rustix::thread::{CpuSet, sched_setaffinity};

use crate::Fault;

/// Keeps this process to one processor, so that client and server do not take turns on both.
pub fn pin(processor: usize) -> Result<(), Fault> {
    let mut set = CpuSet::new();
    set.set(processor);
    Ok(sched_setaffinity(None, &set)?)
}

/// Returns the time that the threads of this process have run, to the nanosecond.
pub fn cpu_time() -> Result<Duration, Fault> {
    let mut nanoseconds = 0;
    for task in fs::read_dir("/proc/self/task")? {
        let figures = fs::read_to_string(task?.path().join("schedstat"))?;
        nanoseconds += figures.split(' ').next().ok_or("no run time")?.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// Returns the peak of this process's resident memory, in MiB.
pub fn resident_peak() -> Result<f64, Fault> {
    let status = fs::read_to_string(format!("/proc/{}/status", process::id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc")?;
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes / 1024.0)
}
