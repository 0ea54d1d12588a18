import type { Keplr } from "@keplr-wallet/types";
import { describe, expect, expectTypeOf, it } from "vitest";

import { WalletRejected } from "../src/errors.js";
import { NoTestKey } from "../src/failures.js";
import { type KeplrChain, type KeplrWallet, keplrChain, keplrSigner } from "../src/keplr.js";
import { localSigner } from "../src/keys.js";
import { parseNetwork } from "../src/network.js";
import { ALICE, NETWORK, networkFile } from "./fixtures.js";

describe("test keys", () => {
  it("are those of the local network's users", async () => {
    const signer = await localSigner(NETWORK, "alice");
    const [account] = await signer.getAccounts();
    expect(account?.address).toBe(ALICE);
    await expect(localSigner(NETWORK, "mallory")).rejects.toThrow(NoTestKey);
  });

  it("are refused on any other network", async () => {
    const file = networkFile();
    delete file.local;
    await expect(localSigner(parseNetwork(file), "alice")).rejects.toThrow(NoTestKey);
    // Whoever does not read a file gets no further.
    for (const other of [{ chainId: "cosmoshub-4" }, { rpc: "https://rpc.example.com" }]) {
      await expect(localSigner({ ...NETWORK, ...other }, "alice")).rejects.toThrow(NoTestKey);
    }
  });
});

describe("a wallet with Keplr's interface", () => {
  it("is one by its own types", () => {
    expectTypeOf<Keplr>().toExtend<KeplrWallet>();
  });

  /** A wallet that knows some chains and asks its owner. */
  function wallet(options: { knows: boolean; ownerSays: boolean }) {
    const calls: string[] = [];
    const suggested: KeplrChain[] = [];
    const leavesFees: boolean[] = [];
    let { knows } = options;
    const ask = () => {
      if (!options.ownerSays) {
        throw new Error("Request rejected");
      }
    };
    const keplr: KeplrWallet = {
      enable: async () => {
        calls.push("enable");
        if (!knows) {
          throw new Error("There is no chain info for test-local-1");
        }
        ask();
      },
      experimentalSuggestChain: async (chain) => {
        calls.push("suggest");
        ask();
        suggested.push(chain);
        knows = true;
      },
      getOfflineSignerAuto: async (_chainId, { preferNoSetFee }) => {
        leavesFees.push(preferNoSetFee);
        return localSigner(NETWORK, "alice");
      },
    };
    return { keplr, calls, suggested, leavesFees };
  }

  it("is asked for its keys", async () => {
    const { keplr, calls } = wallet({ knows: true, ownerSays: true });
    const signer = await keplrSigner(keplr, NETWORK);
    expect((await signer.getAccounts())[0]?.address).toBe(ALICE);
    expect(calls).toEqual(["enable"]);
  });

  it("is asked to sign the fee that was shown, not one of its own", async () => {
    const { keplr, leavesFees } = wallet({ knows: true, ownerSays: true });
    await keplrSigner(keplr, NETWORK);
    expect(leavesFees).toEqual([true]);
  });

  it("is told of a chain that it does not know", async () => {
    const { keplr, calls, suggested } = wallet({ knows: false, ownerSays: true });
    await keplrSigner(keplr, NETWORK);
    expect(calls).toEqual(["enable", "suggest", "enable"]);
    expect(suggested).toEqual([keplrChain(NETWORK)]);
  });

  it("whose owner says no is not asked again", async () => {
    for (const knows of [true, false]) {
      const { keplr, calls } = wallet({ knows, ownerSays: false });
      await expect(keplrSigner(keplr, NETWORK)).rejects.toThrow(WalletRejected);
      expect(calls.at(-1)).toBe(knows ? "enable" : "suggest");
    }
  });

  it("is told of the coins that fees are paid in, and of those that the bank has", () => {
    const chain = keplrChain(NETWORK);
    expect(chain.currencies.map(({ coinMinimalDenom }) => coinMinimalDenom)).toEqual([
      "ustake",
      "uatom",
      "uusdc",
    ]);
    expect(chain.feeCurrencies[0]?.gasPriceStep.average).toBe(0.025);
  });
});
