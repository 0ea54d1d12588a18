import {
  BulwarkError,
  Dropped,
  EarlierIncluded,
  EarlierUnknown,
  EventError,
  findError,
  InsufficientFunds,
  MalformedAnswer,
  OutOfGas,
  SequenceMismatch,
  TimedOut,
  WalletRejected,
} from "@bulwark/client";
import { describe, expect, it } from "vitest";
import { AssetBook } from "./assets";
import { problemOf } from "./problems";

const assets = new AssetBook([{ asset: "ibc/A", symbol: "ATOM", decimals: 6 }]);

function refused(text: string) {
  const error = findError(text);
  if (error === undefined) throw new Error(`no refusal in: ${text}`);
  return problemOf(error, assets);
}

describe("what a contract refuses", () => {
  it("is said with symbols and whole tokens, and what to do next", () => {
    const { title, detail } = refused(
      'failed to execute message; insufficient_cash: the pool has less cash than that {"asset":"ibc/A","available":"2500000","requested":"9000000"}: execute wasm contract failed',
    );
    expect(title).toBe("The pool has 2.5 ATOM; 9 ATOM were asked for.");
    expect(detail).toMatch(/^Take less/);
  });

  it("names the margin that is missing in USD", () => {
    const { title } = refused(
      'below_initial_margin: the account would not meet its initial margin {"equity_open":"-12.5","initial":"1150.001"}',
    );
    expect(title).toBe(
      "This would leave the account with −$12.50 of equity at opening prices, and it needs $1,150.00 as initial margin.",
    );
  });

  it("tells a stale price from a halted one", () => {
    const at = (status: string, stale: boolean) =>
      refused(
        `price_not_openable: nothing can be opened {"asset":"ibc/A","status":"${status}","stale":${stale}}`,
      ).title;
    expect(at("ok", true)).toContain("is out of date");
    expect(at("halted", false)).toContain("is halted by the guardian");
  });

  it("counts an asset that no file names in smallest units, and says so", () => {
    expect(
      refused(
        'insufficient_deposit: the account has less {"asset":"factory/wasm1abc/unknown","available":"5","requested":"7"}',
      ).title,
    ).toContain("5 smallest units of unknown");
  });

  it("is an error of the contracts, not of the page", () => {
    expect(findError("locked: an outside call is running {}")).toBeInstanceOf(BulwarkError);
  });
});

describe("what wallets and nodes do", () => {
  it("is said calmly when somebody declines", () => {
    expect(problemOf(new WalletRejected(), assets)).toEqual({
      tone: "neutral",
      title: "Not signed",
      detail: "You declined in your wallet. Nothing was sent, nothing was paid.",
    });
  });

  it("says what is missing in a wallet", () => {
    const error = new InsufficientFunds({
      log: "spendable balance 5ustake is smaller than 7ustake",
    });
    expect(problemOf(error, assets).title).toBe("Your wallet has too little");
  });

  it("leaves what nobody expected in its own words", () => {
    expect(problemOf(new Error("something odd"), assets).detail).toBe("something odd");
  });
});

describe("a transaction of which nobody knew what became of it", () => {
  it("has arrived after all, or never will: only then is anybody told to try again", () => {
    const arrived = problemOf(new EarlierIncluded("AB", 12), assets);
    expect(arrived.detail).toContain("block 12");
    expect(arrived.detail).not.toContain("ry again");
    const unknown = problemOf(new EarlierUnknown("AB"), assets);
    expect(unknown.detail).toContain("nobody can tell");
    expect(problemOf(new Dropped("AB"), assets).detail).toContain("Try again");
    expect(problemOf(new TimedOut("AB", { until: 9 }), assets).detail).toContain("up to block 9");
  });
});

describe("what the node refuses", () => {
  it("says no more than is known: what came first, that it is behind, whether a fee was paid", () => {
    const mismatch = (log: string) => problemOf(new SequenceMismatch({ log }), assets);
    expect(mismatch("expected 8, got 7").title).toBe("Another transaction of yours came first");
    expect(mismatch("expected 3, got 50").title).toBe("The node refused it");
    const log = "out of gas";
    expect(problemOf(new OutOfGas({ log, hash: "AB" }), assets).detail).toContain("fee was paid");
    expect(problemOf(new OutOfGas({ log }), assets).detail).not.toContain("paid");
  });
});

describe("an answer that is not understood", () => {
  it("may be that to what was just signed: nobody is told to send it again unseen", () => {
    const unread = [
      new EventError("deposit", "amount", "-1"),
      new MalformedAnswer("tx", "tx_result", null),
    ];
    for (const error of unread) {
      const { tone, detail } = problemOf(error, assets);
      expect(tone).toBe("caution");
      expect(detail).toContain(error.message);
      expect(detail).toContain("look at the account before you send it again");
    }
  });
});
