//! Owners and their operators: deposits, debts, transfers.

use bulwark_risk::units::Amount;
use bulwark_types::vault::{AccountRef, ExecuteMsg};

use super::Row;
use crate::act::Act;
use crate::author::Author;
use crate::sight::Sight;
use crate::stage::THIN;

pub const ROWS: &[Row] = &[
    (85, 8, deposit),
    (10, 2, deposit_for_another),
    (55, 4, withdraw),
    (32, 3, lend),
    (40, 4, recall),
    (110, 5, borrow),
    (95, 8, repay),
    (50, 3, transfer),
    (12, 3, operate),
    (11, 3, accrue),
    (15, 2, donate),
];

/// A deposit of a market in an account, as coin or as token.
pub fn deposit_of(
    sender: String,
    account: Option<AccountRef>,
    asset: &str,
    amount: Amount,
    lend: Option<bool>,
) -> Option<Act> {
    let message = ExecuteMsg::Deposit { account, lend };
    Author::paying(sender, asset, amount, message)
}

fn deposit(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.account();
    let market = addable(author, sight, &account)?;
    let usd = if author.dice.chance(10) {
        author.dice.usd(5.0, 45.0)
    } else {
        author.dice.usd(100.0, 60_000.0)
    };
    let amount = sight.worth(market, usd)?;
    let lend = [None, Some(false), Some(true), Some(true)];
    let lend = *author.dice.pick(&lend)?;
    let sender = author.actor(sight, &account);
    let named =
        (sender != account.owner || account.id != 0 || author.dice.chance(50)).then_some(account);
    deposit_of(sender, named, sight.book.asset(market), amount, lend)
}

/// Whether an account has as many assets as it may.
pub fn is_full(sight: &Sight<'_>, account: &AccountRef) -> bool {
    let settings = sight.book.settings.as_ref();
    let most = settings.map_or(0, |settings| settings.parameters.max_holdings);
    sight.record(account).holdings.len() >= usize::from(most)
}

/// A market that an account can add to.
pub fn addable(author: &mut Author, sight: &Sight<'_>, account: &AccountRef) -> Option<u16> {
    if !is_full(sight, account) {
        return author.market(sight);
    }
    let record = sight.record(account);
    author.dice.pick(&record.holdings).map(|held| held.market)
}

/// Anyone adds to what an account holds or owes already.
fn deposit_for_another(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let record = sight.record(&account);
    let position = author.dice.pick(&record.holdings)?;
    let usd = author.dice.usd(1.0, 500.0);
    let amount = sight.worth(position.market, usd)?;
    let sender = author.cast.stranger.clone();
    let asset = sight.book.asset(position.market);
    deposit_of(sender, Some(account), asset, amount, None)
}

/// What an account can take out of a market: limited by its margin if it owes anything.
pub fn takeable(
    author: &mut Author,
    sight: &Sight<'_>,
    account: &AccountRef,
    market: u16,
    held: Amount,
) -> Option<Amount> {
    if sight.debts(account).is_empty() || author.dice.chance(5) {
        return Some(author.dice.part(held));
    }
    let free = sight.surplus(account)?;
    if free <= 1.0 {
        return None;
    }
    let free = sight.worth(market, free * author.dice.real(0.1, 0.9))?;
    Some(author.dice.part(held.min(free)))
}

fn withdraw(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let (market, idle, lent) = *author.dice.pick(&sight.deposits(&account))?;
    let amount = takeable(author, sight, &account, market, Amount(idle.0 + lent.0))?;
    let all = author.dice.chance(10);
    let sender = author.actor(sight, &account);
    let to = author.dice.chance(20).then(|| author.cast.stranger.clone());
    let message = ExecuteMsg::Withdraw {
        account: Some(account),
        asset: sight.book.asset(market).into(),
        amount: (!all).then_some(amount),
        to,
    };
    Some(Author::plain(sender, message))
}

fn lend(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let (market, idle, _) = *author.dice.pick(&sight.deposits(&account))?;
    let amount = author.dice.chance(70).then(|| author.dice.part(idle));
    let sender = author.actor(sight, &account);
    let message = ExecuteMsg::Lend {
        account: Some(account),
        asset: sight.book.asset(market).into(),
        amount,
    };
    (!idle.is_zero()).then(|| Author::plain(sender, message))
}

fn recall(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let (market, _, lent) = *author.dice.pick(&sight.deposits(&account))?;
    let amount = author.dice.chance(70).then(|| author.dice.part(lent));
    let sender = author.actor(sight, &account);
    let message = ExecuteMsg::Recall {
        account: Some(account),
        asset: sight.book.asset(market).into(),
        amount,
    };
    (!lent.is_zero()).then(|| Author::plain(sender, message))
}

