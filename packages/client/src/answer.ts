// Reading what a node answered: nothing is taken for granted, and what is missing or of another
// form is named.

import { MalformedAnswer } from "./failures.js";

/** A place in a node's answer. */
export class Answer {
  constructor(
    /** What was asked. */
    readonly method: string,
    readonly value: unknown,
    /** Where in the answer this stands. */
    readonly field = "",
  ) {}

  /** What stands under a key of an object. */
  at(key: string): Answer {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.malformed();
    }
    const inner: unknown = Reflect.get(value, key);
    return new Answer(this.method, inner, this.field === "" ? key : `${this.field}.${key}`);
  }

  /** Whether something stands here. */
  isGiven(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The entries of a list; none for a list that is left out, as Go writes an empty one. */
  list(): Answer[] {
    if (!this.isGiven()) {
      return [];
    }
    if (!Array.isArray(this.value)) {
      throw this.malformed();
    }
    return this.value.map(
      (entry: unknown, index) => new Answer(this.method, entry, `${this.field}[${index}]`),
    );
  }

  /** A list that has to be there. */
  requiredList(): Answer[] {
    if (!Array.isArray(this.value)) {
      throw this.malformed();
    }
    return this.list();
  }

  text(): string {
    if (typeof this.value !== "string") {
      throw this.malformed();
    }
    return this.value;
  }

  /** A whole number that is not negative, as number or as text; 0 if it is left out. */
  count(): number {
    const { value } = this;
    if (!this.isGiven()) {
      return 0;
    }
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 0) {
      throw this.malformed();
    }
    return number;
  }

  /** A whole number from 1 on, such as a height. */
  positive(): number {
    const number = this.count();
    if (number === 0) {
      throw this.malformed();
    }
    return number;
  }

  /** A time as the chain writes it, in seconds since 1970, rounded down. */
  seconds(): number {
    // Browsers need not know more than three digits after the point, and seconds need none.
    const milliseconds = Date.parse(this.text().replace(/\.\d+/, ""));
    if (!Number.isFinite(milliseconds)) {
      throw this.malformed();
    }
    return milliseconds / 1000;
  }

  malformed(): MalformedAnswer {
    return new MalformedAnswer(this.method, this.field === "" ? "result" : this.field, this.value);
  }
}
