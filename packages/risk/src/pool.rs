//! A market's pool: what is lent out, to whom it belongs, what is owed.
//!
//! Supply and debt are shares over totals with virtual shares 10^6 and a virtual asset 1,
//! so an empty pool has a price that nobody can set. Totals move only by these functions:
//! what is sent to the contract without a message changes nothing. Every rounding is
//! against whoever acts and for the pool.

use cosmwasm_std::Uint256;
use serde::{Deserialize, Serialize};

use crate::error::{RiskError, RiskResult};
use crate::interest::{InterestModel, growth_36_floor, utilisation_floor};
use crate::units::{AMOUNT_LIMIT, Amount, DebtShares, Fraction, SupplyShares};
use crate::wide::{ONE, ONE_36, mul_div_ceil, mul_div_floor, narrow, narrow_512, product};

/// Virtual shares of supply and of debt.
pub const VIRTUAL_SHARES: u128 = 1_000_000;

/// Virtual assets of supply and of debt, in smallest units.
pub const VIRTUAL_ASSETS: u128 = 1;

/// A pool counts as wiped out below this fraction of the price that it started with.
const WIPED_OUT_PART: u128 = 1000;

/// The totals of one market's pool.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Smallest units that suppliers and the reserve own together, lent out or not.
    pub supplied: Amount,
    /// Smallest units that borrowers owe; never more than `supplied`.
    pub borrowed: Amount,
    /// Supply shares of all accounts and of the reserve.
    pub supply_shares: SupplyShares,
    /// Debt shares of all accounts.
    pub debt_shares: DebtShares,
    /// Supply shares of the reserve alone, part of `supply_shares`.
    pub reserve_shares: SupplyShares,
    /// Interest earned but below one smallest unit, in 10^-18 of it.
    pub interest_remainder: u64,
    /// The reserve's part of interest not yet minted as shares, in 10^-18 of a smallest unit.
    pub fee_remainder: Amount,
    /// Borrow rate per year in force since the totals last moved.
    pub borrow_rate: Fraction,
    /// The part of interest that goes to the reserve.
    pub reserve_factor: Fraction,
    /// Block time in seconds up to which interest is in the totals.
    pub accrued_at: u64,
}

/// What one accrual added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accrual {
    /// Interest added to both totals, in smallest units.
    pub interest: Amount,
    /// Supply shares minted to the reserve for its part.
    pub reserve_shares: SupplyShares,
}

/// What a repayment did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repayment {
    /// Taken from the payer, in smallest units.
    pub repaid: Amount,
    /// Debt shares that are gone.
    pub shares: DebtShares,
}

/// Who bore a debt that nobody repays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadDebt {
    /// Debt written off, in smallest units.
    pub written_off: Amount,
    /// Borne by the reserve.
    pub from_reserve: Amount,
    /// Borne by the suppliers in proportion.
    pub from_suppliers: Amount,
}

impl Pool {
    /// Smallest units in the pool that are not lent out.
    #[must_use]
    pub const fn cash(&self) -> Amount {
        Amount(self.supplied.0.saturating_sub(self.borrowed.0))
    }

    /// `borrowed / supplied`, rounded down, at most 1.
    ///
    /// # Errors
    /// None in practice.
    pub fn utilisation_floor(&self) -> RiskResult<Fraction> {
        utilisation_floor(self.borrowed, self.supplied)
    }

    /// Whether bad debt has taken (nearly) everything that the suppliers had; such a pool
    /// takes no new deposits.
    #[must_use]
    pub const fn is_wiped_out(&self) -> bool {
        self.supply_shares.0 / VIRTUAL_SHARES > self.supplied.0.saturating_mul(WIPED_OUT_PART)
    }

