//! Price paths from a seed: correlated jump diffusions with a crash in the middle.
//!
//! The moves follow the factor model that the margin formula assumes:
//! `ρ × group + sqrt(1−ρ²) × (φ × family + sqrt(1−φ²) × own)`, with jumps in every factor. On
//! top comes what no diffusion has: a crash in two legs in which everything falls together, one
//! asset that collapses, derivatives whose discount widens, and a partial recovery.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::StandardNormal;
use thiserror::Error;

use super::csv::{MAX_PRICE, MIN_PRICE};
use super::symbols::{AssetGroup, AssetSpec, describe, is_symbol};
use super::{Column, PriceTable};

/// Correlation of a family with its group.
const RHO: f64 = 0.8;
/// How closely a family's members follow it.
const PHI: f64 = 0.95;
/// Probability of a jump in one factor per day, and its size in daily standard deviations.
const JUMPS_PER_DAY: f64 = 0.15;
const JUMP_SIZE: f64 = 1.0;
/// How much wilder than in calm times the market is at the height of the crash.
const CRASH_VOLATILITY: f64 = 2.0;
/// The part of the crash (in logarithms) that is won back.
const RECOVERED: f64 = 0.3;

/// Steps of the crash as parts of its whole fall in logarithms: a first leg, a bounce that lets
/// borrowers believe it is over, and a second leg.
const CRASH: [f64; 12] = [
    0.04, 0.08, 0.26, 0.15, 0.07, -0.08, -0.04, 0.07, 0.22, 0.13, 0.06, 0.04,
];
/// The same for the asset that collapses: it falls for a day and does not come back.
const COLLAPSE: [f64; 20] = [
    0.01, 0.03, 0.05, 0.06, 0.09, 0.12, 0.14, -0.03, 0.11, 0.09, 0.07, -0.02, 0.06, 0.05, 0.05,
    0.04, 0.03, 0.02, 0.02, 0.01,
];

const DAY_SECONDS: f64 = 86_400.0;
const YEAR_SECONDS: f64 = 365.0 * DAY_SECONDS;

/// The longest path, and the most symbols, that are generated.
const MAX_STEPS: usize = 100_000;
const MAX_SYMBOLS: usize = 200;
/// The longest step: 30 days.
const MAX_STEP_SECONDS: u64 = 30 * 86_400;
/// The latest start: the year 2200.
const MAX_START: u64 = 7_258_118_400;
const MAX_CRASH_DEPTH: f64 = 0.9;
const MAX_COLLAPSE_DEPTH: f64 = 0.9999;

/// What path to generate. The same configuration always gives the same path, and a symbol's path
/// does not depend on which other symbols there are (its family's base aside).
#[derive(Clone, Debug, PartialEq)]
pub struct PathConfig {
    /// The columns, in this order.
    pub symbols: Vec<String>,
    /// The number of rows, at least 2.
    pub steps: usize,
    /// Seconds between two rows.
    pub step_seconds: u64,
    /// The first row's time in Unix seconds.
    pub start: u64,
    /// Where all randomness comes from.
    pub seed: u64,
    /// The fraction of its value that an average volatile asset loses in the crash, 0 to 0.9.
    pub crash_depth: f64,
    /// The symbol that collapses, if any; one of `symbols`.
    pub collapse: Option<String>,
    /// The fraction of its value that the collapsing asset loses, 0 to 0.9999.
    pub collapse_depth: f64,
}

impl Default for PathConfig {
    fn default() -> Self {
        let symbols = [
            "BTC", "ETH", "ATOM", "STATOM", "OSMO", "SOL", "NOVA", "USDC", "USDT", "DAI",
        ];
        Self {
            symbols: symbols.map(str::to_owned).to_vec(),
            steps: 240,
            step_seconds: 3_600,
            // 2025-03-01T00:00:00Z
            start: 1_740_787_200,
            seed: 1,
            crash_depth: 0.5,
            collapse: Some("NOVA".to_owned()),
            collapse_depth: 0.97,
        }
    }
}

