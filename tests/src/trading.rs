//! Worlds with pools of others, at which a batch or a keeper trades.

use bulwark_risk::units::Amount;
use bulwark_test_swap::msg::QueryMsg as PoolQuery;
use bulwark_testing::{MarketSpec, Quantity, SwapPool, World};
use bulwark_types::vault::{AccountHolding, AssetAmount, ConfigResponse, QueryMsg};

use crate::{assert_books_balance, interest_free, supply, world_of};

/// Which of the assets are CW20 tokens: none, all, the debt's or the collateral's.
pub const KINDS: [&[&str]; 4] = [&[], &["USDC", "ATOM", "ETH"], &["USDC"], &["ATOM", "ETH"]];

/// USDC at 1, ATOM at 10 and ETH at 2,000 USD without interest, some of them CW20 tokens.
pub fn trading_markets(tokens: &[&str]) -> impl Iterator<Item = MarketSpec> {
    [
        MarketSpec::usd("USDC"),
        MarketSpec::crypto("ATOM").with_price(10),
        MarketSpec::crypto("ETH")
            .with_decimals(18)
            .with_price(2_000),
    ]
    .map(interest_free)
    .map(|market| {
        if tokens.contains(&market.symbol.as_str()) {
            market.as_cw20()
        } else {
            market
        }
    })
    .into_iter()
}

/// A world of these markets, to each of which carol has lent a million USD.
///
/// # Panics
/// If the contracts refuse the defaults.
#[must_use]
pub fn trading(tokens: &[&str]) -> World {
    let mut world = world_of(trading_markets(tokens)).build().expect("a world");
    supply(&mut world, "USDC", 1_000_000);
    supply(&mut world, "ATOM", 100_000);
    supply(&mut world, "ETH", 500);
    world
}

/// What a pool would pay now, in smallest units.
///
/// # Panics
/// If it does not answer.
#[must_use]
pub fn quote(world: &World, pool: &SwapPool, asset: &str, quantity: impl Into<Quantity>) -> Amount {
    let amount = world.units(asset, quantity).expect("a quantity");
    let offer = AssetAmount {
        asset: world.asset(asset),
        amount,
    };
    swap_quote(world, pool, offer)
}

/// What a pool would pay now for this, in smallest units.
///
/// # Panics
/// If it does not answer.
#[must_use]
pub fn swap_quote(world: &World, pool: &SwapPool, offer: AssetAmount) -> Amount {
    let paid: AssetAmount = world
        .app()
        .wrap()
        .query_wasm_smart(&pool.address, &PoolQuery::Quote { offer })
        .expect("a quote");
    paid.amount
}

/// What an account holds or owes of an asset, if anything.
///
/// # Panics
/// If the vault does not answer.
#[must_use]
pub fn holding(world: &World, account: (&str, u16), asset: &str) -> Option<AccountHolding> {
    let denom = world.asset(asset);
    let holdings = world.account(account).expect("an account").holdings;
    holdings.into_iter().find(|holding| holding.asset == denom)
}

/// Asserts that nothing is under way: the vault is not locked, its books balance, and nothing
/// stands at the caller.
///
/// # Panics
/// If something is.
#[track_caller]
pub fn assert_at_rest(world: &World) {
    let config: ConfigResponse = world.query(&QueryMsg::Config {}).expect("an answer");
    assert!(!config.locked);
    assert_books_balance(world);
    for market in world.markets() {
        let stands = world.balance_of(world.caller(), &market.denom);
        assert_eq!(stands, Amount::ZERO, "{} at the caller", market.symbol);
    }
}
