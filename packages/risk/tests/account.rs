//! The account: deposits and repayments never hurt, initial margin is the
//! stricter one, and the liquidation prices are where liquidation begins.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests fail loudly and compare with floating point"
)]

mod common;

use std::cmp::Ordering;

use bulwark_risk::account::{
    Assessment, Holding, MarginRatio, Quote, Side, Status, Tradable, assess,
};
use bulwark_risk::haircut::AssetRisk;
use bulwark_risk::margin::FamilyFactors;
use bulwark_risk::search::liquidation_prices;
use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Fraction, Price, Usd};
use common::{Account, account, cases, default_config, part, slack};
use proptest::prelude::*;

fn assessed(account: &Account) -> Assessment {
    assess(&account.holdings, &account.config.margin).unwrap()
}

/// `(E − M, E_open − I)` in 10^-18 USD.
fn surpluses(account: &Account) -> (i128, i128) {
    let found = assessed(account);
    (
        found.equity.0 - found.maintenance.0,
        found.equity_open.0 - found.initial.0,
    )
}

/// Debts small enough that the deposits may carry them: most of these accounts are sound.
fn sound_account() -> impl Strategy<Value = Account> {
    (account(), part(), part()).prop_map(|(mut account, share, smaller)| {
        let found = assessed(&account);
        let per_debt = bulwark_risk::wide::mul_div_floor(
            found.deposits.magnitude(),
            share.0,
            found.debts.magnitude().max(1),
        );
        for holding in &mut account.holdings {
            if holding.side == Side::Debt {
                let scale = Fraction(per_debt.clone().unwrap_or(u128::MAX).min(Fraction::ONE.0));
                let scale = if smaller == Fraction::ONE {
                    scale
                } else {
                    scale.mul_floor(smaller).unwrap()
                };
                holding.amount.0 =
                    bulwark_risk::wide::mul_floor(holding.amount.0, scale.0).unwrap();
            }
        }
        account
    })
}

