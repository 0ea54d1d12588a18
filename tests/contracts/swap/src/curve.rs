//! The price: `reserves' product / (offer's reserve + offer)` stays in the pool.

use bulwark_risk::units::Amount;
use cosmwasm_std::{Decimal, Uint128, Uint256};

/// What a swap pays: `⌊ask_reserve × net / (offer_reserve + net)⌋` with `net = offer −
/// ⌈offer × fee⌉`. Both roundings are for the pool, whose product of reserves never falls.
pub fn returned_floor(
    offer_reserve: Amount,
    ask_reserve: Amount,
    offer: Amount,
    fee_bps: u16,
) -> Amount {
    let offer = Uint128::new(offer.0);
    let fee = offer.mul_ceil(Decimal::bps(fee_bps.into()));
    let net = Uint256::from(offer.saturating_sub(fee));
    let after = Uint256::from(offer_reserve.0).saturating_add(net);
    // Factors of 128 bits do not overflow 256. The quotient is at most the ask's reserve; an
    // empty pool pays nothing.
    let product = Uint256::from(ask_reserve.0).saturating_mul(net);
    let quotient = product.checked_div(after).unwrap_or_default();
    Amount(Uint128::try_from(quotient).unwrap_or_default().u128())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn returned(offer_reserve: u128, ask_reserve: u128, offer: u128, fee_bps: u16) -> u128 {
        let (offer_reserve, ask_reserve) = (Amount(offer_reserve), Amount(ask_reserve));
        returned_floor(offer_reserve, ask_reserve, Amount(offer), fee_bps).0
    }

    #[test]
    fn a_swap_pays_along_the_curve() {
        // 1000 × 1000 = 1100 × 909.1
        assert_eq!(returned(1_000, 1_000, 100, 0), 90);
        assert_eq!(returned(1_000, 2_000, 1_000, 0), 1_000);
    }

    #[test]
    fn the_fee_is_taken_from_the_offer_and_rounded_up() {
        // ⌈100 × 0.3 %⌉ = 1, so 99 are swapped: 1000 × 99 / 1099.
        assert_eq!(returned(1_000, 1_000, 100, 30), 90);
        assert_eq!(returned(1_000_000, 1_000_000, 100, 30), 98);
        assert_eq!(returned(1_000, 1_000, 100, 10_000), 0);
        assert_eq!(returned(1_000, 1_000, 1, 1), 0);
    }

    #[test]
    fn there_and_back_never_pays() {
        for offer in [1, 2, 3, 99, 1_000, 123_456] {
            let there = returned(10_007, 30_011, offer, 0);
            let back = returned(30_011 - there, 10_007 + offer, there, 0);
            assert!(back <= offer, "{offer} became {back}");
        }
    }

    #[test]
    fn an_empty_pool_pays_nothing_and_the_largest_numbers_fit() {
        assert_eq!(returned(0, 0, 100, 0), 0);
        assert_eq!(returned(100, 0, 100, 0), 0);
        assert_eq!(returned(0, 100, 0, 0), 0);
        assert_eq!(returned(u128::MAX, u128::MAX, u128::MAX, 0), u128::MAX / 2);
    }
}
