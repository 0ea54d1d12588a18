//! Which accounts can be liquidated, and which are called for margin.
//!
//! Exact and fast: an account is evaluated only when the markets that it holds have moved far enough
//! to matter (`drift`); then in floating point with a proven bound on the error (`evaluate`);
//! and where that bound leaves it open, by the vault's own function over the same records.

mod drift;
mod evaluate;
mod table;

use bulwark_risk::account::Status;
use bulwark_vault::books::Books;

use crate::book::{AccountId, Book, BookResult, Moment};
use drift::{drifts, floor};
pub(crate) use evaluate::Evaluator;
pub(crate) use table::{Table, View};

/// A market that drifts by no more than this is added to the drift of all: cheaper than to go
/// through its holders.
const SLOW: f64 = 1e-3;

/// From this sum of drifts on, limits are counted from zero again, so that they keep their precision.
const LONG: f64 = 1.0;

/// What is known of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It owes nothing.
    Unindebted,
    /// It meets its initial margin.
    Healthy,
    /// Below initial margin, and not liquidatable.
    MarginCall,
    /// Below maintenance margin.
    Liquidatable,
    /// The vault cannot value it, and so nobody can liquidate it.
    Unvaluable,
}

impl From<Status> for Standing {
    fn from(status: Status) -> Self {
        match status {
            Status::Healthy => Self::Healthy,
            Status::MarginCall => Self::MarginCall,
            Status::Liquidatable | Status::Insolvent => Self::Liquidatable,
        }
    }
}

/// What a look at everything finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Every account below its maintenance margin, ascending.
    pub liquidatable: Vec<AccountId>,
    /// Every account between maintenance and initial margin, ascending.
    pub margin_calls: Vec<AccountId>,
    /// Every account that the vault cannot value, ascending.
    pub unvaluable: Vec<AccountId>,
    /// How many accounts were evaluated for it.
    pub evaluated: usize,
    /// How many of them by the vault's own function.
    pub exactly: usize,
}

/// What is known of all accounts of a book.
#[derive(Debug, Default)]
pub struct Scan {
    /// The markets as they were when last looked at.
    table: Option<Table>,
    /// Sum of what all markets have drifted.
    drift: f64,
    /// By account: it stands as it does while `drift` is below this.
    limits: Vec<f32>,
    /// By account.
    standings: Vec<Standing>,
}

impl Scan {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Brings everything to a moment and to what has changed in the book, and says how all accounts
    /// stand. A scan belongs to one book: changes of records are handed out once.
    ///
    /// # Errors
    /// If the vault's settings do not load.
    pub fn update(&mut self, book: &mut Book, moment: Moment) -> BookResult<Found> {
        let changed = book.take_changed();
        let book = &*book;
        let native = book.at(moment);
        let mut books = native.books()?;
        let table = Table::read(&mut books, native.deps().storage)?;
        self.make_room(book.bound());
        for number in changed {
            self.limits[number as usize] = f32::NEG_INFINITY;
        }
        self.move_to(book, &table);
        let mut found = Found::default();
        let mut evaluator = Evaluator::new(&table);
        for number in 0..self.limits.len() {
            // What the limit itself says is left to the evaluation, too.
            if f64::from(self.limits[number]) > self.drift {
                continue;
            }
            let id = AccountId(number as u32);
            let (standing, bearable) = match assess(book, &mut evaluator, &table, id) {
                Some(decided) => decided,
                None => {
                    found.exactly += 1;
                    (exactly(book, &mut books, id)?, 0.0)
                }
            };
            found.evaluated += usize::from(standing != Standing::Unindebted);
            self.standings[number] = standing;
            self.limits[number] = floor(self.drift + bearable);
        }
        self.table = Some(table);
        self.list(&mut found);
        Ok(found)
    }

    /// How an account stood when last looked at.
    #[must_use]
    pub fn standing(&self, id: AccountId) -> Option<Standing> {
        self.standings.get(id.0 as usize).copied()
    }

    fn make_room(&mut self, accounts: usize) {
        let more = accounts.saturating_sub(self.limits.len());
        crate::book::make_room(&mut self.limits, more);
        self.limits.resize(accounts, f32::NEG_INFINITY);
        crate::book::make_room(&mut self.standings, more);
        self.standings.resize(accounts, Standing::Unindebted);
    }

    /// Lets the markets drift to where they are now.
    fn move_to(&mut self, book: &Book, table: &Table) {
        let drifts = self.table.as_ref().and_then(|known| drifts(known, table));
        let Some(drifts) = drifts else {
            self.limits.fill(f32::NEG_INFINITY);
            return;
        };
        let mut slowest = 0.0_f64;
        for (drift, market) in drifts.into_iter().zip(0..) {
            if drift <= SLOW {
                slowest = slowest.max(drift);
                continue;
            }
            for number in book.borrowers(market).into_iter().flatten() {
                let limit = &mut self.limits[number as usize];
                *limit = floor(f64::from(*limit) - drift);
            }
        }
        self.drift += slowest;
        if self.drift > LONG {
            for limit in &mut self.limits {
                *limit = floor(f64::from(*limit) - self.drift);
            }
            self.drift = 0.0;
        }
    }

    fn list(&self, found: &mut Found) {
        for (standing, number) in self.standings.iter().zip(0..) {
            match standing {
                Standing::Unindebted | Standing::Healthy => {}
                Standing::MarginCall => found.margin_calls.push(AccountId(number)),
                Standing::Liquidatable => found.liquidatable.push(AccountId(number)),
                Standing::Unvaluable => found.unvaluable.push(AccountId(number)),
            }
        }
    }
}

/// How an account stands, and the drift that it stands so for; none if floating point cannot tell.
fn assess(
    book: &Book,
    evaluator: &mut Evaluator,
    table: &Table,
    id: AccountId,
) -> Option<(Standing, f64)> {
    let entries = book.entries(id);
    if entries.is_empty() {
        return Some((Standing::Unindebted, f64::INFINITY));
    }
    let maintenance = evaluator.maintenance(table, entries)?;
    if !maintenance.is_reached()? {
        return Some((Standing::Liquidatable, maintenance.bearable_drift()));
    }
    let initial = evaluator.initial(table, entries)?;
    let standing = if initial.is_reached()? {
        Standing::Healthy
    } else {
        Standing::MarginCall
    };
    let bearable = maintenance.bearable_drift().min(initial.bearable_drift());
    Some((standing, bearable))
}

/// How an account stands by the vault's own word.
fn exactly(book: &Book, books: &mut Books<'_>, id: AccountId) -> BookResult<Standing> {
    let Some(record) = book.record(id)? else {
        return Ok(Standing::Unindebted);
    };
    Ok(books
        .assess_record(&record)
        .map_or(Standing::Unvaluable, |assessment| {
            assessment.status().into()
        }))
}
