//! The records of markets, prices and parameters at one moment, and what accounts are worth
//! by them: computed here anew from raw records with the pure formulas of `bulwark-risk`.

use std::collections::BTreeMap;

use bulwark_risk::RiskResult;
use bulwark_risk::account::{Assessment, Holding, Quote, Side, Tradable, assess};
use bulwark_risk::config::MarginParameters;
use bulwark_risk::haircut::AssetRisk;
use bulwark_risk::margin::FamilyFactors;
use bulwark_risk::units::{Amount, Fraction, Price, Usd};
use bulwark_risk::wide::{ONE, mul_ceil, mul_div_ceil};
use bulwark_types::oracle::{Board, PriceRecord};
use bulwark_vault::state::{
    AccountRecord, Balance, Family, Market, MarketConfig, Position, Settings,
};

use super::layout::Layout;
use super::ledger::Ledger;
use crate::World;

/// Markets, prices and parameters at one moment.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Parameters and roles; none if the record is missing.
    pub settings: Option<Settings>,
    /// Totals of the markets, by number.
    pub markets: BTreeMap<u16, Market>,
    /// Configurations of the markets, by number.
    pub configs: BTreeMap<u16, MarketConfig>,
    /// The oracle's boards, by number.
    pub boards: BTreeMap<u16, Board>,
    /// What the vault holds, by asset, smallest units.
    pub purse: BTreeMap<String, u128>,
}

/// Everything of a market's risk that must not jump at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RiskInForce {
    haircut: Fraction,
    risk: AssetRisk,
    gross_factor: Fraction,
}

impl Book {
    /// The book of a world as it is now, with interest up to now; none if a record does not
    /// read.
    pub(crate) fn of(world: &World) -> Option<Self> {
        let (layout, snapshot) = (Layout::of(world), world.snapshot());
        let mut ledger = Ledger::default();
        for prefix in layout.book_prefixes() {
            ledger.take_all(&layout, &snapshot, &prefix).ok()?;
        }
        let mut book = ledger.book.accrued(world.now());
        for config in book.configs.values() {
            let held = layout.token_purse(&config.asset).and_then(|key| {
                let held = snapshot.get(&key)?;
                cosmwasm_std::from_json::<cosmwasm_std::Uint128>(held).ok()
            });
            if let Some(held) = held {
                book.purse.insert(config.asset.clone(), held.u128());
            }
        }
        Some(book)
    }

    /// The same with interest added up to `now`.
    #[must_use]
    pub fn accrued(&self, now: u64) -> Self {
        let mut book = self.clone();
        for market in book.markets.values_mut() {
            // Totals beyond the limits accrue nothing, in the contract as here.
            let _ = market.pool.accrue(now);
        }
        book
    }

    /// The number of an asset's market.
    #[must_use]
    pub fn market_of(&self, asset: &str) -> Option<u16> {
        let mut configs = self.configs.iter();
        configs
            .find(|(_, config)| config.asset == asset)
            .map(|(id, _)| *id)
    }

    /// The asset of a market.
    #[must_use]
    pub fn asset(&self, market: u16) -> &str {
        self.configs
            .get(&market)
            .map_or("an asset without a market", |config| &config.asset)
    }

    /// The price record of a market's asset.
    #[must_use]
    pub fn price(&self, market: u16) -> Option<&PriceRecord> {
        let slot = self.markets.get(&market)?.slot;
        let record = self.boards.get(&slot.board)?.record(slot.slot)?;
        (!record.mid.is_zero()).then_some(record)
    }

    /// Side and smallest units of a position; deposits round down, debts up.
    #[must_use]
    pub fn amount(&self, position: &Position) -> Option<(Side, Amount)> {
        let pool = &self.markets.get(&position.market)?.pool;
        match position.balance {
            Balance::Deposit { idle, lent } => {
                let lent = pool.supply_floor(lent).ok()?;
                Some((Side::Deposit, idle.plus(lent).ok()?))
            }
            Balance::Debt(shares) => Some((Side::Debt, pool.debt_ceil(shares).ok()?)),
        }
    }

    /// What a number of smallest units is worth at the mid price, rounded down.
    #[must_use]
    pub fn value(&self, market: u16, amount: Amount) -> Option<Usd> {
        let decimals = self.markets.get(&market)?.decimals;
        let mid = self.price(market)?.mid;
        mid.value_floor(amount, decimals).ok()
    }

    /// Smallest units worth about so many USD at the mid price, at least one.
    #[must_use]
    pub fn worth(&self, market: u16, usd: u32) -> Option<Amount> {
        let decimals = self.markets.get(&market)?.decimals;
        let amount = self
            .price(market)?
            .mid
            .amount_ceil(Usd::whole(usd), decimals);
        amount.ok()?.max(Amount(1)).checked().ok()
    }

    /// Evaluates an account; none if it owes nothing, or where a price is missing or a value is
    /// beyond what the vault bears. The book has to be accrued to `now`.
    #[must_use]
    pub fn assess_owing(&self, account: &AccountRecord, now: u64) -> Option<Assessment> {
        let owes = |position: &Position| matches!(position.balance, Balance::Debt(_));
        account.holdings.iter().any(owes).then_some(())?;
        self.assess(account, now)
    }

    /// As [`Self::assess_owing`], with or without debts.
    #[must_use]
    pub fn assess(&self, account: &AccountRecord, now: u64) -> Option<Assessment> {
        let holdings = self.holdings(account, now)?;
        assess(&holdings, &self.margin_parameters(now)?).ok()
    }

    /// The holdings of an account as the formulas take them.
    #[must_use]
    pub fn holdings(&self, account: &AccountRecord, now: u64) -> Option<Vec<Holding>> {
        let positions = account.holdings.iter();
        positions
            .map(|position| self.holding(position, now))
            .collect()
    }

