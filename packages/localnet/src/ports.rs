//! Ports: chosen ones are checked, free ones found.

use std::net::{Ipv4Addr, TcpListener};
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::error::{LocalnetError, Result};
use crate::spec::{PORTS_PER_NODE, Ports, Spec, USUAL_PORT};

/// Where one node listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NodePorts {
    pub(crate) rpc: u16,
    pub(crate) p2p: u16,
}

/// The ports of all nodes. Whether they are free is another question.
pub(crate) fn choose(spec: &Spec) -> Result<Vec<NodePorts>> {
    let from = |first: u16| {
        let numbers = (0..spec.nodes as u16).map(|node| first + node * PORTS_PER_NODE);
        let ports = numbers.map(|rpc| NodePorts { rpc, p2p: rpc - 1 });
        Ok(ports.collect())
    };
    match spec.ports {
        Ports::Usual => from(USUAL_PORT),
        Ports::From(first) => from(first),
        Ports::Free => free(spec.nodes),
    }
}

/// Refuses a port that something listens on.
pub(crate) fn assert_free(node: usize, ports: NodePorts) -> Result<()> {
    for (port, purpose) in [(ports.rpc, "RPC"), (ports.p2p, "peers")] {
        if listen(port).is_none() {
            return Err(LocalnetError::PortInUse {
                port,
                purpose,
                node,
            });
        }
    }
    Ok(())
}

/// The same for all nodes.
pub(crate) fn assert_all_free(ports: &[NodePorts]) -> Result<()> {
    let mut numbered = ports.iter().enumerate();
    numbered.try_for_each(|(node, ports)| assert_free(node, *ports))
}

/// Where free ports are looked for: below those that a system hands out by itself (32768 and more on
/// Linux, 49152 and more elsewhere). One of these may become some connection's own end between the
/// moment that it was found free and the one in which its node listens.
const FREE: RangeInclusive<u16> = 10_000..=32_000;

/// Ports that nothing listens on, from a place that differs with each call: networks that start at
/// the same time shall not find the same ones.
fn free(nodes: usize) -> Result<Vec<NodePorts>> {
    let start = getrandom::u32().unwrap_or_default() as usize % FREE.len();
    let around = FREE.skip(start).chain(FREE.take(start));
    let ports: Vec<u16> = around
        .filter(|port| listen(*port).is_some())
        .take(2 * nodes)
        .collect();
    if ports.len() < 2 * nodes {
        return Err(LocalnetError::Value {
            field: "nodes",
            value: nodes.to_string(),
            bound: "must not need more ports than the system has free",
        });
    }
    Ok(ports
        .chunks_exact(2)
        .map(|pair| NodePorts {
            rpc: pair[0],
            p2p: pair[1],
        })
        .collect())
}

fn listen(port: u16) -> Option<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn chosen_ports_leave_each_node_its_own() {
        let mut spec = Spec::new(PathBuf::from("/tmp/network"));
        spec.nodes = 4;
        let ports = choose(&spec).unwrap();
        let rpc: Vec<u16> = ports.iter().map(|ports| ports.rpc).collect();
        assert_eq!(rpc, [26_657, 26_667, 26_677, 26_687]);
        assert_eq!(ports[1].p2p, 26_666);
    }

    #[test]
    fn free_ports_differ() {
        let mut all: Vec<u16> = free(8)
            .unwrap()
            .iter()
            .flat_map(|ports| [ports.rpc, ports.p2p])
            .collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 16);
        assert!(all.iter().all(|port| FREE.contains(port)), "{all:?}");
    }

    #[test]
    fn a_port_in_use_is_named() {
        let listener = listen(0).unwrap();
        let taken = listener.local_addr().unwrap().port();
        let other = free(1).unwrap()[0];
        let ports = NodePorts {
            rpc: other.rpc,
            p2p: taken,
        };
        match assert_free(2, ports).unwrap_err() {
            LocalnetError::PortInUse {
                port,
                purpose: "peers",
                node: 2,
            } => assert_eq!(port, taken),
            unexpected => panic!("{unexpected}"),
        }
    }
}
