//! Batches: what owners want in one transaction, and any actions in any order.

use bulwark_risk::units::Amount;
use bulwark_test_swap::msg::{Cw20Hook as SwapHook, ExecuteMsg as SwapMsg};
use bulwark_types::token::{Cw20ExecuteMsg, TokenKind};
use bulwark_types::vault::{AccountRef, Action, AssetAmount, ExecuteMsg};
use cosmwasm_std::{Coin, to_json_binary};

use super::Row;
use super::money::{addable, borrowable, is_full, takeable};
use crate::act::Act;
use crate::author::Author;
use crate::sight::Sight;
use crate::stage::THIN;

pub const ROWS: &[Row] = &[
    (55, 3, open),
    (20, 2, lever_up),
    (22, 3, lever_down),
    (18, 2, swap_deposit),
    (14, 2, swap_debt),
    (40, 3, rebalance),
    (45, 3, borrow_and_repay),
    (6, 2, close),
    (12, 2, anything),
];

/// A batch of one of those who may act for the account.
fn batch(
    author: &mut Author,
    sight: &Sight<'_>,
    account: AccountRef,
    actions: Vec<Action>,
    mut funds: Vec<Coin>,
) -> Option<Act> {
    funds.retain(|coin| !coin.denom.starts_with("cw20:"));
    funds.sort_by(|one, other| one.denom.cmp(&other.denom));
    let sender = author.actor(sight, &account);
    let account = Some(account);
    Some(Author::with(
        sender,
        ExecuteMsg::Batch { account, actions },
        funds,
    ))
}

/// Swaps something in hand at a pool that has both assets.
pub fn swap(author: &Author, from: &str, to: &str, amount: Amount) -> Option<Action> {
    let pools = author.cast.pools.iter();
    let (pool, _, _) = pools.clone().find(|(_, one, other)| {
        (one.as_str(), other.as_str()) == (from, to) || (other.as_str(), one.as_str()) == (from, to)
    })?;
    let (contract, msg) = match TokenKind::of(from) {
        TokenKind::Native { .. } => (
            pool.clone(),
            to_json_binary(&SwapMsg::Swap { min_return: None }).ok()?,
        ),
        TokenKind::Cw20 { contract } => {
            let hook = to_json_binary(&SwapHook::Swap { min_return: None });
            let send = Cw20ExecuteMsg::Send {
                contract: pool.clone(),
                amount: amount.0.into(),
                msg: hook.ok()?,
            };
            (contract.to_owned(), to_json_binary(&send).ok()?)
        }
    };
    Some(Action::Call {
        contract,
        msg,
        funds: vec![AssetAmount {
            asset: from.into(),
            amount,
        }],
        returns: vec![to.into()],
    })
}

/// Assets that a pool swaps an asset for.
fn counterparts(author: &Author, asset: &str) -> Vec<String> {
    let pools = author.cast.pools.iter();
    pools
        .filter_map(|(_, one, other)| {
            if one == asset {
                Some(other.clone())
            } else {
                (other == asset).then(|| one.clone())
            }
        })
        .collect()
}

/// Deposits what came along and borrows against it, some of it sent elsewhere.
fn open(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.account();
    let market = addable(author, sight, &account)?;
    let asset = sight.book.asset(market).to_owned();
    if asset.starts_with("cw20:") {
        return None;
    }
    let usd = author.dice.usd(50.0, 30_000.0);
    let amount = sight.worth(market, usd)?;
    let mut actions = vec![Action::Deposit {
        asset: asset.clone(),
        amount: author.dice.chance(30).then_some(amount),
        lend: author.dice.chance(50).then_some(true),
    }];
    let owed = author.market(sight)?;
    let part = author.dice.real(0.05, 0.5);
    let borrowed = sight.worth(owed, usd * part)?;
    let has_deposit = sight
        .deposits(&account)
        .iter()
        .any(|(held, _, _)| *held == owed);
    if owed != market && owed != THIN as u16 && !has_deposit && !is_full(sight, &account) {
        actions.push(Action::Borrow {
            asset: sight.book.asset(owed).into(),
            amount: borrowed,
            to: author.dice.chance(30).then(|| author.cast.stranger.clone()),
        });
    }
    batch(
        author,
        sight,
        account,
        actions,
        vec![Coin::new(amount.0, asset)],
    )
}

/// Borrows, swaps, and keeps what it gets as a deposit.
fn lever_up(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let (market, amount) = borrowable(author, sight, &account)?;
    let asset = sight.book.asset(market).to_owned();
    let wanted = author.dice.pick(&counterparts(author, &asset))?.clone();
    let amount = author.dice.scaled(amount, 0.2, 1.2);
    let borrow = Action::Borrow {
        asset: asset.clone(),
        amount,
        to: None,
    };
    let actions = vec![borrow, swap(author, &asset, &wanted, amount)?];
    batch(author, sight, account, actions, vec![])
}

/// Withdraws, swaps into what it owes.
fn lever_down(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let (debt, owed) = *author.dice.pick(&sight.debts(&account))?;
    let (market, idle, lent) = *author.dice.pick(&sight.deposits(&account))?;
    let (asset, wanted) = (sight.book.asset(market), sight.book.asset(debt));
    let held = Amount(idle.0 + lent.0);
    let enough = sight.worth(market, sight.usd(debt, owed))?;
    let amount = author.dice.part(held.min(enough));
    let withdraw = Action::Withdraw {
        asset: asset.into(),
        amount: Some(amount),
        to: None,
    };
    let actions = vec![withdraw, swap(author, asset, wanted, amount)?];
    batch(author, sight, account, actions, vec![])
}

