//! What came of a transaction, account by account.

use std::collections::BTreeMap;

use bulwark_chain::ChainError;
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_types::vault::AccountRef;
use serde::{Deserialize, Serialize};

use super::classify::is_about_its_state;
use super::entry::Entry;

/// What a callback says that brought less than its bound.
const TOO_LITTLE_PROFIT: &str = "too_little_profit";

/// What came of a transaction that was sent, or that its simulation kept from being sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What it was to do.
    pub entry: Entry,
    /// Its hash; none if it was never sent.
    pub hash: Option<String>,
    /// Its block; none if it failed there or stands in none.
    pub height: Option<u64>,
    /// Gas that it used, if it succeeded.
    pub gas_used: Option<u64>,
    /// What came of each account.
    pub outcomes: Vec<(AccountRef, Outcome)>,
    /// What it earned.
    pub realised: Realised,
    /// Whether it was sent by an earlier run of the keeper.
    pub recovered: bool,
}

impl Report {
    /// Gas that was paid for: all that it might have used, whether it succeeded or failed in its block.
    #[must_use]
    pub const fn gas_paid(&self) -> u64 {
        let is_paid = self.gas_used.is_some() || self.realised.fee > 0;
        if is_paid { self.entry.gas_limit } else { 0 }
    }

    /// Has each account that was won bear the same part of what the transaction cost, so that their
    /// profits are what it earned.
    pub(super) fn share_costs(&mut self) {
        let won = self.outcomes.iter_mut().filter_map(|(_, outcome)| {
            if let Outcome::Won(won) = outcome {
                Some(&mut won.profit)
            } else {
                None
            }
        });
        let mut won: Vec<&mut Usd> = won.collect();
        let gross = won.iter().map(|profit| profit.0);
        let gross = gross.fold(0, i128::saturating_add);
        let cost = gross.saturating_sub(self.realised.profit.0);
        let count = i128::try_from(won.len()).unwrap_or(i128::MAX);
        let (Some(part), Some(rest)) = (cost.checked_div(count), cost.checked_rem(count)) else {
            return;
        };
        for profit in &mut won {
            profit.0 = profit.0.saturating_sub(part);
        }
        // What does not divide is the first one's.
        if let Some(first) = won.first_mut() {
            first.0 = first.0.saturating_sub(rest);
        }
    }
}

/// What a transaction earned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Realised {
    /// By asset, smallest units: what came into the keeper's wallet, less what left it. The fee is
    /// part of it: the sum over all reports is the change of the wallet.
    pub flows: BTreeMap<String, i128>,
    /// The fee's part of that, smallest units of the chain's coin for fees.
    pub fee: u128,
    /// All of it in USD, at the prices of the liquidation, with what came as shares of a pool.
    pub profit: Usd,
}

impl Realised {
    /// Adds what another transaction earned.
    pub(super) fn add(&mut self, other: &Self) {
        add_flows(&mut self.flows, &other.flows);
        self.fee = self.fee.saturating_add(other.fee);
        self.profit = Usd(self.profit.0.saturating_add(other.profit.0));
    }
}

/// What came of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The keeper liquidated it.
    Won(Won),
    /// The keeper had it written off.
    WrittenOff {},
    /// Somebody else liquidated it, or wrote it off, in between.
    LostToAnother {
        /// Who, if the chain's events tell.
        keeper: Option<String>,
        /// In which block.
        height: u64,
    },
    /// It covers its maintenance margin again, or owes nothing of the asset any more.
    Healed {},
    /// An asset of the pair has no price in force: it is stale, or halted.
    Unpriced {
        /// The refusal's name.
        name: String,
    },
    /// The keeper has less than it wanted to send, or than the fee.
    OutOfFunds {},
    /// The transaction ran out of gas.
    OutOfGas {},
    /// It would take more gas than a transaction may.
    TooMuchGas {
        /// What it would take.
        gas: u64,
    },
    /// With the gas that it really takes it earns too little.
    Unprofitable {
        /// What it would earn, USD.
        profit: Usd,
    },
    /// A contract refuses it for another reason, or a simulation in words of its own.
    Refused {
        /// The refusal's name, or whose code it has, and which.
        name: String,
        /// Its values as JSON, or those words.
        fields: String,
    },
    /// There is no contract or no route for its callback.
    Unroutable {},
    /// It did not come into a block in time, and never will.
    Expired {},
    /// No node could be asked, and nothing was sent.
    Unreached {},
    /// The chain refuses it in words of its own.
    Unknown {
        /// Whose code it is.
        codespace: String,
        /// The code.
        code: u32,
        /// The words.
        log: String,
    },
}