/// Why a path cannot be generated.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PathConfigError {
    /// The number of steps is out of range.
    #[error("a path has 2 to {MAX_STEPS} steps, not {steps}")]
    Steps {
        /// What was asked for.
        steps: usize,
    },
    /// The seconds per step are out of range.
    #[error("a step takes 1 to {MAX_STEP_SECONDS} seconds, not {step_seconds}")]
    StepSeconds {
        /// What was asked for.
        step_seconds: u64,
    },
    /// The start is too late.
    #[error("a path starts at most at {MAX_START} Unix seconds, not at {start}")]
    Start {
        /// What was asked for.
        start: u64,
    },
    /// No symbols or too many.
    #[error("a path has 1 to {MAX_SYMBOLS} symbols, not {symbols}")]
    SymbolCount {
        /// What was asked for.
        symbols: usize,
    },
    /// Something that cannot be a symbol.
    #[error("`{symbol}` is not a symbol")]
    BadSymbol {
        /// What was asked for.
        symbol: String,
    },
    /// A symbol twice.
    #[error("the symbol {symbol} is asked for twice")]
    DuplicateSymbol {
        /// The symbol.
        symbol: String,
    },
    /// A crash depth out of range.
    #[error("the crash depth is 0 to {MAX_CRASH_DEPTH}, not {crash_depth}")]
    CrashDepth {
        /// What was asked for.
        crash_depth: f64,
    },
    /// A collapse depth out of range.
    #[error("the collapse depth is 0 to {MAX_COLLAPSE_DEPTH}, not {collapse_depth}")]
    CollapseDepth {
        /// What was asked for.
        collapse_depth: f64,
    },
    /// The collapsing symbol is not in the path.
    #[error("the collapsing symbol {symbol} is not in the path")]
    UnknownCollapse {
        /// What was asked for.
        symbol: String,
    },
}

impl PathConfig {
    /// Generates the path.
    ///
    /// # Errors
    /// The first value of the configuration that is out of its range.
    pub fn generate(&self) -> Result<PriceTable, PathConfigError> {
        self.check()?;
        let present: Vec<&str> = self.symbols.iter().map(String::as_str).collect();
        let market = Market::new(self);
        let columns = present
            .iter()
            .map(|symbol| {
                let prices = market.path(&describe(symbol, &present));
                let prices = prices.into_iter().map(|price| Some(tidy(price))).collect();
                Column {
                    symbol: (*symbol).to_owned(),
                    prices,
                }
            })
            .collect();
        let timestamps = (self.start..)
            .step_by(to_usize(self.step_seconds))
            .take(self.steps)
            .collect();
        Ok(PriceTable {
            timestamps,
            columns,
        })
    }

    fn check(&self) -> Result<(), PathConfigError> {
        let &Self {
            steps,
            step_seconds,
            start,
            crash_depth,
            collapse_depth,
            ..
        } = self;
        if !(2..=MAX_STEPS).contains(&steps) {
            return Err(PathConfigError::Steps { steps });
        }
        if !(1..=MAX_STEP_SECONDS).contains(&step_seconds) {
            return Err(PathConfigError::StepSeconds { step_seconds });
        }
        if start > MAX_START {
            return Err(PathConfigError::Start { start });
        }
        if !(1..=MAX_SYMBOLS).contains(&self.symbols.len()) {
            return Err(PathConfigError::SymbolCount {
                symbols: self.symbols.len(),
            });
        }
        for (at, symbol) in self.symbols.iter().enumerate() {
            if !is_symbol(symbol) {
                return Err(PathConfigError::BadSymbol {
                    symbol: symbol.clone(),
                });
            }
            if self
                .symbols
                .iter()
                .take(at)
                .any(|other| other.eq_ignore_ascii_case(symbol))
            {
                return Err(PathConfigError::DuplicateSymbol {
                    symbol: symbol.clone(),
                });
            }
        }
        if !(0.0..=MAX_CRASH_DEPTH).contains(&crash_depth) {
            return Err(PathConfigError::CrashDepth { crash_depth });
        }
        if !(0.0..=MAX_COLLAPSE_DEPTH).contains(&collapse_depth) {
            return Err(PathConfigError::CollapseDepth { collapse_depth });
        }
        match &self.collapse {
            Some(symbol) if !self.symbols.contains(symbol) => {
                Err(PathConfigError::UnknownCollapse {
                    symbol: symbol.clone(),
                })
            }
            _ => Ok(()),
        }
    }
}

/// What one symbol looks like before anything happens.
struct Character {
    /// USD per whole token.
    price: f64,
    /// Standard deviation of the move of one day.
    daily_volatility: f64,
    /// How deep it falls in the crash, relative to `crash_depth`.
    beta: f64,
}

