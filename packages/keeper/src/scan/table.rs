//! What every market is worth and weighs, in floating point, at one moment.
//!
//! Prices with their decay, haircuts and ramps come from the vault's own functions; only their last
//! conversion to 53 bits happens here.

use bulwark_risk::account::{Holding, Side};
use bulwark_risk::margin::{FamilyFactors, Loading};
use bulwark_risk::pool::{Pool, VIRTUAL_ASSETS, VIRTUAL_SHARES};
use bulwark_risk::units::{Amount, Fraction, Price};
use bulwark_vault::books::Books;
use bulwark_vault::state::MARKET_COUNT;
use cosmwasm_std::Storage;

use crate::book::{BookResult, Entry};

/// One, in the 18 decimals of fractions and prices.
const ONE: f64 = 1e18;

/// An account's holdings have a liquidity of at most this, USD: what fits into the vault's type.
const MOST_LIQUIDITY: f64 = i128::MAX as f64 / ONE;

/// One side of a market, deposits or debts, in one evaluation of the margin. All numbers are not a
/// number where the vault could not value a holding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Signed value of one smallest unit, USD.
    pub unit: f64,
    /// Signed value of one share, USD.
    pub share: f64,
    /// Loading on its group, on its family, and on its own move.
    pub loading: [f64; 3],
    /// What one USD of it alone needs by the root: the length of the loadings.
    pub norm: f64,
    /// Value of the asset's liquidity, USD.
    pub liquidity: f64,
    /// Largest marginal size charge.
    pub size_cap: f64,
    /// Position of its group.
    pub group: u16,
    /// Number of its family's base market.
    pub family: u16,
}

impl View {
    const UNVALUABLE: Self = Self {
        unit: f64::NAN,
        share: f64::NAN,
        loading: [f64::NAN; 3],
        norm: f64::NAN,
        liquidity: f64::NAN,
        size_cap: f64::NAN,
        group: 0,
        family: 0,
    };

    /// What a margin changes by at most, per change of the exposure: the norm of one USD of it, and
    /// the steepest size term.
    pub fn steepness(&self, half_gross_factor: f64) -> f64 {
        self.norm.max(half_gross_factor) + self.size_cap
    }
}

/// The three evaluations that decide about an account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Views<T> {
    /// Maintenance: mid prices, haircuts in force.
    pub mid: T,
    /// Opening prices, haircuts in force.
    pub open: T,
    /// Opening prices, haircuts at the newest volatility.
    pub newest: T,
}

impl<T> Views<T> {
    /// All of them.
    pub const fn all(&self) -> [&T; 3] {
        [&self.mid, &self.open, &self.newest]
    }
}

/// Every market at one moment. Deposits of market `n` stand at `2 n`, debts at `2 n + 1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The views.
    pub views: Views<Vec<View>>,
    /// Half of the gross factor c.
    pub half_gross_factor: f64,
    /// Initial margin per maintenance margin.
    pub initial_factor: f64,
    /// How many times its value at the mid price a holding is worth at the opening price, at most,
    /// and at least 1.
    pub opening_excess: f64,
    /// Whether any haircut differs from that at the newest volatility.
    pub has_newer_haircuts: bool,
}

/// Where an entry's market stands in a table.
pub const fn position(entry: &Entry) -> usize {
    entry.market as usize * 2 + entry.owed as usize
}

impl Table {
    /// Reads all markets out of the vault's books.
    ///
    /// # Errors
    /// If parameters do not load. A market that cannot be valued is none: it is marked.
    pub fn read(books: &mut Books<'_>, storage: &dyn Storage) -> BookResult<Self> {
        let parameters = books.margin_parameters()?;
        let count = MARKET_COUNT.may_load(storage).map_err(in_vault)?;
        let mut table = Self {
            views: Views {
                mid: Vec::new(),
                open: Vec::new(),
                newest: Vec::new(),
            },
            half_gross_factor: fraction(parameters.gross_factor) / 2.0,
            initial_factor: fraction(parameters.initial_factor),
            opening_excess: 1.0,
            has_newer_haircuts: false,
        };
        for market in 0..count.unwrap_or(0) {
            for side in [Side::Deposit, Side::Debt] {
                table.push(side_of(books, market, side));
            }
        }
        Ok(table)
    }

