//! The same random messages on a chain and, with its block times and addresses, on the embedded
//! chain: every message has the same outcome and the same events, and in the end both have the
//! same state, holding by holding and byte by byte.

use std::collections::BTreeMap;
use std::fmt::Debug;

use bulwark_chain::{ChainError, Client, Gas, Message};
use bulwark_chain_tests::{
    Author, Bulwark, DEPLOYMENT, Draft, Listed, Mirror, Mirrored, Places, price, state, units,
};
use bulwark_deploy::Deployment;
use bulwark_localnet::denoms;
use bulwark_risk::interest::InterestModel;
use bulwark_risk::units::{Amount, Fraction};
use bulwark_types::oracle;
use bulwark_types::vault::{
    AccountRef, AccountResponse, MarginResponse, MarketsResponse, QueryMsg,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Messages that are sent at least, the deployment aside.
const MESSAGES: usize = 150;

/// Rounds after which it is given up that each of [`KINDS`] succeeds.
const MAX_ROUNDS: u32 = 120;

/// More than any message here uses: the embedded chain knows no gas.
const GAS: Gas = Gas::Limit(3_000_000);

/// What has to have succeeded, by the first word of the message.
const KINDS: [&str; 12] = [
    "deposit",
    "withdraw",
    "lend",
    "recall",
    "borrow",
    "repay",
    "transfer",
    "liquidate",
    "batch",
    "accrue",
    "post_prices",
    "send",
];

/// Another seed, for who wants to look for differences.
const SEED: &str = "BULWARK_REPLAY_SEED";

#[tokio::test(flavor = "multi_thread")]
async fn random_messages_do_the_same_on_a_chain_and_on_the_embedded_one() {
    let seed = std::env::var(SEED).map_or(20_261_123, |seed| seed.parse().unwrap());
    let (world, assets) = world().await;
    let mut mirror = Mirror::new(&world.client);
    mirror.catch_up().await;
    let users = world.names();
    let places = Places {
        vault: world.vault.address.clone(),
        oracle: world.oracle.address.clone(),
        users: users.clone(),
    };
    let mut author = Author::new(seed, places, assets);
    let mut told = run(&world, author.opening(), &mut mirror).await;
    let mut rounds = 0;
    while told.len() < MESSAGES || !missing(&told).is_empty() {
        rounds += 1;
        let missing = missing(&told);
        assert!(
            rounds <= MAX_ROUNDS,
            "seed {seed}: never succeeded: {missing:?}"
        );
        let drafts = author.round(&mirror);
        told.extend(run(&world, drafts, &mut mirror).await);
    }
    let (succeeded, refusals) = count(&told);
    println!(
        "{} messages, {succeeded} succeeded, refused: {refusals:?}",
        told.len()
    );
    assert!(
        succeeded * 3 > told.len(),
        "seed {seed}: mostly refusals: {refusals:?}"
    );
    assert!(
        refusals.len() > 3,
        "seed {seed}: hardly any refusals: {refusals:?}"
    );
    assert_same_state(&world, &mirror).await;
    world.assert_solvent().await;
}

/// Four assets: coins of 6 and of 18 decimals, a coin worth a dollar, and a CW20 token. Debts
/// grow fast, so that seconds make a difference.
pub(crate) async fn world() -> (Bulwark, Vec<Listed>) {
    let mut deployment = Deployment::parse(DEPLOYMENT).unwrap();
    let ether = denoms::coin("ETH", 18).denom;
    let mut second = deployment.assets[0].clone();
    second.asset.clone_from(&ether);
    second.first_price = Some(price("2000"));
    let market = second.market.as_mut().unwrap();
    market.decimals = 18;
    let most = Amount(units(25_000) * 10_u128.pow(12));
    market.risk.liquidity = most;
    (market.limits.deposit_cap, market.limits.borrow_cap) = (most, most);
    deployment.assets.push(second);
    for asset in &mut deployment.assets {
        asset.market.as_mut().unwrap().interest = InterestModel::Kinked {
            base: Fraction::percent(300),
            slope: Fraction::percent(100),
            steep_slope: Fraction::percent(300),
            optimal: Fraction::percent(80),
        };
    }
    let world = Bulwark::up_with(1, &deployment).await;
    let token = world.token(1_000_000).await;
    let mut third = deployment.assets[0].clone();
    third.asset.clone_from(&token);
    third.first_price = Some(price("5"));
    deployment.assets.push(third);
    world.deploy(&deployment).await;
    let listed = |asset: &str, decimals, price| Listed {
        asset: asset.into(),
        decimals,
        price,
        stable: asset == "uusdt",
    };
    let assets = vec![
        listed("uosmo", 6, 10.0),
        listed("uusdt", 6, 1.0),
        listed(&ether, 18, 2_000.0),
        listed(&token, 6, 5.0),
    ];
    (world, assets)
}

/// Sends messages one after the other without waiting for blocks, then plays the blocks.
pub(crate) async fn run(world: &Bulwark, drafts: Vec<Draft>, mirror: &mut Mirror) -> Vec<Mirrored> {
    let mut pending = Vec::new();
    for draft in drafts {
        let sender = world.user(&draft.sender);
        let Draft {
            contract,
            message,
            funds,
            ..
        } = draft;
        let message = Message::execute(sender.address(), &contract, &message, funds).unwrap();
        pending.push(sender.submit(&[message], GAS).await.unwrap());
    }
    for sent in pending {
        match sent.wait().await {
            Ok(_) | Err(ChainError::Refused(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    mirror.catch_up().await
}

fn kind(mirrored: &Mirrored) -> &str {
    let message = mirrored.message.as_object();
    let word = message.and_then(|message| message.keys().next());
    word.map_or("", String::as_str)
}

fn missing(told: &[Mirrored]) -> Vec<&'static str> {
    let succeeded = |wanted: &&&str| {
        let mut done = told.iter().filter(|mirrored| mirrored.refusal.is_none());
        !done.any(|mirrored| kind(mirrored) == **wanted)
    };
    KINDS.iter().filter(succeeded).copied().collect()
}

fn count(told: &[Mirrored]) -> (usize, BTreeMap<&str, u32>) {
    let mut refusals = BTreeMap::new();
    for name in told
        .iter()
        .filter_map(|mirrored| mirrored.refusal.as_deref())
    {
        *refusals.entry(name).or_default() += 1;
    }
    let refused: u32 = refusals.values().sum();
    (told.len() - refused as usize, refusals)
}

/// Both as they were at the block that the mirror has come to.
async fn assert_same_state(world: &Bulwark, mirror: &Mirror) {
    let client = world.client.at(mirror.height());
    let (vault, oracle) = (&world.vault.address, &world.oracle.address);
    for (name, address) in world.names() {
        for id in 0..3 {
            let account = AccountRef {
                owner: address.clone(),
                id,
            };
            let query = QueryMsg::Account {
                account: account.clone(),
            };
            let chain: AccountResponse = client.smart(vault, &query).await.unwrap();
            let mirrored: AccountResponse = mirror.smart(vault, &query);
            assert_eq!(chain.holdings.len(), mirrored.holdings.len(), "{name} {id}");
            for (chain, mirrored) in chain.holdings.iter().zip(&mirrored.holdings) {
                assert_eq!(chain, mirrored, "{name} {id}");
            }
            same::<MarginResponse>(&client, mirror, vault, &QueryMsg::Margin { account }).await;
        }
        for coin in denoms::coins() {
            let chain = client.balance(&address, &coin.denom).await.unwrap();
            assert_eq!(
                chain,
                mirror.balance(&address, &coin.denom),
                "{name} {coin:?}"
            );
        }
    }
    let markets = QueryMsg::Markets {
        start_after: None,
        limit: None,
    };
    same::<MarketsResponse>(&client, mirror, vault, &markets).await;
    let feeds = oracle::QueryMsg::Feeds {
        start_after: None,
        limit: None,
    };
    same::<oracle::FeedsResponse>(&client, mirror, oracle, &feeds).await;
    for contract in client.contracts_of(&world.address("owner")).await.unwrap() {
        let chain = state(&client, &contract).await;
        assert_eq!(chain, mirror.state(&contract), "state of {contract}");
    }
}

async fn same<R: DeserializeOwned + PartialEq + Debug>(
    client: &Client,
    mirror: &Mirror,
    contract: &str,
    query: &impl Serialize,
) {
    let chain: R = client.smart(contract, query).await.unwrap();
    assert_eq!(chain, mirror.smart::<R>(contract, query));
}
