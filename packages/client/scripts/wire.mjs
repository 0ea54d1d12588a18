// TypeScript out of schema/bulwark-errors.json and schema/bulwark-events.json: types for those who
// read errors and events, and beside them what the hand-written parsers check and convert with.

const banner = (source) =>
  `// Written by scripts/generate.mjs out of schema/${source}: do not edit.\n`;

/** A documentation comment; what Rust's documentation links to stays as its name. */
function docs(text, indent = "") {
  const plain = text.replaceAll(/\[`(?:\w+::)*(\w+)`\]/g, "`$1`").replaceAll("*/", "*\\/");
  const lines = plain.split("\n").map((line) => line.trim());
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

const quoted = (values) => values.map((value) => JSON.stringify(value));

/** What a JSON schema says of a field: its type in TypeScript, and its kind for the check. */
function field(schema, definitions, where) {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference !== undefined) {
    const name = reference.replace("#/definitions/", "");
    const definition = definitions[name];
    if (definition === undefined) throw new Error(`${where}: there is no definition of ${name}`);
    return { type: name, kind: kindOf(definition, where) };
  }
  const types = [schema.type].flat();
  const optional = types.includes("null");
  const type = types.filter((type) => type !== "null").join(" | ");
  const plain = { string: "string", integer: "number", number: "number", boolean: "boolean" }[type];
  if (plain !== undefined) {
    return optional
      ? { type: `${plain} | null`, kind: JSON.stringify(`${plain}?`) }
      : { type: plain, kind: JSON.stringify(plain) };
  }
  if (type === "array" && schema.items?.type === "string" && !optional) {
    return { type: "readonly string[]", kind: '"string[]"' };
  }
  throw new Error(`${where}: this schema is not understood: ${JSON.stringify(schema)}`);
}

/** All values of a definition of strings, each with its documentation if it has one. */
function values(definition) {
  if (definition.enum !== undefined) return definition.enum.map((value) => ({ value }));
  const variants = definition.oneOf ?? [];
  return variants.flatMap(({ description, enum: some = [] }) =>
    some.map((value) => ({ value, description })),
  );
}

function kindOf(definition, where) {
  const found = values(definition).map(({ value }) => value);
  if (found.length > 0) return `[${quoted(found).join(", ")}]`;
  return field(definition, {}, where).kind;
}

function definitionOf(name, definition) {
  const found = values(definition);
  const doc = docs(definition.description ?? `One of ${found.length} values.`);
  if (found.length === 0)
    return `${doc}export type ${name} = ${field(definition, {}, name).type};\n`;
  const lines = found.map(
    ({ value, description }) =>
      `${description === undefined ? "" : docs(description, "  ")}  | ${JSON.stringify(value)}`,
  );
  return `${doc}export type ${name} =\n${lines.join("\n")};\n`;
}

