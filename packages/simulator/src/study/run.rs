//! The whole study: paths are prepared, variants calibrated, runs played.

use bulwark_risk::haircut::HaircutRule;

use super::calibrate::{Natural, Opening};
use super::config::{MAX_ACCOUNTS, MAX_GENERATED, MIN_ACCOUNTS, Settings, StudyConfig};
use super::engine::{self, RunSpec};
use super::error::{RunError, StudyError};
use super::owners::{Owner, owners};
use super::path::StudyPath;
use super::result::{Average, Comparison, PathReport, RunReport, StudyReport};
use super::variant::{Haircuts, Variant};
use super::{parallel, sweep, verdict};
use crate::engine::numbers;
use crate::prices::PathConfig;

/// The depths of the crash in generated paths, in turns.
const CRASH_DEPTHS: [f64; 4] = [0.5, 0.35, 0.65, 0.5];

/// How far a study is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Variants are being calibrated.
    Calibrating {
        /// Calibrated.
        done: usize,
        /// In all.
        of: usize,
    },
    /// Runs are being played.
    Playing {
        /// Played.
        done: usize,
        /// In all.
        of: usize,
    },
    /// Single parameters are being changed.
    Sweeping {
        /// Runs played.
        done: usize,
        /// In all.
        of: usize,
    },
}

/// Makes the study. `progress` is called often; it decides what it shows.
///
/// # Errors
/// A configuration out of range, a path that the study cannot use, or a value beyond what the
/// contracts can represent.
pub fn run(
    config: &StudyConfig,
    progress: &mut dyn FnMut(Progress),
) -> Result<StudyReport, StudyError> {
    check(config)?;
    let paths = paths(config)?;
    let stages = paths
        .iter()
        .map(|path| Stage::new(path, config))
        .collect::<Result<Vec<_>, _>>()?;

    let scales = calibrated(&stages, &config.settings, progress)?;
    let runs = played(&stages, &scales, &config.settings, progress)?;
    let mut reports = Vec::with_capacity(stages.len());
    for (stage, runs) in stages.iter().zip(runs) {
        reports.push(stage.report(&config.settings, runs)?);
    }
    let sweep = if config.sweep {
        sweep::sweep(&stages, &config.settings, progress)?
    } else {
        Vec::new()
    };
    Ok(StudyReport {
        command_line: config.command_line.clone(),
        seed: config.seed,
        accounts: config.accounts,
        generated: config.generated,
        settings: config.settings,
        verdicts: verdict::verdicts(&reports),
        paths: reports,
        sweep,
    })
}

fn check(config: &StudyConfig) -> Result<(), StudyError> {
    let &StudyConfig {
        accounts,
        generated,
        ..
    } = config;
    if !(MIN_ACCOUNTS..=MAX_ACCOUNTS).contains(&accounts) {
        return Err(StudyError::Accounts { accounts });
    }
    if generated > MAX_GENERATED {
        return Err(StudyError::Generated { generated });
    }
    if generated == 0 && config.tables.is_empty() {
        return Err(StudyError::NoPaths);
    }
    Ok(())
}

/// Generated paths first: crashes of different depths, every second one with an asset that
/// collapses.
fn paths(config: &StudyConfig) -> Result<Vec<StudyPath>, StudyError> {
    let mut paths = Vec::new();
    for number in 0..config.generated {
        let seed = config.seed.wrapping_add(number as u64);
        let standard = PathConfig::default();
        let collapse = standard.collapse.clone().filter(|_| number % 2 == 0);
        let table = PathConfig {
            seed,
            crash_depth: CRASH_DEPTHS[number % CRASH_DEPTHS.len()],
            collapse,
            ..standard
        }
        .generate()?;
        paths.push(StudyPath::new(
            &format!("generated, seed {seed}"),
            true,
            table,
        )?);
    }
    for (name, table) in &config.tables {
        paths.push(StudyPath::new(name, false, table.clone())?);
    }
    Ok(paths)
}

/// Everything about a path that all its runs share.
pub(super) struct Stage<'a> {
    pub(super) path: &'a StudyPath,
    pub(super) natural: Natural<'a>,
    pub(super) owners: Vec<Owner>,
    pub(super) sample: Vec<Opening>,
    constant: Vec<HaircutRule>,
    volatility: Vec<HaircutRule>,
}

impl<'a> Stage<'a> {
    fn new(path: &'a StudyPath, config: &StudyConfig) -> Result<Self, StudyError> {
        Self::try_new(path, config).map_err(|error| error.on(&path.name))
    }

    fn try_new(path: &'a StudyPath, config: &StudyConfig) -> Result<Self, RunError> {
        let natural = Natural::new(path, &config.settings)?;
        let owners = owners(path, config.accounts, config.seed);
        let rules = |haircuts| natural.rules(&config.settings, haircuts, 1.0);
        Ok(Self {
            constant: rules(Haircuts::Constant)?,
            volatility: rules(Haircuts::Volatility)?,
            sample: natural.sample(&owners),
            path,
            natural,
            owners,
        })
    }

    fn rules(&self, haircuts: Haircuts) -> &[HaircutRule] {
        match haircuts {
            Haircuts::Constant => &self.constant,
            Haircuts::Volatility => &self.volatility,
        }
    }

