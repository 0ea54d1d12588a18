//! Borrowers: accounts with random baskets, opened by the messages that anyone has.

use bulwark_risk::units::Amount;
use bulwark_types::vault::{AccountRef, ExecuteMsg};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, LogNormal};

use super::SimulationError;
use super::chain::Chain;
use super::numbers;

/// The smallest deposits of an account, USD: well above the dust value.
const SMALLEST: f64 = 400.0;
/// The largest deposits of an account, USD.
const LARGEST: f64 = 120_000.0;
/// The deposits of an account in the middle of the distribution, USD, and its width.
const MEDIAN: f64 = 6_000.0;
const WIDTH: f64 = 1.1;
/// The mean of that distribution, cut as it is, USD.
pub const MEAN: f64 = 10_500.0;

/// Assets that an account deposits and owes at most.
const MOST_DEPOSITS: usize = 4;
const MOST_DEBTS: usize = 3;

/// Of ten accounts, so many take nearly all that they can borrow.
const DARING_OF_TEN: usize = 6;

/// A part of what could be borrowed beyond which an account counts as opened to the brim.
pub const BRIM: f64 = 0.9;

/// The owner of an account.
#[derive(Clone, Debug)]
pub struct Borrower {
    /// The name, such as `borrower-17`.
    pub name: String,
    /// The account.
    pub account: AccountRef,
    /// Whether the owner takes nearly all that the account can borrow.
    pub daring: bool,
    /// The last borrowing of the account's opening as a part of its `max_borrow` just before;
    /// none until it has borrowed.
    pub opened_at: Option<f64>,
}

/// The owners of so many accounts; six of ten take nearly all that they can borrow.
pub fn borrowers(chain: &Chain, count: usize) -> Vec<Borrower> {
    (0..count)
        .map(|number| {
            let name = format!("borrower-{number}");
            Borrower {
                account: chain.world.account_ref(&name),
                name,
                daring: number % 10 < DARING_OF_TEN,
                opened_at: None,
            }
        })
        .collect()
}

impl Borrower {
    /// Opens a position: deposits one to four assets, some of them lent, then borrows one to
    /// three others. What the vault refuses (a full cap, an empty pool) is left out.
    ///
    /// # Errors
    /// What has to work for the run to go on.
    pub fn open(
        &mut self,
        chain: &mut Chain,
        rng: &mut ChaCha8Rng,
        scale: f64,
    ) -> Result<(), SimulationError> {
        let deposits = self.make_deposits(chain, rng, scale)?;
        if !deposits.is_empty() {
            self.opened_at = self.make_debts(chain, rng, &deposits)?;
        }
        Ok(())
    }

    fn make_deposits(
        &self,
        chain: &mut Chain,
        rng: &mut ChaCha8Rng,
        scale: f64,
    ) -> Result<Vec<String>, SimulationError> {
        let wanted = rng.random_range(1..=MOST_DEPOSITS);
        let assets = pick(
            chain,
            rng,
            wanted,
            &[],
            |stable| {
                if stable { 0.3 } else { 1.0 }
            },
        );
        let value = worth(rng) * scale;
        let shares: Vec<f64> = assets.iter().map(|_| rng.random_range(0.2..1.0)).collect();
        let whole: f64 = shares.iter().sum();
        let mut made = Vec::new();
        for (denom, share) in assets.into_iter().zip(shares) {
            let lend = rng.random_bool(0.4);
            if self.deposit(chain, &denom, value * share / whole, lend)? {
                made.push(denom);
            }
        }
        Ok(made)
    }

    /// Deposits so many USD of an asset that the owner brings from outside. False where the
    /// vault refuses.
    ///
    /// # Errors
    /// What has to work for the run to go on.
    pub fn deposit(
        &self,
        chain: &mut Chain,
        denom: &str,
        usd: f64,
        lend: bool,
    ) -> Result<bool, SimulationError> {
        let amount = chain
            .market_of(denom)
            .map_or(Amount::ZERO, |market| market.units_worth(usd));
        if amount.is_zero() {
            return Ok(false);
        }
        chain.provide(&self.name, denom, amount)?;
        let message = ExecuteMsg::Deposit {
            account: Some(self.account.clone()),
            lend: Some(lend),
        };
        Ok(chain
            .send(&self.name, message, Some((denom, amount)))
            .is_ok())
    }

    /// Borrows up to three assets that are not deposited; the part of `max_borrow` that the last
    /// one took.
    fn make_debts(
        &self,
        chain: &mut Chain,
        rng: &mut ChaCha8Rng,
        deposits: &[String],
    ) -> Result<Option<f64>, SimulationError> {
        let wanted = rng.random_range(1..=MOST_DEBTS);
        let assets = pick(
            chain,
            rng,
            wanted,
            deposits,
            |stable| {
                if stable { 3.0 } else { 0.5 }
            },
        );
        let last = if self.daring {
            rng.random_range(0.92..0.998)
        } else {
            rng.random_range(0.3..0.85)
        };
        let mut taken = None;
        let count = assets.len();
        for (number, denom) in assets.into_iter().enumerate() {
            let part = if number + 1 == count {
                last
            } else {
                rng.random_range(0.15..0.5)
            };
            taken = self.borrow(chain, &denom, part)?.or(taken);
        }
        Ok(taken)
    }

    /// Borrows a part of what can be borrowed of an asset; that part where it worked.
    ///
    /// # Errors
    /// What has to work for the run to go on.
    pub fn borrow(
        &self,
        chain: &mut Chain,
        denom: &str,
        part: f64,
    ) -> Result<Option<f64>, SimulationError> {
        let most = chain.max_borrow(&self.account, denom)?;
        let amount = numbers::part(most, part);
        if amount.is_zero() {
            return Ok(None);
        }
        let message = ExecuteMsg::Borrow {
            account: Some(self.account.clone()),
            asset: denom.to_owned(),
            amount,
            to: None,
        };
        let borrowed = chain.send(&self.name, message, None).is_ok();
        Ok(borrowed.then(|| amount.0 as f64 / most.0 as f64))
    }
}

/// Different priced assets, stable and volatile ones drawn with different weights.
fn pick(
    chain: &Chain,
    rng: &mut ChaCha8Rng,
    wanted: usize,
    without: &[String],
    weight: impl Fn(bool) -> f64,
) -> Vec<String> {
    let candidates: Vec<(String, f64)> = chain
        .markets
        .iter()
        .filter(|market| market.priced && !without.contains(&market.asset.denom))
        .map(|market| (market.asset.denom.clone(), weight(market.asset.stable)))
        .collect();
    // At least one asset is left for the other side of the account.
    let wanted = wanted.min(candidates.len().saturating_sub(1).max(1));
    candidates
        .choose_multiple_weighted(rng, wanted, |(_, weight)| *weight)
        .map(|chosen| chosen.map(|(denom, _)| denom.clone()).collect())
        .unwrap_or_default()
}

/// What an account deposits in all, USD.
fn worth(rng: &mut ChaCha8Rng) -> f64 {
    LogNormal::new(MEDIAN.ln(), WIDTH).map_or(MEDIAN, |distribution| {
        distribution.sample(rng).clamp(SMALLEST, LARGEST)
    })
}
