//! Routes: by which swaps a callback turns what it seizes into what is owed.

use std::collections::BTreeMap;

use bulwark_risk::units::{Fraction, Usd};
use bulwark_types::liquidator::{AMOUNT, MAX_STEPS, Step};
use cosmwasm_std::{Binary, Decimal};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::check::{at_least, at_most, between, is_address, refused};
use crate::error::KeeperResult;
use crate::execute::Routes;
use crate::plan::SwapTerms;

/// By what is seized and what is owed: what a route costs.
type Terms = BTreeMap<(String, String), SwapTerms>;

/// A route.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteFile {
    seize: String,
    debt: String,
    fee: Fraction,
    depth: Option<Usd>,
    steps: Vec<StepFile>,
}

/// A swap of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFile {
    contract: String,
    ask: Option<String>,
    form: Option<Form>,
    max_spread: Option<Decimal>,
    msg: Option<String>,
}

/// What a pool is told.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    Plain,
    OfferAsset,
}

/// What routes lead where, and what each costs.
pub(super) fn checked(files: Vec<RouteFile>, prefix: &str) -> KeeperResult<(Routes, Terms)> {
    let (mut routes, mut costs) = (Routes::new(), Terms::new());
    for (number, file) in files.into_iter().enumerate() {
        let field = |name: &str| format!("routes[{number}].{name}");
        for (name, asset) in [("seize", &file.seize), ("debt", &file.debt)] {
            if asset.is_empty() {
                return Err(refused(field(name), asset, "must be an asset"));
            }
        }
        if file.seize == file.debt {
            let bound = "must be another asset than seize";
            return Err(refused(field("debt"), &file.debt, bound));
        }
        at_most(field("fee"), file.fee, Fraction::percent(50))?;
        if let Some(depth) = file.depth {
            at_least(field("depth"), depth, Usd::whole(1))?;
        }
        let length = file.steps.len() as u64;
        between(field("steps"), length, 1, MAX_STEPS as u64)?;
        let terms = SwapTerms {
            fee: file.fee,
            depth: file.depth,
        };
        let pair = (file.seize.clone(), file.debt.clone());
        if costs.insert(pair.clone(), terms).is_some() {
            return Err(refused(field("debt"), &file.debt, "stands there twice"));
        }
        routes.insert(pair, steps(file, &field, prefix)?);
    }
    Ok((routes, costs))
}

fn steps(
    file: RouteFile,
    field: &impl Fn(&str) -> String,
    prefix: &str,
) -> KeeperResult<Vec<Step>> {
    let last = file.steps.len().saturating_sub(1);
    let mut offer = file.seize;
    let mut steps = Vec::with_capacity(file.steps.len());
    for (number, step) in file.steps.into_iter().enumerate() {
        let field = |name: &str| field(&format!("steps[{number}].{name}"));
        is_address(&field("contract"), &step.contract, prefix)?;
        let ask = match (&step.ask, number == last) {
            (Some(ask), true) if *ask != file.debt => {
                let bound = format!("must be {}: the last swap pays what is owed", file.debt);
                return Err(refused(field("ask"), ask, bound));
            }
            (None, true) => file.debt.clone(),
            (Some(ask), _) if !ask.is_empty() => ask.clone(),
            _ => return Err(refused(field("ask"), "", "must be the asset that is paid")),
        };
        let step = written(step, &field, &offer, ask)?;
        offer.clone_from(&step.ask);
        steps.push(step);
    }
    Ok(steps)
}

/// A step with its message: of a form that is known, or as it stands there.
fn written(
    step: StepFile,
    field: &impl Fn(&str) -> String,
    offer: &str,
    ask: String,
) -> KeeperResult<Step> {
    let StepFile {
        contract,
        form,
        max_spread,
        msg,
        ..
    } = step;
    if let Some(spread) = max_spread.filter(|_| !matches!(form, Some(Form::OfferAsset))) {
        let bound = "is for form = \"offer_asset\" only";
        return Err(refused(field("max_spread"), spread, bound));
    }
    let step = match (form, msg) {
        (Some(Form::Plain), None) => Step::plain(contract, ask),
        (Some(Form::OfferAsset), None) => Step::offer_asset(contract, offer, ask, max_spread),
        (None, Some(text)) => {
            // Whatever the amount is, it has to be JSON.
            let example = text.replace(AMOUNT, "1");
            if let Err(error) = serde_json::from_str::<IgnoredAny>(&example) {
                return Err(refused(
                    field("msg"),
                    text,
                    format!("must be JSON: {error}"),
                ));
            }
            let msg = Binary::new(text.into_bytes());
            return Ok(Step { contract, msg, ask });
        }
        _ => {
            return Err(refused(
                field("form"),
                "",
                "one of form and msg must be set",
            ));
        }
    };
    step.map_err(|error| refused(field("form"), "", error.to_string()))
}
