/**
 * The one table of properties. It drives validation in both languages, and later the JSON Schema
 * and the reference page. `tasks.ts` writes the same names in camelCase.
 *
 * @module
 */

/** The levels a property may stand at: root, group, task, composite task, inline item. */
export type Level = "root" | "group" | "task" | "composite" | "item";

/** What a value has to look like. */
export type ValueType =
  | "command"
  | "shell"
  | "string"
  | "boolean"
  | "number"
  | "strings"
  | "string-array"
  | "items"
  | "references"
  | "env"
  | "envfile"
  | "args"
  | "options"
  | "duration"
  | "retries"
  | "limits"
  | "platform"
  | "result"
  | "interpreter";

export interface Property {
  /** As TOML spells it. */
  readonly name: string;
  readonly type: ValueType;
  readonly levels: readonly Level[];
  /** Part of the proposal, so reserved as a name. */
  readonly core: boolean;
  readonly help: string;
}

const T: readonly Level[] = ["task", "composite"];

export const PROPERTIES: readonly Property[] = [
  core("cmd", "command", ["task", "item"], "A process started without a shell."),
  core("shell", "shell", ["task", "item"], "A script for a shell."),
  core("call", "string", ["task", "item"], "A Python or JavaScript function."),
  core("tasks", "items", ["composite"], "The items of a composite task."),
  core("use", "string", ["item"], "The task an item refers to."),
  core("env", "env", ["root", "group", ...T, "item"], "Environment variables."),
  core("envfile", "envfile", ["root", "group", ...T, "item"], "Files of KEY=VALUE lines."),
  core("cwd", "string", ["root", "group", ...T, "item"], "The directory to run in."),
  core("help", "string", ["group", ...T], "What the task is for."),
  core("args", "args", T, "What the positions of the command line mean."),
  core("options", "options", T, "What the options of the command line mean."),
  core("pre", "items", ["group", ...T], "What runs before."),
  core("post", "items", ["group", ...T], "What runs after success."),
  core("parallel", "boolean", ["composite", "group"], "Start all items at once."),
  core("condition", "string", ["group", ...T, "item"], "When to run at all."),
  ext("deps", "references", T, "What must have succeeded before."),
  ext("inputs", "strings", ["task"], "The files that determine the result."),
  ext("outputs", "strings", ["task"], "The files produced."),
  ext("outputs_optional", "strings", ["task"], "Outputs that may be missing."),
  ext("cached", "boolean", ["task"], "Whether results are kept."),
  ext("cache_env", "string-array", ["task"], "Inherited variables that count."),
  ext("tools", "string-array", ["task"], "Commands whose output counts."),
  ext("platform", "platform", ["task"], "How much of the platform counts."),
  ext("text", "boolean", ["task"], "CRLF and LF are the same in inputs."),
  ext("clean", "boolean", ["task"], "Old outputs are removed first."),
  ext("gitignore", "boolean", ["task"], "Ignored files are not inputs."),
  ext("result", "result", ["task", "item"], "What becomes of what a call returns."),
  ext("exclusive", "boolean", T, "It runs alone."),
  ext("keep_going", "boolean", ["composite", "group"], "Run the rest after a failure."),
  ext("timeout", "duration", [...T, "item"], "The longest it may take."),
  ext("retries", "retries", T, "How often to try again."),
  ext("uses", "limits", T, "Named limits it takes from."),
  ext("weight", "number", T, "How many slots it takes."),
  ext("aliases", "string-array", ["group", ...T], "Further names."),
  ext("tags", "string-array", ["group", ...T], "Words to select it by."),
  ext("default", "boolean", T, "What `ntask` alone runs."),
  ext("hidden", "boolean", T, "Not listed."),
  ext("interactive", "boolean", T, "It needs the terminal."),
  ext("confirm", "string", T, "A question asked before it runs."),
  ext("interpreter", "interpreter", [...T, "item"], "What runs the script."),
];

/** Property by TOML name. */
export const PROPERTY: ReadonlyMap<string, Property> = byName();

/** The properties that say what a table is. */
export const KINDS = ["cmd", "shell", "call", "tasks"] as const;

/** The names no task may have. */
export const RESERVED: ReadonlySet<string> = reserved();

/** The TOML spelling of a camelCase name: `outputsOptional` -> `outputs_optional`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());
}

/** The `tasks.ts` spelling of a TOML name: `outputs_optional` -> `outputsOptional`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

// Loops, not closures: a function called this often is compiled, which a short run pays for.
function byName(): Map<string, Property> {
  const found = new Map<string, Property>();
  for (const property of PROPERTIES) found.set(property.name, property);
  return found;
}

function reserved(): Set<string> {
  const found = new Set<string>();
  for (const { core, name } of PROPERTIES) if (core) found.add(name);
  return found;
}

function core(
  name: string,
  type: ValueType,
  levels: readonly Level[],
  help: string,
): Property {
  return { name, type, levels, core: true, help };
}

function ext(
  name: string,
  type: ValueType,
  levels: readonly Level[],
  help: string,
): Property {
  return { name, type, levels, core: false, help };
}