/** The errors by name: a name means the same fields in every contract that answers with it. */
function byName({ contracts, definitions }) {
  const names = new Map();
  for (const [contract, errors] of Object.entries(contracts)) {
    for (const { name, description, fields } of errors) {
      const properties = Object.entries(fields.properties ?? {}).map(([key, schema]) => ({
        key,
        description: schema.description ?? "",
        ...field(schema, definitions, `${contract}: ${name}.${key}`),
      }));
      const shape = JSON.stringify(properties.map(({ key, type }) => [key, type]));
      const known = names.get(name);
      if (known === undefined) {
        names.set(name, { shape, properties, contracts: [contract], docs: [description] });
        continue;
      }
      if (known.shape !== shape) {
        throw new Error(`${contract} and ${known.contracts[0]} give ${name} different fields`);
      }
      known.contracts.push(contract);
      if (!known.docs.includes(description)) known.docs.push(description);
    }
  }
  return new Map([...names].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Text of `errors.ts`. */
export function errorsModule(schema) {
  const errors = [...byName(schema)];
  const definitions = Object.entries(schema.definitions);
  const fields = errors.map(([name, { properties, docs: meanings, contracts }]) => {
    const doc = docs(`${meanings.join("\n")}\n\nAnswered by: ${contracts.join(", ")}.`, "  ");
    const lines = properties.map(
      ({ key, type, description }) => `${docs(description, "    ")}    readonly ${key}: ${type};\n`,
    );
    const body = lines.length === 0 ? "Record<string, never>" : `{\n${lines.join("")}  }`;
    return `${doc}  readonly ${name}: ${body};\n`;
  });
  const shapes = errors.map(([name, { properties, contracts }]) => {
    const kinds = properties.map(({ key, kind }) => `${key}: ${kind}`).join(", ");
    return `  ${name}: {\n    contracts: [${quoted(contracts).join(", ")}],\n    fields: {${kinds === "" ? "" : ` ${kinds} `}},\n  },\n`;
  });
  return `${banner("bulwark-errors.json")}
/** The contracts that answer with errors. */
export type Contract = ${quoted(Object.keys(schema.contracts)).join(" | ")};

${definitions.map(([name, definition]) => definitionOf(name, definition)).join("\n")}
/** The fields of every error, as they stand in its JSON: amounts are strings there. */
export interface ErrorFields {
${fields.join("")}}

/** Name of an error of a contract. */
export type ErrorName = keyof ErrorFields;

/** What a field holds: one type of JSON, \`?\` if it can be null, or one of some strings. */
export type FieldKind =
  | "string"
  | "string?"
  | "string[]"
  | "number"
  | "number?"
  | "boolean"
  | "boolean?"
  | readonly string[];

/** What is known of an error when the program runs. */
export interface ErrorShape {
  /** Which contracts answer with it. */
  readonly contracts: readonly Contract[];
  /** Its fields. */
  readonly fields: Readonly<Record<string, FieldKind>>;
}

/** Every error. */
export const errors: Readonly<Record<ErrorName, ErrorShape>> = {
${shapes.join("")}};

/** The names of all errors. */
export const errorNames = [
${errors.map(([name]) => `  ${JSON.stringify(name)},\n`).join("")}] as const satisfies readonly ErrorName[];
`;
}

/** How the value of each Rust type reads: its type here, and the reader's method. */
const readers = {
  String: ["string", "text"],
  bool: ["boolean", "flag"],
  u8: ["number", "count"],
  u16: ["number", "count"],
  u64: ["number", "count"],
  Amount: ["bigint", "whole", "Smallest units."],
  SupplyShares: ["bigint", "whole"],
  DebtShares: ["bigint", "whole"],
  Fraction: ["bigint", "decimal", "With 18 decimals."],
  Price: ["bigint", "decimal", "With 18 decimals."],
  Usd: ["bigint", "decimal", "With 18 decimals."],
};

const camel = (name) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());
const pascal = (name) => camel(`_${name}`);

function readEvent({ type, description, attributes }) {
  const name = type.replace(/^bulwark-/, "");
  const fields = attributes.map((attribute) => {
    const reader = readers[attribute.value];
    if (reader === undefined) {
      throw new Error(`${type}.${attribute.name}: ${attribute.value} is not understood`);
    }
    const [result, method, unit] = reader;
    const repeats = unit !== undefined && attribute.description.startsWith(unit.replace(".", ""));
    return {
      key: camel(attribute.name),
      attribute: attribute.name,
      doc:
        unit === undefined || repeats ? attribute.description : `${attribute.description} ${unit}`,
      result,
      method,
    };
  });
  return { type, name, title: `${pascal(name)}Event`, description, fields };
}

/** Text of `events.ts`. */
export function eventsModule(schema) {
  const events = schema.events.map(readEvent);
  const interfaces = events.map(({ name, title, description, fields }) => {
    const lines = fields.map(
      ({ key, result, doc }) => `${docs(doc, "  ")}  readonly ${key}: ${result};\n`,
    );
    return `${docs(description)}export interface ${title} extends Emitted {\n  readonly type: ${JSON.stringify(name)};\n${lines.join("")}}\n`;
  });
  const decoders = events.map(({ type, name, title, fields }) => {
    const lines = fields.map(
      ({ key, attribute, method }) => `    ${key}: read.${method}(${JSON.stringify(attribute)}),\n`,
    );
    return `  ${JSON.stringify(type)}: (read, emitted): ${title} => ({\n    ...emitted,\n    type: ${JSON.stringify(name)},\n${lines.join("")}  }),\n`;
  });
  return `${banner("bulwark-events.json")}
/** Which of Bulwark's contracts emitted an event. */
export interface Emitted {
  readonly emitter: "vault" | "oracle" | "liquidator";
}

${interfaces.join("\n")}
/** Any event of Bulwark's contracts; \`type\` tells which. */
export type BulwarkEvent =
${events.map(({ title }) => `  | ${title}`).join("\n")};

/** Reads attributes of one event; each method throws if the value is not of that kind. */
export interface AttributeReader {
  /** As it is. */
  text(attribute: string): string;
  /** \`true\` or \`false\`. */
  flag(attribute: string): boolean;
  /** A number that is small enough to be exact: of an account, a second. */
  count(attribute: string): number;
  /** A whole number: smallest units, shares. */
  whole(attribute: string): bigint;
  /** A decimal, as its 18-decimal atomics. */
  decimal(attribute: string): bigint;
}

/** How an event is read, by its type without the chain's prefix. */
export const decoders: Readonly<
  Record<string, (read: AttributeReader, emitted: Emitted) => BulwarkEvent>
> = {
${decoders.join("")}};
`;
}
