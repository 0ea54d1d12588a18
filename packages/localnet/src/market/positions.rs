//! Positions that users of a local network open by everyday messages, so that whoever looks at it for
//! the first time sees lenders, leverage, a hedge, a short, and accounts close to their limits.

mod wanted;

use std::path::{Path, PathBuf};

use bulwark_chain::contracts::Vault;
use bulwark_chain::{ChainError, Client, Gas, Message, Sender};
use bulwark_risk::account::Side;
use bulwark_risk::units::Amount;
use bulwark_types::oracle;
use bulwark_types::vault::{AccountRef, AccountResponse, AmountResponse, ExecuteMsg, QueryMsg};
use cosmwasm_std::coin;
use serde::{Deserialize, Serialize};

use super::reach::Reached;
use crate::error::{LocalnetError, Result};
use crate::files;
use crate::users::User;
use wanted::{Coin, Position, wanted};

/// What was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Positions {
    /// Accounts, as `OWNER/NUMBER`, with what each of them is.
    pub accounts: Vec<(String, String)>,
    /// Messages that were refused, and why: prices move, and limits may be reached.
    pub refused: Vec<String>,
}

impl Positions {
    fn file(home: &Path) -> PathBuf {
        home.join("positions.json")
    }

    /// Those of the network in this folder; none if nobody has opened any.
    ///
    /// # Errors
    /// [`LocalnetError::File`], [`LocalnetError::Form`].
    pub fn read(home: &Path) -> Result<Option<Self>> {
        let file = Self::file(home);
        if !file.exists() {
            return Ok(None);
        }
        files::read_json(&file).map(Some)
    }
}

/// Opens them, unless that was done before: whoever closes one finds it closed. What was broken off is
/// gone on with.
///
/// # Errors
/// [`LocalnetError::Chain`] if the chain does not answer, [`LocalnetError::NotDeployed`],
/// [`LocalnetError::File`].
pub async fn open_positions(home: &Path) -> Result<Positions> {
    if let Some(opened) = Positions::read(home)? {
        return Ok(opened);
    }
    let reached = Reached::read(home)?;
    let client = reached.client()?;
    let mut opening = Opening {
        vault: reached.vault(&client)?,
        opened: Positions::default(),
    };
    let positions = wanted(&opening.coins(&reached, &client).await?);
    let mut owners: Vec<User> = Vec::new();
    for position in &positions {
        if !owners.contains(&position.owner) {
            owners.push(position.owner);
        }
    }
    // Deposits first: what somebody borrows somebody else has lent.
    let mut senders = Vec::new();
    for owner in &owners {
        let sender = reached.sender(&client, owner)?;
        let mut messages = Vec::new();
        for position in positions.iter().filter(|it| it.owner == *owner) {
            messages.extend(opening.deposits(&sender, position).await?);
        }
        opening.send(&sender, messages).await?;
        senders.push(sender);
    }
    for (owner, sender) in owners.iter().zip(&senders) {
        let mut messages = Vec::new();
        for position in positions.iter().filter(|it| it.owner == *owner) {
            messages.extend(opening.debt(sender, position).await?);
        }
        opening.send(sender, messages).await?;
    }
    let names = positions.iter().map(|it| {
        let account = format!("{}/{}", it.owner.name, it.id);
        (account, it.what.to_owned())
    });
    opening.opened.accounts = names.collect();
    files::write_json(&Positions::file(home), &opening.opened)?;
    Ok(opening.opened)
}

struct Opening {
    vault: Vault,
    opened: Positions,
}

impl Opening {
    /// What the vault lists, at prices of now.
    async fn coins(&self, reached: &Reached, client: &Client) -> Result<Vec<Coin>> {
        let oracle = reached.oracle(client)?;
        let mut coins = Vec::new();
        for market in self.vault.markets().await? {
            let query = oracle::QueryMsg::Price {
                asset: market.asset.clone(),
            };
            let price: oracle::PriceResponse = oracle.query(&query).await?;
            coins.push(Coin {
                is_dollar: market.family.group == "usd",
                base: market.family.base,
                asset: market.asset,
                decimals: market.decimals,
                price: price.record.mid.to_string().parse().unwrap_or_default(),
                cap: market.limits.deposit_cap.0,
            });
        }
        Ok(coins)
    }

    async fn account(&self, sender: &Sender, position: &Position) -> Result<AccountResponse> {
        let account = reference(sender, position);
        Ok(self.vault.query(&QueryMsg::Account { account }).await?)
    }

    /// Those of a position that are not there yet.
    async fn deposits(&self, sender: &Sender, position: &Position) -> Result<Vec<Message>> {
        let there = self.account(sender, position).await?;
        let is_new = |asset: &str| there.holdings.iter().all(|it| it.asset != asset);
        let deposits = position.deposits.iter().filter(|it| is_new(&it.asset));
        let messages = deposits.map(|deposit| {
            let message = ExecuteMsg::Deposit {
                account: Some(reference(sender, position)),
                lend: Some(deposit.lend),
            };
            let funds = vec![coin(deposit.amount, &deposit.asset)];
            self.message(sender, &message, funds)
        });
        messages.collect()
    }

    /// That of a position, if it has none yet: a part of the most that can be borrowed now.
    async fn debt(&self, sender: &Sender, position: &Position) -> Result<Option<Message>> {
        let Some(debt) = &position.debt else {
            return Ok(None);
        };
        let there = self.account(sender, position).await?;
        if there.holdings.iter().any(|it| it.side == Side::Debt) {
            return Ok(None);
        }
        let query = QueryMsg::MaxBorrow {
            account: reference(sender, position),
            asset: debt.asset.clone(),
        };
        let most: AmountResponse = self.vault.query(&query).await?;
        let amount = wanted::rounded(most.amount.0 / 1_000 * debt.permille);
        if amount == 0 {
            return Ok(None);
        }
        let message = ExecuteMsg::Borrow {
            account: Some(reference(sender, position)),
            asset: debt.asset.clone(),
            amount: Amount(amount),
            to: None,
        };
        self.message(sender, &message, Vec::new()).map(Some)
    }

    fn message(
        &self,
        sender: &Sender,
        message: &ExecuteMsg,
        funds: Vec<cosmwasm_std::Coin>,
    ) -> Result<Message> {
        let written = self.vault.message(sender.address(), message, funds);
        written.map_err(LocalnetError::Message)
    }

    /// Sends messages in one transaction; if that is refused, each by itself, so that one that is
    /// refused stops no others.
    async fn send(&mut self, sender: &Sender, messages: Vec<Message>) -> Result<()> {
        if messages.is_empty() {
            return Ok(());
        }
        match sender.send(&messages, Gas::Simulated).await {
            Err(ChainError::Refused(_)) => {}
            sent => return Ok(sent.map(drop)?),
        }
        for message in messages {
            match sender.send(&[message], Gas::Simulated).await {
                Err(ChainError::Refused(refusal)) => {
                    self.opened.refused.push(refusal.to_string());
                }
                sent => drop(sent?),
            }
        }
        Ok(())
    }
}

fn reference(sender: &Sender, position: &Position) -> AccountRef {
    AccountRef {
        owner: sender.address().into(),
        id: position.id,
    }
}
