//! One variant on one path: accounts are opened, prices are played, keepers liquidate.
//!
//! The chain's messages are left out, its arithmetic is not: margins, liquidations, volatility,
//! interest, reserves and bad debt are those of `bulwark_risk`. A test plays the same accounts
//! on the embedded chain.

use bulwark_risk::RiskResult;
use bulwark_risk::account::Side;
use bulwark_risk::haircut::HaircutRule;
use bulwark_risk::units::Amount;

use super::account::Account;
use super::calibrate::{self, Natural};
use super::config::Settings;
use super::error::RunError;
use super::feeds::Feed;
use super::market::Market;
use super::outcome::{Outcome, Series};
use super::owners::Owner;
use super::path::StudyPath;
use super::pools::Pools;
use super::terms::{Position, Terms};
use super::variant::{Haircuts, Variant};
use crate::engine::numbers;

/// Deposits below this are not worth an account, USD.
const SMALLEST: f64 = 400.0;

/// Everything that decides a run.
#[derive(Clone, Copy, Debug)]
pub struct RunSpec<'a> {
    /// The path.
    pub path: &'a StudyPath,
    /// The path when nobody is forced to sell.
    pub natural: &'a Natural<'a>,
    /// The vault's numbers.
    pub settings: &'a Settings,
    /// The owners.
    pub owners: &'a [Owner],
    /// The variant.
    pub variant: Variant,
    /// Its rules, one per asset.
    pub rules: &'a [HaircutRule],
    /// Whether forced sales move prices.
    pub with_impact: bool,
    /// Rules by which everybody borrows the same under every variant: the constant and the
    /// volatility-driven ones, at their most demanding. None where everybody borrows by the
    /// limit of the variant itself.
    pub identical: Option<[&'a [HaircutRule]; 2]>,
}

/// A run under way.
pub(super) struct Simulation<'a> {
    pub(super) spec: RunSpec<'a>,
    pub(super) market: Market<'a>,
    pub(super) terms: Terms<'a>,
    pub(super) pools: Pools,
    pub(super) accounts: Vec<Account>,
    pub(super) outcome: Outcome,
    feeds: Vec<Option<Feed>>,
    /// The strictest terms, for positions that are the same under every variant.
    limiters: Vec<Terms<'a>>,
    /// The row for which they are up to date.
    limiters_at: Option<usize>,
    series: Series,
    /// Sums over time: dollars of exposure, and of haircuts on them.
    exposure_time: f64,
    haircut_time: f64,
    debt_time: f64,
}

/// Plays a run.
///
/// # Errors
/// Prices and values beyond what the contracts can represent.
pub fn run(spec: &RunSpec<'_>) -> Result<(Outcome, Series), RunError> {
    let mut simulation = Simulation::new(*spec);
    for row in 0..spec.path.table.steps() {
        simulation.step(row)?;
    }
    simulation.finish()
}

impl<'a> Simulation<'a> {
    pub(super) fn new(spec: RunSpec<'a>) -> Self {
        let RunSpec { path, settings, .. } = spec;
        let limiters = spec.identical.iter().flat_map(|[constant, volatility]| {
            let strict =
                |haircuts, rules| Terms::new(path, settings, Variant::strictest(haircuts), rules);
            [
                strict(Haircuts::Constant, *constant),
                strict(Haircuts::Volatility, *volatility),
            ]
        });
        Self {
            market: Market::new(path, spec.with_impact),
            terms: Terms::new(path, settings, spec.variant, spec.rules),
            pools: Pools::new(path.assets.len(), path.time(0)),
            accounts: vec![Account::default(); spec.owners.len()],
            outcome: Outcome::default(),
            feeds: vec![None; path.assets.len()],
            limiters: limiters.collect(),
            limiters_at: None,
            series: Series::default(),
            exposure_time: 0.0,
            haircut_time: 0.0,
            debt_time: 0.0,
            spec,
        }
    }

    pub(super) fn step(&mut self, row: usize) -> Result<(), RunError> {
        let RunSpec { path, settings, .. } = self.spec;
        let now = path.time(row);
        self.market.go_to(row)?;
        calibrate::observe(&mut self.feeds, &self.market, path, settings, now)?;
        self.terms.update(&self.market, &self.feeds, now)?;
        self.pools.accrue(now)?;
        self.liquidate_all()?;
        self.leave_what_ends(row)?;
        self.renew(row)?;
        self.measure(row)
    }

    /// An asset that has its last figure is delisted in the open: who can leave it does.
    fn leave_what_ends(&mut self, row: usize) -> Result<(), RunError> {
        let last = self.spec.path.table.steps() - 1;
        for (asset, of_path) in self.spec.path.assets.iter().enumerate() {
            if of_path.last_row != row || row == last {
                continue;
            }
            for number in 0..self.accounts.len() {
                if self.accounts[number].has(asset) {
                    self.close(number)?;
                }
            }
        }
        Ok(())
    }

    /// Owners whose date has come close what they have and open anew.
    fn renew(&mut self, row: usize) -> Result<(), RunError> {
        let RunSpec {
            path,
            natural,
            owners,
            ..
        } = self.spec;
        let Some(moment) = natural.moments.get(row) else {
            return Ok(());
        };
        for (number, owner) in owners.iter().enumerate() {
            let Some(due) = owner.due(self.accounts[number].renewal, moment.now) else {
                continue;
            };
            self.accounts[number].renewal = Some(due);
            if !self.close(number)? {
                continue;
            }
            if let Some(wish) = owner.wish(path, &moment.open, due) {
                let usd = calibrate::deposit_usd(path, &moment.open, owner);
                self.open(number, row, &wish, usd)?;
            }
        }
        Ok(())
    }

