//! What is read out of a JSON document: pure.

use bulwark_risk::units::Price;
use bulwark_simulator::prices::timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::SourceError;
use crate::observation::Observation;
use crate::price;

/// Longer values are cut in errors.
const SHOWN: usize = 60;

/// How a document writes times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Seconds since 1970, as a number or a text.
    #[default]
    Seconds,
    /// Milliseconds since 1970, as a number or a text.
    Milliseconds,
    /// A text such as `2020-03-07T01:00:00Z`, in UTC; fractions of a second are dropped.
    Rfc3339,
}

impl TimeUnit {
    const fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Rfc3339 => "RFC 3339",
        }
    }
}

/// Where an asset's price stands in a document, and within which bounds it is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Asset, as the oracle names it.
    pub asset: String,
    /// JSON pointer to the price, USD per whole token: a number, or a decimal number as text.
    pub price: String,
    /// The price is multiplied by ten to the power of this.
    pub exponent: i32,
    /// JSON pointer to its uncertainty, in the same form.
    pub conf: Option<String>,
    /// JSON pointer to the time at which the source saw it.
    pub time: Option<String>,
    /// In which form that is.
    pub time_unit: TimeUnit,
    /// The least that is believed, USD per whole token.
    pub min: Price,
    /// The most that is believed, USD per whole token.
    pub max: Price,
}

impl Place {
    /// Reads an observation. Without a time of the source it is as of `asked_at`, when the
    /// document was asked for, in seconds.
    ///
    /// # Errors
    /// [`SourceError`].
    pub fn read(&self, document: &Value, asked_at: u64) -> Result<Observation, SourceError> {
        let price = self.price_at(document, &self.price)?;
        if price < self.min || price > self.max {
            return Err(SourceError::OutOfBounds {
                price,
                min: self.min,
                max: self.max,
            });
        }
        let conf = match &self.conf {
            // Certain is what says so: zero is no price, but an uncertainty.
            Some(pointer) if is_zero(find(document, pointer)?) => Some(Price::ZERO),
            Some(pointer) => Some(self.price_at(document, pointer)?),
            None => None,
        };
        let seen_at = match &self.time {
            Some(pointer) => self.time_at(document, pointer)?,
            None => asked_at,
        };
        Ok(Observation {
            asset: self.asset.clone(),
            price,
            conf,
            seen_at,
        })
    }

    fn price_at(&self, document: &Value, pointer: &str) -> Result<Price, SourceError> {
        let found = find(document, pointer)?;
        let text = match found {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let price = text.and_then(|text| price::of_text(&text, self.exponent));
        price.ok_or_else(|| SourceError::NotAPrice {
            pointer: pointer.into(),
            found: shown(found),
        })
    }

    fn time_at(&self, document: &Value, pointer: &str) -> Result<u64, SourceError> {
        let found = find(document, pointer)?;
        let number = || match found {
            Value::Number(number) => number.as_u64().or_else(|| {
                number
                    .as_f64()
                    .filter(|time| *time > 0.0)
                    .map(|time| time as u64)
            }),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let time = match self.time_unit {
            TimeUnit::Seconds => number(),
            TimeUnit::Milliseconds => number().map(|time| time / 1_000),
            TimeUnit::Rfc3339 => found.as_str().and_then(rfc3339),
        };
        time.ok_or_else(|| SourceError::NotATime {
            pointer: pointer.into(),
            found: shown(found),
            unit: self.time_unit.name(),
        })
    }
}

fn find<'a>(document: &'a Value, pointer: &str) -> Result<&'a Value, SourceError> {
    let found = document.pointer(pointer);
    found.ok_or_else(|| SourceError::Missing {
        pointer: pointer.into(),
    })
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.trim().parse() == Ok(0.0),
        _ => false,
    }
}

