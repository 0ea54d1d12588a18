//! What happened, for the report: liquidations, bad debt, and who paid for it.

use std::collections::BTreeMap;

use bulwark_risk::account::Side;
use bulwark_risk::units::Amount;
use bulwark_types::events::{BadDebtAbsorbed, Liquidated};
use bulwark_types::vault::{AccountRef, MarginResponse};

use super::borrowers::Borrower;
use super::chain::Chain;
use super::story::Story;
use super::{SimulationError, numbers};
use crate::prices::PriceTable;
use crate::report::format;
use crate::report::{BadDebtRow, HaircutSeries, LiquidationKind, LiquidationPoint, StoryKind};

/// Rows to look back for what a deposit has lost.
const LOOK_BACK: usize = 24;

/// A liquidation that a keeper carried out.
pub struct Liquidation {
    /// What the vault reported.
    pub event: Liquidated,
    /// Name of the keeper.
    pub keeper: String,
    /// The account's margin ratio before, if a margin was required.
    pub ratio_before: Option<f64>,
    /// What the keeper gained by its wallets, at posted prices, USD.
    pub profit_usd: f64,
    /// Debts that were written off with it.
    pub bad_debt: Vec<BadDebtAbsorbed>,
}

/// How a holding cost its account the equity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// The price of a deposit fell.
    #[default]
    Fall,
    /// The price of a debt rose.
    Rise,
    /// A deposit has had no price for too long.
    Silence,
}

/// What cost an account its equity; without a symbol nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Culprit {
    symbol: String,
    cause: Cause,
}

impl Culprit {
    /// As a row of a table calls it.
    fn label(&self) -> String {
        let symbol = &self.symbol;
        match self.cause {
            _ if symbol.is_empty() => format::NO_FIGURE.to_owned(),
            Cause::Fall => symbol.clone(),
            Cause::Rise => format!("{symbol} (owed, rose)"),
            Cause::Silence => format!("{symbol} (no price)"),
        }
    }

    /// As a sentence calls it.
    fn event(&self) -> String {
        let symbol = &self.symbol;
        match self.cause {
            _ if symbol.is_empty() => "an unknown loss".to_owned(),
            Cause::Fall => format!("the fall of {symbol}"),
            Cause::Rise => format!("the rise of {symbol}, which it owed"),
            Cause::Silence => format!("the feed of {symbol} fell silent"),
        }
    }
}

/// Bad debt of one market.
#[derive(Clone, Debug, Default)]
struct Loss {
    written_off: f64,
    from_reserve: f64,
    from_suppliers: f64,
    /// What a supplier of one token from before the first loss has left of it.
    kept: f64,
    /// By what cost the accounts their equity, and by row.
    causes: BTreeMap<Culprit, BTreeMap<usize, f64>>,
}

impl Loss {
    /// What caused most of it, and the row in which most of that was written off.
    fn worst(&self) -> (Culprit, usize) {
        let sum = |by_row: &BTreeMap<usize, f64>| by_row.values().sum::<f64>();
        self.causes
            .iter()
            .max_by(|a, b| sum(a.1).total_cmp(&sum(b.1)))
            .map(|(culprit, by_row)| {
                let row = by_row.iter().max_by(|a, b| a.1.total_cmp(b.1));
                (culprit.clone(), row.map_or(0, |(row, _)| *row))
            })
            .unwrap_or_default()
    }
}

/// Sums over the run.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Liquidations by kind.
    pub partial: u64,
    /// Liquidations in distress without bad debt.
    pub distressed: u64,
    /// Liquidations that left bad debt.
    pub with_bad_debt: u64,
    /// Accounts that were written off without a liquidation.
    pub write_offs: u64,
    /// Accounts that came below their initial margin, each time counted.
    pub margin_calls: u64,
    /// Debt repaid by keepers, USD.
    pub liquidated_usd: f64,
    /// What keepers got beyond it, USD.
    pub bonus_usd: f64,
    /// The reserve's part of the bonuses, USD.
    pub fees_usd: f64,
    /// Debt written off, USD.
    pub bad_debt_usd: f64,
    /// The reserves' part of it, USD.
    pub reserve_paid_usd: f64,
    /// The suppliers' part of it, USD.
    pub suppliers_loss_usd: f64,
    /// What each keeper gained by its wallets, USD.
    pub keepers: BTreeMap<String, f64>,
}