/// What a liquidation brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Won {
    /// Asset repaid.
    pub debt_asset: String,
    /// Smallest units repaid.
    pub repaid: Amount,
    /// Asset seized.
    pub deposit_asset: String,
    /// Smallest units that came as tokens.
    pub tokens: Amount,
    /// Smallest units that came as shares of the pool, into the keeper's account.
    pub lent: Amount,
    /// Bonus per value repaid.
    pub bonus: Fraction,
    /// Value repaid, USD.
    pub repaid_value: Usd,
    /// Value of the keeper's part of the bonus, USD.
    pub bonus_value: Usd,
    /// What it earned, USD, with its part of what gas cost: all that one transaction won is what it
    /// earned.
    pub profit: Usd,
    /// Whether the account was in distress.
    pub distressed: bool,
}

/// What may be done about an account after an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is done with, until its record or a price changes.
    Done,
    /// It failed: again when its record or a price changes, and not at once.
    Failed,
    /// It failed for what an account and its prices do not show: again, and not at once.
    Transient,
    /// No block had a chance to have it: again, and it is no failure.
    Untried,
}

impl Outcome {
    /// Of a transaction whose events cannot be read.
    pub(super) fn not_understood(error: &ChainError) -> Self {
        Self::Unknown {
            codespace: "events".into(),
            code: 0,
            log: error.to_string(),
        }
    }

    /// Of a transaction that could not be tried or handed to a node. An account that does not exist on
    /// the chain has nothing to pay the fee with.
    pub(super) const fn unsent(error: &ChainError) -> Self {
        match error {
            ChainError::NoAccount { .. } => Self::OutOfFunds {},
            _ => Self::Unreached {},
        }
    }

    /// The same of each of some accounts.
    pub(super) fn of_each<'a>(
        &self,
        accounts: impl IntoIterator<Item = &'a AccountRef>,
    ) -> Vec<(AccountRef, Self)> {
        let accounts = accounts.into_iter().cloned();
        accounts.map(|account| (account, self.clone())).collect()
    }

    /// Of a transaction that may stand in a block which no node shows any more.
    pub(super) fn untraceable(why: String) -> Self {
        Self::Unknown {
            codespace: "blocks".into(),
            code: 0,
            log: why,
        }
    }

    /// What it is called in metrics, logs and files.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Won(_) => "won",
            Self::WrittenOff {} => "written_off",
            Self::LostToAnother { .. } => "lost_to_another",
            Self::Healed {} => "healed",
            Self::Unpriced { .. } => "unpriced",
            Self::OutOfFunds {} => "out_of_funds",
            Self::OutOfGas {} => "out_of_gas",
            Self::TooMuchGas { .. } => "too_much_gas",
            Self::Unprofitable { .. } => "unprofitable",
            Self::Refused { .. } => "refused",
            Self::Unroutable {} => "unroutable",
            Self::Expired {} => "expired",
            Self::Unreached {} => "unreached",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Whether it may be for what was to be repaid and seized, and how: another pair may do, and so may
    /// other accounts of the same transaction.
    #[must_use]
    pub fn is_of_the_pair(&self) -> bool {
        match self {
            Self::Unknown { codespace, .. } => codespace != "sdk",
            // Another pair's pool may pay enough; nothing else that moves says anything of the pair.
            Self::Refused { name, .. } => name == TOO_LITTLE_PROFIT || !is_about_its_state(name),
            Self::OutOfGas {} | Self::TooMuchGas { .. } | Self::Unprofitable { .. } => true,
            Self::Won(_)
            | Self::WrittenOff {}
            | Self::LostToAnother { .. }
            | Self::Healed {}
            | Self::Unpriced { .. }
            | Self::OutOfFunds {}
            | Self::Unroutable {}
            | Self::Expired {}
            | Self::Unreached {} => false,
        }
    }

    /// What may be done about the account now.
    #[must_use]
    pub fn next(&self) -> Next {
        match self {
            Self::Won(_) | Self::WrittenOff {} | Self::LostToAnother { .. } => Next::Done,
            // What moves may have moved back, and what a pool pays shows in no record.
            Self::Refused { name, .. } if is_about_its_state(name) => Next::Transient,
            // A node's own: its mempool is full, the fee is not enough at the moment.
            Self::Unknown { codespace, .. } if codespace == "sdk" => Next::Transient,
            Self::TooMuchGas { .. }
            | Self::Unprofitable { .. }
            | Self::Refused { .. }
            | Self::Unroutable {}
            | Self::Unknown { .. } => Next::Failed,
            // A price that comes back as it was, a wallet that is filled: neither shows in the account
            // and its prices.
            Self::Healed {}
            | Self::OutOfGas {}
            | Self::Unpriced { .. }
            | Self::OutOfFunds {}
            | Self::Unreached {} => Next::Transient,
            Self::Expired {} => Next::Untried,
        }
    }
}

/// Sums over all reports of a journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// By the outcome's name: accounts.
    pub outcomes: BTreeMap<String, u64>,
    /// By asset, smallest units: the change of the keeper's wallet.
    pub flows: BTreeMap<String, i128>,
    /// Fees, smallest units; part of the flows.
    pub fees: u128,
    /// USD.
    pub profit: Usd,
}

