//! Variants are compared at equal average haircuts and at equal borrowing power.

use super::fixture::generated;
use crate::study::calibrate::Natural;
use crate::study::config::Settings;
use crate::study::owners::owners;
use crate::study::variant::{Haircuts, Variant};

#[test]
fn constant_haircuts_have_the_averages_of_the_volatility_driven_ones() {
    let (path, settings) = (generated(120), Settings::default());
    let natural = Natural::new(&path, &settings).unwrap();
    let rules = |haircuts| natural.rules(&settings, haircuts, 1.0).unwrap();
    let volatility = natural
        .average_haircuts(&rules(Haircuts::Volatility))
        .unwrap();
    let constant_rules = rules(Haircuts::Constant);
    let constant = natural.average_haircuts(&constant_rules).unwrap();
    for (number, asset) in path.assets.iter().enumerate() {
        assert_eq!(constant_rules[number].floor, constant_rules[number].cap);
        let (one, other) = (volatility[number], constant[number]);
        assert!(
            (one - other).abs() < 1e-9,
            "{}: {one} {other}",
            asset.symbol
        );
    }
    // The crash moves the average away from the floor: there is something to be equal to.
    assert!(volatility[0] > 0.16, "{volatility:?}");
}

#[test]
fn scaled_haircuts_give_every_variant_the_same_borrowing_power() {
    let (path, settings) = (generated(60), Settings::default());
    let natural = Natural::new(&path, &settings).unwrap();
    let sample = natural.sample(&owners(&path, 40, 1));
    let power = |variant: Variant, scale| {
        let rules = natural.rules(&settings, variant.haircuts, scale).unwrap();
        natural
            .borrowing_power(&settings, variant, &rules, &sample)
            .unwrap()
    };
    let wanted = power(Variant::FULL, 1.0);
    for variant in Variant::all() {
        let scale = natural
            .scale_for(&settings, variant, &sample, wanted)
            .unwrap();
        let reached = power(variant, scale);
        assert!(
            (reached / wanted - 1.0).abs() < 0.002,
            "{}: {reached} {wanted}",
            variant.name()
        );
        if !variant.netting && variant.size {
            assert!(scale < 1.0, "{}: {scale}", variant.name());
        }
    }
}
