//! A keeper is killed at any moment; what its journal then says.

use tempfile::TempDir;

use super::*;
use crate::execute::entry::Kind;

fn identity() -> Identity {
    Identity {
        chain_id: "chain".into(),
        keeper: "keeper".into(),
    }
}

struct Disk {
    folder: TempDir,
}

impl Disk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("journal.jsonl")
    }

    fn open(&self) -> Journal {
        Journal::open(&self.path(), identity()).unwrap()
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn write(&self, text: &str) {
        fs::write(self.path(), text).unwrap();
    }
}

fn entry(id: u64) -> Entry {
    Entry {
        id,
        height: 10,
        kind: Kind::Callback,
        accounts: vec![],
        sends: None,
        gas_limit: 5,
        fee: 7,
        timeout_height: 30,
        planned_profit: bulwark_risk::units::Usd::whole(3),
    }
}

fn won() -> Totals {
    Totals {
        outcomes: BTreeMap::from([("won".to_owned(), 1)]),
        flows: BTreeMap::from([("uusd".to_owned(), -(1_i128 << 100))]),
        fees: 7,
        ..Totals::default()
    }
}

/// Number, hashes and whether it was sent, of all that is on its way.
fn in_flight(journal: &Journal) -> Vec<(u64, Vec<String>, bool)> {
    let flights = journal.in_flight();
    flights
        .map(|flight| (flight.entry.id, flight.hashes.clone(), flight.sent))
        .collect()
}

#[test]
fn whatever_step_it_was_killed_after_is_what_is_found_again() {
    let disk = Disk::new();
    drop(disk.open());
    let mut journal = disk.open();
    let id = journal.next_id();
    assert!(in_flight(&journal).is_empty(), "killed before signing");

    journal.signed(&entry(id), "A", 4).unwrap();
    let signed = vec![(id, vec!["A".to_owned()], false)];
    assert_eq!(in_flight(&journal), signed);
    let found = disk.open();
    assert_eq!(in_flight(&found), signed, "killed before sending");

    let mut journal = found;
    journal.signed(&entry(id), "B", 4).unwrap();
    let hashes = vec!["A".to_owned(), "B".to_owned()];
    let found = disk.open();
    assert_eq!(
        in_flight(&found),
        [(id, hashes.clone(), false)],
        "signed anew"
    );

    let mut journal = found;
    journal.sent(id).unwrap();
    let found = disk.open();
    assert_eq!(
        in_flight(&found),
        [(id, hashes, true)],
        "killed before inclusion"
    );

    let mut journal = found;
    journal.settled(id, &won()).unwrap();
    let mut found = disk.open();
    assert!(in_flight(&found).is_empty(), "settled");
    assert_eq!(found.totals(), &won());
    assert_eq!(found.next_id(), id + 1, "no number is used twice");
}

#[test]
fn a_line_that_was_being_written_tells_of_nothing() {
    let disk = Disk::new();
    let mut journal = disk.open();
    journal.signed(&entry(1), "A", 4).unwrap();
    let before = disk.text();
    journal.sent(1).unwrap();
    journal.settled(1, &won()).unwrap();
    let whole = disk.text();
    for length in before.len()..=whole.len() {
        disk.write(&whole[..length]);
        let journal = disk.open();
        let settled = length == whole.len();
        assert_eq!(
            journal.in_flight().count(),
            usize::from(!settled),
            "{length}"
        );
        let totals = if settled { won() } else { Totals::default() };
        assert_eq!(journal.totals(), &totals, "{length}");
        // What is cut off is gone: the next line stands by itself.
        let mut journal = disk.open();
        journal.signed(&entry(2), "B", 4).unwrap();
        let found = disk.open();
        assert!(found.get(2).is_some(), "{length}");
    }
    // A disk without power: the length is there, the bytes are not.
    disk.write(&(before.clone() + "\0\0\0\0\n"));
    assert_eq!(disk.open().in_flight().count(), 1);
}

/// Lines that were written and not flushed may be lost in any order; what is signed was flushed.
#[test]
fn lines_that_never_reached_the_disk_tell_of_nothing() {
    let disk = Disk::new();
    let mut journal = disk.open();
    journal.signed(&entry(1), "A", 4).unwrap();
    journal.signed(&entry(2), "B", 4).unwrap();
    let before = disk.text();
    journal.sent(1).unwrap();
    let lost = disk.text().len() - before.len();
    journal.settled(1, &won()).unwrap();
    let settled = disk.text()[before.len() + lost..].to_owned();
    let zeros = "\0".repeat(lost - 1) + "\n";
    disk.write(&(before.clone() + &zeros + &settled));
    let found = disk.open();
    assert_eq!(found.in_flight().count(), 2, "both are looked up");
    assert_eq!(found.totals(), &Totals::default());

    // What was flushed is not passed over: there, something else is wrong.
    let signed = before.lines().last().unwrap().to_owned() + "\n";
    disk.write(&(before + &zeros + &signed));
    let refused = Journal::open(&disk.path(), identity());
    assert!(matches!(refused, Err(JournalError::Line { line: 4, .. })));
}

