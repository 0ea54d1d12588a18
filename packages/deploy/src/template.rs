//! What feeds and markets of a deployment file have unless they say otherwise.

use bulwark_types::oracle::Feed;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::file::Market;

/// The tables `template.feed` and `template.market`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Template {
    feed: Table,
    market: Table,
}

impl Template {
    /// An asset's table with what it does not name itself.
    pub fn complete(&self, mut asset: Table) -> Table {
        for (part, template) in [("feed", &self.feed), ("market", &self.market)] {
            if part == "feed" && !template.is_empty() {
                asset
                    .entry(part)
                    .or_insert_with(|| Value::Table(Table::new()));
            }
            let Some(Value::Table(own)) = asset.get_mut(part) else {
                continue;
            };
            *own = completed(template, own, None);
        }
        asset
    }

    /// The table of a value that is refused where an asset has it from here.
    pub fn slip(&self, asset: &Table) -> Option<&'static str> {
        let nothing = Table::new();
        let own = |part| asset.get(part).and_then(Value::as_table);
        if has_slip::<Feed>(&self.feed, own("feed").unwrap_or(&nothing)) {
            return Some("template.feed");
        }
        let is_slip = own("market").is_some_and(|own| has_slip::<Market>(&self.market, own));
        is_slip.then_some("template.market")
    }
}

/// What a table has itself, then what a template has, one key aside.
fn completed(template: &Table, own: &Table, without: Option<&str>) -> Table {
    let mut table = own.clone();
    for (key, value) in template {
        if without != Some(key) && !own.contains_key(key) {
            table.insert(key.clone(), value.clone());
        }
    }
    table
}

/// Whether one of the template's values is why a table is refused: without it there is another
/// complaint, or none.
fn has_slip<T: DeserializeOwned>(template: &Table, own: &Table) -> bool {
    let complaint = |without| {
        let table = Value::Table(completed(template, own, without));
        let read: Result<T, toml::de::Error> = table.try_into();
        read.err().map(|error| error.message().to_owned())
    };
    let Some(first) = complaint(None).filter(|first| !first.starts_with("missing field")) else {
        return false;
    };
    let mut keys = template.keys().filter(|key| !own.contains_key(*key));
    keys.any(|key| complaint(Some(key)).as_ref() != Some(&first))
}
