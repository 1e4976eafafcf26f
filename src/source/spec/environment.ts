/**
 * Composes the environment of a task (toml-spec §8.1, §8.2): what ntask was started with, then one
 * scope after the other, files before tables. Each value is substituted with the environment as
 * built so far.
 *
 * In: inherited variables, scopes, and a way to read a file. Out: the variables, and which of them
 * are secret. Later wins, except that a file leaves inherited variables alone.
 *
 * @module
 */

import type { EnvEntry, EnvFile, Scope } from "../../model/action.ts";
import type { AbsolutePath } from "../../model/id.ts";
import type { FileFault, Outcome, Problem } from "../../model/problem.ts";
import type { BoundWords } from "./arguments.ts";
import { parseDotenv } from "./dotenv.ts";
import { type Context, expandPath, expandText, type Variables } from "./expand.ts";
import { parseText } from "./words.ts";

/** Variables in order. On Windows a name keeps the spelling it was first seen with. */
export interface Environment extends Variables {
  set(name: string, value: string): void;
  delete(name: string): void;
  entries(): readonly (readonly [name: string, value: string])[];
  /** All of it in an object of its own, which the caller may change. */
  record(): Record<string, string>;
}

/**
 * @param inherited what it begins with; must not change any more
 * @param windows names differ by more than case
 * @example createEnvironment({ Path: "a" }, true).get("PATH") // "a"
 */
export function createEnvironment(
  inherited: Readonly<Record<string, string>>,
  windows: boolean,
): Environment {
  return windows ? caseless(inherited) : overlay(inherited);
}

/** Made once a task, and seldom different in more than a few names: what is inherited is shared. */
function overlay(inherited: Readonly<Record<string, string>>): Environment {
  const changed = new Map<string, string | undefined>();
  const record = () => {
    // Without a prototype, so that every name is only a name.
    const all = { __proto__: null, ...inherited } as unknown as Record<string, string>;
    for (const [name, value] of changed) {
      if (value === undefined) delete all[name];
      else all[name] = value;
    }
    return all;
  };
  return {
    get(name) {
      if (changed.has(name)) return changed.get(name);
      return Object.hasOwn(inherited, name) ? inherited[name] : undefined;
    },
    set: (name, value) => void changed.set(name, value),
    delete: (name) => void changed.set(name, undefined),
    entries: () => Object.entries(record()),
    record,
  };
}

function caseless(inherited: Readonly<Record<string, string>>): Environment {
  const byKey = new Map<string, { readonly name: string; value: string }>();
  const keyOf = environmentKey(true);
  const environment: Environment = {
    get: (name) => byKey.get(keyOf(name))?.value,
    set(name, value) {
      const known = byKey.get(keyOf(name));
      if (known === undefined) byKey.set(keyOf(name), { name, value });
      else known.value = value;
    },
    delete: (name) => void byKey.delete(keyOf(name)),
    entries: () => [...byKey.values()].map(({ name, value }) => [name, value] as const),
    record: () => Object.fromEntries(environment.entries()),
  };
  for (const [name, value] of Object.entries(inherited)) environment.set(name, value);
  return environment;
}

/** What makes two names of variables the same. */
export function environmentKey(windows: boolean): (name: string) => string {
  return windows ? (name) => name.toUpperCase() : (name) => name;
}

/** A scope, and whose arguments its placeholders mean when they are not the task's own. */
export interface Layer {
  readonly scope: Scope;
  readonly args?: BoundWords;
  readonly task?: Context["task"];
}

/** What an environment was made of: for the key of a cached task. */
export interface EnvironmentTrace {
  /** Every assignment in its order: what is written there, not what it came to. */
  readonly entries: EnvironmentEntry[];
  /** Names that were looked up, or decided something, and that no scope had said anything about. */
  readonly inherited: Set<string>;
}

export interface EnvironmentEntry {
  readonly name: string;
  readonly kind: "text" | "default" | "unset" | "file";
  /** As written; of a file, the value it came to. */
  readonly text: string;
  readonly secret: boolean;
}

export interface EnvironmentRequest {
  /** What ntask was started with. */
  readonly inherited: Readonly<Record<string, string>>;
  /** From the root to the outermost caller's overrides. */
  readonly layers: readonly Layer[];
  /** `{task.cwd}` in a value reads `task.cwd`. */
  readonly context: Omit<Context, "env">;
  readonly readFile: (
    path: AbsolutePath,
  ) => { readonly text: string } | { readonly fault: FileFault };
  /** To be filled. */
  readonly trace?: EnvironmentTrace;
}

export interface ComposedEnvironment {
  readonly env: Environment;
  /** The names of variables whose values must not be shown. */
  readonly secrets: ReadonlySet<string>;
  /** The names that a scope has set and that are still set. */
  readonly assigned: ReadonlySet<string>;
  /** Files that are not there, and need not be. */
  readonly missing: readonly AbsolutePath[];
}

/**
 * @returns the environment, with a W_ENVFILE warning for each file or line that was passed over;
 * or E_FILE for a required file that cannot be read, E_PLACEHOLDER, R_ENV_UNSET, R_ARG_MISSING
 */
