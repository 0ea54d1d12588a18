//! What a refusal means for an account.

use std::collections::BTreeMap;

use bulwark_chain::{Phase, Refusal};
use bulwark_types::vault::AccountRef;

use super::outcome::Outcome;

/// The SDK's codes, in its codespace: for too few coins, and too little gas …
const SDK: &str = "sdk";
const INSUFFICIENT_FUNDS: u32 = 5;
const OUT_OF_GAS: u32 = 11;
/// … and for coming after the last block that may have it.
const TOO_LATE: u32 = 30;

/// How the bank says it: a simulation has the code only in these words.
const TOO_FEW_COINS: &str = "insufficient funds";
/// How the common CW20 contract does.
const TOO_FEW_TOKENS: &str = "Cannot Sub with";
const TOO_LITTLE_GAS: &str = "out of gas";

/// Characters of a node's words that are kept.
const LONGEST_LOG: usize = 500;

/// Somebody else who liquidated an account, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rival {
    /// Who, if the events tell.
    pub keeper: Option<String>,
    /// In which block.
    pub height: u64,
}

/// What others did since the state that a transaction was planned on.
pub type Rivals = BTreeMap<AccountRef, Rival>;

/// What the refusal of a transaction means for one of its accounts.
pub fn refused(account: &AccountRef, refusal: &Refusal, rivals: &Rivals) -> Outcome {
    if let Some(reason) = &refusal.reason {
        return named(account, &reason.name, &reason.fields, rivals);
    }
    let is_sdk = |code| refusal.codespace == SDK && refusal.code == code;
    if is_sdk(OUT_OF_GAS) || refusal.log.contains(TOO_LITTLE_GAS) {
        return Outcome::OutOfGas {};
    }
    if is_sdk(TOO_LATE) {
        return Outcome::Expired {};
    }
    let is_short = |words| refusal.log.contains(words);
    if is_sdk(INSUFFICIENT_FUNDS) || is_short(TOO_FEW_COINS) || is_short(TOO_FEW_TOKENS) {
        return Outcome::OutOfFunds {};
    }
    let (codespace, code, log) = (&refusal.codespace, refusal.code, shortened(&refusal.log));
    match refusal.phase {
        // Nothing was sent: what becomes of it is no question.
        Phase::Simulate => Outcome::Refused {
            name: format!("{codespace} {code}"),
            fields: log,
        },
        _ => Outcome::Unknown {
            codespace: codespace.clone(),
            code,
            log,
        },
    }
}

/// A node's words, as far as somebody reads them.
fn shortened(log: &str) -> String {
    let mut short: String = log.chars().take(LONGEST_LOG).collect();
    if short.len() < log.len() {
        short.push('…');
    }
    short
}

/// Whether a contract refuses an account for how it, its prices or a pool stand: they were otherwise
/// when it was planned, and may be so again in the next block.
pub fn is_about_its_state(name: &str) -> bool {
    matches!(
        name,
        "not_liquidatable"
            | "not_write_off"
            | "no_debt"
            | "no_deposit"
            | "nothing_seized"
            | "ratio_not_raised"
            | "too_little_seized"
            | "too_little_profit"
            | "nothing_to_swap"
            | "zero_amount"
    )
}

