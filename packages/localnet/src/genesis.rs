//! The genesis file: what wasmd's `init` wrote, with funded accounts and a governance that
//! decides within seconds.

use serde_json::{Value, json};

use crate::denoms::{Coin, FEE_DENOM, FEE_HOLDING, HOLDING};
use crate::users;

/// Smallest units that each validator holds, and the part of it that it stakes.
pub(crate) const VALIDATOR_HOLDING: u128 = 2_000_000_000;
pub(crate) const STAKE: u128 = 1_000_000_000;

/// Blocks within which a validator has to sign half, or be jailed: so many that one that a test
/// stops and starts again later is still one.
const SIGNING_WINDOW: &str = "1000000";

/// How long a proposal is voted on.
const VOTING_PERIOD: &str = "2s";

/// The same of an expedited one; it has to be shorter.
const EXPEDITED_PERIOD: &str = "1s";

/// Smallest units of [`FEE_DENOM`] that a proposal needs, and that an expedited one needs.
const DEPOSIT: u128 = 1_000;
const EXPEDITED_DEPOSIT: u128 = 2_000;

/// Adds the users of [`users::ALL`] and the validators. None if the file is not of the form that
/// wasmd writes.
pub(crate) fn fund(genesis: &mut Value, coins: &[Coin], validators: &[String]) -> Option<()> {
    let mut holders: Vec<(&str, Vec<(String, u128)>)> = users::ALL
        .iter()
        .map(|user| (user.address, purse(coins)))
        .collect();
    for address in validators {
        holders.push((address, vec![(FEE_DENOM.into(), VALIDATOR_HOLDING)]));
    }
    let mut supply = std::collections::BTreeMap::<String, u128>::new();
    for (denom, amount) in holders.iter().flat_map(|(_, coins)| coins) {
        *supply.entry(denom.clone()).or_default() += amount;
    }

    let state = genesis.get_mut("app_state")?;
    *state.pointer_mut("/auth/accounts")? = holders.iter().map(|(to, _)| account(to)).collect();
    *state.pointer_mut("/bank/balances")? = holders
        .iter()
        .map(|(address, coins)| json!({ "address": address, "coins": list(coins) }))
        .collect();
    *state.pointer_mut("/bank/supply")? = list(&supply.into_iter().collect::<Vec<_>>());
    *state.pointer_mut("/slashing/params/signed_blocks_window")? = SIGNING_WINDOW.into();
    Some(())
}

/// Lets proposals be decided within seconds, for tests of what only governance may do. None if
/// the file is not of the form that wasmd writes.
pub(crate) fn hasten_governance(genesis: &mut Value) -> Option<()> {
    let deposit = |amount: u128| list(&[(FEE_DENOM.into(), amount)]);
    let governance = genesis.pointer_mut("/app_state/gov/params")?;
    for (name, value) in [
        ("voting_period", VOTING_PERIOD.into()),
        ("expedited_voting_period", EXPEDITED_PERIOD.into()),
        ("min_deposit", deposit(DEPOSIT)),
        ("expedited_min_deposit", deposit(EXPEDITED_DEPOSIT)),
    ] {
        *governance.get_mut(name)? = value;
    }
    Some(())
}

/// What each user holds, in the order of the denoms, as the bank module wants it.
fn purse(coins: &[Coin]) -> Vec<(String, u128)> {
    let mut coins: Vec<(String, u128)> = coins
        .iter()
        .map(|coin| {
            (
                coin.denom.clone(),
                HOLDING * 10u128.pow(u32::from(coin.decimals)),
            )
        })
        .collect();
    coins.push((FEE_DENOM.into(), FEE_HOLDING));
    coins.sort();
    coins
}

fn account(address: &str) -> Value {
    json!({
        "@type": "/cosmos.auth.v1beta1.BaseAccount",
        "address": address,
        "pub_key": null,
        "account_number": "0",
        "sequence": "0",
    })
}

fn list(coins: &[(String, u128)]) -> Value {
    coins
        .iter()
        .map(|(denom, amount)| json!({ "denom": denom, "amount": amount.to_string() }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::denoms;

    fn empty() -> Value {
        json!({ "app_state": {
            "auth": { "accounts": [] },
            "bank": { "balances": [], "supply": [] },
            "slashing": { "params": { "signed_blocks_window": "100" } },
        }})
    }

    #[test]
    fn the_supply_is_the_sum_of_the_balances() {
        let mut genesis = empty();
        let validators = ["wasm1a".into(), "wasm1b".into()];
        fund(&mut genesis, &denoms::coins(), &validators).unwrap();
        let bank = &genesis["app_state"]["bank"];
        let amount = |coin: &Value| coin["amount"].as_str().unwrap().parse::<u128>().unwrap();
        for coin in bank["supply"].as_array().unwrap() {
            let held: u128 = bank["balances"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|holder| holder["coins"].as_array().unwrap())
                .filter(|held| held["denom"] == coin["denom"])
                .map(amount)
                .sum();
            assert_eq!(held, amount(coin), "{}", coin["denom"]);
        }
        let holders = users::ALL.len() + 2;
        let accounts = &genesis["app_state"]["auth"]["accounts"];
        assert_eq!(accounts.as_array().unwrap().len(), holders);
    }

    #[test]
    fn a_genesis_of_another_form_is_noticed() {
        let mut other = json!({ "app_state": {} });
        assert!(fund(&mut other, &[], &[]).is_none());
        assert!(hasten_governance(&mut other).is_none());
    }
}
