//! From what is written to what holds.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use bulwark_chain::ChainError;
use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Fraction, Usd};
use ureq::http::{HeaderName, HeaderValue};

use super::raw::{
    AssetFile, ExecutionFile, File, FollowFile, GasFile, LogFile, MarginCallsFile, ModeName,
    NetworkFrom, ProfitFile, WebhookFile,
};
use super::{
    Config, Execution, Follow, Log, MarginCallConfig, Secret, Wallet, Webhook, network_of, routes,
};
use crate::error::{KeeperError, KeeperResult};
use crate::plan::{Costs, GasModel, Mode, SwapTerms};

/// What stands for no server of metrics and health.
const NOWHERE: &str = "none";

/// A whole.
const ALL: Fraction = Fraction::percent(100);

pub(super) fn checked(file: File, folder: &Path) -> KeeperResult<Config> {
    let (network, addresses) = match file.network {
        NetworkFrom::Here(network) => {
            network.validate().map_err(ChainError::from)?;
            let addresses = network.addresses.as_deref().map(|path| folder.join(path));
            let beside = format!("{}.addresses.json", network.chain_id);
            (*network, addresses.unwrap_or_else(|| folder.join(beside)))
        }
        NetworkFrom::File(path) => {
            let path = folder.join(path);
            let network = network_of(&path)?;
            let addresses = network.addresses.clone();
            let beside = path.with_extension("addresses.json");
            (network, addresses.unwrap_or(beside))
        }
    };
    for (field, contract) in [("vault", &file.vault), ("liquidator", &file.liquidator)] {
        if let Some(contract) = contract {
            is_address(field, contract, &network.prefix)?;
        }
    }
    if file.key.is_empty() {
        return Err(refused("key", "", "must be the name of a key"));
    }
    let own = folder.join(&file.folder);
    let costs = costs(&file.profit, &file.gas, &file.assets)?;
    // More than one transaction may ever use is refused when it is simulated.
    let gas = costs
        .gas
        .paid_for(|gas| network.adjusted(gas).unwrap_or(gas));
    let execution = execution(&file.execution)?;
    let most_in_flight = u128::try_from(execution.most_in_flight).unwrap_or(u128::MAX);
    let fee = network.fee(gas.of_one());
    let fee_reserve = file.wallet.fee_reserve;
    let fee_reserve = fee_reserve.unwrap_or(Amount(fee.saturating_mul(most_in_flight)));
    let (routes, terms) = routes::checked(file.routes, &network.prefix)?;
    Ok(Config {
        addresses: file.addresses.map_or(addresses, |path| folder.join(path)),
        network,
        vault: file.vault,
        keyring: file.keyring.map(|keyring| folder.join(keyring)),
        key: file.key,
        liquidator: file.liquidator,
        routes,
        costs: Costs {
            gas,
            routes: terms,
            ..costs
        },
        wallet: Wallet {
            others: file.wallet.others,
            fee_reserve,
            assets: spending(&file.assets)?,
        },
        execution,
        follow: follow(&file.follow)?,
        margin_calls: margin_calls(file.margin_calls, &own)?,
        listen: listen(&file.serve.listen)?,
        log: log(&file.log)?,
        folder: own,
    })
}

