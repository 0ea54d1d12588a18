//! What the numbers say about each feature, in words.
//!
//! A case is one path, with or without price impact. In each, the four variants that have the
//! feature are held against the four that differ from them in nothing else. The judgement is made
//! at equal borrowing power: there a feature cannot look safe by forbidding, nor useful by
//! allowing more of the same risk.

use serde::Serialize;

use super::outcome::Outcome;
use super::result::{Comparison, PathReport};
use super::variant::Feature;

/// Bad debt below this part of the borrowing power counts as hardly any, so that a hundred
/// dollars against two hundred are no difference.
const HARDLY_ANY: f64 = 1e-4;

/// A difference counts from this part on.
const NOTICED: f64 = 0.1;

/// What a feature does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Less bad debt at the same borrowing power.
    Helps,
    /// Neither clearly less nor clearly more.
    NoClearDifference,
    /// More bad debt at the same borrowing power.
    Harms,
}

/// One case: sums over the four variants with the feature, and over the four without.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairedResult {
    /// The path.
    pub path: String,
    /// Whether it was drawn from a seed.
    pub generated: bool,
    /// On what terms the variants are compared.
    pub comparison: Comparison,
    /// Whether forced sales moved prices.
    pub with_impact: bool,
    /// The four with the feature.
    pub with: Outcome,
    /// The four without.
    pub without: Outcome,
    /// What the feature does here.
    pub effect: Effect,
}

/// What the study says about one feature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeatureVerdict {
    /// The feature.
    pub feature: Feature,
    /// What it does at equal borrowing power, all cases taken together.
    pub effect: Effect,
    /// How bad debt changes by it at equal borrowing power: 0.8 for a fifth less. The geometric
    /// mean over the cases; generated paths together weigh as much as all others.
    pub bad_debt_factor: f64,
    /// Cases in which it helps.
    pub helps: usize,
    /// Cases in which it harms.
    pub harms: usize,
    /// Cases in which it makes no clear difference.
    pub same: usize,
    /// The verdict in sentences.
    pub sentences: Vec<String>,
    /// All cases on all terms.
    pub cases: Vec<PairedResult>,
}

impl PairedResult {
    fn new(path: &PathReport, feature: Feature, comparison: Comparison, with_impact: bool) -> Self {
        let sum = |has: bool| {
            path.runs_of(comparison, with_impact)
                .filter(|run| run.variant.has(feature) == has)
                .fold(Outcome::default(), |sum, run| sum.plus(&run.outcome))
        };
        let mut case = Self {
            path: path.name.clone(),
            generated: path.generated,
            comparison,
            with_impact,
            with: sum(true),
            without: sum(false),
            effect: Effect::NoClearDifference,
        };
        case.effect = effect(case.factor());
        case
    }

    /// By what the feature multiplies bad debt per borrowing power.
    pub fn factor(&self) -> f64 {
        (self.with.bad_debt_rate() + HARDLY_ANY) / (self.without.bad_debt_rate() + HARDLY_ANY)
    }
}

fn effect(factor: f64) -> Effect {
    if factor < 1.0 - NOTICED {
        Effect::Helps
    } else if factor > 1.0 / (1.0 - NOTICED) {
        Effect::Harms
    } else {
        Effect::NoClearDifference
    }
}

/// The verdict on every feature.
pub fn verdicts(paths: &[PathReport]) -> Vec<FeatureVerdict> {
    Feature::ALL
        .into_iter()
        .map(|feature| verdict(feature, paths))
        .collect()
}

fn verdict(feature: Feature, paths: &[PathReport]) -> FeatureVerdict {
    let cases: Vec<PairedResult> = Comparison::ALL
        .into_iter()
        .flat_map(|comparison| {
            paths.iter().flat_map(move |path| {
                [false, true].map(|impact| PairedResult::new(path, feature, comparison, impact))
            })
        })
        .collect();
    let on = |comparison| {
        let cases = cases.iter();
        cases.filter(move |case| case.comparison == comparison)
    };
    let judged: Vec<&PairedResult> = on(Comparison::EqualPower).collect();
    let count = |wanted| judged.iter().filter(|case| case.effect == wanted).count();
    let (helps, harms) = (count(Effect::Helps), count(Effect::Harms));
    let factor = balanced_mean(&judged, |case| case.factor().ln()).exp();
    // A mean that the majority of the cases contradicts is the work of a few.
    let overall = match effect(factor) {
        Effect::Helps if helps > harms => Effect::Helps,
        Effect::Harms if harms > helps => Effect::Harms,
        _ => Effect::NoClearDifference,
    };
    let sentences = vec![
        at_equal_power(overall, factor, &judged, helps, harms),
        by_impact(&judged),
        at_equal_haircuts(&on(Comparison::EqualHaircuts).collect::<Vec<_>>()),
        on_identical_positions(&on(Comparison::IdenticalPositions).collect::<Vec<_>>()),
    ];
    FeatureVerdict {
        feature,
        effect: overall,
        bad_debt_factor: factor,
        helps,
        harms,
        same: judged.len() - helps - harms,
        sentences,
        cases,
    }
}

