/**
 * The JSON Schema (draft-07, which editors know) of the TOML language, from the one table of
 * properties. It says what a property may hold and where it may stand; what the texts mean (commands,
 * references, conditions) is checked when the file is loaded.
 *
 * @module
 */

import { INTERPRETERS } from "../../model/interpreter.ts";
import {
  KINDS,
  type Level,
  PROPERTIES,
  type Property,
  RESERVED,
  type ValueType,
} from "./property.ts";

/** A JSON Schema, or a part of one. */
export type Schema = boolean | { readonly [key: string]: unknown };

const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
const STRING = { type: "string" };
const STRINGS = { type: "array", items: STRING };
const COUNT = { type: "integer", minimum: 1 };
const ENV_NAME = "^[A-Za-z_][A-Za-z0-9_]*$";

/** A table with these keys and no others. */
function table(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []) {
  return { type: "object", properties, required, additionalProperties: false };
}

function oneOrMore(schema: Schema): Schema {
  return { anyOf: [schema, { type: "array", items: schema }] };
}

const ENV_VALUE: Schema = { type: ["string", "number", "boolean"] };

const PARAMETER = {
  help: STRING,
  type: { enum: ["string", "integer", "float", "boolean"] },
  default: {},
  choices: { type: "array" },
  required: { type: "boolean" },
  multiple: { type: "boolean" },
  short: STRING,
  env: STRING,
  negatable: { type: "boolean" },
};

function parameter(more: Readonly<Record<string, Schema>>, required: readonly string[]): Schema {
  return {
    ...table({ ...PARAMETER, ...more }, required),
    patternProperties: { "^x-": true },
  };
}

/** What a value of each type looks like. */
const TYPES: Readonly<Record<ValueType, Schema>> = {
  command: {
    anyOf: [{ type: "string", pattern: "\\S" }, { ...STRINGS, minItems: 1 }],
  },
  shell: { type: "string", pattern: "\\S" },
  string: STRING,
  boolean: { type: "boolean" },
  number: { type: "number", exclusiveMinimum: 0 },
  strings: oneOrMore(STRING),
  "string-array": STRINGS,
  items: oneOrMore(ref("item")),
  references: {
    anyOf: [
      STRING,
      {
        type: "array",
        items: { anyOf: [STRING, table({ use: STRING, env: ref("env") }, ["use"])] },
      },
    ],
  },
  env: ref("env"),
  envfile: oneOrMore({
    anyOf: [
      STRING,
      table(
        { path: STRING, override: { type: "boolean" }, required: { type: "boolean" } },
        ["path"],
      ),
    ],
  }),
  args: oneOrMore({ anyOf: [STRING, parameter({ name: STRING }, ["name"])] }),
  options: {
    type: "object",
    additionalProperties: { anyOf: [STRING, parameter({ name: STRING }, [])] },
  },
  duration: {
    anyOf: [
      COUNT,
      {
        type: "string",
        pattern: "^(?:\\d+h)?(?:\\d+m)?(?:\\d+(?:\\.\\d+)?s)?(?:\\d+ms)?$",
        minLength: 2,
      },
    ],
  },
  retries: {
    anyOf: [
      { type: "integer", minimum: 0 },
      table({
        max: { type: "integer", minimum: 0 },
        delay: ref("duration"),
        factor: { type: "number", exclusiveMinimum: 0 },
      }, ["max"]),
    ],
  },
  limits: { type: "object", additionalProperties: COUNT },
  platform: { enum: ["os-arch", "os", "any"] },
  result: { enum: ["exit", "print", "ignore"] },
  interpreter: {
    anyOf: [
      { enum: INTERPRETERS },
      { type: "array", items: { type: "string", minLength: 1 }, minItems: 1 },
    ],
  },
};

/** A property with its help, which editors show. */
function described({ name, type, help }: Property): readonly [string, Schema] {
  const schema = TYPES[type] as Exclude<Schema, boolean>;
  // Beside a reference draft-07 reads nothing.
  return [
    name,
    "$ref" in schema ? { allOf: [schema], description: help } : { ...schema, description: help },
  ];
}

function at(level: Level, leave: readonly string[] = []): Record<string, Schema> {
  return Object.fromEntries(
    PROPERTIES.filter(({ name, levels }) => levels.includes(level) && !leave.includes(name))
      .map(described),
  );
}

