//! A run: the chain is built, accounts are opened, and the path is played row by row.

use std::collections::BTreeMap;
use std::time::Instant;

use bulwark_risk::account::Status;
use bulwark_risk::units::Amount;
use bulwark_testing::World;
use bulwark_types::vault::{MarketResponse, Solvency};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::audit::Audit;
use super::borrowers::{self, BRIM, Borrower, MEAN};
use super::chain::Chain;
use super::feeders::Feeders;
use super::keepers::Keepers;
use super::market_setup::{Listed, market_spec};
use super::observer::Observer;
use super::outcome::Outcome;
use super::recorder::Recorder;
use super::suppliers::Suppliers;
use super::{SimulationError, explain, numbers, owners};
use crate::prices::symbols::describe_all;
use crate::prices::{AssetSpec, PriceTable};
use crate::report::format;
use crate::report::{
    AccountExplained, BalanceRow, Headline, MarketRow, ReportData, RunMeta, StoryEvent, StoryKind,
    Verdict,
};

/// The most accounts that are simulated.
pub const MAX_ACCOUNTS: usize = 100_000;

/// The last invariant's number.
const LAST_INVARIANT: u8 = 20;

/// Seconds per block.
const BLOCK: u64 = 6;

/// Accounts that open in one block.
const OPENED_PER_BLOCK: usize = 10;

/// Seconds between the opening of the first account and the path's first row, besides those of
/// the blocks in which accounts open.
const LEAD: u64 = 600;

/// Suppliers look at the rates once in so many steps.
const RATE_STEPS: usize = 6;

/// The part of all deposit caps that borrowers' deposits fill at most.
const FILLED: f64 = 0.25;

/// What somebody sends to the vault by mistake, USD.
const MISTAKE: f64 = 25.0;

/// What to run.
#[derive(Clone, Debug)]
pub struct RunConfig {
    /// The price path. One without a stablecoin is given a `USD` posted at 1.
    pub table: PriceTable,
    /// Accounts of borrowers.
    pub accounts: usize,
    /// Where everything random comes from.
    pub seed: u64,
    /// The invariant to break half-way, to see that it is noticed; the run stops there.
    pub sabotage: Option<u8>,
    /// The report's title.
    pub title: String,
    /// Where the prices came from, in words.
    pub price_source: String,
    /// The command that repeats the run.
    pub command_line: String,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Accounts are being opened.
    Opening {
        /// Accounts opened.
        done: usize,
        /// Accounts in all.
        of: usize,
    },
    /// Rows are being played.
    Playing {
        /// Rows played.
        done: usize,
        /// Rows in all.
        of: usize,
        /// Liquidations so far.
        liquidations: usize,
    },
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// Everything for the report.
    pub report: ReportData,
    /// The summary.
    pub outcome: Outcome,
    /// The weightiest events, for a story that fits a screen.
    pub story: Vec<StoryEvent>,
    /// What each keeper gained by its wallets, USD.
    pub keepers: BTreeMap<String, f64>,
}

/// Plays a path. `progress` is called often; it decides what it shows.
///
/// # Errors
/// A configuration out of range, a price that the contracts cannot represent, or a contract that
/// refuses what has to work. Broken invariants are no errors: they stand in the outcome.
pub fn run(config: &RunConfig, progress: &mut dyn FnMut(Progress)) -> Result<Run, SimulationError> {
    let begun = Instant::now();
    let mut stage = Stage::set(config)?;
    stage.open(progress)?;
    stage.play(progress)?;
    stage.finish(begun)
}

/// Everybody and everything in a run.
struct Stage<'a> {
    config: &'a RunConfig,
    table: PriceTable,
    assets: Vec<AssetSpec>,
    chain: Chain,
    audit: Audit,
    feeders: Feeders,
    keepers: Keepers,
    suppliers: Suppliers,
    borrowers: Vec<Borrower>,
    observer: Observer,
    recorder: Recorder,
    account: Option<AccountExplained>,
    rng: ChaCha8Rng,
    /// The size of accounts relative to the usual one.
    scale: f64,
    played: usize,
}

