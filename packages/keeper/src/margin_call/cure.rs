//! Accounts between maintenance and initial margin, and what would cure them.

use bulwark_risk::RiskError;
use bulwark_risk::account::{Holding, Side, Status, assess};
use bulwark_risk::config::MarginParameters;
use bulwark_risk::search::{EXACT, largest_floor};
use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Usd};
use bulwark_types::vault::{AccountRef, AssetAmount};
use bulwark_vault::ContractResult;
use bulwark_vault::books::{AccountKey, Books, shown_ratio};
use serde::{Deserialize, Serialize};

use crate::book::{AccountId, Book, BookResult, Moment};

/// An account below its initial margin.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct MarginCall {
    /// The account.
    pub account: AccountRef,
    /// Equity, USD.
    pub equity: Usd,
    /// Maintenance margin, USD: below it the account is liquidatable.
    pub maintenance: Usd,
    /// Equity over maintenance margin; none where no margin is required.
    pub margin_ratio: Option<Usd>,
    /// Equity at opening prices, USD.
    pub equity_open: Usd,
    /// Initial margin, USD: equity at opening prices has to reach it.
    pub initial: Usd,
    /// Ways to reach it, each by itself.
    pub cures: Vec<Cure>,
}

/// One way to reach the initial margin, at the prices of the moment and with what the account holds.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Cure {
    /// To deposit at least this much more of an asset that the account holds.
    Deposit(AssetAmount),
    /// To repay at least this much of a debt.
    Repay(AssetAmount),
}

/// The margin calls among some accounts; those that meet their initial margin, that are
/// liquidatable, or that cannot be valued are left out.
///
/// # Errors
/// If the vault's settings do not load, or a record does not unpack.
pub fn margin_calls(book: &Book, moment: Moment, ids: &[AccountId]) -> BookResult<Vec<MarginCall>> {
    let native = book.at(moment);
    let mut books = native.books()?;
    let mut calls = Vec::new();
    for id in ids {
        let (Some(key), Some(record)) = (book.account(*id), book.record(*id)?) else {
            continue;
        };
        let Ok(assessment) = books.assess_record(&record) else {
            continue;
        };
        if assessment.status() != Status::MarginCall {
            continue;
        }
        books.insert_account(key.clone(), record);
        calls.push(MarginCall {
            account: (&key).into(),
            equity: assessment.equity,
            maintenance: assessment.maintenance,
            margin_ratio: shown_ratio(&assessment),
            equity_open: assessment.equity_open,
            initial: assessment.initial,
            cures: cures(&mut books, &key)?,
        });
    }
    Ok(calls)
}

/// What would lift an account to its initial margin, whether it is liquidatable or not: nothing for
/// one that meets it.
///
/// # Errors
/// If the vault's settings do not load, or an asset has no price.
pub fn cures_of(book: &Book, moment: Moment, key: &AccountKey) -> BookResult<Vec<Cure>> {
    let native = book.at(moment);
    let mut books = native.books()?;
    if books.assess(key)?.meets_initial() {
        return Ok(Vec::new());
    }
    Ok(cures(&mut books, key)?)
}

fn cures(books: &mut Books<'_>, key: &AccountKey) -> ContractResult<Vec<Cure>> {
    let parameters = books.margin_parameters()?;
    let valued = books.holdings(key)?;
    let markets: Vec<u16> = valued.iter().map(|valued| valued.market).collect();
    let holdings: Vec<Holding> = valued.into_iter().map(|valued| valued.holding).collect();
    let mut cures = Vec::new();
    for (at, market) in markets.iter().enumerate() {
        let holding = &holdings[at];
        let Some(amount) = least(&holdings, at, &parameters)? else {
            continue;
        };
        let asset = books.asset(*market)?;
        let amount = AssetAmount { asset, amount };
        cures.push(match holding.side {
            Side::Deposit => Cure::Deposit(amount),
            Side::Debt => Cure::Repay(amount),
        });
    }
    Ok(cures)
}

/// The smallest amount that, added to a deposit or taken off a debt, reaches initial margin; none if
/// none does. More never makes it worse: the vault's configuration sees to that.
fn least(
    holdings: &[Holding],
    at: usize,
    parameters: &MarginParameters,
) -> ContractResult<Option<Amount>> {
    let Holding { side, amount, .. } = holdings[at];
    let most = match side {
        Side::Deposit => AMOUNT_LIMIT.saturating_sub(1).saturating_sub(amount.0),
        Side::Debt => amount.0,
    };
    let mut is_short = |moved: u128| -> ContractResult<bool> {
        let mut after = holdings.to_vec();
        after[at].amount = Amount(match side {
            Side::Deposit => amount.0.saturating_add(moved),
            // What is left of a debt rounds up: it can end one unit above.
            Side::Debt if moved < amount.0 => amount.0.saturating_sub(moved).saturating_add(1),
            Side::Debt => 0,
        });
        match assess(&after, parameters) {
            Ok(assessment) => Ok(!assessment.meets_initial()),
            // More than an account can be worth is more than enough.
            Err(error) if matches!(*error, RiskError::ValueTooLarge { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    };
    if is_short(most)? {
        return Ok(None);
    }
    let short = largest_floor(0, most, EXACT, &mut is_short)?;
    Ok(Some(Amount(short.saturating_add(1))))
}