/// A mean in which generated paths together weigh as much as all others.
fn balanced_mean(cases: &[&PairedResult], value: impl Fn(&PairedResult) -> f64) -> f64 {
    let of = |generated: bool| {
        let values: Vec<f64> = cases
            .iter()
            .filter(|case| case.generated == generated)
            .map(|case| value(case))
            .collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    match (of(true), of(false)) {
        (Some(generated), Some(real)) => f64::midpoint(generated, real),
        (one, other) => one.or(other).unwrap_or(0.0),
    }
}

fn at_equal_power(
    overall: Effect,
    factor: f64,
    cases: &[&PairedResult],
    helps: usize,
    harms: usize,
) -> String {
    let all = cases.len();
    let same = all - helps - harms;
    let judgement = match overall {
        Effect::Helps => "It helps",
        Effect::Harms => "It does not help, it harms",
        Effect::NoClearDifference => "It does not clearly help",
    };
    format!(
        "{judgement}: where every variant allows the same borrowing, bad debt with it is {} in the mean \
         of {all} cases; it is less in {helps} of them, more in {harms}, and within a tenth in {same}.",
        change(factor)
    )
}

fn by_impact(cases: &[&PairedResult]) -> String {
    let factor = |generated: bool, with_impact: bool| {
        let chosen: Vec<&PairedResult> = cases
            .iter()
            .filter(|case| case.generated == generated && case.with_impact == with_impact)
            .copied()
            .collect();
        (!chosen.is_empty())
            .then(|| change(balanced_mean(&chosen, |case| case.factor().ln()).exp()))
    };
    let parts: Vec<String> = [(false, "real histories"), (true, "generated paths")]
        .into_iter()
        .filter_map(|(generated, name)| {
            let (off, on) = (factor(generated, false)?, factor(generated, true)?);
            Some(format!(
                "on {name} {off} without price impact and {on} with it"
            ))
        })
        .collect();
    format!("Taken apart: {}.", parts.join("; "))
}

fn at_equal_haircuts(cases: &[&PairedResult]) -> String {
    let ratio = |value: fn(&Outcome) -> f64| {
        balanced_mean(cases, |case| {
            (value(&case.with) / value(&case.without)).ln()
        })
        .exp()
    };
    let power = ratio(|outcome| outcome.borrowing_power_usd.max(1.0));
    let rate = balanced_mean(cases, |case| case.factor().ln()).exp();
    let liquidated = ratio(|outcome| {
        (outcome.liquidated_usd / outcome.borrowing_power_usd.max(1.0)) + HARDLY_ANY
    });
    let loss = ratio(|outcome| {
        (outcome.suppliers_loss_usd / outcome.borrowing_power_usd.max(1.0)) + HARDLY_ANY
    });
    format!(
        "At the same average haircut it makes the borrowing power {}; per unit of it, bad debt is {}, \
         suppliers’ loss {}, and liquidated debt {}.",
        change(power),
        change(rate),
        change(loss),
        change(liquidated)
    )
}

fn on_identical_positions(cases: &[&PairedResult]) -> String {
    let ratio = |value: fn(&Outcome) -> f64| {
        balanced_mean(cases, |case| {
            (value(&case.with) / value(&case.without)).ln()
        })
        .exp()
    };
    let accounts = ratio(|outcome| outcome.accounts_liquidated as f64 + 1.0);
    let rate = balanced_mean(cases, |case| case.factor().ln()).exp();
    format!(
        "Where everybody holds the same positions under every variant, the number of liquidated \
         accounts is {}, and bad debt {}.",
        change(accounts),
        change(rate)
    )
}

/// A factor in words.
fn change(factor: f64) -> String {
    let percent = (factor - 1.0) * 100.0;
    if percent.abs() < 0.5 {
        "the same".to_owned()
    } else if percent < 0.0 {
        format!("{:.0} % less", -percent)
    } else {
        format!("{percent:.0} % more")
    }
}
