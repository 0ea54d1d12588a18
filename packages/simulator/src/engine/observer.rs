//! What is measured after the prices of each step, and the events that only an observer sees:
//! a price move runs no code of the vault.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_risk::account::Status;
use bulwark_risk::units::Amount;
use bulwark_types::oracle;
use bulwark_types::vault::{AccountRef, AtRisk, MarketResponse};

use super::chain::Chain;
use super::recorder::Recorder;
use super::{SimulationError, numbers};
use crate::prices::{AssetSpec, Column, PriceTable};
use crate::report::format;
use crate::report::{Books, HaircutSeries, MarketSeries, RATIO_BINS, Series, StoryKind, ratio_bin};

/// Moves within a step that are told: of volatile assets within hours, of volatile assets
/// within a day or more, and of stablecoins.
const HOURLY_MOVE: f64 = 0.07;
const DAILY_MOVE: f64 = 0.18;
const STABLE_MOVE: f64 = 0.02;

/// Steps longer than this count as days, seconds.
const HALF_A_DAY: u64 = 43_200;

/// Fills the report's series.
pub struct Observer {
    assets: Vec<AssetSpec>,
    series: Series,
    called: BTreeSet<AccountRef>,
    /// Symbols whose silence was told.
    silent: BTreeSet<String>,
}

impl Observer {
    /// An observer of these assets.
    pub fn new(assets: &[AssetSpec]) -> Self {
        let market = |asset: &AssetSpec| MarketSeries {
            symbol: asset.symbol.clone(),
            ..MarketSeries::default()
        };
        let family = |asset: &AssetSpec| HaircutSeries {
            family: asset.symbol.clone(),
            ..HaircutSeries::default()
        };
        let series = Series {
            markets: assets.iter().map(market).collect(),
            haircuts: assets
                .iter()
                .filter(|asset| asset.is_base())
                .map(family)
                .collect(),
            ..Series::default()
        };
        Self {
            assets: assets.to_vec(),
            series,
            called: BTreeSet::new(),
            silent: BTreeSet::new(),
        }
    }

    /// The series so far.
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// Tells which prices moved far, and which feeds fell silent, with the current row.
    pub fn watch_prices(&mut self, chain: &Chain, table: &PriceTable, recorder: &mut Recorder) {
        let row = recorder.row;
        let span = table.timestamps.get(row).zip(
            row.checked_sub(1)
                .and_then(|before| table.timestamps.get(before)),
        );
        let daily = span.is_some_and(|(now, before)| now - before > HALF_A_DAY);
        let mut moves: Vec<(f64, String)> = Vec::new();
        for market in &chain.markets {
            let symbol = &market.asset.symbol;
            let before = row
                .checked_sub(1)
                .and_then(|before| table.price(symbol, before));
            if let (Some(before), Some(now)) = (before, table.price(symbol, row)) {
                let moved = now / before - 1.0;
                let enough = match (market.asset.stable, daily) {
                    (true, _) => STABLE_MOVE,
                    (false, true) => DAILY_MOVE,
                    (false, false) => HOURLY_MOVE,
                };
                if moved.abs() >= enough {
                    let verb = if moved < 0.0 { "falls" } else { "rises" };
                    let percent = format::percent(moved.abs(), 1);
                    moves.push((
                        moved.abs(),
                        format!(
                            "{symbol} {verb} by {percent} to {}",
                            format::price(Some(now))
                        ),
                    ));
                }
            }
            self.watch_feed(symbol, table, recorder);
        }
        moves.sort_by(|a, b| b.0.total_cmp(&a.0));
        let weight: f64 = moves.iter().map(|(moved, _)| moved).sum();
        let told: Vec<String> = moves.into_iter().take(4).map(|(_, text)| text).collect();
        if !told.is_empty() {
            recorder.tell(StoryKind::Price, weight, format!("{}.", told.join(", ")));
        }
    }

    /// Tells once that a feed is silent, and once more that it ends.
    fn watch_feed(&mut self, symbol: &str, table: &PriceTable, recorder: &mut Recorder) {
        let row = recorder.row;
        if table.price(symbol, row).is_some() {
            return;
        }
        let last = table.column(symbol).and_then(Column::last);
        if last.is_some_and(|(last, _)| last + 1 == row) {
            let text = format!(
                "The feed of {symbol} ends: its deposits keep their last value for a grace period, \
                 then decay to nothing."
            );
            recorder.tell(StoryKind::Note, 5.0, text);
        } else if self.silent.insert(symbol.to_owned()) {
            let text = format!(
                "The feed of {symbol} is silent for the first time: until it is back, nothing can \
                 be opened with it, and it is neither seized nor repaid by keepers."
            );
            recorder.tell(StoryKind::Note, 1.0, text);
        }
    }

