// A real local network with the page. BULWARK_BIN names the program that starts it (otherwise this
// checkout's is built), BULWARK_NETWORK the config.json of one that runs, which is then used.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Network, parseNetwork } from "@bulwark/client";

/** The first start may build the node, the contracts and the page. */
const startMinutes = 40;

const checkout = fileURLToPath(new URL("../../../../../", import.meta.url));

/** Where `up` leaves the contracts that it built. */
export const artifacts = join(checkout, "artifacts.localnet");

/** A network that runs. */
export interface Started {
  /** Its folder. */
  readonly home: string;
  /** Where the page is, with a slash at its end. */
  readonly page: string;
  /** What the page is told. */
  readonly network: Network;
}

/**
 * Starts a network with a page on free ports, with users that hold positions. Time passes as it
 * does elsewhere: prices stand still unless a test moves them.
 */
export async function startNetwork(): Promise<{ started: Started; down: () => Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), "bulwark-web-"));
  const home = join(parent, "localnet");
  const down = async () => {
    await localnet("down", "--home", home);
    await rm(parent, { recursive: true, force: true });
  };
  try {
    await localnet(
      "up",
      "--home",
      home,
      "--rpc-port",
      "0",
      "--speed",
      "1",
      ...web,
      "--web-port",
      "0",
    );
    return { ...(await takeNetwork(join(home, "config.json"))), down };
  } catch (error) {
    await down().catch(() => undefined);
    throw error;
  }
}

/** A network that somebody else started, by its config.json. */
export async function takeNetwork(file: string): Promise<{ started: Started }> {
  const network = parseNetwork(JSON.parse(await readFile(file, "utf8")));
  const home = dirname(file);
  const { web } = await statusOf(home);
  if (!web) throw new Error(`${home} is a network without a page`);
  return { started: { home, network, page: web.url } };
}

const web = [
  "--web",
  ...(process.env.BULWARK_WEB_ROOT ? ["--web-root", process.env.BULWARK_WEB_ROOT] : []),
];

/** Runs a command of the local network; what it says. */
export async function localnet(...args: string[]): Promise<string> {
  const program = process.env.BULWARK_BIN;
  const [file, before] =
    program === undefined ? [join(checkout, "scripts/localnet"), []] : [program, ["localnet"]];
  const { stdout } = await promisify(execFile)(file, [...before, ...args], {
    cwd: checkout,
    timeout: startMinutes * 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** What `status --json` says. */
export interface Status {
  readonly nodes: readonly { pid?: number | null }[];
  readonly web?: { url: string } | null;
}

/**
 * How the network in a folder does. The command ends with 1 where something does not run, and says
 * all the same what does.
 */
export async function statusOf(home: string): Promise<Status> {
  const said = await localnet("status", "--home", home, "--json").catch((error: unknown) => {
    if (error instanceof Error && "stdout" in error && typeof error.stdout === "string") {
      return error.stdout;
    }
    throw error;
  });
  return JSON.parse(said);
}
