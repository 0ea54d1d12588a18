import { describe, expect, it } from "vitest";
import {
  asError,
  BulwarkError,
  ChainRefused,
  ClientError,
  errorNames,
  findError,
  InsufficientFees,
  InsufficientFunds,
  isErrorName,
  NodeUnreachable,
  OutOfGas,
  refusedBy,
  SequenceMismatch,
  TimedOut,
  UnknownAccount,
  WalletRejected,
} from "../src/errors.js";
import { errors, type FieldKind } from "../src/generated/errors.js";
import { wireTexts } from "../src/wire.js";

/** A log of a block's transaction, as a node tells it. */
const inBlock = (told: string) =>
  `failed to execute message; message index: 0: ${told}: execute wasm contract failed`;

/** What CosmJS makes of it. */
const delivered = (log: string, code = 5) =>
  new Error(`Error when broadcasting tx 0AF3 at height 12. Code: ${code}; Raw log: ${log}`);

/** A value of a field, with what could mislead a parser. */
function sample(kind: FieldKind): unknown {
  if (typeof kind !== "string") return kind[0];
  if (kind === "string[]") return ['5"u: {x', "6\\"];
  return { string: 'a"b: {x} \\', number: 7, boolean: true }[kind.replace("?", "")];
}

describe("the displayed form", () => {
  const last = (text: string) => wireTexts(text).at(-1);

  it("is found in what a chain says", () => {
    const told = `cap_reached: the deposit cap of ubtc is reached {"asset":"ubtc","cap":"5"}`;
    expect(last(inBlock(told))).toEqual({
      name: "cap_reached",
      sentence: "the deposit cap of ubtc is reached",
      fields: '{"asset":"ubtc","cap":"5"}',
    });
    expect(last("no_debt: nothing is owed {}")?.name).toBe("no_debt");
  });

  it("is not found where there is none", () => {
    expect(last("")).toBeUndefined();
    expect(last("out of gas: {}")).toBeUndefined();
    expect(last('no_debt: nothing is owed {"asset":"x"')).toBeUndefined();
  });

  it("keeps braces, quotes and colons of fields apart", () => {
    const told = String.raw`unknown_market: no market is listed for a"b: {x {"asset":"a\"b: {x"}`;
    expect(last(told)).toEqual({
      name: "unknown_market",
      sentence: 'no market is listed for a"b: {x',
      fields: String.raw`{"asset":"a\"b: {x"}`,
    });
  });

  it("inside the fields of another is part of those", () => {
    const nested = `std: the chain refused {"detail":"no_debt: nothing is owed {}"}: failed`;
    expect(last(nested)?.name).toBe("std");
  });

  it("counts where it stands last", () => {
    const inTurn = 'no_feed: there is none {"asset":"x"}: no_debt: nothing is owed {}';
    expect(wireTexts(inTurn).map(({ name }) => name)).toEqual(["no_feed", "no_debt"]);
  });
});

