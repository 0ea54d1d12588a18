//! Which positions are opened: pure.

use crate::denoms::HOLDING;
use crate::users::{ALICE, BOB, CAROL, User};

/// Nobody deposits more than this part of what everybody holds of a coin, nor of its cap.
const MOST: f64 = 0.3;

/// A listed coin.
#[derive(Clone, Debug)]
pub(super) struct Coin {
    pub(super) asset: String,
    pub(super) decimals: u8,
    /// USD per whole token.
    pub(super) price: f64,
    /// Whether it is worth a dollar.
    pub(super) is_dollar: bool,
    /// Base asset of its family: its own name if it is one.
    pub(super) base: String,
    /// Smallest units that may be deposited in all.
    pub(super) cap: u128,
}

impl Coin {
    fn is_base(&self) -> bool {
        self.base == self.asset
    }

    /// Smallest units worth about so many USD.
    fn worth(&self, usd: f64) -> u128 {
        let unit = 10f64.powi(i32::from(self.decimals));
        // The cast saturates.
        let units = (usd / self.price * unit).min(HOLDING as f64 * unit * MOST);
        rounded(units.min(self.cap as f64 * MOST) as u128)
    }
}

/// To three digits, downward: people give such amounts.
pub(super) fn rounded(amount: u128) -> u128 {
    let digits = amount.checked_ilog10().unwrap_or_default();
    let unit = 10u128.pow(digits.saturating_sub(2));
    amount / unit * unit
}

/// An account, and what it is meant to hold and owe.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Position {
    pub(super) owner: User,
    pub(super) id: u16,
    /// In a few words.
    pub(super) what: &'static str,
    pub(super) deposits: Vec<Deposit>,
    pub(super) debt: Option<Debt>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Deposit {
    pub(super) asset: String,
    /// Smallest units.
    pub(super) amount: u128,
    pub(super) lend: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Debt {
    pub(super) asset: String,
    /// Thousandths of the most that can be borrowed.
    pub(super) permille: u128,
}

/// Coins by the part that they play.
struct Cast<'a> {
    /// Worth a dollar.
    dollars: Vec<&'a Coin>,
    /// Bases of their families that move.
    movers: Vec<&'a Coin>,
    /// A coin that is redeemed into another one, and that one.
    staked: Option<(&'a Coin, &'a Coin)>,
}

impl<'a> Cast<'a> {
    fn of(coins: &'a [Coin]) -> Self {
        let bases = coins.iter().filter(|coin| coin.is_base());
        let (dollars, movers) = bases.partition(|coin| coin.is_dollar);
        let staked = coins.iter().find(|coin| !coin.is_base());
        let base = |coin: &Coin| coins.iter().find(|other| other.asset == coin.base);
        Self {
            dollars,
            movers,
            staked: staked.and_then(|coin| Some((coin, base(coin)?))),
        }
    }

    /// Fewer coins play more parts.
    fn dollar(&self, number: usize) -> &'a Coin {
        self.dollars[number % self.dollars.len()]
    }

    fn mover(&self, number: usize) -> &'a Coin {
        self.movers[number % self.movers.len()]
    }
}

/// What three users hold and owe, at prices of now. Of dollars so much is lent, and so much of it borrowed,
/// that interest is near its kink in one market and below it in the others.
pub(super) fn wanted(coins: &[Coin]) -> Vec<Position> {
    let cast = Cast::of(coins);
    let mut positions = vec![lender(coins, &cast)];
    if cast.dollars.is_empty() || cast.movers.is_empty() {
        return positions;
    }
    let idle = |coin: &Coin, usd| deposit(coin, usd, false);
    let lent = |coin: &Coin, usd| deposit(coin, usd, true);
    let owes = |coin: &Coin, permille| {
        Some(Debt {
            asset: coin.asset.clone(),
            permille,
        })
    };
    let mut open = |owner, id, what, deposits: Vec<Deposit>, debt| {
        positions.push(Position {
            owner,
            id,
            what,
            deposits,
            debt,
        });
    };
    let first = cast.dollar(0);
    let saved = vec![lent(first, 60_000.0), idle(cast.mover(0), 20_000.0)];
    open(CAROL, 1, "savings, lent and idle", saved, None);

    let long = vec![idle(cast.mover(1), 70_000.0)];
    open(ALICE, 0, "a leveraged long", long, owes(first, 800));
    if let Some((staked, base)) = cast.staked {
        let hedged = vec![lent(staked, 50_000.0)];
        open(
            ALICE,
            1,
            "a staked coin against its base",
            hedged,
            owes(base, 800),
        );
    }
    let mut basket = vec![lent(cast.mover(2), 50_000.0)];
    if cast.movers.len() > 1 {
        basket.push(idle(cast.mover(3), 10_000.0));
    }
    open(ALICE, 2, "a basket with a debt", basket, owes(first, 850));
    let risky = vec![lent(cast.mover(4), 60_000.0)];
    open(BOB, 1, "falls with the crash", risky, owes(first, 930));
    let short = vec![idle(cast.dollar(1), 25_000.0)];
    open(BOB, 2, "a short", short, owes(cast.mover(4), 500));
    let close = vec![idle(cast.mover(0), 65_000.0)];
    open(CAROL, 0, "close to a margin call", close, owes(first, 985));
    let fragile = vec![idle(cast.mover(5), 30_000.0)];
    open(
        CAROL,
        2,
        "on a coin that collapses",
        fragile,
        owes(cast.dollar(1), 900),
    );
    positions
}

