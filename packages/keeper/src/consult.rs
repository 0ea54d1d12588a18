//! What one node alone is not believed.

use std::fmt::Display;
use std::future::Future;

use bulwark_chain::{ChainError, Client};

/// An answer after which the keeper could not go on.
pub trait Fatal: Display {
    /// Whether it is one. Others are asked then; what may be gone when it is asked again says nothing.
    fn is_fatal(&self) -> bool;
}

impl Fatal for ChainError {
    fn is_fatal(&self) -> bool {
        !matches!(
            self,
            Self::Unreachable { .. }
                | Self::Malformed { .. }
                | Self::StateUnavailable { .. }
                | Self::BlockUnavailable { .. }
        )
    }
}

/// Asks one endpoint after the other until one knows better than those before it, which are set aside
/// for a while then.
///
/// # Errors
/// The first fatal one if all that answer say such things; if none answers, what the last one did.
pub async fn consult<T, E, F>(client: &Client, ask: impl Fn(Client) -> F) -> Result<T, E>
where
    E: Fatal + From<ChainError>,
    F: Future<Output = Result<T, E>>,
{
    let (mut doubtful, mut passing) = (Vec::new(), None);
    for one in client.each() {
        match ask(one.clone()).await {
            Ok(answer) => {
                for (other, error) in doubtful {
                    Client::doubt(&other, E::to_string(&error));
                }
                return Ok(answer);
            }
            Err(error) if error.is_fatal() => doubtful.push((one, error)),
            Err(error) => passing = Some(error),
        }
    }
    let fatal = doubtful.into_iter().next().map(|(_, error)| error);
    let none = || {
        let failures = Vec::new();
        ChainError::Unreachable { failures }.into()
    };
    Err(fatal.or(passing).unwrap_or_else(none))
}

#[cfg(test)]
mod tests {
    use bulwark_chain::Network;
    use bulwark_chain::endpoints::Aside;

    use super::*;

    /// Endpoints a, b and c, none of which is there.
    fn client() -> Client {
        let text = "chain_id = \"c-1\"\nrpc = [\"http://a:1\", \"http://b:1\", \"http://c:1\"]
            prefix = \"wasm\"\ndenom = \"ustake\"\ngas_price = \"0\"";
        Client::new(Network::parse(text).unwrap()).unwrap()
    }

    /// Each endpoint as a test says: no account is fatal, silence is not.
    async fn asked(client: &Client, says: fn(&str) -> Result<u8, bool>) -> Result<u8, ChainError> {
        let ask = |one: Client| async move {
            says(one.endpoint()).map_err(|is_fatal| {
                let (address, failures) = (one.endpoint().to_owned(), Vec::new());
                if is_fatal {
                    ChainError::NoAccount { address }
                } else {
                    ChainError::Unreachable { failures }
                }
            })
        };
        consult(client, ask).await
    }

    /// The keeper ended when one of its nodes said that there is no vault.
    #[tokio::test]
    async fn who_knows_better_is_believed_and_those_before_are_set_aside() {
        let client = client();
        let answer = asked(&client, |name| match name {
            "http://a:1" => Err(true),
            "http://b:1" => Err(false),
            _ => Ok(7),
        });
        assert_eq!(answer.await.unwrap(), 7);
        let aside = client.endpoints().into_iter().map(|one| one.aside);
        let aside: Vec<Option<Aside>> = aside.collect();
        assert!(matches!(aside[0], Some(Aside::Contradicted(_))));
        assert_eq!(aside[1..], [None, None]);
    }

    #[tokio::test]
    async fn what_all_say_that_answer_is_believed() {
        let client = client();
        let one_is_down = asked(&client, |name| Err(name != "http://a:1"));
        let error = one_is_down.await.unwrap_err();
        assert!(
            matches!(&error, ChainError::NoAccount { address } if address == "http://b:1"),
            "{error}"
        );
        let down = asked(&client, |_| Err(false)).await.unwrap_err();
        assert!(!down.is_fatal(), "{down}");
        assert!(client.endpoints().iter().all(|one| one.aside.is_none()));
    }
}
