//! Accounts that borrow, drawn by chance: some close to their limit, others far from it.

use std::collections::BTreeMap;

use bulwark_chain::contracts::Vault;
use bulwark_chain::{ChainError, Gas, Keyring, Message, Sender};
use bulwark_localnet::denoms::Coin;
use bulwark_localnet::market::Replay;
use bulwark_localnet::{Localnet, users};
use bulwark_risk::units::Amount;
use bulwark_types::vault::{AccountRef, AmountResponse, ExecuteMsg, QueryMsg};
use cosmwasm_std::coin;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Settings;
use crate::error::{BenchError, BenchResult};

/// Messages of one transaction, and the gas that they may use.
const AT_ONCE: usize = 20;
const LIMIT: Gas = Gas::Limit(20_000_000);

/// What is lent of each coin, USD: less than the million tokens that everybody holds of a dollar.
const LENT: f64 = 800_000.0;

/// What accounts are worth, USD.
const SMALLEST: f64 = 500.0;
const LARGEST: f64 = 5_000.0;

/// A coin at the path's first price.
struct Priced {
    coin: Coin,
    /// USD per whole token.
    price: f64,
}

impl Priced {
    /// Smallest units worth so many USD.
    fn worth(&self, usd: f64) -> u128 {
        (usd / self.price * 10f64.powi(i32::from(self.coin.decimals))) as u128
    }

    fn is_dollar(&self) -> bool {
        (0.95..1.05).contains(&self.price)
    }
}

/// An account that is about to borrow.
struct Borrower {
    sender: usize,
    account: AccountRef,
    debt: String,
    /// The part of what it could borrow.
    part: f64,
}

/// What was opened.
#[derive(Debug, Default)]
pub struct Opened {
    /// Accounts that borrowed.
    pub accounts: usize,
    /// Messages that were refused, by the error's name: a price has moved since an amount was asked
    /// for, or a limit is reached.
    pub refused: BTreeMap<String, usize>,
}

/// Lends coins, and opens accounts.
pub async fn open(
    network: &Localnet,
    vault: &Vault,
    replay: &Replay,
    settings: &Settings,
) -> BenchResult<Opened> {
    let keyring = Keyring::from_file(&network.keyring_file())?;
    let description = vault.client.network();
    let sender = |user: users::User| -> BenchResult<Sender> {
        let signer = keyring.signer(user.name, &description.prefix, description.coin_type)?;
        Ok(Sender::new(vault.client.clone(), signer))
    };
    let lender = sender(users::BOB)?;
    let owners = [
        sender(users::ALICE)?,
        sender(users::CAROL)?,
        sender(users::OWNER)?,
    ];
    let priced = priced(replay);
    let (dollars, risky): (Vec<&Priced>, Vec<&Priced>) =
        priced.iter().partition(|priced| priced.is_dollar());
    let mut rng = ChaCha8Rng::seed_from_u64(settings.seed);

    let lend = priced.iter().map(|priced| {
        let message = ExecuteMsg::Deposit {
            account: None,
            lend: Some(true),
        };
        let funds = vec![coin(priced.worth(LENT), &priced.coin.denom)];
        Ok(vault.message(lender.address(), &message, funds)?)
    });
    let mut opened = Opened::default();
    let lend = lend.collect::<BenchResult<Vec<_>>>()?;
    send(&lender, lend, &mut opened.refused).await?;

    let mut deposits: Vec<Vec<Message>> = vec![Vec::new(); owners.len()];
    let mut borrowers = Vec::new();
    for number in 0..settings.accounts {
        let at = number % owners.len();
        let owner = owners[at].address();
        let account = AccountRef {
            owner: owner.into(),
            id: u16::try_from(number / owners.len()).map_err(|_| BenchError::Accounts {
                refused: settings.accounts,
            })?,
        };
        let deposited = risky.choose(&mut rng).ok_or(BenchError::Absent {
            what: "coin whose price is not a dollar",
        })?;
        // Mostly dollars, now and then another coin that moves.
        let others = risky.iter().filter(|other| other.coin != deposited.coin);
        let others: Vec<&Priced> = others.copied().collect();
        let of_others = others.choose(&mut rng).filter(|_| rng.random_bool(0.2));
        let debt = of_others.or(dollars.choose(&mut rng));
        let debt = debt.ok_or(BenchError::Absent {
            what: "coin to borrow",
        })?;
        let usd = SMALLEST * (LARGEST / SMALLEST).powf(rng.random());
        let message = ExecuteMsg::Deposit {
            account: Some(account.clone()),
            lend: Some(rng.random_bool(0.5)),
        };
        let funds = vec![coin(deposited.worth(usd), &deposited.coin.denom)];
        deposits[at].push(vault.message(owner, &message, funds)?);
        borrowers.push(Borrower {
            sender: at,
            account,
            debt: debt.coin.denom.clone(),
            part: rng.random_range(0.3..0.97),
        });
    }
    for (owner, messages) in owners.iter().zip(deposits) {
        send(owner, messages, &mut opened.refused).await?;
    }

    let mut debts: Vec<Vec<Message>> = vec![Vec::new(); owners.len()];
    for borrower in &borrowers {
        let query = QueryMsg::MaxBorrow {
            account: borrower.account.clone(),
            asset: borrower.debt.clone(),
        };
        let most: AmountResponse = vault.query(&query).await?;
        let message = ExecuteMsg::Borrow {
            account: Some(borrower.account.clone()),
            asset: borrower.debt.clone(),
            amount: Amount((most.amount.0 as f64 * borrower.part) as u128),
            to: None,
        };
        let owner = owners[borrower.sender].address();
        debts[borrower.sender].push(vault.message(owner, &message, vec![])?);
    }
    for (owner, messages) in owners.iter().zip(debts) {
        opened.accounts += send(owner, messages, &mut opened.refused).await?;
    }
    Ok(opened)
}

/// Coins that have a price from the beginning.
fn priced(replay: &Replay) -> Vec<Priced> {
    let columns = replay.table.columns.iter();
    let firsts = columns.map(|column| column.prices.first().copied().flatten());
    let coins = replay.coins().into_iter().zip(firsts);
    let priced = coins.filter_map(|(coin, price)| {
        Some(Priced {
            coin,
            price: price?,
        })
    });
    priced.collect()
}

/// Sends messages, many in a transaction; those of a refused one by themselves. Answers how many were
/// carried out.
async fn send(
    sender: &Sender,
    messages: Vec<Message>,
    refused: &mut BTreeMap<String, usize>,
) -> BenchResult<usize> {
    let mut sent = 0;
    for some in messages.chunks(AT_ONCE) {
        match sender.send(some, LIMIT).await {
            Ok(_) => {
                sent += some.len();
                continue;
            }
            Err(ChainError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
        for one in some {
            match sender.send(std::slice::from_ref(one), Gas::Simulated).await {
                Ok(_) => sent += 1,
                Err(ChainError::Refused(refusal)) => {
                    let name = refusal.reason.map_or(refusal.log, |reason| reason.name);
                    *refused.entry(name).or_default() += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(sent)
}
