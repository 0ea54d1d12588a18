//! Liquidations.

use bulwark_risk::units::Amount;
use bulwark_types::vault::{
    AccountRef, AssetAmount, Cw20Hook, ExecuteMsg, LiquidationPlanResponse, LiquidationResponse,
    QueryMsg, Receive,
};

use super::{Author, Draft, Liquidation, Preview};
use crate::access::format;
use crate::tx::Failure;
use crate::tx::amount::Part;
use crate::tx::args::{Form, LiquidateArgs};

/// Unless the user says otherwise, one part in so many less may be seized than it would be now.
const SLIPPAGE: u128 = 100;

impl Author<'_> {
    /// The liquidation that is asked for.
    pub(super) async fn liquidation(&self, args: &LiquidateArgs) -> Result<Draft, Failure> {
        let account = self.reached.account(&args.account)?;
        let to = args.to.as_deref();
        let to = to.map(|to| self.reached.account(to)).transpose()?;
        let receive = match args.receive {
            Form::Tokens => Receive::Tokens,
            Form::Account => Receive::Account,
        };
        let (debt, seize) = match (&args.repay, &args.seize) {
            (Some(repay), Some(seize)) => (self.reading.amount(repay)?, seize.clone()),
            _ => self.best_pair(&account).await?,
        };
        let query = QueryMsg::SimulateLiquidation {
            account: account.clone(),
            debt: debt.clone(),
            seize: seize.clone(),
            receive: Some(receive),
            to: to.clone(),
        };
        let outcome: LiquidationResponse = self.vault().query(&query).await?;
        let paid_out = [outcome.tokens, outcome.idle, outcome.lent];
        let seized = paid_out
            .iter()
            .fold(0_u128, |sum, part| sum.saturating_add(part.0));
        let min_seized = args
            .min_seized
            .unwrap_or_else(|| seized.saturating_sub(seized / SLIPPAGE));
        let min_seized = Amount(min_seized);
        let message = self.pay(
            &debt,
            &ExecuteMsg::Liquidate {
                account: account.clone(),
                seize: seize.clone(),
                min_seized: Some(min_seized),
                receive: Some(receive),
                to: to.clone(),
                debt: None,
                callback: None,
            },
            &Cw20Hook::Liquidate {
                account: account.clone(),
                seize: seize.clone(),
                min_seized: Some(min_seized),
                receive: Some(receive),
                to,
            },
        )?;
        let shown = self.shown(&Part {
            asset: debt.asset.clone(),
            amount: Some(debt.amount),
        });
        let title = format!(
            "liquidate {}: repay at most {shown}, seize {seize}",
            format::account(&account)
        );
        let liquidation = Liquidation {
            account,
            debt: debt.asset,
            seize,
            min_seized,
            outcome,
        };
        Ok(Draft {
            title,
            message,
            preview: Preview::Liquidation(Box::new(liquidation)),
        })
    }

    /// The debt and the deposit with the largest bonus.
    async fn best_pair(&self, account: &AccountRef) -> Result<(AssetAmount, String), Failure> {
        let query = QueryMsg::LiquidationPlan {
            account: account.clone(),
        };
        let answer: LiquidationPlanResponse = self.vault().query(&query).await?;
        let plan = answer.plan.ok_or_else(|| Failure::NoPlan {
            account: format::account(account),
        })?;
        Ok((plan.debt, plan.seize.asset))
    }
}
