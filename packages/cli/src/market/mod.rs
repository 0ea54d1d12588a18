//! `bulwark market`: what is listed, and how its pools do.

use std::collections::BTreeMap;

use bulwark_types::oracle::{self, PriceResponse};
use bulwark_types::vault::{MarketResponse, PauseResponse, QueryMsg};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::access::format;
use crate::access::out::{say, say_json};
use crate::access::table::Table;
use crate::access::{AccessArgs, Failure, Reached, runtime};

/// Prices that the oracle tells at once.
const PRICES: usize = 50;

/// What is listed, and how its pools do.
#[derive(Args)]
pub struct MarketArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// All markets: price, pool, rates, haircut.
    List(ListArgs),
    /// One market with all that is known of it.
    Show(ShowArgs),
}

#[derive(Args)]
struct ListArgs {
    #[command(flatten)]
    access: AccessArgs,
    /// One line of JSON: the vault's and the oracle's own answers.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct ShowArgs {
    /// A bank denom, or `cw20:<address>`.
    asset: String,
    #[command(flatten)]
    access: AccessArgs,
    /// One line of JSON: the vault's and the oracle's own answers.
    #[arg(long)]
    json: bool,
}

/// # Errors
/// [`Failure`].
pub fn run(args: &MarketArgs) -> Result<(), Failure> {
    match &args.command {
        Command::List(args) => runtime()?.block_on(list(args)),
        Command::Show(args) => runtime()?.block_on(show(args)),
    }
}

async fn list(args: &ListArgs) -> Result<(), Failure> {
    let reached = args.access.reach().await?;
    let markets = reached.vault.markets().await?;
    let prices = prices(&reached, &markets).await?;
    if args.json {
        let prices: Vec<_> = prices.into_values().collect();
        let answer = json!({ "markets": markets, "prices": prices });
        return say_json(&answer);
    }
    let mut table = Table::new(&[
        "asset", "price", "feed", "supplied", "borrowed", "idle", "used", "borrow", "supply",
        "haircut",
    ]);
    for market in &markets {
        let price = prices.get(&market.asset);
        let dash = || "–".to_owned();
        let tokens = |amount| format::tokens(amount, market.decimals);
        table.row([
            market.asset.clone(),
            price.map_or_else(dash, |price| format::price(price.record.mid)),
            price.map_or_else(dash, |price| {
                format::price_status(price.record.status, price.stale).to_owned()
            }),
            tokens(market.supplied),
            tokens(market.borrowed),
            tokens(market.idle),
            format::percent(market.utilisation),
            format::percent(market.borrow_rate),
            format::percent(market.supply_rate),
            market.haircut.map_or_else(dash, format::percent),
        ]);
    }
    let note = "Prices are USD per whole token, amounts whole tokens, rates per year.";
    say(format_args!("{table}\n{note}\n"))
}

async fn show(args: &ShowArgs) -> Result<(), Failure> {
    let reached = args.access.reach().await?;
    let asset = args.asset.clone();
    let market: MarketResponse = reached.vault.query(&QueryMsg::Market { asset }).await?;
    let prices = prices(&reached, std::slice::from_ref(&market)).await?;
    let price = prices.get(&market.asset);
    if args.json {
        let answer = json!({ "market": market, "price": price });
        return say_json(&answer);
    }
    say(described(&market, price))
}

fn described(market: &MarketResponse, price: Option<&PriceResponse>) -> Table {
    let mut table = Table::new(&[&market.asset, ""]);
    let mut line = |name: &str, value: String| table.row([name.to_owned(), value]);
    let tokens = |amount| format::tokens(amount, market.decimals);
    let yes = |yes| if yes { "yes" } else { "no" }.to_owned();
    line("decimals", market.decimals.to_string());
    line("family", market.family.base.clone());
    line("group", market.family.group.clone());
    if let Some(price) = price {
        let record = &price.record;
        line("price, USD", format::price(record.mid));
        line("opening price of deposits", format::price(record.low));
        line("opening price of debts", format::price(record.high));
        let status = format::price_status(record.status, price.stale);
        line("feed", status.to_owned());
        line(
            "volatility per √day",
            format::percent(price.volatility_in_force),
        );
    }
    if let Some(haircut) = market.haircut {
        line("haircut of the family", format::percent(haircut));
    }
    line("extra haircut", format::percent(market.risk.extra_haircut));
    line("liquidity", tokens(market.risk.liquidity));
    line("idle deposits", tokens(market.idle));
    line("supplied", tokens(market.supplied));
    line("borrowed", tokens(market.borrowed));
    line("cash", tokens(market.cash));
    line("reserve", tokens(market.reserve));
    line("utilisation", format::percent(market.utilisation));
    line("borrow rate, a year", format::percent(market.borrow_rate));
    line("supply rate, a year", format::percent(market.supply_rate));
    line("deposit cap", tokens(market.limits.deposit_cap));
    line("borrow cap", tokens(market.limits.borrow_cap));
    line(
        "borrows stop at",
        format::percent(market.limits.max_utilisation),
    );
    line(
        "one account owes at most",
        format::percent(market.limits.counterparty_share),
    );
    line("outflow", tokens(market.outflow));
    line(
        "outflow limit",
        market
            .outflow_limit
            .map_or_else(|| "none".to_owned(), tokens),
    );
    line("deposits", yes(market.deposit_enabled));
    line("borrowing", yes(market.borrow_enabled));
    for PauseResponse { action, until } in &market.pauses {
        line("paused", format!("{action:?} until {until}"));
    }
    if market.wiped_out {
        line("suppliers", "wiped out: no new deposits".to_owned());
    }
    table
}

/// What the oracle says of these markets' assets, by asset.
async fn prices(
    reached: &Reached,
    markets: &[MarketResponse],
) -> Result<BTreeMap<String, PriceResponse>, Failure> {
    let mut prices = BTreeMap::new();
    for markets in markets.chunks(PRICES) {
        let assets = markets.iter().map(|market| market.asset.clone()).collect();
        let query = oracle::QueryMsg::Prices { assets };
        let answers: Vec<PriceResponse> = reached.oracle.query(&query).await?;
        prices.extend(
            answers
                .into_iter()
                .map(|price| (price.asset.clone(), price)),
        );
    }
    Ok(prices)
}
