//! `bulwark account`: what accounts hold and owe, and which are at risk.

mod output;

use std::collections::BTreeMap;
use std::io::{IsTerminal, stderr};

use bulwark_risk::units::Fraction;
use bulwark_types::vault::{
    AccountResponse, AccountsAtRiskResponse, AccountsResponse, AtRisk, MarginResponse, QueryMsg,
};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::access::out::{say, say_json};
use crate::access::{AccessArgs, Failure, Reached, runtime};

/// Accounts that the vault scans at once. More may be too much for a node, where each of them has
/// many holdings.
const SCANNED: u32 = 30;

/// Accounts that the vault lists at once.
const LISTED: u32 = 100;

/// What accounts hold and owe, and which are at risk.
#[derive(Args)]
pub struct AccountArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// One account: equity, margins, and each holding with its part of the margin.
    Show(ShowArgs),
    /// Accounts with what they hold and owe, in the order of their owners' addresses.
    List(ListArgs),
    /// Accounts with debts whose margin ratio is below a bound.
    AtRisk(AtRiskArgs),
}

#[derive(Args)]
struct ShowArgs {
    /// OWNER or OWNER/NUMBER: an address or the name of a key, and the account's number [default:
    /// 0].
    account: String,
    #[command(flatten)]
    access: AccessArgs,
    /// One line of JSON: the vault's own answers.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct ListArgs {
    /// Of this owner only: an address or the name of a key.
    #[arg(long)]
    owner: Option<String>,
    /// So many at most.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    access: AccessArgs,
    /// One line of JSON: the vault's own answers.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct AtRiskArgs {
    /// Margin ratio, equity over maintenance margin, below which accounts are listed; at 1 those
    /// that can be liquidated.
    #[arg(long, value_name = "RATIO", default_value = "1")]
    max_ratio: Fraction,
    #[command(flatten)]
    access: AccessArgs,
    /// One line of JSON: the vault's own answers.
    #[arg(long)]
    json: bool,
}

/// # Errors
/// [`Failure`].
pub fn run(args: &AccountArgs) -> Result<(), Failure> {
    match &args.command {
        Command::Show(args) => runtime()?.block_on(show(args)),
        Command::List(args) => runtime()?.block_on(list(args)),
        Command::AtRisk(args) => runtime()?.block_on(at_risk(args)),
    }
}

async fn show(args: &ShowArgs) -> Result<(), Failure> {
    let reached = args.access.reach().await?;
    let account = reached.account(&args.account)?;
    let query = QueryMsg::Account {
        account: account.clone(),
    };
    let holdings: AccountResponse = reached.vault.query(&query).await?;
    let margin: MarginResponse = reached.vault.query(&QueryMsg::Margin { account }).await?;
    if args.json {
        let answer = json!({ "account": holdings, "margin": margin });
        return say_json(&answer);
    }
    say(output::show(&holdings, &margin, &decimals(&reached).await?))
}

async fn list(args: &ListArgs) -> Result<(), Failure> {
    let reached = args.access.reach().await?;
    let owner = args.owner.as_deref();
    let owner = owner.map(|owner| reached.address(owner)).transpose()?;
    let most = args.limit.unwrap_or(usize::MAX);
    let mut accounts: Vec<AccountResponse> = Vec::new();
    let mut progress = Progress { shown: false };
    let mut start_after = None;
    loop {
        let query = QueryMsg::Accounts {
            owner: owner.clone(),
            start_after,
            limit: Some(LISTED),
        };
        let page: AccountsResponse = reached.vault.query(&query).await?;
        accounts.extend(page.accounts);
        match page.next {
            Some(next) if accounts.len() < most => start_after = Some(next),
            _ => break,
        }
        progress.tell(accounts.len());
    }
    drop(progress);
    accounts.truncate(most);
    if args.json {
        return say_json(&json!({ "accounts": accounts }));
    }
    say(output::list(&accounts, &decimals(&reached).await?))
}

async fn at_risk(args: &AtRiskArgs) -> Result<(), Failure> {
    let reached = args.access.reach().await?;
    let mut accounts: Vec<AtRisk> = Vec::new();
    let mut start_after = None;
    let mut scanned = 0_usize;
    let mut progress = Progress { shown: false };
    loop {
        let query = QueryMsg::AccountsAtRisk {
            max_ratio: Some(args.max_ratio),
            start_after,
            limit: Some(SCANNED),
        };
        let page: AccountsAtRiskResponse = reached.vault.query(&query).await?;
        accounts.extend(page.accounts);
        scanned = scanned.saturating_add(SCANNED as usize);
        match page.next {
            Some(next) => start_after = Some(next),
            None => break,
        }
        progress.tell(scanned);
    }
    drop(progress);
    if args.json {
        return say_json(&json!({ "accounts": accounts }));
    }
    // The worst first; none is required of those without a ratio, or they are insolvent.
    accounts.sort_by_key(|account| (account.margin_ratio.is_some(), account.margin_ratio));
    say(output::at_risk(&accounts, args.max_ratio))
}

/// Decimals of every listed asset.
async fn decimals(reached: &Reached) -> Result<BTreeMap<String, u8>, Failure> {
    let markets = reached.vault.markets().await?.into_iter();
    Ok(markets
        .map(|market| (market.asset, market.decimals))
        .collect())
}

/// Somebody who waits for a long list sees on stderr that it goes on.
struct Progress {
    shown: bool,
}

impl Progress {
    fn tell(&mut self, accounts: usize) {
        if stderr().is_terminal() {
            self.shown = true;
            eprint!("\r{accounts} accounts …");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            eprint!("\r\x1b[K");
        }
    }
}
