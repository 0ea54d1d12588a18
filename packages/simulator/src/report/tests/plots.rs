use proptest::prelude::*;

use crate::report::plot::{MAX_POINTS, Scale, linear_ticks, log_ticks, thin, time_ticks};

#[test]
fn linear_ticks_are_round_and_enclose_the_values() {
    assert_eq!(
        linear_ticks(0.0, 97.0, 5),
        [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    );
    assert_eq!(linear_ticks(-3.0, 4.0, 4), [-4.0, -2.0, 0.0, 2.0, 4.0]);
    assert_eq!(linear_ticks(0.0, 0.0, 2), [0.0, 0.5, 1.0]);
}

#[test]
fn logarithmic_ticks_are_powers_of_ten_and_finer_where_those_are_few() {
    assert_eq!(log_ticks(18.0, 250.0, 8), [20.0, 50.0, 100.0, 200.0]);
    assert_eq!(
        log_ticks(0.000_5, 200.0, 8),
        [0.001, 0.01, 0.1, 1.0, 10.0, 100.0]
    );
    assert_eq!(log_ticks(44.0, 130.0, 8), [60.0, 80.0, 100.0, 120.0]);
    assert!(log_ticks(1e-12, 1e12, 8).len() <= 9);
}

#[test]
fn time_is_labelled_at_round_times() {
    let march_7 = 1_583_539_200;
    let labels = |hours: u64, wanted| {
        let ticks = time_ticks(march_7 + 3_600, march_7 + hours * 3_600, wanted);
        ticks
            .into_iter()
            .map(|(_, label)| label)
            .collect::<Vec<_>>()
    };
    assert_eq!(labels(30, 6), ["06:00", "12:00", "18:00", "8 Mar", "06:00"]);
    assert_eq!(
        labels(240, 5),
        ["9 Mar", "11 Mar", "13 Mar", "15 Mar", "17 Mar"]
    );
    assert_eq!(labels(24 * 1_000, 4), ["2021", "2022"]);
    assert_eq!(labels(24 * 300, 5), ["May", "Jul", "Sep", "Nov", "2021"]);
}

#[test]
fn a_spike_survives_thinning() {
    let mut values = vec![Some(1.0); 10_000];
    values[4_321] = Some(99.0);
    values[7_000] = Some(-5.0);
    let pieces = thin(&values, MAX_POINTS);
    let points: Vec<_> = pieces.concat();
    assert!(points.len() <= MAX_POINTS);
    assert!(points.contains(&(4_321, 99.0)) && points.contains(&(7_000, -5.0)));
}

#[test]
fn a_gap_stays_a_gap() {
    let values = [
        Some(1.0),
        Some(2.0),
        None,
        Some(3.0),
        None,
        None,
        Some(4.0),
        Some(5.0),
    ];
    let pieces = thin(&values, MAX_POINTS);
    assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 2]);
}

proptest! {
    #[test]
    fn points_stay_in_order_inside_the_plot_and_bounded(
        values in proptest::collection::vec(proptest::option::of(any::<f64>()), 0..3_000),
        limit in 10..700_usize,
    ) {
        let scale = Scale::linear((-1e6, 1e6), (300.0, 10.0));
        let points = thin(&values, limit).concat();
        prop_assert!(points.len() <= limit + 2);
        prop_assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (_, value) in points {
            prop_assert!((10.0..=300.0).contains(&scale.at(value)));
        }
    }

    #[test]
    fn ticks_are_few_whatever_the_range(a: f32, b: f32, from: u32, span in 0..4_000_000_000_u64) {
        let (a, b) = (f64::from(a), f64::from(b));
        if a.is_finite() && b.is_finite() {
            prop_assert!((2..=51).contains(&linear_ticks(a.min(b), a.max(b), 5).len()));
        }
        let ticks = time_ticks(u64::from(from), u64::from(from) + span, 6);
        prop_assert!(ticks.len() <= 9);
        prop_assert!(ticks.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