    /// The owner repays everything with money from elsewhere and withdraws. False, and nothing
    /// happens, where that would cost more than it brings.
    fn close(&mut self, number: usize) -> Result<bool, RunError> {
        let positions = self.accounts[number].positions(&self.pools)?;
        if self.terms.equity(&positions)?.is_negative() {
            return Ok(false);
        }
        let account = &mut self.accounts[number];
        for (asset, shares) in std::mem::take(&mut account.debts) {
            let owed = self.pools.owed(asset, shares)?;
            self.pools.repay(asset, shares, owed)?;
        }
        account.deposits.clear();
        account.was_liquidated = false;
        Ok(true)
    }

    /// Opens an account: smaller than wanted where a cap binds (what the market absorbs, for
    /// deposits and for debts), not at all where that leaves nothing worth it.
    pub(super) fn open(
        &mut self,
        number: usize,
        row: usize,
        wish: &super::owners::Wish,
        usd: f64,
    ) -> Result<(), RunError> {
        let room = wish.deposits.iter().map(|(asset, part)| {
            let held = self.deposited(*asset);
            self.room_usd(*asset, held) / part.max(f64::MIN_POSITIVE)
        });
        let usd = room.fold(usd, f64::min);
        if usd < SMALLEST {
            return Ok(());
        }
        let deposits = calibrate::deposits(&self.terms, wish, usd);
        let own_limit = self.terms.limit(&deposits, &wish.debts)?;
        let limit = self
            .common_limit(row, &deposits, &wish.debts)?
            .min(own_limit);
        let room = wish.debts.iter().map(|(asset, part)| {
            let owed = self.pools.borrowed(*asset);
            self.room_usd(*asset, owed) / part.max(f64::MIN_POSITIVE)
        });
        let owed = room.fold(limit * wish.appetite, f64::min);

        let debts = self.terms.debts(&wish.debts, owed);
        let account = &mut self.accounts[number];
        account.deposits = deposits.iter().map(|p| (p.asset, p.amount)).collect();
        for debt in debts.iter().filter(|debt| !debt.amount.is_zero()) {
            let shares = self.pools.borrow(debt.asset, debt.amount)?;
            account.debts.push((debt.asset, shares));
        }
        self.outcome.openings += 1;
        self.outcome.deposited_usd += usd;
        self.outcome.borrowing_power_usd += own_limit;
        self.outcome.borrowed_usd += owed;
        Ok(())
    }

    /// The limit that every variant allows, where positions are to be identical.
    fn common_limit(
        &mut self,
        row: usize,
        deposits: &[Position],
        debts: &[(usize, f64)],
    ) -> Result<f64, RunError> {
        let now = self.spec.path.time(row);
        let mut limit = f64::INFINITY;
        for terms in &mut self.limiters {
            if self.limiters_at != Some(row) {
                terms.update(&self.market, &self.feeds, now)?;
            }
            limit = terms.limit(deposits, debts)?.min(limit);
        }
        self.limiters_at = Some(row);
        Ok(limit)
    }

    fn deposited(&self, asset: usize) -> Amount {
        let deposits = self.accounts.iter().flat_map(|account| &account.deposits);
        let of_asset = deposits.filter(|(held, _)| *held == asset);
        Amount(of_asset.map(|(_, amount)| amount.0).sum())
    }

    /// What fits under a cap, USD.
    fn room_usd(&self, asset: usize, used: Amount) -> f64 {
        let cap = self.market.liquidity(asset);
        self.terms.usd(asset, Amount(cap.0.saturating_sub(used.0)))
    }

    fn measure(&mut self, row: usize) -> Result<(), RunError> {
        let path = self.spec.path;
        let (mut exposure, mut haircuts, mut debts) = (0.0, 0.0, 0.0);
        for account in &self.accounts {
            for position in account.positions(&self.pools)? {
                let usd = self.terms.usd(position.asset, position.amount);
                exposure += usd;
                haircuts += usd * self.terms.haircut(position.asset);
                if position.side == Side::Debt {
                    debts += usd;
                }
            }
        }
        let next = (row + 1).min(path.table.steps() - 1);
        let seconds = (path.time(next) - path.time(row)) as f64;
        self.exposure_time += exposure * seconds;
        self.haircut_time += haircuts * seconds;
        self.debt_time += debts * seconds;
        let bad_debt = self.outcome.written_off_usd;
        self.series.bad_debt_usd.push(bad_debt);
        self.series.debts_usd.push(debts);
        let average = (exposure > 0.0).then(|| haircuts / exposure);
        self.series.haircut.push(average);
        Ok(())
    }

    fn finish(mut self) -> Result<(Outcome, Series), RunError> {
        for account in &self.accounts {
            if account.debts.is_empty() {
                continue;
            }
            let equity = self.terms.equity(&account.positions(&self.pools)?)?;
            self.outcome.open_shortfall_usd += (-numbers::usd(equity)).max(0.0);
        }
        let reserves = (0..self.spec.path.assets.len())
            .map(|asset| Ok(self.terms.usd(asset, self.pools.reserve(asset)?)))
            .collect::<RiskResult<Vec<f64>>>()?;
        let seconds = self.spec.path.seconds().max(1) as f64;
        self.outcome.reserve_usd = reserves.iter().sum();
        self.outcome.average_debt_usd = self.debt_time / seconds;
        self.outcome.average_haircut =
            self.haircut_time / self.exposure_time.max(f64::MIN_POSITIVE);
        self.outcome.deepest_impact = self.market.deepest;
        Ok((self.outcome, self.series))
    }
}
