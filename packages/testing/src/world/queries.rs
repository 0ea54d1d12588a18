//! Every query of the vault, in the words of a scenario.

use bulwark_risk::units::{Amount, Fraction};
use bulwark_types::oracle;
use bulwark_types::vault::{
    AccountRef, AccountResponse, AccountsAtRiskResponse, Action, AmountResponse, AssetAmount,
    LiquidationPlanResponse, LiquidationPriceResponse, LiquidationResponse, MarginResponse,
    MarketResponse, Plan, QueryMsg, SimulateResponse, SolvencyResponse,
};
use bulwark_types::wire::WireError;
use serde::de::DeserializeOwned;

use super::World;
use crate::error::wire_error;
use crate::terms::{Account, Quantity};

/// What queries answer.
type Found<T> = Result<T, WireError>;

impl World {
    /// Asks the vault; the response type is the one that [`QueryMsg`] names.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn query<R: DeserializeOwned>(&self, message: &QueryMsg) -> Found<R> {
        self.vault
            .query(self.app.wrap(), message)
            .map_err(|error| wire_error(&error))
    }

    /// Asks the oracle; the response type is the one that [`oracle::QueryMsg`] names.
    ///
    /// # Errors
    /// What the oracle answers.
    pub fn query_oracle<R: DeserializeOwned>(&self, message: &oracle::QueryMsg) -> Found<R> {
        self.app
            .wrap()
            .query_wasm_smart(self.oracle(), message)
            .map_err(|error| wire_error(&error))
    }

    /// What an account holds and owes.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn account(&self, account: impl Into<Account>) -> Found<AccountResponse> {
        let account = self.account_ref(account);
        self.query(&QueryMsg::Account { account })
    }

    /// Equity, margins and status of an account.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn margin(&self, account: impl Into<Account>) -> Found<MarginResponse> {
        let account = self.account_ref(account);
        self.query(&QueryMsg::Margin { account })
    }

    /// A market.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn market(&self, asset: &str) -> Found<MarketResponse> {
        let asset = self.asset(asset);
        self.query(&QueryMsg::Market { asset })
    }

    /// The most that an account can borrow of an asset, smallest units.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn max_borrow(&self, account: impl Into<Account>, asset: &str) -> Found<Amount> {
        let account = self.account_ref(account);
        let asset = self.asset(asset);
        let found: AmountResponse = self.query(&QueryMsg::MaxBorrow { account, asset })?;
        Ok(found.amount)
    }

    /// The most that an account can withdraw of an asset, smallest units.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn max_withdraw(&self, account: impl Into<Account>, asset: &str) -> Found<Amount> {
        let account = self.account_ref(account);
        let asset = self.asset(asset);
        let found: AmountResponse = self.query(&QueryMsg::MaxWithdraw { account, asset })?;
        Ok(found.amount)
    }

    /// At which prices of an asset an account is liquidatable.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn liquidation_price(
        &self,
        account: impl Into<Account>,
        asset: &str,
    ) -> Found<LiquidationPriceResponse> {
        let account = self.account_ref(account);
        let asset = self.asset(asset);
        self.query(&QueryMsg::LiquidationPrice { account, asset })
    }

    /// The best liquidation of an account.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn plan(&self, account: impl Into<Account>) -> Found<Option<Plan>> {
        let account = self.account_ref(account);
        let found: LiquidationPlanResponse = self.query(&QueryMsg::LiquidationPlan { account })?;
        Ok(found.plan)
    }

    /// What actions of its owner would make of an account.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn simulate(
        &self,
        account: impl Into<Account>,
        actions: Vec<Action>,
    ) -> Found<SimulateResponse> {
        let account = self.account_ref(account);
        self.query(&QueryMsg::Simulate { account, actions })
    }

    /// What a liquidation would do.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn simulate_liquidation(
        &self,
        account: impl Into<Account>,
        debt: &str,
        quantity: impl Into<Quantity>,
        seize: &str,
    ) -> Found<LiquidationResponse> {
        let debt = AssetAmount {
            amount: self.units(debt, quantity)?,
            asset: self.asset(debt),
        };
        self.query(&QueryMsg::SimulateLiquidation {
            account: self.account_ref(account),
            debt,
            seize: self.asset(seize),
            receive: None,
            to: None,
        })
    }

    /// A page of accounts at risk.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn at_risk(
        &self,
        max_ratio: Option<Fraction>,
        start_after: Option<AccountRef>,
        limit: Option<u32>,
    ) -> Found<AccountsAtRiskResponse> {
        self.query(&QueryMsg::AccountsAtRisk {
            max_ratio,
            start_after,
            limit,
        })
    }

    /// What the vault holds against what it owes: of one asset, or of the first 100.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn solvency(&self, asset: Option<&str>) -> Found<SolvencyResponse> {
        self.query(&QueryMsg::Solvency {
            asset: asset.map(|asset| self.asset(asset)),
            start_after: None,
            limit: Some(100),
        })
    }

    /// An asset's price record.
    ///
    /// # Errors
    /// What the oracle answers.
    pub fn price(&self, asset: &str) -> Found<oracle::PriceResponse> {
        let asset = self.asset(asset);
        self.query_oracle(&oracle::QueryMsg::Price { asset })
    }
}
