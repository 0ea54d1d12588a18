//! Random messages of everybody: whatever a message changes is among what its events say may have
//! changed.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_fuzz::author::Author;
use bulwark_fuzz::sight::Sight;
use bulwark_fuzz::stage;
use bulwark_keeper::book::Contract;
use bulwark_keeper::mirror::touched::{Places, Touched};
use bulwark_testing::{Auditor, World};
use cosmwasm_std::Event;

use crate::chain::empty_book;

/// Long enough for every kind of message to succeed.
const STEPS: u64 = 4_000;

/// Events that there have to be; the others are of mischief, which chance may pass over.
const EVENTS: [&str; 20] = [
    "deposit",
    "withdraw",
    "lend",
    "recall",
    "borrow",
    "repay",
    "transfer",
    "liquidation",
    "bad_debt",
    "dust",
    "skip",
    "operator",
    "call",
    "accrual",
    "market",
    "change",
    "pause",
    "price",
    "source",
    "halt",
];

/// Events of which each names something that nothing else does: without its row in the table, some
/// change would go unnoticed. The others come with one of these, or are of mischief.
const NEEDED: [&str; 13] = [
    "execute",
    "wasm-bulwark-deposit",
    "wasm-bulwark-withdraw",
    "wasm-bulwark-lend",
    "wasm-bulwark-recall",
    "wasm-bulwark-borrow",
    "wasm-bulwark-repay",
    "wasm-bulwark-transfer",
    "wasm-bulwark-liquidation",
    "wasm-bulwark-operator",
    "wasm-bulwark-change",
    "wasm-bulwark-pause",
    "wasm-bulwark-halt",
];

type State = BTreeMap<(Contract, Vec<u8>), Vec<u8>>;

#[test]
fn whatever_a_message_changes_is_named_by_its_events() {
    let mut kinds = BTreeSet::new();
    let mut needed = BTreeSet::new();
    let (mut changed, mut named) = (0, 0);
    for seed in [7, 8] {
        let mut stage = stage::build().unwrap();
        let mut author = Author::new(seed, &stage, STEPS);
        let mut auditor = Auditor::new(&mut stage.world).with_fork_interval(0);
        let places = Places::of(empty_book(&stage.world).deployment());
        let mut before = state(&stage.world);
        for step in 0..STEPS {
            let book = auditor.book(stage.world.now());
            let act = author.next(&Sight::new(&stage.world, auditor.ledger(), &book));
            drop(book);
            let events = act.perform_for_events(&mut stage.world);
            auditor.audit_steps(&mut stage.world);
            let after = state(&stage.world);
            let changes = differences(&before, &after);
            let events: Vec<Event> = events.into_iter().flatten().collect();
            for kind in unnamed_without(&places, &events, &changes) {
                needed.insert(kind);
            }
            let mut touched = Touched::default();
            for event in &events {
                touched.note(&places, event);
                kinds.extend(event.ty.strip_prefix("wasm-bulwark-").map(str::to_owned));
            }
            assert_eq!(touched.unknown, None, "seed {seed}, step {step}: {act:?}");
            for (contract, key) in changes {
                assert!(
                    touched.covers(contract, &key),
                    "seed {seed}, step {step}: {contract} {:?} of {act:?}\n{events:?}",
                    String::from_utf8_lossy(&key)
                );
                changed += 1;
            }
            // Of what may be anybody's, only what is named counts below.
            touched.is_anybodys = false;
            let covered = |(contract, key): &&(Contract, Vec<u8>)| touched.covers(*contract, key);
            named += after.keys().filter(covered).count();
            before = after;
        }
    }
    for kind in EVENTS {
        assert!(kinds.contains(kind), "there was no {kind}: {kinds:?}");
    }
    for kind in NEEDED {
        assert!(needed.contains(kind), "{kind} names nothing: {needed:?}");
    }
    println!("{changed} records changed, {named} were named");
    assert!(named < 20 * changed, "{named} named, {changed} changed");
}

/// The types of events without which some change would not be named.
fn unnamed_without(
    places: &Places,
    events: &[Event],
    changes: &BTreeSet<(Contract, Vec<u8>)>,
) -> BTreeSet<String> {
    let kinds: BTreeSet<_> = events.iter().map(|event| &event.ty).collect();
    let needed = kinds.into_iter().filter(|kind| {
        let mut touched = Touched::default();
        let others = events.iter().filter(|event| event.ty != **kind);
        others.for_each(|event| touched.note(places, event));
        let mut changes = changes.iter();
        changes.any(|(contract, key)| !touched.covers(*contract, key))
    });
    needed.cloned().collect()
}

fn state(world: &World) -> State {
    let contracts = [
        (Contract::Vault, world.vault()),
        (Contract::Oracle, world.oracle()),
    ];
    let records = contracts.into_iter().flat_map(|(contract, address)| {
        let records = world.app().dump_wasm_raw(address).into_iter();
        records.map(move |(key, value)| ((contract, key), value))
    });
    records.collect()
}

fn differences(before: &State, after: &State) -> BTreeSet<(Contract, Vec<u8>)> {
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let changed = keys
        .into_iter()
        .filter(|key| before.get(key) != after.get(key));
    changed.cloned().collect()
}
