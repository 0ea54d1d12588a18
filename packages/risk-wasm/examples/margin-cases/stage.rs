//! Markets of every kind, with pools that can be borrowed from.

use bulwark_risk::units::{Amount, Fraction, Price, Usd};
use bulwark_testing::{MarketSpec, World};
use bulwark_types::wire::WireError;

use crate::dice::Dice;

/// Who owns all accounts but the lender's.
pub const OWNER: &str = "alice";

const LENDER: &str = "bob";

/// A market as this tool knows it.
pub struct Asset {
    pub symbol: &'static str,
    /// Base of its family, if another one.
    pub base: Option<&'static str>,
    pub is_usd: bool,
    decimals: u8,
    usd: f64,
}

const fn asset(symbol: &'static str, decimals: u8, usd: f64) -> Asset {
    Asset {
        symbol,
        base: None,
        is_usd: false,
        decimals,
        usd,
    }
}

const fn member(symbol: &'static str, of: &'static str, decimals: u8, usd: f64) -> Asset {
    Asset {
        base: Some(of),
        ..asset(symbol, decimals, usd)
    }
}

const fn dollar(symbol: &'static str, decimals: u8) -> Asset {
    Asset {
        is_usd: true,
        ..asset(symbol, decimals, 1.0)
    }
}

/// In the order of their listing. A token without decimals and one with many, families of one, two and
/// three, one of them of dollars.
const ASSETS: [Asset; 12] = [
    dollar("USDC", 6),
    asset("ATOM", 6, 9.7),
    member("stATOM", "ATOM", 6, 13.1),
    member("dATOM", "ATOM", 6, 10.3),
    asset("BTC", 8, 61_234.5),
    asset("ETH", 18, 2_345.678),
    member("stETH", "ETH", 18, 2_339.9),
    dollar("USDT", 6),
    asset("OSMO", 6, 0.4321),
    asset("SOL", 9, 151.9),
    asset("ART", 0, 27.3),
    asset("PEPE", 18, 0.000_011_7),
];

/// A world with markets.
pub struct Stage {
    pub world: World,
    pub assets: Vec<Asset>,
}

impl Stage {
    /// A world with some of the assets, each with a first price of its own and a pool that somebody
    /// has lent to.
    pub fn new(dice: &mut Dice) -> Result<Self, WireError> {
        let mut assets: Vec<Asset> = ASSETS.into_iter().collect();
        let left_out = dice.between(0, 4);
        for _ in 0..left_out {
            // The dollar stays, and so do bases while their members are there.
            let at = dice.between(1, assets.len() as u64 - 1) as usize;
            let symbol = assets.get(at).map(|asset| asset.symbol);
            if !assets.iter().any(|asset| asset.base == symbol) {
                assets.remove(at);
            }
        }
        let mut builder = World::builder();
        for asset in &assets {
            builder = builder.with_market(spec(asset, dice));
        }
        let mut world = builder.build()?;
        for asset in &assets {
            let supply = world.market(asset.symbol)?.limits.deposit_cap.0;
            let lent = Amount((supply as f64 * dice.real(0.3, 0.6)) as u128);
            world.mint(LENDER, asset.symbol, lent)?;
            world.deposit_lent(LENDER, asset.symbol, lent)?;
            world.mint(OWNER, asset.symbol, Amount(supply))?;
        }
        Ok(Self { world, assets })
    }

    /// The last posted price of an asset.
    pub fn posted(&self, symbol: &str) -> Price {
        self.world.last_posted(symbol).unwrap_or_default()
    }

    /// What so many USD buy of an asset, smallest units, at least one.
    pub fn units(&self, asset: &Asset, usd: f64) -> Result<Amount, WireError> {
        let value = Usd((usd * 1e6) as i128 * 1_000_000_000_000);
        let units = self
            .posted(asset.symbol)
            .amount_floor(value, asset.decimals);
        Ok(Amount(units.map_or(1, |units| units.0.max(1))))
    }
}

fn spec(asset: &Asset, dice: &mut Dice) -> MarketSpec {
    let spec = match asset.base {
        Some(base) => MarketSpec::member(asset.symbol, base),
        None if asset.is_usd => MarketSpec::usd(asset.symbol),
        None => MarketSpec::crypto(asset.symbol),
    };
    let usd = asset.usd * dice.real(0.9, 1.1);
    // Small markets make large holdings cost more. No cap goes beyond 2^100 smallest units.
    let liquidity = dice.magnitude(3e6, 3e8) / usd;
    let liquidity = liquidity.min(1.2e30 / 10f64.powi(asset.decimals.into()));
    let volatility = match asset.is_usd {
        true => Fraction::basis_points(dice.between(5, 60) as u32),
        false => Fraction::basis_points(dice.between(200, 1_200) as u32),
    };
    let spec = spec
        .with_decimals(asset.decimals)
        .with_price(format!("{usd:.12}"))
        .with_volatility(volatility)
        .with_liquidity(&*format!("{liquidity:.0}"));
    let (group, family) = (dice.between(50, 95) as u32, dice.between(80, 100) as u32);
    spec.with_listing(move |listing| {
        use bulwark_types::vault::FamilyListing::{Base, Member};
        match &mut listing.family {
            Base {
                group_correlation,
                family_correlation,
                ..
            } => {
                *group_correlation = Fraction::percent(group);
                *family_correlation = Fraction::percent(family);
            }
            Member { .. } => {}
        }
    })
}