    /// What the owners could borrow in all by the contracts' defaults.
    pub(super) fn full_power(&self, settings: &Settings) -> Result<f64, RunError> {
        let full = Variant::FULL;
        let rules = self.rules(full.haircuts);
        self.natural
            .borrowing_power(settings, full, rules, &self.sample)
    }

    /// The scale at which a variant allows the same borrowing as the contracts' defaults.
    fn scale(&self, settings: &Settings, variant: Variant) -> Result<f64, RunError> {
        if variant == Variant::FULL {
            return Ok(1.0);
        }
        let power = self.full_power(settings)?;
        self.natural
            .scale_for(settings, variant, &self.sample, power)
    }

    fn play(&self, settings: &Settings, job: &Job) -> Result<RunReport, RunError> {
        let Job {
            comparison,
            with_impact,
            variant,
            scale,
            ..
        } = *job;
        let scaled;
        let rules = if comparison == Comparison::EqualPower {
            scaled = self.natural.rules(settings, variant.haircuts, scale)?;
            &scaled
        } else {
            self.rules(variant.haircuts)
        };
        let spec = RunSpec {
            path: self.path,
            natural: &self.natural,
            settings,
            owners: &self.owners,
            variant,
            rules,
            with_impact,
            identical: (comparison == Comparison::IdenticalPositions)
                .then_some([&self.constant, &self.volatility]),
        };
        let (outcome, series) = engine::run(&spec)?;
        Ok(RunReport {
            comparison,
            with_impact,
            variant,
            scale,
            outcome,
            series,
        })
    }

    fn report(&self, settings: &Settings, runs: Vec<RunReport>) -> Result<PathReport, StudyError> {
        let last = self.path.table.steps().saturating_sub(1);
        Ok(PathReport {
            name: self.path.name.clone(),
            generated: self.path.generated,
            times: self.path.table.timestamps.clone(),
            rows: self.path.table.steps(),
            from: self.path.time(0),
            to: self.path.time(last),
            symbols: self
                .path
                .assets
                .iter()
                .map(|asset| asset.symbol.clone())
                .collect(),
            left_out: self.path.left_out.clone(),
            averages: self
                .averages(settings)
                .map_err(|error| error.on(&self.path.name))?,
            runs,
        })
    }

    fn averages(&self, settings: &Settings) -> Result<Vec<Average>, RunError> {
        let averages = self.natural.average_haircuts(&self.volatility)?;
        let mut found = Vec::new();
        for (number, asset) in self.path.assets.iter().enumerate() {
            if asset.is_member {
                continue;
            }
            let rule = settings.rule(asset.group);
            let mut highest: f64 = 0.0;
            for moment in &self.natural.moments {
                if let Some(feed) = moment.feeds[number].as_ref() {
                    let haircut = feed.haircut(&rule, moment.now)?;
                    highest = highest.max(numbers::fraction(haircut));
                }
            }
            found.push(Average {
                family: asset.symbol.clone(),
                volatility: averages[number],
                constant: numbers::fraction(self.constant[number].floor),
                highest,
            });
        }
        Ok(found)
    }
}

/// One run to play.
struct Job {
    stage: usize,
    comparison: Comparison,
    with_impact: bool,
    variant: Variant,
    scale: f64,
}

/// The scale of every variant on every path, for equal borrowing power.
fn calibrated(
    stages: &[Stage<'_>],
    settings: &Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<Vec<f64>>, StudyError> {
    let jobs: Vec<(&Stage<'_>, Variant)> = stages
        .iter()
        .flat_map(|stage| Variant::all().map(|variant| (stage, variant)))
        .collect();
    let of = jobs.len();
    let work = |(stage, variant): &(&Stage<'_>, Variant)| {
        let scale = stage.scale(settings, *variant);
        scale.map_err(|error| error.on(&stage.path.name))
    };
    let scales = parallel::map(&jobs, work, |done| {
        progress(Progress::Calibrating { done, of });
    })?;
    let each = Variant::all().len();
    Ok(scales.chunks(each).map(<[f64]>::to_vec).collect())
}

/// All runs, path by path.
fn played(
    stages: &[Stage<'_>],
    scales: &[Vec<f64>],
    settings: &Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<Vec<RunReport>>, StudyError> {
    let mut jobs = Vec::new();
    for (stage, scales) in scales.iter().enumerate() {
        for comparison in Comparison::ALL {
            for with_impact in [false, true] {
                for (variant, scale) in Variant::all().into_iter().zip(scales) {
                    let scale = match comparison {
                        Comparison::EqualPower => *scale,
                        Comparison::EqualHaircuts | Comparison::IdenticalPositions => 1.0,
                    };
                    jobs.push(Job {
                        stage,
                        comparison,
                        with_impact,
                        variant,
                        scale,
                    });
                }
            }
        }
    }
    let of = jobs.len();
    let work = |job: &Job| {
        let stage = &stages[job.stage];
        let played = stage.play(settings, job);
        played.map_err(|error| error.on(&stage.path.name))
    };
    let mut runs = parallel::map(&jobs, work, |done| {
        progress(Progress::Playing { done, of });
    })?;
    let each = of / stages.len().max(1);
    let mut of_paths = Vec::with_capacity(stages.len());
    while !runs.is_empty() {
        let rest = runs.split_off(each.min(runs.len()));
        of_paths.push(std::mem::replace(&mut runs, rest));
    }
    Ok(of_paths)
}
