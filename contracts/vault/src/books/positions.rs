//! How balances move: credits, debits, lending and borrowing, without margin.

use bulwark_risk::units::{Amount, DebtShares, SupplyShares};

use super::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};
use crate::state::Balance;

/// Where a credit went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credit {
    /// Repaid a debt of the account, smallest units.
    pub repaid: Amount,
    /// Debt shares that are gone.
    pub debt_shares: DebtShares,
    /// Became or stayed idle, smallest units.
    pub idle: Amount,
    /// Supply shares that the account received.
    pub shares: SupplyShares,
}

/// Where a debit came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Debit {
    /// Had been idle, smallest units.
    pub idle: Amount,
    /// Had been lent, smallest units.
    pub lent: Amount,
    /// Supply shares taken for it.
    pub shares: SupplyShares,
}

impl Debit {
    /// Idle and lent together, smallest units.
    ///
    /// # Errors
    /// None in practice.
    pub fn total(&self) -> ContractResult<Amount> {
        Ok(self.idle.plus(self.lent)?)
    }
}

impl Books<'_> {
    /// What an account has deposited in a market: idle, lent (rounded down), shares.
    ///
    /// # Errors
    /// If a record does not load.
    pub fn deposit_of(&mut self, key: &AccountKey, id: u16) -> ContractResult<Debit> {
        let Some(Balance::Deposit { idle, lent }) = self.account(key)?.balance(id) else {
            return Ok(Debit::default());
        };
        Ok(Debit {
            idle,
            lent: self.market(id)?.pool.supply_floor(lent)?,
            shares: lent,
        })
    }

    /// What an account owes in a market, rounded up.
    ///
    /// # Errors
    /// If a record does not load.
    pub fn debt_of(&mut self, key: &AccountKey, id: u16) -> ContractResult<Amount> {
        match self.account(key)?.balance(id) {
            Some(Balance::Debt(shares)) => Ok(self.market(id)?.pool.debt_ceil(shares)?),
            _ => Ok(Amount::ZERO),
        }
    }

    /// Credits tokens that are in the contract's hands: repays what the account owes in that
    /// asset first; the rest stays idle or is lent.
    ///
    /// # Errors
    /// [`ContractError::ZeroShares`] if the rest is lent and buys no share.
    pub fn credit(
        &mut self,
        key: &AccountKey,
        id: u16,
        amount: Amount,
        lend: bool,
    ) -> ContractResult<Credit> {
        let mut credit = Credit::default();
        if let Some(Balance::Debt(owed)) = self.account(key)?.balance(id) {
            let due = self.debt_of(key, id)?.min(amount);
            self.note_entering(id, due)?;
            let repayment = self.market_mut(id)?.pool.repay(owed, amount)?;
            self.assert_shares(id, repayment.repaid, repayment.shares.0)?;
            credit.repaid = repayment.repaid;
            credit.debt_shares = repayment.shares;
            let left = Balance::Debt(owed.minus(repayment.shares)?);
            self.account_mut(key)?.set_balance(id, left);
        }
        let rest = amount.minus(credit.repaid)?;
        if rest.is_zero() {
            return Ok(credit);
        }
        let (idle, lent) = match self.account(key)?.balance(id) {
            Some(Balance::Deposit { idle, lent }) => (idle, lent),
            _ => (Amount::ZERO, SupplyShares::ZERO),
        };
        let balance = if lend {
            self.note_entering(id, rest)?;
            credit.shares = self.market_mut(id)?.pool.lend(rest)?;
            self.assert_shares(id, rest, credit.shares.0)?;
            Balance::Deposit {
                idle,
                lent: lent.plus(credit.shares)?,
            }
        } else {
            credit.idle = rest;
            let market = self.market_mut(id)?;
            market.idle = market.idle.plus(rest)?.checked()?;
            Balance::Deposit {
                idle: idle.plus(rest)?,
                lent,
            }
        };
        self.account_mut(key)?.set_balance(id, balance);
        Ok(credit)
    }

    /// Credits supply shares: what they are worth repays what the account owes in that asset
    /// first; the other shares are added to its own.
    ///
    /// # Errors
    /// [`ContractError::ZeroShares`] if they repay less than a share of debt.
    pub fn credit_shares(
        &mut self,
        key: &AccountKey,
        id: u16,
        shares: SupplyShares,
    ) -> ContractResult<Credit> {
        let mut credit = Credit {
            shares,
            ..Credit::default()
        };
        if shares.is_zero() {
            return Ok(credit);
        }
        if let Some(Balance::Debt(owed)) = self.account(key)?.balance(id) {
            let pool = &mut self.market_mut(id)?.pool;
            let worth = pool.supply_floor(shares)?;
            let repayment = pool.repay(owed, worth)?;
            let burned = if repayment.repaid == worth {
                shares
            } else {
                pool.recall_cost_ceil(repayment.repaid)?.min(shares)
            };
            pool.recall(repayment.repaid, burned)?;
            self.assert_shares(id, repayment.repaid, repayment.shares.0)?;
            credit.repaid = repayment.repaid;
            credit.debt_shares = repayment.shares;
            credit.shares = shares.minus(burned)?;
            let left = Balance::Debt(owed.minus(repayment.shares)?);
            self.account_mut(key)?.set_balance(id, left);
        }
        if credit.shares.is_zero() {
            return Ok(credit);
        }
        let (idle, lent) = match self.account(key)?.balance(id) {
            Some(Balance::Deposit { idle, lent }) => (idle, lent),
            _ => (Amount::ZERO, SupplyShares::ZERO),
        };
        let balance = Balance::Deposit {
            idle,
            lent: lent.plus(credit.shares)?,
        };
        self.account_mut(key)?.set_balance(id, balance);
        Ok(credit)
    }

    /// Credits what has been debited from another account of the same market; returns what
    /// of it repaid a debt.
    ///
    /// # Errors
    /// [`ContractError::ZeroShares`].
    pub fn credit_moved(
        &mut self,
        key: &AccountKey,
        id: u16,
        idle: Amount,
        shares: SupplyShares,
    ) -> ContractResult<Amount> {
        let mut repaid = Amount::ZERO;
        if !idle.is_zero() {
            // The idle part leaves the other account's name here and enters this one's below.
            let market = self.market_mut(id)?;
            market.idle = market.idle.minus(idle)?;
            repaid = self.credit(key, id, idle, false)?.repaid;
        }
        let from_shares = self.credit_shares(key, id, shares)?;
        Ok(repaid.plus(from_shares.repaid)?)
    }

    /// Takes a deposit out of an account, idle first, then supply shares (rounded up); the
    /// totals of the market stay as they are. Everything for no amount.
    ///
    /// # Errors
    /// [`ContractError::NoDeposit`], [`ContractError::InsufficientDeposit`],
    /// [`ContractError::ZeroAmount`].
    pub fn debit(
        &mut self,
        key: &AccountKey,
        id: u16,
        amount: Option<Amount>,
    ) -> ContractResult<Debit> {
        let has = self.deposit_of(key, id)?;
        let available = has.total()?;
        if has.idle.is_zero() && has.shares.is_zero() {
            return Err(Box::new(ContractError::NoDeposit {
                asset: self.asset(id)?,
            }));
        }
        let requested = amount.unwrap_or(available);
        if requested.is_zero() && amount.is_some() {
            return Err(Box::new(ContractError::ZeroAmount {
                asset: self.asset(id)?,
            }));
        }
        if requested > available {
            let asset = self.asset(id)?;
            return Err(Box::new(ContractError::InsufficientDeposit {
                asset,
                available,
                requested,
            }));
        }
        let idle = has.idle.min(requested);
        let lent = requested.minus(idle)?;
        let shares = if lent == has.lent && requested == available {
            has.shares
        } else {
            self.market(id)?
                .pool
                .recall_cost_ceil(lent)?
                .min(has.shares)
        };
        let left = Balance::Deposit {
            idle: has.idle.minus(idle)?,
            lent: has.shares.minus(shares)?,
        };
        self.account_mut(key)?.set_balance(id, left);
        Ok(Debit { idle, lent, shares })
    }

    /// Lets a debit leave the market: idle deposits as they are, lent ones out of the cash.
    ///
    /// # Errors
    /// [`ContractError::InsufficientCash`].
    pub fn release(&mut self, id: u16, debit: &Debit) -> ContractResult<()> {
        let cash = self.market(id)?.pool.cash();
        if debit.lent > cash {
            let available = debit.idle.plus(cash)?;
            let (asset, requested) = (self.asset(id)?, debit.total()?);
            return Err(Box::new(ContractError::InsufficientCash {
                asset,
                available,
                requested,
            }));
        }
        if !debit.lent.is_zero() {
            self.note_leaving(id, debit.lent)?;
        }
        let market = self.market_mut(id)?;
        market.idle = market.idle.minus(debit.idle)?;
        market.pool.recall(debit.lent, debit.shares)?;
        Ok(())
    }

    /// Takes supply shares out of a market's reserve and their value out of its cash; all for
    /// no amount, as far as there is cash.
    ///
    /// # Errors
    /// [`ContractError::InsufficientDeposit`], [`ContractError::InsufficientCash`],
    /// [`ContractError::ZeroAmount`].
    pub fn debit_reserve(&mut self, id: u16, amount: Option<Amount>) -> ContractResult<Debit> {
        let pool = self.market(id)?.pool;
        let available = pool.supply_floor(pool.reserve_shares)?;
        let lent = amount.unwrap_or(available.min(pool.cash()));
        let asset = self.asset(id)?;
        if lent.is_zero() {
            return Err(Box::new(ContractError::ZeroAmount { asset }));
        }
        if lent > available {
            return Err(Box::new(ContractError::InsufficientDeposit {
                asset,
                available,
                requested: lent,
            }));
        }
        let shares = pool.recall_cost_ceil(lent)?.min(pool.reserve_shares);
        let debit = Debit {
            idle: Amount::ZERO,
            lent,
            shares,
        };
        self.release(id, &debit)?;
        let pool = &mut self.market_mut(id)?.pool;
        pool.reserve_shares = pool.reserve_shares.minus(shares)?;
        Ok(debit)
    }

    /// Adds a debt to an account and takes it out of the pool's cash.
    ///
    /// # Errors
    /// [`ContractError::BorrowOfDeposit`], [`ContractError::InsufficientCash`].
    pub fn owe(&mut self, key: &AccountKey, id: u16, amount: Amount) -> ContractResult<DebtShares> {
        let owed = match self.account(key)?.balance(id) {
            Some(Balance::Deposit { .. }) => {
                return Err(Box::new(ContractError::BorrowOfDeposit {
                    asset: self.asset(id)?,
                }));
            }
            Some(Balance::Debt(shares)) => shares,
            None => DebtShares::ZERO,
        };
        let available = self.market(id)?.pool.cash();
        if amount > available {
            let asset = self.asset(id)?;
            return Err(Box::new(ContractError::InsufficientCash {
                asset,
                available,
                requested: amount,
            }));
        }
        self.note_leaving(id, amount)?;
        let shares = self.market_mut(id)?.pool.borrow(amount)?;
        self.account_mut(key)?
            .set_balance(id, Balance::Debt(owed.plus(shares)?));
        Ok(shares)
    }

    /// Refuses an amount that moved no share.
    fn assert_shares(&mut self, id: u16, amount: Amount, shares: u128) -> ContractResult<()> {
        if shares == 0 {
            return Err(Box::new(ContractError::ZeroShares {
                asset: self.asset(id)?,
                amount,
            }));
        }
        Ok(())
    }
}
