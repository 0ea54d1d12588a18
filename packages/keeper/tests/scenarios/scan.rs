//! The list of the filter is the list of a full evaluation.

use std::collections::BTreeMap;

use bulwark_keeper::book::{AccountId, Book, Contract, Moment};
use bulwark_keeper::population::{COMMON, Population, Variety, moved};
use bulwark_keeper::scan::{Found, Scan, Standing};
use bulwark_risk::account::Status;
use bulwark_risk::units::{Amount, DebtShares, Fraction, SupplyShares};
use bulwark_types::packed::pack;
use bulwark_types::vault::{MarginResponse, QueryMsg};
use bulwark_vault::state::{ACCOUNTS, AccountRecord, Balance, MARKETS, Market, Position, Settings};
use proptest::prelude::*;

/// How every account stands by the vault's own query; what it cannot value, by its error.
fn by_query(book: &Book, moment: Moment, every: usize) -> BTreeMap<AccountId, Standing> {
    let native = book.at(moment);
    let standing = |id| {
        let account = (&book.account(id).unwrap()).into();
        let answer: Result<MarginResponse, _> = native.query(QueryMsg::Margin { account });
        answer.map_or(Standing::Unvaluable, |margin| margin.status.into())
    };
    let ids = book.ids().step_by(every);
    ids.map(|id| (id, standing(id))).collect()
}

/// How every account stands by the vault's own evaluation.
fn by_evaluation(book: &Book, moment: Moment) -> BTreeMap<AccountId, Standing> {
    let native = book.at(moment);
    let mut books = native.books().unwrap();
    let mut standing = |id| {
        let record = book.record(id).unwrap().unwrap();
        match books.assess_record(&record) {
            Ok(assessment) => assessment.status().into(),
            Err(_) => Standing::Unvaluable,
        }
    };
    book.ids().map(|id| (id, standing(id))).collect()
}

fn assert_same(found: &Found, expected: &BTreeMap<AccountId, Standing>) {
    for (listed, standing) in [
        (&found.liquidatable, Standing::Liquidatable),
        (&found.margin_calls, Standing::MarginCall),
    ] {
        let expected: Vec<AccountId> = expected
            .iter()
            .filter(|(_, known)| **known == standing)
            .map(|(id, _)| *id)
            .collect();
        assert_eq!(*listed, expected, "{standing:?}");
    }
}

fn later(moment: Moment, seconds: u64) -> Moment {
    Moment {
        seconds: moment.seconds + seconds,
        height: moment.height + seconds / 6,
    }
}

fn move_price(book: &mut Book, market: u16, percent: u32) {
    let (key, value) = moved(book, market, Fraction::percent(percent)).unwrap();
    assert!(book.apply(Contract::Oracle, &key, Some(&value)).unwrap());
}

#[test]
fn ten_thousand_accounts_stand_as_the_vaults_query_says() {
    let population = Population {
        accounts: 10_000,
        seed: 1,
        variety: Variety::Plain,
    };
    let mut book = population.book().unwrap();
    let mut scan = Scan::new();
    let now = Population::moment();
    let before = scan.update(&mut book, now).unwrap();
    assert_same(&before, &by_evaluation(&book, now));
    assert!(
        before.liquidatable.len() > 300,
        "{}",
        before.liquidatable.len()
    );

    move_price(&mut book, COMMON, 90);
    let now = later(now, 6);
    let after = scan.update(&mut book, now).unwrap();
    assert_same(&after, &by_evaluation(&book, now));
    assert_same_part(&after, &by_query(&book, now, 7));
    assert!(after.liquidatable.len() > before.liquidatable.len() + 200);
    assert!(after.margin_calls.len() > 100);
    assert!(after.evaluated < 6_000, "{} evaluated", after.evaluated);
    assert!(after.exactly < 20, "{} exactly", after.exactly);

    let now = later(now, 6);
    let idle = scan.update(&mut book, now).unwrap();
    assert_same(&idle, &by_evaluation(&book, now));
    assert!(idle.evaluated < 20, "{} evaluated", idle.evaluated);
}

/// As [`assert_same`], for some of the accounts.
fn assert_same_part(found: &Found, expected: &BTreeMap<AccountId, Standing>) {
    for (id, standing) in expected {
        let listed = found.liquidatable.binary_search(id).is_ok();
        assert_eq!(listed, *standing == Standing::Liquidatable, "{id:?}");
    }
    assert!(
        expected
            .values()
            .any(|known| *known == Status::MarginCall.into())
    );
}

/// An account with deposits worth so many USD in the common asset, and debts worth half as much more.
fn open_under_water(book: &mut Book, owner: u8, usd: u128) -> AccountId {
    let shares = usd * 1_000_000_000_000;
    let record = AccountRecord {
        holdings: vec![
            Position {
                market: 0,
                balance: Balance::Debt(DebtShares(shares / 107 * 150)),
            },
            Position {
                market: COMMON,
                balance: Balance::Deposit {
                    idle: Amount::ZERO,
                    lent: SupplyShares(shares / 10_172_839 * 1_000_000),
                },
            },
        ],
    };
    let key = ACCOUNTS.raw_key(&(&[owner; 20], 0));
    book.apply(Contract::Vault, &key, Some(&pack(&record).unwrap()))
        .unwrap();
    book.ids().last().unwrap()
}

