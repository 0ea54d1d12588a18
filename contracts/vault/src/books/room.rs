//! Caps, limits and pauses: how much room a message has.

use bulwark_risk::interest::utilisation_floor;
use bulwark_risk::units::Amount;
use bulwark_risk::wide::mul_floor;
use bulwark_types::vault::PausableAction;
use cosmwasm_std::Addr;

use super::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};
use crate::state::{Balance, Pauses};

impl Books<'_> {
    /// Until when an action on an asset is paused, if it is.
    ///
    /// A pause of all assets passes by an asset whose own pause ended lately: no two pauses
    /// follow each other on the same asset.
    ///
    /// # Errors
    /// If the configuration does not load.
    pub fn paused_until(&mut self, id: u16, action: PausableAction) -> ContractResult<Option<u64>> {
        let (now, all) = (self.now, self.settings.pauses);
        let own = self.config(id)?.pauses;
        Ok(pause_in_force(&all, &own, action, now))
    }

    /// Refuses a paused action.
    ///
    /// # Errors
    /// [`ContractError::Paused`].
    pub fn assert_not_paused(&mut self, id: u16, action: PausableAction) -> ContractResult<()> {
        match self.paused_until(id, action)? {
            None => Ok(()),
            Some(until) => Err(Box::new(ContractError::Paused {
                action,
                asset: self.asset(id)?,
                until,
            })),
        }
    }

    /// Refuses to add an asset to an account that is full, or for which the sender may not act.
    ///
    /// # Errors
    /// [`ContractError::ForeignAsset`], [`ContractError::TooManyHoldings`].
    pub fn assert_may_add(
        &mut self,
        key: &AccountKey,
        id: u16,
        sender: &Addr,
    ) -> ContractResult<()> {
        if self.account(key)?.balance(id).is_some() {
            return Ok(());
        }
        if !self.may_act(key, sender)? {
            return Err(Box::new(ContractError::ForeignAsset {
                asset: self.asset(id)?,
                owner: key.owner.to_string(),
                id: key.id,
            }));
        }
        self.assert_place(key, id)
    }

    /// Refuses to add an asset to an account that is full.
    ///
    /// # Errors
    /// [`ContractError::TooManyHoldings`].
    pub fn assert_place(&mut self, key: &AccountKey, id: u16) -> ContractResult<()> {
        let limit = self.settings.parameters.max_holdings;
        let account = self.account(key)?;
        if account.balance(id).is_some() || account.holdings.len() < usize::from(limit) {
            return Ok(());
        }
        let asset = self.asset(id)?;
        Err(Box::new(ContractError::TooManyHoldings { asset, limit }))
    }

    /// Refuses new deposits of `amount` that the market has no room for. Caps and pauses do not
    /// bind an account below its initial margin, as far as it takes to get back there, where
    /// such a rescue is allowed. Returns whether it was one.
    ///
    /// # Errors
    /// [`ContractError::Paused`], [`ContractError::DepositDisabled`],
    /// [`ContractError::DepositCap`], [`ContractError::WipedOut`].
    pub fn assert_deposit_room(
        &mut self,
        key: &AccountKey,
        id: u16,
        amount: Amount,
        lend: bool,
        may_rescue: bool,
    ) -> ContractResult<bool> {
        if lend {
            self.assert_not_wiped_out(id)?;
        }
        match self.deposit_refusal(id, amount)? {
            None => Ok(false),
            // What is disabled or wiped out rescues nobody.
            Some(ContractError::Paused { .. } | ContractError::DepositCap { .. })
                if may_rescue && self.is_rescued_by(key, id, amount)? =>
            {
                Ok(true)
            }
            Some(refusal) => Err(Box::new(refusal)),
        }
    }

    /// Refuses to lend to a pool whose suppliers were wiped out.
    ///
    /// # Errors
    /// [`ContractError::WipedOut`].
    pub fn assert_not_wiped_out(&mut self, id: u16) -> ContractResult<()> {
        if self.market(id)?.pool.is_wiped_out() {
            return Err(Box::new(ContractError::WipedOut {
                asset: self.asset(id)?,
            }));
        }
        Ok(())
    }

    fn deposit_refusal(
        &mut self,
        id: u16,
        amount: Amount,
    ) -> ContractResult<Option<ContractError>> {
        if let Some(until) = self.paused_until(id, PausableAction::Deposit)? {
            let (action, asset) = (PausableAction::Deposit, self.asset(id)?);
            return Ok(Some(ContractError::Paused {
                action,
                asset,
                until,
            }));
        }
        let asset = self.asset(id)?;
        if !self.config(id)?.deposit_enabled {
            return Ok(Some(ContractError::DepositDisabled { asset }));
        }
        let market = self.market(id)?;
        if market.pool.is_wiped_out() {
            return Ok(Some(ContractError::WipedOut { asset }));
        }
        let total = market.idle.plus(market.pool.supplied)?.plus(amount)?;
        let cap = self.config(id)?.limits.deposit_cap;
        Ok((total > cap).then_some(ContractError::DepositCap { asset, cap, total }))
    }

    /// Refuses a borrow of `amount` that the market has no room for.
    ///
    /// # Errors
    /// [`ContractError::Paused`], [`ContractError::BorrowDisabled`],
    /// [`ContractError::BorrowCap`].
    pub fn assert_borrow_room(&mut self, id: u16, amount: Amount) -> ContractResult<()> {
        self.assert_not_paused(id, PausableAction::Borrow)?;
        let asset = self.asset(id)?;
        let config = self.config(id)?;
        if !config.borrow_enabled {
            return Err(Box::new(ContractError::BorrowDisabled { asset }));
        }
        let cap = config.limits.borrow_cap;
        let total = self.market(id)?.pool.borrowed.plus(amount)?;
        if total > cap {
            return Err(Box::new(ContractError::BorrowCap { asset, cap, total }));
        }
        Ok(())
    }

    /// Refuses the state after a borrow if the pool is used too much, or owed too much by one.
    ///
    /// # Errors
    /// [`ContractError::UtilisationLimit`], [`ContractError::CounterpartyLimit`].
    pub fn assert_borrow_limits(&mut self, key: &AccountKey, id: u16) -> ContractResult<()> {
        let limits = self.config(id)?.limits;
        let pool = self.market(id)?.pool;
        let most = Amount(mul_floor(pool.supplied.0, limits.max_utilisation.0)?);
        if pool.borrowed > most {
            return Err(Box::new(ContractError::UtilisationLimit {
                asset: self.asset(id)?,
                limit: limits.max_utilisation,
                utilisation: utilisation_floor(pool.borrowed, pool.supplied)?,
            }));
        }
        let limit = Amount(mul_floor(pool.supplied.0, limits.counterparty_share.0)?);
        let debt = self.debt_of(key, id)?;
        if debt > limit {
            return Err(Box::new(ContractError::CounterpartyLimit {
                asset: self.asset(id)?,
                limit,
                debt,
            }));
        }
        Ok(())
    }

    /// The most that the caps and limits leave for a borrow, smallest units; zero if borrowing
    /// is paused or disabled, or the account has deposited the asset or has no place for it.
    ///
    /// # Errors
    /// If a record does not load.
    pub fn borrow_room(&mut self, key: &AccountKey, id: u16) -> ContractResult<Amount> {
        let closed = self.paused_until(id, PausableAction::Borrow)?.is_some()
            || !self.config(id)?.borrow_enabled
            || matches!(
                self.account(key)?.balance(id),
                Some(Balance::Deposit { .. })
            )
            || self.assert_place(key, id).is_err();
        if closed {
            return Ok(Amount::ZERO);
        }
        let limits = self.config(id)?.limits;
        let outflow_room = self.outflow_room(id)?;
        let pool = self.market(id)?.pool;
        let part = |share: u128| mul_floor(pool.supplied.0, share);
        // One unit less than what one account may owe, for its debt rounds up.
        let debt = self.debt_of(key, id)?.0.saturating_add(1);
        let room = pool
            .cash()
            .min(outflow_room)
            .0
            .min(limits.borrow_cap.0.saturating_sub(pool.borrowed.0))
            .min(part(limits.max_utilisation.0)?.saturating_sub(pool.borrowed.0))
            .min(part(limits.counterparty_share.0)?.saturating_sub(debt));
        Ok(Amount(room))
    }
}

/// When the pause of an action on an asset ends, if one is in force.
#[must_use]
pub fn pause_in_force(all: &Pauses, own: &Pauses, action: PausableAction, now: u64) -> Option<u64> {
    let own = own.brake(action);
    let by_all = all
        .brake(action)
        .until(now)
        .filter(|_| !own.is_cooling_down(now));
    own.until(now).max(by_all)
}
