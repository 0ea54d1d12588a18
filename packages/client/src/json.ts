// JSON that rides inside of messages as base64.

/** A value's JSON as base64, as contracts take a `Binary`. */
export function encodeJson(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** The value of a contract's `Binary` that is JSON. */
export function decodeJson(binary: string): unknown {
  const bytes = Uint8Array.from(atob(binary), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
