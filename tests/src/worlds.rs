//! The worlds in which scenarios begin.

use bulwark_risk::interest::InterestModel;
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_testing::{MarketSpec, Quantity, World, WorldBuilder};
use bulwark_types::vault::AccountHolding;

/// USDC at 1 (6 decimals), ATOM at 10 (6), BTC at 60,000 (8) and ETH at 2,000 USD (18).
#[must_use]
pub fn standard_markets() -> [MarketSpec; 4] {
    [
        MarketSpec::usd("USDC"),
        MarketSpec::crypto("ATOM").with_price(10),
        MarketSpec::crypto("BTC")
            .with_decimals(8)
            .with_price(60_000),
        MarketSpec::crypto("ETH")
            .with_decimals(18)
            .with_price(2_000),
    ]
}

/// A market whose rate is zero at any utilisation: numbers stay what they are in time.
#[must_use]
pub fn interest_free(market: MarketSpec) -> MarketSpec {
    market.with_listing(|listing| {
        listing.interest = InterestModel::Kinked {
            base: Fraction::ZERO,
            slope: Fraction::ZERO,
            steep_slope: Fraction::ZERO,
            optimal: Fraction::percent(80),
        };
    })
}

/// A builder with markets.
#[must_use]
pub fn world_of(markets: impl IntoIterator<Item = MarketSpec>) -> WorldBuilder {
    markets
        .into_iter()
        .fold(World::builder(), WorldBuilder::with_market)
}

/// Carol lends.
///
/// # Panics
/// If the vault refuses.
pub fn supply(world: &mut World, asset: &str, quantity: impl Into<Quantity>) {
    world
        .deposit_lent("carol", asset, quantity)
        .expect("carol lends");
}

/// Carol lends 1,000,000 USDC, 100,000 ATOM, 100 BTC and 1,000 ETH.
pub fn fund(world: &mut World) {
    supply(world, "USDC", 1_000_000);
    supply(world, "ATOM", 100_000);
    supply(world, "BTC", 100);
    supply(world, "ETH", 1_000);
}

/// The standard markets, funded by carol.
///
/// # Panics
/// If the contracts refuse the defaults.
#[must_use]
pub fn funded() -> World {
    let mut world = World::standard().expect("the standard world");
    fund(&mut world);
    world
}

/// The standard markets without interest, funded by carol; alice holds 100 ATOM and owes
/// 800 USDC.
///
/// # Panics
/// If the contracts refuse the defaults.
#[must_use]
pub fn levered() -> World {
    let mut world = world_of(standard_markets().map(interest_free))
        .build()
        .expect("the standard world");
    fund(&mut world);
    world.deposit("alice", "ATOM", 100).expect("a deposit");
    world.borrow("alice", "USDC", 800).expect("a borrow");
    world
}

/// The same after ATOM has fallen to 9.50 USD: alice is liquidatable, not distressed.
///
/// # Panics
/// If the contracts refuse.
#[must_use]
pub fn underwater() -> World {
    let mut world = levered();
    falls(&mut world, &[("ATOM", "9.5")]);
    world
}

/// Prices move, a jump is confirmed, and everything else is posted again at its last price.
///
/// # Panics
/// If the oracle refuses.
#[track_caller]
pub fn falls(world: &mut World, prices: &[(&str, &str)]) {
    world.advance(6);
    world.post_confirmed(prices).expect("the posts count");
    for (asset, expected) in prices {
        let found = world.price(asset).expect("a price").record.mid;
        assert_eq!(found, expected.parse().expect("a price"), "{asset}");
    }
}

/// The only holding of an account in an asset.
///
/// # Panics
/// If there is none.
#[track_caller]
#[must_use]
pub fn one_holding(world: &World, account: (&str, u16), asset: &str) -> AccountHolding {
    let denom = world.asset(asset);
    world
        .account(account)
        .expect("an account")
        .holdings
        .into_iter()
        .find(|holding| holding.asset == denom)
        .unwrap_or_else(|| panic!("{account:?} has nothing in {asset}"))
}

/// Smallest units of a market as a signed number, as purses count.
///
/// # Panics
/// For what is no number.
#[must_use]
pub fn amount(world: &World, asset: &str, quantity: impl Into<Quantity>) -> i128 {
    let Amount(units) = world.units(asset, quantity).expect("a quantity");
    i128::try_from(units).expect("fits")
}

/// A value in USD out of its text.
///
/// # Panics
/// For what is no number.
#[must_use]
pub fn usd(text: &str) -> Usd {
    text.parse().expect("a value")
}
