//! Whatever feeders and guardian send in whatever order.

use bulwark_risk::units::Price;
use bulwark_types::oracle::{ExecuteMsg, PRICE_LIMIT, PostedPrice, PriceRecord, PriceStatus};
use proptest::prelude::*;

use crate::world::{ATOM, World};

#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Post {
        feeder: usize,
        price: u128,
        conf: Option<u128>,
        age: i64,
    },
    Halt,
    Resume,
}

fn step() -> impl Strategy<Value = Step> {
    let near = 8_000_000_000_000_000_000u128..12_000_000_000_000_000_000;
    let price = prop_oneof![8 => near, 1 => any::<u128>(), 1 => 0u128..3];
    let conf = prop::option::weighted(0.2, 0u128..2_000_000_000_000_000_000);
    prop_oneof![
        6 => prop_oneof![0u64..40, 0u64..10_000].prop_map(Step::Wait),
        20 => (0usize..5, price, conf, -20i64..140).prop_map(|(feeder, price, conf, age)| {
            Step::Post { feeder, price, conf: conf.filter(|_| age % 2 == 0), age }
        }),
        1 => Just(Step::Halt),
        1 => Just(Step::Resume),
    ]
}

fn sound(record: &PriceRecord, now: u64) {
    assert!(record.low.0 >= 1 && record.ema.0 >= 1);
    assert!(record.low <= record.mid && record.mid <= record.high);
    assert!(record.low <= record.ema && record.ema <= record.high);
    assert!(record.mid <= PRICE_LIMIT && record.ema <= PRICE_LIMIT);
    assert!(record.published_at <= now);
    assert_eq!(record.expires_at, record.published_at + 120);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pitfall_25_the_record_stays_sound_through_any_messages(
        steps in prop::collection::vec(step(), 1..120),
    ) {
        let mut world = World::new();
        let guardian = world.guardian.clone();
        for step in steps {
            let now = world.now();
            let before = world.record_of(ATOM);
            let _ = match step {
                Step::Wait(seconds) => {
                    world.wait(seconds);
                    continue;
                }
                Step::Post { feeder, price, conf, age } => {
                    let post = PostedPrice {
                        asset: ATOM.into(),
                        price: Price(price),
                        conf: conf.map(Price),
                        published_at: now.saturating_add_signed(-age),
                    };
                    world.send_prices(feeder, vec![post])
                }
                Step::Halt => world.execute(&guardian, &ExecuteMsg::Halt { asset: ATOM.into() }),
                Step::Resume => world.execute(&guardian, &ExecuteMsg::Resume { asset: ATOM.into() }),
            };
            let feed = world.feed(ATOM).unwrap();
            let Some(record) = world.record_of(ATOM) else {
                prop_assert!(before.is_none());
                continue;
            };
            sound(&record, now);
            if let Some(before) = before {
                prop_assert!(record.published_at >= before.published_at);
                prop_assert_eq!(before.volatility.at(now), record.volatility.at(now));
                let is_halted = feed.halted_until.is_some();
                prop_assert!(!is_halted || record.status == PriceStatus::Halted);
                prop_assert!(!is_halted || record.mid == before.mid);
            }
            if record.status == PriceStatus::Pending {
                prop_assert!(feed.pending.is_some());
            }
        }
    }
}
