//! Where in the contracts' storage what stands: stretches of keys.

use std::fmt;

use bulwark_oracle::state::{FEEDS, POSTS, PULLED, TRACKS};
use bulwark_types::oracle::BOARDS;
use bulwark_vault::books::AccountKey;
use bulwark_vault::state::{ACCOUNTS, MARKETS, OPERATORS, SETTINGS};
use cosmwasm_std::Addr;

use crate::book::{Addresses, Contract};

/// Lengths of addresses on chains: of people, of contracts.
const ADDRESS_LENGTHS: [u16; 2] = [20, 32];

/// Each length's accounts are read in so many parts at once, by the first byte of their owner.
const PARTS: u8 = 16;

/// Up to so many accounts are read one page after the other.
const FEW: usize = 400;

/// The keys from one on and before another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Whose storage.
    pub contract: Contract,
    /// The first key.
    pub start: Vec<u8>,
    /// The key after the last one; none for all that follow.
    pub end: Option<Vec<u8>>,
}

impl Stretch {
    /// Everything that a contract stores.
    #[must_use]
    pub const fn all(contract: Contract) -> Self {
        Self {
            contract,
            start: Vec::new(),
            end: None,
        }
    }

    /// The keys that begin with some bytes.
    #[must_use]
    pub fn with_prefix(contract: Contract, prefix: Vec<u8>) -> Self {
        let mut end = prefix.clone();
        while end.last() == Some(&u8::MAX) {
            end.pop();
        }
        let end = end.split_last().map(|(last, head)| {
            let mut end = head.to_vec();
            end.push(last + 1);
            end
        });
        let start = prefix;
        Self {
            contract,
            start,
            end,
        }
    }

    /// Whether a key is among them.
    #[must_use]
    pub fn contains(&self, contract: Contract, key: &[u8]) -> bool {
        self.contract == contract && key >= self.start.as_slice() && self.is_before_end(key)
    }

    /// Whether a key comes before the end.
    #[must_use]
    pub fn is_before_end(&self, key: &[u8]) -> bool {
        self.end.as_deref().is_none_or(|end| key < end)
    }

    /// The same without the keys before one; none if nothing is left.
    #[must_use]
    pub fn from(self, start: Vec<u8>) -> Option<Self> {
        self.is_before_end(&start).then_some(Self { start, ..self })
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            contract,
            start,
            end,
        } = self;
        write!(f, "{contract} {}..", digits(start))?;
        end.as_deref()
            .map_or(Ok(()), |end| f.write_str(&digits(end)))
    }
}

/// Bytes in hexadecimal digits.
pub fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All accounts.
pub fn accounts() -> Stretch {
    let mut prefix = ACCOUNTS.raw_key(&(b"", 0));
    // Less the length of an address, and the number.
    prefix.truncate(prefix.len().saturating_sub(4));
    Stretch::with_prefix(Contract::Vault, prefix)
}

/// Grants of all owners to operators.
pub fn operators() -> Stretch {
    Stretch::with_prefix(Contract::Vault, OPERATORS.raw_key(&""))
}

/// What anybody can add records to, as many as he pays for.
pub fn unbounded() -> [Stretch; 2] {
    [accounts(), operators()]
}

/// Everything else: there is as much of it as markets and feeds need.
pub fn bounded() -> Vec<Stretch> {
    let mut all = Vec::new();
    let mut rest = Some(Stretch::all(Contract::Vault));
    for gap in unbounded() {
        let Some(stretch) = rest.take() else { break };
        rest = gap.end.and_then(|end| stretch.clone().from(end));
        let before = Stretch {
            end: Some(gap.start),
            ..stretch
        };
        all.push(before);
    }
    all.extend(rest);
    all.push(Stretch::all(Contract::Oracle));
    all
}

/// Everything, in parts that can be read side by side. Where they are cut is of no consequence.
pub fn parts() -> Vec<Stretch> {
    let (accounts, vault) = (accounts(), Stretch::all(Contract::Vault));
    let mut parts = vec![Stretch::all(Contract::Oracle)];
    parts.push(Stretch {
        end: Some(accounts.start.clone()),
        ..vault.clone()
    });
    parts.extend(parts_of(&accounts));
    parts.extend(accounts.end.and_then(|end| vault.from(end)));
    parts
}

/// All accounts, likewise; few of them in one.
pub fn accounts_in_parts(count: usize) -> Vec<Stretch> {
    let accounts = accounts();
    if count <= FEW {
        return vec![accounts];
    }
    parts_of(&accounts)
}

fn parts_of(accounts: &Stretch) -> Vec<Stretch> {
    let mut parts = Vec::new();
    let mut rest = accounts.clone();
    for length in ADDRESS_LENGTHS {
        let length = length.to_be_bytes();
        for part in 0..PARTS {
            let first = part * (u8::MAX / PARTS + 1);
            let cut = [&accounts.start, &length[..], &[first]].concat();
            parts.push(Stretch {
                end: Some(cut.clone()),
                ..rest.clone()
            });
            rest.start = cut;
        }
    }
    parts.push(rest);
    parts
}

