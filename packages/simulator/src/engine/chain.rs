//! The chain as its users see it: messages, queries, and a wallet.

use std::collections::BTreeMap;

use bulwark_risk::units::{Amount, Fraction, Price};
use bulwark_testing::{Outcome as Answer, World};
use bulwark_types::vault::{
    AccountRef, AccountsAtRiskResponse, AmountResponse, AtRisk, ExecuteMsg,
    LiquidationPlanResponse, MarginResponse, MarketResponse, MarketsResponse, Plan, QueryMsg,
    Solvency, SolvencyResponse,
};
use cosmwasm_std::Coin;
use serde::de::DeserializeOwned;

use super::SimulationError;
use super::market_setup::{Listed, market_spec};
use crate::prices::AssetSpec;

/// The largest page that the vault answers.
const PAGE: u32 = 100;

/// Every account with debts that has a margin to maintain has a ratio below this.
const ANY_RATIO: Fraction = Fraction(1_000_000_000 * Fraction::ONE.0);

/// The chain with what the simulation's actors know of it.
pub struct Chain {
    /// The embedded chain itself; auditors and feeders need it.
    pub world: World,
    /// The vault's markets, in the order of their listing.
    pub markets: Vec<Listed>,
    /// What was sent to the vault without a message, by denom, in smallest units.
    pub donated: BTreeMap<String, Amount>,
    messages: u64,
    refusals: BTreeMap<String, u64>,
}

impl Chain {
    /// A chain whose vault lists these markets.
    pub fn new(world: World, markets: Vec<Listed>) -> Self {
        Self {
            world,
            markets,
            donated: BTreeMap::new(),
            messages: 0,
            refusals: BTreeMap::new(),
        }
    }

    /// Messages sent to the contracts so far, refused ones included.
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// How many messages were refused, by the error's name.
    pub fn refusals(&self) -> &BTreeMap<String, u64> {
        &self.refusals
    }

    /// The market of a denom.
    pub fn market_of(&self, denom: &str) -> Option<&Listed> {
        self.markets
            .iter()
            .find(|market| market.asset.denom == denom)
    }

    /// The value of an amount at its last posted price, in USD.
    pub fn value(&self, denom: &str, amount: Amount) -> f64 {
        self.market_of(denom)
            .map_or(0.0, |market| market.value(amount))
    }

    /// The symbol of a denom.
    pub fn symbol(&self, denom: &str) -> String {
        self.market_of(denom)
            .map_or_else(|| denom.to_owned(), |market| market.asset.symbol.clone())
    }

    /// Sends a message to the vault. A refusal is counted; the simulation goes on.
    ///
    /// # Errors
    /// What the vault or the chain refuses.
    pub fn send(
        &mut self,
        sender: &str,
        message: ExecuteMsg,
        funds: Option<(&str, Amount)>,
    ) -> Answer {
        let funds = funds.map(|(denom, amount)| Coin::new(amount.0, denom));
        self.messages += 1;
        let answer = self
            .world
            .execute(sender, message, funds.into_iter().collect());
        if let Err(error) = &answer {
            *self.refusals.entry(error.name.clone()).or_default() += 1;
        }
        answer
    }

    /// All feeders post prices, observed now.
    ///
    /// # Errors
    /// What the oracle refuses.
    pub fn post(&mut self, prices: &[(&str, Price)]) -> Result<(), SimulationError> {
        self.messages += self.world.feeders().len() as u64;
        self.world
            .post_price(prices)
            .map_err(SimulationError::refused("posting prices"))
    }

    /// Lists one more market, with its first price.
    ///
    /// # Errors
    /// What the contracts refuse.
    pub fn list(&mut self, asset: &AssetSpec, first_price: f64) -> Result<(), SimulationError> {
        let spec = market_spec(asset, first_price)?;
        self.world
            .list(spec, 0)
            .map_err(SimulationError::refused(format!(
                "listing {}",
                asset.symbol
            )))?;
        self.markets.push(Listed::new(asset, first_price));
        Ok(())
    }