fn costs(profit: &ProfitFile, gas: &GasFile, assets: &[AssetFile]) -> KeeperResult<Costs> {
    at_least("profit.floor", profit.floor, Usd::ZERO)?;
    at_least("profit.most_loss", profit.most_loss, Usd::ZERO)?;
    if profit.mode == ModeName::Profit && !profit.most_loss.is_zero() {
        let bound = "is for mode = \"protect\" only";
        return Err(refused("profit.most_loss", profit.most_loss, bound));
    }
    if profit.mode == ModeName::Protect && !profit.floor.is_zero() {
        let bound = "is for mode = \"profit\" only";
        return Err(refused("profit.floor", profit.floor, bound));
    }
    at_most("profit.slippage", profit.slippage, Fraction::percent(50))?;
    at_most("profit.shares_discount", profit.shares_discount, ALL)?;
    at_most("profit.risk_weight", profit.risk_weight, ALL)?;
    between(
        "profit.most_accounts",
        profit.most_accounts as u64,
        1,
        10_000,
    )?;
    at_least("gas.price", gas.price, Usd::ZERO)?;
    between("gas.limit", gas.limit, 300_000, 1_000_000_000)?;
    for (field, value) in [
        ("gas.transaction", gas.transaction),
        ("gas.account", gas.account),
        ("gas.holding", gas.holding),
        ("gas.callback", gas.callback),
    ] {
        between(field, value, 1, 100_000_000)?;
    }
    let mut costs = Costs {
        gas: GasModel {
            transaction: gas.transaction,
            account: gas.account,
            holding: gas.holding,
            callback: gas.callback,
        },
        gas_price: gas.price,
        gas_limit: gas.limit,
        shares_discount: profit.shares_discount,
        slippage: profit.slippage,
        mode: match profit.mode {
            ModeName::Profit => Mode::Profit {
                floor: profit.floor,
            },
            ModeName::Protect => Mode::Protect {
                most_loss: profit.most_loss,
            },
        },
        risk_weight: profit.risk_weight,
        most_accounts: profit.most_accounts,
        ..Costs::default()
    };
    for (asset, number) in assets.iter().zip(0..) {
        if asset.keep {
            costs.kept.insert(asset.asset.clone());
        }
        if let Some(swap) = &asset.swap {
            at_most(of(number, "swap.fee"), swap.fee, Fraction::percent(50))?;
            let depth = swap.depth;
            if let Some(depth) = depth {
                at_least(of(number, "swap.depth"), depth, Usd::whole(1))?;
            }
            let terms = SwapTerms {
                fee: swap.fee,
                depth,
            };
            costs.swaps.insert(asset.asset.clone(), terms);
        }
    }
    Ok(costs)
}

fn spending(assets: &[AssetFile]) -> KeeperResult<BTreeMap<String, Amount>> {
    let mut named = BTreeMap::new();
    for (asset, number) in assets.iter().zip(0..) {
        let name = &asset.asset;
        if name.is_empty() {
            return Err(refused(of(number, "asset"), name, "must be an asset"));
        }
        let most = asset.most.unwrap_or(Amount(AMOUNT_LIMIT));
        if named.insert(name.clone(), most).is_some() {
            return Err(refused(of(number, "asset"), name, "stands there twice"));
        }
    }
    Ok(named)
}

fn execution(file: &ExecutionFile) -> KeeperResult<Execution> {
    let most = file.most_in_flight;
    between("execution.most_in_flight", most as u64, 1, 1_000)?;
    between("execution.lifetime", file.lifetime, 2, 1_000)?;
    between("execution.tries", file.tries.into(), 1, 1_000)?;
    between("execution.rest", file.rest, 1, 1_000_000)?;
    between("execution.patience", file.patience, 0, 600)?;
    Ok(Execution {
        most_in_flight: most,
        lifetime: file.lifetime,
        tries: file.tries,
        rest: file.rest,
        patience: Duration::from_secs(file.patience),
    })
}

fn follow(file: &FollowFile) -> KeeperResult<Follow> {
    between("follow.max_lag", file.max_lag, 5, 3_600)?;
    between("follow.verify", file.verify, 10, 86_400)?;
    Ok(Follow {
        max_lag: Duration::from_secs(file.max_lag),
        verify: Duration::from_secs(file.verify),
    })
}

fn margin_calls(file: MarginCallsFile, folder: &Path) -> KeeperResult<MarginCallConfig> {
    at_most("margin_calls.recovery", file.recovery, ALL)?;
    between("margin_calls.per_block", file.per_block as u64, 1, 10_000)?;
    Ok(MarginCallConfig {
        file: folder.join(file.file),
        recovery: file.recovery,
        per_block: file.per_block,
        webhook: file.webhook.map(webhook).transpose()?,
    })
}

