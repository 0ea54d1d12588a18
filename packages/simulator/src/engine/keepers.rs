//! Keepers: they watch the pages of accounts, ask for the best liquidation and carry it out
//! with tokens of their own. They have nothing but the queries and messages that anyone has.

use std::collections::BTreeSet;

use bulwark_risk::account::Status;
use bulwark_risk::units::Amount;
use bulwark_testing::events_of;
use bulwark_types::events::{BadDebtAbsorbed, Liquidated};
use bulwark_types::vault::{AtRisk, ConfigResponse, ExecuteMsg, MarginResponse, Plan, QueryMsg};

use super::chain::Chain;
use super::recorder::{Liquidation, Recorder};
use super::{SimulationError, numbers};

const KEEPERS: usize = 3;

/// Liquidations of one account that are tried in a step.
const TRIES: usize = 12;

/// Competing keepers, who take turns.
#[derive(Debug)]
pub struct Keepers {
    names: Vec<String>,
    turns: usize,
    /// Below this, deposits are dust that anyone may write off, USD.
    dust_usd: f64,
    /// Keepers, and assets of which pools owe them shares for want of cash.
    owed: BTreeSet<(String, String)>,
}

impl Keepers {
    /// Keepers who have read the vault's configuration.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn new(chain: &Chain) -> Result<Self, SimulationError> {
        let config: ConfigResponse = chain.ask(&QueryMsg::Config {})?;
        let dust_usd = numbers::usd(config.parameters.liquidation.dust_value);
        Ok(Self {
            names: (0..KEEPERS)
                .map(|number| format!("keeper-{number}"))
                .collect(),
            turns: 0,
            dust_usd,
            owed: BTreeSet::new(),
        })
    }

    /// Liquidates what can be liquidated and writes off what is left of it.
    ///
    /// # Errors
    /// What has to work for the run to go on.
    pub fn act(
        &mut self,
        chain: &mut Chain,
        at_risk: &[AtRisk],
        recorder: &mut Recorder,
    ) -> Result<(), SimulationError> {
        for found in at_risk {
            if matches!(found.status, Status::Liquidatable | Status::Insolvent) {
                self.close(chain, found, recorder)?;
            }
        }
        self.collect(chain)
    }

    fn close(
        &mut self,
        chain: &mut Chain,
        found: &AtRisk,
        recorder: &mut Recorder,
    ) -> Result<(), SimulationError> {
        let mut margin = chain.margin(&found.account)?;
        recorder.saw_under_water(chain, &margin);
        for _ in 0..TRIES {
            let Some(plan) = chain.plan(&found.account)? else {
                break;
            };
            if !self.liquidate(chain, &margin, &plan, recorder)? {
                break;
            }
            margin = chain.margin(&found.account)?;
        }
        let dust = numbers::usd(margin.deposits) < self.dust_usd;
        if margin.status == Status::Insolvent && dust {
            self.write_off(chain, &margin, recorder)?;
        }
        Ok(())
    }

    fn next(&mut self) -> String {
        self.turns += 1;
        self.names
            .get(self.turns % KEEPERS)
            .cloned()
            .unwrap_or_default()
    }

    /// Carries a plan out; false where the vault refuses it.
    fn liquidate(
        &mut self,
        chain: &mut Chain,
        before: &MarginResponse,
        plan: &Plan,
        recorder: &mut Recorder,
    ) -> Result<bool, SimulationError> {
        let keeper = self.next();
        let (debt, seize) = (plan.debt.asset.clone(), plan.seize.asset.clone());
        chain.provide(&keeper, &debt, plan.debt.amount)?;
        let wallet = |chain: &Chain| {
            let held = |denom: &str| chain.world.balance(&keeper, denom);
            (held(&debt), held(&seize))
        };
        let (debt_before, seize_before) = wallet(chain);
        let message = ExecuteMsg::Liquidate {
            account: before.account.clone(),
            seize: seize.clone(),
            min_seized: Some(plan.seize.amount),
            receive: None,
            to: None,
            debt: None,
            callback: None,
        };
        let Ok(response) = chain.send(&keeper, message, Some((&debt, plan.debt.amount))) else {
            return Ok(false);
        };
        let (debt_after, seize_after) = wallet(chain);
        let tokens = Amount(seize_after.0.saturating_sub(seize_before.0));
        let shares = Amount(plan.seize.amount.0.saturating_sub(tokens.0));
        if !shares.is_zero() {
            self.owed.insert((keeper.clone(), seize.clone()));
        }
        let paid = Amount(debt_before.0.saturating_sub(debt_after.0));
        for event in events_of::<Liquidated>(&response) {
            let received = Amount(tokens.0 + shares.0);
            let received_usd = match chain.market_of(&seize).filter(|market| market.priced) {
                Some(market) => market.value(received),
                // Without a price, what the vault takes it for.
                None => {
                    let whole = numbers::usd(event.repaid_value) + numbers::usd(event.bonus_value);
                    whole * received.0 as f64 / event.seized.0.max(1) as f64
                }
            };
            recorder.liquidated(
                chain,
                &Liquidation {
                    event,
                    keeper: keeper.clone(),
                    ratio_before: before.margin_ratio.map(numbers::usd),
                    profit_usd: received_usd - chain.value(&debt, paid),
                    bad_debt: events_of::<BadDebtAbsorbed>(&response),
                },
            )?;
        }
        Ok(true)
    }

    fn write_off(
        &mut self,
        chain: &mut Chain,
        margin: &MarginResponse,
        recorder: &mut Recorder,
    ) -> Result<(), SimulationError> {
        let keeper = self.next();
        let account = margin.account.clone();
        let Ok(response) = chain.send(&keeper, ExecuteMsg::WriteOff { account }, None) else {
            return Ok(());
        };
        recorder.written_off(chain, &events_of::<BadDebtAbsorbed>(&response))
    }

    /// Takes out what pools could not pay at once, as far as they can now.
    fn collect(&mut self, chain: &mut Chain) -> Result<(), SimulationError> {
        for (keeper, asset) in self.owed.clone() {
            let account = chain.world.account_ref(&keeper);
            let amount = chain.max_withdraw(&account, &asset)?;
            if amount.is_zero() {
                continue;
            }
            let message = ExecuteMsg::Withdraw {
                account: Some(account.clone()),
                asset: asset.clone(),
                amount: Some(amount),
                to: None,
            };
            // A refusal is counted; the keeper tries again after the next step.
            if chain.send(&keeper, message, None).is_ok() {
                let margin = chain.margin(&account)?;
                if margin.holdings.iter().all(|holding| holding.asset != asset) {
                    self.owed.remove(&(keeper, asset));
                }
            }
        }
        Ok(())
    }
}
