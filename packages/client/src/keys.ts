// The public test keys of a local network.

import { DirectSecp256k1HdWallet, type OfflineSigner } from "@cosmjs/proto-signing";

import { NoTestKey } from "./failures.js";
import type { Network } from "./network.js";

/**
 * The key of one of a local network's users. Everybody knows it: it is worth nothing anywhere else.
 *
 * @throws {NoTestKey} On a network that is not local, and for users that it does not have.
 */
export async function localSigner(network: Network, user: string): Promise<OfflineSigner> {
  const known = network.local?.users.find(({ name }) => name === user);
  if (known === undefined) {
    throw new NoTestKey(user);
  }
  return DirectSecp256k1HdWallet.fromMnemonic(known.mnemonic, { prefix: network.prefix });
}