/// Takes notes in the course of a run.
pub struct Recorder {
    /// The path that is played.
    table: PriceTable,
    /// The row that is being played.
    pub row: usize,
    /// Sums.
    pub totals: Totals,
    /// Every liquidation.
    pub liquidations: Vec<LiquidationPoint>,
    /// The story.
    pub story: Story,
    names: BTreeMap<String, String>,
    losses: BTreeMap<String, Loss>,
    /// What an account's holdings had lost at most when it was seen under water.
    fallen: BTreeMap<AccountRef, BTreeMap<Culprit, f64>>,
    /// Liquidations and USD of the current step.
    step: (u64, f64, f64),
}

impl Recorder {
    /// Nothing has happened yet.
    pub fn new(table: &PriceTable, borrowers: &[Borrower]) -> Self {
        let name = |borrower: &Borrower| (borrower.account.owner.clone(), borrower.name.clone());
        Self {
            table: table.clone(),
            row: 0,
            totals: Totals::default(),
            liquidations: Vec::new(),
            story: Story::default(),
            names: borrowers.iter().map(name).collect(),
            losses: BTreeMap::new(),
            fallen: BTreeMap::new(),
            step: (0, 0.0, 0.0),
        }
    }

    /// The current row's time.
    pub fn now(&self) -> u64 {
        self.table
            .timestamps
            .get(self.row)
            .copied()
            .unwrap_or_default()
    }

    /// The owner's name.
    pub fn name(&self, owner: &str) -> String {
        self.names
            .get(owner)
            .cloned()
            .unwrap_or_else(|| owner.to_owned())
    }

    /// Adds an event of the current row to the story.
    pub fn tell(&mut self, kind: StoryKind, weight: f64, text: String) {
        self.story.add(self.now(), kind, weight, text);
    }

    /// Notes what the holdings of an account under water have cost it lately.
    pub fn saw_under_water(&mut self, chain: &Chain, margin: &MarginResponse) {
        let from = self.row.saturating_sub(LOOK_BACK);
        let fallen = self.fallen.entry(margin.account.clone()).or_default();
        for holding in &margin.holdings {
            let Some(market) = chain.market_of(&holding.asset) else {
                continue;
            };
            let symbol = &market.asset.symbol;
            let lately = (from..=self.row).filter_map(|row| self.table.price(symbol, row));
            let tokens = numbers::tokens(holding.amount, market.asset.decimals);
            // The vault's own value, negative for a debt; a deposit without a price decays.
            let value = numbers::usd(holding.value);
            let (cause, before) = match holding.side {
                Side::Deposit if market.priced => (Cause::Fall, lately.fold(0.0, f64::max)),
                Side::Deposit => (Cause::Silence, lately.fold(market.price, f64::max)),
                Side::Debt => (Cause::Rise, -lately.fold(market.price, f64::min)),
            };
            let culprit = Culprit {
                symbol: symbol.clone(),
                cause,
            };
            let most = fallen.entry(culprit).or_default();
            *most = most.max(tokens * before - value);
        }
    }

