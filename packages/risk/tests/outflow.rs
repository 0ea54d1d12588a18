//! What leaves within any span as long as the window stays within what was counted, but for what
//! came in lately.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "tests fail loudly"
)]

use bulwark_risk::outflow::Outflow;
use bulwark_risk::units::Amount;
use proptest::prelude::*;

const DAY: u64 = 86_400;

fn after(flows: &[(u64, i64)]) -> Outflow {
    let mut outflow = Outflow::default();
    for (time, flow) in flows {
        outflow = outflow.at(*time, DAY);
        let amount = Amount(flow.unsigned_abs().into());
        if *flow > 0 {
            outflow.leave(amount).unwrap();
        } else {
            outflow.enter(amount).unwrap();
        }
    }
    outflow
}

#[test]
fn what_left_counts_for_a_day_and_for_no_longer_than_a_quarter_more() {
    let outflow = after(&[(10 * DAY + 100, 70)]);
    let counts = |now: u64| outflow.at(now, DAY).total().0;
    assert_eq!(counts(10 * DAY + 100), 70);
    assert_eq!(counts(11 * DAY + 100), 70);
    assert_eq!(counts(11 * DAY + DAY / 4), 0);
    assert_eq!(counts(u64::MAX), 0);
}

#[test]
fn what_comes_in_offsets_what_left_and_may_leave_again() {
    let total = |flows: &[(u64, i64)]| after(flows).total().0;
    assert_eq!(total(&[(DAY, 70), (DAY + 1, -30)]), 40);
    assert_eq!(total(&[(DAY, 70), (DAY + DAY / 2, -100)]), 0);
    assert_eq!(total(&[(DAY, -100), (DAY, 70)]), 0);
    assert_eq!(total(&[(DAY, -100), (DAY + DAY / 2, 130)]), 30);
    // What came in longer ago than a window and a quarter is part of the pool like the rest.
    assert_eq!(total(&[(DAY, -100), (2 * DAY + DAY / 4, 70)]), 70);
    assert_eq!(after(&[(DAY, -100), (DAY, 30)]).credit(), Amount(70));
    assert_eq!(
        total(&[(DAY, 70), (DAY + DAY / 2, 20), (DAY + DAY / 2, -30)]),
        60
    );
}

#[test]
fn another_window_forgets_nothing_too_early_when_it_is_longer() {
    let outflow = after(&[(10 * DAY, 70)]);
    assert_eq!(outflow.at(10 * DAY, 7 * DAY).total(), Amount(70));
}

proptest! {
    #[test]
    fn no_span_of_a_window_sees_more_leave_than_what_counts_and_what_came_in_lately(
        steps in prop::collection::vec((0..DAY / 3, -1_000_000i64..1_000_000), 1..40),
    ) {
        let mut time = 1_000 * DAY;
        let flows: Vec<(u64, i64)> = steps
            .iter()
            .map(|(wait, flow)| {
                time += wait;
                (time, *flow)
            })
            .collect();
        for end in 1..=flows.len() {
            let (now, _) = flows[end - 1];
            let counted = i128::try_from(after(&flows[..end]).total().0).unwrap();
            for start in 0..end {
                let begin = flows[start].0;
                if begin + DAY < now {
                    continue;
                }
                // All that a credit can come from: a window and a quarter before the span.
                let memory = begin.saturating_sub(DAY + DAY / 4);
                let entered: i128 = flows[..start]
                    .iter()
                    .filter(|(time, flow)| *time >= memory && *flow < 0)
                    .map(|(_, flow)| -i128::from(*flow))
                    .sum();
                let net: i128 = flows[start..end].iter().map(|(_, flow)| i128::from(*flow)).sum();
                prop_assert!(net <= counted + entered, "{net} > {counted} + {entered}");
            }
        }
    }
}
