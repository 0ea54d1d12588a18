//! The operations, each on an account with so many deposits and a debt.

use std::collections::BTreeMap;

use bulwark_risk::units::{Amount, Fraction};
use bulwark_types::vault::{AccountRef, Action, AmountResponse, ExecuteMsg, QueryMsg};
use cosmwasm_std::Coin;

use super::Operation;
use super::setting::Setting;
use crate::error::BenchResult;

/// Value of each deposit, USD.
const DEPOSIT: u32 = 1_000;

/// What an account that is to be liquidated owes of what it could borrow, in percent.
const BORROWED: u32 = 99;

/// What prices fall to, in percent: below maintenance margin, by less than a jump.
const FALLEN: u32 = 94;

/// Opens the account of this number and measures everything on it. It is liquidated in the end.
pub async fn measure(
    setting: &mut Setting,
    account: usize,
    deposits: usize,
) -> BenchResult<BTreeMap<Operation, u64>> {
    let account = setting.account(account as u16);
    let mut gas = BTreeMap::new();
    setting.post(setting.coins.len(), Fraction::ONE).await?;
    open(setting, &account, deposits).await?;
    let posted = setting.post(deposits, Fraction::ONE).await?;
    gas.insert(Operation::PostPrices, posted.gas_used);
    for (operation, message, funds) in messages(setting, &account) {
        let done = setting.execute(&setting.alice, &message, funds).await?;
        gas.insert(operation, done.gas_used);
    }
    let (message, funds) = fall(setting, &account).await?;
    let done = setting.execute(&setting.keeper, &message, funds).await?;
    gas.insert(Operation::Liquidate, done.gas_used);
    Ok(gas)
}

/// Deposits, and a debt of a tenth of them.
async fn open(setting: &Setting, account: &AccountRef, deposits: usize) -> BenchResult<()> {
    let mut messages: Vec<(ExecuteMsg, Vec<Coin>)> = setting
        .coins
        .iter()
        .take(deposits)
        .map(|coin| {
            let deposit = ExecuteMsg::Deposit {
                account: Some(account.clone()),
                lend: None,
            };
            (deposit, vec![setting.funds(coin, DEPOSIT)])
        })
        .collect();
    messages.push((
        borrow(setting, account, setting.debt.worth(100 * deposits as u32)),
        vec![],
    ));
    setting.execute_all(&setting.alice, messages).await?;
    Ok(())
}

fn borrow(setting: &Setting, account: &AccountRef, amount: Amount) -> ExecuteMsg {
    ExecuteMsg::Borrow {
        account: Some(account.clone()),
        asset: setting.debt.denom.clone(),
        amount,
        to: None,
    }
}

/// What the owner does, in an order in which the account keeps its deposits until the last.
fn messages(setting: &Setting, account: &AccountRef) -> Vec<(Operation, ExecuteMsg, Vec<Coin>)> {
    let (first, new) = (&setting.coins[0], &setting.new);
    let account = Some(account.clone());
    let deposit = |lend| ExecuteMsg::Deposit {
        account: account.clone(),
        lend,
    };
    let asset = first.denom.clone();
    let part = Some(first.worth(20));
    vec![
        (
            Operation::DepositTopUp,
            deposit(None),
            vec![setting.funds(first, 100)],
        ),
        (
            Operation::Lend,
            ExecuteMsg::Lend {
                account: account.clone(),
                asset: asset.clone(),
                amount: part,
            },
            vec![],
        ),
        (
            Operation::Borrow,
            ExecuteMsg::Borrow {
                account: account.clone(),
                asset: setting.debt.denom.clone(),
                amount: setting.debt.worth(20),
                to: None,
            },
            vec![],
        ),
        (
            Operation::Repay,
            ExecuteMsg::Repay {
                account: account.clone(),
            },
            vec![setting.funds(&setting.debt, 30)],
        ),
        (
            Operation::Withdraw,
            ExecuteMsg::Withdraw {
                account: account.clone(),
                asset: asset.clone(),
                amount: part,
                to: None,
            },
            vec![],
        ),
        (
            Operation::Batch,
            ExecuteMsg::Batch {
                account: account.clone(),
                actions: vec![
                    Action::Deposit {
                        asset: asset.clone(),
                        amount: None,
                        lend: None,
                    },
                    Action::Lend {
                        asset,
                        amount: part,
                    },
                    Action::Borrow {
                        asset: setting.debt.denom.clone(),
                        amount: setting.debt.worth(20),
                        to: None,
                    },
                ],
            },
            vec![setting.funds(first, 40)],
        ),
        (
            Operation::DepositNew,
            deposit(None),
            vec![setting.funds(new, 100)],
        ),
    ]
}

/// Takes the new deposit out again, borrows nearly everything that the account can, and lets
/// prices fall; returns what a keeper then sends.
async fn fall(setting: &mut Setting, account: &AccountRef) -> BenchResult<(ExecuteMsg, Vec<Coin>)> {
    let withdraw = ExecuteMsg::Withdraw {
        account: Some(account.clone()),
        asset: setting.new.denom.clone(),
        amount: None,
        to: None,
    };
    setting.execute(&setting.alice, &withdraw, vec![]).await?;
    let query = QueryMsg::MaxBorrow {
        account: account.clone(),
        asset: setting.debt.denom.clone(),
    };
    let most: AmountResponse = setting.vault.query(&query).await?;
    let amount = Amount(most.amount.0 / 100 * u128::from(BORROWED));
    let message = borrow(setting, account, amount);
    setting.execute(&setting.alice, &message, vec![]).await?;
    setting
        .post(setting.coins.len(), Fraction::percent(FALLEN))
        .await?;
    let liquidate = ExecuteMsg::Liquidate {
        account: account.clone(),
        seize: setting.coins[0].denom.clone(),
        min_seized: None,
        receive: None,
        to: None,
        debt: None,
        callback: None,
    };
    let offered = setting.funds(&setting.debt, 100);
    Ok((liquidate, vec![offered]))
}
