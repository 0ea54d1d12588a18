//! What a swap pays: the value of what is offered, less the fee, in what is asked for.

use bulwark_risk::units::{Amount, Price, Usd};
use cosmwasm_std::{Decimal, Uint128};

use crate::error::ExchangeError;

/// A coin at a price.
#[derive(Clone, Copy)]
pub struct Priced {
    /// USD per whole token.
    pub price: Price,
    /// Smallest units in a whole token, as a power of ten.
    pub decimals: u8,
}

/// What is paid for `amount`. The value, the fee's rest and the amount are each rounded down, for the
/// exchange.
pub fn returned_floor(
    offer: Priced,
    amount: Amount,
    ask: Priced,
    fee_bps: u16,
) -> Result<Amount, ExchangeError> {
    let Usd(value) = offer.price.value_floor(amount, offer.decimals)?;
    let value = Uint128::new(value.unsigned_abs());
    let fee = value.mul_ceil(Decimal::bps(fee_bps.into()));
    let net = Usd::from_magnitude(value.saturating_sub(fee).u128())?;
    Ok(ask.price.amount_floor(net, ask.decimals)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn priced(price: &str, decimals: u8) -> Priced {
        Priced {
            price: price.parse().unwrap(),
            decimals,
        }
    }

    fn returned(offer: Priced, amount: u128, ask: Priced, fee_bps: u16) -> u128 {
        returned_floor(offer, Amount(amount), ask, fee_bps)
            .unwrap()
            .0
    }

    #[test]
    fn value_is_paid_in_value_whatever_the_decimals() {
        let (atom, eth) = (priced("10", 6), priced("2000", 18));
        // 100 ATOM are half an ETH; 0.3 % of that stays.
        let half = 500_000_000_000_000_000;
        assert_eq!(returned(atom, 100_000_000, eth, 0), half);
        assert_eq!(returned(atom, 100_000_000, eth, 30), half / 1_000 * 997);
        assert_eq!(returned(eth, half, atom, 30), 99_700_000);
    }

    #[test]
    fn everything_is_rounded_for_the_exchange() {
        let (dust, dear) = (priced("0.000000000001", 0), priced("1000000000000", 18));
        assert_eq!(returned(dust, 999_999, dear, 0), 0);
        assert_eq!(returned(priced("1", 0), 1, priced("3", 0), 0), 0);
        assert_eq!(returned(priced("1", 6), 1, priced("1", 6), 1), 0);
        assert_eq!(returned(priced("1", 6), 100, priced("1", 6), 10_000), 0);
    }

    #[test]
    fn there_and_back_never_pays() {
        let (one, other) = (priced("0.7321", 6), priced("61234.56789", 8));
        for amount in [1, 99, 12_345, 1_000_001, 77_777_777_777] {
            let there = returned(one, amount, other, 0);
            let back = returned(other, there, one, 0);
            assert!(back <= amount, "{amount} became {back}");
        }
    }

    #[test]
    fn what_is_beyond_all_values_is_refused() {
        let dear = priced("1000000000000", 0);
        assert!(returned_floor(dear, Amount(u128::MAX), dear, 0).is_err());
    }
}