const NONE = { not: { anyOf: KINDS.map((kind) => ({ required: [kind] })) } };

/** Names of tasks: not only digits. */
const NAME = "^(?:[\\p{L}_]|\\p{N}+[\\p{L}_.:/@+-])[\\p{L}\\p{N}_.:/@+-]*$";

function group(): Schema {
  const switches = new Set(
    PROPERTIES.filter(({ core, type }) => !core && type === "boolean").map(({ name }) => name),
  );
  // A switch whose value is a task is a member, not the switch.
  const own = Object.fromEntries(
    Object.entries(at("group")).map(([name, schema]) => [
      name,
      switches.has(name) ? { anyOf: [schema, ref("node")] } : schema,
    ]),
  );
  const foreign = PROPERTIES.filter(({ levels }) => !levels.includes("group"));
  // A switch of the extensions may name a member; everything else that is known is misplaced.
  const member = ({ core, type }: Property) => !core && (type === "boolean" || type === "number");
  const misplaced = foreign.filter((property) => !member(property)).map((
    { name },
  ) => [name, false]);
  return {
    type: "object",
    properties: { ...own, ...Object.fromEntries(misplaced) },
    patternProperties: { "^x-": true },
    additionalProperties: ref("node"),
    propertyNames: { anyOf: [{ pattern: NAME }, { pattern: "^x-" }] },
    // At least one member.
    not: { propertyNames: { anyOf: [{ enum: Object.keys(own) }, { pattern: "^x-" }] } },
  };
}

function tasks(): Schema {
  const own = at("root");
  const reserved = [...RESERVED].filter((name) => !(name in own)).map((name) => [name, false]);
  return {
    type: "object",
    description: "Tasks and groups of tasks by name.",
    properties: { ...own, ...Object.fromEntries(reserved) },
    patternProperties: { "^x-": true },
    additionalProperties: ref("node"),
    propertyNames: { anyOf: [{ pattern: NAME }, { pattern: "^x-" }] },
  };
}

/** `[tool.ntask]`, where the tasks stand among the settings. */
function pyproject(settings: Schema): Schema {
  const { properties, ...rest } = settings as { readonly properties: Record<string, Schema> };
  return { ...rest, properties: { ...properties, tasks: ref("tasks") } };
}

/**
 * The schema of `ntask.toml`, `tasks.toml` and `pyproject.toml`.
 *
 * @param settings the schema of the settings table
 */
export function schema(settings: Schema): Schema {
  const kinds = ["cmd", "shell", "call"];
  const extra = { patternProperties: { "^x-": true }, additionalProperties: false };
  const item = at("item");
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "ntask task file",
    type: "object",
    properties: {
      tasks: ref("tasks"),
      ntask: ref("settings"),
      tool: {
        type: "object",
        properties: {
          ntask: pyproject(settings),
        },
      },
    },
    definitions: {
      tasks: tasks(),
      settings,
      node: {
        anyOf: [{ type: "string", pattern: "\\S" }, ref("task"), ref("composite"), ref("group")],
      },
      task: {
        type: "object",
        properties: at("task"),
        ...extra,
        oneOf: [
          ...kinds.map((kind) => ({ required: [kind] })),
          { required: ["deps"], ...NONE },
        ],
      },
      composite: {
        type: "object",
        properties: at("composite"),
        ...extra,
        required: ["tasks"],
      },
      group: group(),
      item: {
        anyOf: [
          STRING,
          {
            type: "object",
            properties: item,
            ...extra,
            oneOf: [...kinds, "use"].map((kind) => ({ required: [kind] })),
          },
        ],
      },
      env: {
        type: "object",
        patternProperties: {
          [ENV_NAME]: {
            anyOf: [
              ENV_VALUE,
              table({ value: ENV_VALUE, secret: { type: "boolean" } }, ["value"]),
              table({ default: ENV_VALUE, secret: { type: "boolean" } }, ["default"]),
              table({ unset: { const: true }, secret: { type: "boolean" } }, ["unset"]),
            ],
          },
        },
        additionalProperties: false,
      },
      duration: TYPES.duration,
    },
  };
}
