// When blocks were made.

import { NodeRefused } from "./failures.js";
import type { Rpc } from "./rpc.js";

/** Times of so many blocks are remembered. */
const REMEMBERED = 2_000;

/** Times of blocks, each asked for once. */
export class BlockTimes {
  private readonly known = new Map<number, Promise<number | undefined>>();

  constructor(private readonly rpc: Rpc) {}

  /** Seconds since 1970; nothing if the node no longer has the block. */
  of(height: number): Promise<number | undefined> {
    const known = this.known.get(height);
    if (known !== undefined) {
      return known;
    }
    const asked = this.ask(height);
    this.remember(height, asked);
    // What failed is asked for again.
    asked.catch(() => this.known.delete(height));
    return asked;
  }

  private async ask(height: number): Promise<number | undefined> {
    try {
      const answer = await this.rpc.ask("header", { height: height.toString() });
      return answer.at("header").at("time").seconds();
    } catch (error) {
      if (error instanceof NodeRefused) {
        return undefined;
      }
      throw error;
    }
  }

  private remember(height: number, time: Promise<number | undefined>): void {
    this.known.set(height, time);
    const [oldest] = this.known.keys();
    if (this.known.size > REMEMBERED && oldest !== undefined) {
      this.known.delete(oldest);
    }
  }
}
