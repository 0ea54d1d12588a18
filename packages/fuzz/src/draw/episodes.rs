//! Stories of several messages that lead to what chance alone would hardly find.

use bulwark_risk::units::Amount;
use bulwark_test_mischief::msg::ExecuteMsg as Mischief;
use bulwark_test_token::msg::Misbehaviour;
use bulwark_types::governance::OwnershipAction;
use bulwark_types::oracle;
use bulwark_types::token::CW20_PREFIX;
use bulwark_types::vault::{AccountRef, Action, ExecuteMsg};
use cosmwasm_std::{Binary, Coin, CosmosMsg, Uint128, WasmMsg, to_json_binary};

use super::Row;
use super::money::deposit_of;
use super::time::{post, post_confirmed};
use crate::act::Act;
use crate::author::Author;
use crate::sight::Sight;
use crate::stage::{PEBBLE, THIN};

pub const ROWS: &[Row] = &[
    (7, 2, call_back_in),
    (6, 1, rogue_token),
    (90, 2, dust_account),
    (1, 0, many_operators),
    (1, 0, many_holdings),
    (3, 0, worthless_shares),
    (14, 8, ruin_a_pool),
    (2, 1, absurd_price),
    (1, 0, forgotten_changes),
    (4, 0, farewell),
];

/// A contract is called that sends a message to the locked vault; at times it swallows the
/// refusal.
fn call_back_in(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.busy_account(sight)?;
    let asset = sight.book.asset(author.market(sight)?).to_owned();
    let nested = match author.dice.between(0, 3) {
        0 => ExecuteMsg::Accrue {
            assets: vec![asset.clone()],
        },
        1 => ExecuteMsg::WriteOff {
            account: account.clone(),
        },
        2 => ExecuteMsg::Withdraw {
            account: Some(account.clone()),
            asset: asset.clone(),
            amount: None,
            to: None,
        },
        _ => ExecuteMsg::Borrow {
            account: Some(account.clone()),
            asset: asset.clone(),
            amount: Amount(1_000),
            to: None,
        },
    };
    let on_call = vec![CosmosMsg::Wasm(WasmMsg::Execute {
        contract_addr: author.cast.vault.clone(),
        msg: to_json_binary(&nested).ok()?,
        funds: vec![],
    })];
    let swallow = author.dice.chance(50);
    let actions = vec![Action::Call {
        contract: author.cast.mischief.clone(),
        msg: Binary::from(b"{}"),
        funds: vec![],
        returns: vec![asset],
    }];
    let sender = account.owner.clone();
    let account = Some(account);
    author.queue.push_back(Author::plain(
        sender.clone(),
        ExecuteMsg::Batch { account, actions },
    ));
    Some(Act::Other {
        sender,
        contract: author.cast.mischief.clone(),
        message: serde_json::to_value(Mischief::Set { on_call, swallow }).ok()?,
        funds: vec![],
    })
}

/// What a batch says to the token that anybody can make misbehave.
fn tell_rogue(author: &Author, account: &AccountRef, how: Misbehaviour) -> Option<Act> {
    let asset = author.cast.rogue.clone();
    let msg = to_json_binary(&bulwark_test_token::msg::ExecuteMsg::Misbehave(how)).ok()?;
    let actions = vec![Action::Call {
        contract: asset.strip_prefix(CW20_PREFIX)?.to_owned(),
        msg,
        funds: vec![],
        returns: vec![asset],
    }];
    let sender = account.owner.clone();
    let account = Some(account.clone());
    let message = ExecuteMsg::Batch { account, actions };
    Some(Author::plain(sender, message))
}