    fn holding(&self, position: &Position, now: u64) -> Option<Holding> {
        let id = position.market;
        let market = self.markets.get(&id)?;
        let family = self.family(id)?;
        let (side, amount) = self.amount(position)?;
        let (haircut, newest_haircut) = self.haircuts(id, now)?;
        let cap = family.haircut.at(now).ok()?.cap;
        Some(Holding {
            side,
            amount,
            decimals: market.decimals,
            quote: self.quote(self.price(id)?, side, cap, now)?,
            factors: FamilyFactors {
                group: family.group,
                family: market.base,
                group_correlation: family.group_correlation,
                family_correlation: family.family_correlation,
            },
            haircut,
            newest_haircut,
            risk: market.risk.at(now).ok()?,
        })
    }

    fn family(&self, market: u16) -> Option<&Family> {
        let base = self.markets.get(&market)?.base;
        self.markets.get(&base)?.family.as_ref()
    }

    /// The family's haircut in force, and at the larger of the newest volatility and that in
    /// force.
    fn haircuts(&self, market: u16, now: u64) -> Option<(Fraction, Fraction)> {
        let rule = self.family(market)?.haircut.at(now).ok()?;
        let volatility = self.price(self.markets.get(&market)?.base)?.volatility;
        let in_force = volatility.at(now).ok()?;
        let newest = in_force.max(volatility.target);
        Some((rule.haircut(in_force).ok()?, rule.haircut(newest).ok()?))
    }

    pub(crate) fn margin_parameters(&self, now: u64) -> Option<MarginParameters> {
        let settings = self.settings.as_ref()?;
        Some(MarginParameters {
            initial_factor: settings.parameters.margin.initial_factor,
            gross_factor: settings.gross_factor.at(now).ok()?,
        })
    }

    /// Unpriced assets: the last good price counts; a deposit's decays over
    /// the second span of the grace.
    fn quote(&self, record: &PriceRecord, side: Side, cap: Fraction, now: u64) -> Option<Quote> {
        let whole = Quote {
            mid: record.mid,
            low: record.low,
            high: record.high,
            tradable: Tradable::Yes,
        };
        if record.is_priced(now) {
            return Some(whole);
        }
        let grace = self.settings.as_ref()?.unpriced_grace;
        let late = now.saturating_sub(record.expires_at.saturating_add(grace));
        if side == Side::Debt || late == 0 {
            return Some(Quote {
                tradable: Tradable::No,
                ..whole
            });
        }
        let lost = if late >= grace {
            ONE
        } else {
            mul_div_ceil(late.into(), ONE, grace.into()).ok()?
        };
        let kept = Fraction(ONE - lost);
        let decayed = |price: Price| price.scaled_floor(kept).ok();
        let discount = Fraction::ONE.minus(cap).ok()?;
        Some(Quote {
            mid: decayed(record.mid)?,
            low: decayed(record.low)?,
            high: record.high,
            tradable: Tradable::InDistress { discount },
        })
    }

    /// Smallest units that may still leave a pool by its outflow limit; everything where there is
    /// none.
    #[must_use]
    pub fn outflow_room(&self, market: u16, now: u64) -> Option<Amount> {
        let window = self.settings.as_ref()?.parameters.outflow_window;
        let share = self.configs.get(&market)?.limits.outflow_share;
        let market = self.markets.get(&market)?;
        if share >= Fraction::ONE {
            return Some(Amount(u128::MAX));
        }
        let limit = outflow_limit(market.pool.supplied, share)?;
        let gone = market.outflow.at(now, window).total();
        Some(Amount(limit.0.saturating_sub(gone.0)))
    }

    /// What decides margins besides prices; none without a price.
    pub(crate) fn risk_in_force(&self, market: u16, now: u64) -> Option<RiskInForce> {
        let risk: RiskResult<AssetRisk> = self.markets.get(&market)?.risk.at(now);
        Some(RiskInForce {
            haircut: self.haircuts(market, now)?.0,
            risk: risk.ok()?,
            gross_factor: self.margin_parameters(now)?.gross_factor,
        })
    }
}

/// What may leave a pool with so much supplied within the window, rounded up as in the vault.
pub(crate) fn outflow_limit(supplied: Amount, share: Fraction) -> Option<Amount> {
    mul_ceil(supplied.0, share.0).ok().map(Amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invariants::layout::stored_key;

    /// The auditor's own valuation and the contract's answer are two ways to the same numbers,
    /// while a price is fresh, when it is stale and while it decays.
    #[test]
    fn accounts_are_worth_what_the_contract_says() {
        let mut world = World::standard().unwrap();
        world.deposit_lent("bob", "USDC", 100_000).unwrap();
        world.deposit("alice", "ATOM", 1_000).unwrap();
        world.deposit("alice", "BTC", "0.1").unwrap();
        world.borrow("alice", "USDC", 9_000).unwrap();
        for wait in [0, 3600, 80 * 3600, 30 * 3600] {
            world.advance(wait);
            let storage = world.app().contract_storage(world.vault());
            let alice = world.account_ref("alice");
            let stored = stored_key(&alice).unwrap();
            let record = bulwark_vault::state::ACCOUNTS
                .load(storage.as_ref(), stored.key())
                .unwrap();
            let book = Book::of(&world).unwrap();
            let own = book.assess_owing(&record, world.now()).unwrap();
            let told = world.margin("alice").unwrap();
            assert_eq!(own.equity, told.equity, "after {wait}");
            assert_eq!(own.equity_open, told.equity_open);
            assert_eq!(own.maintenance, told.maintenance);
            assert_eq!(own.initial, told.initial);
        }
    }
}
