// A wallet for tests with the interface that Keplr and others offer to pages: real keys and real
// signatures, without a window that asks. It can be told to refuse.
import { fromBase64, toBase64 } from "@cosmjs/encoding";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import type { BrowserContext } from "playwright-core";
import { net } from "./network.ts";
import type { Person } from "./people.ts";

/** What a test does with the wallet. */
export interface TestWallet {
  /** How many transactions it was asked to sign. */
  readonly asked: () => number;
  /** From now on it refuses, as somebody does who presses "Reject", or no longer. */
  readonly refuse: (refuses: boolean) => void;
}

/** A document to sign, as it passes between the page and this process. */
interface PlainDoc {
  readonly bodyBytes: string;
  readonly authInfoBytes: string;
  readonly chainId: string;
  readonly accountNumber: string;
}

/** What this process says to it. */
interface PlainSigned {
  readonly signature: unknown;
  readonly bodyBytes: string;
  readonly authInfoBytes: string;
}

const signingFunction = "bulwarkTestSign";

/** Puts `window.keplr` into all pages of a context, before their own code runs. */
export async function installWallet(context: BrowserContext, person: Person): Promise<TestWallet> {
  const { prefix } = net.network;
  const signer = await DirectSecp256k1HdWallet.fromMnemonic(person.mnemonic, { prefix });
  const [account] = await signer.getAccounts();
  if (account === undefined) throw new Error(`no account of ${person.name}`);
  let refuses = false;
  let asked = 0;
  const sign = async (doc: PlainDoc): Promise<PlainSigned | undefined> => {
    asked += 1;
    if (refuses) return undefined;
    const { signed, signature } = await signer.signDirect(account.address, {
      bodyBytes: fromBase64(doc.bodyBytes),
      authInfoBytes: fromBase64(doc.authInfoBytes),
      chainId: doc.chainId,
      accountNumber: BigInt(doc.accountNumber),
    });
    return {
      signature,
      bodyBytes: toBase64(signed.bodyBytes),
      authInfoBytes: toBase64(signed.authInfoBytes),
    };
  };
  await context.exposeFunction(signingFunction, sign);
  await context.addInitScript(keplrOfTests, {
    signingFunction,
    address: account.address,
    pubkey: toBase64(account.pubkey),
  });
  return {
    asked: () => asked,
    refuse: (now) => {
      refuses = now;
    },
  };
}

/** Runs in the page. */
function keplrOfTests(key: { signingFunction: string; address: string; pubkey: string }) {
  const toBytes = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const toText = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
  const ask = Reflect.get(window, key.signingFunction);
  const signDirect = async (
    _address: string,
    doc: {
      bodyBytes: Uint8Array;
      authInfoBytes: Uint8Array;
      chainId: string;
      accountNumber: bigint;
    },
  ) => {
    const answer = await ask({
      bodyBytes: toText(doc.bodyBytes),
      authInfoBytes: toText(doc.authInfoBytes),
      chainId: doc.chainId,
      accountNumber: String(doc.accountNumber),
    });
    if (answer === undefined || answer === null) throw new Error("Request rejected");
    return {
      signature: answer.signature,
      signed: {
        ...doc,
        bodyBytes: toBytes(answer.bodyBytes),
        authInfoBytes: toBytes(answer.authInfoBytes),
      },
    };
  };
  const offline = {
    getAccounts: async () => [
      { algo: "secp256k1", address: key.address, pubkey: toBytes(key.pubkey) },
    ],
    signDirect,
  };
  Reflect.set(window, "keplr", {
    enable: async () => undefined,
    experimentalSuggestChain: async () => undefined,
    getOfflineSignerAuto: async () => offline,
  });
}
