//! The default parameters, in one place: worlds, the demo and the local network
//! start from them.

use bulwark_risk::config::{Bounds, LiquidationParameters, MarginParameters};
use bulwark_risk::haircut::HaircutRule;
use bulwark_risk::interest::InterestModel;
use bulwark_risk::ramp::RampSpeed;
use bulwark_risk::units::{Fraction, Usd};
use bulwark_types::oracle::{Feed, Source};
use bulwark_types::vault::Parameters;

/// Groups: what moves together in a crash.
pub const GROUPS: [&str; 2] = ["crypto", "usd"];

/// Feeders, all of whom must agree to bear one bad one: m ≥ 2f + 1.
pub const FEEDERS: u8 = 3;

/// Fresh posts that make a price.
pub const QUORUM: u8 = 3;

/// Seconds that changes wait on a public chain (48 h); worlds wait for nothing unless asked.
pub const PUBLIC_OWNER_DELAY: u64 = 48 * 3600;

/// Seconds for which an unpriced deposit keeps its value.
pub const UNPRICED_GRACE: u64 = 72 * 3600;

/// k: caps are at most this multiple of liquidity.
pub const CAP_MULTIPLE: Fraction = Fraction::ONE;

/// ρ of every family.
pub const GROUP_CORRELATION: Fraction = Fraction::percent(80);

/// φ of every family.
pub const FAMILY_CORRELATION: Fraction = Fraction::percent(95);

/// Largest marginal size charge.
pub const SIZE_CAP: Fraction = Fraction::percent(8);

/// e of a liquid staking token.
pub const MEMBER_EXTRA: Fraction = Fraction::percent(2);

/// Part of the interest that goes to the reserve.
pub const RESERVE_FACTOR: Fraction = Fraction::percent(15);

/// New borrows stop at this utilisation.
pub const MAX_UTILISATION: Fraction = Fraction::percent(95);

/// The largest part of a pool that one account may owe.
pub const COUNTERPARTY_SHARE: Fraction = Fraction::percent(25);

/// Bounds of every configuration: 1.25 × (0.70 + 0.10) = 1.
pub const BOUNDS: Bounds = Bounds {
    initial_factor_max: Fraction::percent(125),
    haircut_cap_max: Fraction::percent(70),
    extra_max: Fraction::percent(10),
    gross_factor_max: Fraction::percent(6),
};

/// The part of a pool that may leave it within a day, net.
pub const OUTFLOW_SHARE: Fraction = Fraction::percent(30);

/// Parameters of a vault, with `owner_delay` seconds.
#[must_use]
pub const fn parameters(owner_delay: u64) -> Parameters {
    Parameters {
        margin: MarginParameters {
            initial_factor: Fraction::percent(115),
            gross_factor: Fraction::percent(4),
        },
        liquidation: LiquidationParameters {
            base_bonus: Fraction::percent(1),
            slope: Fraction::percent(50),
            max_bonus: Fraction::percent(10),
            equity_share: Fraction::percent(50),
            target_ratio: Fraction::percent(110),
            protocol_fee: Fraction::percent(10),
            dust_value: Usd::whole(50),
        },
        max_holdings: 20,
        ramp_time: 7 * 86_400,
        owner_delay,
        outflow_window: 86_400,
    }
}

/// z, floor and cap of a family in the group `crypto`.
pub const CRYPTO_HAIRCUT: HaircutRule = haircut(Fraction::percent(15));

/// z, floor and cap of a family in the group `usd`.
pub const USD_HAIRCUT: HaircutRule = haircut(Fraction::percent(3));

const fn haircut(floor: Fraction) -> HaircutRule {
    HaircutRule {
        volatility_multiple: Fraction::percent(360),
        floor,
        cap: Fraction::percent(70),
    }
}

/// The rate rises to 6 % at 80 % utilisation, then by another 100 %.
pub const INTEREST: InterestModel = InterestModel::Kinked {
    base: Fraction::ZERO,
    slope: Fraction::percent(6),
    steep_slope: Fraction::percent(100),
    optimal: Fraction::percent(80),
};

/// A posted feed that starts with `initial_volatility` per √day.
#[must_use]
pub fn feed(initial_volatility: Fraction) -> Feed {
    Feed {
        sources: vec![Source::Posted {}],
        depositable: true,
        max_age: 120,
        max_jump: Fraction::percent(15),
        jump_wait: 30,
        max_conf: Fraction::percent(3),
        min_conf: Fraction::basis_points(10),
        ema_tau: 30 * 60,
        sample_interval: 3600,
        initial_volatility,
        volatility_speed: RampSpeed {
            rise: Fraction::basis_points(20),
            fall: Fraction::basis_points(5),
        },
    }
}
