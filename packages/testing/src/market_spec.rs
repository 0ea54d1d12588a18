//! A market of a world, from its symbol to its listing.

use bulwark_risk::haircut::AssetRisk;
use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Fraction, Price};
use bulwark_types::oracle::Feed;
use bulwark_types::vault::{FamilyListing, Limits, MarketListing};
use bulwark_types::wire::WireError;
use cosmwasm_std::Checksum;

use crate::defaults;
use crate::error::scenario_error;
use crate::terms::Quantity;

/// Liquidity of a market that does not say: 50 million USD at its first price.
const LIQUIDITY_USD: u128 = 50_000_000;

type Edit<T> = Box<dyn FnOnce(&mut T)>;

/// What a market of a world is made of. Amounts are in whole tokens.
pub struct MarketSpec {
    /// Symbol, by which scenarios name it.
    pub symbol: String,
    /// The asset: a bank denom; of a CW20 token known once the world has made it.
    pub denom: String,
    /// Decimals of the token.
    pub decimals: u8,
    /// First price, USD per whole token.
    pub price: String,
    /// Whether the world makes a CW20 token for it.
    pub is_cw20: bool,
    family: Family,
    volatility: Fraction,
    liquidity: Option<Quantity>,
    deposit_cap: Option<Quantity>,
    borrow_cap: Option<Quantity>,
    edit_listing: Vec<Edit<MarketListing>>,
    edit_feed: Vec<Edit<Feed>>,
}

enum Family {
    Crypto,
    Usd,
    Member { of: String },
}

/// A market's settings in the contracts' own terms.
pub(crate) struct Terms {
    pub(crate) feed: Feed,
    pub(crate) listing: MarketListing,
    pub(crate) first_price: Price,
}

impl MarketSpec {
    /// The base asset of a family of its own in the group `crypto`: 6 decimals, 1 USD, 4 % a
    /// day.
    #[must_use]
    pub fn crypto(symbol: &str) -> Self {
        Self::new(symbol, Family::Crypto, Fraction::percent(4))
    }

    /// The base asset of a family of its own in the group `usd`: 6 decimals, 1 USD, 0.2 % a
    /// day.
    #[must_use]
    pub fn usd(symbol: &str) -> Self {
        Self::new(symbol, Family::Usd, Fraction::basis_points(20))
    }

    /// An asset redeemable into the base asset of another market: 6 decimals, 1 USD.
    #[must_use]
    pub fn member(symbol: &str, of: &str) -> Self {
        Self::new(
            symbol,
            Family::Member { of: of.into() },
            Fraction::percent(4),
        )
    }

    fn new(symbol: &str, family: Family, volatility: Fraction) -> Self {
        Self {
            symbol: symbol.into(),
            denom: ibc_denom(symbol),
            decimals: 6,
            price: "1".into(),
            is_cw20: false,
            family,
            volatility,
            liquidity: None,
            deposit_cap: None,
            borrow_cap: None,
            edit_listing: Vec::new(),
            edit_feed: Vec::new(),
        }
    }

    /// Another denom than the `ibc/…` made of the symbol.
    #[must_use]
    pub fn with_denom(mut self, denom: &str) -> Self {
        self.denom = denom.into();
        self
    }

    /// A CW20 token of its own instead of a bank denom.
    #[must_use]
    pub fn as_cw20(mut self) -> Self {
        self.is_cw20 = true;
        self
    }

    /// Decimals of the token.
    #[must_use]
    pub fn with_decimals(mut self, decimals: u8) -> Self {
        self.decimals = decimals;
        self
    }

    /// First price, USD per whole token.
    #[must_use]
    pub fn with_price(mut self, price: impl ToString) -> Self {
        self.price = price.to_string();
        self
    }

    /// Volatility per √day that the feed starts with.
    #[must_use]
    pub fn with_volatility(mut self, volatility: Fraction) -> Self {
        self.volatility = volatility;
        self
    }

    /// What the market can take within a day; 50 million USD at the first price by default.
    /// Both caps follow it.
    #[must_use]
    pub fn with_liquidity(mut self, liquidity: impl Into<Quantity>) -> Self {
        self.liquidity = Some(liquidity.into());
        self
    }

    /// Cap of all deposits; the liquidity by default.
    #[must_use]
    pub fn with_deposit_cap(mut self, cap: impl Into<Quantity>) -> Self {
        self.deposit_cap = Some(cap.into());
        self
    }

