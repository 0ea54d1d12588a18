// A keeper waits until an account can be liquidated, and liquidates it.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import {
  BulwarkError,
  connect,
  formatAmount,
  infoOf,
  localSigner,
  messages,
  NodeUnreachable,
  ONE,
  parseNetwork,
  parseUnitsOf,
} from "@bulwark/client";

process.on("uncaughtException", (error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
});
const file = process.env.BULWARK_NETWORK ?? `${homedir()}/.cache/bulwark/localnet/config.json`;
const network = parseNetwork(JSON.parse(await readFile(file, "utf8")));
const bulwark = await connect(network);
const keeper = await bulwark.signer(await localSigner(network, "keeper"));

const shown = ({ asset, amount }) => {
  const { symbol, decimals } = infoOf(network, asset, 0);
  return `${formatAmount(BigInt(amount), decimals)} ${symbol}`;
};

/** The best pair of the first account that has one. */
async function findPlan() {
  for (const { account } of await bulwark.accountsAtRisk(ONE)) {
    const { plan } = await bulwark.vault.liquidationPlan({ account });
    if (plan) return { account, plan };
  }
}

async function liquidate({ account, plan }) {
  console.log(
    `${account.owner}/${account.id}: repay ${shown(plan.debt)}, seize ${shown(plan.seize)}`,
  );
  const message = messages.liquidate(network, {
    account,
    debt: { asset: plan.debt.asset, amount: parseUnitsOf(plan.debt.amount) },
    seize: plan.seize.asset,
    // If the price moves against the keeper meanwhile, nothing happens.
    minSeized: (parseUnitsOf(plan.seize.amount) * 95n) / 100n,
  });
  const { hash, events } = await keeper.send([message]);
  for (const event of events.filter(({ type }) => type === "liquidation")) {
    const repaid = shown({ asset: event.debtAsset, amount: event.repaid });
    const got = shown({ asset: event.depositAsset, amount: event.tokens });
    console.log(`repaid ${repaid} for ${got}, transaction ${hash}`);
  }
}

// Prices move accounts, and every block may bring new ones.
let [isLooking, isTold] = [false, false];
bulwark.subscribe(async ({ kind }) => {
  if (kind !== "block" || isLooking) return;
  isLooking = true;
  try {
    const found = await findPlan();
    if (found) {
      await liquidate(found);
      bulwark.close();
    } else if (!isTold) {
      console.log("nothing to liquidate: waiting");
      isTold = true;
    }
  } catch (error) {
    // The account may be healthy again, or a price too old: the next block tells.
    if (!(error instanceof BulwarkError || error instanceof NodeUnreachable)) throw error;
    console.log(`${error.name}: ${error.message}`);
  }
  isLooking = false;
});
