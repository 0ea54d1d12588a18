/** Numbers that look random and are the same in every run. */
export class Random {
  constructor(private state: number) {}

  /** From 0 to below `limit`. */
  below(limit: number): number {
    // Mulberry32: small, and good enough to choose test cases.
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** A whole number of up to so many bits, small ones as often as large ones. */
  bits(most: number): bigint {
    let value = 0n;
    for (let bits = this.below(most + 1); bits > 0; bits -= 1) {
      value = value * 2n + BigInt(this.below(2));
    }
    return value;
  }
}
