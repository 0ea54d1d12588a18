//! What a plan consists of.

use bulwark_risk::units::{Amount, Usd};
use bulwark_types::vault::{AccountRef, AssetAmount, Callback, ExecuteMsg, Target};
use bulwark_vault::books::AccountKey;

use super::inventory::Pair;

/// What to do, and what not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Transactions, the most urgent first.
    pub actions: Vec<Action>,
    /// Accounts that nothing is done about, and why.
    pub skipped: Vec<Skipped>,
}

/// One transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// With what.
    pub means: Means,
    /// What is liquidated, in this order; one account unless it is done with inventory, none where
    /// one is written off.
    pub targets: Vec<Planned>,
    /// Gas that it takes by the model.
    pub gas: u64,
    /// What it earns, USD: gas and swaps paid; negative for a loss.
    pub profit: Usd,
}

/// With what a transaction liquidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Means {
    /// With tokens of the keeper's: these are to be sent with it.
    Inventory(AssetAmount),
    /// By a callback, with what is seized.
    Callback,
    /// With nothing: this account is written off.
    WriteOff(AccountRef),
}

/// One account of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The account.
    pub account: AccountRef,
    /// What to repay at most.
    pub debt: AssetAmount,
    /// Asset to seize.
    pub seize: String,
    /// Smallest units of it to ask for at least, tokens and shares together.
    pub min_seized: Amount,
    /// What is expected of it.
    pub expected: Expected,
    /// What the account lacks to its maintenance margin, USD.
    pub missing: Usd,
}

/// What is expected of a liquidation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Smallest units repaid.
    pub repaid: Amount,
    /// Smallest units that come as tokens.
    pub tokens: Amount,
    /// Smallest units that come as shares of the pool.
    pub lent: Amount,
    /// Value repaid, USD, rounded up.
    pub repaid_value: Usd,
    /// Value received, USD, rounded down, what shares are worth less taken off.
    pub received_value: Usd,
    /// What swaps cost, USD.
    pub swap_cost: Usd,
    /// Gas that this account adds to the transaction by the model.
    pub gas: u64,
    /// What that costs, USD.
    pub gas_cost: Usd,
    /// What this account adds to the transaction's profit, USD.
    pub profit: Usd,
    /// Whether the account is in distress.
    pub distressed: bool,
}

/// An account that nothing is done about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The account.
    pub account: AccountRef,
    /// Why.
    pub reason: SkipReason,
}

/// Why nothing is done about an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// It covers its maintenance margin.
    Healthy,
    /// The vault cannot value it.
    Unvaluable {
        /// The error in the form in which the vault displays it.
        error: String,
    },
    /// The vault refuses every pair of a debt and a deposit, or the chain did a while ago.
    Refused {
        /// The last refusal in the form in which the vault displays it; or what came of it on the chain.
        error: String,
    },
    /// Nothing is left to repay any of its debts with, and no callback will do.
    NoFunds {
        /// Assets that it owes.
        debts: Vec<String>,
    },
    /// What would be received, or is owed, can neither be kept nor swapped.
    NotSwappable,
    /// It would not earn enough.
    Unprofitable {
        /// What it would add to a transaction at best, or the transaction earn that it would be part
        /// of, USD.
        best: Usd,
    },
    /// One transaction cannot take it.
    TooMuchGas {
        /// What it would take.
        gas: u64,
    },
    /// Others lack more: it has its turn when they are done.
    Later,
}

impl SkipReason {
    /// What reasons are called in metrics and logs.
    pub const NAMES: [&'static str; 8] = [
        "healthy",
        "unvaluable",
        "refused",
        "no_funds",
        "not_swappable",
        "unprofitable",
        "too_much_gas",
        "later",
    ];

    /// What it is called in metrics and logs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Unvaluable { .. } => "unvaluable",
            Self::Refused { .. } => "refused",
            Self::NoFunds { .. } => "no_funds",
            Self::NotSwappable => "not_swappable",
            Self::Unprofitable { .. } => "unprofitable",
            Self::TooMuchGas { .. } => "too_much_gas",
            Self::Later => "later",
        }
    }
}

