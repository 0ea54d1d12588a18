//! The accounts: what they hold and owe, so that they have the margin ratio that chance wants.

use bulwark_risk::units::{Amount, DebtShares, SupplyShares};
use bulwark_types::packed::pack;
use bulwark_vault::state::{ACCOUNTS, AccountRecord, Balance};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{COMMON, Population, Variety};
use crate::book::{Book, BookError, BookResult, Contract, entries_of};
use crate::scan::{Evaluator, Table, View};

/// Halvings in the search for the debts that lead to a ratio.
const STEPS: u32 = 24;

/// A holding to be: its value in USD, negative for a debt.
type Wish = (u16, f64);

/// Opens all accounts.
pub fn open(book: &mut Book, population: &Population, random: &mut ChaCha8Rng) -> BookResult<()> {
    let table = {
        let native = book.at(Population::moment());
        let mut books = native.books()?;
        Table::read(&mut books, native.deps().storage)?
    };
    let mut maker = Maker {
        evaluator: Evaluator::new(&table),
        markets: (table.views.mid.len() / 2) as u16,
        table,
        random,
        variety: population.variety,
    };
    for _ in 0..population.accounts {
        let owner: [u8; 20] = maker.random.random();
        let id = if maker.random.random_bool(0.9) {
            0
        } else {
            maker.random.random()
        };
        let record = maker.account();
        if record.holdings.is_empty() {
            continue;
        }
        let key = ACCOUNTS.raw_key(&(&owner, id));
        let value = pack(&record).map_err(BookError::Answer)?;
        book.apply(Contract::Vault, &key, Some(&value))?;
    }
    Ok(())
}

struct Maker<'a> {
    evaluator: Evaluator,
    table: Table,
    markets: u16,
    random: &'a mut ChaCha8Rng,
    variety: Variety,
}

impl Maker<'_> {
    /// An account whose debts are such that its ratio is what chance wants, if any debts are.
    fn account(&mut self) -> AccountRecord {
        let (ratio, wishes) = match self.variety {
            Variety::Plain => (self.random.random_range(0.9..3.0), self.plain()),
            Variety::Wild => (self.random.random_range(-0.2..1.6), self.wild()),
        };
        let kind = self.random.random_range(0..3);
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..STEPS {
            let middle = (low + high) / 2.0;
            let record = self.record(&wishes, middle, kind);
            let entries = entries_of(&record);
            let reached = self.evaluator.ratio(&self.table, &entries);
            // What owes nothing yet has any ratio.
            if entries.is_empty() || reached.is_some_and(|reached| reached >= ratio) {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.record(&wishes, high, kind)
    }

    /// Two or three deposits and one or two debts in four markets; half of the accounts have
    /// something in the common one.
    fn plain(&mut self) -> Vec<Wish> {
        let scale = 10f64.powf(self.random.random_range(2.0..6.0));
        let debts = self.random.random_range(1..=2);
        let mut markets = Vec::with_capacity(4);
        if self.random.random_bool(0.5) {
            markets.push(COMMON);
        }
        while markets.len() < 4 {
            let market = self.random.random_range(0..self.markets);
            if market != COMMON && !markets.contains(&market) {
                markets.push(market);
            }
        }
        let wish = |(at, market): (usize, u16)| {
            let value = scale * self.random.random_range(0.2..1.0);
            // The common asset is owned more often than owed: it comes first.
            let owed = at + debts >= 4;
            (market, if owed { -3.0 * value } else { value })
        };
        markets.into_iter().enumerate().map(wish).collect()
    }

    /// One to eight holdings of any kind.
    fn wild(&mut self) -> Vec<Wish> {
        let scale = 10f64.powf(self.random.random_range(-2.0..9.0));
        let holdings = self.random.random_range(1..=8);
        let mut wishes: Vec<Wish> = Vec::with_capacity(holdings);
        while wishes.len() < holdings {
            let market = self.random.random_range(0..self.markets);
            if wishes.iter().all(|(known, _)| *known != market) {
                let value = scale * self.random.random_range(0.01..1.0);
                let owed = self.random.random_bool(0.45);
                wishes.push((market, if owed { -3.0 * value } else { value }));
            }
        }
        wishes
    }

    /// The record of an account with a part of the debts wished for.
    fn record(&self, wishes: &[Wish], part: f64, kind: u8) -> AccountRecord {
        let mut record = AccountRecord::default();
        for (market, value) in wishes {
            let side = usize::from(*market) * 2;
            let balance = if *value < 0.0 {
                let View { share, .. } = self.table.views.mid[side + 1];
                Balance::Debt(DebtShares((value * part / share) as u128))
            } else {
                // Worth what it was before its price decayed, if it does.
                let View { unit, share, .. } = self.table.views.mid[side + 1];
                let idle = if kind == 1 { 0.0 } else { value / unit.abs() };
                let lent = if kind == 0 { 0.0 } else { value / share.abs() };
                Balance::Deposit {
                    idle: Amount(idle as u128),
                    lent: SupplyShares(lent as u128),
                }
            };
            record.set_balance(*market, balance);
        }
        record
    }
}