/// Swaps one deposit for another.
fn swap_deposit(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let (market, idle, lent) = *author.dice.pick(&sight.deposits(&account))?;
    let asset = sight.book.asset(market).to_owned();
    let wanted = author.dice.pick(&counterparts(author, &asset))?.clone();
    let amount = takeable(author, sight, &account, market, Amount(idle.0 + lent.0))?;
    let mut actions = vec![
        Action::Withdraw {
            asset: asset.clone(),
            amount: Some(amount),
            to: None,
        },
        swap(author, &asset, &wanted, amount)?,
    ];
    if author.dice.chance(50) {
        actions.push(Action::Lend {
            asset: wanted,
            amount: None,
        });
    }
    batch(author, sight, account, actions, vec![])
}

/// Borrows one asset, swaps it into another that it owes.
fn swap_debt(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let (debt, owed) = *author.dice.pick(&sight.debts(&account))?;
    let wanted = sight.book.asset(debt).to_owned();
    let from = author.dice.pick(&counterparts(author, &wanted))?.clone();
    let market = sight.book.market_of(&from)?;
    let usd = sight.usd(debt, owed) * author.dice.real(0.1, 1.0);
    let amount = sight.worth(market, usd)?;
    let borrow = Action::Borrow {
        asset: from.clone(),
        amount,
        to: None,
    };
    let actions = vec![borrow, swap(author, &from, &wanted, amount)?];
    batch(author, sight, account, actions, vec![])
}

/// Lends, recalls and withdraws in one go.
fn rebalance(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let mut actions = Vec::new();
    for (market, idle, lent) in sight.deposits(&account) {
        let asset = sight.book.asset(market).to_owned();
        if author.dice.chance(50) && idle.0 > 2 {
            let amount = Some(author.dice.part(idle));
            actions.push(Action::Lend { asset, amount });
        } else if lent.0 > 2 {
            let amount = Some(author.dice.part(lent));
            actions.push(Action::Recall { asset, amount });
        }
    }
    if actions.is_empty() {
        return None;
    }
    batch(author, sight, account, actions, vec![])
}

/// A loan of one batch: past limits on the way, but not at the end.
fn borrow_and_repay(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let (market, amount) = borrowable(author, sight, &account)?;
    let asset = sight.book.asset(market).to_owned();
    let amount = author.dice.scaled(amount, 0.5, 1.5);
    let actions = vec![
        Action::Borrow {
            asset: asset.clone(),
            amount,
            to: None,
        },
        Action::Repay {
            asset: asset.clone(),
            amount: author.dice.chance(50).then(|| author.dice.part(amount)),
        },
    ];
    let extra = vec![Coin::new(amount.0 / 100 + 1, asset)];
    batch(author, sight, account, actions, extra)
}

/// Repays all coins that it owes and withdraws everything that it has.
fn close(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let mut actions = Vec::new();
    let mut funds = Vec::new();
    for (market, owed) in sight.debts(&account) {
        let asset = sight.book.asset(market).to_owned();
        if asset.starts_with("cw20:") {
            return None;
        }
        funds.push(Coin::new(owed.0 + 1, &asset));
        let amount = None;
        actions.push(Action::Repay { asset, amount });
    }
    for (market, idle, lent) in sight.deposits(&account) {
        let cash = sight.market(market)?.pool.cash();
        actions.push(Action::Withdraw {
            asset: sight.book.asset(market).into(),
            amount: Some(Amount(idle.0 + lent.min(cash).0).max(Amount(1))),
            to: None,
        });
    }
    if actions.is_empty() {
        return None;
    }
    batch(author, sight, account, actions, funds)
}

/// One to six actions of any kind on whatever there is.
fn anything(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let count = author.dice.between(1, 6);
    let coin = author.market(sight)?;
    let brought = sight.worth(coin, author.dice.usd(1.0, 5_000.0))?;
    let actions: Vec<Action> = (0..count)
        .filter_map(|_| any_action(author, sight, &account, coin))
        .collect();
    let funds = vec![Coin::new(brought.0, sight.book.asset(coin))];
    batch(author, sight, account, actions, funds)
}

fn any_action(
    author: &mut Author,
    sight: &Sight<'_>,
    account: &AccountRef,
    brought: u16,
) -> Option<Action> {
    let deposit = author.dice.pick(&sight.deposits(account)).copied();
    let debt = author.dice.pick(&sight.debts(account)).copied();
    let name = |market: u16| sight.book.asset(market).to_owned();
    Some(match author.dice.between(0, 6) {
        0 => Action::Deposit {
            asset: name(brought),
            amount: None,
            lend: author.dice.chance(50).then_some(true),
        },
        1 => {
            let (market, idle, lent) = deposit?;
            let held = Amount(idle.0 + lent.0);
            Action::Withdraw {
                asset: name(market),
                amount: Some(takeable(author, sight, account, market, held)?),
                to: author.dice.chance(30).then(|| author.cast.stranger.clone()),
            }
        }
        2 => {
            let (market, idle, _) = deposit?;
            Action::Lend {
                asset: name(market),
                amount: Some(author.dice.part(idle)),
            }
        }
        3 => {
            let (market, _, lent) = deposit?;
            Action::Recall {
                asset: name(market),
                amount: Some(author.dice.part(lent)),
            }
        }
        4 => {
            let (market, amount) = borrowable(author, sight, account)?;
            Action::Borrow {
                asset: name(market),
                amount,
                to: None,
            }
        }
        5 => Action::Repay {
            asset: name(debt?.0),
            amount: None,
        },
        _ => {
            let (market, _, _) = deposit?;
            let wanted = author
                .dice
                .pick(&counterparts(author, &name(market)))?
                .clone();
            let amount = sight.worth(market, author.dice.usd(1.0, 500.0))?;
            swap(author, &name(market), &wanted, amount)?
        }
    })
}
