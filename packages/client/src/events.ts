/** What the contracts report, as types: one event per change of state. */

import { parseDecimal } from "./amounts.js";
import { ClientError } from "./errors.js";
import {
  type AttributeReader,
  type BulwarkEvent,
  decoders,
  type Emitted,
} from "./generated/events.js";

export type * from "./generated/events.js";

/** An event as a node tells it; CosmJS's own type fits. */
export interface ChainEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

/** Addresses of the contracts whose events are read. */
export interface Emitters {
  readonly vault: string;
  readonly oracle: string;
  readonly liquidator?: string | undefined;
}

/** An event of one of our contracts that does not have the form of its type. */
export class EventError extends ClientError {
  override readonly name = "EventError";
  readonly kind = "malformed_event";

  constructor(
    /** Type of the event, without the chain's prefix. */
    readonly event: string,
    /** The attribute that is wrong. */
    readonly attribute: string,
    /** Its value; nothing if it is missing. */
    readonly value: string | undefined,
    options?: ErrorOptions,
  ) {
    super(
      value === undefined
        ? `the event ${event} has no attribute ${attribute}`
        : `the event ${event} has ${attribute} = ${value}, which is not understood`,
      options,
    );
  }
}

/** What a chain puts before the types of contracts' events. */
const PREFIX = "wasm-";

/**
 * The events among `events` that one of `contracts` emitted, in their order. Others are passed
 * over, those of a type that this version does not know among them.
 *
 * Amounts and shares are whole numbers, values, prices and fractions have 18 decimals, times are
 * seconds.
 *
 * @throws {@link EventError} if one is not of its type's form.
 */
export function parseEvents(events: readonly ChainEvent[], contracts: Emitters): BulwarkEvent[] {
  return events.flatMap((event) => parseEvent(event, contracts));
}

/** Events, and those of our contracts that could not be read. */
export interface ReadEvents {
  readonly events: BulwarkEvent[];
  /** What is wrong with each of the others; left out if nothing is. */
  readonly unreadable?: EventError[];
}

/** Like {@link parseEvents}, but one that is not of its type's form does not hide the others. */
export function readEvents(events: readonly ChainEvent[], contracts: Emitters): ReadEvents {
  const readable: BulwarkEvent[] = [];
  const unreadable: EventError[] = [];
  for (const event of events) {
    try {
      readable.push(...parseEvent(event, contracts));
    } catch (error) {
      if (!(error instanceof EventError)) throw error;
      unreadable.push(error);
    }
  }
  return unreadable.length === 0 ? { events: readable } : { events: readable, unreadable };
}

function parseEvent(event: ChainEvent, contracts: Emitters): BulwarkEvent[] {
  const emitter = emitterOf(event, contracts);
  const name = event.type.startsWith(PREFIX) ? event.type.slice(PREFIX.length) : undefined;
  if (emitter === undefined || name === undefined || !Object.hasOwn(decoders, name)) return [];
  const decoded = decoders[name]?.(readerOf(name, event), { emitter });
  return decoded === undefined ? [] : [decoded];
}

/** Contracts cannot set this attribute themselves: the chain does. */
function emitterOf(event: ChainEvent, contracts: Emitters): Emitted["emitter"] | undefined {
  const address = attributeOf(event, "_contract_address");
  if (address === undefined) return undefined;
  if (address === contracts.vault) return "vault";
  if (address === contracts.oracle) return "oracle";
  return address === contracts.liquidator ? "liquidator" : undefined;
}

/** The first value of an attribute. */
function attributeOf(event: ChainEvent, attribute: string): string | undefined {
  return event.attributes.find(({ key }) => key === attribute)?.value;
}

function readerOf(name: string, event: ChainEvent): AttributeReader {
  const text = (attribute: string) => {
    const value = attributeOf(event, attribute);
    if (value === undefined) throw new EventError(name, attribute, undefined);
    return value;
  };
  const digits = (attribute: string) => {
    const value = text(attribute);
    if (!/^\d+$/.test(value)) throw new EventError(name, attribute, value);
    return value;
  };
  return {
    text,
    flag: (attribute) => {
      const value = text(attribute);
      if (value !== "true" && value !== "false") throw new EventError(name, attribute, value);
      return value === "true";
    },
    count: (attribute) => {
      const value = digits(attribute);
      const number = Number(value);
      if (!Number.isSafeInteger(number)) throw new EventError(name, attribute, value);
      return number;
    },
    whole: (attribute) => BigInt(digits(attribute)),
    decimal: (attribute) => {
      const value = text(attribute);
      try {
        return parseDecimal(value);
      } catch (cause) {
        throw new EventError(name, attribute, value, { cause });
      }
    },
  };
}
