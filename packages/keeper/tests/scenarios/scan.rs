//! The list of the filter is the list of a full evaluation.

use std::collections::BTreeMap;

use bulwark_keeper::book::{AccountId, Book, Contract, Moment};
use bulwark_keeper::population::{COMMON, Population, Variety, moved};
use bulwark_keeper::scan::{Found, Scan, Standing};
use bulwark_risk::account::Status;
use bulwark_risk::units::Fraction;
use bulwark_types::vault::{MarginResponse, QueryMsg};

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
