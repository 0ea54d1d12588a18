/** Why the margin engine refused, with the fields that name the offending values. */
export interface MarginErrorFields {
  /** A basket that the engine cannot read: a field is missing, unknown or of the wrong form. */
  bad_request: { detail: string };
  /** The basket has no market of an asset. */
  unknown_market: { asset: string };
  /** A market's group is not among those of the configuration. */
  unknown_group: { group: string };
  /** The basket has no price of an asset, or one of zero. */
  no_price: { asset: string };
  /** An asset stands in the basket twice. */
  duplicate_holding: { asset: string };
  /** An amount is not below 2^104 smallest units. */
  amount_too_large: { amount: string };
  /** A holding or the basket is worth more than 10^15 USD. */
  value_too_large: { usd: string };
  /** A parameter that no contract would have. */
  config: { field: string; value: string; bound: string };
  /** An intermediate result does not fit: the basket has numbers that no contract would have. */
  overflow: { operation: string };
  /** Likewise. */
  division_by_zero: { operation: string };
  /** The engine's code could not be loaded. */
  engine_unavailable: { source: string; detail: string };
  /** The engine broke off, or answered what this package does not know. */
  engine_failed: { detail: string };
}

/** Name of a {@link MarginError}. */
export type MarginErrorName = keyof MarginErrorFields;

/** What the margin engine refuses. Names that the vault has too mean the same here. */
export class MarginError<N extends MarginErrorName = MarginErrorName> extends Error {
  override readonly name: N;
  /** The sentence for people. */
  readonly sentence: string;
  /** The offending values. */
  readonly fields: Readonly<MarginErrorFields[N]>;

  constructor(name: N, sentence: string, fields: MarginErrorFields[N]) {
    super(`${name}: ${sentence} ${JSON.stringify(fields)}`);
    this.name = name;
    this.sentence = sentence;
    this.fields = fields;
  }

  /** Whether it is of a name, and has that name's fields. */
  is<M extends MarginErrorName>(name: M): this is MarginError<M> {
    const own: MarginErrorName = this.name;
    return own === name;
  }
}
