use bulwark_risk::units::Amount;
use bulwark_types::events::Liquidated;
use bulwark_types::vault::{AccountRef, Receive};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::one_coin;
use crate::books::{AccountKey, Books, Seizure, shown_ratio};
use crate::error::{ContractError, ContractResult};

/// What a `liquidate` message asks for, besides its funds.
pub struct Wish {
    /// Account to liquidate.
    pub account: AccountRef,
    /// Asset to seize.
    pub seize: String,
    /// The keeper gets at least this, in smallest units.
    pub min_seized: Option<Amount>,
    /// How the keeper wants to be paid.
    pub receive: Option<Receive>,
    /// Whom the tokens go to, and the account that takes the rest.
    pub to: Option<AccountRef>,
}

/// `liquidate`: repays a debt and seizes a deposit. Never paused, open to anyone.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    wish: Wish,
) -> ContractResult<Response> {
    let (debt_asset, offered) = one_coin(info)?;
    let account = AccountKey::checked(deps.as_ref(), Some(wish.account), &info.sender)?;
    let into = AccountKey::checked(deps.as_ref(), wish.to, &info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    let recipient = books.recipient(into.owner.as_str())?;
    let seizure = Seizure {
        debt: books.market_id(&debt_asset)?,
        seize: books.market_id(&wish.seize)?,
        receive: wish.receive.unwrap_or(Receive::Tokens),
        may_act: into.assert_may_act(&info.sender).is_ok(),
        account,
        offered,
        into,
    };

    let settlement = books.liquidate(&seizure)?;
    let account = seizure.account;
    let received = settlement.received()?;
    if let Some(min_seized) = wish.min_seized.filter(|least| received < *least) {
        return Err(ContractError::TooLittleSeized {
            min_seized,
            seized: received,
        });
    }

    let outcome = settlement.outcome;
    books.report(Liquidated {
        owner: account.owner.into_string(),
        id: account.id,
        keeper: info.sender.to_string(),
        debt_asset: debt_asset.clone(),
        repaid: outcome.repaid,
        debt_shares: settlement.debt_shares,
        deposit_asset: wish.seize.clone(),
        seized: outcome.seized,
        tokens: settlement.tokens,
        shares: settlement.shares,
        protocol_fee: outcome.protocol_fee,
        bonus: outcome.terms.bonus,
        repaid_value: outcome.repaid_value,
        bonus_value: outcome.bonus_value,
        distressed: outcome.terms.distressed,
        ratio_after: shown_ratio(&outcome.after)
            .map_or_else(|| "unbounded".into(), |ratio| ratio.to_string()),
    });
    books.pay(&recipient, &wish.seize, settlement.tokens);
    books.pay(&info.sender, &debt_asset, offered.minus(outcome.repaid)?);
    books.close()?.settle(deps.storage)
}
