use bulwark_types::valuation::liquidation_plan;
use bulwark_types::vault::{AssetAmount, LiquidationPlanResponse, LiquidationResponse, Receive};
use cosmwasm_std::Env;

use crate::books::{AccountKey, Books, Seizure, shown_ratio};
use crate::error::ContractResult;
use crate::execute::funds::above_zero;

pub fn plan(books: &mut Books<'_>, key: &AccountKey) -> ContractResult<LiquidationPlanResponse> {
    let valued = books.holdings(key)?;
    let margin = books.margin_parameters()?;
    let parameters = books.settings.parameters.liquidation;
    let asset = |market| books.asset(market);
    let plan = liquidation_plan(&valued, &margin, &parameters, asset)?;
    Ok(LiquidationPlanResponse { plan })
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
