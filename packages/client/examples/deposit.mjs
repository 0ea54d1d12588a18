// Alice deposits ATOM, borrows USDC, and is refused more than her margin allows.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import {
  connect,
  formatAmount,
  formatDecimal,
  infoOf,
  localSigner,
  messages,
  parseAmount,
  parseDecimal,
  parseNetwork,
  parseUnitsOf,
} from "@bulwark/client";

process.on("uncaughtException", (error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
});
const file = process.env.BULWARK_NETWORK ?? `${homedir()}/.cache/bulwark/localnet/config.json`;
const network = parseNetwork(JSON.parse(await readFile(file, "utf8")));
const asset = (symbol) => network.assets.find((info) => info.symbol === symbol).asset;
const [atom, usdc] = [asset("ATOM"), asset("USDC")];

const bulwark = await connect(network);
const bob = await bulwark.signer(await localSigner(network, "bob"));
const alice = await bulwark.signer(await localSigner(network, "alice"));

// A pool lends what others lend to it.
const lent = { asset: usdc, amount: parseAmount("100000", 6), lend: true };
await bob.send([messages.deposit(network, lent)]);

// An owner has many accounts, isolated from each other: a number that is not used yet.
const used = (await bulwark.accountsOf(alice.address)).map(({ account }) => account.id);
const account = { owner: alice.address, id: Math.max(41, ...used) + 1 };

// What it costs is known before anything is signed.
const deposit = messages.deposit(network, {
  account,
  asset: atom,
  amount: parseAmount("1000", 6),
});
const estimate = await alice.estimate([deposit]);
const { decimals, symbol } = network.gasPrice;
console.log(`the deposit costs ${formatAmount(estimate.feeAmount, decimals)} ${symbol}`);
const { height, events } = await alice.send([deposit], { estimate });
console.log(`in block ${height}: ${events.map(({ type }) => type).join(", ")}`);

/** At a price that is old, or waits to be confirmed, nothing can be opened: waits for a better one. */
async function freshPrices() {
  const deadline = Date.now() + 120_000;
  for (let told = false; ; told = true) {
    const prices = await bulwark.prices([atom, usdc]);
    const late = [atom, usdc].filter((one) => {
      const price = prices.get(one);
      return !price || price.stale || price.record.status !== "ok";
    });
    if (late.length === 0) return;
    const names = late.map((one) => infoOf(network, one, 0).symbol).join(" and ");
    if (Date.now() > deadline) {
      throw new Error(`no fresh price of ${names} for two minutes: does anybody post prices?`);
    }
    if (!told) console.log(`waiting for a fresh price of ${names}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Borrows nearly all that the margin allows; nothing if that is nothing. */
async function borrow() {
  const most = parseUnitsOf((await bulwark.vault.maxBorrow({ account, asset: usdc })).amount);
  if (most === 0n) return 0n;
  // A refusal has a name and fields.
  try {
    await alice.estimate([messages.borrow(network, { account, asset: usdc, amount: most * 2n })]);
  } catch (error) {
    if (error.name === "price_not_openable") throw error;
    console.log(`refused: ${error.name}`, error.fields);
  }
  const amount = (most * 95n) / 100n;
  await alice.send([messages.borrow(network, { account, asset: usdc, amount })]);
  return amount;
}

// Prices can grow old between two steps.
let amount = 0n;
for (let tries = 0; amount === 0n && tries < 20; tries += 1) {
  await freshPrices();
  try {
    amount = await borrow();
  } catch (error) {
    if (error.name !== "price_not_openable") throw error;
  }
}
if (amount === 0n) throw new Error("no USDC can be borrowed, at fresh prices either");
const { margin_ratio, status } = await bulwark.vault.margin({ account });
const ratio = formatDecimal(parseDecimal(margin_ratio), { maxFraction: 3 });
console.log(`alice/${account.id} owes ${formatAmount(amount, 6)} USDC: ${status} at ${ratio}`);
bulwark.close();
