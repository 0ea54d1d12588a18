//! What a message would do, by the vault's own word.

use bulwark_chain::contracts::Vault;
use bulwark_types::vault::{MarginResponse, QueryMsg, SimulateResponse};

use super::Failure;
use super::draft::{Liquidation, Preview};

/// What a message would do.
#[derive(Debug)]
pub enum Shown<'a> {
    /// It changes no account's margin.
    Nothing,
    /// The account before and afterwards.
    Margins(Box<SimulateResponse>),
    /// A liquidation.
    Liquidation(&'a Liquidation),
}

/// Asks the vault what a message would do.
///
/// # Errors
/// [`Failure::Refused`] if the vault cannot say.
pub async fn ask<'a>(vault: &Vault, preview: &'a Preview) -> Result<Shown<'a>, Failure> {
    match preview {
        Preview::Nothing => Ok(Shown::Nothing),
        Preview::Liquidation(liquidation) => Ok(Shown::Liquidation(liquidation)),
        Preview::Action(account, action) => {
            let query = QueryMsg::Simulate {
                account: account.clone(),
                actions: vec![action.clone()],
            };
            Ok(Shown::Margins(Box::new(vault.query(&query).await?)))
        }
    }
}

/// The account as it is now; none if the message changes none.
///
/// # Errors
/// [`Failure::Refused`] if the vault cannot say.
pub async fn after(vault: &Vault, preview: &Preview) -> Result<Option<MarginResponse>, Failure> {
    let account = match preview {
        Preview::Nothing => return Ok(None),
        Preview::Action(account, _) => account.clone(),
        Preview::Liquidation(liquidation) => liquidation.account.clone(),
    };
    Ok(Some(vault.query(&QueryMsg::Margin { account }).await?))
}
