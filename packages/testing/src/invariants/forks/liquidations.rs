use bulwark_risk::account::{Holding, Side, Tradable};
use bulwark_risk::units::Amount;
use bulwark_types::vault::AccountRef;
use bulwark_vault::state::AccountRecord;

use super::{Probe, STRANGER, debts, deposits, record, stage};
use crate::World;
use crate::invariants::Findings;
use crate::invariants::book::Book;
use crate::invariants::layout::Layout;
use crate::invariants::ledger::Ledger;
use crate::invariants::state::{self, View};
use crate::invariants::tamper;
use crate::world::{Answer, Step, Target};

/// A liquidation price times this many percent is a few percent under water.
const UNDER_WATER: u32 = 97;

/// 11, its first half: healthy accounts cannot be liquidated, by whatever pair.
pub(super) fn healthy_accounts_are_safe(probe: &mut Probe<'_>) {
    let mut accounts = probe
        .sample(|_, assessment| assessment.is_some_and(|assessment| !assessment.is_liquidatable()));
    let broken = probe.world.fork(|world| {
        accounts.extend(stage::borrower(world, 99).map(|staged| staged.account));
        accounts.retain(|account| super::is_safe(world, account));
        if world.is_interfered(11) {
            for account in &accounts {
                tamper::divide_deposits(world, account, 2);
            }
        }
        let fell =
            |account: &&AccountRef| try_pairs(world, account).is_some_and(|tried| tried.passed());
        (
            accounts.len(),
            accounts.iter().filter(fell).cloned().collect::<Vec<_>>(),
        )
    });
    if broken.0 > 0 {
        probe.findings.check(11, broken.1.is_empty(), || {
            format!("healthy accounts were liquidated: {:?}", broken.1)
        });
    }
}

/// 11, its second half, 12, 13 and 14: some pair of priced assets liquidates every liquidatable
/// account, and what it does is in order.
pub(super) fn distressed_accounts_have_a_pair(probe: &mut Probe<'_>) {
    let accounts = probe
        .sample(|_, assessment| assessment.is_some_and(|assessment| assessment.is_liquidatable()));
    for account in accounts {
        let found = probe.world.fork(|world| try_pairs(world, &account));
        report(probe, &account, found);
    }
    let layout = probe.layout;
    let findings = &mut *probe.findings;
    let staged = probe.world.fork(|world| {
        let (staged, assessment) = stage::fallen(world, UNDER_WATER)?;
        if !assessment.is_liquidatable() {
            return None;
        }
        liquidate_and_check(world, layout, &staged, findings);
        let found = try_pairs(world, &staged.account);
        Some((staged.account, found))
    });
    // The first liquidation may have healed the account for good.
    if let Some((account, Some(found))) = staged {
        report(probe, &account, Some(found));
    }
}

fn report(probe: &mut Probe<'_>, account: &AccountRef, tried: Option<Tried>) {
    if let Some(tried) = tried {
        let AccountRef { owner, id } = account;
        probe.findings.check(11, tried.passed(), || {
            let Tried { holdings, answers } = &tried;
            format!("no pair liquidates account {id} of {owner}: {answers:?}, of {holdings:#?}")
        });
    }
}

/// What came of trying the pairs of an account.
struct Tried {
    holdings: Vec<Holding>,
    answers: Vec<Answer>,
}

impl Tried {
    fn passed(&self) -> bool {
        self.answers.iter().any(Result::is_ok)
    }
}

