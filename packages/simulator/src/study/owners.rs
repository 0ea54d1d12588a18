//! Owners and what they open: drawn from the seed, the owner's number and the date alone, so that
//! every variant meets the same people with the same wishes.

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, LogNormal};
use serde::Serialize;

use super::path::StudyPath;

/// Seconds between two renewals of an account.
pub const PERIOD: u64 = 60 * 86_400;

/// Paths longer than this have renewals; on shorter ones everybody opens in the first row.
pub const RENEWED: u64 = 120 * 86_400;

/// The deposits of all owners, as a part of what all volatile markets absorb within a day: what
/// the demo fills of the caps.
pub const FILLED: f64 = 0.25;

/// How unequal owners are: the width of the logarithm of their deposits.
const WIDTH: f64 = 1.3;

/// Of ten owners, so many take nearly all that they can borrow.
const DARING_OF_TEN: usize = 6;

/// What an owner is after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One volatile deposit, a stable debt.
    Single,
    /// Two to four volatile deposits, stable debts.
    Basket,
    /// A volatile deposit and a stable one, a volatile debt of another family.
    Hedge,
    /// A derivative against its base.
    Loop,
    /// One stablecoin against another; where there is only one, a stable deposit and a volatile
    /// debt.
    Stable,
}

/// Of twenty owners, how many are of each kind.
const KINDS: [(Kind, usize); 5] = [
    (Kind::Single, 8),
    (Kind::Basket, 5),
    (Kind::Hedge, 3),
    (Kind::Loop, 2),
    (Kind::Stable, 2),
];

/// An owner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Owner {
    number: usize,
    seed: u64,
    /// What the owner is after.
    pub kind: Kind,
    is_daring: bool,
    /// The owner's part of all deposits.
    pub share: f64,
    /// The time of the first opening.
    pub begins: u64,
}

/// What an owner wants to open.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Assets to deposit, with their parts of the whole.
    pub deposits: Vec<(usize, f64)>,
    /// Assets to owe, with their parts of the whole.
    pub debts: Vec<(usize, f64)>,
    /// The part of the borrowing limit that is taken.
    pub appetite: f64,
}

/// The owners of a path.
pub fn owners(path: &StudyPath, count: usize, seed: u64) -> Vec<Owner> {
    let renewed = path.seconds() > RENEWED;
    let mut owners: Vec<Owner> = (0..count)
        .map(|number| {
            let mut rng = rng(seed, number, u64::MAX);
            let share = LogNormal::new(0.0, WIDTH).map_or(1.0, |spread| spread.sample(&mut rng));
            let wait = if renewed {
                rng.random_range(0..PERIOD)
            } else {
                0
            };
            Owner {
                number,
                seed,
                kind: kind(number),
                is_daring: rng.random_range(0..10) < DARING_OF_TEN,
                share,
                begins: path.time(0) + wait,
            }
        })
        .collect();
    let whole: f64 = owners.iter().map(|owner| owner.share).sum();
    for owner in &mut owners {
        owner.share /= whole;
    }
    owners
}

fn kind(number: usize) -> Kind {
    let all: usize = KINDS.iter().map(|(_, count)| count).sum();
    let mut left = number % all;
    for (kind, count) in KINDS {
        if left < count {
            return kind;
        }
        left -= count;
    }
    Kind::Single
}

fn rng(seed: u64, owner: usize, date: u64) -> ChaCha8Rng {
    let mut bytes = [0; 32];
    for (place, number) in bytes.chunks_mut(8).zip([seed, owner as u64, date]) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    ChaCha8Rng::from_seed(bytes)
}

impl Owner {
    /// The number of the renewal that is due, if one is since `previous`.
    pub fn due(&self, previous: Option<u64>, now: u64) -> Option<u64> {
        let renewal = now.checked_sub(self.begins)? / PERIOD;
        (previous.is_none_or(|previous| renewal > previous)).then_some(renewal)
    }

