//! Single parameters changed, to see whether another default would be better.
//!
//! Every alternative is scaled to the borrowing power of the defaults: a larger floor alone is
//! safer in a way that teaches nothing, a larger floor at the same borrowing power is not.

use bulwark_risk::units::Fraction;

use super::calibrate::Natural;
use super::config::Settings;
use super::engine::{self, RunSpec};
use super::error::{RunError, StudyError};
use super::outcome::Outcome;
use super::parallel;
use super::result::SweepRow;
use super::run::{Progress, Stage};
use super::variant::Variant;

/// Bad debt below this part of the borrowing power counts as hardly any.
const HARDLY_ANY: f64 = 1e-4;

/// A path is better or worse if its bad debt differs by this part.
const NOTICED: f64 = 0.1;

type Set = fn(&mut Settings, Fraction);

/// Which values of a parameter are tried beside its default, in basis points.
struct Parameter {
    name: &'static str,
    set: Set,
    values: &'static [u32],
}

const PARAMETERS: [Parameter; 14] = [
    parameter(
        "floor (crypto)",
        |s, v| s.crypto.floor = v,
        &[1_000, 2_000, 2_500],
    ),
    parameter("cap (crypto)", |s, v| s.crypto.cap = v, &[4_000, 5_500]),
    parameter(
        "z",
        |s, v| {
            s.crypto.volatility_multiple = v;
            s.usd.volatility_multiple = v;
        },
        &[24_000, 30_000, 45_000],
    ),
    parameter("floor (usd)", |s, v| s.usd.floor = v, &[500, 800]),
    parameter("ρ", |s, v| s.group_correlation = v, &[6_000, 7_000, 9_000]),
    parameter("φ", |s, v| s.family_correlation = v, &[9_000, 9_800]),
    parameter("e", |s, v| s.member_extra = v, &[0, 400]),
    parameter("size_cap", |s, v| s.size_cap = v, &[400, 1_000]),
    parameter("rise per hour", |s, v| s.speed.rise = v, &[10, 40, 100]),
    parameter("fall per hour", |s, v| s.speed.fall = v, &[2, 10, 20]),
    parameter(
        "slope",
        |s, v| s.liquidation.slope = v,
        &[1_000, 2_500, 10_000],
    ),
    parameter(
        "max_bonus",
        |s, v| s.liquidation.max_bonus = v,
        &[500, 1_500],
    ),
    parameter(
        "target_ratio",
        |s, v| s.liquidation.target_ratio = v,
        &[10_500, 12_000, 13_000],
    ),
    parameter(
        "initial_factor",
        |s, v| s.margin.initial_factor = v,
        &[11_000, 12_500],
    ),
];

const fn parameter(name: &'static str, set: Set, values: &'static [u32]) -> Parameter {
    Parameter { name, set, values }
}

/// The defaults and every alternative.
struct Alternative {
    parameter: &'static str,
    value: String,
    settings: Settings,
}

fn alternatives(settings: &Settings) -> Vec<Alternative> {
    let mut all = vec![Alternative {
        parameter: "defaults",
        value: String::new(),
        settings: *settings,
    }];
    for parameter in &PARAMETERS {
        for value in parameter.values {
            let value = Fraction::basis_points(*value);
            let mut changed = *settings;
            (parameter.set)(&mut changed, value);
            if changed != *settings {
                all.push(Alternative {
                    parameter: parameter.name,
                    value: value.to_string(),
                    settings: changed,
                });
            }
        }
    }
    all
}

/// Plays every alternative on every path.
///
/// # Errors
/// Prices and values beyond what the contracts can represent.
pub(super) fn sweep(
    stages: &[Stage<'_>],
    settings: &Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<SweepRow>, StudyError> {
    let alternatives = alternatives(settings);
    let jobs: Vec<(&Alternative, &Stage<'_>)> = alternatives
        .iter()
        .flat_map(|alternative| stages.iter().map(move |stage| (alternative, stage)))
        .collect();
    let of = jobs.len();
    let work = |(alternative, stage): &(&Alternative, &Stage<'_>)| {
        let played = play(stage, settings, &alternative.settings);
        played.map_err(|error| error.on(&stage.path.name))
    };
    let outcomes = parallel::map(&jobs, work, |done| {
        progress(Progress::Sweeping { done, of });
    })?;
    let of_alternatives: Vec<&[Outcome]> = outcomes.chunks(stages.len().max(1)).collect();
    let defaults = of_alternatives.first().copied().unwrap_or_default();
    Ok(alternatives
        .iter()
        .zip(&of_alternatives)
        .map(|(alternative, outcomes)| row(alternative, outcomes, defaults))
        .collect())
}

fn play(stage: &Stage<'_>, defaults: &Settings, changed: &Settings) -> Result<Outcome, RunError> {
    let variant = Variant::FULL;
    let slower_or_faster;
    let natural = if changed.speed == defaults.speed {
        &stage.natural
    } else {
        slower_or_faster = Natural::new(stage.path, changed)?;
        &slower_or_faster
    };
    let scale = if changed == defaults {
        1.0
    } else {
        let power = stage.full_power(defaults)?;
        natural.scale_for(changed, variant, &stage.sample, power)?
    };
    let rules = natural.rules(changed, variant.haircuts, scale)?;
    let spec = RunSpec {
        path: stage.path,
        natural,
        settings: changed,
        owners: &stage.owners,
        variant,
        rules: &rules,
        with_impact: true,
        identical: None,
    };
    engine::run(&spec).map(|(outcome, _)| outcome)
}

fn row(alternative: &Alternative, outcomes: &[Outcome], defaults: &[Outcome]) -> SweepRow {
    let (mut better, mut worse, mut logs) = (0, 0, 0.0);
    for (outcome, default) in outcomes.iter().zip(defaults) {
        let (rate, known) = (outcome.bad_debt_rate(), default.bad_debt_rate());
        let ratio = (rate + HARDLY_ANY) / (known + HARDLY_ANY);
        logs += ratio.ln();
        better += usize::from(ratio < 1.0 - NOTICED);
        worse += usize::from(ratio > 1.0 + NOTICED);
    }
    SweepRow {
        parameter: alternative.parameter.to_owned(),
        value: alternative.value.clone(),
        is_default: alternative.value.is_empty(),
        better,
        worse,
        log_ratio: logs / outcomes.len().max(1) as f64,
        total: outcomes
            .iter()
            .fold(Outcome::default(), |sum, outcome| sum.plus(outcome)),
    }
}
