//! Keepers: liquidations in every form, and write-offs.

use bulwark_risk::account::Assessment;
use bulwark_risk::units::Amount;
use bulwark_test_keeper::msg::CallbackData;
use bulwark_types::vault::{AccountRef, AssetAmount, Callback, ExecuteMsg, Receive, Target};
use cosmwasm_std::{Coin, to_json_binary};

use super::Row;
use crate::act::Act;
use crate::author::Author;
use crate::sight::Sight;

pub const ROWS: &[Row] = &[
    (10, 190, liquidate),
    (10, 220, by_callback),
    (3, 50, liquidate_many),
    (3, 75, liquidate_many_with_tokens),
    (30, 320, write_off),
    (6, 60, ruin),
    (8, 120, liquidate_with_tokens),
];

/// What a keeper asks for.
pub struct Wish {
    pub account: AccountRef,
    pub seize: String,
    pub min_seized: Option<Amount>,
    pub receive: Option<Receive>,
    pub to: Option<AccountRef>,
}

impl Wish {
    /// Nothing but an account and what to seize of it.
    pub fn plain(account: AccountRef, seize: String) -> Self {
        Self {
            account,
            seize,
            min_seized: None,
            receive: None,
            to: None,
        }
    }

    /// The message that asks for it, with a coin or with tokens.
    pub fn paying(self, keeper: String, asset: &str, offered: Amount) -> Option<Act> {
        Author::paying(keeper, asset, offered, self.message(None, None))
    }

    /// The message that asks for it without a payment: a callback is to bring it, if there is one.
    pub fn owing(self, keeper: String, debt: AssetAmount, callback: Option<Callback>) -> Act {
        Author::plain(keeper, self.message(Some(debt), callback))
    }

    fn message(self, debt: Option<AssetAmount>, callback: Option<Callback>) -> ExecuteMsg {
        ExecuteMsg::Liquidate {
            account: self.account,
            seize: self.seize,
            min_seized: self.min_seized,
            receive: self.receive,
            to: self.to,
            debt,
            callback,
        }
    }
}

/// A liquidatable account with a debt and a deposit.
struct Victim {
    account: AccountRef,
    debt: u16,
    owed: Amount,
    deposit: u16,
}

fn victims(author: &mut Author, sight: &Sight<'_>) -> Vec<Victim> {
    let risky = sight
        .borrowers_that(Assessment::is_liquidatable)
        .into_iter();
    risky
        .filter_map(|account| {
            let (debt, owed) = *author.dice.pick(&sight.debts(&account))?;
            let (deposit, _, _) = *author.dice.pick(&sight.deposits(&account))?;
            Some(Victim {
                account,
                debt,
                owed,
                deposit,
            })
        })
        .collect()
}

fn victim(author: &mut Author, sight: &Sight<'_>) -> Option<Victim> {
    let mut victims = victims(author, sight);
    let at = author.dice.between(0, victims.len().max(1) as u64 - 1) as usize;
    (at < victims.len()).then(|| victims.swap_remove(at))
}

fn receive(author: &mut Author) -> Option<Receive> {
    let ways = [None, Some(Receive::Tokens), Some(Receive::Account)];
    author.dice.pick(&ways).copied().flatten()
}

/// An account of the keeper's own, or its default.
fn into(author: &mut Author) -> Option<AccountRef> {
    author.dice.chance(30).then(|| AccountRef {
        owner: author.cast.keeper.clone(),
        id: author.dice.between(0, 3) as u16,
    })
}

fn liquidate(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let victim = victim(author, sight)?;
    let offered = author.dice.part(victim.owed);
    let (seize, asset) = (
        sight.book.asset(victim.deposit),
        sight.book.asset(victim.debt),
    );
    let mut wish = Wish::plain(victim.account, seize.to_owned());
    (wish.receive, wish.to) = (receive(author), into(author));
    wish.paying(author.cast.keeper.clone(), asset, offered)
}

/// An account that owes a token.
fn liquidate_with_tokens(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let mut found = Vec::new();
    for victim in victims(author, sight) {
        let debts = sight.debts(&victim.account);
        let tokens = debts
            .into_iter()
            .filter(|(debt, _)| sight.book.asset(*debt).starts_with("cw20:"));
        found.extend(
            tokens.map(|(debt, owed)| (victim.account.clone(), debt, owed, victim.deposit)),
        );
    }
    let (account, debt, owed, deposit) = author.dice.pick(&found)?.clone();
    let offered = author.dice.part(owed);
    let mut wish = Wish::plain(account, sight.book.asset(deposit).to_owned());
    (wish.receive, wish.to) = (receive(author), into(author));
    let asset = sight.book.asset(debt);
    wish.paying(author.cast.keeper.clone(), asset, offered)
}