/// A token takes a fee of transfers, or says in the middle of a call that the vault holds
/// nothing: whoever deposits it, or makes the call, is refused.
fn rogue_token(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let asset = author.cast.rogue.clone();
    let market = sight.book.market_of(&asset)?;
    let account = author.account();
    if author.dice.chance(30) {
        let denial = Misbehaviour {
            claimed_balance: Some(Uint128::zero()),
            ..Misbehaviour::default()
        };
        return tell_rogue(author, &account, denial);
    }
    let amount = sight.worth(market, author.dice.usd(1.0, 100.0))?;
    let owner = account.owner.clone();
    let deposit = deposit_of(owner, Some(account.clone()), &asset, amount, None)?;
    author.queue.push_back(deposit);
    let behave = tell_rogue(author, &account, Misbehaviour::default())?;
    author.queue.push_back(behave);
    let fee = Misbehaviour {
        fee_bps: 100,
        ..Misbehaviour::default()
    };
    tell_rogue(author, &account, fee)
}

/// A small account owes nearly as much as it may: the next fall makes it a write-off.
fn dust_account(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = AccountRef {
        owner: author.dice.pick(&author.cast.owners)?.clone(),
        id: author.dice.between(10, 30) as u16,
    };
    if !sight.record(&account).holdings.is_empty() {
        return None;
    }
    let market = *author.dice.pick(&[1u16, 3, 4, PEBBLE as u16])?;
    let owed = *author.dice.pick(&[0u16, 6])?;
    let usd = author.dice.real(20.0, 49.0);
    let asset = sight.book.asset(market).to_owned();
    let actions = vec![
        Action::Deposit {
            asset: asset.clone(),
            amount: None,
            lend: None,
        },
        Action::Borrow {
            asset: sight.book.asset(owed).into(),
            amount: sight.worth(owed, usd * author.dice.real(0.6, 0.74))?,
            to: None,
        },
    ];
    let funds = vec![Coin::new(sight.worth(market, usd)?.0, asset)];
    let owner = account.owner.clone();
    let account = Some(account);
    let message = ExecuteMsg::Batch { account, actions };
    Some(Author::with(owner, message, funds))
}

/// One smallest unit is lent: its shares are worth less than it, and repay nothing.
fn worthless_shares(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let to = author.dice.pick(sight.borrowers())?.0.clone();
    let (market, _) = *author.dice.pick(&sight.debts(&to))?;
    let from = AccountRef {
        owner: to.owner.clone(),
        id: 97,
    };
    let (owner, asset) = (to.owner.clone(), sight.book.asset(market).to_owned());
    let named = Some(from);
    let message = ExecuteMsg::Transfer {
        account: named.clone(),
        to,
        asset: asset.clone(),
        amount: None,
    };
    author
        .queue
        .push_back(Author::plain(owner.clone(), message));
    deposit_of(owner, named, &asset, Amount(1), Some(true))
}

/// More operators than an owner may have.
fn many_operators(author: &mut Author, _: &Sight<'_>) -> Option<Act> {
    let owner = author.cast.owners.last()?.clone();
    let operator = author.cast.keeper.clone();
    let set = |id, revoke| {
        let message = ExecuteMsg::SetOperator {
            operator: operator.clone(),
            id: Some(id),
            expires: None,
            revoke,
        };
        Author::plain(owner.clone(), message)
    };
    let grants = (100..117).map(|id| set(id, None));
    let revocations = (100..117).map(|id| set(id, Some(true)));
    let all: Vec<Act> = grants.chain(revocations).collect();
    author.queue.extend(all);
    author.queue.pop_front()
}

/// More assets than an account may have.
fn many_holdings(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let account = author.account();
    for market in sight.markets() {
        let amount = sight.worth(market, 20.0)?;
        let owner = account.owner.clone();
        let asset = sight.book.asset(market);
        let deposit = deposit_of(owner, Some(account.clone()), asset, amount, None)?;
        author.queue.push_back(deposit);
    }
    author.queue.pop_front()
}

