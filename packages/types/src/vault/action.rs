use bulwark_risk::units::Amount;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Binary;

use super::query::AssetAmount;

/// A step of a [`batch`](super::ExecuteMsg::Batch).
///
/// A batch has tokens *in hand*: the coins sent with it, and what its steps took out of the
/// account. `deposit`, `repay` and `call` take from there; what is in hand at the end goes to
/// the sender. Every rounding is as in the message of the same name.
#[cw_serde]
pub enum Action {
    /// Credits the account with tokens in hand, as `deposit` does.
    Deposit {
        /// Asset.
        asset: String,
        /// Smallest units; all that is in hand by default.
        amount: Option<Amount>,
        /// Whether to lend it to the pool; idle by default.
        lend: Option<bool>,
    },
    /// Takes deposits out of the account, idle ones first, as `withdraw` does.
    Withdraw {
        /// Asset.
        asset: String,
        /// Smallest units; everything by default.
        amount: Option<Amount>,
        /// Who receives it; it stays in hand by default.
        to: Option<String>,
    },
    /// Lends idle deposits, as `lend` does.
    Lend {
        /// Asset.
        asset: String,
        /// Smallest units; everything idle by default.
        amount: Option<Amount>,
    },
    /// Takes lent deposits back, as `recall` does.
    Recall {
        /// Asset.
        asset: String,
        /// Smallest units; everything lent by default.
        amount: Option<Amount>,
    },
    /// Borrows, as `borrow` does.
    Borrow {
        /// Asset; not one that the account has deposited.
        asset: String,
        /// Smallest units.
        amount: Amount,
        /// Who receives it; it stays in hand by default.
        to: Option<String>,
    },
    /// Repays a debt of the account with tokens in hand; the excess stays in hand.
    Repay {
        /// Asset.
        asset: String,
        /// Smallest units; all that is in hand by default.
        amount: Option<Amount>,
    },
    /// Calls another contract through the stateless caller, never with the vault as sender.
    /// What the call leaves at the caller of the assets in `returns` and `funds`, and what of
    /// them reaches the vault meanwhile, is credited to the account as `deposit` does: it
    /// repays what the account owes in that asset first. What then has no room in the account or
    /// under the market's cap stays in hand. The vault is locked until the call ends.
    Call {
        /// Address of the contract.
        contract: String,
        /// The message, as the contract takes it.
        msg: Binary,
        /// What is taken from the tokens in hand for the call: coins go with the message,
        /// CW20 tokens to the caller, which is the message's sender.
        funds: Vec<AssetAmount>,
        /// Listed assets that may come back.
        returns: Vec<String>,
    },
}
