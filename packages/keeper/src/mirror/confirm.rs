//! Who is right where one endpoint tells other records than the book has: what most of them tell.

use std::collections::BTreeSet;

use bulwark_chain::Client;
use futures::future::join_all;

use super::Difference;
use super::read::Site;

/// Records that endpoints are asked for at most; what they say of these goes for the others.
const ASKED: usize = 64;

/// What an endpoint has under each of some keys.
type Answer = Vec<Option<Vec<u8>>>;

/// What endpoints say of differences.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    /// Differences that no more endpoints confirm than deny, by their place.
    denied: BTreeSet<usize>,
    /// Endpoints that most others contradict, by their place.
    contradicted: BTreeSet<usize>,
}

impl Site {
    /// Splits differences into those that most endpoints confirm, and those that they do not. There is
    /// nobody to ask if there is only one. Endpoints that most contradict are set aside for a while.
    pub async fn confirmed<T>(
        &self,
        differences: Vec<(Difference, T)>,
    ) -> (Vec<(Difference, T)>, Vec<Difference>) {
        let clients = self.client().each();
        if clients.len() < 2 || differences.is_empty() {
            return (differences, Vec::new());
        }
        let sample: Vec<&Difference> = differences.iter().map(|(one, _)| one).take(ASKED).collect();
        let asked = clients.iter().map(|client| self.ask(client, &sample));
        let answers = join_all(asked).await;
        let tally = tally(&sample, &answers);
        for (number, client) in clients.iter().enumerate() {
            if tally.contradicted.contains(&number) {
                client.doubt("it tells other records than most");
            }
        }
        let all_confirmed = tally.denied.is_empty();
        let (mut confirmed, mut denied) = (Vec::new(), Vec::new());
        for (number, (difference, since)) in differences.into_iter().enumerate() {
            let is_confirmed = if number < ASKED {
                !tally.denied.contains(&number)
            } else {
                all_confirmed
            };
            if is_confirmed {
                confirmed.push((difference, since));
            } else {
                denied.push(difference);
            }
        }
        (confirmed, denied)
    }

    /// What one endpoint has; none if it does not say.
    async fn ask(&self, client: &Client, differences: &[&Difference]) -> Option<Answer> {
        let client = self.at_its_height(client);
        let asked = differences.iter().map(|difference| {
            let (client, address) = (client.clone(), self.address(difference.contract));
            async move { client.raw(address, &difference.key).await.ok() }
        });
        join_all(asked).await.into_iter().collect()
    }
}

fn tally(differences: &[&Difference], answers: &[Option<Answer>]) -> Tally {
    let mut tally = Tally::default();
    for (number, difference) in differences.iter().enumerate() {
        let told = answers.iter().enumerate();
        let told = told.filter_map(|(place, answer)| Some((place, answer.as_ref()?.get(number)?)));
        let (theirs, others): (Vec<_>, Vec<_>) =
            told.partition(|(_, value)| **value == difference.chain);
        let (ours, others): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|(_, value)| **value == difference.ours);
        if theirs.len() <= ours.len() {
            tally.denied.insert(number);
        }
        let losers = if ours.len() > theirs.len() {
            theirs
        } else if theirs.len() > ours.len() {
            ours
        } else {
            continue;
        };
        let losers = losers.into_iter().chain(others).map(|(place, _)| place);
        tally.contradicted.extend(losers);
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Contract;

    fn difference() -> Difference {
        Difference {
            contract: Contract::Vault,
            key: b"key".to_vec(),
            ours: Some(b"ours".to_vec()),
            chain: Some(b"theirs".to_vec()),
        }
    }

    fn tallied(answers: &[&str]) -> (bool, Vec<usize>) {
        let answer = |told: &&str| match *told {
            "" => None,
            told => Some(vec![Some(told.as_bytes().to_vec())]),
        };
        let answers: Vec<_> = answers.iter().map(answer).collect();
        let tally = tally(&[&difference()], &answers);
        let contradicted = tally.contradicted.into_iter().collect();
        (tally.denied.is_empty(), contradicted)
    }

    /// The book took whatever one endpoint told that was asked.
    #[test]
    fn what_most_endpoints_tell_is_believed() {
        assert_eq!(tallied(&["theirs", "theirs"]), (true, vec![]));
        assert_eq!(tallied(&["theirs", "ours", "theirs"]), (true, vec![1]));
        assert_eq!(tallied(&["ours", "theirs", "ours"]), (false, vec![1]));
        assert_eq!(tallied(&["ours", "", "theirs", "ours"]), (false, vec![2]));
        // One against one: nobody knows who is right, and what the book has stays.
        assert_eq!(tallied(&["ours", "theirs"]), (false, vec![]));
        assert_eq!(tallied(&["theirs", ""]), (true, vec![]));
        assert_eq!(tallied(&["", ""]), (false, vec![]));
    }
}
