//! The vault's settings and its markets, with their prices.

use bulwark_risk::config::{Bounds, LiquidationParameters, MarginParameters};
use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::interest::InterestModel;
use bulwark_risk::outflow::Outflow;
use bulwark_risk::pool::Pool;
use bulwark_risk::ramp::VolatilityRamp;
use bulwark_risk::units::{Amount, DebtShares, Fraction, Price, SupplyShares, Usd};
use bulwark_types::oracle::{
    BOARD_SIZE, BOARD_VERSION, BOARDS, Board, PriceRecord, PriceStatus, Slot,
};
use bulwark_types::vault::{Limits, OracleMode, Parameters};
use bulwark_vault::state::{
    ASSETS, Family, Linear, MARKET_CONFIGS, MARKET_COUNT, MARKETS, Market, MarketConfig, Pauses,
    RampStart, Ramped, SETTINGS, Settings,
};
use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Order, StdResult, Storage};

use super::{NOW, Variety};
use crate::book::{Book, Contract};

/// Seconds for which an unpriced deposit keeps its value.
const GRACE: u64 = 72 * 3600;

/// USD in every pool: more than all accounts of a population have.
const POOL_USD: f64 = 1e13;

/// What distinguishes a market.
#[derive(Clone, Copy)]
struct Made {
    decimals: u8,
    price: f64,
    group: u8,
    /// Number of its family's base; its own for a base.
    base: u16,
    /// What it can take within a day, USD.
    liquidity: f64,
    /// Seconds ago that its price expired; none while it is in force.
    expired: Option<u64>,
    halted: bool,
    /// Volatility per √day in force and newest, in basis points.
    volatility: (u32, u32),
    /// Whether its parameters are on their way to others.
    ramping: bool,
}

const CRYPTO: Made = Made {
    decimals: 6,
    price: 10.0,
    group: 0,
    base: 0,
    liquidity: 5e9,
    expired: None,
    halted: false,
    volatility: (400, 400),
    ramping: false,
};

/// Two stablecoins, ATOM, BTC, ETH, and others of their kind; stATOM is a member of ATOM's family.
fn plain() -> Vec<Made> {
    let stable = Made {
        price: 1.0,
        group: 1,
        volatility: (20, 20),
        ..CRYPTO
    };
    let crypto = |decimals, price, volatility| Made {
        decimals,
        price,
        volatility: (volatility, volatility),
        ..CRYPTO
    };
    let mut made = vec![
        stable,
        Made {
            price: 0.9993,
            ..stable
        },
        crypto(6, 9.876_543, 450),
        crypto(8, 61_234.5, 380),
        crypto(18, 2_345.678, 420),
        crypto(9, 151.2, 600),
        Made {
            price: 12.34,
            base: 2,
            ..CRYPTO
        },
        crypto(6, 0.654_3, 550),
        crypto(18, 14.05, 500),
        crypto(6, 4.321, 700),
        crypto(8, 71.9, 410),
        crypto(6, 0.083_4, 650),
    ];
    for (market, number) in made.iter_mut().zip(0..) {
        if market.base == 0 {
            market.base = number;
        }
    }
    made
}

/// The same, and what happens to markets.
fn wild() -> Vec<Made> {
    let mut made = plain();
    let strange = [
        Made {
            decimals: 0,
            price: 250.0,
            ..CRYPTO
        },
        Made {
            expired: Some(60),
            ..CRYPTO
        },
        Made {
            expired: Some(GRACE + GRACE / 3),
            ..CRYPTO
        },
        Made {
            expired: Some(3 * GRACE),
            ..CRYPTO
        },
        Made {
            halted: true,
            ..CRYPTO
        },
        Made {
            liquidity: 2_000.0,
            ..CRYPTO
        },
        Made {
            volatility: (450, 1_100),
            ..CRYPTO
        },
        Made {
            ramping: true,
            ..CRYPTO
        },
        Made {
            decimals: 18,
            price: 3e9,
            ..CRYPTO
        },
    ];
    for market in strange {
        let base = made.len() as u16;
        made.push(Made { base, ..market });
    }
    // A member of a family whose volatility rises.
    let base = made.len() as u16 - 3;
    made.push(Made { base, ..CRYPTO });
    made
}

/// Stores settings, markets and prices.
pub fn list(book: &mut Book, variety: Variety) -> StdResult<()> {
    let made = match variety {
        Variety::Plain => plain(),
        Variety::Wild => wild(),
    };
    let (mut vault, mut oracle) = (MockStorage::new(), MockStorage::new());
    SETTINGS.save(&mut vault, &settings(book))?;
    MARKET_COUNT.save(&mut vault, &(made.len() as u16))?;
    let mut boards: Vec<Board> = Vec::new();
    for (made, number) in made.iter().zip(0_u16..) {
        let asset = format!("ibc/{number:064X}");
        MARKETS.save(&mut vault, number, &market(made, number))?;
        MARKET_CONFIGS.save(&mut vault, asset.as_str(), &config(&asset, number))?;
        ASSETS.save(&mut vault, number, &asset)?;
        if number % u16::from(BOARD_SIZE) == 0 {
            boards.push(Board {
                version: BOARD_VERSION,
                records: Vec::new(),
            });
        }
        if let Some(board) = boards.last_mut() {
            board.records.push(Some(price(made)));
        }
    }
    for (board, number) in boards.iter().zip(0_u16..) {
        BOARDS.save(&mut oracle, number, board)?;
    }
    for (contract, storage) in [(Contract::Vault, vault), (Contract::Oracle, oracle)] {
        for (key, value) in storage.range(None, None, Order::Ascending) {
            let taken = book.apply(contract, &key, Some(&value));
            taken.map_err(|error| cosmwasm_std::StdError::msg(error.to_string()))?;
        }
    }
    Ok(())
}

