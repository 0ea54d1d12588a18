import type { Topic } from "./topics";

/** How long events are gathered before queries are asked again, in milliseconds. */
const gatherFor = 150;

/**
 * Lists of all accounts, and what is asked for each of many accounts, are not asked anew with every
 * block in which a price moves: so many milliseconds lie between two turns at least.
 */
const spacing: Partial<Record<Topic, number>> = { "at-risk": 10_000, offers: 10_000 };

/** Gathers what was touched, and says after a while what has to be asked again. */
export class Gathering {
  readonly #askAgain: (topics: ReadonlySet<Topic>) => void;
  /** When each topic is due, by this device's clock. */
  readonly #due = new Map<Topic, number>();
  readonly #last = new Map<Topic, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(askAgain: (topics: ReadonlySet<Topic>) => void) {
    this.#askAgain = askAgain;
  }

  touch(topics: Iterable<Topic>): void {
    const now = Date.now();
    for (const topic of topics) {
      if (this.#due.has(topic)) continue;
      const earliest = (this.#last.get(topic) ?? 0) + (spacing[topic] ?? 0);
      this.#due.set(topic, Math.max(now + gatherFor, earliest));
    }
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#due.clear();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#due.size === 0) return;
    const next = Math.min(...this.#due.values());
    this.#timer = setTimeout(() => this.#fire(), Math.max(0, next - Date.now()));
  }

  #fire(): void {
    const now = Date.now();
    const topics = new Set<Topic>();
    for (const [topic, due] of this.#due) {
      if (due > now) continue;
      topics.add(topic);
      this.#due.delete(topic);
      this.#last.set(topic, now);
    }
    if (topics.size > 0) this.#askAgain(topics);
    this.#arm();
  }
}
