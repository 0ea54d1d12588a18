// A wallet in the browser that offers Keplr's interface.

import type { OfflineSigner } from "@cosmjs/proto-signing";

import { cw20Contract } from "./assets.js";
import { asError, WalletRejected } from "./errors.js";
import type { Network } from "./network.js";

/** So much of `window.keplr` is needed; other wallets offer the same. */
export interface KeplrWallet {
  enable(chainId: string): Promise<void>;
  experimentalSuggestChain(chain: KeplrChain): Promise<void>;
  getOfflineSignerAuto(
    chainId: string,
    options: { readonly preferNoSetFee: boolean },
  ): Promise<OfflineSigner>;
}

/** A coin, as Keplr is told of it. */
export interface KeplrCurrency {
  readonly coinDenom: string;
  readonly coinMinimalDenom: string;
  readonly coinDecimals: number;
}

/** A chain, as Keplr is told of it. */
export interface KeplrChain {
  readonly rpc: string;
  readonly rest: string;
  readonly chainId: string;
  readonly chainName: string;
  readonly bip44: { readonly coinType: number };
  readonly bech32Config: {
    readonly bech32PrefixAccAddr: string;
    readonly bech32PrefixAccPub: string;
    readonly bech32PrefixValAddr: string;
    readonly bech32PrefixValPub: string;
    readonly bech32PrefixConsAddr: string;
    readonly bech32PrefixConsPub: string;
  };
  readonly currencies: KeplrCurrency[];
  readonly feeCurrencies: (KeplrCurrency & {
    readonly gasPriceStep: {
      readonly low: number;
      readonly average: number;
      readonly high: number;
    };
  })[];
  readonly stakeCurrency: KeplrCurrency;
}

/** By itself Keplr puts a fee of its own in the place of the one that was shown. */
const AS_ASKED = { preferNoSetFee: true };

/**
 * The keys of a wallet with Keplr's interface (`window.keplr`). A chain that the wallet does not
 * know is suggested to it first. With a Ledger it signs in the old way, by itself. It is asked to leave
 * the fee as it is: what was shown before is what is signed.
 *
 * @throws {WalletRejected} If its owner says no.
 */
export async function keplrSigner(keplr: KeplrWallet, network: Network): Promise<OfflineSigner> {
  const { chainId } = network;
  try {
    try {
      await keplr.enable(chainId);
    } catch (error) {
      if (asError(error) instanceof WalletRejected) {
        throw error;
      }
      // The wallet does not know the chain.
      await keplr.experimentalSuggestChain(keplrChain(network));
      await keplr.enable(chainId);
    }
    return await keplr.getOfflineSignerAuto(chainId, AS_ASKED);
  } catch (error) {
    throw asError(error);
  }
}

/** A network as Keplr is told of it. */
export function keplrChain(network: Network): KeplrChain {
  const { chainId, rpc, prefix, gasPrice } = network;
  const fee: KeplrCurrency = {
    coinDenom: gasPrice.symbol,
    coinMinimalDenom: gasPrice.denom,
    coinDecimals: gasPrice.decimals,
  };
  // Keplr wants a number; it is the same price three times, because the network has one.
  const price = Number(gasPrice.amount);
  const others = network.assets.filter(
    ({ asset }) => asset !== gasPrice.denom && cw20Contract(asset) === undefined,
  );
  return {
    rpc,
    // Bulwark's page and client do without this interface; Keplr shows no balances without it.
    rest: rpc,
    chainId,
    chainName: chainId,
    bip44: { coinType: 118 },
    bech32Config: {
      bech32PrefixAccAddr: prefix,
      bech32PrefixAccPub: `${prefix}pub`,
      bech32PrefixValAddr: `${prefix}valoper`,
      bech32PrefixValPub: `${prefix}valoperpub`,
      bech32PrefixConsAddr: `${prefix}valcons`,
      bech32PrefixConsPub: `${prefix}valconspub`,
    },
    stakeCurrency: fee,
    currencies: [
      fee,
      ...others.map(({ asset, symbol, decimals }) => ({
        coinDenom: symbol,
        coinMinimalDenom: asset,
        coinDecimals: decimals,
      })),
    ],
    feeCurrencies: [{ ...fee, gasPriceStep: { low: price, average: price, high: price } }],
  };
}
