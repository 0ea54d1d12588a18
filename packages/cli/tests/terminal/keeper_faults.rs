//! What goes wrong around a keeper, and the keeper itself killed: real nodes, real wasm.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::TcpListener;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::keeper_rival::{Rival, compete, ends_well, is_done};
use crate::support::chain::Chain;
use crate::support::keeper::{Keeper, configuration, webhook};
use crate::support::lines::{Lines, find};
use crate::support::market::{OSMO, Running, network, wait_for};
use crate::support::replay::{DOLLAR, replay, tx};
use crate::support::slow::slow;
use crate::support::{Home, kill, told};
use bulwark_chain::events::typed;
use bulwark_chain::{Message, keys};
use bulwark_risk::units::Amount;
use bulwark_types::events::Liquidated;
use bulwark_types::oracle;
use bulwark_types::vault::{AccountRef, ExecuteMsg};
use cosmwasm_std::coins;
use serde_json::Value;

const FEE_COIN: &str = "ustake";
const FEES: u128 = 1_000_000_000;
const DOLLARS: u128 = 100_000_000_000;

/// Alice's accounts: they all have 1000 OSMO, and each owes less than the one before.
const ACCOUNTS: u16 = 12;

/// A keeper on the test's network, started again and again.
pub struct Scene {
    pub home: Home,
    pub chain: Chain,
    /// Its key: nobody else uses it.
    words: String,
    pub address: String,
    pub configuration: String,
    calls: Lines,
    /// Who posts, and at which price.
    feeder: Option<Running>,
    pub percent: u32,
}

impl Scene {
    fn new() -> Self {
        let home = network();
        let mut chain = Chain::of(&home);
        let words = keys::new_mnemonic().unwrap().to_string();
        let address = chain.insert("poor", &words);
        let (url, calls) = webhook();
        let configuration = configuration(&home, "poor", &url);
        let feeder = Some(Running::feeder(&replay(&home, "1")));
        Self {
            home,
            chain,
            words,
            address,
            configuration,
            calls,
            feeder,
            percent: 100,
        }
    }

    fn lend_and_borrow(&self) {
        let vault = |from: &str, message: &ExecuteMsg, funds| {
            let from = self.chain.address(from);
            Message::vault(&from, &self.chain.vault, message, funds).unwrap()
        };
        let lends = ExecuteMsg::Deposit {
            account: None,
            lend: Some(true),
        };
        let cash = coins(50_000_000_000, DOLLAR);
        self.chain.send("bob", &[vault("bob", &lends, cash)]);
        let owner = self.chain.address("alice");
        let messages = (0..ACCOUNTS).flat_map(|id| {
            let account = Some(AccountRef {
                owner: owner.clone(),
                id,
            });
            let deposits = ExecuteMsg::Deposit {
                account: account.clone(),
                lend: None,
            };
            let borrows = ExecuteMsg::Borrow {
                account,
                asset: DOLLAR.into(),
                amount: Amount(u128::from(720 - 12 * id) * 1_000_000),
                to: None,
            };
            [
                vault("alice", &deposits, coins(1_000_000_000, OSMO)),
                vault("alice", &borrows, vec![]),
            ]
        });
        self.chain.send("alice", &messages.collect::<Vec<_>>());
    }

    pub fn keeper(&self) -> Keeper {
        let key = [("BULWARK_KEY_POOR", self.words.as_str())];
        Keeper::start_with(&self.configuration, &key)
    }

    /// From now on OSMO costs so much.
    pub fn price(&mut self, percent: u32) {
        // It may have begun a moment ago, and not listen for signals yet.
        drop(self.feeder.take());
        let replayed = replay(&self.home, &format!("0.{percent}"));
        self.feeder = Some(Running::feeder(&replayed));
        self.percent = percent;
    }

    /// Whether whoever posts the price has done so.
    pub fn has_posted(&self) -> bool {
        let feeder = self.feeder.as_ref().unwrap();
        let posted = |line: &Value| line["message"] == "posted" && line["asset"] == OSMO;
        find(&feeder.log, posted).is_some()
    }

