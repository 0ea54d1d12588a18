use std::panic::{AssertUnwindSafe, catch_unwind};

use bulwark_risk::units::{AMOUNT_LIMIT, Amount};
use bulwark_types::vault::{ExecuteMsg, PausableAction};
use bulwark_types::wire::WireError;
use cosmwasm_std::Coin;

use super::{Probe, STRANGER};
use crate::World;
use crate::error::CHAIN;

/// A message that has to be refused, and what its error has to name.
struct Bad {
    message: ExecuteMsg,
    funds: Vec<Coin>,
    named: String,
}

/// 19: bad input of any kind gives a typed error that names the offending value; no panic.
pub(super) fn is_named(probe: &mut Probe<'_>) {
    let Some(asset) = probe
        .book
        .configs
        .values()
        .next()
        .map(|config| config.asset.clone())
    else {
        return;
    };
    for Bad {
        message,
        funds,
        named,
    } in bad_messages(probe.world, &asset)
    {
        let answer = probe.world.fork(|world| {
            for coin in &funds {
                let amount = cosmwasm_std::Uint128::try_from(coin.amount).unwrap_or_default();
                let _ = world.mint(STRANGER, &coin.denom, Amount(amount.u128()));
            }
            let send = || world.execute(STRANGER, message.clone(), funds.clone());
            let answer = catch_unwind(AssertUnwindSafe(send));
            if world.is_interfered(19) {
                return Ok(Err(untyped()));
            }
            answer
        });
        let holds = match &answer {
            Ok(Err(error)) => error.name != CHAIN && error.fields.contains(&named),
            Ok(Ok(_)) | Err(_) => false,
        };
        probe.findings.check(19, holds, || {
            let told = answer.map_or_else(|_| "a panic".into(), |answer| format!("{answer:?}"));
            format!("{message:?} should be refused naming {named}: {told}")
        });
    }
}

fn untyped() -> WireError {
    WireError {
        name: CHAIN.into(),
        sentence: "something went wrong".into(),
        fields: "{}".into(),
    }
}

fn bad_messages(world: &World, asset: &str) -> Vec<Bad> {
    let stranger = world.account_ref(STRANGER);
    let victim = world.account_ref("bad-input-victim");
    let unlisted = "factory/nobody/nothing";
    let bad = |message: ExecuteMsg, named: &str| Bad {
        message,
        funds: Vec::new(),
        named: named.into(),
    };
    let coin = |amount: u128, denom: &str| vec![Coin::new(amount, denom)];
    let withdraw = |asset: &str, amount: u128| ExecuteMsg::Withdraw {
        account: None,
        asset: asset.into(),
        amount: Some(Amount(amount)),
        to: None,
    };
    let borrow = |amount: u128| ExecuteMsg::Borrow {
        account: None,
        asset: asset.into(),
        amount: Amount(amount),
        to: None,
    };
    vec![
        bad(withdraw(unlisted, 1), unlisted),
        bad(withdraw(asset, 7), asset),
        bad(borrow(0), asset),
        bad(borrow(AMOUNT_LIMIT), &AMOUNT_LIMIT.to_string()),
        bad(borrow(u128::MAX), &u128::MAX.to_string()),
        bad(
            ExecuteMsg::Deposit {
                account: None,
                lend: None,
            },
            "expected",
        ),
        Bad {
            funds: coin(3, unlisted),
            ..bad(
                ExecuteMsg::Deposit {
                    account: None,
                    lend: None,
                },
                unlisted,
            )
        },
        Bad {
            funds: coin(9, asset),
            ..bad(withdraw(asset, 1), "9")
        },
        Bad {
            funds: coin(5, asset),
            ..bad(ExecuteMsg::Repay { account: None }, asset)
        },
        Bad {
            funds: coin(5, asset),
            ..bad(
                ExecuteMsg::Liquidate {
                    account: victim.clone(),
                    seize: asset.into(),
                    min_seized: None,
                    receive: None,
                    to: None,
                    debt: None,
                    callback: None,
                },
                asset,
            )
        },
        bad(
            ExecuteMsg::Lend {
                account: Some(victim.clone()),
                asset: asset.into(),
                amount: None,
            },
            &victim.owner,
        ),
        bad(
            ExecuteMsg::Transfer {
                account: None,
                to: stranger.clone(),
                asset: asset.into(),
                amount: None,
            },
            &stranger.owner,
        ),
        bad(
            ExecuteMsg::Accrue {
                assets: vec![asset.into(), asset.into()],
            },
            asset,
        ),
        bad(
            ExecuteMsg::Accrue {
                assets: vec![unlisted.into()],
            },
            unlisted,
        ),
        bad(
            ExecuteMsg::Pause {
                asset: None,
                actions: vec![PausableAction::Borrow],
            },
            &stranger.owner,
        ),
        bad(
            ExecuteMsg::Apply { change: u64::MAX },
            &u64::MAX.to_string(),
        ),
    ]
}
