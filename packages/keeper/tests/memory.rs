//! What a book and a scan take, counted by the allocator. In a program of its own: other tests
//! would be counted, too.

// Scenarios say what has to be there.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use bulwark_keeper::book::{Book, Contract};
use bulwark_keeper::population::{Population, Variety};
use bulwark_keeper::scan::Scan;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const ACCOUNTS: usize = 20_000;

/// Keys and records of all accounts.
fn records(book: &Book) -> Vec<(Vec<u8>, Vec<u8>)> {
    let own = |(key, value): (Vec<u8>, &[u8])| (key, value.to_vec());
    let mut all: Vec<_> = book.records(Contract::Vault).map(own).collect();
    all.split_off(all.len() - ACCOUNTS)
}

#[test]
fn an_account_takes_less_than_400_bytes_however_often_it_changes() {
    let before = ALLOCATOR.current_usage();
    let population = Population {
        accounts: ACCOUNTS,
        seed: 3,
        variety: Variety::Plain,
    };
    let mut book = population.book().unwrap();
    let mut scan = Scan::new();
    scan.update(&mut book, Population::moment()).unwrap();
    let each = |now: usize| (now - before) / ACCOUNTS;
    let at_first = each(ALLOCATOR.current_usage());
    assert!(at_first < 400, "{at_first} bytes an account");

    // Accounts take over each other's records, and some are closed and opened again.
    for round in 1..12 {
        let records = records(&book);
        for (at, (key, _)) in records.iter().enumerate() {
            let (_, other) = &records[(at * 7 + round * 13) % ACCOUNTS];
            if (at + round) % 5 == 0 {
                book.apply(Contract::Vault, key, None).unwrap();
            }
            book.apply(Contract::Vault, key, Some(other)).unwrap();
        }
        drop(records);
        scan.update(&mut book, Population::moment()).unwrap();
    }
    let in_the_end = each(ALLOCATOR.current_usage());
    assert!(
        in_the_end < 400,
        "{in_the_end} bytes an account, {at_first} at first"
    );
    assert_eq!(book.accounts(), ACCOUNTS);
}
