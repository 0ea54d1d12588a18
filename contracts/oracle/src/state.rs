//! What is stored, and under which keys. All values are packed (postcard); the boards, which
//! other contracts read, stand in `bulwark_types::oracle`.

use bulwark_risk::units::Price;
use bulwark_risk::volatility::Variances;
use bulwark_types::governance::{Brake, Changes, OwnershipStore};
use bulwark_types::oracle::{BOARD_SIZE, BOARDS, Board, Change, Feed, PriceRecord, Slot};
use bulwark_types::packed::{PackedItem, PackedMap};
use bulwark_types::sorted::SortedMap;
use cosmwasm_std::{Addr, StdError, StdResult, Storage};
use serde::{Deserialize, Serialize};

use crate::error::ContractError;
use crate::feeders::Feeders;
use crate::source::posted::Post;
use crate::source::pulled::Pulled;

/// Who owns the oracle.
pub const OWNERSHIP: OwnershipStore = OwnershipStore::new("ownership");

/// Changes that wait.
pub const CHANGES: Changes<Change> = Changes::new("changes", "last_change");

/// Roles and delay.
pub const CONFIG: PackedItem<Config> = PackedItem::new("config");

/// Asset → how it is priced. Read by every message about the asset, rarely written.
pub const FEEDS: PackedMap<&str, FeedEntry> = PackedMap::new("feeds");

/// Asset → the latest post of each feeder. Written by every post.
pub const POSTS: PackedMap<&str, Vec<Post>> = PackedMap::new("posts");

/// Asset → what the sources that are asked have said, in the order of the feed's sources.
/// Written by every refresh.
pub const PULLED: PackedMap<&str, Vec<Pulled>> = PackedMap::new("pulled");

/// Asset → the assets that are redeemed for it, at most [`MAX_DEPENDENTS`]. Read when nothing
/// can be opened at its price any more.
pub const DEPENDENTS: PackedMap<&str, Vec<String>> = PackedMap::new("dependents");

/// Assets that are redeemed for the same one at most: their records may have to move with it.
pub const MAX_DEPENDENTS: usize = 16;

/// Asset → what the guards and the volatility remember. Written when the record moves.
pub const TRACKS: PackedMap<&str, Track> = PackedMap::new("tracks");

/// How many feeds have been given a slot.
pub const FEED_COUNT: PackedItem<u32> = PackedItem::new("feed_count");

/// Roles and delay.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct Config {
    /// Who may halt feeds and cancel changes.
    pub guardian: Option<Addr>,
    /// Who may post.
    pub feeders: Feeders,
    /// Seconds that changes wait.
    pub owner_delay: u64,
}

/// How an asset is priced, and where its record stands.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct FeedEntry {
    /// Its configuration.
    pub feed: Feed,
    /// Assigned once, never used again for another asset.
    pub slot: Slot,
    /// The guardian's brake on the feed.
    pub halt: Brake,
}

/// What the guards and the volatility remember of a feed with a price, beside its record.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
pub struct Track {
    /// Block time in seconds of the last acceptance; the record's EMA is as of then.
    pub accepted_at: u64,
    /// Block height of the last acceptance.
    pub accepted_height: u64,
    /// The last sample of the variance.
    pub sample: Sample,
    /// The jump that waits to be confirmed.
    pub anchor: Option<Anchor>,
}

/// The last sample of the variance.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The averages after it.
    pub variances: Variances,
    /// The price that was in force from it on, USD per whole token.
    pub price: Price,
    /// Block time in seconds.
    pub taken_at: u64,
}

/// The first of the observations that together confirm a jump.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// What was observed, USD per whole token.
    pub price: Price,
    /// Whether it lies above the EMA.
    pub upward: bool,
    /// Block time in seconds at which it was taken in.
    pub seen_at: u64,
    /// When it was observed, in seconds.
    pub published_at: u64,
}

/// The boards that one message touches: each is read once and written once.
#[derive(Default)]
pub struct Boards {
    loaded: SortedMap<u16, LoadedBoard>,
}

struct LoadedBoard {
    board: Board,
    is_changed: bool,
}

impl Boards {
    /// The record in a slot; none before its first price.
    pub fn record(&mut self, storage: &dyn Storage, slot: Slot) -> StdResult<Option<PriceRecord>> {
        Ok(self
            .load(storage, slot.board)?
            .board
            .record(slot.slot)
            .copied())
    }

    /// Replaces the record in a slot; stored by [`Boards::save`].
    pub fn replace(
        &mut self,
        storage: &dyn Storage,
        slot: Slot,
        record: PriceRecord,
    ) -> StdResult<()> {
        let loaded = self.load(storage, slot.board)?;
        loaded.is_changed = true;
        let records = &mut loaded.board.records;
        let place = usize::from(slot.slot);
        if records.len() <= place {
            records.resize(place.saturating_add(1), None);
        }
        if let Some(stored) = records.get_mut(place) {
            *stored = Some(record);
        }
        Ok(())
    }

    /// Stores what was replaced.
    pub fn save(self, storage: &mut dyn Storage) -> StdResult<()> {
        for (number, loaded) in self.loaded {
            if loaded.is_changed {
                BOARDS.save(storage, number, &loaded.board)?;
            }
        }
        Ok(())
    }

    fn load(&mut self, storage: &dyn Storage, number: u16) -> StdResult<&mut LoadedBoard> {
        if !self.loaded.contains_key(&number) {
            let board = BOARDS.may_load(storage, number)?.unwrap_or_default();
            let loaded = LoadedBoard {
                board,
                is_changed: false,
            };
            self.loaded.insert(number, loaded);
        }
        let missing = || StdError::msg(format!("board {number} is not loaded"));
        self.loaded.get_mut(&number).ok_or_else(missing)
    }
}

/// Takes the next free slot: 16 on a board, in the order of first application.
///
/// # Errors
/// [`ContractError::BoardsFull`].
pub fn take_slot(storage: &mut dyn Storage) -> Result<Slot, ContractError> {
    let feeds = FEED_COUNT.may_load(storage)?.unwrap_or(0);
    let size = u32::from(BOARD_SIZE);
    let full = |_| ContractError::BoardsFull { feeds };
    let slot = Slot {
        board: u16::try_from(feeds.checked_div(size).unwrap_or(u32::MAX)).map_err(full)?,
        slot: u8::try_from(feeds.checked_rem(size).unwrap_or(u32::MAX)).map_err(full)?,
    };
    FEED_COUNT.save(storage, &feeds.saturating_add(1))?;
    Ok(slot)
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    #[test]
    fn slots_are_given_out_in_order_until_all_boards_are_full() {
        let mut storage = MockStorage::new();
        for feeds in 0..40u8 {
            let slot = take_slot(&mut storage).unwrap();
            let expected = Slot {
                board: u16::from(feeds / 16),
                slot: feeds % 16,
            };
            assert_eq!(slot, expected);
        }
        let all = 16 * 65_536;
        FEED_COUNT.save(&mut storage, &(all - 1)).unwrap();
        let last = Slot {
            board: u16::MAX,
            slot: 15,
        };
        assert_eq!(take_slot(&mut storage), Ok(last));
        assert_eq!(
            take_slot(&mut storage),
            Err(ContractError::BoardsFull { feeds: all })
        );
    }
}
