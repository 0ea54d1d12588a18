//! The nodes' configuration files: what wasmd's `init` wrote, with what a local network changes.

use toml::{Table, Value};

use crate::denoms::FEE_DENOM;
use crate::ports::NodePorts;

/// What a unit of gas costs at least, in [`FEE_DENOM`], where it is not free.
pub(crate) const GAS_PRICE: &str = "0.025";

/// Pages that may ask a node: those of this machine, whatever port they come from.
const ORIGINS: [&str; 2] = ["http://127.0.0.1:*", "http://localhost:*"];

/// A peer, as nodes name each other.
pub(crate) fn peer(id: &str, ports: NodePorts) -> String {
    format!("{id}@127.0.0.1:{}", ports.p2p)
}

/// Edits `config.toml`: CometBFT. None if a section is missing.
pub(crate) fn edit_comet(config: &mut Table, ports: NodePorts, peers: &[String]) -> Option<()> {
    let rpc = section(config, "rpc")?;
    set(rpc, "laddr", format!("tcp://127.0.0.1:{}", ports.rpc));
    set(rpc, "cors_allowed_origins", ORIGINS.to_vec());
    // Would listen on a port of its own.
    set(rpc, "pprof_laddr", "");
    let p2p = section(config, "p2p")?;
    set(p2p, "laddr", format!("tcp://127.0.0.1:{}", ports.p2p));
    set(p2p, "persistent_peers", peers.join(","));
    set(p2p, "pex", false);
    // All peers have the same address, and one that is not of the public internet.
    set(p2p, "addr_book_strict", false);
    set(p2p, "allow_duplicate_ip", true);
    // Nodes come and go in tests: look for them again soon.
    set(p2p, "persistent_peers_max_dial_period", "2s");
    let consensus = section(config, "consensus")?;
    set(consensus, "timeout_commit", "500ms");
    // How long the others wait for a node that is down, when it is its turn.
    set(consensus, "timeout_propose", "1s");
    let instrumentation = section(config, "instrumentation")?;
    set(instrumentation, "prometheus", false);
    Some(())
}

/// Edits `app.toml`: the application. None if a section is missing.
pub(crate) fn edit_app(config: &mut Table, gas_price: &str) -> Option<()> {
    set(
        config,
        "minimum-gas-prices",
        format!("{gas_price}{FEE_DENOM}"),
    );
    // Everything goes through the RPC; each of these would listen on a port of its own.
    for name in ["api", "grpc", "grpc-web"] {
        set(section(config, name)?, "enable", false);
    }
    Some(())
}

fn section<'a>(config: &'a mut Table, name: &str) -> Option<&'a mut Table> {
    config.get_mut(name)?.as_table_mut()
}

fn set(table: &mut Table, key: &str, value: impl Into<Value>) {
    table.insert(key.into(), value.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTS: NodePorts = NodePorts {
        rpc: 26_657,
        p2p: 26_656,
    };

    #[test]
    fn nodes_listen_on_this_machine_only() {
        let mut config: Table =
            "[rpc]\nladdr = \"tcp://0.0.0.0:26657\"\npprof_laddr = \"localhost:6060\"\n\
             [p2p]\nladdr = \"tcp://0.0.0.0:26656\"\n[consensus]\n[instrumentation]\n"
                .parse()
                .unwrap();
        edit_comet(&mut config, PORTS, &[peer("ab", PORTS), peer("cd", PORTS)]).unwrap();
        let text = config.to_string();
        assert!(
            !text.contains("0.0.0.0") && !text.contains("6060"),
            "{text}"
        );
        assert_eq!(
            config["p2p"]["persistent_peers"].as_str(),
            Some("ab@127.0.0.1:26656,cd@127.0.0.1:26656")
        );
        assert_eq!(
            config["consensus"]["timeout_commit"].as_str(),
            Some("500ms")
        );
    }

    #[test]
    fn the_application_listens_nowhere() {
        let mut config: Table = "[api]\nenable = true\n[grpc]\nenable = true\n[grpc-web]\n"
            .parse()
            .unwrap();
        edit_app(&mut config, GAS_PRICE).unwrap();
        for name in ["api", "grpc", "grpc-web"] {
            assert_eq!(config[name]["enable"].as_bool(), Some(false), "{name}");
        }
        assert_eq!(config["minimum-gas-prices"].as_str(), Some("0.025ustake"));
    }

    #[test]
    fn a_configuration_of_another_form_is_noticed() {
        assert!(edit_comet(&mut Table::new(), PORTS, &[]).is_none());
        assert!(edit_app(&mut Table::new(), GAS_PRICE).is_none());
    }
}