#[test]
fn what_the_vault_refuses_to_value_is_not_listed() {
    let population = Population {
        accounts: 1,
        seed: 1,
        variety: Variety::Plain,
    };
    let mut book = population.book().unwrap();
    let large = open_under_water(&mut book, 7, 100_000_000_000_000);
    let too_large = open_under_water(&mut book, 8, 1_500_000_000_000_000);
    let now = Population::moment();
    let found = Scan::new().update(&mut book, now).unwrap();
    assert_same(&found, &by_evaluation(&book, now));
    assert!(found.liquidatable.contains(&large));
    assert_eq!(found.unvaluable, [too_large]);
}

/// Something that happens between two looks.
#[derive(Clone, Debug)]
enum Step {
    /// A market's price is multiplied by so many per 10,000.
    Price(u16, u32),
    /// So many seconds pass.
    Time(u64),
    /// An account gets the record of another.
    Account(usize, usize),
    /// An account is emptied.
    Close(usize),
    /// A market's pool has earned so many per million more.
    Interest(u16, u128),
    /// The gross factor changes to so many percent.
    GrossFactor(u32),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0u16..22, 9_000u32..11_000).prop_map(|(market, by)| Step::Price(market, by)),
        2 => (0u16..22, 9_990u32..10_010).prop_map(|(market, by)| Step::Price(market, by)),
        1 => (0u16..22, 1u32..100_000).prop_map(|(market, by)| Step::Price(market, by)),
        3 => (1u64..60).prop_map(Step::Time),
        1 => (1u64..400_000).prop_map(Step::Time),
        2 => (0usize..1_000, 0usize..1_000).prop_map(|(to, from)| Step::Account(to, from)),
        1 => (0usize..1_000).prop_map(Step::Close),
        1 => (0u16..22, 0u128..1_000).prop_map(|(market, by)| Step::Interest(market, by)),
        1 => (2u32..6).prop_map(Step::GrossFactor),
    ]
}

fn keys(book: &Book) -> Vec<Vec<u8>> {
    let ids = book.ids().count();
    let all: Vec<Vec<u8>> = book.records(Contract::Vault).map(|(key, _)| key).collect();
    all[all.len() - ids..].to_vec()
}

fn take(book: &mut Book, moment: &mut Moment, step: &Step) {
    match step {
        Step::Price(market, by) => {
            let (key, value) = moved(book, *market, Fraction::basis_points(*by)).unwrap();
            book.apply(Contract::Oracle, &key, Some(&value)).unwrap();
        }
        Step::Time(seconds) => *moment = later(*moment, *seconds),
        Step::Account(to, from) => {
            let keys = keys(book);
            let (to, from) = (&keys[to % keys.len()], &keys[from % keys.len()]);
            let value = book.raw(Contract::Vault, from).unwrap().to_vec();
            book.apply(Contract::Vault, to, Some(&value)).unwrap();
        }
        Step::Close(account) => {
            let keys = keys(book);
            book.apply(Contract::Vault, &keys[account % keys.len()], None)
                .unwrap();
        }
        Step::Interest(market, by) => {
            let key = MARKETS.raw_key(market);
            let raw = book.raw(Contract::Vault, &key).unwrap();
            let mut record: Market = bulwark_types::packed::unpack(raw).unwrap();
            let interest = record.pool.borrowed.0 / 1_000_000 * by;
            record.pool.borrowed.0 += interest;
            record.pool.supplied.0 += interest;
            book.apply(Contract::Vault, &key, Some(&pack(&record).unwrap()))
                .unwrap();
        }
        Step::GrossFactor(percent) => {
            let raw = book.raw(Contract::Vault, b"settings").unwrap();
            let mut settings: Settings = bulwark_types::packed::unpack(raw).unwrap();
            settings.gross_factor = settings
                .gross_factor
                .toward(Fraction::percent(*percent), moment.seconds, 3_600)
                .unwrap();
            book.apply(
                Contract::Vault,
                b"settings",
                Some(&pack(&settings).unwrap()),
            )
            .unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Hedged, tiny and huge accounts in markets that are stale, decaying, halted, thin, ramping or
    /// without decimals, whatever happens to them in whatever order.
    #[test]
    fn the_list_is_always_that_of_a_full_evaluation(
        seed in any::<u64>(),
        steps in proptest::collection::vec(proptest::collection::vec(step(), 1..4), 1..12),
    ) {
        let population = Population { accounts: 1_000, seed, variety: Variety::Wild };
        let mut book = population.book().unwrap();
        let mut scan = Scan::new();
        let mut now = Population::moment();
        assert_same(&scan.update(&mut book, now).unwrap(), &by_evaluation(&book, now));
        for steps in steps {
            for step in steps {
                take(&mut book, &mut now, &step);
            }
            let found = scan.update(&mut book, now).unwrap();
            assert_same(&found, &by_evaluation(&book, now));
        }
    }
}
