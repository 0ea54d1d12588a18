//! Writes into the contracts' raw storage, as only a broken contract could.

use bulwark_types::oracle::{BOARDS, PriceRecord};
use bulwark_types::packed::PackedMap;
use bulwark_types::vault::AccountRef;
use bulwark_vault::state::{
    ACCOUNTS, ASSETS, AccountRecord, Balance, MARKET_CONFIGS, MARKETS, Market, MarketConfig,
};
use cosmwasm_std::Addr;
use cw_storage_plus::{KeyDeserialize, PrimaryKey};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::layout::stored_key;
use crate::World;

/// Edits a market's totals.
pub(crate) fn market(world: &mut World, id: u16, edit: impl FnOnce(&mut Market)) {
    let vault = world.vault().clone();
    rewrite(world, &vault, &MARKETS, id, edit);
}

/// Edits a market's configuration.
pub(crate) fn config(world: &mut World, id: u16, edit: impl FnOnce(&mut MarketConfig)) {
    let vault = world.vault().clone();
    let storage = world.app().contract_storage(&vault);
    let Ok(asset) = ASSETS.load(storage.as_ref(), id) else {
        return;
    };
    drop(storage);
    rewrite(world, &vault, &MARKET_CONFIGS, &asset, edit);
}

/// Edits an account.
pub(crate) fn account(
    world: &mut World,
    account: &AccountRef,
    edit: impl FnOnce(&mut AccountRecord),
) {
    let vault = world.vault().clone();
    if let Ok(stored) = stored_key(account) {
        rewrite(world, &vault, &ACCOUNTS, stored.key(), edit);
    }
}

/// Divides everything that an account has deposited.
pub(crate) fn divide_deposits(world: &mut World, of: &AccountRef, by: u128) {
    account(world, of, |record| {
        for position in &mut record.holdings {
            if let Balance::Deposit { idle, lent } = &mut position.balance {
                idle.0 /= by;
                lent.0 /= by;
            }
        }
    });
}

/// Sets the debts of an account to a part of what they are.
pub(crate) fn scale_debts(world: &mut World, of: &AccountRef, part: u128, whole: u128) {
    account(world, of, |record| {
        for position in &mut record.holdings {
            if let Balance::Debt(shares) = &mut position.balance {
                shares.0 = shares.0 / whole * part;
            }
        }
    });
}

/// Edits the price record of a market's asset.
pub(crate) fn price(world: &mut World, id: u16, edit: impl FnOnce(&mut PriceRecord)) {
    let (vault, oracle) = (world.vault().clone(), world.oracle().clone());
    let slot = {
        let storage = world.app().contract_storage(&vault);
        MARKETS
            .load(storage.as_ref(), id)
            .ok()
            .map(|market| market.slot)
    };
    let Some(slot) = slot else {
        return;
    };
    rewrite(world, &oracle, &BOARDS, slot.board, |board| {
        let record = board.records.get_mut(usize::from(slot.slot));
        if let Some(Some(record)) = record {
            edit(record);
        }
    });
}

/// Loads, edits and saves an entry; leaves alone what is not there.
fn rewrite<'a, K, T>(
    world: &mut World,
    contract: &Addr,
    map: &PackedMap<K, T>,
    key: K,
    edit: impl FnOnce(&mut T),
) where
    K: PrimaryKey<'a> + KeyDeserialize,
    T: Serialize + DeserializeOwned,
{
    let mut storage = world.app_mut().contract_storage_mut(contract);
    if let Ok(Some(mut value)) = map.may_load(storage.as_ref(), key.clone()) {
        edit(&mut value);
        // A value that was just read can be written.
        let _ = map.save(storage.as_mut(), key, &value);
    }
}