    /// Adds the interest since `accrued_at` to both totals and mints the reserve's part.
    ///
    /// The rate is the one in force since the totals last moved, and fractions of a unit are
    /// carried over, so touching a market every block equals touching it once: what is owed
    /// with its fraction grows by third-order `e^(rt)`. Time that goes backwards adds nothing.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] for totals beyond [`AMOUNT_LIMIT`]; interest that would carry
    /// them there is not charged.
    pub fn accrue(&mut self, now: u64) -> RiskResult<Accrual> {
        let elapsed = now.saturating_sub(self.accrued_at);
        if elapsed == 0 {
            return Ok(Accrual::default());
        }
        self.accrued_at = now;
        if self.borrowed.is_zero() {
            return Ok(Accrual::default());
        }

        let out_of_range = || RiskError::overflow("interest");
        let growth = growth_36_floor(self.borrow_rate, elapsed)?;
        // What is owed, in 10^-18 of a smallest unit.
        let owed = product(self.borrowed.0, ONE)
            .checked_add(Uint256::from(self.interest_remainder))
            .map_err(|_| out_of_range())?;
        let earned = narrow_512(
            owed.full_mul(growth)
                .checked_div(Uint256::from(ONE_36).into())
                .map_err(|_| out_of_range())?,
        )?;
        let headroom = AMOUNT_LIMIT
            .saturating_sub(1)
            .saturating_sub(self.supplied.0);
        let carried = earned
            .checked_add(Uint256::from(self.interest_remainder))
            .map_err(|_| out_of_range())?
            .min(product(headroom, ONE));
        // What does not fit is not charged, and earns the reserve nothing either.
        let earned = carried.saturating_sub(Uint256::from(self.interest_remainder));
        let (whole, fraction) = split_units(carried)?;
        let interest = Amount(whole);
        self.interest_remainder = fraction;

        let fee_earned = narrow_512(
            earned
                .full_mul(Uint256::from(self.reserve_factor.0))
                .checked_div(Uint256::from(ONE).into())
                .map_err(|_| out_of_range())?,
        )?
        .checked_add(Uint256::from(self.fee_remainder.0))
        .map_err(|_| out_of_range())?;
        let (fee_whole, _) = split_units(fee_earned)?;
        // The reserve gets no unit before the borrowers owe it.
        let fee = Amount(fee_whole.min(interest.0));
        self.fee_remainder = Amount(narrow(
            fee_earned
                .checked_sub(product(fee.0, ONE))
                .map_err(|_| out_of_range())?,
        )?);

        self.borrowed = self.borrowed.plus(interest)?;
        self.supplied = self.supplied.plus(interest)?;
        let reserve_shares = self.mint_reserve(fee)?;
        Ok(Accrual {
            interest,
            reserve_shares,
        })
    }

    /// Sets the borrow rate from the utilisation as it is now.
    ///
    /// # Errors
    /// See [`InterestModel::rate`].
    pub fn reprice(&mut self, model: &InterestModel) -> RiskResult<()> {
        self.borrow_rate = model.rate(self.utilisation_floor()?)?;
        Ok(())
    }

    /// What supply shares are worth, rounded down.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] for more shares than the pool has.
    pub fn supply_floor(&self, shares: SupplyShares) -> RiskResult<Amount> {
        let (assets, all) = self.supply_price()?;
        mul_div_floor(shares.0, assets, all).map(Amount)
    }

    /// What debt shares owe, rounded up.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] for more shares than the pool has.
    pub fn debt_ceil(&self, shares: DebtShares) -> RiskResult<Amount> {
        let (assets, all) = self.debt_price()?;
        mul_div_ceil(shares.0, assets, all).map(Amount)
    }

    /// Lends `amount` to the pool; returns the shares that it buys, rounded down.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] if they do not fit.
    pub fn lend(&mut self, amount: Amount) -> RiskResult<SupplyShares> {
        let (assets, all) = self.supply_price()?;
        let shares = SupplyShares(mul_div_floor(amount.0, all, assets)?);
        self.supplied = self.supplied.plus(amount)?.checked()?;
        self.supply_shares = self.supply_shares.plus(shares)?;
        Ok(shares)
    }

    /// The shares that taking `amount` out of the pool costs, rounded up.
    ///
    /// # Errors
    /// [`RiskError::Overflow`].
    pub fn recall_cost_ceil(&self, amount: Amount) -> RiskResult<SupplyShares> {
        let (assets, all) = self.supply_price()?;
        mul_div_ceil(amount.0, all, assets).map(SupplyShares)
    }

    /// Takes `amount` out of the pool for `shares`, which [`Self::recall_cost_ceil`] named, or
    /// which are all that somebody has.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] if there is less cash than `amount`.
    pub fn recall(&mut self, amount: Amount, shares: SupplyShares) -> RiskResult<()> {
        self.cash().minus(amount)?;
        self.supplied = self.supplied.minus(amount)?;
        self.supply_shares = self.supply_shares.minus(shares)?;
        Ok(())
    }

    /// Borrows `amount`; returns the debt shares that it costs, rounded up.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] if there is less cash than `amount`.
    pub fn borrow(&mut self, amount: Amount) -> RiskResult<DebtShares> {
        self.cash().minus(amount)?;
        let (assets, all) = self.debt_price()?;
        let shares = DebtShares(mul_div_ceil(amount.0, all, assets)?);
        self.borrowed = self.borrowed.plus(amount)?;
        self.debt_shares = self.debt_shares.plus(shares)?;
        Ok(shares)
    }