    /// Lets the price fall until an account can be liquidated.
    fn fall(&mut self, keeper: &Keeper) {
        for percent in (60..self.percent.min(95)).rev().step_by(2) {
            self.price(percent);
            for _ in 0..8 {
                sleep(Duration::from_millis(500));
                if keeper.health()["liquidatable"].as_u64() > Some(0) {
                    return;
                }
            }
        }
        panic!("nobody can be liquidated: {}", keeper.health());
    }

    /// A fault begins, once.
    fn begins(&self, keeper: &Keeper, fault: &str) {
        wait_for(fault, || keeper.logged("fault begins", fault));
        let metrics = keeper.get("/metrics").1;
        let kind = fault.split(' ').next().unwrap();
        let lasts = format!("bulwark_keeper_faults{{kind=\"{kind}\"}} 1");
        assert!(metrics.contains(&lasts), "{lasts}: {metrics}");
        let health = keeper.health();
        let faults = health["faults"].as_array().unwrap();
        assert!(faults.iter().any(|it| it["fault"] == fault), "{health}");
    }

    /// It ends, and was said once.
    fn ends(&self, keeper: &Keeper, fault: &str) {
        wait_for(fault, || keeper.logged("fault ends", fault));
        for message in ["fault begins", "fault ends"] {
            let log = keeper.log.lock().unwrap();
            let said = log
                .iter()
                .filter(|line| line["message"] == message && line["fault"] == fault);
            assert_eq!(said.count(), 1, "{message} {fault}: {log:?}");
        }
    }

    fn outcomes(keeper: &Keeper) -> usize {
        let told = keeper.told.lock().unwrap();
        told.iter().filter(|it| it["event"] == "outcome").count()
    }
}

fn well(keeper: &Keeper) -> bool {
    keeper.get("/health").0.starts_with("HTTP/1.1 200 ")
}

/// Milliseconds, less than `most`.
fn random(most: u64) -> Duration {
    let number = RandomState::new().build_hasher().finish();
    Duration::from_millis(number % most)
}

#[test]
fn what_goes_wrong_is_said_once_and_nothing_is_lost_when_the_keeper_is_killed() {
    let mut scene = Scene::new();
    scene.lend_and_borrow();
    let from = scene.chain.height();
    let mut keeper = scene.keeper();

    without_fees_then_without_funds(&mut scene, &keeper);
    a_halted_price(&scene, &keeper);
    a_node_that_is_killed(&mut scene, &keeper);
    let rival = Rival::of(&scene);
    let competing = rival.start();
    let lost = compete(&mut scene, &keeper, &competing);
    let of_rival = ends_well(&scene, competing, &rival.address, &rival.had);
    keeper.end();
    killed_at_any_moment(&mut scene);

    // What the journal says over all runs is what the wallet has more.
    let keeper = scene.keeper();
    wait_for("everything is done", || is_done(&keeper));
    let paid = [(FEE_COIN, FEES), (DOLLAR, DOLLARS), (OSMO, 0)];
    let totals = ends_well(&scene, keeper, &scene.address, &paid);
    // Each liquidation counts once, for whoever did it, and is told.
    let to = scene.chain.height();
    let done: Vec<Liquidated> = (from..=to)
        .flat_map(|height| {
            let events = scene.chain.events(height);
            typed::<Liquidated>(events.of(&scene.chain.vault)).unwrap()
        })
        .collect();
    for (address, totals) in [(&scene.address, &totals), (&rival.address, &of_rival)] {
        let own = done.iter().filter(|event| event.keeper == *address);
        let won = totals["outcomes"]["won"].as_u64().unwrap_or(0);
        assert_eq!(won, own.count() as u64, "{totals}");
    }
    println!("of {} lost {lost}: {totals} {of_rival}", done.len());
    let done = done.len();
    assert!(done >= usize::from(ACCOUNTS), "{done}");
    let calls = scene.calls.lock().unwrap();
    let of_kind = |kind: &str| {
        let ids = calls.iter().filter(|call| call["kind"] == kind);
        ids.map(|call| call["id"].to_string()).collect::<Vec<_>>()
    };
    // What the server has taken just before a kill comes again, with the same id.
    let told = of_kind("liquidated");
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), done, "{told:?}");
}

