//! What is counted, for Prometheus.
//!
//! Every metric has its description in the text that `/metrics` answers; `packages/keeper/README.md`
//! lists them. Names begin with `bulwark_keeper_`, values in USD are rounded to 53 bits.

use std::fmt;
use std::sync::atomic::AtomicU64;

use bulwark_risk::units::Usd;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

/// A value with a fraction that goes up and down.
pub type Level = Gauge<f64, AtomicU64>;

/// One label: what kind of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Of {
    /// The kind.
    pub kind: String,
}

impl Of {
    /// A kind.
    #[must_use]
    pub fn kind(kind: impl Into<String>) -> Self {
        Self { kind: kind.into() }
    }
}

/// One label: which asset.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Asset {
    /// The asset.
    pub asset: String,
}

/// All metrics. A copy counts with the original.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// The last block that was looked at.
    pub height: Gauge,
    /// Its time, Unix seconds.
    pub block_time: Gauge,
    /// From a block's news to what is to be done about it, seconds.
    pub decision: Decision,
    /// Accounts in the local copy.
    pub accounts: Gauge,
    /// Accounts that owe anything.
    pub indebted: Gauge,
    /// Accounts by how they stand.
    pub standing: Family<Of, Gauge>,
    /// Accounts evaluated.
    pub evaluated: Counter,
    /// Accounts evaluated by the vault's own function.
    pub evaluated_exactly: Counter,
    /// Accounts that nothing is done about, by the reason.
    pub skipped: Family<Of, Gauge>,
    /// Transactions planned and tried; in a dry run, those that it would try.
    pub planned: Counter,
    /// Transactions in flight.
    pub in_flight: Gauge,
    /// Accounts that were tried to be liquidated, by the outcome.
    pub outcomes: Family<Of, Counter>,
    /// Profit, gas paid, in USD at the prices of the time.
    pub profit: Level,
    /// Fees paid, smallest units of the fee coin: of a coin with 18 decimals soon more than 64 bits.
    pub fees: Counter<f64, AtomicU64>,
    /// Gas paid for.
    pub gas: Counter,
    /// What the wallet has.
    pub wallet: Family<Asset, Level>,
    /// Records that differed from the chain's.
    pub drifted: Gauge,
    /// When the local copy was compared last, as a height.
    pub verified_height: Gauge,
    /// How often everything was read anew.
    pub reloads: Gauge,
    /// Faults that last.
    pub faults: Family<Of, Gauge>,
    /// Faults that began.
    pub faults_begun: Family<Of, Counter>,
    /// Notices about margins.
    pub notices: Family<Of, Counter>,
    /// Notices that the webhook has not taken yet.
    pub untold: Gauge,
    /// Notices that were given up.
    pub given_up: Gauge,
}

/// A histogram of seconds, from a millisecond to half a minute.
#[derive(Clone, Debug)]
pub struct Decision(pub Histogram);

impl Default for Decision {
    fn default() -> Self {
        Self(Histogram::new(exponential_buckets(0.001, 2.0, 16)))
    }
}

impl Metrics {
    /// All metrics, and the registry by which they are shown.
    #[must_use]
    pub fn registered(version: &'static str, network: &str) -> (Self, Shown) {
        let all = Self::default();
        let mut registry = Registry::with_prefix("bulwark_keeper");
        let labels = vec![
            ("version", version.to_owned()),
            ("network", network.to_owned()),
        ];
        registry.register("build", "Program and chain", Info::new(labels));
        all.register_state(&mut registry);
        all.register_work(&mut registry);
        all.register_trouble(&mut registry);
        (all, Shown(registry))
    }

    fn register_state(&self, to: &mut Registry) {
        let Self {
            height,
            block_time,
            accounts,
            indebted,
            standing,
            wallet,
            ..
        } = self.clone();
        to.register("height", "Last block that was looked at", height);
        to.register("block_time_seconds", "Its time, Unix seconds", block_time);
        to.register("accounts", "Accounts of the vault", accounts);
        to.register("indebted", "Accounts that owe anything", indebted);
        to.register(
            "standing",
            "Accounts by how they stand: liquidatable, margin_call, unvaluable",
            standing,
        );
        to.register("wallet", "Smallest units in the wallet", wallet);
    }

