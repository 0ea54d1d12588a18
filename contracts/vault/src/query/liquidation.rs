use bulwark_risk::account::Holding;
use bulwark_risk::liquidation::best_pair;
use bulwark_types::vault::{
    AssetAmount, LiquidationPlanResponse, LiquidationResponse, Plan, Receive,
};
use cosmwasm_std::Env;

use crate::books::{AccountKey, Books, Seizure, shown_ratio};
use crate::error::{ContractError, ContractResult};
use crate::execute::funds::above_zero;

pub fn plan(books: &mut Books<'_>, key: &AccountKey) -> ContractResult<LiquidationPlanResponse> {
    let valued = books.holdings(key)?;
    let holdings: Vec<Holding> = valued.iter().map(|valued| valued.holding).collect();
    let margin = books.margin_parameters()?;
    let parameters = books.settings.parameters.liquidation;
    let Some((pair, outcome)) = best_pair(&holdings, &margin, &parameters)? else {
        return Ok(LiquidationPlanResponse { plan: None });
    };
    let asset_at = |at: usize| match valued.get(at) {
        Some(valued) => books.asset(valued.market),
        None => Err(ContractError::unknown_market(at)),
    };
    let plan = Plan {
        debt: AssetAmount {
            asset: asset_at(pair.debt)?,
            amount: outcome.repaid,
        },
        seize: AssetAmount {
            asset: asset_at(pair.deposit)?,
            amount: outcome.seized.minus(outcome.protocol_fee)?,
        },
        protocol_fee: outcome.protocol_fee,
        bonus: outcome.terms.bonus,
        repaid_value: outcome.repaid_value,
        bonus_value: outcome.bonus_value,
        distressed: outcome.terms.distressed,
        ratio_after: shown_ratio(&outcome.after),
    };
    Ok(LiquidationPlanResponse { plan: Some(plan) })
}

/// Carries the liquidation out in the books and drops them. Where no account is named, the
/// vault itself stands in for the keeper: it has none.
pub fn simulate(
    mut books: Books<'_>,
    env: &Env,
    account: AccountKey,
    debt: &AssetAmount,
    seize: &str,
    receive: Option<Receive>,
    to: Option<AccountKey>,
) -> ContractResult<LiquidationResponse> {
    let offered = above_zero(&debt.asset, debt.amount)?;
    let into = to.unwrap_or_else(|| AccountKey {
        owner: env.contract.address.clone(),
        id: 0,
    });
    let seizure = Seizure {
        account,
        debt: books.market_id(&debt.asset)?,
        offered,
        seize: books.market_id(seize)?,
        receive: receive.unwrap_or(Receive::Tokens),
        keeper: into.owner.clone(),
        into,
    };
    let settlement = books.liquidate(&seizure)?;
    let outcome = settlement.outcome;
    let bad_debt = settlement
        .bad_debt
        .iter()
        .map(|(market, amount)| {
            Ok(AssetAmount {
                asset: books.asset(*market)?,
                amount: *amount,
            })
        })
        .collect::<ContractResult<_>>()?;
    Ok(LiquidationResponse {
        repaid: outcome.repaid,
        refunded: offered.minus(outcome.repaid)?,
        seized: outcome.seized,
        tokens: settlement.tokens,
        idle: settlement.idle,
        lent: settlement.lent,
        shares: settlement.shares,
        protocol_fee: outcome.protocol_fee,
        bonus: outcome.terms.bonus,
        repaid_value: outcome.repaid_value,
        bonus_value: outcome.bonus_value,
        distressed: outcome.terms.distressed,
        ratio_after: shown_ratio(&outcome.after),
        bad_debt,
    })
}
