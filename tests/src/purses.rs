use std::collections::BTreeMap;

use bulwark_testing::World;

/// Whoever can have tokens in a scenario.
const PARTIES: [&str; 7] = [
    "owner", "guardian", "keeper", "alice", "bob", "carol", "mallory",
];

/// Everybody's tokens at one moment: actors, vault and oracle.
pub struct Purses(BTreeMap<(String, String), i128>);

impl Purses {
    /// The tokens that everybody has now.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let mut purses = BTreeMap::new();
        for market in world.markets() {
            let contracts = [("vault", world.vault()), ("oracle", world.oracle())];
            let people = PARTIES.map(|name| (name, world.address(name)));
            let all = contracts
                .into_iter()
                .map(|(name, address)| (name, address.clone()))
                .chain(people);
            for (name, address) in all {
                let units = world.balance_of(&address, &market.denom).0;
                let key = (name.to_owned(), market.symbol.clone());
                purses.insert(key, i128::try_from(units).expect("fits"));
            }
        }
        Self(purses)
    }

    /// Asserts that since then exactly these smallest units moved, and nobody else's.
    ///
    /// # Panics
    /// If anything else moved.
    #[track_caller]
    pub fn assert_moved(&self, world: &World, moves: &[(&str, &str, i128)]) {
        let now = Self::of(world);
        let found: BTreeMap<(String, String), i128> = now
            .0
            .into_iter()
            .map(|(key, units)| {
                let before = self.0[&key];
                (key, units - before)
            })
            .filter(|(_, change)| *change != 0)
            .collect();
        let expected = moves
            .iter()
            .filter(|(_, _, change)| *change != 0)
            .map(|(name, asset, change)| (((*name).to_owned(), (*asset).to_owned()), *change))
            .collect();
        assert_eq!(found, expected, "who has what (smallest units)");
    }
}
