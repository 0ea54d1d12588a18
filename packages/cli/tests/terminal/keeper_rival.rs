//! Two keepers with a key and a folder each want the same accounts.

use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::keeper_faults::Scene;
use crate::support::keeper::Keeper;
use crate::support::lines::find;
use crate::support::market::{OSMO, wait_for};
use crate::support::replay::DOLLAR;

/// The price falls by percents of what it was at first. How far it may fall before that is odd, and how
/// long each fall may take to reach them once it is posted.
const LOWEST: u32 = 62;
const EFFECT: Duration = Duration::from_secs(4);

/// The network's own keeper, with what its wallet had.
pub struct Rival {
    pub address: String,
    pub had: [(&'static str, u128); 3],
    configuration: String,
}

impl Rival {
    pub fn of(scene: &Scene) -> Self {
        let address = scene.chain.address("keeper");
        let text = std::fs::read_to_string(&scene.configuration).unwrap();
        let (text, _) = text.split_once("[margin_calls.webhook]").unwrap();
        let text = text.replace("key = \"poor\"", "key = \"keeper\"\nfolder = \"rival\"");
        let configuration = scene.home.file("rival.toml");
        std::fs::write(&configuration, text).unwrap();
        let had = ["ustake", DOLLAR, OSMO].map(|asset| (asset, scene.chain.held(&address, asset)));
        Self {
            address,
            had,
            configuration,
        }
    }

    pub fn start(&self) -> Keeper {
        Keeper::start(&self.configuration)
    }
}

/// The price falls until one of them came second; how often that was. Nobody is stuck then.
pub fn compete(scene: &mut Scene, one: &Keeper, other: &Keeper) -> usize {
    while scene.percent > LOWEST {
        scene.price(scene.percent - 2);
        wait_for("the price is posted", || scene.has_posted());
        let since = Instant::now();
        while since.elapsed() < EFFECT && is_done(one) && is_done(other) {
            sleep(Duration::from_millis(200));
        }
        for keeper in [one, other] {
            wait_for("everything is done", || is_done(keeper));
        }
        let lost = lost(one) + lost(other);
        if lost > 0 {
            return lost;
        }
    }
    panic!("nobody ever came second: {:?} {:?}", one.told, other.told);
}

/// Nothing is left to be done.
pub fn is_done(keeper: &Keeper) -> bool {
    let health = keeper.health();
    health["status"] == "ok" && health["liquidatable"] == 0 && health["in_flight"] == 0
}

/// What came of all accounts that it tried.
fn outcomes(keeper: &Keeper) -> Vec<Value> {
    let told = keeper.told.lock().unwrap();
    let outcomes = told.iter().filter(|told| told["event"] == "outcome");
    let accounts = outcomes.flat_map(|outcome| outcome["accounts"].as_array().unwrap());
    accounts.map(|account| account[1].clone()).collect()
}

fn lost(keeper: &Keeper) -> usize {
    let outcomes = outcomes(keeper).into_iter();
    let lost = outcomes.filter(|outcome| outcome["lost_to_another"].is_object());
    lost.count()
}

/// It ends, and its journal says what its wallet has more than what was paid into it. Its totals.
pub fn ends_well(
    scene: &Scene,
    mut keeper: Keeper,
    address: &str,
    paid: &[(&str, u128); 3],
) -> Value {
    keeper.end();
    let ended = find(&keeper.told, |line| line["event"] == "ended").unwrap();
    assert_eq!(ended["in_flight"], 0, "{ended}");
    let totals = ended["totals"].clone();
    for (asset, paid) in paid {
        let flow = totals["flows"][asset].as_str().unwrap_or("0");
        let now = scene.chain.held(address, asset);
        let paid = i128::try_from(*paid).unwrap() + flow.parse::<i128>().unwrap();
        assert_eq!(i128::try_from(now).unwrap(), paid, "{asset}: {totals}");
    }
    let named: BTreeSet<&String> = totals["outcomes"].as_object().unwrap().keys().collect();
    for strange in ["unknown", "refused", "out_of_funds"] {
        assert!(!named.contains(&strange.to_owned()), "{totals}");
    }
    totals
}