impl<'a> Stage<'a> {
    fn set(config: &'a RunConfig) -> Result<Self, SimulationError> {
        check(config)?;
        let table = config.table.clone().with_stablecoin();
        let assets = describe_all(&table);
        let listed = first_listed(&table, &assets)?;
        let lead = LEAD + BLOCK * (config.accounts / OPENED_PER_BLOCK) as u64;
        let first_row = table.timestamps.first().copied().unwrap_or_default();
        let mut builder = World::builder().with_start_time(first_row.saturating_sub(lead));
        for market in &listed {
            builder = builder.with_market(market_spec(&market.asset, market.first_price)?);
        }
        let world = builder
            .build()
            .map_err(SimulationError::refused("building the chain"))?;
        let caps: f64 = listed.iter().map(|market| market.asset.liquidity_usd).sum();
        let scale = (FILLED * caps / (config.accounts as f64 * MEAN)).min(1.0);
        let mut chain = Chain::new(world, listed);
        let audit = Audit::new(&mut chain.world);
        let borrowers = borrowers::borrowers(&chain, config.accounts);
        Ok(Self {
            config,
            audit,
            feeders: Feeders::default(),
            keepers: Keepers::new(&chain)?,
            suppliers: Suppliers::new(&chain, config.accounts, scale),
            observer: Observer::new(&assets),
            recorder: Recorder::new(&table, &borrowers),
            account: None,
            rng: ChaCha8Rng::seed_from_u64(config.seed),
            scale,
            played: 0,
            borrowers,
            chain,
            table,
            assets,
        })
    }

