//! Two keepers want the same accounts.

use bulwark_keeper::execute::{Outcome, Report};

use super::stage::{Keeper, Stage, USDT, assert_all};

/// Gas of two accounts in a transaction, and of one.
const PAIRS: u64 = 350_000;
const SINGLES: u64 = 230_000;

#[tokio::test(flavor = "multi_thread")]
async fn of_two_keepers_one_wins_each_account_and_the_other_says_so() {
    let accounts = 6;
    let mut stage = Stage::new(accounts).await;
    let mut one = Keeper::new(&stage, "keeper").await;
    let mut other = Keeper::new(&stage, "carol").await;
    for (round, usd) in (1..).zip(["7", "6.8", "6.6", "6.4"]) {
        stage.falls_to(usd).await;
        // One sends accounts by the pair, the other one by one, in turns: both forms of losing.
        let turn = round % 2 == 0;
        let limits = if turn {
            [PAIRS, SINGLES]
        } else {
            [SINGLES, PAIRS]
        };
        [one.costs.gas_limit, other.costs.gas_limit] = limits;
        let (of_one, of_other) = (one.plan(&mut stage).await, other.plan(&mut stage).await);
        let lengths = if turn { (3, 6) } else { (6, 3) };
        assert_eq!((of_one.len(), of_other.len()), lengths);
        let (first, second) =
            tokio::join!(one.start(&stage, &of_one), other.start(&stage, &of_other));
        let (third, fourth) = tokio::join!(one.rest(), other.rest());
        let reports = [first, second, third, fourth].concat();
        assert_all(&reports, |outcome| match outcome {
            Outcome::Won(_) => true,
            Outcome::LostToAnother { keeper, height } => keeper.is_some() && *height > 0,
            _ => false,
        });
        // Each account is somebody's, once.
        let mut won: Vec<_> = reports
            .iter()
            .flat_map(|report| &report.outcomes)
            .filter(|(_, outcome)| matches!(outcome, Outcome::Won(_)))
            .map(|(account, _)| account)
            .collect();
        won.sort();
        won.dedup();
        assert_eq!(won.len(), usize::from(accounts));
        let sums =
            [&one, &other].map(|keeper| (keeper.count("won"), keeper.count("lost_to_another")));
        let is_sent = |report: &&Report| report.hash.is_some();
        let sent = reports.iter().filter(is_sent).count();
        println!(
            "{usd} USD: won and lost {sums:?}, {sent} of {} sent",
            reports.len()
        );
        assert_eq!(sums[0].0 + sums[1].0, round * u64::from(accounts));
        for keeper in [&one, &other] {
            keeper.assert_reported(&stage).await;
            assert_eq!(keeper.executor().on_its_way(), [].into());
        }
        stage.catch_up().await;
        assert_eq!(one.ready(&mut stage), [], "all are healthy again");
    }
    // What was lost in a block cost its fee and nothing else; nobody is stuck.
    for keeper in [&one, &other] {
        let inventory = keeper
            .executor()
            .inventory(&keeper.limits, stage.moment.height)
            .await
            .unwrap();
        assert!(inventory.available(USDT).0 > 0);
    }
    stage.world.assert_solvent().await;
}
