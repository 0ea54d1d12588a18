//! What other programs must not see.

use std::env;
use std::process::Command;

/// What the variables begin with in which keys are.
const VARIABLE: &str = "BULWARK_KEY_";

/// A command whose program sees no keys: nodes, compilers and their build scripts have no use for
/// them, and whoever may look at a process sees its environment.
pub fn without_keys(command: &mut Command) -> &mut Command {
    for (name, _) in env::vars_os() {
        if name.as_encoded_bytes().starts_with(VARIABLE.as_bytes()) {
            command.env_remove(name);
        }
    }
    command
}