fn webhook(file: WebhookFile) -> KeeperResult<Webhook> {
    let field = "margin_calls.webhook.url";
    let url = match (file.url, file.url_from) {
        (Some(url), None) => url,
        (None, Some(variable)) => environment("margin_calls.webhook.url_from", variable)?,
        _ => {
            let bound = "one of url and url_from must be set";
            return Err(refused(field, "", bound));
        }
    };
    // It is not shown: there may be a token in it.
    let parsed = url.parse::<ureq::http::Uri>().ok();
    let scheme = parsed.as_ref().and_then(ureq::http::Uri::scheme_str);
    if !matches!(scheme, Some("http" | "https")) {
        return Err(refused(field, "…", "must be an http:// or https:// URL"));
    }
    between("margin_calls.webhook.timeout", file.timeout, 1, 60)?;
    between("margin_calls.webhook.backoff", file.backoff, 1, 60)?;
    between(
        "margin_calls.webhook.queue",
        file.queue as u64,
        1,
        1_000_000,
    )?;
    let mut headers = Vec::new();
    for (name, variable) in file.headers {
        let field = format!("margin_calls.webhook.headers.{name}");
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(refused(field, &variable, "is no header's name"));
        }
        let value = environment(&field, variable.clone())?;
        if HeaderValue::from_str(&value).is_err() {
            let bound = "the variable's value is none that a header can have";
            return Err(refused(field, &variable, bound));
        }
        headers.push((name, Secret::new(value)));
    }
    Ok(Webhook {
        url: Secret::new(url),
        headers,
        timeout: Duration::from_secs(file.timeout),
        backoff: Duration::from_secs(file.backoff),
        queue: file.queue,
    })
}

fn environment(field: &str, variable: String) -> KeeperResult<String> {
    std::env::var(&variable).map_err(|_| KeeperError::Unset {
        variable,
        field: field.into(),
    })
}

fn listen(text: &str) -> KeeperResult<Option<std::net::SocketAddr>> {
    if text == NOWHERE {
        return Ok(None);
    }
    let bound = "must be an address and a port like 127.0.0.1:9464, or none";
    let address = text.parse();
    address
        .map(Some)
        .map_err(|_| refused("serve.listen", text, bound))
}

fn log(file: &LogFile) -> KeeperResult<Log> {
    let bound = "must be error, warn, info, debug or trace";
    let level = file.level.parse();
    let level = level.map_err(|_| refused("log.level", &file.level, bound))?;
    Ok(Log {
        level,
        format: file.format,
    })
}

pub(super) fn is_address(field: &str, address: &str, prefix: &str) -> KeeperResult<()> {
    let is_one = bech32::decode(address).is_ok_and(|(of, _)| of.as_str() == prefix);
    if is_one {
        return Ok(());
    }
    let bound = format!("must be an address that begins with {prefix}1, whole and without a slip");
    Err(refused(field, address, bound))
}

fn of(number: usize, field: &str) -> String {
    format!("assets[{number}].{field}")
}

pub(super) fn refused(
    field: impl Into<String>,
    value: impl ToString,
    bound: impl Into<String>,
) -> KeeperError {
    KeeperError::Value {
        field: field.into(),
        value: value.to_string(),
        bound: bound.into(),
    }
}

pub(super) fn between(
    field: impl Into<String>,
    value: u64,
    least: u64,
    most: u64,
) -> KeeperResult<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(refused(field, value, format!("must be {least} to {most}")))
}

pub(super) fn at_most<T: PartialOrd + ToString>(
    field: impl Into<String>,
    value: T,
    most: T,
) -> KeeperResult<()> {
    if value <= most {
        return Ok(());
    }
    Err(refused(
        field,
        value,
        format!("must be at most {}", most.to_string()),
    ))
}

pub(super) fn at_least<T: PartialOrd + ToString>(
    field: impl Into<String>,
    value: T,
    least: T,
) -> KeeperResult<()> {
    if value >= least {
        return Ok(());
    }
    Err(refused(
        field,
        value,
        format!("must be at least {}", least.to_string()),
    ))
}
