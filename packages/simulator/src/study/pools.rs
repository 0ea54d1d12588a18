//! The lending pools, with the contracts' own arithmetic: interest, reserves, bad debt.

use bulwark_risk::RiskResult;
use bulwark_risk::pool::{BadDebt, Pool};
use bulwark_risk::units::{Amount, DebtShares};
use bulwark_testing::defaults;

/// Suppliers lend so much that a new loan leaves this part of the pool lent out.
const UTILISATION: f64 = 0.6;

/// One pool per asset of a path.
#[derive(Clone, Debug)]
pub struct Pools {
    pools: Vec<Pool>,
}

impl Pools {
    /// Empty pools.
    pub fn new(assets: usize, now: u64) -> Self {
        let pool = Pool {
            reserve_factor: defaults::RESERVE_FACTOR,
            accrued_at: now,
            ..Pool::default()
        };
        Self {
            pools: vec![pool; assets],
        }
    }

    /// Adds the interest up to `now`.
    ///
    /// # Errors
    /// Totals beyond range.
    pub fn accrue(&mut self, now: u64) -> RiskResult<()> {
        for pool in &mut self.pools {
            pool.accrue(now)?;
            pool.reprice(&defaults::INTEREST)?;
        }
        Ok(())
    }

    /// What shares owe, smallest units, rounded up.
    ///
    /// # Errors
    /// Totals beyond range.
    pub fn owed(&self, asset: usize, shares: DebtShares) -> RiskResult<Amount> {
        self.pools[asset].debt_ceil(shares)
    }

    /// All that is owed of an asset, smallest units.
    pub fn borrowed(&self, asset: usize) -> Amount {
        self.pools[asset].borrowed
    }

    /// Borrows; suppliers lend what is missing.
    ///
    /// # Errors
    /// Totals beyond range.
    pub fn borrow(&mut self, asset: usize, amount: Amount) -> RiskResult<DebtShares> {
        let pool = &mut self.pools[asset];
        let owed = pool.borrowed.plus(amount)?;
        let wanted = Amount((owed.0 as f64 / UTILISATION) as u128);
        let missing = Amount(wanted.0.saturating_sub(pool.supplied.0));
        if !missing.is_zero() && !pool.is_wiped_out() {
            pool.lend(missing)?;
        }
        let shares = pool.borrow(amount)?;
        pool.reprice(&defaults::INTEREST)?;
        Ok(shares)
    }

    /// Repays a part of the debt of `owned`; the shares that are left.
    ///
    /// # Errors
    /// Totals beyond range.
    pub fn repay(
        &mut self,
        asset: usize,
        owned: DebtShares,
        amount: Amount,
    ) -> RiskResult<DebtShares> {
        let repayment = self.pools[asset].repay(owned, amount)?;
        owned.minus(repayment.shares)
    }

    /// Writes a debt off: the reserve bears it first.
    ///
    /// # Errors
    /// Totals beyond range.
    pub fn write_off(&mut self, asset: usize, shares: DebtShares) -> RiskResult<BadDebt> {
        self.pools[asset].write_off(shares)
    }

    /// Puts what was seized for the protocol, or left as dust, into the reserve.
    ///
    /// # Errors
    /// Totals beyond range.
    pub fn credit(&mut self, asset: usize, amount: Amount) -> RiskResult<()> {
        self.pools[asset].credit_reserve(amount).map(|_| ())
    }

    /// What the reserve has, smallest units, rounded down.
    ///
    /// # Errors
    /// Totals beyond range.
    pub fn reserve(&self, asset: usize) -> RiskResult<Amount> {
        let pool = &self.pools[asset];
        pool.supply_floor(pool.reserve_shares)
    }
}
