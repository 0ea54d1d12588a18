//! Accounts as people read them.

use std::collections::BTreeMap;

use bulwark_risk::account::Side;
use bulwark_risk::units::{Amount, Fraction};
use bulwark_types::vault::{AccountHolding, AccountResponse, AtRisk, MarginResponse};

use crate::access::format;
use crate::access::table::Table;

/// Decimals of every listed asset.
pub type Decimals = BTreeMap<String, u8>;

/// One account, holding by holding.
pub fn show(account: &AccountResponse, margin: &MarginResponse, decimals: &Decimals) -> String {
    let account_and_status = format!(
        "account {}: {}\n\n",
        format::account(&margin.account),
        format::status(margin.status)
    );
    if margin.holdings.is_empty() {
        return account_and_status + "It holds and owes nothing.\n";
    }
    let mut table = Table::new(&[
        "asset",
        "side",
        "amount",
        "lent",
        "price",
        "feed",
        "value",
        "haircut",
        "margin part",
    ]);
    for holding in &margin.holdings {
        let whole = |amount| tokens(amount, &holding.asset, decimals);
        let mut stored = account.holdings.iter();
        let stored = stored.find(|stored| stored.asset == holding.asset);
        table.row([
            format::asset(&holding.asset),
            format::side(holding.side).to_owned(),
            whole(holding.amount),
            stored.map_or_else(String::new, |stored| match stored.side {
                Side::Deposit => whole(stored.lent),
                Side::Debt => String::new(),
            }),
            format::price(holding.price),
            format::price_status(holding.price_status, holding.stale).to_owned(),
            format::usd(holding.value),
            format::percent(holding.haircut),
            format::usd(holding.contribution),
        ]);
    }
    let note = if margin.locked {
        "\nAn outside call is running: these figures are in motion.\n"
    } else {
        ""
    };
    format!("{account_and_status}{}\n{table}{note}", summary(margin))
}

/// Equity, margins and ratios, in USD.
pub fn summary(margin: &MarginResponse) -> Table {
    let mut table = Table::new(&["", "USD", "", "USD"]);
    let mut row = |cells: [&str; 2], values: [String; 2]| {
        let [one, two] = cells.map(str::to_owned);
        let [first, second] = values;
        table.row([one, first, two, second]);
    };
    row(
        ["equity", "at opening prices"],
        [format::usd(margin.equity), format::usd(margin.equity_open)],
    );
    row(
        ["maintenance margin", "initial margin"],
        [format::usd(margin.maintenance), format::usd(margin.initial)],
    );
    row(
        ["deposits", "debts"],
        [format::usd(margin.deposits), format::usd(margin.debts)],
    );
    row(
        ["margin ratio", "collateral ratio"],
        [
            format::ratio(margin.margin_ratio),
            format::ratio(margin.collateral_ratio),
        ],
    );
    table
}

/// A line for each account.
pub fn list(accounts: &[AccountResponse], decimals: &Decimals) -> String {
    let mut table = Table::new(&["account", "deposits", "debts"]);
    for account in accounts {
        let of = |side| {
            let holdings = account
                .holdings
                .iter()
                .filter(|holding| holding.side == side);
            let texts: Vec<String> = holdings
                .map(|holding| holding_text(holding, decimals))
                .collect();
            if texts.is_empty() {
                "–".to_owned()
            } else {
                texts.join(", ")
            }
        };
        table.row([
            format::account(&account.account),
            of(Side::Deposit),
            of(Side::Debt),
        ]);
    }
    if table.is_empty() {
        "There are no accounts.\n".to_owned()
    } else {
        let count = accounts.len();
        format!("{table}\n{count} accounts; amounts are whole tokens.\n")
    }
}

/// A line for each account at risk, the worst first.
pub fn at_risk(accounts: &[AtRisk], max_ratio: Fraction) -> String {
    let mut table = Table::new(&["account", "status", "margin ratio", "equity", "debts"]);
    for account in accounts {
        table.row([
            format::account(&account.account),
            format::status(account.status).to_owned(),
            format::ratio(account.margin_ratio),
            format::usd(account.equity),
            format::usd(account.debts),
        ]);
    }
    if table.is_empty() {
        format!("No account has a margin ratio below {max_ratio}.\n")
    } else {
        table.to_string()
    }
}

fn holding_text(holding: &AccountHolding, decimals: &Decimals) -> String {
    // Both are below 2^104.
    let amount = match holding.side {
        Side::Deposit => Amount(holding.idle.0.saturating_add(holding.lent.0)),
        Side::Debt => holding.debt,
    };
    let text = tokens(amount, &holding.asset, decimals);
    format!("{text} {}", format::asset(&holding.asset))
}

/// An amount in whole tokens; in smallest units if nobody knows the asset.
pub fn tokens(amount: Amount, asset: &str, decimals: &Decimals) -> String {
    let decimals = decimals.get(asset).copied().unwrap_or_default();
    format::tokens(amount, decimals)
}
