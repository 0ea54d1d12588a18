//! Where the contracts' records stand in the storage of the embedded chain, and how they are
//! read back.

use bulwark_types::oracle::Board;
use bulwark_types::packed::unpack;
use bulwark_types::token::CW20_PREFIX;
use bulwark_types::vault::{AccountRef, OperatorGrant};
use bulwark_vault::ContractResult;
use bulwark_vault::books::{AccountKey, StoredKey};
use bulwark_vault::state::{AccountRecord, Market, MarketConfig, Settings};
use cosmwasm_std::storage_keys::to_length_prefixed_nested;
use cosmwasm_std::{Addr, Api, Coin, StdError, StdResult, Uint128};
use cw_multi_test::MockApiBech32;
use cw_storage_plus::KeyDeserialize;

use crate::World;
use crate::world::PREFIX;

/// Prefixes of what an audit reads.
pub(crate) struct Layout {
    api: MockApiBech32,
    vault: Vec<u8>,
    boards: Vec<u8>,
    /// Key of the vault's bank balance.
    purse: Vec<u8>,
    /// What follows a token contract's own prefix in the key of the vault's balance there.
    token_purse: Vec<u8>,
}

/// One record, read back. A value of none is a record that is gone.
pub(crate) enum Entry {
    Account(AccountRef, Option<AccountRecord>),
    Market(u16, Option<Market>),
    Config(Option<MarketConfig>),
    Settings(Option<Settings>),
    Board(u16, Option<Board>),
    Purse(Vec<Coin>),
    /// What the vault holds of a CW20 asset, smallest units.
    TokenPurse(String, u128),
    /// Whom an owner lets act for it.
    Operators(String, Vec<OperatorGrant>),
    /// Whether the vault is locked.
    Lock(bool),
    /// Something else of the vault.
    OtherOfVault,
    /// Something that an audit does not look at.
    Foreign,
}

impl Layout {
    pub(crate) fn of(world: &World) -> Self {
        let mut purse = to_length_prefixed_nested(&[b"bank", b"balances"]);
        purse.extend_from_slice(world.vault().as_bytes());
        let mut boards = contract_prefix(world.oracle());
        boards.extend(to_length_prefixed_nested(&[b"boards"]));
        let mut token_purse = to_length_prefixed_nested(&[b"balances"]);
        token_purse.extend_from_slice(world.vault().as_bytes());
        Self {
            api: MockApiBech32::new(PREFIX),
            vault: contract_prefix(world.vault()),
            boards,
            purse,
            token_purse,
        }
    }

    /// The key of the vault's balance at a CW20 asset's contract, which has to keep balances in
    /// a map of that name, as most do; none for a bank denom.
    pub(crate) fn token_purse(&self, asset: &str) -> Option<Vec<u8>> {
        let token = asset.strip_prefix(CW20_PREFIX)?;
        let mut key = contract_prefix(&Addr::unchecked(token));
        key.extend_from_slice(&self.token_purse);
        Some(key)
    }

    /// The CW20 asset whose contract says under this key what the vault holds.
    fn asset_of_token_purse(&self, key: &[u8]) -> Option<String> {
        let space = key.strip_suffix(self.token_purse.as_slice())?;
        let space = space.strip_prefix(to_length_prefixed_nested(&[b"wasm"]).as_slice())?;
        let space = std::str::from_utf8(space.get(2..)?).ok()?;
        let token = space.strip_prefix("contract_data/")?;
        Some(format!("{CW20_PREFIX}{token}"))
    }

    /// The prefixes of all that but the accounts.
    pub(crate) fn book_prefixes(&self) -> [Vec<u8>; 5] {
        let of_vault = |key: &[u8]| [self.vault.as_slice(), key].concat();
        let map = |namespace: &str| of_vault(&to_length_prefixed_nested(&[namespace.as_bytes()]));
        [
            map("m"),
            map("c"),
            of_vault(b"settings"),
            self.boards.clone(),
            self.purse.clone(),
        ]
    }

    /// Whether a key is one of the vault.
    pub(crate) fn is_of_vault(&self, key: &[u8]) -> bool {
        key.starts_with(&self.vault)
    }

    /// Reads an entry of the storage back.
    pub(crate) fn entry(&self, key: &[u8], value: Option<&[u8]>) -> StdResult<Entry> {
        if let Some(record) = key.strip_prefix(self.vault.as_slice()) {
            return vault_entry(&self.api, record, value);
        }
        if let Some(board) = key.strip_prefix(self.boards.as_slice()) {
            return Ok(Entry::Board(number(board)?, maybe(value)?));
        }
        if key == self.purse {
            let coins = value.map(cosmwasm_std::from_json::<Vec<Coin>>);
            return Ok(Entry::Purse(coins.transpose()?.unwrap_or_default()));
        }
        if let Some(asset) = self.asset_of_token_purse(key) {
            let held = value.map(cosmwasm_std::from_json::<Uint128>).transpose()?;
            return Ok(Entry::TokenPurse(asset, held.unwrap_or_default().u128()));
        }
        Ok(Entry::Foreign)
    }
}

/// What an account is stored under.
pub(crate) fn stored_key(account: &AccountRef) -> ContractResult<StoredKey> {
    let key = AccountKey {
        owner: Addr::unchecked(&account.owner),
        id: account.id,
    };
    key.stored(&MockApiBech32::new(PREFIX))
}

fn contract_prefix(contract: &Addr) -> Vec<u8> {
    let space = format!("contract_data/{contract}");
    to_length_prefixed_nested(&[b"wasm", space.as_bytes()])
}

fn vault_entry(api: &dyn Api, record: &[u8], value: Option<&[u8]>) -> StdResult<Entry> {
    let inside = |namespace: &str| {
        let prefix = to_length_prefixed_nested(&[namespace.as_bytes()]);
        record.strip_prefix(prefix.as_slice())
    };
    if let Some(key) = inside("a") {
        let key = AccountKey::of_stored(api, <(&[u8], u16)>::from_slice(key)?);
        let key = key.map_err(|error| StdError::msg(error.to_string()))?;
        return Ok(Entry::Account(AccountRef::from(&key), maybe(value)?));
    }
    if let Some(key) = inside("m") {
        return Ok(Entry::Market(number(key)?, maybe(value)?));
    }
    if let Some(key) = inside("c") {
        let config: Option<MarketConfig> = maybe(value)?;
        let asset = <&str>::from_slice(key)?;
        return Ok(Entry::Config(
            config.map(|config| MarketConfig { asset, ..config }),
        ));
    }
    if record == b"settings" {
        return Ok(Entry::Settings(maybe(value)?));
    }
    if let Some(owner) = inside("operators") {
        let owner = <&str>::from_slice(owner)?;
        return Ok(Entry::Operators(owner, maybe(value)?.unwrap_or_default()));
    }
    if record == b"lock" {
        return Ok(Entry::Lock(maybe(value)?.unwrap_or(false)));
    }
    Ok(Entry::OtherOfVault)
}

fn maybe<T: serde::de::DeserializeOwned>(value: Option<&[u8]>) -> StdResult<Option<T>> {
    value.map(unpack).transpose()
}

fn number(key: &[u8]) -> StdResult<u16> {
    let bytes = key
        .try_into()
        .map_err(|_| StdError::msg("a key is no number"))?;
    Ok(u16::from_be_bytes(bytes))
}