    fn push(&mut self, side: Option<Views<View>>) {
        let unvaluable = Views {
            mid: View::UNVALUABLE,
            open: View::UNVALUABLE,
            newest: View::UNVALUABLE,
        };
        let side = side.unwrap_or(unvaluable);
        // No holding of a worthless deposit is worth more when opening.
        let excess = side.open.unit / side.mid.unit;
        if excess > self.opening_excess {
            self.opening_excess = excess;
        }
        self.has_newer_haircuts |= side.newest.loading != side.open.loading;
        self.views.mid.push(side.mid);
        self.views.open.push(side.open);
        self.views.newest.push(side.newest);
    }
}

fn in_vault(error: cosmwasm_std::StdError) -> Box<bulwark_vault::ContractError> {
    error.into()
}

/// One side of a market; none where the vault refuses to value it.
fn side_of(books: &mut Books<'_>, market: u16, side: Side) -> Option<Views<View>> {
    let pool = books.market(market).ok()?.pool;
    let holding = books.valued(market, side, Amount::ZERO).ok()?.holding;
    let opening = match side {
        Side::Deposit => holding.quote.low,
        Side::Debt => holding.quote.high,
    };
    let in_force = loading(&holding, holding.haircut)?;
    let newest = loading(&holding, holding.newest_haircut)?;
    let view = |price, loading| view(&holding, &pool, price, loading);
    Some(Views {
        mid: view(holding.quote.mid, in_force),
        open: view(opening, in_force),
        newest: view(opening, newest),
    })
}

fn view(holding: &Holding, pool: &Pool, price: Price, loading: [f64; 3]) -> View {
    let worth = price.0 as f64 / ONE / 10f64.powi(i32::from(holding.decimals));
    let (sign, units, shares) = match holding.side {
        Side::Deposit => (1.0, pool.supplied, pool.supply_shares.0),
        Side::Debt => (-1.0, pool.borrowed, pool.debt_shares.0),
    };
    let units_per_share = units.0.saturating_add(VIRTUAL_ASSETS) as f64
        / shares.saturating_add(VIRTUAL_SHARES) as f64;
    let [group, family, own] = loading;
    View {
        unit: sign * worth,
        share: sign * worth * units_per_share,
        loading,
        norm: (group * group + family * family + own * own).sqrt(),
        liquidity: (holding.risk.liquidity.0 as f64 * worth).min(MOST_LIQUIDITY),
        size_cap: fraction(holding.risk.size_cap),
        group: u16::from(holding.factors.group),
        family: holding.factors.family,
    }
}

/// Loadings of [`Loading`], to within a few units of the last of 53 bits: every difference of
/// similar numbers is taken before the conversion, or is a sum instead. None where that one refuses.
fn loading(holding: &Holding, haircut: Fraction) -> Option<[f64; 3]> {
    let extra = holding.risk.extra_haircut;
    Loading::new(&holding.factors, haircut, extra).ok()?;
    let FamilyFactors {
        group_correlation: rho,
        family_correlation: phi,
        ..
    } = holding.factors;
    // 1 − a² = (1 − a) (1 + a)
    let rest = |a: Fraction| Some(fraction(Fraction::ONE.minus(a).ok()?) * (1.0 + fraction(a)));
    let (h, e) = (fraction(haircut), fraction(extra));
    let beside_group = rest(rho)?;
    // (h+e)² − (ρ² + (1−ρ²) φ²) h² = (2h + e) e + (1−ρ²) (1−φ²) h²
    let own_square = (2.0 * h + e) * e + beside_group * rest(phi)? * h * h;
    Some([
        fraction(rho) * h,
        beside_group.sqrt() * fraction(phi) * h,
        own_square.sqrt(),
    ])
}

/// A fraction to the nearest number of 53 bits.
fn fraction(value: Fraction) -> f64 {
    value.0 as f64 / ONE
}