    /// What the owner wants at a renewal, of the assets that are `open` for new accounts; none
    /// where they do not suffice.
    pub fn wish(&self, path: &StudyPath, open: &[bool], renewal: u64) -> Option<Wish> {
        let mut rng = rng(self.seed, self.number, renewal);
        let appetite = if self.is_daring {
            rng.random_range(0.92..0.998)
        } else {
            rng.random_range(0.3..0.85)
        };
        let mut choice = Choice {
            path,
            open: open.to_vec(),
        };
        let (deposits, debts) = choice.of_kind(self.kind, &mut rng)?;
        Some(Wish {
            deposits,
            debts,
            appetite,
        })
    }
}

type Parts = Vec<(usize, f64)>;

/// Draws assets without putting them back.
struct Choice<'a> {
    path: &'a StudyPath,
    open: Vec<bool>,
}

impl Choice<'_> {
    fn of_kind(&mut self, kind: Kind, rng: &mut ChaCha8Rng) -> Option<(Parts, Parts)> {
        match kind {
            Kind::Single => {
                let deposit = self.volatile(rng)?;
                Some((vec![(deposit, 1.0)], vec![(self.stable(rng)?, 1.0)]))
            }
            Kind::Basket => self.basket(rng),
            Kind::Hedge => self.hedge(rng),
            Kind::Loop => match self.family(rng) {
                Some((member, base)) => Some((vec![(member, 1.0)], vec![(base, 1.0)])),
                None => self.hedge(rng),
            },
            Kind::Stable => {
                let deposit = self.stable(rng)?;
                let debt = self.stable(rng).or_else(|| self.volatile(rng))?;
                Some((vec![(deposit, 1.0)], vec![(debt, 1.0)]))
            }
        }
    }

    fn basket(&mut self, rng: &mut ChaCha8Rng) -> Option<(Parts, Parts)> {
        let wanted = rng.random_range(2..=4);
        let deposits: Vec<usize> = (0..wanted).map_while(|_| self.volatile(rng)).collect();
        let owed = rng.random_range(1..=2);
        let debts: Vec<usize> = (0..owed).map_while(|_| self.stable(rng)).collect();
        let enough = !deposits.is_empty() && !debts.is_empty();
        enough.then(|| (parts(&deposits, rng), parts(&debts, rng)))
    }

    fn hedge(&mut self, rng: &mut ChaCha8Rng) -> Option<(Parts, Parts)> {
        let long = self.volatile(rng)?;
        let family = self.path.assets[long].base;
        for (number, asset) in self.path.assets.iter().enumerate() {
            self.open[number] &= asset.base != family;
        }
        let short = self.volatile(rng)?;
        let buffer = rng.random_range(0.2..0.5);
        let deposits = vec![(long, 1.0 - buffer), (self.stable(rng)?, buffer)];
        Some((deposits, vec![(short, 1.0)]))
    }

    fn volatile(&mut self, rng: &mut ChaCha8Rng) -> Option<usize> {
        self.pick(rng, |path, number| !path.assets[number].is_stable())
    }

    fn stable(&mut self, rng: &mut ChaCha8Rng) -> Option<usize> {
        self.pick(rng, |path, number| path.assets[number].is_stable())
    }

    /// A member and the base of a family.
    fn family(&mut self, rng: &mut ChaCha8Rng) -> Option<(usize, usize)> {
        let bases = self.open.clone();
        let member = self.pick(rng, |path, number| {
            let asset = &path.assets[number];
            asset.is_member && bases[asset.base]
        })?;
        Some((member, self.path.assets[member].base))
    }

    /// Deep markets are drawn more often than thin ones.
    fn pick(
        &mut self,
        rng: &mut ChaCha8Rng,
        wanted: impl Fn(&StudyPath, usize) -> bool,
    ) -> Option<usize> {
        let candidates: Vec<usize> = (0..self.open.len())
            .filter(|number| self.open[*number] && wanted(self.path, *number))
            .collect();
        let depth = |number: &usize| self.path.assets[*number].liquidity_usd;
        let chosen = *candidates.choose_weighted(rng, depth).ok()?;
        self.open[chosen] = false;
        Some(chosen)
    }
}

fn parts(assets: &[usize], rng: &mut ChaCha8Rng) -> Parts {
    let drawn: Vec<f64> = assets.iter().map(|_| rng.random_range(0.2..1.0)).collect();
    let whole: f64 = drawn.iter().sum();
    let parts = drawn.into_iter().map(|part| part / whole);
    assets.iter().copied().zip(parts).collect()
}
