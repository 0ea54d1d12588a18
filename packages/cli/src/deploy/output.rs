//! What a deployment says: plans, steps, addresses and checksums, unsigned transactions.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use bulwark_deploy::apply::Done;
use bulwark_deploy::unsigned::Unsigned;
use bulwark_deploy::{Deployer, Plan, Readiness};
use serde_json::json;

use super::Failure;
use crate::access::out::{say, say_json};

/// Shows what is to be done.
pub fn tell_plan(plan: &Plan, deployer: &Deployer) -> Result<(), Failure> {
    let mut text = match (plan.steps.is_empty(), plan.waits.is_empty()) {
        (true, true) => "The chain is what the file says: there is nothing to do.\n".to_owned(),
        (true, false) => "There is nothing to do now:\n".to_owned(),
        (false, _) => "To do:\n".to_owned(),
    };
    for (planned, readiness) in plan.steps.iter().zip(deployer.readiness(plan)) {
        let waits = match planned.waits {
            0 => String::new(),
            seconds => format!(" (waits {seconds} s unless it only tightens)"),
        };
        let who = match readiness {
            Readiness::Now => "",
            Readiness::Elsewhere => ", whose key is not here: --generate-only",
            Readiness::Later => ", in a later run: others have to send something first",
        };
        text += &format!("  {}{waits}, by {}{who}\n", planned.step, planned.sender);
        for change in &planned.changes {
            text += &format!("      {change}\n");
        }
    }
    Ok(say(text + &waits(plan))?)
}

fn waits(plan: &Plan) -> String {
    let lines = plan.waits.iter().map(|wait| format!("  … {wait}\n"));
    lines.collect()
}

/// Says that a step was carried out.
pub fn tell_done(done: &Done) -> Result<(), Failure> {
    Ok(say(format!("  ✓ {} ({})\n", done.step.step, done.hash))?)
}

/// Says how it ended: what was done, what is left, and what stands where; in which file, if it
/// was noted.
pub fn finished(
    done: &[Done],
    left: &Plan,
    deployer: &Deployer,
    file: Option<&Path>,
    as_json: bool,
) -> Result<(), Failure> {
    let addresses = deployer.addresses();
    if as_json {
        let report = json!({
            "chain_id": addresses.chain_id,
            "done": done,
            "left": left,
            "contracts": addresses.contracts,
            "artifacts": deployer.desired().checksums,
        });
        return Ok(say_json(&report)?);
    }
    let mut text = String::new();
    if !done.is_empty() {
        for planned in &left.steps {
            text += &format!("  left: {}, by {}\n", planned.step, planned.sender);
        }
        text += &waits(left);
    }
    text += "\n";
    for (kind, contract) in &addresses.contracts {
        text += &format!(
            "{:<10} {}  code {}  {}\n",
            kind.name(),
            contract.address,
            contract.code_id,
            contract.checksum
        );
    }
    if let Some(file) = file.filter(|_| !addresses.contracts.is_empty()) {
        text += &format!("Addresses: {}\n", file.display());
    }
    Ok(say(text)?)
}

/// Whether nothing is left that somebody has to send.
pub fn assert_all_sent(left: &Plan, deployer: &Deployer) -> Result<(), Failure> {
    let readiness = deployer.readiness(left).into_iter();
    match readiness.filter(|when| *when != Readiness::Now).count() {
        0 => Ok(()),
        steps => Err(Failure::Left { steps }),
    }
}

/// Refuses a folder that holds something: old transactions would look like new ones.
pub fn assert_empty(folder: &Path) -> Result<(), Failure> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed(folder))?,
    };
    match entries.into_iter().next() {
        None => Ok(()),
        Some(_) => Err(Failure::NotEmpty {
            path: folder.to_owned(),
        }),
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> Failure {
    let path = path.to_owned();
    move |error| Failure::Write { path, error }
}

/// Writes each unsigned transaction into a file of its own, numbered in their order.
pub fn write_unsigned(folder: &Path, unsigned: &[Unsigned]) -> Result<Vec<PathBuf>, Failure> {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let mut files = Vec::new();
    for (number, transaction) in (1_u32..).zip(unsigned) {
        let path = folder.join(format!("{number:02}-{}.json", transaction.sender));
        let text = serde_json::to_string_pretty(&transaction.transaction)? + "\n";
        fs::write(&path, text).map_err(failed(&path))?;
        files.push(path);
    }
    Ok(files)
}

/// Says which transactions were written, and what comes later.
pub fn generated(
    unsigned: &[Unsigned],
    files: &[PathBuf],
    plan: &Plan,
    as_json: bool,
) -> Result<(), Failure> {
    let written: usize = unsigned
        .iter()
        .map(|transaction| transaction.steps.len())
        .sum();
    let later = plan.steps.len().saturating_sub(written);
    if as_json {
        let entries: Vec<_> = unsigned
            .iter()
            .zip(files)
            .map(|(transaction, file)| {
                json!({"file": file, "sender": transaction.sender, "steps": transaction.steps})
            })
            .collect();
        let report = json!({"transactions": entries, "later": later, "plan": plan});
        return Ok(say_json(&report)?);
    }
    let mut text = String::new();
    if files.is_empty() {
        text += "There is nothing to sign.\n";
    }
    for (transaction, file) in unsigned.iter().zip(files) {
        let sender = &transaction.sender;
        text += &format!("{}, to be signed by {sender}:\n", file.display());
        for step in &transaction.steps {
            text += &format!("  {step}\n");
        }
    }
    if later > 0 {
        text += &format!(
            "{later} more step(s) need what these make, or prices: run this again afterwards. First prices \
             are posted by feeders, or without --generate-only where their keys are.\n"
        );
    }
    Ok(say(text + &waits(plan))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transactions_are_written_into_an_empty_folder_only() {
        let folder = tempfile::tempdir().unwrap();
        assert!(assert_empty(folder.path()).is_ok());
        assert!(assert_empty(&folder.path().join("new")).is_ok());
        fs::write(folder.path().join("06-wasm1abc.json"), "{}").unwrap();
        let refused = assert_empty(folder.path()).unwrap_err();
        assert!(matches!(refused, Failure::NotEmpty { path } if path == folder.path()));
    }
}
