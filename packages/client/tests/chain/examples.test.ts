import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { formatDecimal } from "../../src/amounts.js";
import type { Bulwark } from "../../src/connect.js";
import { localSigner } from "../../src/keys.js";
import { assetOf, connected, eventually, holdPrice, isThere, openable, priceOf } from "./local.js";

const folder = new URL("../../examples/", import.meta.url);

/** As the README says that it is run. */
const run = (name: string) => [fileURLToPath(new URL(name, folder))];

describe.skipIf(!isThere)("the README's programs, with the package as it is built", () => {
  let bulwark: Bulwark;

  beforeAll(async () => {
    bulwark = await connected();
    await holdPrice("ATOM", formatDecimal(await priceOf(bulwark, assetOf(bulwark, "ATOM"))));
    await holdPrice("USDC", "1");
    await openable(bulwark, "ATOM", "USDC");
  });

  afterAll(async () => {
    await holdPrice("ATOM", undefined);
    await holdPrice("USDC", undefined);
    bulwark.close();
  });

  it("deposit and borrow, and liquidate once the price falls", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, run("deposit.mjs"));
    expect(stdout).toMatch(/^the deposit costs 0\.\d+ STAKE$/m);
    expect(stdout).toMatch(/^in block \d+: (accrual, )?deposit$/m);
    expect(stdout).toMatch(/^refused: below_initial_margin /m);
    const [, id] = /^alice\/(\d+) owes [\d.]+ USDC: healthy at 1\.\d+$/m.exec(stdout) ?? [];
    const [alice] = await (await localSigner(bulwark.network, "alice")).getAccounts();
    const account = `${alice?.address}/${id}: repay`;

    let said = "";
    const child = spawn(process.execPath, run("liquidate.mjs"), {
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout.on("data", (data) => {
      said += String(data);
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    try {
      const atom = assetOf(bulwark, "ATOM");
      const price = await priceOf(bulwark, atom);
      await holdPrice("ATOM", formatDecimal((price * 87n) / 100n));
      expect(await ended).toBe(0);
    } finally {
      child.kill();
    }
    expect(said).toMatch(/^repaid [\d.]+ \w+ for [\d.]+ \w+, transaction [0-9A-F]{64}$/m);
    // Another account of the network may have been the first.
    const hash = /transaction ([0-9A-F]{64})/.exec(said)?.[1];
    const entry = await eventually("the index", async () =>
      (await bulwark.history({ types: ["liquidation"] })).find((one) => one.hash === hash),
    );
    expect(entry.events).toHaveLength(1);
    if (said.includes(account)) {
      expect(entry.events[0]).toMatchObject({ type: "liquidation", id: Number(id) });
    }
  });
});
