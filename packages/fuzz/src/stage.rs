//! The world of a run: markets of every kind, pools to swap in, contracts to call.

use bulwark_risk::units::{Amount, Fraction};
use bulwark_test_token::msg::InitialBalance;
use bulwark_testing::{MarketSpec, SwapPool, World};
use bulwark_types::oracle::{Feed, RedemptionRate, Source};
use bulwark_types::vault::FamilyListing;
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Binary, Decimal};
use cw_multi_test::{ContractWrapper, Executor};
use serde_json::json;

/// Seconds that changes wait.
pub const OWNER_DELAY: u64 = 3_600;

/// Assets that one account may have: fewer than there are markets.
pub const MAX_HOLDINGS: u8 = 6;

/// Who owns accounts.
pub const OWNERS: [&str; 6] = ["alice", "bob", "carol", "dave", "erin", "frank"];

/// Accounts of each owner.
pub const IDS: u16 = 3;

/// Who lends to the pools and does nothing else.
pub const LENDER: &str = "lender";

/// An asset with a feed that nobody posts to.
pub const SILENT: &str = "factory/nobody/silent";

/// Who owns nothing.
pub const STRANGER: &str = "mallory";

/// A market as the run draws its prices.
#[derive(Clone, Debug)]
pub struct Asset {
    /// The asset.
    pub name: String,
    /// The price around which it moves, USD.
    pub home: f64,
    /// What it is.
    pub nature: Nature,
    /// Whether feeders post its price.
    pub posted: bool,
}

/// How a price moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// About one dollar.
    Stable,
    /// Anywhere, and with the others in a crash.
    Crypto,
    /// With the asset at this position.
    Follows(usize),
    /// A small market whose pool can be wiped out.
    Thin,
}

/// The world and what is around the vault in it.
pub struct Stage {
    /// The world.
    pub world: World,
    /// Its markets, in the order of their numbers.
    pub assets: Vec<Asset>,
    /// Pools to swap in.
    pub pools: Vec<SwapPool>,
    /// A keeper's contract without inventory; the keeper is its owner.
    pub keeper: Addr,
    /// A contract that does what it was told.
    pub mischief: Addr,
    /// What tells redemption rates.
    pub sources: Addr,
    /// A token that misbehaves at times.
    pub rogue: String,
}