fn character(symbol: &str) -> Character {
    let (price, daily_volatility, beta) = match symbol.to_ascii_uppercase().as_str() {
        "BTC" => (62_000.0, 0.028, 0.78),
        "ETH" => (3_100.0, 0.035, 0.92),
        "SOL" => (150.0, 0.045, 1.08),
        "ATOM" => (8.5, 0.042, 1.04),
        "OSMO" => (0.75, 0.055, 1.16),
        "NOVA" => (42.0, 0.05, 1.0),
        "LUNA" => (80.0, 0.05, 1.0),
        "BNB" => (560.0, 0.035, 0.9),
        "LINK" => (15.0, 0.045, 1.05),
        "AVAX" => (30.0, 0.05, 1.1),
        _ => (10.0, 0.05, 1.0),
    };
    Character {
        price,
        daily_volatility,
        beta,
    }
}

/// How a derivative is priced against its base.
struct Derivative {
    /// Base tokens that one token redeems for at the start.
    rate: f64,
    /// The rate's growth in a year.
    yearly_growth: f64,
    /// The discount to redemption in calm times, and what the crash adds at its height.
    discount: f64,
    crash_discount: f64,
}

fn derivative(symbol: &str) -> Derivative {
    let (rate, yearly_growth, discount, crash_discount) = match symbol.to_ascii_uppercase().as_str()
    {
        // Wrapped coins earn nothing and are redeemed at once.
        "WBTC" => (1.0, 0.0, 0.000_5, 0.003),
        // Rebasing: what is earned arrives as more tokens, not in the rate.
        "STETH" => (1.0, 0.0, 0.001, 0.035),
        "WSTETH" => (1.18, 0.03, 0.001, 0.035),
        "STATOM" => (1.42, 0.16, 0.004, 0.05),
        _ => (1.15, 0.06, 0.003, 0.045),
    };
    Derivative {
        rate,
        yearly_growth,
        discount,
        crash_discount,
    }
}

/// What all symbols of a path have in common.
struct Market<'a> {
    config: &'a PathConfig,
    /// The square root of a step's share of a day.
    root_days: f64,
    /// The part of the crash's whole fall that has happened, per row.
    crash: Vec<f64>,
    /// The same for the asset that collapses.
    collapse: Vec<f64>,
    /// How nervous the market is, 0 to 1, per row.
    stress: Vec<f64>,
    /// The group's moves in standard deviations of a step, per row.
    group: Vec<f64>,
}

impl<'a> Market<'a> {
    fn new(config: &'a PathConfig) -> Self {
        let crash_start = config.steps / 2;
        let rows_left = config.steps - crash_start;
        let length = CRASH.len().min(rows_left);
        let mut market = Self {
            config,
            root_days: (to_f64(config.step_seconds) / DAY_SECONDS).sqrt(),
            crash: profile(&CRASH, crash_start, config.steps),
            collapse: profile(&COLLAPSE, crash_start, config.steps),
            stress: Vec::new(),
            group: Vec::new(),
        };
        let calming = count(config.steps) / 6.0;
        let after = |row: usize| count(row.saturating_sub(crash_start + length)) / calming;
        market.stress = (0..config.steps)
            .map(|row| match row.checked_sub(crash_start) {
                None => 0.0,
                Some(since) if since < length => count(since + 1) / count(length),
                Some(_) => (-after(row)).exp(),
            })
            .collect();
        for (row, fallen) in market.crash.iter_mut().enumerate() {
            *fallen *= 1.0 - RECOVERED * (1.0 - (-after(row)).exp());
        }
        market.group = market.factor("group", "crypto");
        market
    }

    /// The prices of one asset (USD per whole token), a figure in every row.
    fn path(&self, asset: &AssetSpec) -> Vec<f64> {
        if asset.group == AssetGroup::Usd {
            self.stablecoin(&asset.symbol)
        } else if asset.is_base() {
            self.volatile(&asset.symbol)
        } else {
            self.derivative(&asset.symbol, &asset.family)
        }
    }

    fn volatile(&self, symbol: &str) -> Vec<f64> {
        let Character {
            price,
            daily_volatility,
            beta,
        } = character(symbol);
        let family = self.factor("family", symbol);
        let own = self.factor("own", symbol);
        let sigma = daily_volatility * self.root_days;
        let (shape, depth) = match &self.config.collapse {
            Some(collapsing) if collapsing == symbol => {
                (&self.collapse, self.config.collapse_depth)
            }
            _ => (&self.crash, (self.config.crash_depth * beta).min(0.95)),
        };
        let whole_fall = (1.0 - depth).ln();
        let mut diffusion = 0.0;
        (0..self.config.steps)
            .map(|row| {
                if row > 0 {
                    let family_move = PHI * family[row] + (1.0 - PHI * PHI).sqrt() * own[row];
                    let shock = RHO * self.group[row] + (1.0 - RHO * RHO).sqrt() * family_move;
                    let sigma = sigma * (1.0 + (CRASH_VOLATILITY - 1.0) * self.stress[row]);
                    diffusion += sigma * shock - sigma * sigma / 2.0;
                }
                price * (diffusion + whole_fall * shape[row]).exp()
            })
            .collect()
    }

