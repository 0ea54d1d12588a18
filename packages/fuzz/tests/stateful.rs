//! A short run among the other tests. The long one, after which nothing may be missing, is
//! `cargo run --release -p bulwark-fuzz -- --complete`.
//!
//! Length and seed can be set with `BULWARK_FUZZ_STEPS` and `BULWARK_FUZZ_SEED`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail loudly"
)]

use std::env;
use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use bulwark_fuzz::run::{Play, STEPS_PER_WORLD, run_world};
use bulwark_fuzz::tally::{SUCCEEDING, Tally};
use bulwark_testing::invariants::FORK_INTERVAL;

/// Steps unless told otherwise.
const STEPS: u64 = 10_000;

/// Seed unless told otherwise.
const SEED: u64 = 1;

#[test]
fn every_invariant_holds_after_whatever_anybody_sends() {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse().unwrap());
    let steps: u64 = number("BULWARK_FUZZ_STEPS").unwrap_or(STEPS);
    let seed = number("BULWARK_FUZZ_SEED").unwrap_or(SEED);
    let worlds = steps.div_ceil(STEPS_PER_WORLD);
    let next = AtomicU64::new(0);
    let all = Mutex::new(Tally::default());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let world = next.fetch_add(1, Ordering::Relaxed);
                    if world >= worlds {
                        return;
                    }
                    let left = steps - world * STEPS_PER_WORLD;
                    let mut tally = Tally::default();
                    let play = Play {
                        seed,
                        world,
                        steps: left.min(STEPS_PER_WORLD),
                        fork_interval: FORK_INTERVAL,
                        shrink: true,
                    };
                    let ran = run_world(play, &mut tally);
                    if let Err(failure) = ran {
                        next.store(worlds, Ordering::Relaxed);
                        panic!("{failure}");
                    }
                    all.lock().unwrap().add(&tally);
                }
            });
        }
    });
    let tally = all.into_inner().unwrap();
    // Not `println!`: of a test that passes, that would be swallowed.
    writeln!(io::stdout(), "seed {seed}\n{tally}").unwrap();
    assert!(tally.succeeded * 100 >= tally.messages * SUCCEEDING);
}
