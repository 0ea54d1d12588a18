use bulwark_risk::account::Side;
use bulwark_risk::config::MarginParameters;
use bulwark_risk::margin::FamilyFactors;
use bulwark_risk::units::Amount;
use bulwark_types::oracle::{PriceRecord, PriceResponse};
use bulwark_types::valuation::{MarketTerms, Moment, Valued};
use bulwark_types::vault::{ConfigResponse, MarketResponse};
use cosmwasm_schema::cw_serde;

use crate::error::{EngineError, EngineResult};

/// Holdings with everything that decides about their margin, as the contracts' queries answered
/// it. Ramps are in the vault's answers as far as they had come by its block: all of them should
/// be of one block, and `now` its time.
#[cw_serde]
pub struct Basket {
    /// Block time in seconds.
    pub now: u64,
    /// The vault's configuration.
    pub config: ConfigResponse,
    /// The markets of the holdings and of their families' base assets; more do no harm.
    pub markets: Vec<MarketResponse>,
    /// Their prices; more do no harm.
    pub prices: Vec<PriceResponse>,
    /// What is held and owed, each asset once, in any order.
    pub holdings: Vec<BasketHolding>,
}

/// What is held or owed of one asset.
#[cw_serde]
pub struct BasketHolding {
    /// Asset.
    pub asset: String,
    /// Owned or owed.
    pub side: Side,
    /// Smallest units, idle and lent together, debts rounded up: as the vault's query `account`
    /// answers them.
    pub amount: Amount,
}

impl Basket {
    /// The margin parameters in force.
    pub(crate) const fn margin_parameters(&self) -> MarginParameters {
        MarginParameters {
            gross_factor: self.config.gross_factor_in_force,
            ..self.config.parameters.margin
        }
    }

    /// The holdings in the order of their markets, which is the order of the vault.
    ///
    /// # Errors
    /// [`EngineError`]: an asset twice, without a market or without a price.
    pub(crate) fn valued(&self) -> EngineResult<Vec<Valued>> {
        let mut valued: Vec<Valued> = Vec::with_capacity(self.holdings.len());
        for BasketHolding {
            asset,
            side,
            amount,
        } in &self.holdings
        {
            let holding = self.value(asset, *side, *amount)?;
            if valued.iter().any(|other| other.market == holding.market) {
                return Err(EngineError::DuplicateHolding {
                    asset: asset.clone(),
                });
            }
            valued.push(holding);
        }
        valued.sort_by_key(|holding| holding.market);
        Ok(valued)
    }

    /// One holding as the formulas take it, whether it is among the basket's or not.
    ///
    /// # Errors
    /// [`EngineError`]: no market, no price, an amount beyond bounds.
    pub(crate) fn value(&self, asset: &str, side: Side, amount: Amount) -> EngineResult<Valued> {
        let amount = amount.checked()?;
        let market = self.market(asset)?;
        let record = *self.price(asset)?;
        let family = &market.family;
        let terms = MarketTerms {
            decimals: market.decimals,
            factors: FamilyFactors {
                group: self.group(&family.group)?,
                family: self.market(&family.base)?.market,
                group_correlation: family.group_correlation,
                family_correlation: family.family_correlation,
            },
            haircut: family.haircut_rule,
            risk: market.risk,
        };
        let volatility = self.price(&family.base)?.volatility;
        let moment = Moment {
            now: self.now,
            unpriced_grace: self.config.unpriced_grace,
        };
        Ok(Valued {
            market: market.market,
            holding: terms.holding(side, amount, &record, &volatility, moment)?,
            record,
        })
    }

    /// The asset of a market's number.
    ///
    /// # Errors
    /// [`EngineError::UnknownMarket`].
    pub(crate) fn asset(&self, number: u16) -> EngineResult<String> {
        let mut markets = self.markets.iter();
        markets
            .find(|market| market.market == number)
            .map(|market| market.asset.clone())
            .ok_or_else(|| EngineError::UnknownMarket {
                asset: number.to_string(),
            })
    }

    /// What is held or owed of an asset, if anything.
    pub(crate) fn holding(&self, asset: &str) -> Option<&BasketHolding> {
        self.holdings.iter().find(|holding| holding.asset == asset)
    }

    /// Whether anything is owed.
    pub(crate) fn has_debts(&self) -> bool {
        let mut holdings = self.holdings.iter();
        holdings.any(|holding| holding.side == Side::Debt)
    }

    fn market(&self, asset: &str) -> EngineResult<&MarketResponse> {
        let mut markets = self.markets.iter();
        markets
            .find(|market| market.asset == asset)
            .ok_or_else(|| EngineError::UnknownMarket {
                asset: asset.into(),
            })
    }

    fn price(&self, asset: &str) -> EngineResult<&PriceRecord> {
        let mut prices = self.prices.iter();
        prices
            .find(|price| price.asset == asset)
            .map(|price| &price.record)
            .filter(|record| !record.mid.is_zero())
            .ok_or_else(|| EngineError::NoPrice {
                asset: asset.into(),
            })
    }

    fn group(&self, name: &str) -> EngineResult<u8> {
        let position = self.config.groups.iter().position(|group| group == name);
        position
            .and_then(|position| u8::try_from(position).ok())
            .ok_or_else(|| EngineError::UnknownGroup { group: name.into() })
    }
}
