// Starts the one network that all tests use, and ends it after them.
import type { TestProject } from "vitest/node";
import { type Started, startNetwork, takeNetwork } from "./harness/localnet.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly network: Started;
  }
}

export default async function setup(project: TestProject) {
  const file = process.env.BULWARK_NETWORK;
  const { started, down } =
    file === undefined ? await startNetwork() : { ...(await takeNetwork(file)), down: undefined };
  project.provide("network", started);
  return down;
}
