//! Sets an account up that borrows, in whatever world this is.

use bulwark_risk::account::Assessment;
use bulwark_risk::units::{Amount, Fraction, Price};
use bulwark_risk::wide::mul_floor;
use bulwark_types::vault::AccountRef;

use super::assess;
use crate::World;
use crate::invariants::book::Book;

/// Collateral of the account, USD.
const COLLATERAL: u32 = 10_000;

/// What somebody lends to the pool, so that it can be borrowed, USD.
const LENT: u32 = 50_000;

const BORROWER: &str = "staged-borrower";
const LENDER: &str = "staged-lender";

/// An account that owes one asset on another.
pub(super) struct Staged {
    pub(super) account: AccountRef,
    pub(super) collateral: String,
    pub(super) debt: String,
    /// Smallest units.
    pub(super) borrowed: Amount,
}

/// Sets an account up that borrows `percent` of what it can; none where no pair of markets
/// lets it.
pub(super) fn borrower(world: &mut World, percent: u32) -> Option<Staged> {
    // Prices may have grown old since they were posted; what the oracle refuses stays old.
    let _ = world.repost();
    let book = Book::of(world)?;
    let ids: Vec<u16> = book.markets.keys().copied().collect();
    // Moving collateral against a quiet debt is the plainest case, so it is tried first: the
    // first market is usually the quiet one.
    let pairs = ids
        .iter()
        .rev()
        .flat_map(|c| ids.iter().map(move |d| (*c, *d)));
    let now = world.now();
    let pairs = pairs.filter(|(collateral, debt)| {
        collateral != debt
            && takes_deposits(&book, *collateral, COLLATERAL, now)
            && takes_deposits(&book, *debt, LENT, now)
            && lends(&book, *debt)
    });
    for (collateral, debt) in pairs {
        let checkpoint = (world.snapshot(), world.app().block_info());
        if let Some(staged) = borrow(world, &book, collateral, debt, percent) {
            return Some(staged);
        }
        world.storage().restore(checkpoint.0);
        world.app_mut().set_block(checkpoint.1);
    }
    None
}

/// Whether a market would take so many USD of deposits, pauses aside: what it surely refuses
/// need not be tried.
fn takes_deposits(book: &Book, market: u16, usd: u32, now: u64) -> bool {
    let (Some(totals), Some(config)) = (book.markets.get(&market), book.configs.get(&market))
    else {
        return false;
    };
    let has_room = book.worth(market, usd).is_some_and(|amount| {
        totals.idle.0 + totals.pool.supplied.0 + amount.0 <= config.limits.deposit_cap.0
    });
    let is_openable = book
        .price(market)
        .is_some_and(|price| price.is_openable(now));
    config.deposit_enabled && is_openable && has_room && !totals.pool.is_wiped_out()
}

/// Whether a market can be borrowed, pauses aside.
fn lends(book: &Book, market: u16) -> bool {
    let (Some(totals), Some(config)) = (book.markets.get(&market), book.configs.get(&market))
    else {
        return false;
    };
    config.borrow_enabled && totals.pool.borrowed < config.limits.borrow_cap
}

fn borrow(
    world: &mut World,
    book: &Book,
    collateral: u16,
    debt: u16,
    percent: u32,
) -> Option<Staged> {
    let deposit = book.worth(collateral, COLLATERAL)?;
    let lent = book.worth(debt, LENT)?;
    let (collateral, debt) = (
        book.asset(collateral).to_owned(),
        book.asset(debt).to_owned(),
    );
    world.mint(BORROWER, &collateral, deposit).ok()?;
    world.deposit(BORROWER, &collateral, deposit).ok()?;
    world.mint(LENDER, &debt, lent).ok()?;
    world.deposit_lent(LENDER, &debt, lent).ok()?;
    let most = world.max_borrow(BORROWER, &debt).ok()?;
    let borrowed = Amount(mul_floor(most.0, Fraction::percent(percent).0).ok()?);
    world.borrow(BORROWER, &debt, borrowed).ok()?;
    Some(Staged {
        account: world.account_ref(BORROWER),
        collateral,
        debt,
        borrowed,
    })
}

/// Sets an account up and lets its collateral fall: to `percent` of the price at which it is
/// liquidatable.
pub(super) fn fallen(world: &mut World, percent: u32) -> Option<(Staged, Assessment)> {
    let staged = borrower(world, 99)?;
    let found = world
        .liquidation_price(&staged.account, &staged.collateral)
        .ok()?;
    let below = found.below?;
    let price = Price(mul_floor(below.0, Fraction::percent(percent).0).ok()?);
    // Feeders post at most once in a second.
    world.advance(1);
    world.post_price(&[(&staged.collateral, price)]).ok()?;
    world.advance(60);
    world.repost().ok()?;
    let assessment = assess(world, &staged.account)?;
    Some((staged, assessment))
}
