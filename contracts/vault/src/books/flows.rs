//! What a message takes out of the pools on balance, and how much of that is allowed.

use bulwark_risk::account::{Assessment, Side};
use bulwark_risk::outflow::Outflow;
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_risk::wide::mul_ceil;
use bulwark_types::sorted::SortedMap;
use serde::{Deserialize, Serialize};

use super::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};

/// The part of an outflow by which debts have to fall for it to count as a rescue.
const REPAID_PART: Fraction = Fraction::percent(90);

/// What a message has moved between a pool and the outside: borrows and lent deposits that
/// left, repayments and deposits that came in to be lent.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Supplied when the message began, smallest units.
    supplied: Amount,
    /// Smallest units.
    left: Amount,
    /// Smallest units.
    entered: Amount,
}

impl Flow {
    /// What left on balance, smallest units.
    fn net(&self) -> Amount {
        Amount(self.left.0.saturating_sub(self.entered.0))
    }
}

impl Books<'_> {
    /// Notes what leaves a pool; to be called before it does.
    pub(super) fn note_leaving(&mut self, id: u16, amount: Amount) -> ContractResult<()> {
        let flow = self.flow(id)?;
        flow.left = flow.left.plus(amount)?;
        Ok(())
    }

    /// Notes what enters a pool; to be called before it does.
    pub(super) fn note_entering(&mut self, id: u16, amount: Amount) -> ContractResult<()> {
        let flow = self.flow(id)?;
        flow.entered = flow.entered.plus(amount)?;
        Ok(())
    }

    fn flow(&mut self, id: u16) -> ContractResult<&mut Flow> {
        let supplied = self.market(id)?.pool.supplied;
        let first = Flow {
            supplied,
            ..Flow::default()
        };
        if !self.flows.contains_key(&id) {
            self.flows.insert(id, first);
        }
        let missing = || ContractError::unknown_market(id);
        self.flows.get_mut(&id).ok_or_else(missing)
    }

    /// What counts against the outflow limit of a market now, and the limit if there is one,
    /// as a share of a supply; smallest units.
    ///
    /// # Errors
    /// If a record does not load.
    pub fn outflow(
        &mut self,
        id: u16,
        supplied: Amount,
    ) -> ContractResult<(Amount, Option<Amount>)> {
        let share = self.config(id)?.limits.outflow_share;
        let outflow = self.outflow_now(id)?.total();
        if share >= Fraction::ONE {
            return Ok((outflow, None));
        }
        // Rounded up: the last unit of a pool can leave.
        let limit = Amount(mul_ceil(supplied.0, share.0)?);
        Ok((outflow, Some(limit)))
    }

    /// Smallest units that may still leave a pool now; everything where there is no limit.
    ///
    /// # Errors
    /// If a record does not load.
    pub fn outflow_room(&mut self, id: u16) -> ContractResult<Amount> {
        let supplied = self.market(id)?.pool.supplied;
        let (outflow, limit) = self.outflow(id, supplied)?;
        let credit = self.outflow_now(id)?.credit();
        Ok(limit.map_or(Amount(u128::MAX), |limit| {
            let room = limit.0.saturating_sub(outflow.0);
            Amount(room.saturating_add(credit.0))
        }))
    }

    /// Refuses a message that takes more out of a pool, on balance, than may leave it within
    /// the window. What an account below its initial margin takes out to repay its debts lowers
    /// its risk: that neither counts nor is refused.
    ///
    /// # Errors
    /// [`ContractError::OutflowLimit`].
    pub fn assert_outflows(
        &mut self,
        key: &AccountKey,
        before: Option<&Assessment>,
    ) -> ContractResult<()> {
        if let Some(before) = before.filter(|before| !before.meets_initial()) {
            if self.repays_what_leaves(key, before)? {
                self.exempt_flows();
                return Ok(());
            }
        }
        self.assert_outflow_limits()
    }

    /// Whether the debts of an account have fallen by nine tenths, at least, of what has left
    /// the pools: the rest is what swapping costs.
    fn repays_what_leaves(
        &mut self,
        key: &AccountKey,
        before: &Assessment,
    ) -> ContractResult<bool> {
        let mut left = Usd::ZERO;
        for (id, flow) in self.flows.clone() {
            let valued = self.valued(id, Side::Deposit, flow.net())?;
            left = left.plus(valued.holding.value()?)?;
        }
        let after = self.assess_if_owing(key)?.unwrap_or_default();
        let repaid = before.debts.minus(after.debts)?;
        Ok(repaid >= left.mul_floor(REPAID_PART)?)
    }

    /// Refuses more outflow than the limits allow, whoever is behind it.
    ///
    /// # Errors
    /// [`ContractError::OutflowLimit`].
    pub fn assert_outflow_limits(&mut self) -> ContractResult<()> {
        for (id, flow) in self.flows.clone() {
            let net = flow.net();
            if net.is_zero() {
                continue;
            }
            let (_, limit) = self.outflow(id, flow.supplied)?;
            let mut after = self.outflow_now(id)?;
            after.leave(net)?;
            let outflow = after.total();
            if let Some(limit) = limit.filter(|limit| outflow > *limit) {
                let asset = self.asset(id)?;
                return Err(Box::new(ContractError::OutflowLimit {
                    asset,
                    limit,
                    outflow,
                }));
            }
        }
        Ok(())
    }

    /// Lets what has moved so far not count: liquidations must never wait, nor make others
    /// wait.
    pub fn exempt_flows(&mut self) {
        self.flows.clear();
    }

    /// Hands over what has moved so far, for a message that goes on later.
    pub fn take_flows(&mut self) -> SortedMap<u16, Flow> {
        std::mem::take(&mut self.flows)
    }

    /// Goes on with what a message had moved before.
    pub fn resume_flows(&mut self, flows: SortedMap<u16, Flow>) {
        self.flows = flows;
    }

    /// Writes what has moved into the markets.
    pub(super) fn record_flows(&mut self) -> ContractResult<()> {
        for (id, flow) in self.take_flows() {
            let mut outflow = self.outflow_now(id)?;
            outflow.leave(flow.net())?;
            outflow.enter(Amount(flow.entered.0.saturating_sub(flow.left.0)))?;
            self.market_mut(id)?.outflow = outflow;
        }
        Ok(())
    }

    fn outflow_now(&mut self, id: u16) -> ContractResult<Outflow> {
        let (now, window) = (self.now, self.settings.parameters.outflow_window);
        Ok(self.market(id)?.outflow.at(now, window))
    }
}
