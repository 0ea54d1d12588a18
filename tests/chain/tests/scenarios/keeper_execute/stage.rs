//! A market with debtors, and keepers whose wallets are watched.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use bulwark_chain::{Gas, Message, Sender};
use bulwark_chain_tests::{Bulwark, DEPLOYMENT, units};
use bulwark_deploy::Deployment;
use bulwark_keeper::book::{AccountId, Book, Moment};
use bulwark_keeper::execute::{Executor, Outcome, Report, Settings};
use bulwark_keeper::mirror::{HealthView, Mirror, Options};
use bulwark_keeper::plan::{Action, Costs, plan};
use bulwark_keeper::scan::Scan;
use bulwark_risk::units::Amount;
use bulwark_types::vault::{AccountRef, ExecuteMsg};
use cosmwasm_std::Coin;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

pub const OSMO: &str = "uosmo";
pub const USDT: &str = "uusdt";
pub const FEE: &str = "ustake";

/// Nothing that is on its way takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A market where alice owes 6,000 USDT in each of some accounts, against 1,000 OSMO of 10 USD.
pub struct Stage {
    pub world: Bulwark,
    pub book: Book,
    pub moment: Moment,
    mirror: Mirror,
    scan: Scan,
}

impl Stage {
    pub async fn new(accounts: u16) -> Self {
        Self::with(accounts, DEPLOYMENT).await
    }

    pub async fn with(accounts: u16, deployment: &str) -> Self {
        let world = Bulwark::up_with(1, &Deployment::parse(deployment).unwrap()).await;
        let lend = ExecuteMsg::Deposit {
            account: None,
            lend: Some(true),
        };
        let lent = Some((units(200_000), USDT));
        world.execute("bob", lend, lent).await.unwrap();
        let debtors = (0..accounts).map(|id| AccountRef {
            owner: world.address("alice"),
            id,
        });
        let messages = debtors.flat_map(|account| {
            let deposit = ExecuteMsg::Deposit {
                account: Some(account.clone()),
                lend: Some(false),
            };
            let borrow = ExecuteMsg::Borrow {
                account: Some(account),
                asset: USDT.into(),
                amount: Amount(units(6_000)),
                to: None,
            };
            [
                (deposit, vec![Coin::new(units(1_000), OSMO)]),
                (borrow, vec![]),
            ]
        });
        let alice = world.user("alice");
        let messages: Vec<Message> = messages
            .map(|(message, funds)| {
                Message::vault(alice.address(), &world.vault.address, &message, funds).unwrap()
            })
            .collect();
        if !messages.is_empty() {
            // Whatever their age may be.
            world.post(USDT, "1").await;
            world.post(OSMO, "10").await;
            alice.send(&messages, Gas::Simulated).await.unwrap();
        }

        let vault = world.vault.address.clone();
        let (client, health) = (world.client.clone(), HealthView::default());
        let opened = Mirror::open(client, &vault, Options::default(), health, &mut |_| {}).await;
        let (mirror, book) = opened.unwrap();
        let mut stage = Self {
            moment: Moment {
                seconds: 0,
                height: mirror.height(),
            },
            world,
            book,
            mirror,
            scan: Scan::new(),
        };
        stage.catch_up().await;
        stage
    }

    /// Follows beyond the newest block.
    pub async fn catch_up(&mut self) {
        let newest = self.world.client.latest_block().await.unwrap().height;
        while self.moment.height <= newest {
            let next = timeout(PATIENCE, self.mirror.next(&mut self.book)).await;
            let changes = next.expect("blocks go on").unwrap();
            self.moment = Moment {
                seconds: changes.time,
                height: changes.height,
            };
        }
    }

    /// A price comes into force, and the book has it.
    pub async fn falls_to(&mut self, usd: &str) {
        self.world.post(OSMO, usd).await;
        self.catch_up().await;
    }

    /// Accounts that can be liquidated.
    pub fn liquidatable(&mut self) -> Vec<AccountId> {
        let found = self.scan.update(&mut self.book, self.moment).unwrap();
        found.liquidatable
    }

    /// Everything that somebody has goes to somebody else.
    pub async fn give_away(&self, from: &str, to: &str, denom: &str, kept: u128) {
        let sender = self.world.user(from);
        let held = self.world.client.held(sender.address(), denom).await;
        let message = Message::Send {
            sender: sender.address().into(),
            to: self.world.address(to),
            coins: vec![Coin::new(held.unwrap() - kept, denom)],
        };
        sender.send(&[message], Gas::Simulated).await.unwrap();
    }
}

/// A keeper, and what its wallet had at the beginning.
pub struct Keeper {
    pub costs: Costs,
    pub limits: BTreeMap<String, Amount>,
    pub settings: Settings,
    name: String,
    executor: Option<Executor>,
    folder: TempDir,
    before: BTreeMap<String, u128>,
}

impl Keeper {
    /// One that may spend USDT of its wallet, and is content to have OSMO for it.
    pub async fn new(stage: &Stage, name: &str) -> Self {
        let assets = [OSMO, USDT].map(str::to_owned);
        let costs = Costs {
            kept: assets.into(),
            ..Costs::default()
        };
        let mut keeper = Self {
            settings: Settings {
                gas_price: costs.gas_price,
                ..Settings::new(stage.world.vault.address.clone())
            },
            costs,
            limits: BTreeMap::from([(USDT.to_owned(), Amount(units(1_000_000)))]),
            name: name.into(),
            executor: None,
            folder: tempfile::tempdir().unwrap(),
            before: BTreeMap::new(),
        };
        for asset in [OSMO, USDT, FEE] {
            keeper.watch(stage, asset).await;
        }
        keeper.open(stage);
        keeper
    }

