//! Forced sales move prices, by as much as the size term charges for, and the move fades.

use super::fixture::table;
use crate::study::market::Market;
use crate::study::path::StudyPath;

#[test]
fn a_sale_costs_what_the_size_term_charges_and_the_move_fades_within_days() {
    let steady = [("ATOM", vec![10.0; 60]), ("USDC", vec![1.0; 60])];
    let path = StudyPath::new("steady", true, table(&steady)).unwrap();
    let mut market = Market::new(&path, true);
    market.go_to(0).unwrap();
    let absorbed = market.quoted[0].liquidity;
    // A hundredth of what the market absorbs, in a hundred sales: v²/L of v = L/100 is 1 %.
    let mut brought = 0.0;
    for _ in 0..100 {
        brought += market.price(0) * absorbed / 1e4;
        market.sell(0, absorbed / 1e4).unwrap();
    }
    let cost = 1.0 - brought / (10.0 * absorbed / 100.0);
    assert!((cost - 0.01).abs() < 0.000_3, "{cost}");
    let moved = market.price(0);
    assert!((moved / 10.0 - (-0.02_f64).exp()).abs() < 1e-9, "{moved}");

    market.go_to(24).unwrap();
    let later = (market.price(0) / 10.0).ln();
    assert!((later - -0.02 * (-1.0_f64).exp()).abs() < 1e-9, "{later}");
    market.sell(1, 1e9).unwrap();
    assert_eq!(market.price(1), 1.0);

    let mut without = Market::new(&path, false);
    without.go_to(0).unwrap();
    without.sell(0, absorbed).unwrap();
    assert_eq!(without.price(0), 10.0);
}