fn settings(book: &Book) -> Settings {
    let deployment = book.deployment();
    let gross_factor = Fraction::percent(4);
    Settings {
        oracle: deployment.oracle.clone(),
        oracle_mode: OracleMode::Raw,
        caller: deployment.vault.clone(),
        oracle_generation: 0,
        guardian: None,
        parameters: Parameters {
            margin: MarginParameters {
                initial_factor: Fraction::percent(115),
                gross_factor,
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
            owner_delay: 48 * 3600,
            outflow_window: 86_400,
        },
        gross_factor: Ramped::resting(gross_factor),
        pauses: Pauses::default(),
        groups: vec!["crypto".into(), "usd".into()],
        bounds: Bounds {
            initial_factor_max: Fraction::percent(125),
            haircut_cap_max: Fraction::percent(70),
            extra_max: Fraction::percent(10),
            gross_factor_max: Fraction::percent(6),
        },
        cap_multiple: Fraction::ONE,
        unpriced_grace: GRACE,
    }
}

fn market(made: &Made, number: u16) -> Market {
    let units = |usd: f64| (usd / made.price * 10f64.powi(i32::from(made.decimals))) as u128;
    let floor = if made.group == 0 { 15 } else { 3 };
    let rule = HaircutRule {
        volatility_multiple: Fraction::percent(360),
        floor: Fraction::percent(floor),
        cap: Fraction::percent(70),
    };
    let wider = HaircutRule {
        floor: Fraction::percent(30),
        ..rule
    };
    let family = Family {
        group: made.group,
        group_correlation: Fraction::percent(80),
        family_correlation: Fraction::percent(95),
        haircut: ramp(made, rule, wider),
    };
    let extra = if made.base == number { 0 } else { 2 };
    let risk = AssetRisk {
        extra_haircut: Fraction::percent(extra),
        liquidity: Amount(units(made.liquidity)),
        size_cap: Fraction::percent(8),
    };
    let thinner = AssetRisk {
        liquidity: Amount(units(made.liquidity / 9.0)),
        size_cap: Fraction::percent(3),
        ..risk
    };
    let size = u16::from(BOARD_SIZE);
    Market {
        decimals: made.decimals,
        base: made.base,
        family: (made.base == number).then_some(family),
        risk: ramp(made, risk, thinner),
        slot: Slot {
            board: number / size,
            slot: (number % size) as u8,
        },
        slot_generation: 0,
        idle: Amount(units(POOL_USD)),
        pool: pool(units(POOL_USD)),
        outflow: Outflow::default(),
    }
}

/// Two fifths of the way from one to the other, or at the first.
fn ramp<T: Linear>(made: &Made, now: T, later: T) -> Ramped<T> {
    if !made.ramping {
        return Ramped::resting(now);
    }
    Ramped {
        target: later,
        from: Some(RampStart {
            value: now,
            start: NOW - 200_000,
            end: NOW + 300_000,
        }),
    }
}

/// A pool that has earned its suppliers 3 % and costs its borrowers 7 %.
fn pool(supplied: u128) -> Pool {
    let borrowed = supplied / 5 * 3;
    Pool {
        supplied: Amount(supplied),
        borrowed: Amount(borrowed),
        supply_shares: SupplyShares((supplied as f64 * 1e6 / 1.03) as u128),
        debt_shares: DebtShares((borrowed as f64 * 1e6 / 1.07) as u128),
        reserve_shares: SupplyShares(supplied / 100),
        interest_remainder: 0,
        fee_remainder: Amount::ZERO,
        borrow_rate: Fraction::percent(5),
        reserve_factor: Fraction::percent(15),
        accrued_at: NOW - 60,
    }
}

fn config(asset: &str, number: u16) -> MarketConfig {
    let most = Amount(bulwark_risk::units::AMOUNT_LIMIT - 1);
    MarketConfig {
        asset: asset.into(),
        market: number,
        interest: InterestModel::Kinked {
            base: Fraction::ZERO,
            slope: Fraction::percent(6),
            steep_slope: Fraction::percent(100),
            optimal: Fraction::percent(80),
        },
        limits: Limits {
            deposit_cap: most,
            borrow_cap: most,
            max_utilisation: Fraction::percent(95),
            counterparty_share: Fraction::percent(25),
            outflow_share: Fraction::ONE,
        },
        deposit_enabled: true,
        borrow_enabled: true,
        no_deposits: false,
        pauses: Pauses::default(),
    }
}

fn price(made: &Made) -> PriceRecord {
    let at = |factor: f64| Price((made.price * factor * 1e18) as u128);
    let (from, target) = made.volatility;
    PriceRecord {
        mid: at(1.0),
        low: at(0.998),
        high: at(1.002),
        ema: at(1.0005),
        volatility: VolatilityRamp {
            from: Fraction::basis_points(from),
            target: Fraction::basis_points(target),
            start_time: NOW - 1_000,
            end_time: NOW + 9_000,
        },
        published_at: NOW - 3,
        expires_at: made.expired.map_or(NOW + 1_000_000, |ago| NOW - ago),
        status: if made.halted {
            PriceStatus::Halted
        } else {
            PriceStatus::Ok
        },
    }
}