/// What trying every pair of priced assets answers, until one liquidates the account; none if it
/// has no such pair, or only dust, or if none does and that says nothing.
fn try_pairs(world: &mut World, account: &AccountRef) -> Option<Tried> {
    let book = Book::of(world)?;
    let held = record(world, account);
    let now = world.now();
    let holdings = book.holdings(&held, now)?;
    let priced: Vec<u16> = held
        .holdings
        .iter()
        .zip(&holdings)
        .filter(|(_, holding)| holding.quote.tradable == Tradable::Yes)
        .map(|(position, _)| position.market)
        .collect();
    let dust = book.settings.as_ref()?.parameters.liquidation.dust_value;
    // What has no price cannot be seized, however much it is worth.
    let seizable: i128 = holdings
        .iter()
        .filter(|holding| holding.side == Side::Deposit)
        .filter(|holding| holding.quote.tradable == Tradable::Yes)
        .filter_map(|holding| holding.value().ok())
        .map(|value| value.0)
        .sum();
    // A token that others mint can only be repaid by them: whether that pair works stays open.
    let mut foreign = debts(&held);
    foreign.retain(|debt| !super::is_minted(world, book.asset(*debt)));
    let pairs: Vec<(u16, u16)> = debts(&held)
        .into_iter()
        .flat_map(|debt| {
            deposits(&held)
                .into_iter()
                .map(move |deposit| (debt, deposit))
        })
        .filter(|(debt, deposit)| priced.contains(debt) && priced.contains(deposit))
        .filter(|(debt, _)| !foreign.contains(debt))
        .filter(|(debt, deposit)| is_divisible(&book, &held, *debt, *deposit))
        .collect();
    if pairs.is_empty() || seizable < dust.0 {
        return None;
    }
    let answers = Vec::new();
    let mut tried = Tried { holdings, answers };
    for (debt, deposit) in pairs {
        let answer = world.fork(|world| liquidate(world, &book, account, debt, deposit));
        tried.answers.push(answer);
        if tried.passed() {
            break;
        }
    }
    // A hedge whose other leg has no price now is not opened: the pair that would help may be
    // one of that leg's.
    let all_are_priced = priced.len() == held.holdings.len();
    (foreign.is_empty() && all_are_priced || tried.passed()).then_some(tried)
}

/// Whether a deposit is worth one smallest unit of a debt at least, and the debt one of the
/// deposit: nothing less changes hands.
fn is_divisible(book: &Book, held: &AccountRecord, debt: u16, deposit: u16) -> bool {
    let value = |market: u16| {
        let mut positions = held.holdings.iter();
        let amount = positions
            .find(|position| position.market == market)
            .and_then(|position| book.amount(position));
        amount.and_then(|(_, amount)| book.value(market, amount))
    };
    let unit = |market: u16| book.value(market, Amount(1));
    value(deposit) > unit(debt) && value(debt) > unit(deposit)
}

/// A stranger offers all that is owed.
fn liquidate(
    world: &mut World,
    book: &Book,
    account: &AccountRef,
    debt: u16,
    deposit: u16,
) -> Answer {
    let held = record(world, account);
    let mut positions = held.holdings.iter();
    let owed = positions
        .find(|position| position.market == debt)
        .and_then(|position| book.amount(position))
        .map_or(Amount(1), |(_, owed)| owed);
    let (debt, deposit) = (book.asset(debt), book.asset(deposit));
    world.mint(STRANGER, debt, owed)?;
    world.liquidate(STRANGER, account, debt, owed, deposit)
}

/// Liquidates a staged account and lets the checks of a step look at it.
fn liquidate_and_check(
    world: &mut World,
    layout: &Layout,
    staged: &stage::Staged,
    findings: &mut Findings,
) {
    let Some(book) = Book::of(world) else {
        return;
    };
    let (Some(debt), Some(deposit)) = (
        book.market_of(&staged.debt),
        book.market_of(&staged.collateral),
    ) else {
        return;
    };
    let before = world.snapshot();
    let outcome = world.fork(|world| {
        let answer = liquidate(world, &book, &staged.account, debt, deposit);
        if world.is_interfered(12) {
            tamper::divide_deposits(world, &staged.account, 2);
        }
        if world.is_interfered(13) {
            tamper::scale_debts(world, &staged.account, 1, 2);
        }
        answer.ok().map(|response| (response, world.snapshot()))
    });
    let Some((response, after)) = outcome else {
        return;
    };
    let step = Step {
        sender: world.address(STRANGER),
        target: Target::Bank,
        outcome: Ok(response),
        before,
        after,
        block: world.app().block_info(),
        tampered: false,
    };
    let Ok(mut ledger) = Ledger::read(layout, &step.before) else {
        return;
    };
    let now = world.now();
    let accrued = ledger.book.accrued(now);
    let Ok(delta) = ledger.follow(layout, &step.before, &step.after) else {
        return;
    };
    let view = View {
        step: &step,
        now,
        before: &accrued,
        after: &ledger.book.accrued(now),
        changed: &delta.accounts,
        ledger: &ledger,
        operators: &delta.operators,
    };
    state::check_liquidation(&view, findings);
}