proptest! {
    #![proptest_config(cases(2500))]

    /// Depositing never lowers `E − M` nor `E_open − I`, in any configuration that passes.
    #[test]
    fn a_deposit_never_hurts(before in account(), which in any::<prop::sample::Index>(), more in part()) {
        let mut after = before.clone();
        let holding = which.get(&before.holdings);
        let position = which.index(before.holdings.len());
        let amount = bulwark_risk::wide::mul_floor(holding.amount.0, more.0).unwrap();
        let rounding = 3 * slack(before.holdings.len());
        match holding.side {
            Side::Deposit => {
                after.holdings[position].amount.0 = (holding.amount.0 + amount).min(AMOUNT_LIMIT - 1);
            }
            Side::Debt => after.holdings[position].amount.0 -= amount,
        }
        let (old, new) = (surpluses(&before), surpluses(&after));
        prop_assert!(new.0 + rounding >= old.0, "E − M fell from {} to {}", old.0, new.0);
        prop_assert!(new.1 + rounding >= old.1, "E_open − I fell from {} to {}", old.1, new.1);
    }

    /// A deposit in an asset that the account has not held yet never lowers them either.
    #[test]
    fn a_deposit_in_a_new_asset_never_hurts(mut before in account()) {
        let after = before.clone();
        let position = before.holdings.len() - 1;
        prop_assume!(before.holdings[position].side == Side::Deposit);
        before.holdings[position].amount = Amount::ZERO;
        let rounding = 3 * slack(before.holdings.len());
        let (old, new) = (surpluses(&before), surpluses(&after));
        prop_assert!(new.0 + rounding >= old.0, "E − M fell from {} to {}", old.0, new.0);
        prop_assert!(new.1 + rounding >= old.1, "E_open − I fell from {} to {}", old.1, new.1);
    }

    /// Whoever passes initial passes maintenance: `E − M` is never below `E_open − I`.
    #[test]
    fn initial_margin_is_the_stricter_one(account in account()) {
        let (maintenance, initial) = surpluses(&account);
        prop_assert!(maintenance + 3 * slack(account.holdings.len()) >= initial);
    }

    /// Opening values deposits at `low`, rounded down, and debts at `high`, rounded up.
    #[test]
    fn opening_takes_the_worse_prices(account in account()) {
        let value = |holding: &Holding| match holding.side {
            Side::Deposit => holding.quote.low.value_floor(holding.amount, holding.decimals).unwrap().0,
            Side::Debt => -holding.quote.high.value_ceil(holding.amount, holding.decimals).unwrap().0,
        };
        let found = assessed(&account);
        prop_assert_eq!(found.equity_open.0, account.holdings.iter().map(value).sum::<i128>());
        prop_assert!(found.equity_open <= found.equity);
        prop_assert_eq!(found.equity, found.deposits.minus(found.debts).unwrap());
    }

    /// Initial margin takes the larger of the margins at the haircut in force and at the newest.
    #[test]
    fn initial_margin_takes_the_larger_margin(account in account()) {
        let with = |pick: fn(&Holding) -> Fraction| {
            let mut same = account.clone();
            for holding in &mut same.holdings {
                holding.haircut = pick(holding);
                holding.newest_haircut = pick(holding);
            }
            assessed(&same).initial
        };
        let larger = with(|holding| holding.haircut).max(with(|holding| holding.newest_haircut));
        prop_assert_eq!(assessed(&account).initial, larger);
    }

    /// Without debts an account is healthy at any price: its margin never exceeds its equity.
    #[test]
    fn deposits_alone_are_healthy(mut account in account()) {
        for holding in &mut account.holdings {
            holding.side = Side::Deposit;
        }
        let found = assessed(&account);
        prop_assert_eq!(found.status(), Status::Healthy);
        prop_assert!(found.maintenance.0 <= found.equity.0 + slack(account.holdings.len()));
    }

    /// Status, ratio and comparison say the same.
    #[test]
    fn status_and_ratio_agree(account in sound_account(), other in sound_account()) {
        let (found, than) = (assessed(&account), assessed(&other));
        match (found.status(), found.margin_ratio()) {
            (Status::Healthy | Status::MarginCall, MarginRatio::Finite(ratio)) => {
                prop_assert!(found.debts.is_zero() || ratio >= Usd::whole(1));
            }
            (Status::Healthy | Status::MarginCall, MarginRatio::Unbounded) => {}
            (Status::Liquidatable, ratio) => {
                prop_assert!(ratio < MarginRatio::Finite(Usd::whole(1)));
                prop_assert!(ratio >= MarginRatio::Finite(Usd::ZERO));
            }
            (Status::Insolvent, ratio) => prop_assert!(ratio < MarginRatio::Finite(Usd::ZERO)),
        }
        prop_assert_eq!(found.is_liquidatable(), matches!(found.status(), Status::Liquidatable | Status::Insolvent));
        if found.compare_ratio(&than) == Ordering::Less {
            prop_assert!(found.margin_ratio() <= than.margin_ratio());
        }
        prop_assert_eq!(found.compare_ratio(&than), than.compare_ratio(&found).reverse());
    }

    /// An action may stand where `E_open ≥ I`, or where it lowers neither `E_open − I` nor `r`
    /// and leaves `r ≥ 1`.
    #[test]
    fn an_action_may_stand_as_documented(before in sound_account(), after in sound_account()) {
        let (before, after) = (assessed(&before), assessed(&after));
        let surplus = |found: &Assessment| found.equity_open.0 - found.initial.0;
        let rescued = surplus(&after) >= surplus(&before)
            && after.compare_ratio(&before) != Ordering::Less
            && (after.debts.is_zero() || after.equity >= after.maintenance);
        let expected = after.debts.is_zero() || surplus(&after) >= 0 || rescued;
        prop_assert_eq!(after.may_follow(&before).unwrap(), expected);
    }

    /// At the price found the account is liquidatable, one unit nearer it is not.
    #[test]
    fn liquidation_prices_are_where_liquidation_begins(
        account in sound_account(), which in any::<prop::sample::Index>(),
    ) {
        let position = which.index(account.holdings.len());
        let at = |price: Price| {
            let mut moved = account.clone();
            moved.holdings[position].quote.mid = price;
            assess(&moved.holdings, &moved.config.margin).map(|found| found.is_liquidatable())
        };
        let found = liquidation_prices(&account.holdings, &account.config.margin, position).unwrap();
        let now = account.holdings[position].quote.mid;
        if at(now).unwrap() {
            prop_assert_eq!((found.below, found.above), (None, None));
        } else {
            match found.below {
                Some(below) => {
                    prop_assert!(below < now);
                    prop_assert_eq!(at(below), Ok(true), "liquidatable at {}", below);
                    prop_assert_eq!(at(Price(below.0 + 1)), Ok(false), "safe just above {}", below);
                }
                None => prop_assert_eq!(at(Price::ZERO), Ok(false)),
            }
            match account.holdings[position].side {
                Side::Deposit => prop_assert_eq!(found.above, None, "a rise never hurts a deposit"),
                Side::Debt => prop_assert_eq!(found.below, None, "a fall never hurts a debt"),
            }
            if let Some(above) = found.above {
                prop_assert!(above > now);
                prop_assert_eq!(at(above), Ok(true), "liquidatable at {}", above);
                prop_assert_eq!(at(Price(above.0 - 1)), Ok(false), "safe just below {}", above);
            }
        }
    }
}

