// The engine's code and how it is called: JSON in its memory, by address and length.

import { MarginError, type MarginErrorName } from "./errors.js";

type Code = ArrayBuffer | ArrayBufferView | Response | URL;

/** Where the engine's code comes from: its bytes, a response with them, their address, or compiled. */
export type EngineSource = Code | WebAssembly.Module;

/** What the engine can be asked. */
export type EngineFunction =
  | "margin"
  | "liquidation_prices"
  | "liquidation_plan"
  | "largest_change";

const FUNCTIONS: readonly EngineFunction[] = [
  "margin",
  "liquidation_prices",
  "liquidation_plan",
  "largest_change",
];

type Evaluate = (address: number, length: number) => bigint;

/** What the code exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  /** Memory for so many bytes; 0 if there is none. */
  readonly alloc: (length: number) => number;
  readonly free: (address: number, length: number) => void;
  readonly functions: ReadonlyMap<EngineFunction, Evaluate>;
}

/**
 * Compiles the engine's code.
 *
 * @throws {MarginError} `engine_unavailable`
 */
export async function compile(source: EngineSource): Promise<WebAssembly.Module> {
  if (!isCode(source)) {
    return source;
  }
  try {
    return await WebAssembly.compile(await bytesOf(source));
  } catch (error) {
    throw unavailable(nameOf(source), error);
  }
}

/** By what they have: in tests of pages, classes of these names come from two worlds. */
function isCode(source: EngineSource): source is Code {
  return "href" in source || "arrayBuffer" in source || "byteLength" in source;
}

async function bytesOf(source: Code): Promise<BufferSource> {
  if ("href" in source) {
    return bytesOf(await fetch(source));
  }
  if ("arrayBuffer" in source) {
    if (!source.ok) {
      throw new Error(`the server answered ${source.status} ${source.statusText}`.trim());
    }
    return source.arrayBuffer();
  }
  // A copy: a view may be of memory that is shared.
  return ArrayBuffer.isView(source)
    ? new Uint8Array(new Uint8Array(source.buffer, source.byteOffset, source.byteLength))
    : source;
}

function nameOf(source: Code): string {
  if ("href" in source) {
    return source.href;
  }
  return "url" in source ? source.url : "bytes";
}

function unavailable(source: string, error: unknown): MarginError {
  const detail = error instanceof Error ? error.message : String(error);
  const sentence = "the margin engine could not be loaded";
  return new MarginError("engine_unavailable", sentence, { source, detail });
}

/** The running code. Calls do not wait: a margin takes well below a millisecond. */
export class EngineInstance {
  readonly #module: WebAssembly.Module;
  #exports: Exports;

  /** @throws {MarginError} `engine_unavailable`, if it is other code than this package's. */
  constructor(module: WebAssembly.Module) {
    this.#module = module;
    this.#exports = instantiate(module);
  }

  /**
   * Calls a function with a request that can be written as JSON.
   *
   * @throws {MarginError}
   */
  call(name: EngineFunction, request: unknown): unknown {
    let text: string;
    try {
      text = this.#exchange(name, JSON.stringify(request));
    } catch (error) {
      // Browsers tell of a stack that is full by a RangeError.
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        // What it left in its memory is not to be trusted: the next call finds it fresh.
        this.#exports = instantiate(this.#module);
        throw failed(error.message);
      }
      throw error;
    }
    const envelope: unknown = JSON.parse(text);
    if (isRecord(envelope) && "answer" in envelope) {
      return envelope.answer;
    }
    throw refusal(envelope);
  }

  #exchange(name: EngineFunction, request: string): string {
    const { memory, alloc, free, functions } = this.#exports;
    const evaluate = functions.get(name);
    const bytes = new TextEncoder().encode(request);
    const address = alloc(bytes.length) >>> 0;
    if (evaluate === undefined || address === 0) {
      throw failed(`there is no memory for a request of ${bytes.length} bytes`);
    }
    new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
    const packed = BigInt.asUintN(64, evaluate(address, bytes.length));
    free(address, bytes.length);
    const [answer, length] = [Number(packed >> 32n), Number(packed & 0xffff_ffffn)];
    // The memory may have grown since, and its buffer be another one.
    const text = new TextDecoder().decode(new Uint8Array(memory.buffer, answer, length));
    free(answer, length);
    return text;
  }
}

function instantiate(module: WebAssembly.Module): Exports {
  let exports: WebAssembly.Exports;
  try {
    exports = new WebAssembly.Instance(module).exports;
  } catch (error) {
    throw unavailable("module", error);
  }
  const { memory, alloc, free } = exports;
  const functions = new Map<EngineFunction, Evaluate>();
  for (const name of FUNCTIONS) {
    const exported = exports[name];
    if (typeof exported === "function") {
      functions.set(name, (address, length) => exported(address, length));
    }
  }
  if (
    !(memory instanceof WebAssembly.Memory) ||
    typeof alloc !== "function" ||
    typeof free !== "function" ||
    functions.size !== FUNCTIONS.length
  ) {
    throw unavailable("module", "it is not the code that belongs to this package");
  }
  return {
    memory,
    alloc: (length) => alloc(length),
    free: (address, length) => free(address, length),
    functions,
  };
}

/** Of each name the fields that it has to have. */
const FIELDS: Readonly<Partial<Record<MarginErrorName, readonly string[]>>> = {
  bad_request: ["detail"],
  unknown_market: ["asset"],
  unknown_group: ["group"],
  no_price: ["asset"],
  duplicate_holding: ["asset"],
  amount_too_large: ["amount"],
  value_too_large: ["usd"],
  config: ["field", "value", "bound"],
  overflow: ["operation"],
  division_by_zero: ["operation"],
};

function refusal(envelope: unknown): MarginError {
  const error = isRecord(envelope) ? envelope.error : undefined;
  if (isRecord(error) && isRefusal(error)) {
    return new MarginError(error.name, error.sentence, error.fields);
  }
  return failed(`it answered ${JSON.stringify(envelope)}`);
}

type Refusal = Pick<MarginError, "name" | "sentence" | "fields">;

function isRefusal(error: Record<string, unknown>): error is Record<string, unknown> & Refusal {
  const { name, sentence, fields } = error;
  if (typeof name !== "string" || typeof sentence !== "string" || !isRecord(fields)) {
    return false;
  }
  const expected = Object.entries(FIELDS).find(([known]) => known === name)?.[1];
  return expected?.every((field) => typeof fields[field] === "string") ?? false;
}

function failed(detail: string): MarginError {
  return new MarginError("engine_failed", "the margin engine broke off", { detail });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
