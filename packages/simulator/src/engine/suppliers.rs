//! Suppliers: they lend what borrowers need, and follow the rates.

use bulwark_types::vault::{AccountRef, ExecuteMsg};

use super::borrowers::MEAN;
use super::chain::Chain;
use super::{SimulationError, numbers};

/// Suppliers of every market.
const SUPPLIERS: usize = 3;

/// What a supplier lends at least and in all at most: USD of a market, and part of its cap.
const LEAST: f64 = 400_000.0;
const MOST_OF_CAP: f64 = 0.4;

/// Expected debts per USD of borrowers' deposits: of all stable assets, and of all others.
const STABLE_DEBTS: f64 = 0.55;
const OTHER_DEBTS: f64 = 0.15;

/// The utilisation that suppliers expect.
const EXPECTED_UTILISATION: f64 = 0.6;

/// Suppliers add above this borrow rate, and by how much of the pool.
const GOOD_RATE: f64 = 0.15;
const ADDED: f64 = 0.2;

/// Suppliers take out below this utilisation, and how much of what they may.
const POOR_UTILISATION: f64 = 0.25;
const WITHDRAWN: f64 = 0.1;

/// Those who lend and do not borrow.
#[derive(Clone, Debug)]
pub struct Suppliers {
    members: Vec<(String, AccountRef)>,
    /// What borrowers are expected to deposit in all, USD.
    deposits: f64,
}

impl Suppliers {
    /// Suppliers for so many borrowers' accounts of a size relative to the usual one.
    pub fn new(chain: &Chain, accounts: usize, scale: f64) -> Self {
        let member = |number| {
            let name = format!("supplier-{number}");
            let account = chain.world.account_ref(&name);
            (name, account)
        };
        Self {
            members: (0..SUPPLIERS).map(member).collect(),
            deposits: accounts as f64 * MEAN * scale,
        }
    }

    /// Lends in a market what its borrowers are expected to need.
    ///
    /// # Errors
    /// What has to work for the run to go on.
    pub fn fill(&self, chain: &mut Chain, denom: &str) -> Result<(), SimulationError> {
        let Some(market) = chain.market_of(denom).cloned() else {
            return Ok(());
        };
        let stable = market.asset.stable;
        let alike = chain
            .markets
            .iter()
            .filter(|other| other.asset.stable == stable)
            .count();
        let debts = if stable { STABLE_DEBTS } else { OTHER_DEBTS };
        let expected = self.deposits * debts / alike as f64 / EXPECTED_UTILISATION;
        let most = market.asset.liquidity_usd * MOST_OF_CAP;
        let value = expected.max(LEAST).min(most);
        for (name, account) in &self.members {
            let amount = market.units_worth(value / self.members.len() as f64);
            lend(chain, name, account, denom, amount)?;
        }
        Ok(())
    }

    /// Adds to pools that pay well and leaves those that nobody borrows from.
    ///
    /// # Errors
    /// What has to work for the run to go on.
    pub fn follow_rates(&self, chain: &mut Chain) -> Result<(), SimulationError> {
        for market in chain.all_markets()? {
            let Some((name, account)) = self.members.get(usize::from(market.market) % SUPPLIERS)
            else {
                continue;
            };
            if numbers::fraction(market.borrow_rate) > GOOD_RATE {
                let room = market.limits.deposit_cap.0;
                let room = room.saturating_sub(market.idle.0 + market.supplied.0);
                let wanted = numbers::part(market.supplied, ADDED).0;
                let amount = bulwark_risk::units::Amount(wanted.min(room));
                lend(chain, name, account, &market.asset, amount)?;
            } else if numbers::fraction(market.utilisation) < POOR_UTILISATION {
                let most = chain.max_withdraw(account, &market.asset)?;
                let message = ExecuteMsg::Withdraw {
                    account: Some(account.clone()),
                    asset: market.asset.clone(),
                    amount: Some(numbers::part(most, WITHDRAWN)),
                    to: None,
                };
                if numbers::part(most, WITHDRAWN).0 > 0 {
                    // A refusal is counted; the supplier tries again another day.
                    let _ = chain.send(name, message, None);
                }
            }
        }
        Ok(())
    }
}

fn lend(
    chain: &mut Chain,
    name: &str,
    account: &AccountRef,
    denom: &str,
    amount: bulwark_risk::units::Amount,
) -> Result<(), SimulationError> {
    if amount.is_zero() {
        return Ok(());
    }
    chain.provide(name, denom, amount)?;
    let message = ExecuteMsg::Deposit {
        account: Some(account.clone()),
        lend: Some(true),
    };
    // A refusal is counted: a pool that was wiped out takes no deposits.
    let _ = chain.send(name, message, Some((denom, amount)));
    Ok(())
}
