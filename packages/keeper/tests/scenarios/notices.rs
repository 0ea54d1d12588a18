//! Whom the keeper tells what about accounts below their initial margin.

use bulwark_keeper::book::Book;
use bulwark_keeper::config::MarginCallConfig;
use bulwark_keeper::margin_call::{Desk as Kept, MarginCalls, Notice, Occasion, Stage};
use bulwark_keeper::scan::Scan;
use bulwark_risk::account::Status;
use bulwark_risk::units::{Amount, Fraction};
use bulwark_testing::{MarketSpec, World};
use bulwark_types::events::Liquidated;
use bulwark_types::vault::AccountRef;

use crate::chain::{book_of, follow, moment};

/// A keeper's margin calls beside an embedded chain.
struct Desk {
    world: World,
    book: Book,
    scan: Scan,
    calls: MarginCalls,
    config: MarginCallConfig,
}

/// Alice and carol owe USDC against 100 ATOM at 10 USD, alice more than carol.
fn desk() -> Desk {
    let mut world = World::builder()
        .with_market(MarketSpec::usd("USDC"))
        .with_market(MarketSpec::crypto("ATOM").with_price(10))
        .build()
        .unwrap();
    world.deposit_lent("bob", "USDC", 5_000_000).unwrap();
    for (owner, debt) in [("alice", 790), ("carol", 740)] {
        world.deposit(owner, "ATOM", 100).unwrap();
        world.borrow(owner, "USDC", debt).unwrap();
    }
    Desk {
        book: book_of(&world),
        world,
        scan: Scan::new(),
        calls: MarginCalls::default(),
        config: MarginCallConfig {
            file: "unused".into(),
            recovery: Fraction::percent(1),
            per_block: 50,
            webhook: None,
        },
    }
}

impl Desk {
    /// ATOM has a price in a later block; what is told then.
    fn at_price(&mut self, atom: &str) -> Vec<Notice> {
        self.world.advance(30);
        self.world.post(&[("USDC", "1"), ("ATOM", atom)]).unwrap();
        self.look(&[])
    }

    fn look(&mut self, liquidated: &[Liquidated]) -> Vec<Notice> {
        follow(&self.world, &mut self.book);
        let moment = moment(&self.world);
        let found = self.scan.update(&mut self.book, moment).unwrap();
        let notices = self
            .calls
            .after(&self.book, moment, &found, liquidated, &self.config);
        notices.unwrap()
    }

    fn account(&self, name: &str) -> AccountRef {
        self.world.account_ref(name)
    }
}

fn occasions(notices: &[Notice]) -> Vec<(Occasion, &AccountRef)> {
    notices
        .iter()
        .map(|notice| (notice.kind, &notice.account))
        .collect()
}

#[test]
fn an_account_is_called_once_until_it_has_recovered() {
    let mut desk = desk();
    let alice = desk.account("alice");
    assert_eq!(desk.look(&[]), []);
    let called = desk.at_price("9.5");
    assert_eq!(occasions(&called), [(Occasion::MarginCall, &alice)]);
    let margin = called[0].margin.as_ref().unwrap();
    assert_eq!(margin.status, Status::MarginCall);
    assert_eq!(called[0].time, moment(&desk.world).seconds);
    assert_eq!(called[0].cures.len(), 2, "to repay USDC, to deposit ATOM");

    assert_eq!(desk.look(&[]), [], "nothing new");
    assert_eq!(desk.at_price("9.55"), [], "still below");
    let recovered = desk.at_price("10.5");
    assert_eq!(occasions(&recovered), [(Occasion::Recovered, &alice)]);
    let called = desk.at_price("9.5");
    assert_eq!(occasions(&called), [(Occasion::MarginCall, &alice)]);
}

#[test]
fn an_account_that_wavers_around_its_initial_margin_is_not_called_again() {
    let mut desk = desk();
    desk.config.recovery = Fraction::percent(10);
    assert_eq!(desk.at_price("9.5").len(), 1);
    for price in ["10.2", "9.5", "10.2", "9.6"] {
        assert_eq!(desk.at_price(price), [], "{price}");
    }
    let told = ["11", "12", "13"].map(|price| desk.at_price(price).len());
    assert_eq!(told.iter().sum::<usize>(), 1, "{told:?}");
}