    fn register_work(&self, to: &mut Registry) {
        let Self {
            decision,
            evaluated,
            evaluated_exactly,
            skipped,
            planned,
            in_flight,
            outcomes,
            profit,
            fees,
            gas,
            ..
        } = self.clone();
        let help = "From a block's news to what is to be done about it, seconds";
        to.register("decision_seconds", help, decision.0);
        to.register("evaluated", "Accounts evaluated", evaluated);
        let help = "Accounts evaluated by the vault's own function";
        to.register("evaluated_exactly", help, evaluated_exactly);
        let help = "Liquidatable accounts that nothing is done about, by the reason";
        to.register("skipped", help, skipped);
        let help = "Transactions planned and tried; in a dry run, those that it would try";
        to.register("planned", help, planned);
        to.register(
            "in_flight",
            "Transactions without an outcome yet",
            in_flight,
        );
        let help = "Transactions and accounts by their outcome";
        to.register("outcomes", help, outcomes);
        let help = "Profit since the start, gas paid, USD at the prices of the time";
        to.register("profit_usd", help, profit);
        let help = "Fees paid since the start, smallest units of the fee coin";
        to.register("fees", help, fees);
        let help = "Gas paid for since the start, also by transactions that failed";
        to.register("gas", help, gas);
    }

    fn register_trouble(&self, to: &mut Registry) {
        let Self {
            drifted,
            verified_height,
            reloads,
            faults,
            faults_begun,
            notices,
            untold,
            given_up,
            ..
        } = self.clone();
        let help = "Records of the local copy that differed from the chain's since the start";
        to.register("drifted", help, drifted);
        let help = "Block at which the local copy was compared with the chain last";
        to.register("verified_height", help, verified_height);
        let help = "How often everything was read anew since the start";
        to.register("reloads", help, reloads);
        to.register("faults", "Faults that last, by their kind", faults);
        to.register(
            "faults_begun",
            "Faults that began, by their kind",
            faults_begun,
        );
        let help = "What was told of accounts: margin_call, liquidatable, liquidated, recovered";
        to.register("notices", help, notices);
        let help = "Notices that the webhook has not taken yet";
        to.register("notices_untold", help, untold);
        let help = "Notices that were given up since the start: refused, or too many";
        to.register("notices_given_up", help, given_up);
    }
}

/// The registry by which metrics are shown.
#[derive(Debug)]
pub struct Shown(Registry);

impl Shown {
    /// What `/metrics` answers with.
    pub const CONTENT_TYPE: &'static str =
        "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// All metrics in OpenMetrics' text.
    ///
    /// # Errors
    /// None in practice.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.0)?;
        Ok(text)
    }
}

/// A value in USD to 53 bits.
#[must_use]
pub fn usd(value: Usd) -> f64 {
    value.0 as f64 / 1e18
}

/// A number as a gauge takes it.
#[must_use]
pub fn count(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_shown_with_what_it_means() {
        let (metrics, shown) = Metrics::registered("0.0.0", "test-1");
        metrics.height.set(7);
        let outcomes = &metrics.outcomes;
        outcomes.get_or_create(&Of::kind("won")).inc();
        metrics.profit.set(usd(Usd::whole(3)));
        let text = shown.text().unwrap();
        for line in [
            "bulwark_keeper_build_info{version=\"0.0.0\",network=\"test-1\"} 1",
            "bulwark_keeper_height 7",
            "bulwark_keeper_outcomes_total{kind=\"won\"} 1",
            "bulwark_keeper_profit_usd 3.0",
        ] {
            assert!(text.lines().any(|shown| shown == line), "{line}: {text}");
        }
        for name in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
            let name = name.split(' ').next().unwrap();
            assert!(text.contains(&format!("# HELP {name} ")), "{name}");
        }
    }

    #[test]
    fn fees_of_a_coin_with_many_decimals_are_counted() {
        let (metrics, shown) = Metrics::registered("0.0.0", "test-1");
        for _ in 0..5 {
            metrics.fees.inc_by(1e19);
        }
        let text = shown.text().unwrap();
        let fees = "bulwark_keeper_fees_total 5e19";
        let spelled = "bulwark_keeper_fees_total 50000000000000000000.0";
        assert!(text.contains(fees) || text.contains(spelled), "{text}");
    }

    #[test]
    fn the_manual_lists_every_metric() {
        let manual = include_str!("../README.md");
        let (_, shown) = Metrics::registered("0.0.0", "test-1");
        let text = shown.text().unwrap();
        for name in text.lines().filter_map(|line| line.strip_prefix("# HELP ")) {
            let name = name.split(' ').next().unwrap();
            let own = name.strip_prefix("bulwark_keeper_").unwrap();
            assert!(manual.contains(&format!("`{own}")), "{own}");
        }
    }
}
