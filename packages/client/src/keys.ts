// The public test keys of a local network.

import { DirectSecp256k1HdWallet, type OfflineSigner } from "@cosmjs/proto-signing";

import { NoTestKey } from "./failures.js";
import { type Network, notLocal } from "./network.js";

/**
 * The key of one of a local network's users. Everybody knows it: it is worth nothing anywhere else.
 *
 * @throws {NoTestKey} On a network that is not local by its node's address and by its chain id, also if it
 * was not read from a file, and for users that it does not have.
 */
export async function localSigner(network: Network, user: string): Promise<OfflineSigner> {
  const known =
    notLocal(network) === undefined
      ? network.local?.users.find(({ name }) => name === user)
      : undefined;
  if (known === undefined) {
    throw new NoTestKey(user);
  }
  return DirectSecp256k1HdWallet.fromMnemonic(known.mnemonic, { prefix: network.prefix });
}