/// A disk is full for a while: half of a line is there.
#[test]
fn after_a_write_that_failed_the_file_is_whole_again() {
    let disk = Disk::new();
    let mut journal = disk.open();
    journal.signed(&entry(1), "A", 4).unwrap();
    let whole = disk.text();
    disk.write(&(whole.clone() + "{\"settled\":{\"id\":1,\"to"));
    journal.file = File::open(disk.path()).unwrap();
    assert!(journal.settled(1, &won()).is_err());
    assert_eq!(journal.in_flight().count(), 1, "nothing is settled");
    assert_eq!(disk.open().in_flight().count(), 1);

    // As long as it lasts, nothing may be sent.
    disk.write(&(whole + "{\"sig"));
    let folder = disk.path().with_extension("draft");
    fs::create_dir(&folder).unwrap();
    assert!(journal.signed(&entry(2), "B", 4).is_err());
    fs::remove_dir(&folder).unwrap();

    journal.signed(&entry(2), "B", 4).unwrap();
    journal.settled(1, &won()).unwrap();
    let found = disk.open();
    assert_eq!(in_flight(&found), [(2, vec!["B".to_owned()], false)]);
    assert_eq!(found.totals(), &won());
}

#[test]
fn what_is_settled_twice_counts_once() {
    let disk = Disk::new();
    let mut journal = disk.open();
    journal.signed(&entry(1), "A", 4).unwrap();
    journal.settled(1, &won()).unwrap();
    journal.settled(1, &won()).unwrap();
    assert_eq!(journal.totals(), &won());
    assert_eq!(disk.open().totals(), &won());
}

#[test]
fn the_file_does_not_grow_for_ever_and_the_sums_stay() {
    let disk = Disk::new();
    let mut journal = disk.open();
    journal.signed(&entry(1), "A", 4).unwrap();
    journal.sent(1).unwrap();
    for id in 2..=1_500 {
        journal.signed(&entry(id), "B", 4).unwrap();
        journal.settled(id, &won()).unwrap();
        assert!(disk.text().lines().count() <= 2 * SETTLED_UNTIL_COMPACTION + 3);
    }
    let found = disk.open();
    assert_eq!(in_flight(&found), [(1, vec!["A".to_owned()], true)]);
    assert_eq!(found.totals().outcomes["won"], 1_499);
    assert_eq!(found.totals().fees, 7 * 1_499);
    assert!(
        disk.text().lines().count() <= 3,
        "compact when it is opened"
    );
}

#[test]
fn what_is_no_journal_of_this_keeper_is_refused() {
    let disk = Disk::new();
    disk.open().signed(&entry(1), "A", 4).unwrap();
    let text = disk.text();
    let other = Identity {
        keeper: "other".into(),
        ..identity()
    };
    let refused = Journal::open(&disk.path(), other);
    assert!(matches!(refused, Err(JournalError::Other { .. })));

    disk.write(&text.replace("\"version\":1", "\"version\":2"));
    let refused = Journal::open(&disk.path(), identity());
    assert!(matches!(
        refused,
        Err(JournalError::Version { found: 2, .. })
    ));

    let (header, rest) = text.split_once('\n').unwrap();
    disk.write(&format!("{header}\nnonsense\n{rest}"));
    let refused = Journal::open(&disk.path(), identity());
    assert!(matches!(refused, Err(JournalError::Line { line: 2, .. })));
    disk.write("nonsense\n");
    let refused = Journal::open(&disk.path(), identity());
    assert!(matches!(refused, Err(JournalError::Line { line: 1, .. })));
}

#[test]
fn a_journal_has_one_keeper_at_a_time() {
    use crate::execute::lock;
    let disk = Disk::new();
    let held = lock::of(&disk.path()).unwrap();
    assert!(matches!(
        lock::of(&disk.path()),
        Err(JournalError::InUse { .. })
    ));
    drop(held);
    assert!(lock::of(&disk.path()).is_ok());
}

#[test]
fn sequences_are_found_again_where_they_were_written_down() {
    let disk = Disk::new();
    let mut journal = disk.open();
    journal.signed(&entry(1), "A", 4).unwrap();
    journal.signed(&entry(1), "B", 5).unwrap();
    let known = BTreeMap::from([("A".to_owned(), 4), ("B".to_owned(), 5)]);
    // The second opening reads what the first one has written anew.
    for _ in 0..2 {
        assert_eq!(disk.open().get(1).unwrap().sequences, known);
    }
    let before = disk.text();
    assert!(before.contains(r#","sequence":5"#), "{before}");
    disk.write(&before.replace(r#","sequence":5"#, ""));
    let found = disk.open();
    let flight = found.get(1).unwrap();
    assert_eq!(flight.hashes, ["A", "B"]);
    assert_eq!(flight.sequences, BTreeMap::from([("A".to_owned(), 4)]));
}