    /// Notes a liquidation.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn liquidated(
        &mut self,
        chain: &Chain,
        liquidation: &Liquidation,
    ) -> Result<(), SimulationError> {
        let event = &liquidation.event;
        let kind = match (liquidation.bad_debt.is_empty(), event.distressed) {
            (false, _) => LiquidationKind::BadDebt,
            (true, true) => LiquidationKind::Distressed,
            (true, false) => LiquidationKind::Partial,
        };
        let value_usd = numbers::usd(event.repaid_value);
        let whole_bonus = numbers::usd(event.bonus_value);
        let fee_part = event.protocol_fee.0 as f64 / (event.seized.0.max(1)) as f64;
        let fee_usd = fee_part * (value_usd + whole_bonus);
        let bonus_usd = whole_bonus - fee_usd;
        let (repaid, seized) = (
            chain.symbol(&event.debt_asset),
            chain.symbol(&event.deposit_asset),
        );
        self.liquidations.push(LiquidationPoint {
            timestamp: self.now(),
            kind,
            repaid: repaid.clone(),
            seized: seized.clone(),
            value_usd,
            bonus_usd,
            ratio_before: liquidation.ratio_before,
        });
        let totals = &mut self.totals;
        match kind {
            LiquidationKind::Partial => totals.partial += 1,
            LiquidationKind::Distressed => totals.distressed += 1,
            LiquidationKind::BadDebt => totals.with_bad_debt += 1,
        }
        totals.liquidated_usd += value_usd;
        totals.bonus_usd += bonus_usd;
        totals.fees_usd += fee_usd;
        *totals
            .keepers
            .entry(liquidation.keeper.clone())
            .or_default() += liquidation.profit_usd;
        self.step.0 += 1;
        self.step.1 += value_usd;
        self.step.2 += bonus_usd;
        let amount = |denom: &str, amount: Amount| {
            let market = chain.market_of(denom);
            let decimals = market.map_or(0, |market| market.asset.decimals);
            format::significant(numbers::tokens(amount, decimals), 4)
        };
        let ratio = liquidation
            .ratio_before
            .filter(|ratio| *ratio >= 0.0)
            .map_or_else(|| "below 0".to_owned(), |ratio| format::decimal(ratio, 3));
        let after = match event.ratio_after.parse::<f64>() {
            Ok(ratio) if ratio < 0.0 => "it is insolvent now".to_owned(),
            Ok(ratio) => format!("it is {} now", format::decimal(ratio, 3)),
            Err(_) => "no margin is required any more".to_owned(),
        };
        let text = format!(
            "{} repays {} {repaid} for {} and seizes {} {seized}: bonus {}{}; its margin ratio was \
             {ratio}, {after}.",
            liquidation.keeper,
            amount(&event.debt_asset, event.repaid),
            self.name(&event.owner),
            amount(&event.deposit_asset, event.seized),
            format::usd(bonus_usd),
            if event.distressed {
                " (distressed)"
            } else {
                ""
            },
        );
        self.tell(StoryKind::Liquidation, value_usd, text);
        self.lost(chain, &liquidation.bad_debt)
    }

    /// Notes an account that was written off with dust for deposits.
    ///
    /// # Errors
    /// What the vault answers.
    pub fn written_off(
        &mut self,
        chain: &Chain,
        events: &[BadDebtAbsorbed],
    ) -> Result<(), SimulationError> {
        self.totals.write_offs += 1;
        self.lost(chain, events)
    }

    fn lost(&mut self, chain: &Chain, events: &[BadDebtAbsorbed]) -> Result<(), SimulationError> {
        for event in events {
            let market = chain.market(&event.asset)?;
            let symbol = chain.symbol(&event.asset);
            let value = |amount| chain.value(&event.asset, amount);
            let written_off = value(event.written_off);
            let (from_reserve, from_suppliers) =
                (value(event.from_reserve), value(event.from_suppliers));
            // The suppliers' part of the pool just before: what they have now and what they lost.
            let left = market.supplied.0.saturating_sub(market.reserve.0) as f64;
            let taken = event.from_suppliers.0 as f64;
            let kept = if taken > 0.0 {
                left / (left + taken)
            } else {
                1.0
            };
            let account = AccountRef {
                owner: event.owner.clone(),
                id: event.id,
            };
            let culprit = self.culprit(&account);
            let loss = self.losses.entry(symbol.clone()).or_insert_with(|| Loss {
                kept: 1.0,
                ..Loss::default()
            });
            loss.written_off += written_off;
            loss.from_reserve += from_reserve;
            loss.from_suppliers += from_suppliers;
            loss.kept *= kept;
            let by_row = loss.causes.entry(culprit.clone()).or_default();
            *by_row.entry(self.row).or_default() += written_off;
            self.totals.bad_debt_usd += written_off;
            self.totals.reserve_paid_usd += from_reserve;
            self.totals.suppliers_loss_usd += from_suppliers;
            let text = format!(
                "{} has nothing left and still owes {} of {symbol}, mostly after {}: the reserve \
                 pays {}, suppliers lose {}.",
                self.name(&event.owner),
                format::usd(written_off),
                culprit.event(),
                format::usd(from_reserve),
                format::usd(from_suppliers),
            );
            self.tell(StoryKind::BadDebt, written_off, text);
        }
        Ok(())
    }

    /// The deposit that lost the account the most.
    fn culprit(&self, account: &AccountRef) -> Culprit {
        self.fallen
            .get(account)
            .and_then(|fallen| fallen.iter().max_by(|a, b| a.1.total_cmp(b.1)))
            .map(|(culprit, _)| culprit.clone())
            .unwrap_or_default()
    }

    /// Closes the step's books and sums its liquidations up where there were several.
    pub fn end_of_step(&mut self) {
        let (count, value, bonus) = std::mem::take(&mut self.step);
        if count >= 5 {
            let text = format!(
                "{} liquidations in this step: keepers repay {} and earn {}.",
                format::count(count),
                format::usd(value),
                format::usd(bonus),
            );
            self.tell(StoryKind::Liquidation, value, text);
        }
    }

    /// Bad debt by what had lost its value, USD, largest first.
    pub fn bad_debt_by_collateral(&self) -> Vec<(String, f64)> {
        let mut sums: BTreeMap<String, f64> = BTreeMap::new();
        for (culprit, by_row) in self.losses.values().flat_map(|loss| &loss.causes) {
            *sums.entry(culprit.label()).or_default() += by_row.values().sum::<f64>();
        }
        let mut sums: Vec<(String, f64)> = sums.into_iter().collect();
        sums.sort_by(|a, b| b.1.total_cmp(&a.1));
        sums
    }

    /// One row for every market with bad debt, largest first. `family` names the family of a
    /// symbol.
    pub fn bad_debt_rows(
        &self,
        haircuts: &[HaircutSeries],
        family: impl Fn(&str) -> String,
    ) -> Vec<BadDebtRow> {
        let rows = self.losses.iter().map(|(symbol, loss)| {
            let (culprit, row) = loss.worst();
            let fall = self
                .largest_fall(&culprit.symbol, row)
                .filter(|_| culprit.cause == Cause::Fall);
            let family = family(&culprit.symbol);
            let haircut_before = fall.and_then(|(row, _)| {
                let series = haircuts.iter().find(|series| series.family == family)?;
                let known = series.in_force.get(..row)?;
                known.iter().rev().flatten().next().copied()
            });
            BadDebtRow {
                symbol: symbol.clone(),
                written_off_usd: loss.written_off,
                reserve_usd: loss.from_reserve,
                suppliers_usd: loss.from_suppliers,
                share_of_pool: 1.0 - loss.kept,
                collateral: culprit.label(),
                haircut_before,
                largest_fall: fall.map(|(_, fall)| fall),
            }
        });
        let mut rows: Vec<BadDebtRow> = rows.collect();
        rows.sort_by(|a, b| b.written_off_usd.total_cmp(&a.written_off_usd));
        rows
    }

    /// The row after the largest fall of a symbol in its last figures up to `row`, and what it
    /// lost there.
    fn largest_fall(&self, symbol: &str, row: usize) -> Option<(usize, f64)> {
        let known: Vec<(usize, f64)> = (0..=row)
            .filter_map(|row| Some((row, self.table.price(symbol, row)?)))
            .collect();
        let (_, figures) = known.split_at(known.len().saturating_sub(LOOK_BACK + 1));
        figures
            .iter()
            .zip(figures.iter().skip(1))
            .map(|(before, after)| (after.0, 1.0 - after.1 / before.1))
            .filter(|(_, fall)| *fall > 0.0)
            .max_by(|a, b| a.1.total_cmp(&b.1))
    }
}