/// By the keeper's contract, at a pool that has both assets.
fn by_callback(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let victims = victims(author, sight);
    let pools = author.cast.pools.clone();
    let pairs: Vec<(AccountRef, u16, Amount, u16, &String)> = victims
        .iter()
        .flat_map(|victim| {
            let debts = sight.debts(&victim.account);
            let deposits = sight.deposits(&victim.account);
            let pools = &pools;
            debts.into_iter().flat_map(move |(debt, owed)| {
                let deposits = deposits.clone();
                deposits.into_iter().filter_map(move |(deposit, _, _)| {
                    let (a, b) = (sight.book.asset(debt), sight.book.asset(deposit));
                    let is_pair =
                        |one: &str, other: &str| (one, other) == (a, b) || (one, other) == (b, a);
                    let pool = pools.iter().find(|(_, one, other)| is_pair(one, other))?;
                    Some((victim.account.clone(), debt, owed, deposit, &pool.0))
                })
            })
        })
        .collect();
    let (account, debt, owed, deposit, pool) = author.dice.pick(&pairs)?.clone();
    let amount = author.dice.part(owed);
    let data = to_json_binary(&CallbackData { pool: pool.clone() });
    let mut wish = Wish::plain(account, sight.book.asset(deposit).into());
    wish.receive = author.dice.chance(50).then_some(Receive::Tokens);
    wish.to = into(author);
    let debt = AssetAmount {
        asset: sight.book.asset(debt).into(),
        amount,
    };
    let callback = Callback {
        contract: author.cast.keeper_contract.clone(),
        data: data.ok()?,
    };
    Some(wish.owing(author.cast.keeper.clone(), debt, Some(callback)))
}

/// Several targets, healthy ones among them at times, the same one twice at times.
fn targets(
    author: &mut Author,
    sight: &Sight<'_>,
    debt_is: impl Fn(&str) -> bool,
) -> Option<Vec<Target>> {
    let mut targets = Vec::new();
    let borrowers = sight.borrowers();
    let is_worth_it = borrowers
        .iter()
        .any(|(_, assessment)| assessment.is_liquidatable());
    if !is_worth_it && !author.dice.chance(5) {
        return None;
    }
    for (account, assessment) in borrowers.iter().cloned() {
        if !assessment.is_liquidatable() && !author.dice.chance(15) {
            continue;
        }
        let mut debts = sight.debts(&account);
        debts.retain(|(debt, _)| debt_is(sight.book.asset(*debt)));
        let Some((debt, owed)) = author.dice.pick(&debts).copied() else {
            continue;
        };
        let Some((deposit, _, _)) = author.dice.pick(&sight.deposits(&account)).copied() else {
            continue;
        };
        targets.push(Target {
            account,
            debt: AssetAmount {
                asset: sight.book.asset(debt).into(),
                amount: author.dice.part(owed),
            },
            seize: sight.book.asset(deposit).into(),
            min_seized: author.dice.chance(10).then(|| author.dice.part(owed)),
        });
    }
    if author.dice.chance(10) {
        targets.extend(targets.first().cloned());
    }
    targets.truncate(8);
    (!targets.is_empty()).then_some(targets)
}

fn liquidate_many(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let is_coin = |asset: &str| !asset.starts_with("cw20:");
    let targets = targets(author, sight, is_coin)?;
    let mut funds: Vec<Coin> = Vec::new();
    for target in &targets {
        let AssetAmount { asset, amount } = &target.debt;
        if funds.iter().all(|coin| coin.denom != *asset) {
            funds.push(Coin::new(amount.0 + 7, asset));
        }
    }
    funds.sort_by(|one, other| one.denom.cmp(&other.denom));
    let message = ExecuteMsg::LiquidateMany {
        targets,
        receive: receive(author),
        to: into(author),
    };
    Some(Author::with(author.cast.keeper.clone(), message, funds))
}

fn liquidate_many_with_tokens(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let tokens: Vec<String> = sight
        .book
        .configs
        .values()
        .map(|config| config.asset.clone())
        .filter(|asset| asset.starts_with("cw20:"))
        .collect();
    let token = author.dice.pick(&tokens)?.clone();
    let targets = targets(author, sight, |asset| asset == token)?;
    let offered: u128 = targets.iter().map(|target| target.debt.amount.0).sum();
    let message = ExecuteMsg::LiquidateMany {
        targets,
        receive: receive(author),
        to: into(author),
    };
    let keeper = author.cast.keeper.clone();
    Author::paying(keeper, &token, Amount(offered), message)
}

/// An insolvent account with dust for deposits.
fn write_off(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let dust = sight
        .book
        .settings
        .as_ref()?
        .parameters
        .liquidation
        .dust_value;
    let hopeless = sight
        .borrowers_that(|assessment| assessment.equity.is_negative() && assessment.deposits < dust);
    let account = author.dice.pick(&hopeless)?.clone();
    let sender = author.cast.stranger.clone();
    Some(Author::plain(sender, ExecuteMsg::WriteOff { account }))
}

/// An insolvent account is closed down to dust, so that a write-off can follow.
fn ruin(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let hopeless = sight.borrowers_that(|assessment| assessment.equity.is_negative());
    let account = author.dice.pick(&hopeless)?.clone();
    let (deposit, idle, lent) = *author.dice.pick(&sight.deposits(&account))?;
    let (debt, owed) = *author.dice.pick(&sight.debts(&account))?;
    let held = sight.usd(deposit, Amount(idle.0 + lent.0));
    let leave = author.dice.real(1.0, 45.0);
    let offered = sight.worth(debt, (held - leave) / 1.01)?.min(owed);
    let asset = sight.book.asset(debt);
    let wish = Wish::plain(account, sight.book.asset(deposit).to_owned());
    wish.paying(author.cast.keeper.clone(), asset, offered)
}