/// One account borrows a whole small pool on an asset that then falls to nothing: the suppliers
/// lose everything, and the market closes.
fn ruin_a_pool(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    if author.left > 400 {
        return None;
    }
    let (market, collateral) = (THIN as u16, PEBBLE as u16);
    let borrower = AccountRef {
        owner: author.cast.owners.first()?.clone(),
        id: 99,
    };
    let (asset, pebbles) = (
        sight.book.asset(market).to_owned(),
        sight.book.asset(collateral).to_owned(),
    );
    let supplier = AccountRef {
        owner: author.cast.owners.last()?.clone(),
        id: 96,
    };
    let supply = |amount: Amount| {
        let sender = supplier.owner.clone();
        deposit_of(sender, Some(supplier.clone()), &asset, amount, Some(true))
    };
    let little = sight.worth(market, 500.0)?;
    let amount = sight.market(market)?.pool.cash();
    if amount < little {
        return supply(little);
    }
    let pledge = sight.worth(collateral, 2.0 * sight.usd(market, amount) + 100.0)?;
    let owner = borrower.owner.clone();
    let named = Some(borrower.clone());
    author.queue.push_back(deposit_of(
        owner.clone(),
        named.clone(),
        &pebbles,
        pledge,
        None,
    )?);
    author.queue.push_back(Author::plain(
        owner,
        ExecuteMsg::Borrow {
            account: named,
            asset: asset.clone(),
            amount,
            to: None,
        },
    ));
    let factor = 5e-4;
    author.prices.jump(&mut author.dice, PEBBLE, factor);
    post_confirmed(author, sight.now);
    // Once more, for a feed that was waiting for something else.
    post_confirmed(author, sight.now + 33);
    author.queue.push_back(Author::plain(
        author.cast.stranger.clone(),
        ExecuteMsg::WriteOff { account: borrower },
    ));
    author.queue.push_back(supply(little)?);
    author.queue.pop_front()
}

/// A price beyond all sense: what an account would be worth is beyond what the vault bears.
fn absurd_price(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let pebble = PEBBLE as u16;
    let asset = sight.book.asset(pebble).to_owned();
    let account = AccountRef {
        owner: author.cast.owners.first()?.clone(),
        id: 98,
    };
    let owner = account.owner.clone();
    let named = Some(account.clone());
    let pledge = sight.worth(pebble, 20_000.0)?;
    let deposit = deposit_of(owner.clone(), named.clone(), &asset, pledge, None)?;
    let wild = oracle::PRICE_LIMIT;
    for (at, price) in [(2u64, wild), (33, wild)] {
        author
            .queue
            .push_back(Act::Wait(if at == 2 { 2 } else { 31 }));
        for feeder in author.cast.feeders.clone() {
            let prices = vec![oracle::PostedPrice {
                asset: asset.clone(),
                price,
                conf: None,
                published_at: sight.now + at,
            }];
            let post = oracle::ExecuteMsg::PostPrices { prices };
            author.queue.push_back(Author::to_oracle(feeder, post));
        }
    }
    author.queue.push_back(Author::plain(
        owner,
        ExecuteMsg::Borrow {
            account: named,
            asset: sight.book.asset(0).into(),
            amount: Amount(1_000_000),
            to: None,
        },
    ));
    post_confirmed(author, sight.now + 33);
    Some(deposit)
}

/// Changes that nobody applied in time.
fn forgotten_changes(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    if author.left > 1_500 {
        return None;
    }
    let of_vault = super::governance::changes(sight).first()?.id;
    let of_oracle = super::feeds::changes(sight).first()?.id;
    let stranger = author.cast.stranger.clone();
    let change = of_vault;
    author.queue.push_back(Author::plain(
        stranger.clone(),
        ExecuteMsg::Apply { change },
    ));
    let change = of_oracle;
    let apply = oracle::ExecuteMsg::Apply { change };
    author.queue.push_back(Author::to_oracle(stranger, apply));
    let seconds = 15 * 86_400;
    post(author, sight.now + seconds);
    Some(Act::Wait(seconds))
}

/// At the end of a run the owners leave for good.
fn farewell(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    if author.left > 60 {
        return None;
    }
    let leave = OwnershipAction::Renounce {};
    if let Some(owner) = super::feeds::owner(sight).and_then(|owner| owner.owner) {
        let leave = oracle::ExecuteMsg::UpdateOwnership(leave.clone());
        author.queue.push_back(Author::to_oracle(owner, leave));
    }
    let owner = super::governance::owner(sight)?.owner?;
    Some(Author::plain(owner, ExecuteMsg::UpdateOwnership(leave)))
}