    /// Suppliers fill the pools, borrowers open their positions; ten accounts a block.
    fn open(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(), SimulationError> {
        self.feeders.take(&mut self.chain, &self.table, 0)?;
        self.feeders.tick(&mut self.chain, BLOCK)?;
        for denom in denoms(&self.chain) {
            self.suppliers.fill(&mut self.chain, &denom)?;
        }
        let of = self.borrowers.len();
        for (number, borrower) in self.borrowers.iter_mut().enumerate() {
            if number % OPENED_PER_BLOCK == 0 {
                self.feeders.tick(&mut self.chain, BLOCK)?;
                self.audit.check(&mut self.chain.world, 0);
                progress(Progress::Opening { done: number, of });
            }
            borrower.open(&mut self.chain, &mut self.rng, self.scale)?;
        }
        self.audit.check(&mut self.chain.world, 0);
        self.account = explain::richest_account(&self.chain, &self.borrowers)?;
        let text = format!(
            "{} markets are listed, {} accounts open positions; {} of them take more than 90 % of \
             what they could borrow.",
            self.chain.markets.len(),
            format::count(of as u64),
            format::count(self.opened_to_the_brim()),
        );
        self.recorder.tell(StoryKind::Note, f64::INFINITY, text);
        let text = "Keepers act a minute after each row of prices, never lack tokens, and value \
                    what they seize at the posted price: bad debt is what even they cannot prevent."
            .to_owned();
        self.recorder.tell(StoryKind::Note, f64::INFINITY, text);
        Ok(())
    }

    fn opened_to_the_brim(&self) -> u64 {
        let to_the_brim = |borrower: &&Borrower| borrower.opened_at.is_some_and(|at| at > BRIM);
        self.borrowers.iter().filter(to_the_brim).count() as u64
    }

    fn play(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(), SimulationError> {
        let of = self.table.steps();
        for row in 0..of {
            self.recorder.row = row;
            self.step()?;
            self.played += 1;
            progress(Progress::Playing {
                done: row + 1,
                of,
                liquidations: self.recorder.liquidations.len(),
            });
            if let Some(invariant) = self.config.sabotage.filter(|_| row == of / 2) {
                return self.audit.sabotage(&mut self.chain.world, invariant, row);
            }
        }
        // The twentieth calls need not include the last one.
        self.audit.check_forks(&mut self.chain.world, of);
        Ok(())
    }

    fn step(&mut self) -> Result<(), SimulationError> {
        let row = self.recorder.row;
        self.feeders.post_row(&mut self.chain, &self.table, row)?;
        self.list_what_begins()?;
        self.observer
            .watch_prices(&self.chain, &self.table, &mut self.recorder);
        let at_risk = self.chain.all_at_risk()?;
        self.observer
            .measure(&self.chain, &at_risk, &mut self.recorder)?;
        self.keepers
            .act(&mut self.chain, &at_risk, &mut self.recorder)?;
        self.recorder.end_of_step();
        self.feeders.tick(&mut self.chain, BLOCK)?;
        owners::do_business(
            &mut self.chain,
            &mut self.rng,
            &mut self.borrowers,
            &at_risk,
            self.scale,
        )?;
        if row % RATE_STEPS == 0 {
            self.suppliers.follow_rates(&mut self.chain)?;
        }
        if row == self.table.steps() / 4 {
            self.make_a_mistake()?;
        }
        self.audit.check(&mut self.chain.world, row);
        Ok(())
    }

    /// Lists symbols that have their first price in this row, a family's base before its members.
    fn list_what_begins(&mut self) -> Result<(), SimulationError> {
        let row = self.recorder.row;
        let mut begun: Vec<AssetSpec> = self
            .assets
            .iter()
            .filter(|asset| {
                let known = self.chain.market_of(&asset.denom).is_some();
                let base_known = asset.is_base()
                    || self.assets.iter().any(|base| {
                        base.symbol == asset.family
                            && (self.chain.market_of(&base.denom).is_some()
                                || self.table.price(&base.symbol, row).is_some())
                    });
                !known && base_known
            })
            .cloned()
            .collect();
        begun.sort_by_key(|asset| !asset.is_base());
        for asset in begun {
            let Some(price) = self.table.price(&asset.symbol, row) else {
                continue;
            };
            self.chain.list(&asset, price)?;
            self.feeders.take(&mut self.chain, &self.table, row)?;
            self.suppliers.fill(&mut self.chain, &asset.denom)?;
            let text = format!(
                "{} is listed at {}.",
                asset.symbol,
                format::price(Some(price))
            );
            self.recorder.tell(StoryKind::Note, 2.0, text);
        }
        Ok(())
    }

    /// Somebody sends tokens to the vault without a message: nothing of the books may change,
    /// and the closing balance sheet has to show them.
    fn make_a_mistake(&mut self) -> Result<(), SimulationError> {
        let Some(market) = self.chain.markets.first().cloned() else {
            return Ok(());
        };
        let denom = market.asset.denom.clone();
        let amount = market.units_worth(MISTAKE).max(Amount(1));
        self.chain.provide("passer-by", &denom, amount)?;
        let vault = self.chain.world.vault().to_string();
        self.chain
            .world
            .send("passer-by", &vault, &denom, amount)
            .map_err(SimulationError::refused("a direct transfer to the vault"))?;
        let sent = self.chain.donated.entry(denom).or_default();
        *sent = Amount(sent.0 + amount.0);
        let text = format!(
            "Somebody sends {} {} to the vault without a message: no share price moves.",
            format::tokens(amount.0, market.asset.decimals),
            market.asset.symbol
        );
        self.recorder.tell(StoryKind::Note, 1.5, text);
        Ok(())
    }

    fn finish(mut self, begun: Instant) -> Result<Run, SimulationError> {
        let markets = self.chain.all_markets()?;
        let solvency = self.chain.solvency()?;
        let outcome = self.outcome(&markets, &solvency, begun)?;
        self.tell_the_end(&outcome);
        let report = self.report(&markets, &solvency, &outcome);
        Ok(Run {
            report,
            outcome,
            story: self.recorder.story.told(12),
            keepers: self.recorder.totals.keepers.clone(),
        })
    }

    fn tell_the_end(&mut self, outcome: &Outcome) {
        for (symbol, usd) in self.recorder.bad_debt_by_collateral() {
            let text = format!(
                "In all, {} of debt was left mostly because of {symbol}.",
                format::usd(usd)
            );
            self.recorder.tell(StoryKind::BadDebt, f64::INFINITY, text);
        }
        if outcome.open_shortfall_usd > 1.0 {
            let text = format!(
                "Insolvent accounts that nobody can close yet, because what they hold or owe has \
                 no price, miss {}.",
                format::usd(outcome.open_shortfall_usd)
            );
            self.recorder.tell(StoryKind::Note, f64::INFINITY, text);
        }
    }

    fn outcome(
        &self,
        markets: &[MarketResponse],
        solvency: &[Solvency],
        begun: Instant,
    ) -> Result<Outcome, SimulationError> {
        let totals = &self.recorder.totals;
        let reserve_usd = markets
            .iter()
            .map(|market| self.chain.value(&market.asset, market.reserve))
            .sum();
        let open_shortfall_usd = self
            .chain
            .all_at_risk()?
            .iter()
            .filter(|account| account.status == Status::Insolvent)
            .map(|account| numbers::usd(account.equity.negated()))
            .fold(0.0, |sum, missing| sum + missing);
        let solvent = solvency
            .iter()
            .all(|asset| asset.missing.is_zero() && asset.held >= asset.owed);
        let seconds = begun.elapsed().as_secs_f64();
        Ok(Outcome {
            steps: self.played as u64,
            accounts: self.borrowers.len() as u64,
            opened_above_90_percent: self.opened_to_the_brim(),
            markets: self.chain.markets.len() as u64,
            seed: self.config.seed,
            messages: self.chain.messages(),
            refused: self.chain.refusals().clone(),
            margin_calls: totals.margin_calls,
            liquidations: self.recorder.liquidations.len() as u64,
            partial_liquidations: totals.partial,
            distressed_liquidations: totals.distressed,
            bad_debt_liquidations: totals.with_bad_debt,
            write_offs: totals.write_offs,
            liquidated_usd: totals.liquidated_usd,
            bonus_paid_usd: totals.bonus_usd,
            keeper_profit_usd: totals.keepers.values().sum(),
            protocol_fees_usd: totals.fees_usd,
            bad_debt_usd: totals.bad_debt_usd,
            bad_debt_by_collateral: self.recorder.bad_debt_by_collateral().into_iter().collect(),
            reserve_paid_usd: totals.reserve_paid_usd,
            suppliers_loss_usd: totals.suppliers_loss_usd,
            reserve_usd,
            open_shortfall_usd,
            invariant_checks: self.audit.checks(),
            violations: self.audit.failed,
            broken_invariants: self.audit.broken.iter().copied().collect(),
            solvent,
            seconds,
            messages_per_second: self.chain.messages() as f64 / seconds.max(f64::MIN_POSITIVE),
        })
    }

    fn report(
        &self,
        markets: &[MarketResponse],
        solvency: &[Solvency],
        outcome: &Outcome,
    ) -> ReportData {
        let series = self.observer.series().clone();
        let family = |symbol: &str| {
            self.assets
                .iter()
                .find(|asset| asset.symbol == symbol)
                .map_or_else(|| symbol.to_owned(), |asset| asset.family.clone())
        };
        ReportData {
            meta: RunMeta {
                title: self.config.title.clone(),
                seed: self.config.seed,
                accounts: outcome.accounts,
                steps: outcome.steps,
                price_source: self.config.price_source.clone(),
                command_line: self.config.command_line.clone(),
            },
            verdict: Verdict {
                solvent: outcome.solvent,
                invariant_checks: outcome.invariant_checks,
                violations: outcome.violations,
                first_violations: self.audit.first.clone(),
            },
            headline: Headline {
                liquidations: outcome.liquidations,
                liquidated_usd: outcome.liquidated_usd,
                bonus_paid_usd: outcome.bonus_paid_usd,
                bad_debt_usd: outcome.bad_debt_usd,
                suppliers_loss_usd: outcome.suppliers_loss_usd,
                reserve_usd: outcome.reserve_usd,
                messages: outcome.messages,
                seconds: outcome.seconds,
            },
            markets: markets
                .iter()
                .filter_map(|market| self.market_row(market))
                .collect(),
            account: self.account.clone(),
            bad_debt: self.recorder.bad_debt_rows(&series.haircuts, family),
            series,
            liquidations: self.recorder.liquidations.clone(),
            story: self.recorder.story.of_report(),
            balance_sheet: solvency
                .iter()
                .filter_map(|asset| self.balance_row(asset, markets))
                .collect(),
        }
    }

    fn market_row(&self, market: &MarketResponse) -> Option<MarketRow> {
        let asset = &self.chain.market_of(&market.asset)?.asset;
        let column = self.table.column(&asset.symbol)?;
        let rule = market.family.haircut_rule;
        Some(MarketRow {
            asset: asset.denom.clone(),
            symbol: asset.symbol.clone(),
            group: market.family.group.clone(),
            family: asset.family.clone(),
            decimals: asset.decimals,
            floor: numbers::fraction(rule.floor),
            cap: numbers::fraction(rule.cap),
            z: numbers::fraction(rule.volatility_multiple),
            extra_haircut: numbers::fraction(market.risk.extra_haircut),
            deposit_cap: numbers::tokens(market.limits.deposit_cap, asset.decimals),
            borrow_cap: numbers::tokens(market.limits.borrow_cap, asset.decimals),
            initial_price: column.first().map(|(_, price)| price),
            final_price: column.last().map(|(_, price)| price),
            min_price: column.lowest(),
        })
    }

    fn balance_row(&self, books: &Solvency, markets: &[MarketResponse]) -> Option<BalanceRow> {
        let listed = self.chain.market_of(&books.asset)?;
        let market = markets.iter().find(|market| market.asset == books.asset)?;
        let sent = self.chain.donated.get(&books.asset);
        Some(BalanceRow {
            symbol: listed.asset.symbol.clone(),
            decimals: listed.asset.decimals,
            price_usd: Some(listed.price),
            held: books.held.0,
            idle: books.idle.0,
            supplied: books.supplied.0,
            borrowed: books.borrowed.0,
            reserve: market.reserve.0,
            sent: sent.map_or(0, |sent| sent.0),
        })
    }
}

fn check(config: &RunConfig) -> Result<(), SimulationError> {
    if !(1..=MAX_ACCOUNTS).contains(&config.accounts) {
        return Err(SimulationError::Accounts {
            accounts: config.accounts,
            most: MAX_ACCOUNTS,
        });
    }
    let rows = config.table.steps();
    if rows < 2 {
        return Err(SimulationError::TooShort { rows });
    }
    match config.sabotage {
        Some(invariant) if !(1..=LAST_INVARIANT).contains(&invariant) => {
            Err(SimulationError::NoSuchInvariant { invariant })
        }
        _ => Ok(()),
    }
}

/// The markets of the first row, a family's base before its members.
fn first_listed(table: &PriceTable, assets: &[AssetSpec]) -> Result<Vec<Listed>, SimulationError> {
    let priced = |symbol: &str| table.price(symbol, 0);
    let mut listed: Vec<Listed> = assets
        .iter()
        .filter(|asset| asset.is_base() || priced(&asset.family).is_some())
        .filter_map(|asset| Some(Listed::new(asset, priced(&asset.symbol)?)))
        .collect();
    listed.sort_by_key(|market| !market.asset.is_base());
    if listed.is_empty() {
        return Err(SimulationError::NoPrices);
    }
    Ok(listed)
}

fn denoms(chain: &Chain) -> Vec<String> {
    chain
        .markets
        .iter()
        .map(|market| market.asset.denom.clone())
        .collect()
}
