//! Which records may have changed: from events to keys.
//!
//! | event | records |
//! |---|---|
//! | vault was called (`execute`, `reply`) | all markets: interest of none is added without an event |
//! | deposit, withdraw, lend, recall, borrow, repay, bad debt, dust | the account |
//! | liquidation | the account; where not all left as tokens, all accounts of the keeper, and one that may be anybody's |
//! | transfer | both accounts |
//! | operator | the owner's grants |
//! | accrual, reserve, call, skip | nothing beyond the markets |
//! | market, change, ownership, pause | all but the accounts and the grants |
//! | oracle was called | boards, posts, answers of sources, tracks: a post may have no event |
//! | price, source | nothing beyond these |
//! | halt | the feeds, too |
//! | change, ownership of the oracle | everything of the oracle |
//! | anything else: created, migrated, an event that this program does not know | everything |
//!
//! A keeper can have what it seizes put into any account, and no event says into which. It is nearly
//! always its own; [`Touched::is_anybodys`] says that it may be another one.

use std::collections::BTreeSet;

use bulwark_chain::events::attribute;
use bulwark_types::events::{
    Accrued, BadDebtAbsorbed, Borrowed, Called, ChangeMoved, Deposited, DustCollected, FeedHalted,
    Lent, Liquidated, LiquidationSkipped, MarketChanged, OperatorMoved, OwnershipMoved, PauseMoved,
    PriceMoved, Recalled, Repaid, ReserveCollected, SourceAsked, Transferred, Withdrawn,
};
use cosmwasm_std::{Addr, Event};

use super::layout::{self, Stretch};
use crate::book::{Addresses, Contract, Deployment};

/// What the chain calls that a contract was called, and that it was called back.
const CALLS: [&str; 2] = ["execute", "reply"];

/// Where the contracts stand, to tell their events from those of others.
#[derive(Clone, Debug)]
pub struct Places {
    vault: Addr,
    oracle: Addr,
    addresses: Addresses,
}

/// What an event says of the records.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// The vault's markets.
    Markets,
    /// The account of `owner` and `id`.
    Account,
    /// That one, and the one of `to_owner` and `to_id`.
    TwoAccounts,
    /// That one, and the one that received what did not leave as tokens.
    Liquidation,
    /// The grants of `owner`.
    Operators,
    /// Everything of the vault that is not its users'.
    Settings,
    /// What the oracle's messages about prices write.
    Prices,
    /// That, and the configurations of feeds.
    Feeds,
    /// Everything of the oracle.
    Oracle,
}

const OF_VAULT: [(&str, Rule); 19] = [
    (Deposited::TYPE, Rule::Account),
    (Withdrawn::TYPE, Rule::Account),
    (Lent::TYPE, Rule::Account),
    (Recalled::TYPE, Rule::Account),
    (Borrowed::TYPE, Rule::Account),
    (Repaid::TYPE, Rule::Account),
    (Liquidated::TYPE, Rule::Liquidation),
    (BadDebtAbsorbed::TYPE, Rule::Account),
    (DustCollected::TYPE, Rule::Account),
    (Transferred::TYPE, Rule::TwoAccounts),
    (OperatorMoved::TYPE, Rule::Operators),
    (LiquidationSkipped::TYPE, Rule::Markets),
    (Called::TYPE, Rule::Markets),
    (Accrued::TYPE, Rule::Markets),
    (ReserveCollected::TYPE, Rule::Markets),
    (MarketChanged::TYPE, Rule::Settings),
    (ChangeMoved::TYPE, Rule::Settings),
    (PauseMoved::TYPE, Rule::Settings),
    (OwnershipMoved::TYPE, Rule::Settings),
];

const OF_ORACLE: [(&str, Rule); 5] = [
    (PriceMoved::TYPE, Rule::Prices),
    (SourceAsked::TYPE, Rule::Prices),
    (FeedHalted::TYPE, Rule::Feeds),
    (ChangeMoved::TYPE, Rule::Oracle),
    (OwnershipMoved::TYPE, Rule::Oracle),
];

/// The records that may have changed.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// Single ones.
    pub keys: BTreeSet<(Contract, Vec<u8>)>,
    /// Stretches of them.
    pub stretches: BTreeSet<Stretch>,
    /// Whether an account has changed that may be anybody's.
    pub is_anybodys: bool,
    /// The event because of which everything has to be read anew, if there is one: its type.
    pub unknown: Option<String>,
}