    /// Cap of all debts; the liquidity by default.
    #[must_use]
    pub fn with_borrow_cap(mut self, cap: impl Into<Quantity>) -> Self {
        self.borrow_cap = Some(cap.into());
        self
    }

    /// Edits the listing before it is sent.
    #[must_use]
    pub fn with_listing(mut self, edit: impl FnOnce(&mut MarketListing) + 'static) -> Self {
        self.edit_listing.push(Box::new(edit));
        self
    }

    /// Edits the feed before it is sent.
    #[must_use]
    pub fn with_feed(mut self, edit: impl FnOnce(&mut Feed) + 'static) -> Self {
        self.edit_feed.push(Box::new(edit));
        self
    }

    /// Resolves the settings, given the denoms of the markets listed before.
    pub(crate) fn terms(&mut self, listed: &[Self]) -> Result<Terms, WireError> {
        let refused = |what: &str| scenario_error(format_args!("{}: {what}", self.symbol));
        let first_price: Price = self
            .price
            .parse()
            .map_err(|error| refused(&format!("{error}")))?;
        let liquidity = match &self.liquidity {
            Some(liquidity) => liquidity.units(self.decimals)?,
            None => default_liquidity(first_price, self.decimals)
                .ok_or_else(|| refused("no liquidity fits the price"))?,
        };
        let cap = |cap: &Option<Quantity>| match cap {
            Some(cap) => cap.units(self.decimals),
            None => Ok(liquidity),
        };
        let base = |group: &str, haircut| FamilyListing::Base {
            group: group.into(),
            group_correlation: defaults::GROUP_CORRELATION,
            family_correlation: defaults::FAMILY_CORRELATION,
            haircut,
        };
        let (family, extra_haircut) = match &self.family {
            Family::Crypto => (base("crypto", defaults::CRYPTO_HAIRCUT), Fraction::ZERO),
            Family::Usd => (base("usd", defaults::USD_HAIRCUT), Fraction::ZERO),
            Family::Member { of } => {
                let base = listed
                    .iter()
                    .find(|market| market.symbol == *of || market.denom == *of)
                    .ok_or_else(|| refused(&format!("its base {of} is not listed before it")))?;
                let of = base.denom.clone();
                (FamilyListing::Member { of }, defaults::MEMBER_EXTRA)
            }
        };
        let mut listing = MarketListing {
            asset: self.denom.clone(),
            decimals: self.decimals,
            family,
            risk: AssetRisk {
                extra_haircut,
                liquidity,
                size_cap: defaults::SIZE_CAP,
            },
            interest: defaults::INTEREST,
            reserve_factor: defaults::RESERVE_FACTOR,
            limits: Limits {
                deposit_cap: cap(&self.deposit_cap)?,
                borrow_cap: cap(&self.borrow_cap)?,
                max_utilisation: defaults::MAX_UTILISATION,
                counterparty_share: defaults::COUNTERPARTY_SHARE,
                // No limit: few scenarios are about it, and most empty a pool at some time.
                outflow_share: Fraction::ONE,
            },
            deposit_enabled: true,
            borrow_enabled: true,
        };
        let mut feed = defaults::feed(self.volatility);
        for edit in self.edit_listing.drain(..) {
            edit(&mut listing);
        }
        for edit in self.edit_feed.drain(..) {
            edit(&mut feed);
        }
        Ok(Terms {
            feed,
            listing,
            first_price,
        })
    }
}

/// [`LIQUIDITY_USD`] in smallest units, within what the vault takes.
fn default_liquidity(price: Price, decimals: u8) -> Option<Amount> {
    let usd = LIQUIDITY_USD.checked_mul(10u128.checked_pow(18)?)?;
    let value = bulwark_risk::units::Usd::from_magnitude(usd).ok()?;
    let units = price
        .amount_floor(value, decimals)
        .unwrap_or(Amount(u128::MAX));
    Some(Amount(units.0.clamp(1, AMOUNT_LIMIT.saturating_sub(1))))
}

/// A denom as tokens from another chain have it.
fn ibc_denom(symbol: &str) -> String {
    let hash = Checksum::generate(format!("transfer/channel-0/{symbol}").as_bytes());
    format!("ibc/{}", hash.to_hex().to_uppercase())
}
