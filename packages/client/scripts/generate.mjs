// Writes src/generated/ from the contracts' JSON schemas: types of messages and answers, a client
// for each contract, and the errors and events of all. With --check nothing is written: the exit code is 1 where a file
// differs from what the schemas say.
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorsModule, eventsModule } from "./wire.mjs";

// As CommonJS: its ES modules import each other without file extensions, which Node.js refuses.
const { default: codegen } = createRequire(import.meta.url)("@cosmwasm/ts-codegen");

const contracts = ["caller", "liquidator", "oracle", "vault"];
const schemas = fileURLToPath(new URL("../../../schema/", import.meta.url));
const generated = fileURLToPath(new URL("../src/generated/", import.meta.url));

/** Written for other libraries than CosmJS, which does the same by itself. */
const unused = "baseClient.ts";

/** What ts-codegen writes, as this package needs it. */
function adapted(text) {
  return (
    text
      // The types are those of CosmJS, which this package depends on.
      .replaceAll("@interchainjs/types", "@cosmjs/amino")
      .replaceAll(/\bI(Signing)?CosmWasmClient\b/g, "$1CosmWasmClient")
      .replaceAll('"./baseClient"', '"@cosmjs/cosmwasm-stargate"')
      // ES modules name files with their extensions, and what is only a type says so.
      .replaceAll(/from "(\.\/[^"]+)"/g, 'from "$1.js"')
      .replaceAll(/^import \{/gm, "import type {")
  );
}

async function schemaOf(file) {
  return JSON.parse(await readFile(join(schemas, file), "utf8"));
}

async function generate(work) {
  for (const contract of contracts) {
    await mkdir(join(work, contract));
    const schema = `bulwark-${contract}.json`;
    await copyFile(join(schemas, schema), join(work, contract, schema));
  }
  const outPath = join(work, "out");
  await codegen({
    contracts: contracts.map((contract) => ({
      name: `bulwark-${contract}`,
      dir: join(work, contract),
    })),
    outPath,
    options: {
      bundle: { enabled: false },
      types: { enabled: true },
      client: { enabled: true },
    },
  });
  const files = new Map();
  for (const file of (await readdir(outPath)).sort()) {
    if (file === unused) continue;
    files.set(file, adapted(await readFile(join(outPath, file), "utf8")));
  }
  files.set("errors.ts", errorsModule(await schemaOf("bulwark-errors.json")));
  files.set("events.ts", eventsModule(await schemaOf("bulwark-events.json")));
  return files;
}

/** Names of the files that differ from what is there, that are missing, or that are too many. */
async function differing(files) {
  const present = await readdir(generated).catch(() => []);
  const names = [...new Set([...files.keys(), ...present])].sort();
  const differs = await Promise.all(
    names.map(async (name) => {
      const there = await readFile(join(generated, name), "utf8").catch(() => undefined);
      return there !== files.get(name);
    }),
  );
  return names.filter((_, index) => differs[index]);
}

const work = await mkdtemp(join(tmpdir(), "bulwark-generate-"));
try {
  const files = await generate(work);
  const differences = await differing(files);
  if (process.argv.includes("--check")) {
    for (const name of differences) {
      console.error(`packages/client/src/generated/${name} is out of date: run npm run generate`);
    }
    process.exitCode = differences.length > 0 ? 1 : 0;
  } else {
    await rm(generated, { recursive: true, force: true });
    await mkdir(generated, { recursive: true });
    for (const [name, text] of files) {
      await writeFile(join(generated, name), text);
    }
    console.log(`${files.size} files in src/generated, ${differences.length} changed`);
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
