//! What scenarios about pitfalls have in common: what an attacker owns, and dice to play with.

use bulwark_risk::units::{Amount, Fraction, Price, Usd};
use bulwark_testing::World;
use bulwark_types::wire::WireError;
use cw_multi_test::AppResponse;

/// What a message answers.
pub type Answer = Result<AppResponse, WireError>;

/// A step of a scenario.
pub type Step = fn(&mut World) -> Answer;

/// Accounts that the attackers of these scenarios use.
const ACCOUNTS: u16 = 4;

/// Smallest units of an asset that an owner has in the wallet and in its first accounts, debts
/// taken off: everything rounded as the vault would settle it.
pub fn net(world: &World, owner: &str, asset: &str) -> i128 {
    let denom = world.asset(asset);
    let wallet = signed(world.balance(owner, asset));
    (0..ACCOUNTS)
        .flat_map(|id| world.account((owner, id)).unwrap().holdings)
        .filter(|holding| holding.asset == denom)
        .map(|holding| signed(holding.idle) + signed(holding.lent) - signed(holding.debt))
        .sum::<i128>()
        + wallet
}

/// An owner's wealth in 10^-18 USD at the prices in force: the wallet, and the equity of its
/// first accounts where that is above zero.
pub fn wealth(world: &World, owner: &str) -> i128 {
    let wallets: i128 = world
        .markets()
        .iter()
        .map(|market| {
            let price = world.price(&market.denom).unwrap().record.mid;
            let units = world.balance_of(&world.address(owner), &market.denom);
            price.value_floor(units, market.decimals).unwrap().0
        })
        .sum();
    let equity: i128 = (0..ACCOUNTS)
        .map(|id| world.margin((owner, id)).unwrap().equity.0.max(0))
        .sum();
    wallets + equity
}

/// Smallest units as a signed number.
pub fn signed(amount: Amount) -> i128 {
    i128::try_from(amount.0).unwrap()
}

/// A fraction out of its text.
pub fn fraction(text: &str) -> Fraction {
    text.parse().unwrap()
}

/// A price out of its text.
pub fn price(text: &str) -> Price {
    text.parse().unwrap()
}

/// A margin ratio; one without margin counts as the largest.
pub fn ratio(world: &World, account: (&str, u16)) -> Usd {
    let margin = world.margin(account).unwrap();
    margin.margin_ratio.unwrap_or(Usd(i128::MAX))
}

/// Whether a third party could liquidate an account.
pub fn is_liquidatable(world: &World, account: (&str, u16)) -> bool {
    let margin = world.margin(account).unwrap();
    margin.debts > Usd::ZERO && margin.equity < margin.maintenance
}

/// Asserts the name of a refusal and hands the error out.
#[track_caller]
pub fn refused_as<T: std::fmt::Debug>(answer: Result<T, WireError>, name: &str) -> WireError {
    let error = answer.expect_err(name);
    assert_eq!(error.name, name, "{error:?}");
    error
}

/// Numbers that look random and are the same in every run (Knuth's 64-bit congruence).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}
