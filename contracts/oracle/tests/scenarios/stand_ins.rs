//! Contracts of others that the oracle asks, played by the stand-in.

use bulwark_risk::units::Fraction;
use bulwark_test_sources::contract;
use bulwark_test_sources::msg::{Behaviour, ExecuteMsg, InstantiateMsg, PythPrice};
use bulwark_types::events::SourceAsked;
use bulwark_types::oracle::{self, Feed, RedemptionRate, Source, SourceReport};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Binary, Int64, Uint64};
use cw_multi_test::{AppResponse, ContractWrapper, Executor};

use crate::world::{ATOM, World, events, posted};

/// The liquid-staked asset that scenarios about redemption rates are about.
pub const STATOM: &str = "stuatom";

/// Pyth's id of ATOM.
pub const ATOM_ID: &str = "b00b60f88b03a6a625a8d1c048c3f66653edf217439983d037e7222c4e612819";

/// A day in seconds.
pub const DAY: u64 = 86_400;

/// Who tells a rate, and in which shape.
#[derive(Clone, Copy, Debug)]
pub enum Teller {
    /// The adapters of Stride and Drop.
    Adapter,
    /// Drop's core.
    Core,
    /// An Eris hub.
    Hub,
}

/// A rate that may be a day old and grow by 20 % a year.
pub fn rate(teller: Teller, contract: &Addr) -> RedemptionRate {
    let keys = |path: &[&str]| path.iter().map(|key| (*key).to_owned()).collect();
    let (query, path, time_path) = match teller {
        Teller::Adapter => (
            r#"{"redemption_rate":{"denom":"stuatom","params":null}}"#,
            keys(&["redemption_rate"]),
            Some(keys(&["update_time"])),
        ),
        Teller::Core => (r#"{"exchange_rate":{}}"#, Vec::new(), None),
        Teller::Hub => (r#"{"state":{}}"#, keys(&["exchange_rate"]), None),
    };
    RedemptionRate {
        base: ATOM.into(),
        contract: contract.to_string(),
        query: Binary::from(query.as_bytes()),
        path,
        time_path,
        max_rate_age: DAY,
        growth_cap: Fraction::percent(20),
    }
}

pub fn pyth(contract: &Addr) -> Source {
    Source::Pyth {
        contract: contract.to_string(),
        feed_id: ATOM_ID.into(),
    }
}

/// A feed of these sources.
pub fn feed_of(depositable: bool, sources: impl IntoIterator<Item = Source>) -> Feed {
    Feed {
        sources: sources.into_iter().collect(),
        depositable,
        ..posted()
    }
}

impl World {
    /// Another stand-in.
    pub fn stand_in(&mut self) -> Addr {
        let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query);
        let code_id = self.app.store_code(Box::new(code));
        self.app
            .instantiate_contract(
                code_id,
                self.owner.clone(),
                &InstantiateMsg {},
                &[],
                "stand-in",
                None,
            )
            .unwrap()
    }

    pub fn tell(&mut self, stand_in: &Addr, msg: &ExecuteMsg) {
        self.app
            .execute_contract(self.stranger.clone(), stand_in.clone(), msg, &[])
            .unwrap();
    }

    /// Has Pyth say a price in cents ± cents, as of so many seconds ago.
    pub fn pyth_says(&mut self, stand_in: &Addr, cents: i64, conf: u64, age: i64) {
        let publish_time = i64::try_from(self.now()).unwrap() - age;
        let price = PythPrice {
            price: Int64::new(cents),
            conf: Uint64::new(conf),
            expo: -2,
            publish_time,
        };
        let id = ATOM_ID.into();
        self.tell(stand_in, &ExecuteMsg::SetPrice { id, price });
    }

    /// Has the contract of a staked asset say a rate as of now.
    pub fn rate_is(&mut self, stand_in: &Addr, rate: &str) {
        let update_time = self.now();
        self.rate_was(stand_in, rate, update_time);
    }

    pub fn rate_was(&mut self, stand_in: &Addr, rate: &str, update_time: u64) {
        let rate = rate.parse().unwrap();
        self.tell(stand_in, &ExecuteMsg::SetRate { rate, update_time });
    }

    pub fn behave(&mut self, stand_in: &Addr, behaviour: Behaviour) {
        self.tell(stand_in, &ExecuteMsg::Behave(behaviour));
    }

    /// A stranger has the sources of assets asked.
    pub fn refresh(&mut self, assets: &[&str]) -> Result<AppResponse, WireError> {
        let assets = assets.iter().map(|asset| (*asset).to_owned()).collect();
        let stranger = self.stranger.clone();
        self.execute(&stranger, &oracle::ExecuteMsg::Refresh { assets })
    }

    /// The same for one asset; how each of its sources answered.
    pub fn asked(&mut self, asset: &str) -> Vec<String> {
        let response = self.refresh(&[asset]).unwrap();
        let asked: Vec<SourceAsked> = events(&response);
        asked.into_iter().map(|asked| asked.outcome).collect()
    }

    pub fn reports(&self, asset: &str) -> Vec<SourceReport> {
        self.feed(asset).unwrap().sources
    }
}