fn holding(side: Side, usd: u128, haircut: u32) -> Holding {
    let price = Price(1_000_000_000_000_000_000);
    Holding {
        side,
        amount: Amount(usd * 1_000_000),
        decimals: 6,
        quote: Quote {
            mid: price,
            low: price,
            high: price,
            tradable: Tradable::Yes,
        },
        factors: FamilyFactors {
            group: u8::from(side == Side::Debt),
            family: u16::from(side == Side::Debt),
            group_correlation: Fraction::ONE,
            family_correlation: Fraction::ONE,
        },
        haircut: Fraction::percent(haircut),
        newest_haircut: Fraction::percent(haircut),
        risk: AssetRisk {
            extra_haircut: Fraction::ZERO,
            liquidity: Amount(AMOUNT_LIMIT - 1),
            size_cap: Fraction::ZERO,
        },
    }
}

/// The two legs of one hedge: the deposit's fall and the debt's rise each lead to liquidation.
#[test]
fn a_deposit_is_liquidated_by_its_fall_and_a_debt_by_its_rise() {
    let family = FamilyFactors {
        group: 0,
        family: 0,
        group_correlation: Fraction::percent(80),
        family_correlation: Fraction::percent(95),
    };
    let long = Holding {
        factors: family,
        ..holding(Side::Deposit, 1000, 15)
    };
    let base = Holding {
        factors: family,
        ..holding(Side::Debt, 950, 15)
    };
    let margin = default_config().margin;
    let found = liquidation_prices(&[long, base], &margin, 0).unwrap();
    assert!(found.below.is_some());
    assert_eq!(found.above, None);
    let found = liquidation_prices(&[long, base], &margin, 1).unwrap();
    assert_eq!(found.below, None);
    assert!(found.above.is_some());
}

/// What an asset's market can take is clamped, not switched off, where it is worth more than
/// an account may be: the margin stays continuous in the price.
#[test]
fn liquidity_beyond_an_accounts_limit_does_not_jump() {
    let sized = |price: &str| {
        let mut big = holding(Side::Deposit, 1_000_000_000_000, 15);
        big.quote.mid = price.parse().unwrap();
        big.risk.size_cap = Fraction::percent(8);
        // Worth 10^15 USD at a price of one.
        big.risk.liquidity = Amount(1_000_000_000_000_000_000_000);
        assess(&[big], &default_config().margin)
            .unwrap()
            .maintenance
    };
    let (below, above) = (sized("0.999999999"), sized("1.000000001"));
    assert!(below < above, "{below} {above}");
}
