//! One account's margin, holding by holding, as the vault's own query tells it.

use bulwark_risk::account::Side;
use bulwark_types::vault::MarginResponse;

use super::borrowers::Borrower;
use super::chain::Chain;
use super::{SimulationError, numbers};
use crate::report::{AccountExplained, HoldingExplained};

/// Deposits of which nobody asks whether they matter, USD.
const LARGE: f64 = 5_000.0;

/// The account with the most holdings of different kinds, explained; none where nobody owes
/// anything.
///
/// # Errors
/// What the vault answers.
pub fn richest_account(
    chain: &Chain,
    borrowers: &[Borrower],
) -> Result<Option<AccountExplained>, SimulationError> {
    let mut best: Option<(usize, &Borrower, MarginResponse)> = None;
    for borrower in borrowers {
        let margin = chain.margin(&borrower.account)?;
        let debts = of_side(&margin, Side::Debt);
        let deposits = of_side(&margin, Side::Deposit);
        // A hedge is what a reader learns the most from, then the number of holdings.
        let hedges = margin
            .holdings
            .iter()
            .filter(|holding| holding.contribution.is_negative())
            .count();
        let large = usize::from(numbers::usd(margin.deposits) > LARGE);
        let rank = margin.holdings.len().min(5) + 2 * hedges.min(1) + 3 * large;
        let better = best.as_ref().is_none_or(|(other, ..)| rank > *other);
        if debts > 0 && deposits > 0 && better {
            best = Some((rank, borrower, margin));
        }
    }
    Ok(best.map(|(_, borrower, margin)| explained(chain, &borrower.name, &margin)))
}

fn of_side(margin: &MarginResponse, side: Side) -> usize {
    margin
        .holdings
        .iter()
        .filter(|holding| holding.side == side)
        .count()
}

fn explained(chain: &Chain, name: &str, margin: &MarginResponse) -> AccountExplained {
    let holdings = margin
        .holdings
        .iter()
        .filter_map(|holding| {
            let market = chain.market_of(&holding.asset)?;
            let tokens = numbers::tokens(holding.amount, market.asset.decimals);
            Some(HoldingExplained {
                symbol: market.asset.symbol.clone(),
                tokens: if holding.side == Side::Debt {
                    -tokens
                } else {
                    tokens
                },
                exposure_usd: numbers::usd(holding.value),
                haircut: numbers::fraction(holding.haircut),
                contribution_usd: numbers::usd(holding.contribution),
            })
        })
        .collect();
    AccountExplained {
        label: format!("The account of {name} just after it was opened."),
        holdings,
        equity_usd: numbers::usd(margin.equity),
        maintenance_usd: numbers::usd(margin.maintenance),
        initial_usd: numbers::usd(margin.initial),
        margin_ratio: margin.margin_ratio.map(numbers::usd),
    }
}
