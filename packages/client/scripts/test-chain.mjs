// Tests the client against a real chain: starts a local network in a folder of its own, runs
// tests/chain, and takes the network down again, whatever happens. With BULWARK_NETWORK (a network
// file) it takes that network as it is. BULWARK_BIN names the `bulwark` program; by default the
// one that Cargo built.
import { spawn } from "node:child_process";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const program = process.env.BULWARK_BIN ?? join(target, "release", "bulwark");

/** Runs a program to its end, its output with ours. */
function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: "inherit",
      env: { ...process.env, ...env },
      cwd: fileURLToPath(new URL("../", import.meta.url)),
    });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** The README's programs import the package as it is built; any failure of it shows in them. */
function test(network) {
  const env = { BULWARK_NETWORK: network, BULWARK_BIN: program };
  const rest = process.argv.slice(2);
  return run("npx", ["--no-install", "vitest", "run", "--project", "chain", ...rest], env);
}

async function testOnNewNetwork() {
  const home = await mkdtemp(join(tmpdir(), "bulwark-client-"));
  const localnet = (...args) => run(program, ["localnet", ...args, "--home", join(home, "net")]);
  // Also when somebody interrupts: the tests are interrupted as well, and end.
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => undefined);
  }
  try {
    // At the path's own speed prices keep for two minutes, however slow the machine is.
    const started = await localnet("up", "--positions", "--speed", "1", "--rpc-port", "0");
    return started === 0 ? await test(join(home, "net", "config.json")) : started;
  } finally {
    await localnet("down");
    await rm(home, { recursive: true, force: true });
  }
}

try {
  await access(program);
} catch {
  console.error(`${program} is not there: cargo build --release -p bulwark, or set BULWARK_BIN`);
  process.exit(1);
}
const network = process.env.BULWARK_NETWORK;
process.exitCode = network === undefined ? await testOnNewNetwork() : await test(network);