/// Symbol, decimals, price, nature, whether it is a CW20 token, liquidity in thousand USD.
type Row = (&'static str, u8, f64, Nature, bool, f64);

const ROWS: [Row; 10] = [
    ("USDC", 6, 1.0, Nature::Stable, false, 20_000.0),
    ("ATOM", 6, 10.0, Nature::Crypto, false, 20_000.0),
    ("stATOM", 6, 12.0, Nature::Follows(1), false, 10_000.0),
    ("BTC", 8, 60_000.0, Nature::Crypto, false, 20_000.0),
    ("ETH", 18, 2_000.0, Nature::Crypto, false, 20_000.0),
    ("PEBBLE", 0, 3.0, Nature::Crypto, false, 3_000.0),
    ("wUSD", 18, 1.0, Nature::Stable, true, 20_000.0),
    ("JUNO", 6, 0.5, Nature::Crypto, true, 20_000.0),
    ("THIN", 6, 1.0, Nature::Thin, false, 20.0),
    ("ROGUE", 6, 2.0, Nature::Thin, false, 100.0),
];

/// Number of the market without decimals.
pub const PEBBLE: usize = 5;

/// Number of the market whose pool can be ruined.
pub const THIN: usize = 8;

/// Pairs with a pool.
const POOLS: [(&str, &str); 9] = [
    ("USDC", "ATOM"),
    ("USDC", "BTC"),
    ("USDC", "ETH"),
    ("USDC", "wUSD"),
    ("USDC", "JUNO"),
    ("wUSD", "ATOM"),
    ("wUSD", "JUNO"),
    ("stATOM", "ATOM"),
    ("USDC", "PEBBLE"),
];

/// Sets everything up.
///
/// # Errors
/// What a contract refuses; none unless the contracts have changed.
pub fn build() -> Result<Stage, WireError> {
    let mut builder = World::builder()
        .with_owner_delay(OWNER_DELAY)
        .with_feeders(2, 2)
        .with_actor(LENDER)
        .with_parameters(|parameters| {
            parameters.max_holdings = MAX_HOLDINGS;
            parameters.ramp_time = 86_400;
        });
    for owner in &OWNERS[3..] {
        builder = builder.with_actor(owner);
    }
    let [ordinary @ .., rogue] = ROWS;
    for row in ordinary {
        builder = builder.with_market(spec(row));
    }
    let mut world = builder.build()?;
    let token = rogue_token(&mut world)?;
    world.list(spec(rogue).with_denom(&token), OWNER_DELAY)?;
    world.repost()?;
    let assets: Vec<Asset> = ROWS
        .iter()
        .map(|(symbol, _, home, nature, _, _)| Asset {
            name: world.asset(symbol),
            home: *home,
            nature: *nature,
            posted: true,
        })
        .collect();
    let mut pools = Vec::new();
    for (one, other) in POOLS {
        pools.push(world.open_pool(one, other, 5_000_000, 10)?);
    }
    let (keeper, mischief, sources) = contracts(&mut world)?;
    redeem(&mut world, &sources)?;
    for (at, (symbol, _, price, nature, _, liquidity)) in (0u16..).zip(ROWS) {
        let usd = match nature {
            Nature::Thin => continue,
            _ => liquidity * 1_000.0 / 20.0,
        };
        let tokens = ((usd / price) as u32).max(1);
        let id = at / u16::from(MAX_HOLDINGS);
        world.deposit_lent((LENDER, id), symbol, tokens)?;
    }
    Ok(Stage {
        world,
        assets,
        pools,
        keeper,
        mischief,
        sources,
        rogue: token,
    })
}

/// A token that misbehaves at the caller's word, and so at that of anybody who has the caller say
/// it.
fn rogue_token(world: &mut World) -> Result<String, WireError> {
    let holders = OWNERS.iter().chain(&[STRANGER, "keeper"]);
    let balances = holders
        .map(|holder| InitialBalance {
            address: world.address(holder).into_string(),
            amount: units(1e9, 6).0.into(),
        })
        .collect();
    let caller = world.caller().clone();
    world.make_token_minted_by(&caller, "ROGUE", 6, balances)
}

fn spec((symbol, decimals, price, nature, is_cw20, liquidity): Row) -> MarketSpec {
    let spec = match (nature, symbol) {
        (Nature::Stable, _) => MarketSpec::usd(symbol),
        (Nature::Follows(_), _) => MarketSpec::member(symbol, "ATOM"),
        (Nature::Crypto | Nature::Thin, _) => MarketSpec::crypto(symbol),
    };
    let tokens = (liquidity * 1_000.0 / price) as u32;
    let spec = spec
        .with_decimals(decimals)
        .with_price(price)
        .with_liquidity(tokens)
        .with_deposit_cap(tokens)
        .with_borrow_cap(if nature == Nature::Thin {
            tokens
        } else {
            tokens / 2
        })
        .with_feed(|feed| {
            feed.max_age = 1_800;
            feed.ema_tau = 120;
        })
        .with_listing(move |listing| {
            // Prices crash far more often here than anywhere: at the usual multiple every haircut
            // would stay at its cap, and nobody could borrow enough to be liquidated.
            if let FamilyListing::Base { haircut, .. } = &mut listing.family {
                haircut.volatility_multiple = Fraction::percent(50);
            }
            if nature == Nature::Thin {
                // One account may owe the whole pool, so that it can be ruined.
                listing.limits.counterparty_share = Fraction::ONE;
                listing.limits.max_utilisation = Fraction::ONE;
            } else {
                listing.limits.outflow_share = Fraction::percent(30);
            }
        });
    if is_cw20 { spec.as_cw20() } else { spec }
}

fn contracts(world: &mut World) -> Result<(Addr, Addr, Addr), WireError> {
    let vault = world.vault().to_string();
    let owner = world.address("keeper");
    let app = world.app_mut();
    let failed = |error| bulwark_testing::error::wire_error(&error);
    let keeper = app.store_code(Box::new(ContractWrapper::new(
        bulwark_test_keeper::contract::execute,
        bulwark_test_keeper::contract::instantiate,
        no_query,
    )));
    let mischief = app.store_code(Box::new(
        ContractWrapper::new(
            bulwark_test_mischief::contract::execute,
            bulwark_test_mischief::contract::instantiate,
            bulwark_test_mischief::contract::query,
        )
        .with_reply(bulwark_test_mischief::contract::reply),
    ));
    let sources = app.store_code(Box::new(ContractWrapper::new(
        bulwark_test_sources::contract::execute,
        bulwark_test_sources::contract::instantiate,
        bulwark_test_sources::contract::query,
    )));
    let for_keeper = bulwark_test_keeper::msg::InstantiateMsg { vault };
    let keeper = app
        .instantiate_contract(keeper, owner.clone(), &for_keeper, &[], "keeper", None)
        .map_err(failed)?;
    let empty = json!({});
    let mischief = app
        .instantiate_contract(mischief, owner.clone(), &empty, &[], "mischief", None)
        .map_err(failed)?;
    let sources = app
        .instantiate_contract(sources, owner, &empty, &[], "sources", None)
        .map_err(failed)?;
    Ok((keeper, mischief, sources))
}

/// The keeper's contract answers no queries; the embedded chain wants to hear that from somebody.
fn no_query(
    _: cosmwasm_std::Deps<'_>,
    _: cosmwasm_std::Env,
    query: cosmwasm_std::Empty,
) -> cosmwasm_std::StdResult<Binary> {
    cosmwasm_std::to_json_binary(&query)
}

/// The staked token's feed also follows what it can be redeemed for.
fn redeem(world: &mut World, sources: &Addr) -> Result<(), WireError> {
    use bulwark_types::oracle::ExecuteMsg;
    let (staked, base) = (world.asset("stATOM"), world.asset("ATOM"));
    let set_rate = bulwark_test_sources::msg::ExecuteMsg::SetRate {
        rate: Decimal::percent(120),
        update_time: world.now(),
    };
    let anyone = world.address("keeper");
    world.execute_raw(&anyone, sources, &set_rate, &[])?;
    let feed = staked_feed(base, sources);
    let set_feed = ExecuteMsg::SetFeed {
        asset: staked.clone(),
        feed,
    };
    world.execute_oracle("owner", set_feed)?;
    let set_feed = ExecuteMsg::SetFeed {
        asset: SILENT.into(),
        feed: plain_feed(),
    };
    world.execute_oracle("owner", set_feed)?;
    world.settle_oracle_changes(OWNER_DELAY)?;
    world.repost()?;
    let refresh = ExecuteMsg::Refresh {
        assets: vec![staked],
    };
    world.execute_oracle("keeper", refresh).map(drop)
}

/// Posted, and not above the redemption value.
#[must_use]
pub fn staked_feed(base: String, sources: &Addr) -> Feed {
    let rate = RedemptionRate {
        base,
        contract: sources.to_string(),
        query: Binary::from(br#"{"exchange_rate":{}}"#),
        path: vec![],
        time_path: None,
        max_rate_age: 86_400,
        growth_cap: Fraction::percent(20),
    };
    let mut feed = plain_feed();
    feed.sources.push(Source::RedemptionRate(rate));
    feed
}

/// Posted, as all feeds of the run.
#[must_use]
pub fn plain_feed() -> Feed {
    let mut feed = bulwark_testing::defaults::feed(Fraction::percent(4));
    feed.max_age = 1_800;
    feed.ema_tau = 120;
    feed
}

fn units(tokens: f64, decimals: u8) -> Amount {
    Amount((tokens * 10f64.powi(i32::from(decimals))) as u128)
}