/// Lends some of every coin: most of it in the first two dollars, so that their pools are in use.
fn lender(coins: &[Coin], cast: &Cast<'_>) -> Position {
    let usd = |coin: &Coin| match cast.dollars.iter().position(|it| it.asset == coin.asset) {
        Some(0) => 170_000.0,
        Some(_) => 100_000.0,
        None if coin.is_base() => 250_000.0,
        None => 60_000.0,
    };
    Position {
        owner: BOB,
        id: 0,
        what: "lends some of every coin",
        deposits: coins
            .iter()
            .map(|coin| deposit(coin, usd(coin), true))
            .collect(),
        debt: None,
    }
}

fn deposit(coin: &Coin, usd: f64, lend: bool) -> Deposit {
    Deposit {
        asset: coin.asset.clone(),
        amount: coin.worth(usd),
        lend,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coin(asset: &str, price: f64, base: &str) -> Coin {
        Coin {
            asset: asset.into(),
            decimals: 6,
            price,
            is_dollar: asset.starts_with("usd"),
            base: base.into(),
            cap: u128::MAX >> 24,
        }
    }

    #[track_caller]
    fn assert_sound(positions: &[Position]) {
        for (at, position) in positions.iter().enumerate() {
            let is_twice = |it: &Position| (it.owner, it.id) == (position.owner, position.id);
            assert!(!positions[..at].iter().any(is_twice), "{position:?}");
            for deposit in &position.deposits {
                assert!(deposit.amount > 0, "{position:?}");
                let debt = position.debt.as_ref();
                assert!(
                    debt.is_none_or(|debt| debt.asset != deposit.asset),
                    "{position:?}"
                );
            }
            // Whatever is owed somebody lends.
            if let Some(debt) = &position.debt {
                let lends = |it: &Deposit| it.lend && it.asset == debt.asset;
                assert!(positions[0].deposits.iter().any(lends), "{position:?}");
            }
        }
    }

    #[test]
    fn every_part_is_played() {
        let coins = [
            coin("btc", 60_000.0, "btc"),
            coin("eth", 3_000.0, "eth"),
            coin("atom", 8.5, "atom"),
            coin("statom", 12.0, "atom"),
            coin("usdc", 1.0, "usdc"),
            coin("usdt", 1.0, "usdt"),
        ];
        let positions = wanted(&coins);
        assert_sound(&positions);
        assert_eq!(positions.len(), 9);
        assert_eq!(positions[0].deposits.len(), coins.len());
        let hedge = positions
            .iter()
            .find(|it| it.owner == ALICE && it.id == 1)
            .unwrap();
        assert_eq!(hedge.deposits[0].asset, "statom");
        assert_eq!(hedge.debt.as_ref().unwrap().asset, "atom");
    }

    #[test]
    fn few_coins_play_several_parts() {
        assert_sound(&wanted(&[
            coin("osmo", 0.7, "osmo"),
            coin("usd", 1.0, "usd"),
        ]));
        let lenders = wanted(&[coin("osmo", 0.7, "osmo")]);
        assert_eq!((lenders.len(), lenders[0].debt.is_none()), (1, true));
        assert_eq!(wanted(&[])[0].deposits, []);
    }

    #[test]
    fn nobody_deposits_more_than_there_is_or_may_be() {
        let cheap = coin("doge", 0.0001, "doge");
        assert_eq!(cheap.worth(250_000.0), 300_000_000_000);
        let capped = Coin {
            cap: 1_000_000,
            ..coin("btc", 60_000.0, "btc")
        };
        assert_eq!(capped.worth(250_000.0), 300_000);
    }

    #[test]
    fn amounts_have_three_digits() {
        for (amount, short) in [
            (0, 0),
            (7, 7),
            (123, 123),
            (1_239, 1_230),
            (999_999, 999_000),
        ] {
            assert_eq!(rounded(amount), short);
        }
    }
}
