//! Time that passes, prices that move, feeders that post.

use bulwark_types::oracle::{ExecuteMsg, PriceStatus};

use super::Row;
use crate::act::Act;
use crate::author::Author;
use crate::sight::Sight;
use crate::stage::{Nature, PEBBLE};

pub const ROWS: &[Row] = &[
    (30, 15, a_block),
    (26, 2, a_while),
    (4, 0, a_long_while),
    (22, 1, crash),
    (14, 2, plunge),
    (4, 0, jump),
    (1, 0, silence),
];

/// Messages during which keepers are busy after a fall.
const BUSY: u32 = 40;

/// All feeders post what they see.
pub fn post(author: &mut Author, published_at: u64) {
    for feeder in author.cast.feeders.clone() {
        let prices = author.prices.observed(&mut author.dice, published_at);
        let post = Author::to_oracle(feeder, ExecuteMsg::PostPrices { prices });
        author.queue.push_back(post);
    }
}

/// Posts now and again when a jump can be confirmed. `now` is the time at which the queue begins.
pub fn post_confirmed(author: &mut Author, now: u64) {
    author.queue.push_back(Act::Wait(2));
    post(author, now + 2);
    author.queue.push_back(Act::Wait(31));
    post(author, now + 33);
}

fn a_block(author: &mut Author, _: &Sight<'_>) -> Option<Act> {
    Some(Act::Wait(author.dice.between(1, 20)))
}

/// Minutes, after which prices have moved a little.
fn a_while(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let seconds = author.dice.between(60, 1_500);
    author.prices.drift(&mut author.dice, 3.0);
    let boards = sight.book.boards.values();
    let mut records = boards.flat_map(|board| board.records.iter().flatten());
    if records.any(|record| record.status != PriceStatus::Ok) {
        post_confirmed(author, sight.now + seconds);
    } else {
        post(author, sight.now + seconds);
    }
    Some(Act::Wait(seconds))
}

/// Hours or days.
fn a_long_while(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let seconds = author.dice.between(3_600, 4 * 86_400);
    author.prices.drift(&mut author.dice, 8.0);
    post_confirmed(author, sight.now + seconds);
    Some(Act::Wait(seconds))
}

/// Everything falls, by a little or by a lot, and comes back some time.
fn crash(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    match author.dice.between(0, 9) {
        0..=4 => author.prices.crash(&mut author.dice, 0.84, 0.97),
        5..=7 => author.prices.crash(&mut author.dice, 0.6, 0.9),
        _ => author.prices.recover(),
    }
    post_confirmed(author, sight.now);
    author.alarm = BUSY;
    author.queue.pop_front()
}

/// One asset loses half of its value or more, and mostly comes back when keepers are done.
fn plunge(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let volatile = [1usize, 3, 4, PEBBLE, 7];
    let market = *author.dice.pick(&volatile)?;
    let factor = author.dice.real(0.4, 0.65);
    author.prices.jump(&mut author.dice, market, factor);
    post_confirmed(author, sight.now);
    if author.dice.chance(80) {
        author.prices.jump(&mut author.dice, market, 1.0 / factor);
    }
    author.alarm = BUSY;
    author.queue.pop_front()
}

/// One asset jumps up or down.
fn jump(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let moving: Vec<usize> = (0..author.cast.assets.len())
        .filter(|at| author.cast.assets[*at].nature != Nature::Stable)
        .collect();
    let market = *author.dice.pick(&moving)?;
    let factor = author.dice.usd(0.5, 1.8);
    author.prices.jump(&mut author.dice, market, factor);
    if author.dice.chance(15) {
        // Not confirmed for now: the feed is pending.
        author.queue.push_back(Act::Wait(2));
        post(author, sight.now + 2);
    } else {
        post_confirmed(author, sight.now);
    }
    author.alarm = BUSY / 2;
    author.queue.pop_front()
}

/// Nobody posts for so long that prices grow old, or deposits begin to decay.
fn silence(author: &mut Author, _: &Sight<'_>) -> Option<Act> {
    author.alarm = BUSY / 3;
    Some(Act::Wait(author.dice.between(1_801, 5 * 86_400)))
}
