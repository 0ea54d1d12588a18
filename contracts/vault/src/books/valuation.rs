//! What an account is worth: holdings with their prices and haircuts, margin, and whether an
//! action may stand.

use bulwark_risk::account::{Assessment, Side, assess};
use bulwark_risk::config::MarginParameters;
use bulwark_risk::margin::FamilyFactors;
use bulwark_risk::units::Amount;
use bulwark_types::oracle::{Oracle, PriceRecord, Slot};
use bulwark_types::valuation::{MarketTerms, Moment, Valued, bare};
use bulwark_types::vault::OracleMode;

use super::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};
use crate::state::{AccountRecord, Balance, Family};

impl Books<'_> {
    /// The margin parameters in force.
    ///
    /// # Errors
    /// None in practice.
    pub fn margin_parameters(&self) -> ContractResult<MarginParameters> {
        Ok(MarginParameters {
            gross_factor: self.settings.gross_factor.at(self.now)?,
            ..self.settings.parameters.margin
        })
    }

    /// An account's holdings in the order of their markets.
    ///
    /// # Errors
    /// [`ContractError::NoPrice`].
    pub fn holdings(&mut self, key: &AccountKey) -> ContractResult<Vec<Valued>> {
        let record = self.account(key)?.clone();
        self.holdings_of(&record)
    }

    /// The holdings of an account's record, whether it stands in the books or did before.
    fn holdings_of(&mut self, record: &AccountRecord) -> ContractResult<Vec<Valued>> {
        let mut holdings = Vec::with_capacity(record.holdings.len());
        for position in &record.holdings {
            let pool = self.market(position.market)?.pool;
            let (side, amount) = match position.balance {
                Balance::Deposit { idle, lent } => {
                    (Side::Deposit, idle.plus(pool.supply_floor(lent)?)?)
                }
                Balance::Debt(shares) => (Side::Debt, pool.debt_ceil(shares)?),
            };
            holdings.push(self.valued(position.market, side, amount)?);
        }
        Ok(holdings)
    }

    /// A holding of any amount in a market, as the formulas take it.
    ///
    /// # Errors
    /// [`ContractError::NoPrice`].
    pub fn valued(&mut self, id: u16, side: Side, amount: Amount) -> ContractResult<Valued> {
        let moment = self.moment();
        let record = self.price(id)?;
        let market = self.market(id)?;
        let (decimals, base) = (market.decimals, market.base);
        let risk = market.risk.at(moment.now)?;
        let family = self.family(id)?;
        let terms = MarketTerms {
            decimals,
            factors: FamilyFactors {
                group: family.group,
                family: base,
                group_correlation: family.group_correlation,
                family_correlation: family.family_correlation,
            },
            haircut: family.haircut.at(moment.now)?,
            risk,
        };
        let volatility = self.price(base)?.volatility;
        let holding = terms.holding(side, amount, &record, &volatility, moment)?;
        Ok(Valued {
            market: id,
            holding,
            record,
        })
    }

    const fn moment(&self) -> Moment {
        Moment {
            now: self.now,
            unpriced_grace: self.settings.unpriced_grace,
        }
    }

    /// What a market's family has in common, read from its base asset's market.
    ///
    /// # Errors
    /// If a record does not load.
    pub fn family(&mut self, id: u16) -> ContractResult<Family> {
        let base = self.market(id)?.base;
        let family = self.market(base)?.family.clone();
        family.ok_or_else(|| ContractError::unknown_market(base))
    }

    /// Evaluates an account.
    ///
    /// # Errors
    /// [`ContractError::NoPrice`], [`bulwark_risk::RiskError::ValueTooLarge`].
    pub fn assess(&mut self, key: &AccountKey) -> ContractResult<Assessment> {
        let record = self.account(key)?.clone();
        self.assess_record(&record)
    }

    /// Evaluates an account as it was or might be, at the prices of now.
    ///
    /// # Errors
    /// As [`Self::assess`].
    pub fn assess_record(&mut self, record: &AccountRecord) -> ContractResult<Assessment> {
        let holdings = bare(&self.holdings_of(record)?);
        Ok(assess(&holdings, &self.margin_parameters()?)?)
    }

    /// An account as it is before an action that its margin may forbid; none without debts,
    /// for then no price is needed.
    ///
    /// # Errors
    /// As [`Self::assess`].
    pub fn assess_if_owing(&mut self, key: &AccountKey) -> ContractResult<Option<Assessment>> {
        if !self.account(key)?.has_debts() {
            return Ok(None);
        }
        self.assess(key).map(Some)
    }

    /// Refuses the state that an action led to, unless the account owes nothing, meets its
    /// initial margin, or rescues itself; every price has to be good for opening.
    ///
    /// # Errors
    /// [`ContractError::PriceNotOpenable`], [`ContractError::BelowInitialMargin`].
    pub fn assert_margin(
        &mut self,
        key: &AccountKey,
        before: Option<&Assessment>,
    ) -> ContractResult<()> {
        if !self.account(key)?.has_debts() {
            return Ok(());
        }
        let holdings = self.holdings(key)?;
        self.assert_openable(&holdings)?;
        let after = assess(&bare(&holdings), &self.margin_parameters()?)?;
        let stands = match before {
            Some(before) => after.may_follow(before)?,
            None => after.meets_initial(),
        };
        if stands {
            return Ok(());
        }
        Err(Box::new(ContractError::BelowInitialMargin {
            equity_open: after.equity_open,
            initial: after.initial,
        }))
    }

    /// Refuses prices that nothing can be opened at.
    ///
    /// # Errors
    /// [`ContractError::PriceNotOpenable`].
    pub fn assert_openable(&mut self, holdings: &[Valued]) -> ContractResult<()> {
        let now = self.now;
        match holdings
            .iter()
            .find(|valued| !valued.record.is_openable(now))
        {
            None => Ok(()),
            Some(valued) => Err(Box::new(ContractError::PriceNotOpenable {
                asset: self.asset(valued.market)?,
                status: valued.record.status,
                stale: now > valued.record.expires_at,
            })),
        }
    }

    /// Whether a deposit only rescues an account below its initial margin: at prices good for
    /// opening, and leaving no more room above that margin than dust. More would be a way around
    /// caps and pauses, for anyone can fall below initial margin by a little interest.
    pub(super) fn is_rescued_by(
        &mut self,
        key: &AccountKey,
        id: u16,
        amount: Amount,
    ) -> ContractResult<bool> {
        match self.assess_if_owing(key)? {
            Some(before) if !before.meets_initial() => {}
            _ => return Ok(false),
        }
        let held = self.deposit_of(key, id)?.total()?;
        let added = self.valued(id, Side::Deposit, held.plus(amount)?)?;
        if !added.record.is_openable(self.now) {
            return Ok(false);
        }
        // What it owes of the same asset is repaid before anything is deposited.
        let mut holdings = self.holdings(key)?;
        holdings.retain(|valued| valued.market != id);
        holdings.push(added);
        let after = assess(&bare(&holdings), &self.margin_parameters()?)?;
        let room = after.equity_open.minus(after.initial)?;
        Ok(room <= self.settings.parameters.liquidation.dust_value)
    }

    /// The price record of a market's asset.
    ///
    /// # Errors
    /// [`ContractError::NoPrice`].
    pub fn price(&mut self, id: u16) -> ContractResult<PriceRecord> {
        if let Some(record) = self.prices.get(&id) {
            return Ok(*record);
        }
        let record = match self.settings.oracle_mode {
            OracleMode::Raw => {
                let slot = self.slot(id)?;
                self.recorded(slot)?
            }
            OracleMode::Smart => self.smart_price(id)?,
        };
        match record {
            Some(record) if !record.mid.is_zero() => {
                self.prices.insert(id, record);
                Ok(record)
            }
            _ => Err(Box::new(ContractError::NoPrice {
                asset: self.asset(id)?,
            })),
        }
    }

    /// Where a market's record stands; looked up anew if the oracle has been replaced since.
    fn slot(&mut self, id: u16) -> ContractResult<Slot> {
        let generation = self.settings.oracle_generation;
        let market = self.market(id)?;
        if market.slot_generation == generation {
            return Ok(market.slot);
        }
        let asset = self.asset(id)?;
        let oracle = Oracle {
            address: &self.settings.oracle,
        };
        let no_price = |_| ContractError::NoPrice {
            asset: asset.clone(),
        };
        let slot = oracle
            .placement(self.deps.querier, &asset)
            .map_err(no_price)?
            .slot;
        // Kept for good as soon as the market is written for another reason.
        let market = &mut self.open_market(id)?.market;
        market.slot = slot;
        market.slot_generation = generation;
        Ok(slot)
    }

    /// A record out of the boards, each of which is read once.
    fn recorded(&mut self, slot: Slot) -> ContractResult<Option<PriceRecord>> {
        if !self.boards.contains_key(&slot.board) {
            let oracle = Oracle {
                address: &self.settings.oracle,
            };
            let board = oracle.board(self.deps.querier, slot.board)?;
            self.boards.insert(slot.board, board.unwrap_or_default());
        }
        let board = self.boards.get(&slot.board);
        Ok(board.and_then(|board| board.record(slot.slot).copied()))
    }

    fn smart_price(&mut self, id: u16) -> ContractResult<Option<PriceRecord>> {
        let asset = self.asset(id)?;
        let oracle = Oracle {
            address: &self.settings.oracle,
        };
        let no_price = |_| ContractError::NoPrice {
            asset: asset.clone(),
        };
        let prices = oracle
            .prices(self.deps.querier, vec![asset.clone()])
            .map_err(no_price)?;
        Ok(prices.first().map(|price| price.record))
    }
}