#[test]
fn what_happens_next_is_told_too() {
    let mut desk = desk();
    let (alice, carol) = (desk.account("alice"), desk.account("carol"));
    desk.at_price("9.5");
    let fallen = desk.at_price("9");
    assert_eq!(
        occasions(&fallen),
        [
            (Occasion::Liquidatable, &alice),
            (Occasion::MarginCall, &carol)
        ]
    );
    assert!(!fallen[0].cures.is_empty());
    assert_eq!(desk.at_price("9.05"), []);

    let event = Liquidated {
        owner: alice.owner.clone(),
        id: alice.id,
        keeper: "keeper".into(),
        debt_asset: desk.world.asset("USDC"),
        repaid: Amount(5),
        debt_shares: "5".parse().unwrap(),
        deposit_asset: desk.world.asset("ATOM"),
        seized: Amount(6),
        tokens: Amount(6),
        shares: "0".parse().unwrap(),
        protocol_fee: Amount(0),
        bonus: Fraction::percent(5),
        repaid_value: "5".parse().unwrap(),
        bonus_value: "0.25".parse().unwrap(),
        distressed: false,
        ratio_after: "1.01".into(),
    };
    let told = desk.look(&[event]);
    // It did not help much: it can be liquidated again, which is news.
    assert_eq!(
        occasions(&told),
        [
            (Occasion::Liquidated, &alice),
            (Occasion::Liquidatable, &alice)
        ]
    );
    let liquidation = told[0].liquidation.as_ref().unwrap();
    assert_eq!(liquidation.keeper, "keeper");
    assert_eq!(liquidation.seized.amount, Amount(6));
}

#[test]
fn a_restart_repeats_nothing_and_misses_nothing() {
    let mut desk = desk();
    let (alice, carol) = (desk.account("alice"), desk.account("carol"));
    desk.at_price("9.5");
    let called = desk.calls.called();
    assert_eq!(called, [(alice.clone(), Stage::Called)]);
    desk.calls = MarginCalls::resume(called.clone());
    assert_eq!(desk.calls.called(), called);
    assert_eq!(desk.look(&[]), []);

    // While it is down alice recovers, and carol falls.
    desk.calls = MarginCalls::resume(desk.calls.called());
    desk.world.repay("alice", "USDC", 900).unwrap();
    let told = desk.at_price("9");
    assert_eq!(
        occasions(&told),
        [
            (Occasion::MarginCall, &carol),
            (Occasion::Recovered, &alice)
        ]
    );
}

#[test]
fn an_account_that_is_gone_has_recovered() {
    let mut desk = desk();
    let alice = desk.account("alice");
    desk.at_price("9.5");
    desk.world.repay("alice", "USDC", 900).unwrap();
    desk.world.withdraw_all("alice", "ATOM").unwrap();
    let told = desk.look(&[]);
    assert_eq!(occasions(&told), [(Occasion::Recovered, &alice)]);
    assert_eq!(told[0].margin, None);
}

#[test]
fn in_one_block_only_so_many_are_called_and_the_others_in_the_next() {
    let mut desk = desk();
    desk.config.per_block = 1;
    let first = desk.at_price("8.8");
    let second = desk.look(&[]);
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_ne!(first[0].account, second[0].account);
    assert_eq!(desk.look(&[]), []);
}

#[test]
fn a_notice_is_written_once_and_what_was_called_is_known_after_a_restart() {
    let mut desk = desk();
    let folder = tempfile::tempdir().unwrap();
    desk.config.file = folder.path().join("notices.jsonl");
    let open = |config: &MarginCallConfig| {
        Kept::open(config.clone(), folder.path(), "vault", true).unwrap()
    };
    let mut look = |kept: &mut Kept, atom: &str| {
        desk.world.advance(30);
        desk.world.post(&[("USDC", "1"), ("ATOM", atom)]).unwrap();
        follow(&desk.world, &mut desk.book);
        let moment = moment(&desk.world);
        let found = desk.scan.update(&mut desk.book, moment).unwrap();
        let told = kept.after(&desk.book, moment, &found, &[]).unwrap();
        kept.keep().unwrap();
        told.len()
    };
    let config = desk.config.clone();
    let mut first = open(&config);
    assert_eq!(look(&mut first, "9.5"), 1);
    // Each is written down before it is told, and that it was told is looked up.
    let memory = folder.path().join("margin-calls.json");
    let memory = || std::fs::read_to_string(&memory).unwrap();
    assert!(memory().contains("\"unwritten\":[{"), "{}", memory());
    let mut second = open(&config);
    second.keep().unwrap();
    assert_eq!(look(&mut second, "9.5"), 0);
    assert_eq!(look(&mut open(&config), "11"), 1);
    let text = std::fs::read_to_string(&config.file).unwrap();
    let notices: Vec<Notice> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<Occasion> = notices.iter().map(|notice| notice.kind).collect();
    assert_eq!(kinds, [Occasion::MarginCall, Occasion::Recovered]);
}
