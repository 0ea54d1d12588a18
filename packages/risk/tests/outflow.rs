//! The net outflow of every span as long as the window stays within what was counted.

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
    let counts = |now: u64| outflow.at(now, DAY).total().unwrap().0;
    assert_eq!(counts(10 * DAY + 100), 70);
    assert_eq!(counts(11 * DAY + 100), 70);
    assert_eq!(counts(11 * DAY + DAY / 4), 0);
    assert_eq!(counts(u64::MAX), 0);
}

#[test]
fn what_comes_in_offsets_what_left_and_earns_no_credit() {
    let total = |flows: &[(u64, i64)]| after(flows).total().unwrap().0;
    assert_eq!(total(&[(DAY, 70), (DAY + 1, -30)]), 40);
    assert_eq!(total(&[(DAY, 70), (DAY + DAY / 2, -100)]), 0);
    assert_eq!(total(&[(DAY, -100), (DAY, 70)]), 70);
    assert_eq!(
        total(&[(DAY, 70), (DAY + DAY / 2, 20), (DAY + DAY / 2, -30)]),
        60
    );
}

#[test]
fn another_window_forgets_nothing_too_early_when_it_is_longer() {
    let outflow = after(&[(10 * DAY, 70)]);
    assert_eq!(outflow.at(10 * DAY, 7 * DAY).total().unwrap(), Amount(70));
}

proptest! {
    #[test]
    fn no_span_of_a_window_sees_more_leave_than_what_counts(
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
            let counted = after(&flows[..end]).total().unwrap().0;
            let mut net = 0i128;
            for (time, flow) in flows[..end].iter().rev() {
                if *time + DAY < now {
                    break;
                }
                net += i128::from(*flow);
                prop_assert!(net <= i128::try_from(counted).unwrap());
            }
        }
    }
}
