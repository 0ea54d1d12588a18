use bulwark_risk::RiskError;
use bulwark_risk::account::Side;
use bulwark_risk::units::{Amount, DebtShares, Fraction, SupplyShares, Usd};
use bulwark_types::valuation::margin_figures;
use bulwark_types::vault::{
    AccountHolding, AccountResponse, AccountsAtRiskResponse, AccountsResponse, AtRisk,
    MarginResponse,
};
use cosmwasm_std::{Addr, Deps};

use crate::books::{AccountKey, Books, StoredKey, shown_ratio};
use crate::error::{ContractError, ContractResult};
use crate::state::{ACCOUNTS, AccountRecord, Balance};

pub fn account(books: &mut Books<'_>, key: &AccountKey) -> ContractResult<AccountResponse> {
    let mut holdings = Vec::new();
    for position in books.account(key)?.holdings.clone() {
        let asset = books.asset(position.market)?;
        let pool = books.market(position.market)?.pool;
        holdings.push(match position.balance {
            Balance::Deposit { idle, lent } => AccountHolding {
                asset,
                side: Side::Deposit,
                idle,
                lent: pool.supply_floor(lent)?,
                lent_shares: lent,
                debt: Amount::ZERO,
                debt_shares: DebtShares::ZERO,
            },
            Balance::Debt(shares) => AccountHolding {
                asset,
                side: Side::Debt,
                idle: Amount::ZERO,
                lent: Amount::ZERO,
                lent_shares: SupplyShares::ZERO,
                debt: pool.debt_ceil(shares)?,
                debt_shares: shares,
            },
        });
    }
    Ok(AccountResponse {
        account: key.into(),
        holdings,
        locked: books.is_locked()?,
    })
}

pub fn accounts(
    deps: Deps<'_>,
    books: &mut Books<'_>,
    owner: Option<Addr>,
    start_after: Option<AccountKey>,
    limit: usize,
) -> ContractResult<AccountsResponse> {
    let scanned = match &owner {
        None => page(deps, start_after, limit)?,
        Some(owner) => owned_page(deps, owner, start_after, limit)?,
    };
    let next = scanned
        .last()
        .map(|(key, _)| key.into())
        .filter(|_| scanned.len() == limit);
    let mut accounts = Vec::with_capacity(scanned.len());
    for (key, record) in scanned {
        books.insert_account(key.clone(), record);
        accounts.push(account(books, &key)?);
    }
    Ok(AccountsResponse { accounts, next })
}

pub fn margin(books: &mut Books<'_>, key: &AccountKey) -> ContractResult<MarginResponse> {
    let valued = books.holdings(key)?;
    let (parameters, now) = (books.margin_parameters()?, books.now);
    let figures = margin_figures(&valued, &parameters, now, |market| books.asset(market))?;
    Ok(figures.of(key.into(), books.is_locked()?))
}

pub fn at_risk(
    deps: Deps<'_>,
    books: &mut Books<'_>,
    max_ratio: Option<Fraction>,
    start_after: Option<AccountKey>,
    limit: usize,
) -> ContractResult<AccountsAtRiskResponse> {
    let bound = Usd(i128::try_from(max_ratio.unwrap_or(Fraction::ONE).0).unwrap_or(i128::MAX));
    let scanned = page(deps, start_after, limit)?;
    let next = scanned
        .last()
        .map(|(key, _)| key.into())
        .filter(|_| scanned.len() == limit);
    let mut accounts = Vec::new();
    for (key, record) in scanned {
        if !record.has_debts() {
            continue;
        }
        books.insert_account(key.clone(), record);
        // One account that cannot be valued must not hide the others from keepers.
        let assessment = match books.assess(&key) {
            Err(error) if is_unvaluable(&error) => continue,
            other => other?,
        };
        let margin_ratio = shown_ratio(&assessment);
        if assessment.is_liquidatable() || margin_ratio.is_some_and(|ratio| ratio < bound) {
            accounts.push(AtRisk {
                account: (&key).into(),
                status: assessment.status(),
                margin_ratio,
                equity: assessment.equity,
                debts: assessment.debts,
            });
        }
    }
    Ok(AccountsAtRiskResponse { accounts, next })
}

/// Whether an error tells that an account cannot be valued, and nothing else.
const fn is_unvaluable(error: &ContractError) -> bool {
    matches!(
        error,
        ContractError::NoPrice { .. } | ContractError::Risk(RiskError::ValueTooLarge { .. })
    )
}

type Scanned = Vec<(AccountKey, AccountRecord)>;

fn page(deps: Deps<'_>, start_after: Option<AccountKey>, limit: usize) -> ContractResult<Scanned> {
    let after = start_after.map(|key| key.stored(deps.api)).transpose()?;
    let page = ACCOUNTS.page(deps.storage, after.as_ref().map(StoredKey::key), limit)?;
    page.into_iter()
        .map(|(stored, record)| Ok((AccountKey::of_stored(deps.api, stored)?, record)))
        .collect()
}

/// One owner's accounts: their keys stand together.
fn owned_page(
    deps: Deps<'_>,
    owner: &Addr,
    start_after: Option<AccountKey>,
    limit: usize,
) -> ContractResult<Scanned> {
    let after = start_after.map(|key| key.id);
    let mut found = Vec::new();
    let first = AccountKey {
        owner: owner.clone(),
        id: after.unwrap_or(0),
    };
    if after.is_none() {
        let stored = first.stored(deps.api)?;
        if let Some(record) = ACCOUNTS.may_load(deps.storage, stored.key())? {
            found.push((first.clone(), record));
        }
    }
    let rest = page(deps, Some(first), limit.saturating_sub(found.len()))?;
    found.extend(rest.into_iter().take_while(|(key, _)| key.owner == *owner));
    Ok(found)
}
