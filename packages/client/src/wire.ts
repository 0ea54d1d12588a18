/**
 * The one displayed form of every error of the contracts, `<name>: <sentence> {json fields}`, found
 * inside what a chain says: it puts words of its own before and after. The same as
 * `packages/types/src/wire.rs`, tested with the same cases.
 */

/** An error's displayed form, taken apart. */
export interface WireText {
  /** The name, such as `insufficient_cash`; of whatever contract. */
  readonly name: string;
  /** The sentence for people. */
  readonly sentence: string;
  /** The fields as the text of one JSON object. */
  readonly fields: string;
}

/**
 * How much of a text is looked at, from its end. Nodes say less; what is longer could only keep the
 * program busy.
 */
const LOOKED_AT = 20_000;

/** Every displayed form in a text, in turn. One inside the fields of another is part of those. */
export function wireTexts(text: string): WireText[] {
  const told = text.slice(-LOOKED_AT);
  const found: WireText[] = [];
  let from = 0;
  for (;;) {
    const blank = told.indexOf(" {", from);
    if (blank < 0) return found;
    const brace = blank + 1;
    const end = endOfObject(told, brace);
    const form = end && formOf(told.slice(0, blank), told.slice(brace, end));
    if (form) found.push(form);
    from = form && end ? end : brace;
  }
}

/** The error whose fields are `fields` and whose name and sentence end `before`. */
function formOf(before: string, fields: string): WireText | undefined {
  for (let colon = before.lastIndexOf(": "); colon >= 0; ) {
    const name = nameBefore(before, colon);
    if (name) return { name, sentence: before.slice(colon + 2), fields };
    colon = colon === 0 ? -1 : before.lastIndexOf(": ", colon - 1);
  }
  return undefined;
}

/** The name that ends at `end`; nothing if there is none that starts the text or follows a blank. */
function nameBefore(text: string, end: number): string | undefined {
  let start = end;
  while (/^[a-z_]$/.test(text.charAt(start - 1))) start -= 1;
  const standsAlone = start === 0 || /\p{White_Space}/u.test(text.charAt(start - 1));
  return standsAlone && start < end ? text.slice(start, end) : undefined;
}

/** Where the JSON object ends that begins at `from`; nothing if it does not. */
function endOfObject(text: string, from: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const c = text[at];
    if (quoted) {
      if (c === "\\") at += 1;
      else if (c === '"') quoted = false;
    } else if (c === '"') {
      quoted = true;
    } else if (c === "{") {
      depth += 1;
    } else if (c === "}") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}
