//! The assets of a configuration, checked.

use std::collections::BTreeMap;

use bulwark_risk::units::Fraction;
use bulwark_simulator::prices::PriceTable;

use super::raw::{AssetFile, File};
use super::{between, refused};
use crate::decide::Rule;
use crate::error::FeederError;
use crate::price::MAX_EXPONENT;
use crate::source::document::Place;

/// When each asset is posted.
pub(super) fn rules(file: &File) -> Result<BTreeMap<String, Rule>, FeederError> {
    if file.assets.is_empty() {
        return Err(refused("assets", "[]", "must name at least one asset"));
    }
    let mut rules = BTreeMap::new();
    for asset in &file.assets {
        let name = &asset.asset;
        let field = |field| format!("{name}: {field}");
        let rule = Rule {
            heartbeat: asset.heartbeat.unwrap_or(file.heartbeat),
            deviation: asset.deviation.unwrap_or(file.deviation),
            max_age: asset.max_age.unwrap_or(file.max_age),
        };
        between(field("heartbeat"), rule.heartbeat, 1, 86_400)?;
        between(field("max_age"), rule.max_age, 1, 86_400)?;
        if rule.deviation > Fraction::ONE {
            return Err(refused(
                field("deviation"),
                rule.deviation,
                "must be 0 to 1",
            ));
        }
        if rules.insert(name.clone(), rule).is_some() {
            return Err(refused("assets", name, "must stand there once"));
        }
    }
    Ok(rules)
}

/// Where the prices of HTTP sources stand, by document.
pub(super) fn documents(assets: &[AssetFile]) -> Result<BTreeMap<String, Vec<Place>>, FeederError> {
    let mut documents: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for asset in assets {
        let name = &asset.asset;
        let field = |field| format!("{name}: {field}");
        let needed = "is needed where prices come from HTTP";
        if let Some(symbol) = &asset.symbol {
            return Err(refused(
                field("symbol"),
                symbol,
                "is for a replayed file only",
            ));
        }
        let url = asset.url.as_ref();
        let url = url.ok_or_else(|| refused(field("url"), "", needed))?;
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(refused(field("url"), url, "must be http://… or https://…"));
        }
        let pointer = asset.price.as_ref();
        let price = pointer.ok_or_else(|| refused(field("price"), "", needed))?;
        for (name, pointer) in [
            ("price", Some(price)),
            ("conf", asset.conf.as_ref()),
            ("time", asset.time.as_ref()),
        ] {
            if let Some(pointer) = pointer.filter(|pointer| !is_pointer(pointer)) {
                return Err(refused(
                    field(name),
                    pointer,
                    "must be a JSON pointer: /a/0/b",
                ));
            }
        }
        if asset.exponent.abs() > MAX_EXPONENT {
            return Err(refused(
                field("exponent"),
                asset.exponent,
                "must be -36 to 36",
            ));
        }
        let bound = "is needed: a price beyond is not believed";
        let min = asset.min.ok_or_else(|| refused(field("min"), "", bound))?;
        let max = asset.max.ok_or_else(|| refused(field("max"), "", bound))?;
        if min.is_zero() || min > max {
            let bound = "must be above zero and at most max";
            return Err(refused(field("min"), min, bound));
        }
        documents.entry(url.clone()).or_default().push(Place {
            asset: name.clone(),
            price: price.clone(),
            exponent: asset.exponent,
            conf: asset.conf.clone(),
            time: asset.time.clone(),
            time_unit: asset.time_unit,
            min,
            max,
        });
    }
    Ok(documents)
}

/// The columns of a replayed file, by asset.
pub(super) fn columns(
    assets: &[AssetFile],
    table: &PriceTable,
) -> Result<Vec<(String, usize)>, FeederError> {
    let mut columns = Vec::new();
    for asset in assets {
        let field = |field| format!("{}: {field}", asset.asset);
        let needed = "is needed where a file is replayed";
        let symbol = asset.symbol.as_ref();
        let symbol = symbol.ok_or_else(|| refused(field("symbol"), "", needed))?;
        if let Some(url) = &asset.url {
            return Err(refused(field("url"), url, "a file is replayed"));
        }
        let mut symbols = table.columns.iter();
        let column = symbols.position(|column| column.symbol.eq_ignore_ascii_case(symbol));
        let column =
            column.ok_or_else(|| refused(field("symbol"), symbol, "is no column of the file"))?;
        columns.push((asset.asset.clone(), column));
    }
    Ok(columns)
}

/// Empty for the document itself, else parts that each begin with a slash.
fn is_pointer(text: &str) -> bool {
    text.is_empty() || text.starts_with('/')
}