    /// From here on, the wallet's change in an asset has to be what is reported.
    pub async fn watch(&mut self, stage: &Stage, asset: &str) {
        let held = self.held(stage, asset).await;
        self.before.insert(asset.into(), held);
    }

    pub fn journal(&self) -> PathBuf {
        self.folder.path().join("journal.jsonl")
    }

    /// It is started: with a key of its own, and the journal that the last one left.
    pub fn open(&mut self, stage: &Stage) {
        self.kill();
        let client = stage.world.client.clone();
        let network = client.network();
        let keyring = &stage.world.keyring;
        let signer = keyring.signer(&self.name, &network.prefix, network.coin_type);
        let sender = Sender::new(client, signer.unwrap());
        let opened = Executor::open(sender, self.settings.clone(), &self.journal());
        self.executor = Some(opened.unwrap());
    }

    /// It ends at once, and leaves what is on its way.
    pub fn kill(&mut self) {
        self.executor = None;
    }

    pub fn executor(&self) -> &Executor {
        self.executor.as_ref().unwrap()
    }

    /// Accounts that can be liquidated, as far as it may try.
    pub fn ready(&self, stage: &mut Stage) -> Vec<AccountId> {
        let found = stage.liquidatable();
        let ready = self.executor().ready(&stage.book, stage.moment, &found);
        ready.unwrap()
    }

    /// What it would do.
    pub async fn plan(&self, stage: &mut Stage) -> Vec<Action> {
        let ready = self.ready(stage);
        let inventory = self
            .executor()
            .inventory(&self.limits, stage.moment.height)
            .await
            .unwrap();
        let plan = plan(&stage.book, stage.moment, &ready, &inventory, &self.costs).unwrap();
        plan.actions
    }

    /// It does that; what came of what was not sent.
    pub async fn start(&mut self, stage: &Stage, actions: &[Action]) -> Vec<Report> {
        let executor = self.executor.as_mut().unwrap();
        let started = executor.start(actions, &stage.book, stage.moment).await;
        started.unwrap()
    }

    /// Nodes have everything that it has begun to send.
    pub async fn departed(&self) {
        let departed = async {
            while self.executor().departing() > 0 {
                sleep(Duration::from_millis(5)).await;
            }
        };
        let in_time = timeout(PATIENCE, departed).await;
        in_time.expect("everything is sent soon");
    }

    /// What comes of everything that is on its way.
    pub async fn rest(&mut self) -> Vec<Report> {
        let executor = self.executor.as_mut().unwrap();
        let mut reports = Vec::new();
        while executor.in_flight() > 0 {
            let next = timeout(PATIENCE, executor.next()).await;
            let report = next.expect("every fate is known soon").unwrap().unwrap();
            assert_shared(&report);
            reports.push(report);
        }
        reports
    }

    /// Plans, sends and waits.
    pub async fn act(&mut self, stage: &mut Stage) -> Vec<Report> {
        let actions = self.plan(stage).await;
        let mut reports = self.start(stage, &actions).await;
        reports.extend(self.rest().await);
        reports
    }

    pub async fn held(&self, stage: &Stage, asset: &str) -> u128 {
        let address = stage.world.address(&self.name);
        stage.world.client.held(&address, asset).await.unwrap()
    }

    /// How many accounts had this outcome, over all its runs.
    pub fn count(&self, outcome: &str) -> u64 {
        let totals = self.executor().totals();
        totals.outcomes.get(outcome).copied().unwrap_or(0)
    }

    /// What is reported is the change of its wallet, to the smallest unit.
    pub async fn assert_reported(&self, stage: &Stage) {
        let totals = self.executor().totals();
        let mut reported = totals.flows.clone();
        for (asset, before) in &self.before {
            let change = self.held(stage, asset).await as i128 - *before as i128;
            let told = reported.remove(asset).unwrap_or(0);
            assert_eq!(told, change, "{} of {}: {totals:?}", asset, self.name);
        }
        assert_eq!(reported, BTreeMap::new(), "of assets that nobody watches");
    }
}

/// What the accounts of a transaction earned is what it earned.
fn assert_shared(report: &Report) {
    let won = report.outcomes.iter().filter_map(|(_, outcome)| {
        let Outcome::Won(won) = outcome else {
            return None;
        };
        Some(won.profit.0)
    });
    let won: Vec<i128> = won.collect();
    if !won.is_empty() {
        let sum: i128 = won.iter().sum();
        assert_eq!(sum, report.realised.profit.0, "{report:#?}");
    }
}

/// The names of all outcomes, account by account.
pub fn names(reports: &[Report]) -> Vec<&'static str> {
    let outcomes = reports.iter().flat_map(|report| &report.outcomes);
    outcomes.map(|(_, outcome)| outcome.name()).collect()
}

/// All outcomes are such.
#[track_caller]
pub fn assert_all(reports: &[Report], is: impl Fn(&Outcome) -> bool) {
    let mut outcomes = reports.iter().flat_map(|report| &report.outcomes);
    assert!(
        !reports.is_empty() && outcomes.all(|(_, outcome)| is(outcome)),
        "{reports:#?}"
    );
}