impl Totals {
    /// Adds what came of one transaction.
    pub fn add(&mut self, other: &Self) {
        for (name, count) in &other.outcomes {
            let known = self.outcomes.entry(name.clone()).or_default();
            *known = known.saturating_add(*count);
        }
        add_flows(&mut self.flows, &other.flows);
        self.fees = self.fees.saturating_add(other.fees);
        self.profit = Usd(self.profit.0.saturating_add(other.profit.0));
    }
}

impl From<&Report> for Totals {
    fn from(report: &Report) -> Self {
        let mut outcomes = BTreeMap::new();
        for (_, outcome) in &report.outcomes {
            *outcomes.entry(outcome.name().to_owned()).or_default() += 1;
        }
        let Realised { flows, fee, profit } = report.realised.clone();
        Self {
            outcomes,
            flows,
            fees: fee,
            profit,
        }
    }
}

/// Adds flows asset by asset; what nets to nothing is left out.
pub(super) fn add_flows(sums: &mut BTreeMap<String, i128>, flows: &BTreeMap<String, i128>) {
    for (asset, flow) in flows {
        let sum = sums.entry(asset.clone()).or_default();
        *sum = sum.saturating_add(*flow);
    }
    sums.retain(|_, sum| *sum != 0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execute::entry::Kind;

    /// A transaction that has earned so many smallest units of a USD, and its accounts.
    fn report(gas_used: Option<u64>, fee: u128, profit: i128, outcomes: Vec<Outcome>) -> Report {
        let account = |id| AccountRef {
            owner: "alice".into(),
            id,
        };
        Report {
            entry: Entry {
                id: 1,
                height: 7,
                kind: Kind::Inventory,
                accounts: Vec::new(),
                sends: None,
                gas_limit: 300,
                fee: 8,
                timeout_height: 27,
                planned_profit: Usd::ZERO,
            },
            hash: None,
            height: None,
            gas_used,
            outcomes: (0..).map(account).zip(outcomes).collect(),
            realised: Realised {
                fee,
                profit: Usd(profit),
                ..Realised::default()
            },
            recovered: false,
        }
    }

    /// A seizure that was a little too small when the price had moved shut its account out for 8
    /// blocks, then 16, then 32.
    #[test]
    fn what_moves_is_tried_again_with_the_same_pair() {
        let refused = |name: &str| Outcome::Refused {
            name: name.into(),
            fields: "{}".into(),
        };
        for name in ["too_little_seized", "ratio_not_raised", "nothing_seized"] {
            let outcome = refused(name);
            assert_eq!(
                (outcome.next(), outcome.is_of_the_pair()),
                (Next::Transient, false)
            );
        }
        for (name, next) in [
            ("paused", Next::Failed),
            ("too_little_profit", Next::Transient),
        ] {
            let outcome = refused(name);
            assert_eq!((outcome.next(), outcome.is_of_the_pair()), (next, true));
        }
    }

    #[test]
    fn whoever_has_no_account_on_the_chain_is_out_of_funds() {
        let address = "wasm1a".to_owned();
        let none = ChainError::NoAccount { address };
        assert_eq!(Outcome::unsent(&none), Outcome::OutOfFunds {});
        let failures = Vec::new();
        let unreachable = ChainError::Unreachable { failures };
        assert_eq!(Outcome::unsent(&unreachable), Outcome::Unreached {});
    }

    #[test]
    fn gas_is_paid_for_in_every_block_and_nowhere_else() {
        let gas_paid = |gas_used, fee| report(gas_used, fee, 0, Vec::new()).gas_paid();
        assert_eq!(gas_paid(Some(200), 8), 300);
        assert_eq!(gas_paid(None, 8), 300, "it failed in its block");
        assert_eq!(gas_paid(None, 0), 0, "it stands in none");
    }

    #[test]
    fn what_the_accounts_earned_is_what_the_transaction_did() {
        let won = |profit| {
            Outcome::Won(Won {
                debt_asset: "uusd".into(),
                repaid: Amount(1),
                deposit_asset: "uatom".into(),
                tokens: Amount(1),
                lent: Amount(0),
                bonus: Fraction::ZERO,
                repaid_value: Usd::ZERO,
                bonus_value: Usd::ZERO,
                profit: Usd(profit),
                distressed: false,
            })
        };
        let profits = |profit, outcomes| {
            let mut report = report(Some(1), 8, profit, outcomes);
            report.share_costs();
            let of = |(_, outcome): &(AccountRef, Outcome)| match outcome {
                Outcome::Won(won) => Some(won.profit.0),
                _ => None,
            };
            report.outcomes.iter().filter_map(of).collect::<Vec<_>>()
        };
        // 100, 50 and 7 less 50 for gas: 16 each, and 2 more of the first.
        let outcomes = vec![won(100), Outcome::Healed {}, won(50), won(7)];
        assert_eq!(profits(107, outcomes), [82, 34, -9]);
        assert_eq!(profits(90, vec![won(100)]), [90]);
        assert_eq!(profits(-10, vec![Outcome::Healed {}]), [0_i128; 0]);
    }
}