impl From<(AccountKey, SkipReason)> for Skipped {
    fn from((key, reason): (AccountKey, SkipReason)) -> Self {
        let account = (&key).into();
        Self { account, reason }
    }
}

impl Action {
    /// The accounts that it is about.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountRef> {
        let written_off = match &self.means {
            Means::WriteOff(account) => Some(account),
            Means::Inventory(_) | Means::Callback => None,
        };
        let targets = self.targets.iter().map(|target| &target.account);
        targets.chain(written_off)
    }

    /// The same transaction with these targets instead of all: they pay for what all of them shared.
    #[must_use]
    pub fn with(&self, targets: Vec<Planned>) -> Self {
        let gas = |targets: &[Planned]| {
            let gas = targets.iter().map(|target| target.expected.gas);
            gas.fold(0, u64::saturating_add)
        };
        let profit = |targets: &[Planned]| {
            let profits = targets.iter().map(|target| target.expected.profit.0);
            profits.fold(0, i128::saturating_add)
        };
        let shared_gas = self.gas.saturating_sub(gas(&self.targets));
        let shared_profit = self.profit.0.saturating_sub(profit(&self.targets));
        let means = match &self.means {
            Means::Inventory(sent) => {
                let needed = targets.iter().map(|target| target.debt.amount.0);
                Means::Inventory(AssetAmount {
                    asset: sent.asset.clone(),
                    amount: Amount(needed.fold(0, u128::saturating_add)),
                })
            }
            other => other.clone(),
        };
        Self {
            means,
            gas: shared_gas.saturating_add(gas(&targets)),
            profit: Usd(shared_profit.saturating_add(profit(&targets))),
            targets,
        }
    }

    /// The same as two transactions, each with some of the targets; none if there are fewer than two.
    /// What makes the chain refuse a transaction is often a token: those that seize the same asset as
    /// the first stay together.
    #[must_use]
    pub fn halves(&self) -> Option<[Self; 2]> {
        let first = self.targets.first()?;
        let (mut one, mut other): (Vec<Planned>, Vec<Planned>) = self
            .targets
            .iter()
            .cloned()
            .partition(|target| target.seize == first.seize);
        if other.is_empty() {
            other = one.split_off(one.len().div_ceil(2));
        }
        (!other.is_empty()).then(|| [self.with(one), self.with(other)])
    }

    /// What it does about one of its targets, for remembering that it does not work.
    #[must_use]
    pub fn pair(&self, target: &Planned) -> Pair {
        Pair {
            account: target.account.clone(),
            debt: target.debt.asset.clone(),
            seize: target.seize.clone(),
            by_callback: self.means == Means::Callback,
        }
    }

    /// The message to the vault. Where it liquidates with inventory, the tokens are to be sent with
    /// it: coins as funds, a CW20 token by its `send` with the like hook. `callback` says whom to call
    /// where it liquidates by one. None for an action without accounts, or without its callback.
    #[must_use]
    pub fn message(&self, callback: Option<Callback>) -> Option<ExecuteMsg> {
        let liquidate = |debt, callback| {
            let first = self.targets.first()?;
            Some(ExecuteMsg::Liquidate {
                account: first.account.clone(),
                seize: first.seize.clone(),
                min_seized: Some(first.min_seized),
                receive: None,
                to: None,
                debt,
                callback,
            })
        };
        match &self.means {
            Means::Callback => {
                let debt = self.targets.first()?.debt.clone();
                liquidate(Some(debt), Some(callback?))
            }
            Means::Inventory(_) if self.targets.len() < 2 => liquidate(None, None),
            Means::Inventory(_) => Some(ExecuteMsg::LiquidateMany {
                targets: self.targets.iter().map(Planned::target).collect(),
                receive: None,
                to: None,
            }),
            Means::WriteOff(account) => Some(ExecuteMsg::WriteOff {
                account: account.clone(),
            }),
        }
    }
}

impl Planned {
    fn target(&self) -> Target {
        Target {
            account: self.account.clone(),
            debt: self.debt.clone(),
            seize: self.seize.clone(),
            min_seized: Some(self.min_seized),
        }
    }
}
