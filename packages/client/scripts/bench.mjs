// How fast the margin engine answers in JavaScript, with the package as it is built: made-up accounts
// with prices and parameters as of a local network. See --help.
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { MarginEngine } from "@bulwark/client/margin";

const HELP = `Usage: npm run bench -w @bulwark/client -- [--json] [--holdings 2,8,16] [--seconds 1]

Measures how many times a second the margin engine evaluates an account with so many holdings, the JSON
to and from the engine included, as a page does it. Half of the holdings are debts. Each figure is the
median of ten stretches that take --seconds together, after a tenth of it to warm up.
`;

/** So many stretches are measured; the median leaves out what else the machine did meanwhile. */
const STRETCHES = 10;

const NOW = 1_795_486_490;

const CONFIG = {
  oracle: { address: "oracle", mode: "raw" },
  guardian: "guardian",
  caller: "caller",
  groups: ["crypto", "usd"],
  bounds: {
    initial_factor_max: "1.25",
    haircut_cap_max: "0.7",
    extra_max: "0.1",
    gross_factor_max: "0.06",
  },
  cap_multiple: "1",
  unpriced_grace: 259_200,
  parameters: {
    margin: { initial_factor: "1.15", gross_factor: "0.04" },
    liquidation: {
      base_bonus: "0.01",
      slope: "0.5",
      max_bonus: "0.1",
      equity_share: "0.5",
      target_ratio: "1.1",
      protocol_fee: "0.1",
      dust_value: "50",
    },
    max_holdings: 20,
    ramp_time: 604_800,
    owner_delay: 0,
    outflow_window: 86_400,
  },
  gross_factor_in_force: "0.04",
  pauses: [],
  locked: false,
};

/** Names as long as those of coins that came over IBC. */
function assetOf(index) {
  return `ibc/${index.toString(16).toUpperCase().padStart(64, "4AB4E469CE6C4C1B")}`;
}

/** Every third coin is one of a family with the coin before it. */
function marketOf(index) {
  const haircut_rule = { volatility_multiple: "0.464758001544889984", floor: "0.15", cap: "0.7" };
  const risk = { extra_haircut: "0.01", liquidity: "941176470588", size_cap: "0.08" };
  return {
    market: index,
    asset: assetOf(index),
    decimals: 6,
    family: {
      group: index % 2 === 0 ? "crypto" : "usd",
      base: assetOf(index % 3 === 2 ? index - 1 : index),
      group_correlation: "0.8",
      family_correlation: "0.95",
      haircut_rule,
      haircut_rule_target: haircut_rule,
    },
    risk,
    risk_target: risk,
    ramp_end: 0,
    haircut: "0.15",
    newest_haircut: "0.15",
    interest: { kinked: { base: "0", slope: "0.06", steep_slope: "1", optimal: "0.8" } },
    reserve_factor: "0.15",
    limits: {
      deposit_cap: "941176470588",
      borrow_cap: "941176470588",
      max_utilisation: "0.95",
      counterparty_share: "0.25",
      outflow_share: "0.3",
    },
    deposit_enabled: true,
    borrow_enabled: true,
    pauses: [],
    slot: { board: 0, slot: index },
    idle: "5581854476",
    supplied: "35283103773",
    borrowed: "4080000401",
    cash: "31203103372",
    reserve: "3103432",
    supply_shares: "35283103431972637",
    debt_shares: "4080000000000000",
    reserve_shares: "3103431972637",
    utilisation: "0.115636096734839257",
    borrow_rate: "0.008672707255112945",
    supply_rate: "0.000852446312839404",
    wiped_out: false,
    outflow: "0",
    outflow_limit: "10584931132",
    locked: false,
  };
}

function priceOf(index) {
  return {
    asset: assetOf(index),
    record: {
      mid: "8.6740529",
      low: "8.648649334225815354",
      high: "8.6827269529",
      ema: "8.648649334225815354",
      volatility: {
        from: "0.309814544610792809",
        target: "0.329820568517563429",
        start_time: NOW - 40,
        end_time: NOW + 40,
      },
      published_at: NOW - 1,
      expires_at: NOW + 119,
      status: "ok",
    },
    volatility_in_force: "0.319820568517563429",
    stale: false,
  };
}

/** Deposits of about twice what is owed, so that all of them count and none can be liquidated. */
function basketOf(size) {
  const indices = Array.from({ length: size }, (_, index) => index);
  return {
    now: NOW,
    config: CONFIG,
    markets: indices.map(marketOf),
    prices: indices.map(priceOf),
    holdings: indices.map((index) => ({
      asset: assetOf(index),
      side: index < size / 2 ? "deposit" : "debt",
      amount: ((index < size / 2 ? 2_000_000_000 : 1_000_000_000) + index * 1_234_567).toString(),
    })),
  };
}

/** Milliseconds that one call takes. */
function measured(call, seconds) {
  const stretch = (milliseconds) => {
    const start = performance.now();
    let calls = 0;
    let passed = 0;
    do {
      call();
      calls += 1;
      passed = performance.now() - start;
    } while (passed < milliseconds);
    return passed / calls;
  };
  stretch(seconds * 100);
  const each = Array.from({ length: STRETCHES }, () => stretch((seconds * 1_000) / STRETCHES));
  return each.sort((one, other) => one - other)[STRETCHES / 2];
}

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    holdings: { type: "string", default: "2,8,16" },
    seconds: { type: "string", default: "1" },
    help: { type: "boolean", short: "h", default: false },
  },
});
const sizes = values.holdings.split(",").map(Number);
const seconds = Number(values.seconds);
const fits = sizes.every((size) => Number.isInteger(size) && size >= 2 && size <= 20);
if (values.help || !fits || !(seconds > 0)) {
  process.stderr.write(values.help ? "" : "--holdings: from 2 to 20 each; --seconds: above 0\n");
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 2);
}

const engine = await MarginEngine.load(
  await readFile(new URL(import.meta.resolve("@bulwark/client/risk.wasm"))),
);
const functions = {
  margin: (basket) => engine.margin(basket),
  liquidation_prices: (basket) => engine.liquidationPrices(basket),
  largest_change: (basket) => engine.largestChange(basket, basket.holdings.at(-1).asset, "debt"),
};
const results = sizes.flatMap((holdings) => {
  const basket = basketOf(holdings);
  const { status } = engine.margin(basket);
  if (status !== "healthy") {
    throw new Error(`the account with ${holdings} holdings is meant to be healthy: ${status}`);
  }
  return Object.entries(functions).map(([name, call]) => {
    const milliseconds = measured(() => call(basket), seconds);
    return { function: name, holdings, milliseconds, per_second: 1_000 / milliseconds };
  });
});

const machine = { node: process.version, cpu: cpus()[0]?.model ?? "unknown" };
if (values.json) {
  console.log(JSON.stringify({ ...machine, results }, undefined, 2));
} else {
  console.log(`Node.js ${machine.node}, ${machine.cpu}`);
  console.log("function            holdings  ms per evaluation  evaluations per second");
  for (const { function: name, holdings, milliseconds, per_second } of results) {
    const cells = [
      name.padEnd(18),
      holdings.toString().padStart(10),
      milliseconds.toFixed(3).padStart(19),
      Math.round(per_second).toLocaleString("en").padStart(24),
    ];
    console.log(cells.join(""));
  }
}