fn without_fees_then_without_funds(scene: &mut Scene, keeper: &Keeper) {
    scene.begins(keeper, "out_of_fees");
    assert!(!well(keeper));
    scene.fall(keeper);
    sleep(Duration::from_secs(3));
    assert_eq!(Scene::outcomes(keeper), 0, "{:?}", keeper.told);

    scene.chain.pay("bob", &scene.address, &[(FEES, FEE_COIN)]);
    scene.ends(keeper, "out_of_fees");
    wait_for("it is well", || well(keeper));
    let fault = format!("out_of_funds {DOLLAR}");
    scene.begins(keeper, &fault);
    assert_eq!(Scene::outcomes(keeper), 0, "{:?}", keeper.told);

    scene.chain.pay("bob", &scene.address, &[(DOLLARS, DOLLAR)]);
    wait_for("it liquidates", || Scene::outcomes(keeper) > 0);
    scene.ends(keeper, &fault);
}

fn a_halted_price(scene: &Scene, keeper: &Keeper) {
    let guard = |message| {
        let owner = scene.chain.address("owner");
        let message = Message::oracle(&owner, &scene.chain.oracle, &message).unwrap();
        scene.chain.send("owner", &[message]);
    };
    let asset = || OSMO.to_owned();
    guard(oracle::ExecuteMsg::Halt { asset: asset() });
    let fault = format!("halted_price {OSMO}");
    scene.begins(keeper, &fault);
    assert!(well(keeper), "{}", keeper.health());
    guard(oracle::ExecuteMsg::Resume { asset: asset() });
    scene.ends(keeper, &fault);
}

fn a_node_that_is_killed(scene: &mut Scene, keeper: &Keeper) {
    // The network's own feeder comes back with the node, and its keys are for one program.
    drop(scene.feeder.take());
    kill(&scene.home.status().0["nodes"][0]["pid"]);
    scene.begins(keeper, "unreachable");
    assert!(!well(keeper));
    told(&scene.home.up(&[]));
    kill(&scene.home.status().0["feeder"]["pid"]);
    scene.price(scene.percent);
    scene.ends(keeper, "unreachable");
    wait_for("it is well", || well(keeper));
}

/// The price falls on, and the keeper is killed again and again while it is busy.
fn killed_at_any_moment(scene: &mut Scene) {
    let start = Instant::now();
    while scene.percent > 56 {
        scene.price(scene.percent - 6);
        for _ in 0..3 {
            let keeper = scene.keeper();
            sleep(random(2_000));
            keeper.kill();
        }
    }
    println!("killed for {:?}", start.elapsed());
}

#[test]
fn a_distant_node_and_a_deaf_server_hold_nobody_up() {
    let home = network();
    let chain = Chain::of(&home);
    let steady = Running::feeder(&replay(&home, "1"));
    let deposit = ["deposit", "50000uusdt", "--whole", "--lend"];
    told(&tx(&home, "bob", &deposit));
    told(&tx(&home, "alice", &["deposit", "10000000000uosmo"]));
    told(&tx(&home, "alice", &["borrow", "7000000000uusdt"]));

    // Each answer takes as long as one from the other side of the world.
    let node = chain.client.network().rpc[0].clone();
    let text = std::fs::read_to_string(home.file("network.toml")).unwrap();
    let slowly = slow(&node, Duration::from_millis(200));
    std::fs::write(home.file("slow.toml"), text.replace(&node, &slowly)).unwrap();
    // It takes calls, and never answers.
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", deaf.local_addr().unwrap());
    let file = configuration(&home, "keeper", &url);
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replace("network.toml", "slow.toml") + "timeout = 60\n";
    std::fs::write(&file, text).unwrap();
    let mut keeper = Keeper::start(&file);
    wait_for("it is well", || well(&keeper));

    steady.end();
    let fallen = Running::feeder(&replay(&home, "0.8"));
    wait_for("it liquidates", || {
        let outcome = find(&keeper.told, |line| line["event"] == "outcome");
        outcome.is_some_and(|outcome| outcome["accounts"][0][1]["won"].is_object())
    });
    let start = Instant::now();
    keeper.end();
    assert!(start.elapsed() < Duration::from_secs(30), "{start:?}");
    fallen.end();
    let untold = std::fs::read_to_string(home.file("keeper/margin-calls.json")).unwrap();
    let untold: Value = serde_json::from_str(&untold).unwrap();
    assert!(!untold["untold"].as_array().unwrap().is_empty(), "{untold}");
}