    /// Brings tokens from outside into a wallet, so that it holds at least `amount`.
    ///
    /// # Errors
    /// What the bank refuses.
    pub fn provide(
        &mut self,
        name: &str,
        denom: &str,
        amount: Amount,
    ) -> Result<(), SimulationError> {
        let held = self.world.balance(name, denom);
        let missing = Amount(amount.0.saturating_sub(held.0));
        if missing.is_zero() {
            return Ok(());
        }
        self.world
            .mint(name, denom, missing)
            .map(|_| ())
            .map_err(SimulationError::refused(format!("minting for {name}")))
    }

    /// Asks the vault.
    ///
    /// # Errors
    /// What the vault answers: a query that fails ends the run.
    pub fn ask<R: DeserializeOwned>(&self, query: &QueryMsg) -> Result<R, SimulationError> {
        self.world.query(query).map_err(|error| {
            SimulationError::refused(format!("asking the vault for {query:?}"))(error)
        })
    }

    /// Equity, margins and status of an account.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn margin(&self, account: &AccountRef) -> Result<MarginResponse, SimulationError> {
        let account = account.clone();
        self.ask(&QueryMsg::Margin { account })
    }

    /// The most that an account can borrow of an asset, smallest units.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn max_borrow(&self, account: &AccountRef, denom: &str) -> Result<Amount, SimulationError> {
        let (account, asset) = (account.clone(), denom.to_owned());
        let found: AmountResponse = self.ask(&QueryMsg::MaxBorrow { account, asset })?;
        Ok(found.amount)
    }

    /// The most that an account can withdraw of an asset, smallest units.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn max_withdraw(
        &self,
        account: &AccountRef,
        denom: &str,
    ) -> Result<Amount, SimulationError> {
        let (account, asset) = (account.clone(), denom.to_owned());
        let found: AmountResponse = self.ask(&QueryMsg::MaxWithdraw { account, asset })?;
        Ok(found.amount)
    }

    /// The liquidation that pays a keeper the largest bonus.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn plan(&self, account: &AccountRef) -> Result<Option<Plan>, SimulationError> {
        let account = account.clone();
        let found: LiquidationPlanResponse = self.ask(&QueryMsg::LiquidationPlan { account })?;
        Ok(found.plan)
    }

    /// One market.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn market(&self, denom: &str) -> Result<MarketResponse, SimulationError> {
        let asset = denom.to_owned();
        self.ask(&QueryMsg::Market { asset })
    }

    /// All markets, page by page, in the order of their listing.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn all_markets(&self) -> Result<Vec<MarketResponse>, SimulationError> {
        let (mut found, mut start_after) = (Vec::new(), None);
        loop {
            let limit = Some(PAGE);
            let page: MarketsResponse = self.ask(&QueryMsg::Markets { start_after, limit })?;
            found.extend(page.markets);
            start_after = page.next;
            if start_after.is_none() {
                return Ok(found);
            }
        }
    }

    /// All accounts with debts, page by page.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn all_at_risk(&self) -> Result<Vec<AtRisk>, SimulationError> {
        let (mut found, mut start_after) = (Vec::new(), None);
        loop {
            let page: AccountsAtRiskResponse = self.ask(&QueryMsg::AccountsAtRisk {
                max_ratio: Some(ANY_RATIO),
                start_after,
                limit: Some(PAGE),
            })?;
            found.extend(page.accounts);
            start_after = page.next;
            if start_after.is_none() {
                return Ok(found);
            }
        }
    }

    /// What the vault holds against what it owes, market by market.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn solvency(&self) -> Result<Vec<Solvency>, SimulationError> {
        let (mut found, mut start_after) = (Vec::new(), None);
        loop {
            let page: SolvencyResponse = self.ask(&QueryMsg::Solvency {
                asset: None,
                start_after,
                limit: Some(PAGE),
            })?;
            found.extend(page.assets);
            start_after = page.next;
            if start_after.is_none() {
                return Ok(found);
            }
        }
    }
}
