//! The run of every day: long enough that every kind of message succeeds and every typed error
//! occurs. Its length and seed can be set with `BULWARK_FUZZ_STEPS` and `BULWARK_FUZZ_SEED`; of a
//! run of another length nothing is demanded but that the invariants hold.

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

use bulwark_fuzz::run::{STEPS_PER_WORLD, run_world};
use bulwark_fuzz::tally::Tally;

/// Steps of the run of every day.
const STEPS: u64 = 80_000;

/// Its seed.
const SEED: u64 = 1;

#[test]
fn every_invariant_holds_after_whatever_anybody_sends() {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse().unwrap());
    let wanted: Option<u64> = number("BULWARK_FUZZ_STEPS");
    let steps = wanted.unwrap_or(STEPS);
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
                    let ran = run_world(seed, world, left.min(STEPS_PER_WORLD), &mut tally);
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
    if wanted.is_none() {
        assert_eq!(tally.missing(), Vec::<String>::new());
    }
}