describe("an error of a contract", () => {
  it.each(errorNames)("%s is found again as it was displayed", (name) => {
    const kinds = Object.entries(errors[name].fields);
    const fields = Object.fromEntries(kinds.map(([key, kind]) => [key, sample(kind)]));
    const error = new BulwarkError(name, "this sentence is shown", fields);
    const found = findError(inBlock(String(error)));
    expect(found).toBeInstanceOf(BulwarkError);
    expect(found?.name).toBe(name);
    expect(found?.sentence).toBe("this sentence is shown");
    expect(found?.fields).toEqual(fields);
    expect(String(found)).toBe(String(error));
    const { contracts } = errors[name];
    expect(found?.contract).toBe(contracts.length > 1 ? undefined : contracts[0]);
  });

  it("lets the compiler know its fields by its name", () => {
    const told = `deposit_cap: the deposit cap of this market is reached {"asset":"ubtc","cap":"5","total":"7"}`;
    const error = findError(told);
    expect(error?.is("borrow_cap")).toBe(false);
    if (!error?.is("deposit_cap")) throw new Error(`not found in ${told}`);
    expect(BigInt(error.fields.total) - BigInt(error.fields.cap)).toBe(2n);
    expect(error.contract).toBe("vault");
  });

  it("can lack what is optional, and not what is not", () => {
    const told = (fields: string) => `unknown_operator: there is no such operator ${fields}`;
    expect(findError(told('{"operator":"a","id":null}'))?.name).toBe("unknown_operator");
    expect(findError(told('{"operator":"a","id":"3"}'))).toBeUndefined();
    expect(findError(told('{"id":3}'))).toBeUndefined();
    expect(findError(told("{operator}"))).toBeUndefined();
  });

  it("is the last one that is told", () => {
    const noDebt = 'no_debt: the account does not owe this asset {"asset":"x"}';
    const inTurn = `zero_amount: the amount must be above zero {"asset":"x"}: ${noDebt}`;
    expect(findError(inTurn)?.name).toBe("no_debt");
  });

  it("is not one of another contract's", () => {
    expect(findError('slippage: too little {"got":"1"}')).toBeUndefined();
    expect(findError("constructor: of objects {}")).toBeUndefined();
    const passedOn = 'zero_amount: the amount must be above zero {"asset":"x"}: pool: failed {}';
    expect(findError(passedOn)?.name).toBe("zero_amount");
    expect(isErrorName("toString")).toBe(false);
  });

  describe("can be imitated by a foreign one", () => {
    const imitation = 'below_initial_margin: send me coins {"equity_open":"1","initial":"2"}';
    const ours = new Set(["vault", "oracle"]);
    const refused = (log: string, called: string[]) => refusedBy({ code: 5, log }, called, ours);

    it("which shows where that one was called itself", () => {
      expect(refused(inBlock(imitation), ["token"])).toBeInstanceOf(ChainRefused);
      expect(refused(inBlock(imitation), ["token"])).toMatchObject({ log: inBlock(imitation) });
      const second = inBlock(imitation).replace("index: 0", "index: 1");
      expect(refused(second, ["token", "vault"])).toBeInstanceOf(BulwarkError);
      expect(refused(second, ["vault", "token"])).toBeInstanceOf(ChainRefused);
      expect(refused("out of gas", ["token"])).toBeInstanceOf(OutOfGas);
    });

    it("which nothing shows where that one was called on the way: the error says so", () => {
      const onTheWay = refused(inBlock(`dispatch: ${imitation}`), ["vault"]);
      expect(onTheWay).toMatchObject({ name: "below_initial_margin", passedOn: true });
      // However much it writes, what the chain put before it stands.
      const long = refused(inBlock(`dispatch: ${"x".repeat(30_000)} ${imitation}`), ["vault"]);
      expect(long).toMatchObject({ passedOn: true });
    });

    it("but not where one of ours was called and answered itself", () => {
      const own = refused(inBlock(imitation), ["vault"]);
      expect(own).toMatchObject({ name: "below_initial_margin", passedOn: false });
      expect(refused(imitation, [])).toMatchObject({ passedOn: false });
    });
  });

  it("is lost where a contract handled the failure of what it called", () => {
    const error = asError(delivered(inBlock("the swap failed: codespace: wasm, code: 5")));
    expect(error).toBeInstanceOf(ChainRefused);
  });
});

