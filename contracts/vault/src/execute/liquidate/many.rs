use bulwark_risk::RiskError;
use bulwark_types::events::LiquidationSkipped;
use bulwark_types::vault::{AssetAmount, Target};
use cosmwasm_std::{Addr, Deps, DepsMut, Env, Response};

use super::{Terms, Wish, carry_out};
use crate::books::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};
use crate::execute::funds::Payment;
use crate::execute::hand::Hand;
use crate::execute::list::assert_length;

/// `liquidate_many`: liquidates one target after the other, as far as what the keeper sent
/// goes. A target whose state does not allow it is skipped; what names no market or no address
/// fails the whole message.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    keeper: &Addr,
    payments: Vec<Payment>,
    targets: Vec<Target>,
    terms: &Terms,
) -> ContractResult<Response> {
    assert_length(targets.len())?;
    let mut books = Books::open(deps.as_ref(), env)?;
    let into = AccountKey::checked(deps.as_ref(), terms.to.clone(), keeper)?;
    let recipient = books.recipient(into.owner.as_str())?;
    for payment in &payments {
        books.market_id(&payment.asset)?;
    }
    let mut hand = Hand::of(payments)?;
    let mut seized = Hand::default();
    for target in targets {
        check_names(deps.as_ref(), &mut books, &target)?;
        let mut attempt = books.clone();
        let mut left = hand.clone();
        match one(
            deps.as_ref(),
            &mut attempt,
            keeper,
            &mut left,
            &target,
            terms,
        ) {
            Ok(tokens) => {
                seized.put(&tokens.asset, tokens.amount)?;
                books = attempt;
                hand = left;
            }
            Err(error) if is_about_the_target(&error) => books.report(skipped(&target, &error)),
            Err(error) => return Err(error),
        }
    }
    seized.give(&mut books, &recipient);
    hand.give(&mut books, keeper);
    books.close()?.settle(deps.storage)
}

/// Liquidates one target out of what is in hand; returns the tokens to be sent.
fn one(
    deps: Deps<'_>,
    books: &mut Books<'_>,
    keeper: &Addr,
    hand: &mut Hand,
    target: &Target,
    terms: &Terms,
) -> ContractResult<AssetAmount> {
    let AssetAmount { asset, amount } = &target.debt;
    let offered = hand.take(asset, Some((*amount).min(hand.amount(asset))))?;
    let payment = Payment {
        sender: keeper.clone(),
        asset: asset.clone(),
        amount: offered,
    };
    let wish = Wish {
        account: target.account.clone(),
        seize: target.seize.clone(),
        min_seized: target.min_seized,
        terms: terms.clone(),
    };
    let settlement = carry_out(deps, books, &payment, &wish)?;
    hand.put(asset, offered.minus(settlement.outcome.repaid)?)?;
    Ok(AssetAmount {
        asset: target.seize.clone(),
        amount: settlement.tokens,
    })
}

fn check_names(deps: Deps<'_>, books: &mut Books<'_>, target: &Target) -> ContractResult<()> {
    deps.api.addr_validate(&target.account.owner)?;
    books.market_id(&target.debt.asset)?;
    books.market_id(&target.seize)?;
    Ok(())
}

/// Whether an error tells of the state that the target is in, or of what is left to repay with.
const fn is_about_the_target(error: &ContractError) -> bool {
    matches!(
        error,
        ContractError::NotLiquidatable { .. }
            | ContractError::NoDebt { .. }
            | ContractError::NoDeposit { .. }
            | ContractError::NoPrice { .. }
            | ContractError::PairUnpriced { .. }
            | ContractError::RatioNotRaised { .. }
            | ContractError::NothingSeized { .. }
            | ContractError::TooLittleSeized { .. }
            | ContractError::ZeroAmount { .. }
            | ContractError::ZeroShares { .. }
            | ContractError::SameAccount { .. }
            | ContractError::ForeignAsset { .. }
            | ContractError::TooManyHoldings { .. }
            | ContractError::Risk(RiskError::ValueTooLarge { .. })
    )
}

fn skipped(target: &Target, error: &ContractError) -> LiquidationSkipped {
    let text = error.to_string();
    let reason = text.split(':').next().unwrap_or_default();
    LiquidationSkipped {
        owner: target.account.owner.clone(),
        id: target.account.id,
        debt_asset: target.debt.asset.clone(),
        deposit_asset: target.seize.clone(),
        reason: reason.into(),
    }
}