    /// Measures markets and accounts after the prices of a step, before the keepers act.
    ///
    /// # Errors
    /// What the contracts answer.
    pub fn measure(
        &mut self,
        chain: &Chain,
        at_risk: &[AtRisk],
        recorder: &mut Recorder,
    ) -> Result<(), SimulationError> {
        self.series.timestamps.push(recorder.now());
        let markets = chain.all_markets()?;
        let found: BTreeMap<&str, &MarketResponse> = markets
            .iter()
            .map(|market| (market.asset.as_str(), market))
            .collect();
        self.measure_markets(chain, &found);
        self.measure_haircuts(chain, &found)?;
        self.measure_books(chain, &markets, recorder);
        let mut bins = [0; RATIO_BINS.len()];
        for account in at_risk {
            // Without a ratio no margin is required; insolvent is below any.
            let ratio = match (account.status, account.margin_ratio) {
                (Status::Insolvent, _) => Some(0.0),
                (_, ratio) => ratio.map(numbers::usd),
            };
            if let Some(bin) = bins.get_mut(ratio_bin(ratio)) {
                *bin += 1;
            }
        }
        self.series.margin_ratios.push(bins);
        self.watch_calls(at_risk, recorder);
        Ok(())
    }

    fn measure_markets(&mut self, chain: &Chain, found: &BTreeMap<&str, &MarketResponse>) {
        for (asset, series) in self.assets.iter().zip(&mut self.series.markets) {
            let market = found.get(asset.denom.as_str());
            let priced = chain
                .market_of(&asset.denom)
                .filter(|listed| listed.priced)
                .map(|listed| listed.price);
            series.prices.push(priced);
            series
                .utilisation
                .push(market.map(|market| numbers::fraction(market.utilisation)));
            series
                .borrow_rate
                .push(market.map(|market| numbers::fraction(market.borrow_rate)));
        }
    }

    fn measure_haircuts(
        &mut self,
        chain: &Chain,
        found: &BTreeMap<&str, &MarketResponse>,
    ) -> Result<(), SimulationError> {
        let listed: Vec<String> = chain
            .markets
            .iter()
            .map(|market| market.asset.denom.clone())
            .collect();
        let records: Vec<oracle::PriceResponse> = chain
            .world
            .query_oracle(&oracle::QueryMsg::Prices { assets: listed })
            .map_err(SimulationError::refused("asking for prices"))?;
        let bases = self.assets.iter().filter(|asset| asset.is_base());
        for (asset, series) in bases.zip(&mut self.series.haircuts) {
            let market = found.get(asset.denom.as_str());
            let newest = records
                .iter()
                .find(|price| price.asset == asset.denom)
                .map(|price| price.record.volatility.target);
            let target = market
                .zip(newest)
                .and_then(|(market, newest)| market.family.haircut_rule.haircut(newest).ok());
            let in_force = market.and_then(|market| market.haircut);
            series.in_force.push(in_force.map(numbers::fraction));
            series.target.push(target.map(numbers::fraction));
        }
        Ok(())
    }

    /// The accounts' equity is what the vault owes to all but its reserves, less what it is owed.
    fn measure_books(&mut self, chain: &Chain, markets: &[MarketResponse], recorder: &Recorder) {
        let sum = |part: fn(&MarketResponse) -> Amount| -> f64 {
            markets
                .iter()
                .map(|market| chain.value(&market.asset, part(market)))
                .sum()
        };
        let deposits = sum(|market| market.idle) + sum(|market| market.supplied);
        let (debts, reserve) = (sum(|market| market.borrowed), sum(|market| market.reserve));
        let totals = &recorder.totals;
        let Books {
            equity_usd,
            debts_usd,
            reserve_usd,
            bad_debt_usd,
            suppliers_loss_usd,
        } = &mut self.series.books;
        equity_usd.push(Some(deposits - reserve - debts));
        debts_usd.push(Some(debts));
        reserve_usd.push(Some(reserve));
        bad_debt_usd.push(Some(totals.bad_debt_usd));
        suppliers_loss_usd.push(Some(totals.suppliers_loss_usd));
    }

    fn watch_calls(&mut self, at_risk: &[AtRisk], recorder: &mut Recorder) {
        let called: BTreeSet<AccountRef> = at_risk
            .iter()
            .filter(|account| account.status == Status::MarginCall)
            .map(|account| account.account.clone())
            .collect();
        let new: Vec<&AccountRef> = called.difference(&self.called).collect();
        if let Some(first) = new.first() {
            recorder.totals.margin_calls += new.len() as u64;
            let others = if new.len() == 1 {
                format!(
                    "Margin call for {}: below its initial margin, it can deposit and repay, but \
                     not open anything.",
                    recorder.name(&first.owner)
                )
            } else {
                format!(
                    "Margin calls for {} accounts, {} among them; {} are below their initial \
                     margin now.",
                    format::count(new.len() as u64),
                    recorder.name(&first.owner),
                    format::count(called.len() as u64),
                )
            };
            recorder.tell(StoryKind::MarginCall, new.len() as f64, others);
        }
        self.called = called;
    }
}
