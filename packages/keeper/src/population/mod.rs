//! Made-up vaults with any number of accounts, in the raw form in which a chain stores them: for
//! benchmarks and tests. The same seed makes the same vault.

mod accounts;
mod markets;

use bulwark_risk::units::{Fraction, Price};
use bulwark_types::oracle::{BOARD_SIZE, BOARDS, Board};
use bulwark_types::packed::{pack, unpack};
use cosmwasm_std::{Addr, Api, CanonicalAddr, StdResult};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::book::{Addresses, Book, BookError, BookResult, Contract, Deployment, Moment};

/// Prefix of the chain's addresses.
const PREFIX: &str = "wasm";

/// When it all happens, in seconds.
const NOW: u64 = 1_700_000_000;

/// The asset that half of all accounts hold or owe.
pub const COMMON: u16 = 2;

/// What the accounts look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variety {
    /// Four holdings each, one or two of them owed, margin ratios from 0.9 to 3, all prices in force.
    Plain,
    /// One to eight holdings, hedged and not, worth a cent or a billion, in markets that are stale,
    /// decaying, halted, thin, on their way to other parameters, or without decimals.
    Wild,
}

/// What to make up.
#[derive(Clone, Copy, Debug)]
pub struct Population {
    /// How many accounts.
    pub accounts: usize,
    /// What chance begins with.
    pub seed: u64,
    /// What they look like.
    pub variety: Variety,
}

impl Population {
    /// When it is to be looked at.
    #[must_use]
    pub const fn moment() -> Moment {
        Moment {
            seconds: NOW,
            height: 1_000_000,
        }
    }

    /// A book of it.
    ///
    /// # Errors
    /// None in practice: what is made up is what a vault stores.
    pub fn book(&self) -> BookResult<Book> {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let addresses = Addresses::new(PREFIX);
        let mut book = Book::new(Deployment {
            vault: address(&addresses, [1; 32]).map_err(BookError::Answer)?,
            oracle: address(&addresses, [2; 32]).map_err(BookError::Answer)?,
            prefix: PREFIX.into(),
            chain_id: "made-up".into(),
        });
        markets::list(&mut book, self.variety).map_err(BookError::Answer)?;
        accounts::open(&mut book, self, &mut random)?;
        Ok(book)
    }
}

fn address(addresses: &Addresses, bytes: [u8; 32]) -> StdResult<Addr> {
    addresses.addr_humanize(&CanonicalAddr::from(bytes))
}

/// The record of the board on which a market's price stands, key and value, after the price has been
/// multiplied by a factor; nothing for a market without a price.
///
/// # Errors
/// If the board cannot be read, or the price not be written.
pub fn moved(book: &Book, market: u16, factor: Fraction) -> BookResult<(Vec<u8>, Vec<u8>)> {
    let size = u16::from(BOARD_SIZE);
    let key = BOARDS.raw_key(&(market / size));
    let raw = book.raw(Contract::Oracle, &key).unwrap_or_default();
    let mut board: Board = unpack(raw).map_err(BookError::Answer)?;
    if let Some(Some(record)) = board.records.get_mut(usize::from(market % size)) {
        let scaled = |price: Price| {
            price.scaled_floor(factor).map_err(|error| {
                BookError::Vault(Box::new(bulwark_vault::ContractError::Risk(*error)))
            })
        };
        record.mid = scaled(record.mid)?;
        record.low = scaled(record.low)?;
        record.high = scaled(record.high)?;
        record.ema = scaled(record.ema)?;
    }
    let value = pack(&board).map_err(BookError::Answer)?;
    Ok((key, value))
}
