//! What anybody may do, and who may act for whom.

use bulwark_chain::Message;
use bulwark_simulator::prices::timestamp;
use bulwark_types::oracle;
use bulwark_types::vault::ExecuteMsg;

use super::{Author, Draft, Preview};
use crate::access::format;
use crate::tx::Failure;
use crate::tx::args::OperatorArgs;

impl Author<'_> {
    pub(super) fn write_off(&self, account: &str) -> Result<Draft, Failure> {
        let account = self.reached.account(account)?;
        let title = format!("write off account {}", format::account(&account));
        Ok(plain(
            title,
            self.message(&ExecuteMsg::WriteOff { account })?,
        ))
    }

    pub(super) fn accrue(&self, assets: &[String]) -> Result<Draft, Failure> {
        let title = format!("accrue the interest of {}", assets.join(", "));
        let assets = assets.to_owned();
        Ok(plain(title, self.message(&ExecuteMsg::Accrue { assets })?))
    }

    pub(super) fn refresh(&self, assets: &[String]) -> Result<Draft, Failure> {
        let title = format!("refresh the prices of {}", assets.join(", "));
        let assets = assets.to_owned();
        let message = oracle::ExecuteMsg::Refresh { assets };
        let message = self.reached.oracle.message(self.sender, &message)?;
        Ok(plain(title, message))
    }

    pub(super) fn operator(&self, step: &OperatorArgs) -> Result<Draft, Failure> {
        let which = |id: Option<u16>| match id {
            Some(id) => format!("account {}/{id}", self.sender),
            None => format!("all accounts of {}", self.sender),
        };
        let (title, message) = match step {
            OperatorArgs::Grant {
                operator,
                id,
                expires,
            } => {
                let operator = self.reached.address(operator)?;
                let expires = expires.as_deref().map(time).transpose()?;
                let until = expires.map_or_else(
                    || "until it is revoked".to_owned(),
                    |expires| format!("until {}", timestamp::format(expires)),
                );
                let title = format!("let {operator} act for {}, {until}", which(*id));
                let message = ExecuteMsg::SetOperator {
                    operator,
                    id: *id,
                    expires,
                    revoke: None,
                };
                (title, message)
            }
            OperatorArgs::Revoke { operator, id } => {
                let operator = self.reached.address(operator)?;
                let title = format!("let {operator} no longer act for {}", which(*id));
                let message = ExecuteMsg::SetOperator {
                    operator,
                    id: *id,
                    expires: None,
                    revoke: Some(true),
                };
                (title, message)
            }
        };
        Ok(plain(title, self.message(&message)?))
    }
}

fn plain(title: String, message: Message) -> Draft {
    Draft {
        title,
        message,
        preview: Preview::Nothing,
    }
}

/// Unix seconds, or a time in UTC.
fn time(text: &str) -> Result<u64, Failure> {
    let seconds = text.parse().ok().or_else(|| timestamp::parse(text));
    seconds.ok_or_else(|| Failure::Time { text: text.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_seconds_or_a_date() {
        assert_eq!(time("1583542800").ok(), Some(1_583_542_800));
        assert_eq!(time("2020-03-07T01:00:00Z").ok(), Some(1_583_542_800));
        for refused in ["", "tomorrow", "2020-03-07", "-1"] {
            assert!(time(refused).is_err(), "{refused}");
        }
    }
}