    /// A derivative trades at its redemption rate times the base, less a discount that widens
    /// when everybody wants to leave at once.
    fn derivative(&self, symbol: &str, base: &str) -> Vec<f64> {
        let Derivative {
            rate,
            yearly_growth,
            discount,
            crash_discount,
        } = derivative(symbol);
        let growth = yearly_growth * to_f64(self.config.step_seconds) / YEAR_SECONDS;
        let noise = self.reverting("discount", symbol);
        let base = self.volatile(base);
        (0..self.config.steps)
            .map(|row| {
                let rate = rate * (growth * count(row)).exp();
                let wanted = discount * (1.0 + 0.4 * noise[row]);
                let discount = (wanted + crash_discount * self.stress[row]).max(0.0);
                base[row] * rate * (1.0 - discount)
            })
            .collect()
    }

    /// Some stablecoins trade a little below 1 in a crash, those that people flee to above.
    fn stablecoin(&self, symbol: &str) -> Vec<f64> {
        let noise = self.reverting("peg", symbol);
        let lean: f64 = self.rng("lean", symbol).random_range(-0.006..0.003);
        (0..self.config.steps)
            .map(|row| 1.0 + 0.000_4 * noise[row] + lean * self.stress[row])
            .collect()
    }

    /// Moves of one factor in standard deviations of a step, with jumps.
    fn factor(&self, kind: &str, name: &str) -> Vec<f64> {
        let mut rng = self.rng(kind, name);
        let jump_probability = JUMPS_PER_DAY * self.root_days * self.root_days;
        (0..self.config.steps)
            .map(|_| {
                let calm: f64 = rng.sample(StandardNormal);
                let size: f64 = rng.sample(StandardNormal);
                let jumps = rng.random_bool(jump_probability.min(1.0));
                calm + if jumps {
                    JUMP_SIZE * size / self.root_days
                } else {
                    0.0
                }
            })
            .collect()
    }

    /// Noise around zero that comes back, about one in size.
    fn reverting(&self, kind: &str, name: &str) -> Vec<f64> {
        const PULL: f64 = 0.15;
        let mut rng = self.rng(kind, name);
        let mut value = 0.0;
        (0..self.config.steps)
            .map(|_| {
                let shock: f64 = rng.sample(StandardNormal);
                value = (1.0 - PULL) * value + (PULL * (2.0 - PULL)).sqrt() * shock;
                value
            })
            .collect()
    }

    /// A stream of its own for everything that has a name, so that adding a symbol does not
    /// change the paths of the others.
    fn rng(&self, kind: &str, name: &str) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.config.seed);
        let name = name.to_ascii_uppercase();
        rng.set_stream(stream_number(kind.bytes().chain([0]).chain(name.bytes())));
        rng
    }
}

/// The part of a fall that has happened by each row: 0 before `start`, 1 when the fall is over.
/// A path that is too short for all steps of the fall gets the same fall in fewer.
fn profile(parts: &[f64], start: usize, rows: usize) -> Vec<f64> {
    let length = parts.len().min(rows - start);
    let whole: f64 = parts.iter().sum();
    (0..rows)
        .map(|row| {
            let done = (row + 1).saturating_sub(start).min(length) * parts.len() / length;
            parts.iter().take(done).sum::<f64>() / whole
        })
        .collect()
}

/// The 64-bit FNV-1a hash: names become stream numbers.
fn stream_number(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Eight significant digits, as price feeds have them; the last bits of `exp` may differ between
/// machines and would make runs incomparable.
fn tidy(price: f64) -> f64 {
    let price = price.clamp(MIN_PRICE, MAX_PRICE);
    format!("{price:.7e}").parse().unwrap_or(price)
}

fn count(rows: usize) -> f64 {
    u32::try_from(rows).map_or(f64::MAX, f64::from)
}

fn to_f64(seconds: u64) -> f64 {
    u32::try_from(seconds).map_or(f64::MAX, f64::from)
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
