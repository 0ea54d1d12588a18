//! What the contracts answer, as they answer it.

use bulwark_risk::account::Side;
use bulwark_risk::units::Amount;
use bulwark_types::oracle;
use bulwark_types::vault::{AccountRef, Action, QueryMsg};
use bulwark_types::wire::WireError;
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::stage::{OWNER, Stage};

/// Time, configuration, markets and prices.
pub fn world(stage: &Stage) -> Result<Value, WireError> {
    let world = &stage.world;
    let config: Value = world.query(&QueryMsg::Config {})?;
    let markets: Value = world.query(&QueryMsg::Markets {
        start_after: None,
        limit: Some(100),
    })?;
    let assets = stage.assets.iter().map(|asset| world.asset(asset.symbol));
    let assets = assets.collect();
    let prices: Value = world.query_oracle(&oracle::QueryMsg::Prices { assets })?;
    let markets = markets.get("markets");
    Ok(json!({"world": {
        "now": world.now(),
        "config": config,
        "markets": markets,
        "prices": prices,
    }}))
}

/// An account's holdings and everything that the vault says of them.
pub fn account(stage: &Stage, id: u16, dice: &mut Dice) -> Result<Value, WireError> {
    let world = &stage.world;
    let account = world.account_ref((OWNER, id));
    let holdings = world.account(&account)?.holdings;
    let of = |account: &AccountRef| account.clone();
    let answer: Value = world.query(&QueryMsg::Account {
        account: of(&account),
    })?;
    let margin: Value = world.query(&QueryMsg::Margin {
        account: of(&account),
    })?;
    let plan: Value = world.query(&QueryMsg::LiquidationPlan {
        account: of(&account),
    })?;
    let mut prices = Vec::new();
    for holding in &holdings {
        let asset = holding.asset.clone();
        let price: Value = world.query(&QueryMsg::LiquidationPrice {
            account: of(&account),
            asset: asset.clone(),
        })?;
        prices.push(json!({"asset": asset, "price": price}));
    }
    let mut changes = Vec::new();
    for holding in &holdings {
        changes.push(change(stage, &account, &holding.asset, holding.side)?);
    }
    for asset in dice.some(&stage.assets, 2) {
        let asset = world.asset(asset.symbol);
        if !holdings.iter().any(|holding| holding.asset == asset) {
            changes.push(change(stage, &account, &asset, Side::Debt)?);
        }
    }
    Ok(json!({"account": {
        "account": answer,
        "margin": margin,
        "liquidation_prices": prices,
        "liquidation_plan": plan,
        "changes": changes,
    }}))
}

/// The most that can be borrowed or withdrawn, and whether it is the margin that says so.
fn change(
    stage: &Stage,
    account: &AccountRef,
    asset: &str,
    side: Side,
) -> Result<Value, WireError> {
    let world = &stage.world;
    let (most, action): (Amount, fn(String, Amount) -> Action) = match side {
        Side::Debt => (world.max_borrow(account, asset)?, |asset, amount| {
            Action::Borrow {
                asset,
                amount,
                to: None,
            }
        }),
        Side::Deposit => (world.max_withdraw(account, asset)?, |asset, amount| {
            Action::Withdraw {
                asset,
                amount: Some(amount),
                to: None,
            }
        }),
    };
    // The answer keeps one unit back for rounding: two more is what cannot pass.
    let beyond = Amount(most.0.saturating_add(2));
    let tried = world.simulate(account, vec![action(asset.into(), beyond)])?;
    let refusal = tried.refusal.as_deref().and_then(WireError::find);
    let refused_by = refusal.map(|refusal| refusal.name);
    Ok(json!({
        "asset": asset,
        "side": side,
        "most": most,
        "refused_beyond": refused_by,
    }))
}
