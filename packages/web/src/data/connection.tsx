import { type Bulwark, type Network, parseNetwork } from "@bulwark/client";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { AssetsProvider } from "./assets-provider";
import { heardOf } from "./block";
import { Gathering } from "./gathering";
import { touchedBy } from "./topics";
import { unsettledOf } from "./unsettled";

/** Whether figures are kept up to date. */
export type Live = "connecting" | "live" | "polling" | "offline";

interface Connection {
  readonly network: Network;
  /** Absent until the node has answered for the first time. */
  readonly bulwark: Bulwark | undefined;
  readonly live: Live;
  /** Why there is no connection. */
  readonly error: Error | undefined;
}

const ConnectionContext = createContext<Connection | undefined>(undefined);

/** How long to wait before the node is tried again, in milliseconds. */
const retryAfter = 3000;

/** The part of the client that speaks with a chain. */
export const loadChain = () => import("./chain");

/** The configuration beside the page. */
async function fetchNetwork(signal: AbortSignal): Promise<Network> {
  const response = await fetch("./config.json", { signal, cache: "no-store" });
  if (!response.ok) {
    throw new Error(`config.json beside this page: the server answers ${response.status}`);
  }
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`config.json beside this page is not JSON: ${asProblem(error).message}`);
  }
  return parseNetwork(json);
}

/**
 * Reads the configuration, connects to its node, tries again until it answers, and has queries
 * asked again when the chain says that something changed.
 */
export function ConnectionProvider(props: {
  children: ReactNode;
  /** Stands in the page's place while there is no configuration, or a wrong one. */
  fallback: (error: Error | undefined) => ReactNode;
}) {
  const [network, setNetwork] = useState<Network>();
  const [problem, setProblem] = useState<Error>();
  useEffect(() => {
    const aborter = new AbortController();
    // Needed as soon as the configuration is there; whether it fails is seen then.
    loadChain().catch(() => undefined);
    fetchNetwork(aborter.signal).then(setNetwork, (error: unknown) => {
      if (!aborter.signal.aborted) setProblem(asProblem(error));
    });
    return () => aborter.abort();
  }, []);
  if (network === undefined) return props.fallback(problem);
  return <Connected network={network}>{props.children}</Connected>;
}

function Connected(props: { network: Network; children: ReactNode }) {
  const { network } = props;
  const queries = useQueryClient();
  const [bulwark, setBulwark] = useState<Bulwark>();
  const [live, setLive] = useState<Live>("connecting");
  const [error, setError] = useState<Error>();

  useEffect(() => {
    let open: Bulwark | undefined;
    let closed = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attempt = () => {
      const connected = loadChain().then(({ connect }) =>
        connect(network, { memory: (address) => unsettledOf(network.chainId, address) }),
      );
      connected.then(
        (client) => {
          if (closed) return client.close();
          open = client;
          setBulwark(client);
          setError(undefined);
        },
        (reason: unknown) => {
          if (closed) return;
          setLive("offline");
          setError(asProblem(reason));
          timer = setTimeout(attempt, retryAfter);
        },
      );
    };
    attempt();
    return () => {
      closed = true;
      clearTimeout(timer);
      open?.close();
    };
  }, [network]);

  useEffect(() => {
    if (bulwark === undefined) return;
    let before: Live = "connecting";
    const gathering = new Gathering((topics) => {
      const touched = new Set<unknown>(topics);
      void queries.invalidateQueries({ predicate: (query) => touched.has(query.queryKey[0]) });
    });
    const unsubscribe = bulwark.subscribe((update) => {
      switch (update.kind) {
        case "state":
          setLive(update.state);
          // Whatever was asked meanwhile got no answer.
          if (before === "offline" && update.state !== "offline") void queries.invalidateQueries();
          before = update.state;
          return;
        case "block":
          heardOf({ height: update.height, time: update.time });
          return;
        case "gap":
          void queries.invalidateQueries();
          return;
        case "events":
          gathering.touch(touchedBy(update.events));
      }
    });
    return () => {
      gathering.stop();
      unsubscribe();
    };
  }, [bulwark, queries]);

  const connection = useMemo(
    () => ({ network, bulwark, live, error }),
    [network, bulwark, live, error],
  );
  return (
    <ConnectionContext value={connection}>
      <AssetsProvider>{props.children}</AssetsProvider>
    </ConnectionContext>
  );
}

function asProblem(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** The connection's state. */
export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (connection === undefined) throw new Error("useConnection outside of ConnectionProvider");
  return connection;
}

/** The network that the page is configured for. */
export function useNetwork(): Network {
  return useConnection().network;
}

/** The client, once the node has answered. */
export function useBulwark(): Bulwark | undefined {
  return useConnection().bulwark;
}
