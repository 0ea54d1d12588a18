// What was signed and may still count: kept until it is known what became of it, beyond the program
// that signed it where whoever connects says so.

/** A transaction that was signed, and of which nobody knows yet what became of it. Plain JSON. */
export interface Pending {
  /** Upper-case hex. */
  readonly hash: string;
  /** Its place in the order of the key's transactions. */
  readonly sequence: number;
  /** It is in no block before this one. */
  readonly from: number;
  /** It is in no block after this one; left out if there is no such bound. */
  readonly until?: number;
}

/**
 * Where a signer keeps what is pending. Several of one key may share it: it is read before anything is
 * signed, and written at once after it was read.
 */
export interface Memory {
  /** What was written last, as it was or as JSON gives it back. What is not of that form counts as nothing. */
  read(): unknown;
  /** Keeps these instead. If it throws when something was signed, that is not sent. */
  write(pending: readonly Pending[]): void;
}

/** More are not kept: the oldest are long dead. */
const MOST = 10;

/** A memory that ends with the program. */
export function ownMemory(): Memory {
  let kept: readonly Pending[] = [];
  return {
    read: () => kept,
    write: (pending) => {
      kept = pending;
    },
  };
}

/** What one key has signed and may still count. */
export class Unsettled {
  constructor(private readonly memory: Memory) {}

  /** All, the oldest first. */
  all(): Pending[] {
    let kept: unknown;
    try {
      kept = this.memory.read();
    } catch {
      // A file that somebody spoilt must not keep anybody from signing.
      return [];
    }
    return Array.isArray(kept) ? kept.flatMap(readPending).slice(-MOST) : [];
  }

  add(pending: Pending): void {
    this.memory.write([...this.all(), pending].slice(-MOST));
  }

  forget(isSettled: (pending: Pending) => boolean): void {
    const all = this.all();
    const left = all.filter((pending) => !isSettled(pending));
    if (left.length === all.length) {
      return;
    }
    try {
      this.memory.write(left);
    } catch {
      // What stays is asked for once more, and no reason to call a failure what was done.
    }
  }
}

function readPending(value: unknown): Pending[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  const hash: unknown = Reflect.get(value, "hash");
  const sequence: unknown = Reflect.get(value, "sequence");
  const from: unknown = Reflect.get(value, "from");
  const until: unknown = Reflect.get(value, "until");
  if (typeof hash !== "string" || !/^[0-9A-F]{64}$/.test(hash)) {
    return [];
  }
  if (!isCount(sequence) || !isCount(from)) {
    return [];
  }
  if (until === undefined) {
    return [{ hash, sequence, from }];
  }
  return isCount(until) ? [{ hash, sequence, from, until }] : [];
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
