import { describe, expect, it } from "vitest";

import { MarginError } from "../src/margin/errors.js";
import { EngineInstance } from "../src/margin/wasm.js";

/** A section of a module: its number, its length, its content. All are shorter than 128 bytes. */
const section = (number: number, ...content: number[]) => [number, content.length, ...content];
const named = (name: string) => [name.length, ...new TextEncoder().encode(name)];
const I32 = 0x7f;
const I64 = 0x7e;

/** An engine whose functions call themselves for ever. */
const endless = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...section(
    1,
    ...[3, 0x60, 1, I32, 1, I32],
    ...[0x60, 2, I32, I32, 0],
    ...[0x60, 2, I32, I32, 1, I64],
  ),
  ...section(3, 3, 0, 1, 2),
  ...section(5, 1, 0, 1),
  ...section(
    7,
    ...[7, ...named("memory"), 2, 0, ...named("alloc"), 0, 0, ...named("free"), 0, 1],
    ...["margin", "liquidation_prices", "liquidation_plan", "largest_change"].flatMap((name) => [
      ...named(name),
      ...[0, 2],
    ]),
  ),
  ...section(
    10,
    ...[3, 4, 0, 0x41, 8, 0x0b],
    ...[2, 0, 0x0b],
    ...[8, 0, 0x20, 0, 0x20, 1, 0x10, 2, 0x0b],
  ),
]);

describe("an engine that breaks off", () => {
  it("is a typed error, also when its stack is full, and can be asked again", async () => {
    const engine = new EngineInstance(await WebAssembly.compile(endless));
    for (let turn = 0; turn < 2; turn += 1) {
      let thrown: unknown;
      try {
        engine.call("margin", {});
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(MarginError);
      expect(thrown).toMatchObject({ name: "engine_failed" });
    }
  });
});
