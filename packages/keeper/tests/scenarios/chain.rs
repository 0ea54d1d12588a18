//! A book kept beside an embedded chain.

use std::collections::BTreeSet;

use bulwark_keeper::book::{Book, Contract, Deployment, Moment};
use bulwark_testing::World;

/// An empty book of a world's contracts.
pub fn empty_book(world: &World) -> Book {
    Book::new(Deployment {
        vault: world.vault().clone(),
        oracle: world.oracle().clone(),
        prefix: "bulwark".into(),
        chain_id: world.app().block_info().chain_id,
    })
}

/// Brings a book to what the chain has. Returns how many records were news.
pub fn follow(world: &World, book: &mut Book) -> usize {
    let mut news = 0;
    for (contract, address) in [
        (Contract::Vault, world.vault()),
        (Contract::Oracle, world.oracle()),
    ] {
        let records = world.app().dump_wasm_raw(address);
        let mut gone: BTreeSet<Vec<u8>> = book.records(contract).map(|(key, _)| key).collect();
        for (key, value) in records {
            gone.remove(&key);
            news += usize::from(book.apply(contract, &key, Some(&value)).unwrap());
        }
        for key in gone {
            news += usize::from(book.apply(contract, &key, None).unwrap());
        }
    }
    news
}

/// A book of what the chain has now.
pub fn book_of(world: &World) -> Book {
    let mut book = empty_book(world);
    follow(world, &mut book);
    book
}

/// The chain's latest block.
pub fn moment(world: &World) -> Moment {
    let block = world.app().block_info();
    Moment {
        seconds: block.time.seconds(),
        height: block.height,
    }
}
