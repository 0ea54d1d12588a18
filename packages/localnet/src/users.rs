//! The users of every local network. **Their keys are public**: whoever reads this file can spend
//! what they hold. On a chain where coins are worth anything they must not be used.

use std::path::Path;

use crate::error::Result;
use crate::files;

/// A user with a key that everybody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// The key's name in the keyring file.
    pub name: &'static str,
    /// The address under the prefix `wasm`, at the derivation path m/44'/118'/0'/0/0.
    pub address: &'static str,
    /// Public test key, as BIP-39 words.
    pub mnemonic: &'static str,
}

/// Deploys and owns the contracts.
pub const OWNER: User = User {
    name: "owner",
    address: "wasm1em83cnkmp7tc9r6sv7veap5m0emtf8wafkay6u",
    mnemonic: "force layer flower proud farm mix pyramid kiss grocery boat reopen celery \
        nurse chaos fantasy castle web mango ritual curious abuse bacon liar feel",
};

/// A user.
pub const ALICE: User = User {
    name: "alice",
    address: "wasm17kyy2k6f0j465q4jvds9lac54897ta5eaycmt4",
    mnemonic: "illegal aim blossom tail fossil lion book canoe federal barely empower swift \
        captain anchor tissue light rookie random record relief crane sugar social coral",
};

/// A user.
pub const BOB: User = User {
    name: "bob",
    address: "wasm1mhmly7kjz23fs84g9p8rr6pr65ssx8atlcqw4p",
    mnemonic: "enroll spend shift draw garden craft hurry sorry antique upper pigeon aspect \
        sentence indoor bracket flip cricket romance soul harsh suit this erode toast",
};

/// A user.
pub const CAROL: User = User {
    name: "carol",
    address: "wasm1gk6c3swg8rtfqakkql80vhs3vzxkt8l8rawvtl",
    mnemonic: "quantum bag faculty case roof air denial skate that grain journey ticket \
        warm elite grape talent width foil destroy utility garage actor paddle client",
};

/// Liquidates.
pub const KEEPER: User = User {
    name: "keeper",
    address: "wasm1u07z2aypulxt08am6saglq3e53edfctm2fy246",
    mnemonic: "blossom poet key minor public input grain mix embody discover observe flock \
        once title level primary material core agree behind lend trap search swear",
};

/// Posts prices.
pub const FEEDER_1: User = User {
    name: "feeder-1",
    address: "wasm1v3x2vner7sskwva50f3534fm0hn4my44nxnspt",
    mnemonic: "rack side transfer possible property sight walnut ladder supply save swamp wine \
        wall elevator pet since expose crime coral shell pig thank upgrade metal",
};

/// Posts prices.
pub const FEEDER_2: User = User {
    name: "feeder-2",
    address: "wasm14vcdyn0kp2n7pprwl9twndd0lqxdwsnk3mh8ww",
    mnemonic: "crush outside apology improve seminar rigid there moral logic sing pretty comic \
        salmon erase mystery good reopen before once embody minute wasp father soccer",
};

/// Posts prices.
pub const FEEDER_3: User = User {
    name: "feeder-3",
    address: "wasm1xqelj0p92k549el384yw8749km0tk9u069d9g3",
    mnemonic: "route gauge mail van ribbon juice bulb cycle pelican kingdom drastic chimney \
        relax solve favorite detect marble any flock relief minor like minute wrap",
};

/// All of them.
pub const ALL: [User; 8] = [
    OWNER, ALICE, BOB, CAROL, KEEPER, FEEDER_1, FEEDER_2, FEEDER_3,
];

/// Those who post prices.
pub const FEEDERS: [User; 3] = [FEEDER_1, FEEDER_2, FEEDER_3];

/// The keyring file with all of them.
#[must_use]
pub fn keyring() -> String {
    let mut text = String::from(
        "# Test keys of a local network. Everybody knows them: never send them anything of worth.\n",
    );
    for user in ALL {
        text.push_str(&format!(
            "\n[{}]\nmnemonic = \"{}\"\n",
            user.name, user.mnemonic
        ));
    }
    text
}

/// Writes the keyring file, for nobody else to read: other keyrings have to be like that too.
pub(crate) fn write_keyring(path: &Path) -> Result<()> {
    files::write_private(path, &keyring())
}