impl Places {
    /// Of a deployment.
    #[must_use]
    pub fn of(deployment: &Deployment) -> Self {
        Self {
            vault: deployment.vault.clone(),
            oracle: deployment.oracle.clone(),
            addresses: Addresses::new(&deployment.prefix),
        }
    }

    /// Whose event it is; none if it is of neither contract.
    #[must_use]
    pub fn emitter(&self, event: &Event) -> Option<Contract> {
        let address = attribute(event, "_contract_address")?;
        if address == self.vault.as_str() {
            Some(Contract::Vault)
        } else if address == self.oracle.as_str() {
            Some(Contract::Oracle)
        } else {
            None
        }
    }
}

impl Touched {
    /// Whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.stretches.is_empty() && self.unknown.is_none()
    }

    /// Whether a record is among them.
    #[must_use]
    pub fn covers(&self, contract: Contract, key: &[u8]) -> bool {
        self.unknown.is_some()
            || (self.is_anybodys && layout::accounts().contains(contract, key))
            || self.keys.contains(&(contract, key.to_vec()))
            || self.stretches.iter().any(|all| all.contains(contract, key))
    }

    /// Adds what an event of the chain says; nothing if it is of neither contract.
    pub fn note(&mut self, places: &Places, event: &Event) {
        let Some(contract) = places.emitter(event) else {
            return;
        };
        let known = rule(contract, &event.ty).and_then(|rule| self.apply(places, rule, event));
        if known.is_none() {
            self.unknown = Some(event.ty.clone());
        }
    }

    /// None for an event without what it has to say.
    fn apply(&mut self, places: &Places, rule: Rule, event: &Event) -> Option<()> {
        let mut account = |owner, id| {
            let id = attribute(event, id)?.parse().ok()?;
            let key = layout::account_key(&places.addresses, attribute(event, owner)?, id)?;
            self.keys.insert((Contract::Vault, key));
            Some(())
        };
        match rule {
            Rule::Markets => {}
            Rule::Account => account("owner", "id")?,
            Rule::TwoAccounts => {
                account("owner", "id")?;
                account("to_owner", "to_id")?;
            }
            Rule::Liquidation => {
                account("owner", "id")?;
                let amount = |name| attribute(event, name)?.parse::<u128>().ok();
                let left = amount("tokens")?.saturating_add(amount("protocol_fee")?);
                if left < amount("seized")? {
                    let keeper = attribute(event, "keeper")?;
                    let own = layout::accounts_of(&places.addresses, keeper)?;
                    self.stretches.insert(own);
                    self.is_anybodys = true;
                }
            }
            Rule::Operators => {
                let key = layout::operators_key(attribute(event, "owner")?);
                self.keys.insert((Contract::Vault, key));
            }
            Rule::Settings => {
                let all = layout::bounded().into_iter();
                let own = all.filter(|stretch| stretch.contract == Contract::Vault);
                self.stretches.extend(own);
            }
            Rule::Prices => self.prices(),
            Rule::Feeds => {
                self.prices();
                self.stretches.insert(layout::feeds());
            }
            Rule::Oracle => {
                self.stretches.insert(Stretch::all(Contract::Oracle));
            }
        }
        if places.emitter(event) == Some(Contract::Vault) {
            self.stretches.insert(layout::markets());
        }
        Some(())
    }

    fn prices(&mut self) {
        self.stretches.insert(layout::boards());
        self.stretches.extend(layout::observations());
    }

    /// Stretches without those that lie within others.
    #[must_use]
    pub fn distinct_stretches(&self) -> Vec<Stretch> {
        let within = |one: &Stretch, other: &Stretch| {
            one != other
                && one.contract == other.contract
                && one.start >= other.start
                && match (&one.end, &other.end) {
                    (_, None) => true,
                    (None, Some(_)) => false,
                    (Some(one), Some(other)) => one <= other,
                }
        };
        let all = self.stretches.iter();
        let outer = all.filter(|one| !self.stretches.iter().any(|other| within(one, other)));
        outer.cloned().collect()
    }
}

fn rule(contract: Contract, kind: &str) -> Option<Rule> {
    let (call, table): (_, &[(&str, Rule)]) = match contract {
        Contract::Vault => (Rule::Markets, &OF_VAULT),
        Contract::Oracle => (Rule::Prices, &OF_ORACLE),
    };
    if CALLS.contains(&kind) {
        return Some(call);
    }
    let own = kind.strip_prefix("wasm-")?;
    let found = table.iter().find(|(name, _)| *name == own);
    found.map(|(_, rule)| *rule)
}

