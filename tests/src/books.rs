use bulwark_testing::World;
use bulwark_types::vault::{AccountRef, AccountResponse, AccountsResponse, QueryMsg};

/// Every account of the vault, page by page.
///
/// # Panics
/// If the vault does not answer.
#[must_use]
pub fn every_account(world: &World) -> Vec<AccountResponse> {
    let mut found = Vec::new();
    let mut start_after: Option<AccountRef> = None;
    loop {
        let page: AccountsResponse = world
            .query(&QueryMsg::Accounts {
                owner: None,
                start_after,
                limit: Some(100),
            })
            .expect("accounts are listed");
        found.extend(page.accounts);
        match page.next {
            None => return found,
            next => start_after = next,
        }
    }
}

/// Asserts that the vault's books balance to the unit, market by market: what it holds is
/// `idle + supplied − borrowed`, and the totals are the sums over all accounts.
///
/// # Panics
/// If they do not.
#[track_caller]
pub fn assert_books_balance(world: &World) {
    let accounts = every_account(world);
    for spec in world.markets() {
        let market = world.market(&spec.denom).expect("the market is listed");
        let holdings: Vec<_> = accounts
            .iter()
            .flat_map(|account| &account.holdings)
            .filter(|holding| holding.asset == spec.denom)
            .collect();
        let sum = |units: Vec<u128>| units.into_iter().sum::<u128>();
        let symbol = &spec.symbol;

        let held = world.balance_of(world.vault(), &spec.denom).0;
        assert_eq!(
            held + market.borrowed.0,
            market.idle.0 + market.supplied.0,
            "{symbol}: held + borrowed = idle + supplied"
        );
        assert_eq!(
            market.idle.0,
            sum(holdings.iter().map(|holding| holding.idle.0).collect()),
            "{symbol}: idle deposits"
        );
        assert_eq!(
            market.supply_shares.0,
            market.reserve_shares.0
                + sum(holdings
                    .iter()
                    .map(|holding| holding.lent_shares.0)
                    .collect()),
            "{symbol}: supply shares"
        );
        assert_eq!(
            market.debt_shares.0,
            sum(holdings
                .iter()
                .map(|holding| holding.debt_shares.0)
                .collect()),
            "{symbol}: debt shares"
        );
    }
}
