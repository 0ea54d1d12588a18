//! What operations cost stays below the limits that the vault was built for.

use bulwark_bench::gas::{self, Operation};
use bulwark_chain_tests::artifacts;
use std::fs;

/// Gas of an account with ten deposits and a debt, unpinned, half of its denoms `ibc/…`.
const LIMITS: [(Operation, u64); 5] = [
    (Operation::DepositTopUp, 150_000),
    (Operation::Repay, 150_000),
    (Operation::Withdraw, 190_000),
    (Operation::Borrow, 190_000),
    (Operation::Liquidate, 240_000),
];
/// What each further deposit may add to a `borrow`.
const FURTHER: i64 = 2_700;

/// Lowered code computes for up to 15 percent more gas: only of what the compilers make that
/// need no lowering are the limits true.
const UNLOWERED: [&str; 2] = ["rustc 1.86", "rustc 1.85"];

#[tokio::test(flavor = "multi_thread")]
async fn ten_deposits_cost_no_more_than_promised() {
    let folder = artifacts();
    let toolchain = fs::read_to_string(folder.join("toolchain.txt")).unwrap();
    let lowered = !UNLOWERED.iter().any(|name| toolchain.starts_with(name));
    let report = gas::run(folder, &[1, 10], |_| ()).await.unwrap();
    let further = report.unpinned.growth(Operation::Borrow).unwrap();
    assert!(further <= FURTHER, "each further deposit: {further}");
    for (operation, limit) in LIMITS {
        let measured = report.unpinned.of(operation, 10).unwrap();
        let limit = if lowered { limit + limit / 20 } else { limit };
        assert!(measured <= limit, "{}: {measured}", operation.name());
    }
}
