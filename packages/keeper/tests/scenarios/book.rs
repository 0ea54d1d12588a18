use bulwark_keeper::book::{BookError, Contract};
use bulwark_testing::{MarketSpec, World};
use bulwark_types::oracle;
use bulwark_types::vault::{
    AccountsResponse, LiquidationPlanResponse, MarginResponse, MarketsResponse, QueryMsg,
};

use crate::chain::{book_of, empty_book, follow, moment};

/// Alice owes, bob lends, carol only holds; mallory has been and gone.
fn busy_world() -> World {
    let mut world = World::standard().unwrap();
    world.deposit_lent("bob", "USDC", 500_000).unwrap();
    world.deposit("alice", "ATOM", 100).unwrap();
    world.deposit(("alice", 7), "ETH", 1).unwrap();
    world.borrow("alice", "USDC", 800).unwrap();
    world.borrow(("alice", 7), "USDC", 1_500).unwrap();
    world.deposit("carol", "BTC", 1).unwrap();
    world.deposit("mallory", "BTC", 1).unwrap();
    world.withdraw_all("mallory", "BTC").unwrap();
    world
}

#[test]
fn the_vault_answers_from_a_book_as_it_does_on_the_chain() {
    let mut world = busy_world();
    world.advance_and_repost(3_600).unwrap();
    world.advance(6);
    world.post(&[("ATOM", "8.6")]).unwrap();
    let book = book_of(&world);
    let native = book.at(moment(&world));
    for account in ["alice", "bob", "carol"] {
        let message = QueryMsg::Margin {
            account: world.account_ref(account),
        };
        let native: MarginResponse = native.query(message).unwrap();
        assert_eq!(native, world.margin(account).unwrap());
    }
    let message = QueryMsg::LiquidationPlan {
        account: world.account_ref("alice"),
    };
    let plan: LiquidationPlanResponse = native.query(message).unwrap();
    assert!(plan.plan.is_some());
    assert_eq!(plan.plan, world.plan("alice").unwrap());
    for message in [
        QueryMsg::Accounts {
            owner: None,
            start_after: Some(world.account_ref("alice")),
            limit: Some(2),
        },
        QueryMsg::Accounts {
            owner: Some(world.account_ref("alice").owner),
            start_after: None,
            limit: None,
        },
    ] {
        let on_chain: AccountsResponse = world.query(&message).unwrap();
        let answer: AccountsResponse = native.query(message).unwrap();
        assert_eq!(answer, on_chain);
    }
    let message = QueryMsg::Markets {
        start_after: Some(0),
        limit: Some(2),
    };
    let on_chain: MarketsResponse = world.query(&message).unwrap();
    assert_eq!(native.query::<MarketsResponse>(message).unwrap(), on_chain);
}

#[test]
fn an_oracle_that_is_asked_instead_of_read_answers_too() {
    let mut world = World::builder()
        .with_oracle_mode(bulwark_types::vault::OracleMode::Smart)
        .with_market(MarketSpec::usd("USDC"))
        .with_market(MarketSpec::crypto("ATOM").with_price(10))
        .build()
        .unwrap();
    world.deposit_lent("bob", "USDC", 5_000).unwrap();
    world.deposit("alice", "ATOM", 100).unwrap();
    world.borrow("alice", "USDC", 700).unwrap();
    let message = QueryMsg::Margin {
        account: world.account_ref("alice"),
    };
    let book = book_of(&world);
    let answer: MarginResponse = book.at(moment(&world)).query(message).unwrap();
    assert_eq!(answer, world.margin("alice").unwrap());
}

#[test]
fn accounts_keep_their_numbers_while_others_come_and_go() {
    let mut world = busy_world();
    let mut book = book_of(&world);
    assert_eq!(book.accounts(), 4);
    assert_eq!(book.indebted(), 2);
    let alice = world.account_ref(("alice", 7));
    let number = book.find(&alice).unwrap();
    assert_eq!(book.find(&world.account_ref("mallory")), None);

    world.withdraw_all("carol", "BTC").unwrap();
    world.deposit("mallory", "BTC", 2).unwrap();
    world.deposit(("alice", 7), "ATOM", 5).unwrap();
    assert!(follow(&world, &mut book) > 3);
    assert_eq!(follow(&world, &mut book), 0, "nothing is news twice");
    assert_eq!(book.find(&alice), Some(number));
    let named = book.account(number).unwrap();
    assert_eq!((named.owner.as_str(), named.id), (alice.owner.as_str(), 7));
    assert_eq!(book.record(number).unwrap().unwrap().holdings.len(), 3);
    assert_eq!(book.find(&world.account_ref("carol")), None);
    assert!(book.find(&world.account_ref("mallory")).is_some());
    assert_eq!(book.accounts(), 4);
    assert_eq!(book.ids().count(), 4);
}

#[test]
fn what_is_no_account_is_refused_and_nothing_of_it_stays() {
    let world = busy_world();
    let mut book = book_of(&world);
    let alice = book.find(&world.account_ref("alice")).unwrap();
    let before = book.record(alice).unwrap();
    let (key, _) = book.records(Contract::Vault).last().unwrap();
    let refused = book.apply(Contract::Vault, &key, Some(&[9, 9]));
    assert!(
        matches!(refused, Err(BookError::Record { .. })),
        "{refused:?}"
    );
    let refused = book.apply(Contract::Vault, &key[..key.len() - 1], Some(&[0]));
    assert!(matches!(refused, Err(BookError::Key { .. })), "{refused:?}");
    assert_eq!(book.record(alice).unwrap(), before);
    assert_eq!(book.accounts(), 4);
}

#[test]
fn nobody_is_valued_without_the_oracles_records() {
    let world = busy_world();
    let mut book = empty_book(&world);
    let message = QueryMsg::Margin {
        account: world.account_ref("alice"),
    };
    assert!(matches!(
        book.at(moment(&world))
            .query::<MarginResponse>(message.clone()),
        Err(BookError::Vault(_))
    ));
    follow(&world, &mut book);
    assert!(
        book.at(moment(&world))
            .query::<MarginResponse>(message.clone())
            .is_ok()
    );
    book.replace_oracle(world.address("another"));
    assert!(
        book.at(moment(&world))
            .query::<MarginResponse>(message)
            .is_err()
    );
    let key = oracle::BOARDS.raw_key(&0);
    assert!(book.raw(Contract::Oracle, &key).is_none());
}