export function composeEnvironment(request: EnvironmentRequest): Outcome<ComposedEnvironment> {
  const { inherited, layers, context: { task, ntask } } = request;
  const windows = request.context.windows ?? false;
  const env = createEnvironment(inherited, windows);
  const keyOf = environmentKey(windows);
  env.set("NTASK_TASK", task.name);
  env.set("NTASK_ROOT", ntask.root);
  env.set("NTASK_RUN_CWD", ntask.runCwd);
  if (env.get("INIT_CWD") === undefined) env.set("INIT_CWD", ntask.runCwd);
  if (layers.every(({ scope }) => scope.env.length === 0 && scope.envfile.length === 0)) {
    return { ok: true, value: { env, secrets: NONE, assigned: NONE, missing: [] }, warnings: [] };
  }

  let original: ReadonlySet<string> | undefined;
  const { trace } = request;
  const decided = new Set<string>();
  /** Variables whose last assignment something has looked at. */
  const seen = new Set<string>();
  const composition: Composition = {
    env,
    isOriginal(name) {
      original ??= new Set(Object.keys(inherited).map(keyOf));
      return original.has(keyOf(name));
    },
    readFile: request.readFile,
    note(entry) {
      const key = keyOf(entry.name);
      // A value that another one replaces, and that nobody has looked at, means nothing.
      const replaced = decided.has(key) && !seen.delete(key)
        ? trace?.entries.findLastIndex(({ name }) => keyOf(name) === key) ?? -1
        : -1;
      if (replaced !== -1) trace?.entries.splice(replaced, 1);
      decided.add(key);
      trace?.entries.push(entry);
    },
    consult(name) {
      if (decided.has(keyOf(name))) seen.add(keyOf(name));
      else trace?.inherited.add(name);
      return env.get(name);
    },
    secrets: new Set(),
    assigned: new Set(),
    missing: [],
    problems: [],
    warnings: [],
  };
  for (const { scope, ...owner } of layers) {
    const context = { ...request.context, ...owner, env: { get: composition.consult } };
    for (const file of scope.envfile) applyFile(file, context, composition);
    for (const entry of scope.env) applyEntry(entry, context, composition);
  }
  const { problems, warnings, secrets, assigned, missing } = composition;
  if (problems.length > 0) return { ok: false, problems };
  const spelled = (names: ReadonlySet<string>) => {
    if (names.size === 0) return names;
    const keys = new Set([...names].map(keyOf));
    return new Set(env.entries().map(([name]) => name).filter((name) => keys.has(keyOf(name))));
  };
  const value = { env, secrets: spelled(secrets), assigned: spelled(assigned), missing };
  return { ok: true, value, warnings };
}

const NONE: ReadonlySet<string> = new Set();

/** An environment in the making. */
interface Composition {
  readonly env: Environment;
  readonly isOriginal: (name: string) => boolean;
  readonly readFile: EnvironmentRequest["readFile"];
  /** A scope says something about a variable. */
  note(entry: EnvironmentEntry): void;
  /** The value of a variable so far. */
  consult(name: string): string | undefined;
  readonly secrets: Set<string>;
  readonly assigned: Set<string>;
  readonly missing: AbsolutePath[];
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

const FAULTS: Readonly<Record<FileFault, string>> = {
  missing: "it does not exist",
  unreadable: "it cannot be read",
  "is-directory": "it is a directory",
  "is-pipe": "it is a named pipe",
  "not-directory": "a part of its path is not a directory",
  "not-utf8": "it is not UTF-8",
  endless: "it does not end",
  "unknown-format": "its format is unknown",
};

function applyFile(file: EnvFile, context: Context, composition: Composition): void {
  const { env, problems, warnings } = composition;
  const { text, place } = file.path;
  const parts = parseText(file.path, context.task.name);
  const path = parts.ok ? expandPath(parts.value, context, place) : parts;
  if (!path.ok) {
    problems.push(...path.problems);
    return;
  }
  const about = { task: context.task.name, place, file: path.value };
  const read = composition.readFile(path.value);
  if ("fault" in read) {
    const why = read.fault;
    if (file.required) {
      problems.push({ code: "E_FILE", ...about, file: text, why, role: "environment file" });
    } else if (why === "missing") composition.missing.push(path.value);
    else warnings.push({ code: "W_ENVFILE", ...about, detail: FAULTS[why] });
    return;
  }
  const { entries, malformed } = parseDotenv(read.text, composition.consult);
  for (const { line, detail } of malformed) {
    warnings.push({ code: "W_ENVFILE", ...about, line, detail });
  }
  for (const { name, value } of entries) {
    if (composition.isOriginal(name) && !file.override) {
      composition.consult(name);
      continue;
    }
    composition.note({ name, kind: "file", text: value, secret: false });
    env.set(name, value);
    composition.assigned.add(name);
  }
}

function applyEntry(entry: EnvEntry, context: Context, composition: Composition): void {
  const { env, problems, secrets, assigned } = composition;
  const { name, value, place } = entry;
  if (entry.secret) secrets.add(name);
  if (value.kind === "unset") {
    composition.note({ name, kind: "unset", text: "", secret: false });
    env.delete(name);
    return;
  }
  if (value.kind === "default" && composition.consult(name) !== undefined) return;
  const parts = parseText({ text: value.text, place }, context.task.name);
  const text = parts.ok ? expandText(parts.value, context, place) : parts;
  if (!text.ok) {
    problems.push(...text.problems);
    return;
  }
  composition.note({ name, kind: value.kind, text: value.text, secret: entry.secret });
  env.set(name, text.value);
  assigned.add(name);
}