/// All markets.
pub fn markets() -> Stretch {
    Stretch::with_prefix(Contract::Vault, namespace(MARKETS.raw_key(&0)))
}

/// All boards of the oracle.
pub fn boards() -> Stretch {
    Stretch::with_prefix(Contract::Oracle, namespace(BOARDS.raw_key(&0)))
}

/// What the oracle's messages about prices write beside the boards.
pub fn observations() -> [Stretch; 3] {
    [TRACKS.raw_key(&""), POSTS.raw_key(&""), PULLED.raw_key(&"")]
        .map(|prefix| Stretch::with_prefix(Contract::Oracle, prefix))
}

/// The oracle's configurations of feeds.
pub fn feeds() -> Stretch {
    Stretch::with_prefix(Contract::Oracle, FEEDS.raw_key(&""))
}

/// The key of an account; none if the owner is no address.
pub fn account_key(addresses: &Addresses, owner: &str, id: u16) -> Option<Vec<u8>> {
    let owner = Addr::unchecked(owner);
    let stored = AccountKey { owner, id }.stored(addresses).ok()?;
    Some(ACCOUNTS.raw_key(&stored.key()))
}

/// All accounts of an owner; none if it is no address.
pub fn accounts_of(addresses: &Addresses, owner: &str) -> Option<Stretch> {
    let prefix = namespace(account_key(addresses, owner, 0)?);
    Some(Stretch::with_prefix(Contract::Vault, prefix))
}

/// The key of an owner's grants to operators.
pub fn operators_key(owner: &str) -> Vec<u8> {
    OPERATORS.raw_key(&owner)
}

/// The key of the vault's settings.
pub const fn settings_key() -> &'static [u8] {
    SETTINGS.raw_key()
}

/// A key of number 0 without that number: what the keys of all numbers begin with.
fn namespace(mut key_of_zero: Vec<u8>) -> Vec<u8> {
    key_of_zero.truncate(key_of_zero.len().saturating_sub(2));
    key_of_zero
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_before_the_next_one() {
        let stretch = |prefix: &[u8]| Stretch::with_prefix(Contract::Vault, prefix.to_vec());
        assert_eq!(stretch(&[1, 2]).end, Some(vec![1, 3]));
        assert_eq!(stretch(&[1, 255, 255]).end, Some(vec![2]));
        assert_eq!(stretch(&[255]).end, None);
        assert!(stretch(&[1, 2]).contains(Contract::Vault, &[1, 2, 255, 255]));
        assert!(!stretch(&[1, 2]).contains(Contract::Vault, &[1, 3]));
        assert!(!stretch(&[1, 2]).contains(Contract::Oracle, &[1, 2]));
    }

    #[test]
    fn the_parts_are_everything_and_do_not_overlap() {
        let parts = parts();
        let keys = [
            vec![],
            vec![0],
            accounts().start,
            account_key(&Addresses::new("wasm"), &address(0x00), 3).unwrap(),
            account_key(&Addresses::new("wasm"), &address(0x7f), 3).unwrap(),
            account_key(&Addresses::new("wasm"), &address(0xff), 3).unwrap(),
            markets().start,
            settings_key().to_vec(),
            vec![255; 40],
        ];
        for key in keys {
            for contract in [Contract::Vault, Contract::Oracle] {
                let found = parts.iter().filter(|part| part.contains(contract, &key));
                assert_eq!(found.count(), 1, "{contract} {}", digits(&key));
            }
        }
    }

    #[test]
    fn what_is_unbounded_and_what_is_not_are_everything() {
        let stretches = [unbounded().to_vec(), bounded()].concat();
        let account = account_key(&Addresses::new("wasm"), &address(9), 0).unwrap();
        for (key, is_bounded) in [
            (vec![], true),
            (account, false),
            (markets().start, true),
            (b"\0\x06assets\0\x01".to_vec(), true),
            (operators_key(&address(9)), false),
            (settings_key().to_vec(), true),
            (vec![255; 40], true),
        ] {
            for contract in [Contract::Vault, Contract::Oracle] {
                let all = stretches.iter();
                let found: Vec<_> = all.filter(|part| part.contains(contract, &key)).collect();
                assert_eq!(found.len(), 1, "{contract} {}", digits(&key));
                let own = bounded().contains(found[0]);
                assert_eq!(own, is_bounded || contract == Contract::Oracle);
            }
        }
    }

    fn address(byte: u8) -> String {
        use cosmwasm_std::{Api, CanonicalAddr};
        let canonical = CanonicalAddr::from(vec![byte; 20]);
        let human = Addresses::new("wasm").addr_humanize(&canonical);
        human.unwrap().into_string()
    }
}