/// What a contract's error means for an account.
pub fn named(account: &AccountRef, name: &str, fields: &str, rivals: &Rivals) -> Outcome {
    // Whatever a contract says of an account that somebody else was faster at: that is why.
    if let Some(rival) = rivals.get(account).filter(|_| is_about_its_state(name)) {
        return Outcome::LostToAnother {
            keeper: rival.keeper.clone(),
            height: rival.height,
        };
    }
    match name {
        "not_liquidatable" | "not_write_off" | "no_debt" => Outcome::Healed {},
        "pair_unpriced" | "no_price" => Outcome::Unpriced { name: name.into() },
        // What tokens say of a balance.
        "insufficient_balance" => Outcome::OutOfFunds {},
        _ => Outcome::Refused {
            name: name.into(),
            fields: fields.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> AccountRef {
        AccountRef {
            owner: "alice".into(),
            id: 0,
        }
    }

    fn outcome(codespace: &str, code: u32, log: &str) -> Outcome {
        let refusal = Refusal::new(Phase::Deliver, codespace, code, log);
        refused(&account(), &refusal, &Rivals::new())
    }

    fn of_contract(name: &str) -> String {
        format!(
            "failed to execute message; message index: 0: {name}: a sentence {{\"a\":\"b\"}}: execute wasm contract failed"
        )
    }

    #[test]
    fn every_refusal_has_its_class() {
        let wasm = |name| outcome("wasm", 5, &of_contract(name));
        assert_eq!(wasm("not_liquidatable"), Outcome::Healed {});
        assert_eq!(wasm("no_debt"), Outcome::Healed {});
        for name in ["pair_unpriced", "no_price"] {
            assert_eq!(wasm(name), Outcome::Unpriced { name: name.into() });
        }
        assert_eq!(wasm("insufficient_balance"), Outcome::OutOfFunds {});
        let refused = Outcome::Refused {
            name: "locked".into(),
            fields: r#"{"a":"b"}"#.into(),
        };
        assert_eq!(wasm("locked"), refused);
        let short = "spendable balance 1uusd is smaller than 5uusd: insufficient funds";
        assert_eq!(outcome("sdk", 5, short), Outcome::OutOfFunds {});
        assert_eq!(outcome("sdk", 18, short), Outcome::OutOfFunds {});
        let tokens = "Overflow: Cannot Sub with 1 and 5: execute wasm contract failed";
        assert_eq!(outcome("wasm", 5, tokens), Outcome::OutOfFunds {});
        let gas = "out of gas in location: ReadFlat; gasWanted: 1, gasUsed: 2";
        assert_eq!(outcome("sdk", 11, gas), Outcome::OutOfGas {});
        let late = "block height: 42, timeout height: 41: tx timeout height";
        assert_eq!(outcome("sdk", 30, late), Outcome::Expired {});
        let other = outcome("pool", 3, "closed");
        assert!(
            matches!(other, Outcome::Unknown { code: 3, .. }),
            "{other:?}"
        );
    }

    /// A contract that is no pool was told of like a transaction whose fate nobody knows.
    #[test]
    fn what_is_only_tried_out_is_refused_in_whatever_words() {
        let refusal = Refusal::new(Phase::Simulate, "wasm", 5, "unknown variant `swap`");
        let outcome = refused(&account(), &refusal, &Rivals::new());
        let expected = Outcome::Refused {
            name: "wasm 5".into(),
            fields: "unknown variant `swap`".into(),
        };
        assert_eq!(outcome, expected);
        let refusal = Refusal::new(Phase::Simulate, "sdk", 4, "unauthorized");
        let outcome = refused(&account(), &refusal, &Rivals::new());
        assert!(outcome.is_of_the_pair(), "others go without it");
    }

    #[test]
    fn a_node_that_has_much_to_say_is_not_quoted_in_full() {
        let Outcome::Unknown { log, .. } = outcome("pool", 3, &"é".repeat(10_000)) else {
            panic!("it has no name");
        };
        assert_eq!(log.chars().count(), 501);
        let Outcome::Unknown { log, .. } = outcome("pool", 3, "closed") else {
            panic!("it has no name");
        };
        assert_eq!(log, "closed");
    }

    #[test]
    fn an_account_that_somebody_else_liquidated_is_lost_to_them() {
        let rival = Rival {
            keeper: Some("bob".into()),
            height: 7,
        };
        let rivals = Rivals::from([(account(), rival)]);
        let lost = Outcome::LostToAnother {
            keeper: Some("bob".into()),
            height: 7,
        };
        for name in ["not_liquidatable", "no_debt", "too_little_seized"] {
            assert_eq!(named(&account(), name, "{}", &rivals), lost);
        }
        let unpriced = named(&account(), "pair_unpriced", "{}", &rivals);
        assert!(matches!(unpriced, Outcome::Unpriced { .. }));
        let other = AccountRef { id: 1, ..account() };
        let healed = named(&other, "not_liquidatable", "{}", &rivals);
        assert_eq!(healed, Outcome::Healed {});
    }
}
