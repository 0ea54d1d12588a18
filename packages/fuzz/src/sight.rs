//! What the author of messages sees of the world before it writes the next one: enough to make
//! most of them valid.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use bulwark_risk::account::{Assessment, Side};
use bulwark_risk::units::{Amount, Usd};
use bulwark_testing::World;
use bulwark_testing::invariants::{Book, Ledger};
use bulwark_types::vault::AccountRef;
use bulwark_vault::state::{AccountRecord, Balance, Market, Position};

/// A look at the world.
pub struct Sight<'a> {
    /// The world itself, for queries.
    pub world: &'a World,
    /// Accounts and totals.
    pub ledger: &'a Ledger,
    /// Markets and prices with interest up to now.
    pub book: &'a Book,
    /// Block time in seconds.
    pub now: u64,
    /// Looked up by most draws of a step, and the same for all of them.
    borrowers: OnceCell<Vec<(AccountRef, Assessment)>>,
}

impl<'a> Sight<'a> {
    /// A look at a world, with interest in the book up to now.
    #[must_use]
    pub fn new(world: &'a World, ledger: &'a Ledger, book: &'a Book) -> Self {
        Self {
            world,
            ledger,
            book,
            now: world.now(),
            borrowers: OnceCell::new(),
        }
    }
    /// What an account holds and owes.
    #[must_use]
    pub fn record(&self, account: &AccountRef) -> AccountRecord {
        let found = self.ledger.accounts.get(account);
        found.cloned().unwrap_or_default()
    }

    /// What an account is worth; none where a price is missing.
    #[must_use]
    pub fn assess(&self, account: &AccountRef) -> Option<Assessment> {
        self.book
            .assess(self.ledger.accounts.get(account)?, self.now)
    }

    /// What an account is worth above its initial margin, USD; everything without debts.
    #[must_use]
    pub fn surplus(&self, account: &AccountRef) -> Option<f64> {
        let assessment = self.assess(account)?;
        Some((assessment.equity_open.0 - assessment.initial.0) as f64 / 1e18)
    }

    /// A market.
    #[must_use]
    pub fn market(&self, id: u16) -> Option<&Market> {
        self.book.markets.get(&id)
    }

    /// Numbers of all markets.
    #[must_use]
    pub fn markets(&self) -> Vec<u16> {
        self.book.markets.keys().copied().collect()
    }

    /// Smallest units worth so many USD, at least one.
    #[must_use]
    pub fn worth(&self, market: u16, usd: f64) -> Option<Amount> {
        let decimals = self.market(market)?.decimals;
        let value = Usd((usd.clamp(0.0, 1e14) * 1e18) as i128);
        let amount = self.book.price(market)?.mid.amount_floor(value, decimals);
        Some(amount.ok()?.max(Amount(1)))
    }

    /// What an amount is worth, USD.
    #[must_use]
    pub fn usd(&self, market: u16, amount: Amount) -> f64 {
        let value = self.book.value(market, amount);
        value.map_or(0.0, |value| value.0 as f64 / 1e18)
    }

    /// Positions with deposits: market, idle and lent smallest units.
    #[must_use]
    pub fn deposits(&self, account: &AccountRef) -> Vec<(u16, Amount, Amount)> {
        self.positions(account, |position| match position.balance {
            Balance::Deposit { idle, lent } => {
                let pool = &self.market(position.market)?.pool;
                Some((position.market, idle, pool.supply_floor(lent).ok()?))
            }
            Balance::Debt(_) => None,
        })
    }

    /// Positions with debts: market and smallest units.
    #[must_use]
    pub fn debts(&self, account: &AccountRef) -> Vec<(u16, Amount)> {
        self.positions(account, |position| match self.book.amount(position)? {
            (Side::Debt, amount) => Some((position.market, amount)),
            (Side::Deposit, _) => None,
        })
    }

    fn positions<T>(&self, account: &AccountRef, of: impl Fn(&Position) -> Option<T>) -> Vec<T> {
        let record = self.ledger.accounts.get(account);
        let positions = record.map_or(&[][..], |record| record.holdings.as_slice());
        positions.iter().filter_map(of).collect()
    }

    /// Accounts that owe something, with what they are worth.
    #[must_use]
    pub fn borrowers(&self) -> &[(AccountRef, Assessment)] {
        self.borrowers.get_or_init(|| {
            let all = self.ledger.accounts.iter();
            all.filter_map(|(account, record)| {
                let assessment = self.book.assess_owing(record, self.now)?;
                Some((account.clone(), assessment))
            })
            .collect()
        })
    }

    /// Those of them that a condition holds for.
    #[must_use]
    pub fn borrowers_that(&self, is: impl Fn(&Assessment) -> bool) -> Vec<AccountRef> {
        let all = self.borrowers().iter();
        all.filter(|(_, assessment)| is(assessment))
            .map(|(account, _)| account.clone())
            .collect()
    }

    /// Who may act for an owner now, beside itself.
    #[must_use]
    pub fn operators(&self, account: &AccountRef) -> Vec<String> {
        let grants: &BTreeMap<String, _> = &self.ledger.operators;
        let grants = grants.get(&account.owner).into_iter().flatten();
        grants
            .map(|grant| grant.operator.clone())
            .filter(|operator| self.ledger.may_act(account, operator, self.now))
            .collect()
    }
}
