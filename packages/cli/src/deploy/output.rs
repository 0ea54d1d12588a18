//! What a deployment says: plans, steps, addresses and checksums, unsigned transactions.

use std::fs;
use std::path::{Path, PathBuf};

use bulwark_deploy::apply::{Done, Unsigned};
use bulwark_deploy::{Deployer, Plan};
use serde_json::json;

use super::Failure;

/// Shows what is to be done.
pub fn tell_plan(plan: &Plan, deployer: &Deployer) {
    match (plan.steps.is_empty(), plan.waits.is_empty()) {
        (true, true) => println!("The chain is what the file says: there is nothing to do."),
        (true, false) => println!("There is nothing to do now:"),
        (false, _) => println!("To do:"),
    }
    for planned in &plan.steps {
        let waits = match planned.waits {
            0 => String::new(),
            seconds => format!(" (waits {seconds} s unless it only tightens)"),
        };
        let other = if deployer.can_send(planned) {
            String::new()
        } else {
            format!(" (to be sent by {}: --generate-only)", planned.sender)
        };
        println!("  {}{waits}{other}", planned.step);
        for change in &planned.changes {
            println!("      {change}");
        }
    }
    for wait in &plan.waits {
        println!("  … {wait}");
    }
}

/// Says that a step was carried out.
pub fn tell_done(done: &Done) {
    println!("  ✓ {} ({})", done.step.step, done.hash);
}

/// Says how it ended: what was done, what is left, and what stands where.
pub fn finished(
    done: &[Done],
    left: &Plan,
    deployer: &Deployer,
    file: &Path,
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
        println!("{}", serde_json::to_string(&report)?);
        return Ok(());
    }
    if !done.is_empty() {
        for planned in &left.steps {
            println!("  left: {}, by {}", planned.step, planned.sender);
        }
        for wait in &left.waits {
            println!("  … {wait}");
        }
    }
    println!();
    for (kind, contract) in &addresses.contracts {
        println!(
            "{:<7} {}  code {}  {}",
            kind.name(),
            contract.address,
            contract.code_id,
            contract.checksum
        );
    }
    if !addresses.contracts.is_empty() {
        println!("Addresses: {}", file.display());
    }
    Ok(())
}

/// Writes each unsigned transaction into a file of its own, numbered in their order.
pub fn write_unsigned(folder: &Path, unsigned: &[Unsigned]) -> Result<Vec<PathBuf>, Failure> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| Failure::Write { path, error }
    };
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
        println!("{}", serde_json::to_string(&report)?);
        return Ok(());
    }
    if files.is_empty() {
        println!("There is nothing to sign.");
    }
    for (transaction, file) in unsigned.iter().zip(files) {
        println!(
            "{}, to be signed by {}:",
            file.display(),
            transaction.sender
        );
        for step in &transaction.steps {
            println!("  {step}");
        }
    }
    if later > 0 {
        println!("{later} more steps need addresses that these make: run this again afterwards.");
    }
    for wait in &plan.waits {
        println!("… {wait}");
    }
    Ok(())
}
