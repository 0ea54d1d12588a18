//! `bulwark-fuzz`: a run of any length, in several threads.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use bulwark_fuzz::run::{Failure, Play, STEPS_PER_WORLD, position, run_world};
use bulwark_fuzz::tally::Tally;
use bulwark_testing::invariants::FORK_INTERVAL;
use clap::Parser;

/// Sends random messages of everybody to the contracts and checks every invariant.
#[derive(Parser)]
struct Arguments {
    /// Everything that chance decides follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Steps in all, or with `--world` of that world.
    #[arg(long, default_value_t = 120_000)]
    steps: u64,
    /// Threads.
    #[arg(long, default_value_t = 2)]
    threads: u64,
    /// Only this one of the run's worlds, to see a failure again.
    #[arg(long)]
    world: Option<u64>,
    /// Steps from one time that things are tried out on forks of the world to the next: those
    /// trials take half of the time of a run.
    #[arg(long, default_value_t = FORK_INTERVAL)]
    fork_interval: u64,
    /// Goes on with the other worlds after a failure, and reports all of them in the end, none of
    /// them with fewer acts.
    #[arg(long)]
    keep_going: bool,
    /// Fails also if a kind of message or an error that every long run should see is missing.
    #[arg(long)]
    complete: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let (seed, world, step) = position();
        eprintln!("a panic at seed {seed}, world {world}, step {step}");
        report(panic);
    }));

    let worlds = arguments.steps.div_ceil(STEPS_PER_WORLD);
    let (first, end) = arguments
        .world
        .map_or((0, worlds), |world| (world, world.saturating_add(1)));
    let next = AtomicU64::new(first);
    let done = Mutex::new(Tally::default());
    let failures: Mutex<Vec<Box<Failure>>> = Mutex::default();
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..arguments.threads.max(1) {
            scope.spawn(|| {
                loop {
                    let world = next.fetch_add(1, Ordering::Relaxed);
                    if world >= end {
                        return;
                    }
                    let before = world.saturating_sub(first).saturating_mul(STEPS_PER_WORLD);
                    let left = arguments.steps.saturating_sub(before);
                    let mut tally = Tally::default();
                    let play = Play {
                        seed: arguments.seed,
                        world,
                        steps: left.clamp(1, STEPS_PER_WORLD),
                        fork_interval: arguments.fork_interval,
                        shrink: !arguments.keep_going,
                    };
                    let ran = run_world(play, &mut tally);
                    let mut all = done.lock().unwrap_or_else(PoisonError::into_inner);
                    all.add(&tally);
                    report_progress(&all, arguments.steps, begun.elapsed());
                    drop(all);
                    if let Err(failure) = ran {
                        if !arguments.keep_going {
                            next.store(end, Ordering::Relaxed);
                        }
                        let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
                        failures.push(failure);
                    }
                }
            });
        }
    });

    let tally = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let seconds = begun.elapsed().as_secs_f64();
    println!("seed {}\n{tally}", arguments.seed);
    println!(
        "{seconds:.0} s, {:.0} steps a second",
        tally.steps as f64 / seconds
    );
    let failures = failures
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    for failure in &failures {
        println!("\n{failure}");
    }
    let missing = if arguments.complete && failures.is_empty() {
        tally.missing()
    } else {
        vec![]
    };
    if !missing.is_empty() {
        println!("\n{}", missing.join("\n"));
    }
    if failures.is_empty() && missing.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn report_progress(tally: &Tally, steps: u64, elapsed: Duration) {
    let rate = tally.steps as f64 / elapsed.as_secs_f64().max(1e-3);
    let left = steps.saturating_sub(tally.steps) as f64 / rate.max(1e-3);
    eprintln!(
        "{} of {steps} steps, {rate:.0} a second, {left:.0} s to go",
        tally.steps
    );
}
