//! What the vault has to refuse: each draw is meant for one error, though another may come first.

use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Fraction};
use bulwark_types::governance::OwnershipAction;
use bulwark_types::token::Cw20ReceiveMsg;
use bulwark_types::vault::{
    AccountRef, Action, AssetAmount, Callback, ExecuteMsg, MarketUpdate, ParametersUpdate,
    PausableAction,
};
use cosmwasm_std::{Binary, Coin};

use super::governance::{listing, owner};
use super::money::deposit_of;
use super::{Row, keepers};
use crate::act::Act;
use crate::author::Author;
use crate::sight::Sight;

pub const ROWS: &[Row] = &[
    (45, 10, in_names_and_amounts),
    (40, 10, of_accounts),
    (40, 8, past_limits),
    (28, 8, by_role_and_time),
    (4, 30, of_liquidations),
];

fn in_names_and_amounts(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let market = author.market(sight)?;
    let asset = sight.book.asset(market).to_owned();
    let owner = account.owner.clone();
    let unlisted = "factory/nobody/nothing".to_owned();
    let named = Some(account.clone());
    let borrow = |asset: String, amount: u128| ExecuteMsg::Borrow {
        account: Some(account.clone()),
        asset,
        amount: Amount(amount),
        to: None,
    };
    let withdraw = |to: String| ExecuteMsg::Withdraw {
        account: Some(account.clone()),
        asset: asset.clone(),
        amount: Some(Amount(1)),
        to: Some(to),
    };
    let batch = |actions: Vec<Action>| ExecuteMsg::Batch {
        account: Some(account.clone()),
        actions,
    };
    let repay = Action::Repay {
        asset: asset.clone(),
        amount: Some(Amount(5)),
    };
    let message = match author.dice.between(0, 16) {
        0 => borrow(unlisted, 1),
        1 => borrow(asset, 0),
        2 => borrow(asset, AMOUNT_LIMIT),
        3 => borrow(asset, u128::MAX),
        4 => withdraw(author.cast.vault.clone()),
        5 => withdraw("bulwark1nobody".into()),
        6 => withdraw(owner.to_uppercase()),
        7 => ExecuteMsg::Accrue {
            assets: vec![asset.clone(), asset],
        },
        8 => ExecuteMsg::Accrue { assets: vec![] },
        9 => batch(vec![repay; 33]),
        10 => batch(vec![]),
        11 => batch(vec![repay]),
        12 => ExecuteMsg::Transfer {
            account: named.clone(),
            to: account.clone(),
            asset,
            amount: None,
        },
        13 => ExecuteMsg::Deposit {
            account: named,
            lend: None,
        },
        14 => {
            let funds = vec![Coin::new(1u128, author.cast.assets.first()?.name.clone())];
            return Some(Author::with(owner, withdraw(account.owner.clone()), funds));
        }
        15 => {
            let received = Cw20ReceiveMsg {
                sender: owner,
                amount: 5u128.into(),
                msg: Binary::from(br#"{"steal":{}}"#),
            };
            let token = author.cast.rogue.strip_prefix("cw20:")?.to_owned();
            return Some(Author::plain(token, ExecuteMsg::Receive(received)));
        }
        _ => ExecuteMsg::SetOperator {
            operator: author
                .dice
                .pick(&[owner.clone(), author.cast.vault.clone()])?
                .clone(),
            id: None,
            expires: None,
            revoke: None,
        },
    };
    Some(Author::plain(owner, message))
}

fn of_accounts(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let owner = account.owner.clone();
    let named = Some(account.clone());
    let stranger = author.cast.stranger.clone();
    let deposit = author.dice.pick(&sight.deposits(&account)).copied();
    let held: Vec<u16> = sight
        .record(&account)
        .holdings
        .iter()
        .map(|held| held.market)
        .collect();
    let mut missing = sight.markets();
    missing.retain(|market| !held.contains(market));
    let missing = *author.dice.pick(&missing)?;
    let name = |market: u16| sight.book.asset(market).to_owned();
    let withdraw = |market: u16, amount: u128| ExecuteMsg::Withdraw {
        account: Some(account.clone()),
        asset: name(market),
        amount: Some(Amount(amount)),
        to: None,
    };
    Some(match author.dice.between(0, 9) {
        0 => Author::plain(stranger, withdraw(deposit?.0, 1)),
        1 => Author::plain(
            stranger,
            ExecuteMsg::Borrow {
                account: named,
                asset: name(missing),
                amount: Amount(1),
                to: None,
            },
        ),
        2 => deposit_of(stranger, named, &name(missing), Amount(1_000), None)?,
        3 => Author::plain(owner, withdraw(missing, 1)),
        4 => {
            let (market, idle, lent) = deposit?;
            Author::plain(owner, withdraw(market, idle.0 + lent.0 + 1 + idle.0 / 2))
        }
        5 => Author::with(
            owner,
            ExecuteMsg::Repay { account: named },
            vec![Coin::new(5u128, name(missing))],
        ),
        6 => Author::plain(
            owner,
            ExecuteMsg::Borrow {
                account: named,
                asset: name(deposit?.0),
                amount: Amount(1),
                to: None,
            },
        ),
        7 => {
            // Shares worth less than one smallest unit cannot repay anything.
            let dusty = sight.ledger.accounts.keys().find_map(|from| {
                let (market, _, _) = sight
                    .deposits(from)
                    .into_iter()
                    .find(|(_, idle, lent)| idle.is_zero() && lent.is_zero())?;
                let to = sight.ledger.accounts.keys().find(|to| {
                    *to != from && sight.debts(to).iter().any(|(debt, _)| *debt == market)
                })?;
                Some((from.clone(), to.clone(), market))
            });
            let (from, to, market) = dusty?;
            let owner = from.owner.clone();
            let message = ExecuteMsg::Transfer {
                account: Some(from),
                to,
                asset: name(market),
                amount: None,
            };
            Author::plain(owner, message)
        }
        8 => Author::plain(stranger, ExecuteMsg::WriteOff { account }),
        _ => Author::plain(
            owner,
            ExecuteMsg::SetOperator {
                operator: stranger,
                id: Some(77),
                expires: None,
                revoke: Some(true),
            },
        ),
    })
}

fn past_limits(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let owner = account.owner.clone();
    let market = author.market(sight)?;
    let name = |market: u16| sight.book.asset(market).to_owned();
    let (totals, limits) = (
        sight.market(market)?,
        sight.book.configs.get(&market)?.limits,
    );
    let pool = &totals.pool;
    let borrow = |amount: u128| {
        let message = ExecuteMsg::Borrow {
            account: Some(account.clone()),
            asset: name(market),
            amount: Amount(amount.max(1)),
            to: None,
        };
        Author::plain(owner.clone(), message)
    };
    Some(match author.dice.between(0, 8) {
        0 => {
            let room = limits
                .deposit_cap
                .0
                .saturating_sub(totals.idle.0 + pool.supplied.0);
            deposit_of(owner, Some(account), &name(market), Amount(room + 1), None)?
        }
        1 => borrow(limits.borrow_cap.0.saturating_sub(pool.borrowed.0) + 1),
        2 => borrow(pool.cash().0 + 1),
        3 => borrow(pool.cash().0),
        4 => borrow(pool.cash().0 / 2),
        5 => borrow(pool.supplied.0 / 5),
        6 => {
            // More than may leave within the window: what the lender could take otherwise.
            let lender = sight
                .world
                .account_ref((crate::stage::LENDER, author.dice.between(0, 1) as u16));
            let (market, _, lent) = *author.dice.pick(&sight.deposits(&lender))?;
            let owner = lender.owner.clone();
            let cash = sight.market(market)?.pool.cash();
            let message = ExecuteMsg::Withdraw {
                account: Some(lender),
                asset: name(market),
                amount: Some(Amount(lent.min(cash).0.max(1))),
                to: None,
            };
            Author::plain(owner, message)
        }
        7 => {
            let lender = sight
                .world
                .account_ref((crate::stage::LENDER, author.dice.between(0, 1) as u16));
            let (market, _, lent) = *author.dice.pick(&sight.deposits(&lender))?;
            let cash = sight.market(market)?.pool.cash();
            let owner = lender.owner.clone();
            let message = ExecuteMsg::Recall {
                account: Some(lender),
                asset: name(market),
                amount: Some(Amount((cash.0 + 1).min(lent.0))),
            };
            Author::plain(owner, message)
        }
        _ => {
            let free = sight.surplus(&account)?;
            let amount = sight.worth(market, (free * author.dice.real(0.9, 3.0)).max(1.0))?;
            borrow(amount.0)
        }
    })
}

fn by_role_and_time(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let stranger = author.cast.stranger.clone();
    let market = author.market(sight)?;
    let asset = sight.book.asset(market).to_owned();
    let owner = owner(sight)?;
    let governor = owner.owner?;
    let settings = sight.book.settings.as_ref()?;
    let params = |update: ParametersUpdate| ExecuteMsg::UpdateParams(update);
    let (sender, message) = match author.dice.between(0, 12) {
        0 => (
            stranger,
            ExecuteMsg::Pause {
                asset: None,
                actions: vec![PausableAction::Borrow],
            },
        ),
        1 => (stranger, ExecuteMsg::ListMarket(listing(author, sight)?)),
        2 => (
            stranger,
            ExecuteMsg::UpdateOwnership(OwnershipAction::Accept {}),
        ),
        3 => (stranger, ExecuteMsg::Apply { change: u64::MAX }),
        4 => (governor, ExecuteMsg::Cancel { change: u64::MAX }),
        5 => {
            let pending = super::governance::changes(sight);
            let early = pending.iter().find(|change| change.ready_at > sight.now)?;
            (stranger, ExecuteMsg::Apply { change: early.id })
        }
        6 => {
            let mut listing = listing(author, sight)?;
            listing.asset = asset;
            (governor, ExecuteMsg::ListMarket(listing))
        }
        7 => (
            governor,
            params(ParametersUpdate {
                max_holdings: Some(1),
                ..ParametersUpdate::default()
            }),
        ),
        8 => {
            let mut margin = settings.parameters.margin;
            margin.initial_factor = Fraction::percent(50);
            let update = ParametersUpdate {
                margin: Some(margin),
                ..ParametersUpdate::default()
            };
            (governor, params(update))
        }
        9 => {
            let update = MarketUpdate {
                reserve_factor: Some(Fraction::percent(90)),
                ..MarketUpdate::default()
            };
            (governor, ExecuteMsg::UpdateMarket { asset, update })
        }
        10 => (
            stranger,
            ExecuteMsg::CollectReserve {
                asset,
                amount: None,
                to: author.cast.stranger.clone(),
            },
        ),
        11 => (
            author.account().owner,
            ExecuteMsg::SetOperator {
                operator: stranger,
                id: None,
                expires: Some(sight.now),
                revoke: None,
            },
        ),
        _ => {
            // An asset without a price is refused when its turn comes.
            let pending = super::governance::changes(sight);
            let listed = pending.iter().find(|change| {
                change.ready_at <= sight.now
                    && matches!(change.change, bulwark_types::vault::Change::ListMarket(_))
            })?;
            (stranger, ExecuteMsg::Apply { change: listed.id })
        }
    };
    Some(Author::plain(sender, message))
}

fn of_liquidations(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let mut borrowers = sight.borrowers().to_vec();
    if author.dice.chance(70) {
        borrowers.retain(|(_, assessment)| assessment.is_liquidatable());
    }
    let (account, assessment) = author.dice.pick(&borrowers)?.clone();
    let (debt, owed) = *author.dice.pick(&sight.debts(&account))?;
    let (deposit, _, _) = *author.dice.pick(&sight.deposits(&account))?;
    let name = |market: u16| sight.book.asset(market).to_owned();
    let keeper = author.cast.keeper.clone();
    let whole = || AssetAmount {
        asset: name(debt),
        amount: owed,
    };
    let mut wish = keepers::Wish::plain(account.clone(), name(deposit));
    match author.dice.between(0, 8) {
        0 | 8 => wish.min_seized = Some(Amount(AMOUNT_LIMIT - 1)),
        1 => {
            // One smallest unit buys nothing of an asset whose units are large.
            let pebbles = sight.deposits(&account).into_iter().find(|(market, _, _)| {
                sight
                    .market(*market)
                    .is_some_and(|market| market.decimals == 0)
            });
            wish.seize = name(pebbles?.0);
            return wish.paying(keeper, &name(debt), Amount(1));
        }
        2 => {
            wish.to = Some(account);
        }
        3 => {
            wish.seize = name(author.market(sight)?);
        }
        4 => return Some(wish.owing(keeper, whole(), None)),
        5 | 7 if assessment.is_liquidatable() => {
            // A contract that takes what is seized and pays nothing.
            let callback = Callback {
                contract: author.cast.mischief.clone(),
                data: Binary::default(),
            };
            return Some(wish.owing(keeper, whole(), Some(callback)));
        }
        6 => {
            wish.to = Some(AccountRef {
                owner: author.cast.vault.clone(),
                id: 0,
            });
        }
        _ => {}
    }
    let offered = author.dice.part(owed);
    wish.paying(keeper, &name(debt), offered)
}