/// A market and an amount that an account can borrow, mostly.
pub fn borrowable(
    author: &mut Author,
    sight: &Sight<'_>,
    account: &AccountRef,
) -> Option<(u16, Amount)> {
    let free = sight.surplus(account)?;
    let is_deposit = |market: &u16| {
        let deposits = sight.deposits(account);
        deposits.iter().any(|(held, _, _)| held == market)
    };
    let mut markets = sight.markets();
    // What a whole pool is lent to one account for is a story of its own.
    markets.retain(|market| !is_deposit(market) && *market != THIN as u16);
    if is_full(sight, account) {
        markets.retain(|market| sight.debts(account).iter().any(|(owed, _)| owed == market));
    }
    let market = *author.dice.pick(&markets)?;
    // Owing costs initial margin too: at most 0.85 of what is owed.
    let share = if author.dice.chance(80) {
        author.dice.real(0.8, 0.99)
    } else {
        author.dice.real(0.05, 0.75)
    };
    let family = sight.book.markets.get(&sight.market(market)?.base)?;
    let floor = family.family.as_ref()?.haircut.target.floor.0 as f64 / 1e18;
    let usd = free * share / (1.0 + 1.2 * floor);
    if usd < 0.5 {
        return None;
    }
    let wanted = sight.worth(market, usd)?;
    let pool = &sight.market(market)?.pool;
    let limits = &sight.book.configs.get(&market)?.limits;
    let share = |part: u128| pool.supplied.0 / 1_000_000 * (part / 1_000_000_000_000);
    let room = pool
        .cash()
        .0
        .min(share(limits.max_utilisation.0).saturating_sub(pool.borrowed.0))
        .min(share(limits.counterparty_share.0))
        .min(limits.borrow_cap.0.saturating_sub(pool.borrowed.0));
    let amount = wanted.0.min(room / 100 * 99);
    (amount > 0).then_some((market, Amount(amount)))
}

fn borrow(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let (market, amount) = borrowable(author, sight, &account)?;
    let sender = author.actor(sight, &account);
    let to = author.dice.chance(20).then(|| author.cast.stranger.clone());
    let message = ExecuteMsg::Borrow {
        account: Some(account),
        asset: sight.book.asset(market).into(),
        amount,
        to,
    };
    Some(Author::plain(sender, message))
}

fn repay(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let (market, owed) = *author.dice.pick(&sight.debts(&account))?;
    let amount = if author.dice.chance(30) {
        Amount(owed.0 + owed.0 / 10 + 1)
    } else {
        author.dice.part(owed)
    };
    let sender = if author.dice.chance(20) {
        author.cast.stranger.clone()
    } else {
        account.owner.clone()
    };
    let message = ExecuteMsg::Repay {
        account: Some(account),
    };
    Author::paying(sender, sight.book.asset(market), amount, message)
}

fn transfer(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let (market, idle, lent) = *author.dice.pick(&sight.deposits(&account))?;
    let amount = takeable(author, sight, &account, market, Amount(idle.0 + lent.0))?;
    let to = if author.dice.chance(70) {
        let id = author.dice.between(0, u64::from(crate::stage::IDS) - 1) as u16;
        AccountRef {
            owner: account.owner.clone(),
            id,
        }
    } else {
        author.busy_account(sight)?
    };
    let sender = author.actor(sight, &account);
    let message = ExecuteMsg::Transfer {
        account: Some(account),
        to,
        asset: sight.book.asset(market).into(),
        amount: author.dice.chance(90).then_some(amount),
    };
    Some(Author::plain(sender, message))
}

/// Grants and revocations, of everything or of one account, for good or for a while.
fn operate(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.account();
    let grants = sight.ledger.operators.get(&account.owner);
    let grants = grants.map_or(&[][..], Vec::as_slice);
    let (operator, id, expires, revoke) = if author.dice.chance(45) || grants.len() > 10 {
        let grant = author.dice.pick(grants)?;
        (grant.operator.clone(), grant.id, None, Some(true))
    } else {
        let operator = author.dice.pick(&author.cast.owners)?.clone();
        let expires = author
            .dice
            .chance(60)
            .then(|| sight.now + author.dice.between(60, 7 * 86_400));
        let id = author.dice.chance(60).then_some(account.id);
        (operator, id, expires, None)
    };
    let message = ExecuteMsg::SetOperator {
        operator,
        id,
        expires,
        revoke,
    };
    Some(Author::plain(account.owner, message))
}

fn accrue(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let first = author.market(sight)?;
    let mut assets: Vec<String> = vec![sight.book.asset(first).into()];
    for market in sight.markets() {
        if market != first && author.dice.chance(30) {
            assets.push(sight.book.asset(market).into());
        }
    }
    let sender = author.cast.stranger.clone();
    Some(Author::plain(sender, ExecuteMsg::Accrue { assets }))
}

fn donate(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let market = author.market(sight)?;
    let usd = author.dice.usd(0.01, 1_000_000.0);
    Some(Act::Donate {
        sender: author.cast.owners.first()?.clone(),
        asset: sight.book.asset(market).into(),
        amount: sight.worth(market, usd)?,
    })
}
