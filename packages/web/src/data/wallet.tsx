import { asError, type BulwarkSigner, type KeplrWallet } from "@bulwark/client";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
} from "react";
import { useNotify } from "../parts/Toast";
import { useProblems } from "../words/problems";
import { loadChain, useBulwark, useNetwork } from "./connection";

/** How somebody signs. */
export type WalletKind =
  | { readonly kind: "extension" }
  | { readonly kind: "test-key"; readonly user: string };

interface Wallet {
  /** Whose transactions it signs. */
  readonly address: string | undefined;
  readonly signer: BulwarkSigner | undefined;
  readonly kind: WalletKind | undefined;
  readonly connecting: boolean;
  readonly connect: (kind: WalletKind) => void;
  readonly disconnect: () => void;
}

const WalletContext = createContext<Wallet | undefined>(undefined);
const key = "bulwark-wallet";

/** How long an extension may take to come into the page, in milliseconds. */
const patience = 3000;

/** Holds the wallet that was chosen, and chooses it again when the page is loaded anew. */
export function WalletProvider(props: { children: ReactNode }) {
  const network = useNetwork();
  const bulwark = useBulwark();
  const notify = useNotify();
  const problems = useProblems();
  const [chosen, setChosen] = useState<WalletKind | undefined>(remembered);
  const [signer, setSigner] = useState<BulwarkSigner>();
  /** Counts up when the extension says that another key was chosen in it. */
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    const changed = () => setTurn((before) => before + 1);
    window.addEventListener("keplr_keystorechange", changed);
    return () => window.removeEventListener("keplr_keystorechange", changed);
  }, []);

  // Names of assets that become known are no reason to ask the wallet again.
  const complain = useEffectEvent((error: unknown) => notify(problems(asError(error))));

  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn asks the extension again.
  useEffect(() => {
    setSigner(undefined);
    if (bulwark === undefined || chosen === undefined) return;
    let current = true;
    const open = async () => {
      const { keplrSigner, localSigner } = await loadChain();
      const offline =
        chosen.kind === "extension"
          ? await keplrSigner(await extension(), network)
          : await localSigner(network, chosen.user);
      return bulwark.signer(offline);
    };
    open().then(
      (opened) => {
        if (current) setSigner(opened);
      },
      (error: unknown) => {
        if (!current) return;
        setChosen(undefined);
        remember(undefined);
        complain(error);
      },
    );
    return () => {
      current = false;
    };
  }, [bulwark, network, chosen, turn]);

  const connect = useCallback((kind: WalletKind) => {
    setChosen(kind);
    remember(kind);
  }, []);
  const disconnect = useCallback(() => {
    setChosen(undefined);
    remember(undefined);
  }, []);
  const wallet = useMemo(
    () => ({
      address: signer?.address,
      signer,
      kind: chosen,
      connecting: chosen !== undefined && signer === undefined,
      connect,
      disconnect,
    }),
    [signer, chosen, connect, disconnect],
  );
  return <WalletContext value={wallet}>{props.children}</WalletContext>;
}

/** The connected wallet. */
export function useWallet(): Wallet {
  const wallet = useContext(WalletContext);
  if (wallet === undefined) throw new Error("useWallet outside of WalletProvider");
  return wallet;
}

/** The extension; one that was chosen before may come into the page later than its own code. */
async function extension(): Promise<KeplrWallet> {
  for (let waited = 0; waited < patience; waited += 100) {
    if (window.keplr !== undefined) return window.keplr;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("this browser has no wallet extension");
}

function remembered(): WalletKind | undefined {
  try {
    const kept = localStorage.getItem(key);
    if (kept === "extension") return { kind: "extension" };
    if (kept?.startsWith("test-key:")) return { kind: "test-key", user: kept.slice(9) };
  } catch {
    // Without storage nobody is remembered.
  }
  return undefined;
}

function remember(kind: WalletKind | undefined): void {
  try {
    if (kind === undefined) localStorage.removeItem(key);
    else
      localStorage.setItem(key, kind.kind === "extension" ? "extension" : `test-key:${kind.user}`);
  } catch {
    // Without storage it has to be chosen again next time.
  }
}
