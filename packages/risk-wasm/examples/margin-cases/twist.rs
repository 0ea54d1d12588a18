//! What happens to a world after its accounts are open: prices move, fall silent, are halted, wait
//! to be confirmed; parameters ramp; time passes.

use bulwark_risk::units::{Amount, Fraction, Price};
use bulwark_types::oracle::{ExecuteMsg, PostedPrice};
use bulwark_types::vault::{ExecuteMsg as VaultMsg, MarketUpdate};
use bulwark_types::wire::WireError;

use crate::dice::Dice;
use crate::stage::Stage;

const HOUR: u64 = 3600;

/// How far prices move, in turn: little, and more than anybody's margin.
const MOVES: [(f64, f64); 5] = [
    (0.97, 1.03),
    (0.8, 1.05),
    (0.5, 0.9),
    (0.95, 1.5),
    (0.3, 2.0),
];

type Twist = fn(&mut Stage, &mut Dice) -> Result<(), WireError>;

/// A world's story. Of the later chapters each world has some.
pub fn happen(stage: &mut Stage, number: u64, dice: &mut Dice) -> Result<(), WireError> {
    let turn = (number % MOVES.len() as u64) as usize;
    let range = MOVES.get(turn).copied().unwrap_or((1.0, 1.0));
    if dice.chance(50) {
        parameters_ramp(stage, dice)?;
    }
    prices_move(stage, range, dice)?;
    // The volatility follows, and is on its way then.
    let later = dice.between(1, 40) * HOUR;
    stage.world.advance_and_repost(later)?;
    let chapters: [(u32, Twist); 4] = [
        (60, some_fall_silent),
        (30, one_is_halted),
        (30, one_is_pending),
        (30, one_is_wide),
    ];
    for (percent, twist) in chapters {
        if dice.chance(percent) {
            stage.world.advance(1);
            twist(stage, dice)?;
        }
    }
    Ok(())
}

/// Everything takes a step; members stay near their base.
fn prices_move(
    stage: &mut Stage,
    (low, high): (f64, f64),
    dice: &mut Dice,
) -> Result<(), WireError> {
    let market = dice.real(low, high);
    let mut moved: Vec<(&'static str, f64)> = Vec::new();
    for asset in &stage.assets {
        let of_base = moved.iter().find(|(symbol, _)| asset.base == Some(*symbol));
        let factor = match of_base {
            Some((_, factor)) => factor * dice.real(0.96, 1.02),
            None if asset.is_usd => dice.real(0.985, 1.008),
            None => market * dice.real(0.9, 1.1),
        };
        moved.push((asset.symbol, factor));
    }
    let prices: Vec<(&str, Price)> = moved
        .iter()
        .map(|(symbol, factor)| (*symbol, scaled(stage.posted(symbol), *factor)))
        .collect();
    stage.world.advance(60);
    stage.world.post_price(&prices)?;
    // A jump wants to be confirmed.
    stage.world.advance_and_repost(60)?;
    stage.world.advance_and_repost(60)
}

/// Risk parameters of some markets are on their way to others.
fn parameters_ramp(stage: &mut Stage, dice: &mut Dice) -> Result<(), WireError> {
    let count = dice.between(1, 4) as usize;
    let chosen: Vec<&'static str> = dice
        .some(&stage.assets, count)
        .into_iter()
        .map(|asset| asset.symbol)
        .collect();
    for symbol in chosen {
        let market = stage.world.market(symbol)?;
        let mut risk = market.risk_target;
        risk.size_cap = Fraction::percent(dice.between(2, 7) as u32);
        risk.liquidity = Amount(risk.liquidity.0 / 1_000 * u128::from(dice.between(1_000, 3_000)));
        let is_base = market.family.base == market.asset;
        let haircut = is_base.then(|| {
            let mut rule = market.family.haircut_rule_target;
            rule.floor = Fraction::percent(dice.between(4, 30) as u32);
            rule.volatility_multiple = Fraction::percent(dice.between(200, 500) as u32);
            rule
        });
        let update = MarketUpdate {
            haircut,
            risk: Some(risk),
            ..MarketUpdate::default()
        };
        let asset = market.asset;
        let message = VaultMsg::UpdateMarket { asset, update };
        stage.world.execute("owner", message, Vec::new())?;
        stage.world.settle_vault_changes(0)?;
    }
    let gone = dice.between(1, 200) * HOUR / 2;
    stage.world.advance_and_repost(gone)
}

/// Some prices are not posted any more: for minutes, or for so long that they decay.
fn some_fall_silent(stage: &mut Stage, dice: &mut Dice) -> Result<(), WireError> {
    let gone = match dice.chance(50) {
        true => dice.between(3, 600) * 60,
        false => dice.between(73, 200) * HOUR,
    };
    let silent = dice.between(1, 4);
    let chosen = dice.some(&stage.assets, stage.assets.len());
    let heard = chosen.into_iter().skip(silent as usize);
    let prices: Vec<(&str, Price)> = heard
        .map(|asset| (asset.symbol, stage.posted(asset.symbol)))
        .collect();
    stage.world.advance(gone);
    stage.world.post_price(&prices)
}

fn one_is_halted(stage: &mut Stage, dice: &mut Dice) -> Result<(), WireError> {
    let asset = stage.world.asset(one(stage, dice));
    let halt = ExecuteMsg::Halt { asset };
    stage.world.execute_oracle("guardian", halt).map(drop)
}

fn one_is_pending(stage: &mut Stage, dice: &mut Dice) -> Result<(), WireError> {
    let symbol = one(stage, dice);
    let factor = match dice.chance(50) {
        true => dice.real(0.5, 0.8),
        false => dice.real(1.2, 1.6),
    };
    let price = scaled(stage.posted(symbol), factor);
    stage.world.post_price(&[(symbol, price)])
}

/// The feeders disagree about one price.
fn one_is_wide(stage: &mut Stage, dice: &mut Dice) -> Result<(), WireError> {
    let symbol = one(stage, dice);
    let posted = stage.posted(symbol);
    let published_at = stage.world.now();
    let feeders = stage.world.feeders().to_vec();
    for (feeder, factor) in feeders.iter().zip([0.95, 1.0, 1.05]) {
        let price = PostedPrice {
            asset: stage.world.asset(symbol),
            price: scaled(posted, factor),
            conf: None,
            published_at,
        };
        let prices = vec![price];
        let post = ExecuteMsg::PostPrices { prices };
        stage.world.execute_oracle(feeder.as_str(), post)?;
    }
    Ok(())
}

fn one(stage: &Stage, dice: &mut Dice) -> &'static str {
    let one = dice.some(&stage.assets, 1);
    one.first().map_or("USDC", |asset| asset.symbol)
}

fn scaled(price: Price, factor: f64) -> Price {
    let millionths = (factor * 1e6) as u128;
    Price((price.0 * millionths / 1_000_000).max(1))
}
