//! Whether the assets that a configuration names are the vault's.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_risk::units::Amount;

use crate::plan::Costs;

/// What of a configuration's assets is the vault's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Assets that are not.
    pub unknown: BTreeSet<String>,
    /// Whether anything can be repaid with: an asset that may be spent, or a pair with a route. Where
    /// none is named, that is on purpose: such a keeper only tells of accounts.
    pub is_usable: bool,
}

impl Names {
    /// Of what is named where; `limits` is what may be spent of the vault's assets.
    pub fn of(
        named: &BTreeSet<String>,
        costs: &Costs,
        limits: &BTreeMap<String, Amount>,
        assets: &BTreeSet<String>,
    ) -> Self {
        let mut pairs = costs.routes.keys();
        let in_pairs = pairs.clone().flat_map(|(seize, debt)| [seize, debt]);
        let unknown = named.iter().chain(in_pairs);
        let unknown = unknown.filter(|asset| !assets.contains(*asset));
        let is_known =
            |(seize, debt): &(String, String)| assets.contains(seize) && assets.contains(debt);
        let only_tells = named.is_empty() && costs.routes.is_empty();
        let is_spent = limits.values().any(|most| !most.is_zero());
        Self {
            unknown: unknown.cloned().collect(),
            is_usable: only_tells || is_spent || pairs.any(is_known),
        }
    }
}

#[cfg(test)]
mod tests {
    use bulwark_risk::units::Fraction;

    use super::*;
    use crate::plan::SwapTerms;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn names(spent: &[(&str, u128)], route: Option<(&str, &str)>) -> Names {
        let assets = set(&["uatom", "uusd"]);
        let named = spent.iter().map(|(asset, _)| (*asset).to_owned()).collect();
        let limits = spent.iter().filter(|(asset, _)| assets.contains(*asset));
        let limits = limits.map(|(asset, most)| ((*asset).to_owned(), Amount(*most)));
        let terms = SwapTerms {
            fee: Fraction::ZERO,
            depth: None,
        };
        let routes = route.map(|(from, to)| ((from.to_owned(), to.to_owned()), terms));
        let costs = Costs {
            routes: routes.into_iter().collect(),
            ..Costs::default()
        };
        Names::of(&named, &costs, &limits.collect(), &assets)
    }

    #[test]
    fn a_name_that_is_misspelt_is_told() {
        let found = names(&[("uusd", 5), ("uatm", 5)], Some(("uatom", "uusdt")));
        assert_eq!(found.unknown, set(&["uatm", "uusdt"]));
        assert!(found.is_usable);
        assert_eq!(names(&[("uusd", 5)], None).unknown, set(&[]));
    }

    #[test]
    fn something_has_to_be_left_that_can_be_repaid_with() {
        assert!(!names(&[("uatm", 5)], None).is_usable);
        assert!(
            !names(&[("uatom", 0)], None).is_usable,
            "none of it is spent"
        );
        assert!(!names(&[], Some(("uatom", "uusdt"))).is_usable);
        assert!(names(&[], Some(("uatom", "uusd"))).is_usable);
        assert!(names(&[], None).is_usable, "it only tells of accounts");
    }
}
