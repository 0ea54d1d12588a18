//! Invariants that have to be tried out, each on forks of the world that leave no trace.
//!
//! Whoever acts here is a stranger with freshly minted money, so that it works in any world.
//! What a world does not offer (no market that can be borrowed, say) is not checked there.

mod attack;
mod bad_input;
mod donation;
mod exit;
mod liquidations;
mod replay;
mod rescue;
mod round_trips;
mod stage;
mod strangers;

use bulwark_risk::account::Assessment;
use bulwark_risk::units::Amount;
use bulwark_types::vault::AccountRef;
use bulwark_vault::state::{ACCOUNTS, AccountRecord, Balance};

use super::Findings;
use super::book::Book;
use super::layout::{Layout, stored_key};
use super::ledger::Ledger;
use crate::World;
use crate::world::Step;

/// Accounts of one kind that are tried out at a time.
const SAMPLE: usize = 5;

/// Markets that are tried out at a time.
const MARKETS: usize = 3;

/// Who acts on forks.
const STRANGER: &str = "stranger";

/// What is tried out, and on what.
pub(crate) struct Probe<'a> {
    pub(crate) world: &'a mut World,
    /// Steps since the last audit.
    pub(crate) steps: &'a [Step],
    pub(crate) ledger: &'a Ledger,
    /// The book of the ledger with interest up to now.
    pub(crate) book: &'a Book,
    pub(crate) layout: &'a Layout,
    pub(crate) findings: &'a mut Findings,
    /// Moves samples on from one time to the next.
    pub(crate) turn: u64,
}

/// Tries everything out.
pub(crate) fn check(probe: &mut Probe<'_>) {
    replay::accrue_then_act_is_act(probe);
    round_trips::never_gain(probe);
    donation::changes_nothing(probe);
    strangers::harm_nobody(probe);
    rescue::is_all_that_is_open_below_initial(probe);
    rescue::credits_never_hurt(probe);
    exit::is_open_without_debts(probe);
    liquidations::healthy_accounts_are_safe(probe);
    liquidations::distressed_accounts_have_a_pair(probe);
    bad_input::is_named(probe);
    attack::gains_nothing(probe);
}

impl Probe<'_> {
    fn now(&self) -> u64 {
        self.world.now()
    }

    /// Some accounts of a kind, others each time.
    fn sample(
        &self,
        kind: impl Fn(&AccountRecord, Option<&Assessment>) -> bool,
    ) -> Vec<AccountRef> {
        let now = self.now();
        let count = self.ledger.accounts.len();
        let start = (self.turn as usize * SAMPLE) % count.max(1);
        let all = self.ledger.accounts.iter();
        all.cycle()
            .skip(start)
            .take(count)
            .filter(|(_, record)| kind(record, self.book.assess_owing(record, now).as_ref()))
            .map(|(account, _)| account.clone())
            .take(SAMPLE)
            .collect()
    }

    /// Some markets, others each time.
    fn markets(&self) -> Vec<u16> {
        let count = self.book.markets.len();
        let start = (self.turn as usize * MARKETS) % count.max(1);
        let all = self.book.markets.keys();
        all.cycle()
            .skip(start)
            .take(count.min(MARKETS))
            .copied()
            .collect()
    }
}

/// Whether a stranger can be given of an asset: not of a token that others mint.
fn is_minted(world: &mut World, asset: &str) -> bool {
    world.fork(|world| world.mint(STRANGER, asset, Amount(1)).is_ok())
}

/// An account's record as it is now in a world.
fn record(world: &World, account: &AccountRef) -> AccountRecord {
    let storage = world.app().contract_storage(world.vault());
    let Ok(stored) = stored_key(account) else {
        return AccountRecord::default();
    };
    let found = ACCOUNTS.may_load(storage.as_ref(), stored.key());
    found.ok().flatten().unwrap_or_default()
}

/// What an account is worth now in a world, if it owes anything.
fn assess(world: &World, account: &AccountRef) -> Option<Assessment> {
    Book::of(world)?.assess_owing(&record(world, account), world.now())
}

/// Whether an account cannot be liquidated now in a world.
fn is_safe(world: &World, account: &AccountRef) -> bool {
    assess(world, account).is_none_or(|assessment| !assessment.is_liquidatable())
}

/// Markets of the deposits in a record.
fn deposits(record: &AccountRecord) -> Vec<u16> {
    markets_where(record, |balance| matches!(balance, Balance::Deposit { .. }))
}

/// Markets of the debts in a record.
fn debts(record: &AccountRecord) -> Vec<u16> {
    markets_where(record, |balance| matches!(balance, Balance::Debt(_)))
}

fn markets_where(record: &AccountRecord, is: impl Fn(&Balance) -> bool) -> Vec<u16> {
    let positions = record.holdings.iter();
    positions
        .filter(|position| is(&position.balance))
        .map(|position| position.market)
        .collect()
}