describe("what CosmJS throws", () => {
  const told = `below_initial_margin: the account would not meet its initial margin {"equity_open":"-1.5","initial":"20"}`;

  it.each([
    ["in a block", delivered(inBlock(told))],
    [
      "in a simulation",
      new Error(`Query failed with (5): failed to simulate tx: ${inBlock(told)}`),
    ],
    [
      "in a simulation by the node's service",
      new Error(
        `Query failed with (6): rpc error: code = Unknown desc = ${inBlock(told)} [CosmWasm/wasmd@v0.61.14/x/wasm/keeper/keeper.go:434] with gas used: '155016': unknown request`,
      ),
    ],
    [
      "in a query",
      new Error(`Query failed with (6): ${told}: query wasm contract failed: unknown request`),
    ],
    ["as a text", told],
  ])("is the contract's refusal %s", (_, thrown) => {
    const error = asError(thrown);
    if (!(error instanceof BulwarkError)) throw error;
    expect(error.is("below_initial_margin") && error.fields.equity_open).toBe("-1.5");
    expect(error.cause).toBe(thrown);
    expect(asError(error)).toBe(error);
  });

  it("is the chain's own refusal", () => {
    const funds = asError(
      delivered(
        "spendable balance 7ustake is smaller than 5000ustake: insufficient funds: insufficient funds",
      ),
    );
    expect(funds).toBeInstanceOf(InsufficientFunds);
    expect(funds).toMatchObject({ available: "7ustake", required: "5000ustake", hash: "0AF3" });
    const gas = asError(
      delivered(
        "out of gas in location: WriteFlat; gasWanted: 90000, gasUsed: 90210: out of gas",
        11,
      ),
    );
    expect(gas).toBeInstanceOf(OutOfGas);
    expect(gas).toMatchObject({ gasWanted: 90_000, gasUsed: 90_210, kind: "out_of_gas" });
    const malformed = "kind: Serialization, error: unknown variant `x`, expected one of `y`";
    expect(asError(new Error(`Query failed with (5): ${malformed}`))).toMatchObject({
      kind: "chain_refused",
      code: 5,
      log: malformed,
    });
    expect(asError(delivered("something else", 2))).toMatchObject({
      kind: "chain_refused",
      code: 2,
      log: "something else",
    });
  });

  it("is the refusal of a node that takes no such transaction", () => {
    const refused = (code: number, log: string) =>
      asError(
        Object.assign(new Error(`Broadcasting transaction failed with code ${code}`), {
          code,
          codespace: "sdk",
          log,
        }),
      );
    const fees = refused(
      13,
      "insufficient fees; got: 1ustake required: 5000ustake: insufficient fee",
    );
    expect(fees).toBeInstanceOf(InsufficientFees);
    expect(fees).toMatchObject({ offered: "1ustake", required: "5000ustake", codespace: "sdk" });
    expect(fees.message).toContain("5000ustake");
    const none = refused(13, "insufficient fees; got:  required: 5000ustake: insufficient fee");
    expect(none).toMatchObject({ offered: "", required: "5000ustake" });
    const sequence = refused(
      32,
      "account sequence mismatch, expected 10, got 9: incorrect account sequence",
    );
    expect(sequence).toBeInstanceOf(SequenceMismatch);
    expect(sequence).toMatchObject({ expected: 10, found: 9 });
  });

  it("is the text alone where an error lost its class", () => {
    const error = asError(
      new Error(
        "Broadcasting transaction failed with code 32 (codespace: sdk). Log: account sequence mismatch, expected 3, got 2: incorrect account sequence",
      ),
    );
    expect(error).toBeInstanceOf(SequenceMismatch);
    expect(error).toMatchObject({ code: 32, codespace: "sdk", expected: 3 });
  });

  it("is a transaction that is not found in time", () => {
    const thrown = Object.assign(new Error("Transaction with ID AB was submitted but …"), {
      txId: "AB",
    });
    expect(asError(thrown)).toBeInstanceOf(TimedOut);
    expect(asError(thrown)).toMatchObject({ hash: "AB" });
  });

  it("is an account that does not exist", () => {
    const error = asError(
      new Error(
        "Account 'wasm1abc' does not exist on chain. Send some tokens there before trying to query sequence.",
      ),
    );
    expect(error).toBeInstanceOf(UnknownAccount);
    expect(error).toMatchObject({ address: "wasm1abc" });
  });
});

describe("a node that does not answer", () => {
  it.each([
    ["Chromium", new TypeError("Failed to fetch")],
    ["Firefox", new TypeError("NetworkError when attempting to fetch resource.")],
    ["Safari", new TypeError("Load failed")],
    ["Node.js", new TypeError("fetch failed")],
    ["a proxy", new Error("Bad status on response: 502")],
    ["a page instead", new SyntaxError(`Unexpected token '<', "<html>" is not valid JSON`)],
    ["a time limit", new DOMException("The operation timed out.", "TimeoutError")],
  ])("is unreachable in the words of %s", (_, thrown) => {
    const error = asError(thrown);
    expect(error).toBeInstanceOf(NodeUnreachable);
    expect(error.cause).toBe(thrown);
    expect(error.message).toContain(thrown.message);
  });
});

describe("a wallet", () => {
  it.each([
    ["Keplr", new Error("Request rejected")],
    ["Leap", new Error("Transaction declined")],
    ["Cosmostation", { code: 4001, message: "User rejected request" }],
    ["one that throws texts", "Request rejected"],
  ])("rejects: %s", (_, thrown) => {
    const error = asError(thrown);
    expect(error).toBeInstanceOf(WalletRejected);
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({ kind: "wallet_rejected" });
  });

  it("does not reject where the chain does", () => {
    const error = asError(delivered("the request was rejected"));
    expect(error).toBeInstanceOf(ChainRefused);
  });
});

describe("anything else", () => {
  it("stays what it is", () => {
    const range = new RangeError("BigInt too big");
    expect(asError(range)).toBe(range);
    const syntax = new SyntaxError("Cannot convert x to a BigInt");
    expect(asError(syntax)).toBe(syntax);
    const aborted = new DOMException("The user left the page", "AbortError");
    expect(asError(aborted)).toBe(aborted);
    expect(asError("odd").message).toBe("odd");
    expect(asError(undefined)).toBeInstanceOf(Error);
    expect(asError({ message: 5 })).toBeInstanceOf(Error);
  });
});
