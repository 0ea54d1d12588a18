//! The messages as they are asked for.

use clap::{Args, Subcommand, ValueEnum};

use crate::access::AccessArgs;

/// What stands under the list of messages.
const NOTES: &str = "\
AMOUNT is a number of smallest units and an asset, 1500000uatom; with --whole it is in whole
tokens, 1.5uatom (the market's decimals count). PART is the same, or an asset alone: everything
of it. ACCOUNT is OWNER or OWNER/NUMBER, an address or the name of a key; by default the
sender's account 0. What would happen is shown first, and asked about.

Exit codes: 0 when it was carried out, 1 when the chain refuses it or does not answer, 2 when
the command was not understood or nobody said yes.";

/// Sends everyday messages.
#[derive(Args)]
#[command(after_help = NOTES)]
pub struct TxArgs {
    #[command(subcommand)]
    pub message: MessageArgs,

    #[command(flatten)]
    pub access: AccessArgs,

    /// Name of the key that sends: of the keyring, or `BULWARK_KEY_<NAME>` of the environment.
    #[arg(long, value_name = "NAME", env = "BULWARK_FROM", global = true)]
    pub from: Option<String>,

    /// Amounts are whole tokens, not smallest units.
    #[arg(long, global = true)]
    pub whole: bool,

    /// Sends without asking.
    #[arg(long, global = true)]
    pub yes: bool,

    /// Shows what would happen, and sends nothing. Exit code 1 if the chain would refuse it.
    #[arg(long, global = true, conflicts_with = "yes")]
    pub dry_run: bool,

    /// One line of JSON instead of words. Never asks: it needs --yes or --dry-run.
    #[arg(long, global = true)]
    pub json: bool,
}

/// An everyday message.
#[derive(Subcommand)]
pub enum MessageArgs {
    /// Credits an account: repays what it owes in that asset first, the rest becomes a deposit.
    Deposit(DepositArgs),
    /// Pays out deposits, idle ones first.
    Withdraw(WithdrawArgs),
    /// Lends idle deposits to the pool.
    Lend(PartArgs),
    /// Takes lent deposits back.
    Recall(PartArgs),
    /// Borrows.
    Borrow(BorrowArgs),
    /// Repays a debt; what is too much comes back.
    Repay(AmountArgs),
    /// Moves deposits to another account.
    Transfer(TransferArgs),
    /// Repays a debt of a liquidatable account, and seizes a deposit worth more. Without --repay
    /// and --seize it is the pair with the largest bonus.
    Liquidate(LiquidateArgs),
    /// Closes an insolvent account whose deposits are worth less than the dust value.
    WriteOff {
        /// Account to close.
        account: String,
    },
    /// Adds the interest of markets to their totals.
    Accrue {
        /// Assets, at most 32.
        #[arg(required = true, value_name = "ASSET")]
        assets: Vec<String>,
    },
    /// Has the oracle ask the sources that are asked: Pyth, redemption rates.
    Refresh {
        /// Assets, at most 30.
        #[arg(required = true, value_name = "ASSET")]
        assets: Vec<String>,
    },
    /// Lets somebody act for the sender's accounts, or no longer.
    Operator {
        #[command(subcommand)]
        step: OperatorArgs,
    },
}

/// What to pay in, and where.
#[derive(Args)]
pub struct DepositArgs {
    /// Smallest units and the asset, 1500000uatom; with --whole 1.5uatom.
    #[arg(value_name = "AMOUNT")]
    pub amount: String,
    /// Account to credit.
    #[arg(long)]
    pub account: Option<String>,
    /// Lends it to the pool, where it earns; otherwise it stays idle.
    #[arg(long)]
    pub lend: bool,
}

/// What to pay out, and to whom.
#[derive(Args)]
pub struct WithdrawArgs {
    /// Smallest units and the asset, 1500000uatom; with --whole 1.5uatom; everything: uatom.
    #[arg(value_name = "PART")]
    pub part: String,
    /// Account to debit.
    #[arg(long)]
    pub account: Option<String>,
    /// Who receives it [default: the sender].
    #[arg(long, value_name = "ADDRESS")]
    pub to: Option<String>,
}

/// Part of an account.
#[derive(Args)]
pub struct PartArgs {
    /// Smallest units and the asset, 1500000uatom; with --whole 1.5uatom; everything: uatom.
    #[arg(value_name = "PART")]
    pub part: String,
    /// Account.
    #[arg(long)]
    pub account: Option<String>,
}

/// What to borrow, and for whom.
#[derive(Args)]
pub struct BorrowArgs {
    /// Smallest units and the asset, 1500000uatom; with --whole 1.5uatom.
    #[arg(value_name = "AMOUNT")]
    pub amount: String,
    /// Account that owes it.
    #[arg(long)]
    pub account: Option<String>,
    /// Who receives it [default: the sender].
    #[arg(long, value_name = "ADDRESS")]
    pub to: Option<String>,
}

/// What to pay, and for which account.
#[derive(Args)]
pub struct AmountArgs {
    /// Smallest units and the asset, 1500000uatom; with --whole 1.5uatom.
    #[arg(value_name = "AMOUNT")]
    pub amount: String,
    /// Account that owes it.
    #[arg(long)]
    pub account: Option<String>,
}

/// What to move, and where.
#[derive(Args)]
pub struct TransferArgs {
    /// Smallest units and the asset, 1500000uatom; with --whole 1.5uatom; everything: uatom.
    #[arg(value_name = "PART")]
    pub part: String,
    /// Account to credit.
    #[arg(long, value_name = "ACCOUNT")]
    pub to: String,
    /// Account to debit.
    #[arg(long)]
    pub account: Option<String>,
}

/// A liquidation.
#[derive(Args)]
pub struct LiquidateArgs {
    /// Account to liquidate.
    pub account: String,
    /// What to repay at most.
    #[arg(long, value_name = "AMOUNT", requires = "seize")]
    pub repay: Option<String>,
    /// Asset to seize.
    #[arg(long, value_name = "ASSET", requires = "repay")]
    pub seize: Option<String>,
    /// Fails if less is seized, smallest units [default: 1 % less than it would be now].
    #[arg(long, value_name = "UNITS")]
    pub min_seized: Option<u128>,
    /// What is seized comes as tokens, or stays in the vault as deposits.
    #[arg(long, value_name = "FORM", default_value = "tokens")]
    pub receive: Form,
    /// Account that gets what is not paid out [default: the sender's 0].
    #[arg(long, value_name = "ACCOUNT")]
    pub to: Option<String>,
}

/// What becomes of an operator.
#[derive(Subcommand)]
pub enum OperatorArgs {
    /// Lets somebody do everything for the sender's accounts but change operators.
    Grant {
        /// Who: an address, or the name of a key.
        operator: String,
        /// For this account only [default: all of the sender's].
        #[arg(long, value_name = "NUMBER")]
        id: Option<u16>,
        /// Until then: Unix seconds, or like 2026-03-07T01:00:00Z [default: until revoked].
        #[arg(long, value_name = "TIME")]
        expires: Option<String>,
    },
    /// Takes the right away.
    Revoke {
        /// Whose.
        operator: String,
        /// For this account only [default: all grants of that operator].
        #[arg(long, value_name = "NUMBER")]
        id: Option<u16>,
    },
}

/// In which form what is seized is received.
#[derive(Clone, Copy, ValueEnum)]
pub enum Form {
    Tokens,
    Account,
}