    /// Repays up to `offered` of the debt of `owned` shares. The whole debt rounds up and
    /// takes all shares; a part removes shares rounded down.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] for more shares than the pool has.
    pub fn repay(&mut self, owned: DebtShares, offered: Amount) -> RiskResult<Repayment> {
        let owed = self.debt_ceil(owned)?;
        let (repaid, shares) = if offered >= owed {
            (owed, owned)
        } else {
            let (assets, all) = self.debt_price()?;
            (offered, DebtShares(mul_div_floor(offered.0, all, assets)?))
        };
        self.debt_shares = self.debt_shares.minus(shares)?;
        let settled = self.borrowed.min(repaid);
        self.borrowed = self.borrowed.minus(settled)?;
        // Debts round up one by one: what they pay beyond the total belongs to the suppliers.
        self.supplied = self.supplied.plus(repaid.minus(settled)?)?;
        Ok(Repayment { repaid, shares })
    }

    /// Writes off the debt of `shares`: the reserve bears it first, then every supplier in
    /// proportion, by the price of their shares.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] for more shares than the pool has.
    pub fn write_off(&mut self, shares: DebtShares) -> RiskResult<BadDebt> {
        let written_off = self.debt_ceil(shares)?.min(self.borrowed);
        let from_reserve = self.supply_floor(self.reserve_shares)?.min(written_off);
        let burned = self
            .recall_cost_ceil(from_reserve)?
            .min(self.reserve_shares);
        self.debt_shares = self.debt_shares.minus(shares)?;
        self.borrowed = self.borrowed.minus(written_off)?;
        self.supplied = self.supplied.minus(written_off)?;
        self.supply_shares = self.supply_shares.minus(burned)?;
        self.reserve_shares = self.reserve_shares.minus(burned)?;
        let from_suppliers = written_off.minus(from_reserve)?;
        Ok(BadDebt {
            written_off,
            from_reserve,
            from_suppliers,
        })
    }

    /// Puts `amount` that has just come into the pool's hands into the reserve; returns the
    /// shares minted. In a pool that is wiped out it goes to the suppliers who lost instead,
    /// for shares at such a price would not fit.
    ///
    /// # Errors
    /// [`RiskError::AmountTooLarge`] beyond [`AMOUNT_LIMIT`].
    pub fn credit_reserve(&mut self, amount: Amount) -> RiskResult<SupplyShares> {
        // As it was before: the amount itself would make the pool look whole.
        let wiped_out = self.is_wiped_out();
        self.supplied = self.supplied.plus(amount)?.checked()?;
        if wiped_out {
            return Ok(SupplyShares::ZERO);
        }
        self.mint_reserve(amount)
    }

    /// Hands supply shares that belonged to an account over to the reserve.
    ///
    /// # Errors
    /// [`RiskError::Overflow`].
    pub fn give_to_reserve(&mut self, shares: SupplyShares) -> RiskResult<()> {
        self.reserve_shares = self.reserve_shares.plus(shares)?;
        Ok(())
    }

    /// Mints shares worth `amount`, which is in `supplied` already, rounded down.
    fn mint_reserve(&mut self, amount: Amount) -> RiskResult<SupplyShares> {
        let (assets, all) = self.supply_price()?;
        let others = assets
            .checked_sub(amount.0)
            .ok_or_else(|| RiskError::overflow("the reserve's part"))?;
        let shares = SupplyShares(mul_div_floor(amount.0, all, others)?);
        self.supply_shares = self.supply_shares.plus(shares)?;
        self.reserve_shares = self.reserve_shares.plus(shares)?;
        Ok(shares)
    }

    fn supply_price(&self) -> RiskResult<(u128, u128)> {
        with_virtual(self.supplied, self.supply_shares.0)
    }

    fn debt_price(&self) -> RiskResult<(u128, u128)> {
        with_virtual(self.borrowed, self.debt_shares.0)
    }
}

fn with_virtual(assets: Amount, shares: u128) -> RiskResult<(u128, u128)> {
    let out_of_range = || RiskError::overflow("a pool's totals");
    Ok((
        assets
            .0
            .checked_add(VIRTUAL_ASSETS)
            .ok_or_else(out_of_range)?,
        shares
            .checked_add(VIRTUAL_SHARES)
            .ok_or_else(out_of_range)?,
    ))
}

/// Splits units of 10^-18 into whole smallest units and the rest.
fn split_units(value: Uint256) -> RiskResult<(u128, u64)> {
    let out_of_range = || RiskError::overflow("interest");
    let one = Uint256::from(ONE);
    let whole = value.checked_div(one).map_err(|_| out_of_range())?;
    let rest = value.checked_rem(one).map_err(|_| out_of_range())?;
    Ok((
        narrow(whole)?,
        u64::try_from(narrow(rest)?).map_err(|_| out_of_range())?,
    ))
}
