//! What the events of a transaction say that it did for the keeper.

use std::collections::BTreeMap;

use bulwark_chain::ChainError;
use bulwark_chain::events::{events_of, typed};
use bulwark_risk::units::{Amount, Usd};
use bulwark_risk::wide::mul_div_floor;
use bulwark_types::events::{BadDebtAbsorbed, EventError, Liquidated, LiquidationSkipped, PaidOut};
use bulwark_types::vault::AccountRef;
use cosmwasm_std::Event;

use super::entry::Kind;
use super::outcome::{Realised, Won, add_flows};

/// Who is who in events.
#[derive(Clone, Debug)]
pub struct Parties {
    /// Address of the keeper.
    pub keeper: String,
    /// Address of the vault.
    pub vault: String,
    /// Address of the liquidator, if there is one.
    pub liquidator: Option<String>,
}

/// The events of a transaction, read.
#[derive(Clone, Debug, Default)]
pub struct Deeds {
    liquidated: Vec<Liquidated>,
    skipped: Vec<LiquidationSkipped>,
    written_off: Vec<BadDebtAbsorbed>,
    paid_out: Vec<PaidOut>,
}

impl Deeds {
    /// Reads events.
    ///
    /// # Errors
    /// [`ChainError::Malformed`] for one that does not parse: the vault has another version.
    pub fn of(events: &[Event], parties: &Parties) -> Result<Self, ChainError> {
        let malformed = |error: EventError| ChainError::Malformed {
            what: "an event".into(),
            detail: error.to_string(),
        };
        let of_vault = || events_of(events, &parties.vault);
        let liquidator = parties.liquidator.as_deref();
        let of_liquidator = liquidator.into_iter().flat_map(|of| events_of(events, of));
        let mut deeds = Self {
            liquidated: typed(of_vault()).map_err(malformed)?,
            skipped: typed(of_vault()).map_err(malformed)?,
            written_off: typed(of_vault()).map_err(malformed)?,
            paid_out: typed(of_liquidator).map_err(malformed)?,
        };
        deeds
            .liquidated
            .retain(|event| event.keeper == parties.keeper);
        deeds
            .paid_out
            .retain(|event| event.keeper == parties.keeper);
        Ok(deeds)
    }

    /// What was liquidated of an account, if anything; gas is not paid for in its profit.
    pub fn won(&self, account: &AccountRef, kind: Kind) -> Option<Won> {
        let mut events = self.liquidated.iter();
        let event = events.find(|event| is_of(account, &event.owner, event.id))?;
        Some(Won {
            debt_asset: event.debt_asset.clone(),
            repaid: event.repaid,
            deposit_asset: event.deposit_asset.clone(),
            tokens: event.tokens,
            lent: lent(event),
            bonus: event.bonus,
            repaid_value: event.repaid_value,
            bonus_value: bonus_of_keeper(event),
            profit: self.gross(event, kind).1,
            distressed: event.distressed,
        })
    }

    /// Why an account was passed over, if it was: the refusal's name.
    pub fn skipped(&self, account: &AccountRef) -> Option<&str> {
        let mut events = self.skipped.iter();
        let event = events.find(|event| is_of(account, &event.owner, event.id))?;
        Some(&event.reason)
    }

    /// Whether an account's debts were written off.
    pub fn is_written_off(&self, account: &AccountRef) -> bool {
        let mut events = self.written_off.iter();
        events.any(|event| is_of(account, &event.owner, event.id))
    }

    /// Whether any account was passed over.
    pub fn has_skipped(&self) -> bool {
        !self.skipped.is_empty()
    }

    /// What a callback has left of the debt's asset, and what it repaid of it; none where nothing was
    /// paid out.
    pub fn left_by_callback(&self) -> Option<(Amount, Amount)> {
        let repaid = self.liquidated.first()?;
        let mut paid_out = self.paid_out.iter();
        let left = paid_out.find(|event| event.asset == repaid.debt_asset)?;
        Some((left.amount, repaid.repaid))
    }

    /// What moved in the keeper's wallet, and what that is worth; the fee is not in it yet.
    pub fn realised(&self, kind: Kind) -> Realised {
        let mut realised = Realised::default();
        for event in &self.liquidated {
            let (flows, profit) = self.gross(event, kind);
            realised.profit = Usd(realised.profit.0.saturating_add(profit.0));
            add_flows(&mut realised.flows, &flows);
        }
        realised
    }

    /// The same of one liquidation.
    fn gross(&self, event: &Liquidated, kind: Kind) -> (BTreeMap<String, i128>, Usd) {
        let flows = match kind {
            Kind::Callback => self.paid_out(),
            Kind::Inventory | Kind::WriteOff => BTreeMap::from([
                (event.debt_asset.clone(), -signed(event.repaid)),
                (event.deposit_asset.clone(), signed(event.tokens)),
            ]),
        };
        let worth = flows.iter().map(|(asset, flow)| worth(event, asset, *flow));
        let shares = value_of_deposit(event, lent(event));
        let profit = worth.fold(shares, i128::saturating_add);
        (flows, Usd(profit))
    }

    fn paid_out(&self) -> BTreeMap<String, i128> {
        let mut flows = BTreeMap::new();
        for event in &self.paid_out {
            let flow = BTreeMap::from([(event.asset.clone(), signed(event.amount))]);
            add_flows(&mut flows, &flow);
        }
        flows
    }
}

fn is_of(account: &AccountRef, owner: &str, id: u16) -> bool {
    account.owner == owner && account.id == id
}

fn signed(amount: Amount) -> i128 {
    i128::try_from(amount.0).unwrap_or(i128::MAX)
}

/// Smallest units that the keeper got as shares.
fn lent(event: &Liquidated) -> Amount {
    let tokens = event.tokens.0.saturating_add(event.protocol_fee.0);
    Amount(event.seized.0.saturating_sub(tokens))
}

/// The keeper's part of the bonus, USD, rounded down.
fn bonus_of_keeper(event: &Liquidated) -> Usd {
    let fee = value_of_deposit(event, event.protocol_fee);
    Usd(event.bonus_value.0.saturating_sub(fee))
}

/// Value of an amount of what was seized: all of it is worth what was repaid and the bonus.
fn value_of_deposit(event: &Liquidated, amount: Amount) -> i128 {
    let all = event.repaid_value.0.saturating_add(event.bonus_value.0);
    let value = mul_div_floor(amount.0, all.unsigned_abs(), event.seized.0);
    value
        .ok()
        .and_then(|value| i128::try_from(value).ok())
        .unwrap_or_default()
}

/// Value of a flow of either asset of a liquidation, USD; of any other asset nothing is known.
fn worth(event: &Liquidated, asset: &str, flow: i128) -> i128 {
    let amount = Amount(flow.unsigned_abs());
    let value = if asset == event.deposit_asset {
        value_of_deposit(event, amount)
    } else if asset == event.debt_asset {
        let value = mul_div_floor(amount.0, event.repaid_value.magnitude(), event.repaid.0);
        value
            .ok()
            .and_then(|value| i128::try_from(value).ok())
            .unwrap_or_default()
    } else {
        0
    };
    if flow < 0 { -value } else { value }
}
