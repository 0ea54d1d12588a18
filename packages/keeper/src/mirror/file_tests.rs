use bulwark_vault::state::{AccountRecord, Balance, Position};
use cosmwasm_std::Api;

use super::*;
use crate::book::Addresses;
use crate::mirror::layout;

fn deployment() -> Deployment {
    Deployment {
        vault: Addr::unchecked("vault"),
        oracle: Addr::unchecked("oracle"),
        prefix: "wasm".into(),
        chain_id: "chain".into(),
    }
}

/// So many accounts, and a record of each contract.
fn book(accounts: u8) -> Book {
    let mut book = Book::new(deployment());
    for byte in 0..accounts {
        let (key, value) = account(byte);
        book.apply(Contract::Vault, &key, Some(&value)).unwrap();
    }
    book.apply(Contract::Vault, b"settings", Some(&[1]))
        .unwrap();
    book.apply(Contract::Oracle, b"config", Some(&[2])).unwrap();
    book
}

fn account(byte: u8) -> (Vec<u8>, Vec<u8>) {
    let addresses = Addresses::new("wasm");
    let owner = addresses.addr_humanize(&vec![byte; 20].into()).unwrap();
    let key = layout::account_key(&addresses, owner.as_str(), 0).unwrap();
    let mut record = AccountRecord::default();
    let balance = Balance::Deposit {
        idle: "5".parse().unwrap(),
        lent: "0".parse().unwrap(),
    };
    record.holdings.push(Position { market: 1, balance });
    (key, bulwark_types::packed::pack(&record).unwrap())
}

fn all(book: &Book) -> Vec<(Contract, Vec<u8>, Vec<u8>)> {
    let mut all: Vec<_> = [Contract::Vault, Contract::Oracle]
        .into_iter()
        .flat_map(|contract| {
            let records = book.records(contract);
            records.map(move |(key, value)| (contract, key, value.to_vec()))
        })
        .collect();
    all.sort_unstable();
    all
}

#[test]
fn what_is_saved_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep").join("mirror");
    assert!(read(&path).unwrap().is_none());
    let book = book(200);
    save(&path, &book, 77).unwrap();
    let contents = read(&path).unwrap().unwrap();
    assert!(contents.is_whole);
    assert_eq!(contents.head.height, 77);
    assert_eq!(contents.head.deployment(), deployment());
    assert_eq!(all(&contents.book), all(&book));
    assert_eq!(contents.left, [None, None]);
}

#[test]
fn a_file_cut_off_anywhere_goes_on_after_its_last_whole_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("partial");
    let stretches = layout::parts();
    let part = |key: &[u8]| {
        let mut parts = stretches.iter();
        let found = parts.position(|part| part.contains(Contract::Vault, key));
        found.unwrap()
    };
    let mut writer = Writer::create(&path, Head::new(&deployment(), 5, &stretches)).unwrap();
    let (one, other) = (account(0x11), account(0x12));
    assert_eq!(part(&one.0), part(&other.0));
    let (first, last) = (vec![one.clone()], vec![other.clone()]);
    writer
        .page(part(&one.0), first, Some(other.0.clone()))
        .unwrap();
    writer.page(part(&one.0), last, None).unwrap();
    drop(writer);
    let bytes = fs::read(&path).unwrap();
    let whole = read(&path).unwrap().unwrap();
    assert!(!whole.is_whole);
    assert_eq!(whole.book.accounts(), 2);
    assert_eq!(whole.left[part(&one.0)], None);

    for cut in [1, 40, 60] {
        fs::write(&path, &bytes[..bytes.len() - cut]).unwrap();
        let contents = read(&path).unwrap().unwrap();
        assert_eq!(contents.book.accounts(), 1);
        let left = contents.left[part(&one.0)].clone().unwrap();
        assert_eq!(left.start, other.0);
        let mut writer = Writer::resume(&path, &contents).unwrap();
        writer
            .page(part(&one.0), vec![other.clone()], None)
            .unwrap();
        writer.finish(&folder.path().join("whole")).unwrap();
        let contents = read(&folder.path().join("whole")).unwrap().unwrap();
        assert!(contents.is_whole);
        assert_eq!(all(&contents.book), all(&whole.book));
    }
}

#[test]
fn what_is_damaged_is_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mirror");
    save(&path, &book(100), 77).unwrap();
    let bytes = fs::read(&path).unwrap();
    for at in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x40;
        fs::write(&path, damaged).unwrap();
        let is_whole = read(&path).is_ok_and(|found| found.unwrap().is_whole);
        assert!(!is_whole, "byte {at}");
    }
    fs::write(&path, b"something else").unwrap();
    let error = read(&path).unwrap_err();
    assert!(matches!(error, FileError::OtherFormat { .. }), "{error}");
}
