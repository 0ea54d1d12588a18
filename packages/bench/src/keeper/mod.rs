//! How long the keeper takes from a price to the list of all accounts that can be liquidated, and how
//! much memory it holds them in.

mod report;

use std::time::{Duration, Instant};

use bulwark_keeper::book::{AccountId, Book, BookResult, Contract, Moment};
use bulwark_keeper::population::{COMMON, Population, Variety, moved};
use bulwark_keeper::scan::{Found, Scan};
use bulwark_risk::units::Fraction;

pub use report::{Measured, Report};

use crate::error::{BenchError, BenchResult};

/// Numbers of accounts that are measured unless asked for others.
pub const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];

/// Updates of which the median is taken; an odd number.
const UPDATES: usize = 9;

/// What the price falls to, in percent.
const FALLEN: u32 = 90;

/// Seconds from one block to the next.
const BLOCK: u64 = 6;

/// Up to this many accounts the list is always compared with a full evaluation.
const VERIFIED: usize = 100_000;

/// What is measured, and how.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Numbers of accounts.
    pub sizes: Vec<usize>,
    /// What chance begins with.
    pub seed: u64,
    /// Whether every list is compared with a full evaluation, however long that takes.
    pub verify: bool,
    /// Bytes that the program has allocated at the moment.
    pub allocated: fn() -> usize,
}

/// Measures one size after the other. Lists are compared with a full evaluation by the vault's own
/// function: of up to 100,000 accounts always, of more if asked for.
///
/// # Errors
/// [`BenchError::Accounts`] for a size of zero, [`BenchError::Differs`].
pub fn run(settings: &Settings, mut tell: impl FnMut(&str)) -> BenchResult<Report> {
    let mut report = Report::default();
    for accounts in &settings.sizes {
        if *accounts == 0 {
            return Err(BenchError::Accounts { refused: *accounts });
        }
        tell(&format!("{accounts} accounts"));
        report.sizes.push(measure(*accounts, settings)?);
    }
    Ok(report)
}

fn measure(accounts: usize, settings: &Settings) -> BenchResult<Measured> {
    let before = (settings.allocated)();
    let population = Population {
        accounts,
        seed: settings.seed,
        variety: Variety::Plain,
    };
    let mut course = Course {
        book: population.book()?,
        scan: Scan::new(),
        now: Population::moment(),
    };
    let (_, first_look) = course.update(None)?;
    let allocated = (settings.allocated)().saturating_sub(before);

    let fallen = moved(&course.book, COMMON, Fraction::percent(FALLEN))?;
    let risen = moved(&course.book, COMMON, Fraction::ONE)?;
    let mut times = Vec::with_capacity(UPDATES);
    let mut found = Found::default();
    for update in 0..UPDATES {
        if update > 0 {
            course.update(Some(&risen))?;
        }
        let (list, time) = course.update(Some(&fallen))?;
        times.push(time);
        found = list;
    }
    times.sort_unstable();
    let full_evaluation = if settings.verify || accounts <= VERIFIED {
        Some(course.verify(&found)?)
    } else {
        None
    };
    let actual = course.book.accounts().max(1);
    Ok(Measured {
        accounts,
        update: times[UPDATES / 2],
        bytes_per_account: allocated.div_ceil(actual),
        liquidatable: found.liquidatable.len(),
        margin_calls: found.margin_calls.len(),
        holders: course.book.borrowers_in(COMMON),
        evaluated: found.evaluated,
        exactly: found.exactly,
        first_look,
        full_evaluation,
    })
}

/// A book and a scan, from block to block.
struct Course {
    book: Book,
    scan: Scan,
    now: Moment,
}

impl Course {
    /// A block later, and with a record of the oracle changed: what is found, and how long it took
    /// from the record to the list.
    fn update(&mut self, record: Option<&(Vec<u8>, Vec<u8>)>) -> BookResult<(Found, Duration)> {
        self.now.seconds += BLOCK;
        self.now.height += 1;
        let start = Instant::now();
        if let Some((key, value)) = record {
            self.book.apply(Contract::Oracle, key, Some(value))?;
        }
        let found = self.scan.update(&mut self.book, self.now)?;
        Ok((found, start.elapsed()))
    }

    /// Compares a list with the vault's own evaluation of every account; how long that took.
    fn verify(&self, found: &Found) -> BenchResult<Duration> {
        let (expected, time) = self.evaluate_all()?;
        if found.liquidatable == expected {
            return Ok(time);
        }
        Err(BenchError::Differs {
            found: found.liquidatable.len(),
            expected: expected.len(),
        })
    }

    /// The accounts that are liquidatable by the vault's own evaluation of each.
    fn evaluate_all(&self) -> BookResult<(Vec<AccountId>, Duration)> {
        let native = self.book.at(self.now);
        let start = Instant::now();
        let mut books = native.books()?;
        let mut liquidatable = Vec::new();
        for id in self.book.ids() {
            let Some(record) = self.book.record(id)? else {
                continue;
            };
            if books.assess_record(&record)?.is_liquidatable() {
                liquidatable.push(id);
            }
        }
        Ok((liquidatable, start.elapsed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_population_is_measured_and_its_list_is_right() {
        let settings = Settings {
            sizes: vec![300, 1_000],
            seed: 7,
            verify: true,
            allocated: || 0,
        };
        let mut told = Vec::new();
        let report = run(&settings, |step| told.push(step.to_owned())).unwrap();
        assert_eq!(told, ["300 accounts", "1000 accounts"]);
        let [small, large] = report.sizes.as_slice() else {
            panic!("{report:?}");
        };
        for measured in [small, large] {
            assert!(
                measured.liquidatable * 20 > measured.accounts,
                "{measured:?}"
            );
            assert!(
                measured.holders * 10 > measured.accounts as u64 * 4,
                "{measured:?}"
            );
        }
        assert!(matches!(
            run(
                &Settings {
                    sizes: vec![0],
                    ..settings
                },
                |_| {}
            ),
            Err(BenchError::Accounts { refused: 0 })
        ));
    }
}