#[cfg(test)]
mod tests {
    use bulwark_types::events::PaidOut;

    use super::*;

    fn noted(event: Event) -> Touched {
        let places = Places::of(&Deployment {
            vault: Addr::unchecked("vault"),
            oracle: Addr::unchecked("oracle"),
            prefix: "wasm".into(),
            chain_id: "chain".into(),
        });
        let mut touched = Touched::default();
        touched.note(&places, &event);
        touched
    }

    fn event(kind: &str, contract: &str) -> Event {
        Event::new(kind).add_attribute("_contract_address", contract)
    }

    fn owner() -> String {
        use cosmwasm_std::Api;
        let owner = Addresses::new("wasm").addr_humanize(&vec![7; 20].into());
        owner.unwrap().into_string()
    }

    #[test]
    fn events_of_others_say_nothing() {
        assert!(noted(event("wasm-bulwark-deposit", "other")).is_empty());
        assert!(noted(Event::new("transfer")).is_empty());
    }

    #[test]
    fn an_account_is_named_by_its_owner_and_number() {
        let lent = event("wasm-bulwark-lend", "vault").add_attribute("owner", owner());
        let touched = noted(lent.clone().add_attribute("id", "3"));
        let key = |id| layout::account_key(&Addresses::new("wasm"), &owner(), id).unwrap();
        assert!(touched.covers(Contract::Vault, &key(3)));
        assert!(!touched.covers(Contract::Vault, &key(4)));
        assert!(touched.covers(Contract::Vault, &layout::markets().start));
        assert!(!touched.covers(Contract::Vault, layout::settings_key()));
        // Without its number it could be any.
        assert_eq!(noted(lent).unknown.as_deref(), Some("wasm-bulwark-lend"));
    }

    #[test]
    fn a_call_of_the_vault_without_any_event_may_move_markets() {
        for call in CALLS {
            let touched = noted(event(call, "vault"));
            assert!(touched.covers(Contract::Vault, &layout::markets().start));
            let touched = noted(event(call, "oracle"));
            assert!(touched.covers(Contract::Oracle, &layout::boards().start));
        }
    }

    #[test]
    fn what_is_not_known_may_have_changed_everything() {
        for kind in [
            "migrate",
            "sudo",
            "wasm",
            "wasm-bulwark-news",
            "update_contract_admin",
        ] {
            for contract in ["vault", "oracle"] {
                assert_eq!(noted(event(kind, contract)).unknown.as_deref(), Some(kind));
            }
        }
        // An event of the vault's does not come from the oracle.
        assert!(
            noted(event("wasm-bulwark-price", "vault"))
                .unknown
                .is_some()
        );
    }

    /// Told by contracts beside vault and oracle.
    const OF_OTHERS: [&str; 1] = [PaidOut::TYPE];

    /// What stands between quotation marks after an equals sign, in the declaration of events.
    fn declared() -> Vec<&'static str> {
        let lines = include_str!("../../../types/src/events.rs").lines();
        let types = lines.filter_map(|line| line.split_once(" = \"bulwark-")?.1.split_once('"'));
        types.map(|(name, _)| name).collect()
    }

    #[test]
    fn whatever_a_contract_can_tell_is_in_the_table() {
        assert!(declared().len() > 20, "{:?}", declared());
        let mut told = Vec::new();
        for name in declared() {
            if OF_OTHERS.contains(&format!("bulwark-{name}").as_str()) {
                continue;
            }
            let kind = format!("wasm-bulwark-{name}");
            let known = [Contract::Vault, Contract::Oracle].map(|all| rule(all, &kind).is_some());
            assert_ne!(known, [false; 2], "no rule for {kind}");
            told.push(format!("bulwark-{name}"));
        }
        for (name, _) in OF_VAULT.iter().chain(&OF_ORACLE) {
            assert!(told.iter().any(|told| told == name), "{name} is never told");
        }
    }

    #[test]
    fn a_stretch_within_another_is_read_with_it() {
        let events = ["wasm-bulwark-halt", "wasm-bulwark-change"].map(|kind| event(kind, "oracle"));
        let mut touched = noted(events[0].clone());
        assert_eq!(touched.distinct_stretches().len(), 5);
        touched.stretches.extend(noted(events[1].clone()).stretches);
        assert_eq!(
            touched.distinct_stretches(),
            [Stretch::all(Contract::Oracle)]
        );
    }
}