fn rfc3339(text: &str) -> Option<u64> {
    match text.split_once('.') {
        Some((seconds, _)) => {
            timestamp::parse(&format!("{seconds}Z")).filter(|_| text.ends_with('Z'))
        }
        None => timestamp::parse(text),
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place() -> Place {
        Place {
            asset: "uatom".into(),
            price: "/data/0/usd".into(),
            exponent: 0,
            conf: None,
            time: None,
            time_unit: TimeUnit::Seconds,
            min: "0.5".parse().unwrap(),
            max: "1000".parse().unwrap(),
        }
    }

    #[test]
    fn a_price_is_a_number_or_a_text() {
        for (usd, price) in [
            (json!(12.5), "12.5"),
            (json!("12.50"), "12.5"),
            (json!(7), "7"),
        ] {
            let seen = place()
                .read(&json!({"data": [{ "usd": usd }]}), 99)
                .unwrap();
            assert_eq!((seen.price.to_string().as_str(), seen.seen_at), (price, 99));
        }
    }

    #[test]
    fn price_uncertainty_and_time_of_pyth_are_understood() {
        let place = Place {
            price: "/price/price".into(),
            exponent: -8,
            conf: Some("/price/conf".into()),
            time: Some("/price/publish_time".into()),
            max: "100000".parse().unwrap(),
            ..place()
        };
        let document = json!({"price": {
            "price": "6140993501000", "conf": "3287868567", "expo": -8, "publish_time": 1_714_746_101,
        }});
        let seen = place.read(&document, 1).unwrap();
        assert_eq!(seen.price.to_string(), "61409.93501");
        assert_eq!(seen.conf.unwrap().to_string(), "32.87868567");
        assert_eq!(seen.seen_at, 1_714_746_101);
    }

    #[test]
    fn times_are_read_in_the_unit_that_is_said() {
        for (unit, time) in [
            (TimeUnit::Seconds, json!(1_583_542_800)),
            (TimeUnit::Seconds, json!(1_583_542_800.9)),
            (TimeUnit::Seconds, json!("1583542800")),
            (TimeUnit::Milliseconds, json!(1_583_542_800_999_u64)),
            (TimeUnit::Rfc3339, json!("2020-03-07T01:00:00Z")),
            (TimeUnit::Rfc3339, json!("2020-03-07T01:00:00.999Z")),
        ] {
            let place = Place {
                time: Some("/at".into()),
                time_unit: unit,
                price: "/usd".into(),
                ..place()
            };
            let seen = place.read(&json!({"usd": 1, "at": time}), 1).unwrap();
            assert_eq!(seen.seen_at, 1_583_542_800, "{time}");
        }
        let place = Place {
            time: Some("/at".into()),
            price: "/usd".into(),
            ..place()
        };
        for time in [
            json!("2020-03-07T01:00:00Z"),
            json!(-1),
            json!(null),
            json!([]),
        ] {
            let refused = place.read(&json!({"usd": 1, "at": time}), 1).unwrap_err();
            assert!(matches!(refused, SourceError::NotATime { .. }), "{refused}");
        }
    }

    #[test]
    fn absurd_values_are_no_prices() {
        for usd in [
            json!(0),
            json!(-3),
            json!("NaN"),
            json!(1e300),
            json!(null),
            json!({"usd": 1}),
            json!(true),
        ] {
            let refused = place()
                .read(&json!({"data": [{ "usd": usd }]}), 1)
                .unwrap_err();
            assert!(
                matches!(refused, SourceError::NotAPrice { .. }),
                "{refused}"
            );
        }
        for usd in [0.499, 1000.01] {
            let refused = place()
                .read(&json!({"data": [{ "usd": usd }]}), 1)
                .unwrap_err();
            assert!(
                matches!(refused, SourceError::OutOfBounds { .. }),
                "{refused}"
            );
        }
        let refused = place().read(&json!({"data": []}), 1).unwrap_err();
        assert!(matches!(refused, SourceError::Missing { .. }), "{refused}");
    }

    #[test]
    fn no_uncertainty_is_an_uncertainty() {
        let place = Place {
            price: "/usd".into(),
            conf: Some("/conf".into()),
            ..place()
        };
        let seen = place.read(&json!({"usd": 1, "conf": "0"}), 1).unwrap();
        assert_eq!(seen.conf, Some(Price::ZERO));
        assert!(place.read(&json!({"usd": 1, "conf": "-1"}), 1).is_err());
        assert!(place.read(&json!({"usd": 1}), 1).is_err());
    }
}
