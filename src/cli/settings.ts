/**
 * What a run is told: by flags, by variables, by the project, by the user (cli.md "Settings"). The
 * first of them that speaks wins. The options that take effect on a run are settings too, under the
 * same name, so their table is the one of `options.ts`; what only files and variables can say
 * stands below. What a value may be is in `setting_kinds.ts`.
 *
 * @module
 */

import { nearest } from "../model/near.ts";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import type { WrittenSetting } from "../model/setting.ts";
import type { OutputMode } from "../report/registry.ts";
import type { Schema } from "../source/spec/schema.ts";
import { camelCase } from "../source/spec/property.ts";
import { type Given, type Option, OPTIONS } from "./options.ts";
import {
  COUNT,
  DURATION,
  ENV_MODE,
  FLAG,
  FORCE,
  INTERPRETER,
  type Kind,
  LIMITS,
  MODE,
  NAMES,
  SIZE,
  TEXT,
  TRIES,
} from "./setting_kinds.ts";

export interface Settings {
  readonly jobs: number;
  /** Somebody has said so. */
  readonly jobsGiven: boolean;
  readonly keepGoing: boolean;
  readonly deps: boolean;
  readonly pre: boolean;
  readonly post: boolean;
  readonly skip: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly output: OutputMode;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean | undefined;
  readonly dryRun: boolean;
  /** Every question is answered with yes. */
  readonly yes: boolean;
  readonly python: string | undefined;
  readonly projectBins: boolean;
  readonly strictEnv: boolean;
  /** Milliseconds. */
  readonly killGrace: number;
  readonly cache: boolean;
  /** Run these, or those that are asked for, whatever is stored. */
  readonly force: readonly string[] | "targets" | undefined;
  readonly cacheDir: string | undefined;
  /** Cached tasks are given only what is declared. */
  readonly strictCacheEnv: boolean;
  /** Bytes. */
  readonly cacheSize: number;
  /** How much there is of each named limit. */
  readonly limits: Readonly<Record<string, number>>;
  /** For every action of the run, in milliseconds. */
  readonly timeout: number | undefined;
  /** How often every failing action of the run is tried again. */
  readonly retries: number | undefined;
}

/** What holds before anything is read. */
export const DEFAULTS: Pick<Settings, "quiet" | "color"> = { quiet: false, color: undefined };

/** One setting. */
export interface Setting {
  /** As TOML spells it. */
  readonly key: string;
  readonly kind: Kind<unknown>;
  /** What holds when nobody says anything; absent for what the machine decides. */
  readonly standard?: unknown;
  readonly variable?: string;
  readonly help: string;
}

/** Every setting, in the order `ntask config` shows them. */
export const SETTINGS: readonly Setting[] = [
  ...OPTIONS.filter((option) => option.variable !== undefined).map(ofOption),
  {
    key: "python",
    kind: TEXT,
    variable: "NTASK_PYTHON",
    help: "the Python that call and conditions use",
  },
  {
    key: "project_bins",
    kind: FLAG,
    standard: true,
    variable: "NTASK_PROJECT_BINS",
    help: "look for programs in node_modules/.bin and .venv",
  },
  {
    key: "strict_env",
    kind: FLAG,
    standard: false,
    variable: "NTASK_STRICT_ENV",
    help: "a variable that is not set, and has no default, is an error",
  },
  {
    key: "kill_grace",
    kind: DURATION,
    standard: 5000,
    variable: "NTASK_KILL_GRACE",
    help: "how long a task may take to end when it is told to",
  },
  {
    key: "cache_dir",
    kind: TEXT,
    variable: "NTASK_CACHE_DIR",
    help: "where results are kept, from the project root (default: .ntask/cache)",
  },
  {
    key: "cache_size",
    kind: SIZE,
    standard: 10e9,
    variable: "NTASK_CACHE_SIZE",
    help: "how large the cache may grow; what was used least recently goes",
  },
  {
    key: "env_mode",
    kind: ENV_MODE,
    standard: "inherit",
    variable: "NTASK_ENV_MODE",
    help: "strict: cached tasks see a few variables of the system and what is declared",
  },
  {
    key: "interpreter",
    kind: INTERPRETER,
    variable: "NTASK_INTERPRETER",
    help: "what runs scripts (default: sh, or where there is none the portable shell)",
  },
  { key: "limits", kind: LIMITS, standard: {}, help: "how many of each limit there are" },
];

function ofOption({ name, takes, repeat, variable, help }: Option): Setting {
  const kind: Kind<unknown> = name === "output"
    ? MODE
    : name === "force"
    ? FORCE
    : name === "timeout"
    ? DURATION
    : name === "retries"
    ? TRIES
    : takes === "number?"
    ? COUNT
    : repeat
    ? NAMES
    : takes === "nothing"
    ? FLAG
    : TEXT;
  const standard = kind === FLAG ? false : kind === NAMES ? [] : undefined;
  return {
    key: name.replaceAll("-", "_"),
    kind,
    ...(standard !== undefined && { standard }),
    variable: variable!,
    help,
  };
}

const BY_KEY = new Map(SETTINGS.map((setting) => [setting.key, setting]));

/** Who has said it. */
export type Origin =
  | { readonly kind: "flag" | "variable"; readonly name: string }
  | { readonly kind: "file"; readonly place: Place }
  | { readonly kind: "default" };

/** A setting's value, and who has said it. */
export interface Said {
  readonly value: unknown;
  readonly origin: Origin;
}

export interface SettingRequest {
  readonly given: Given;
  readonly env: Readonly<Record<string, string>>;
  readonly cpus: number;
  /** What files say; checked by {@linkcode checkSettings}. */
  readonly written: readonly WrittenSetting[];
}

export type ReadSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problem: Problem };

/** The settings of an invocation. */
export function readSettings(request: SettingRequest): ReadSettings {
  const { given, cpus } = request;
  const values: Record<string, unknown> = {};
  for (const { key } of SETTINGS) {
    const found = saidFor(key, request);
    if ("problem" in found) return { ok: false, problem: found.problem };
    values[key] = found.value;
  }
  const variables: { name: string; value: string }[] = [];
  for (const pair of given.values.get("env") ?? []) {
    const match = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(pair);
    if (match === null) {
      const detail = `--env needs NAME=VALUE, not "${pair}"`;
      return { ok: false, problem: { code: "R_OPTION", detail, near: [] } };
    }
    variables.push({ name: match[1]!, value: match[2]! });
  }
  const flag = (key: string) => values[key] === true;
  const skip = values.skip as readonly string[];
  const hooks = !flag("no_hooks") && !skip.includes(":all");
  const bare = given.flags.has("jobs");
  return {
    ok: true,
    settings: {
      jobs: bare ? cpus : values.jobs as number | undefined ?? cpus,
      jobsGiven: !bare && values.jobs !== undefined,
      keepGoing: flag("keep_going"),
      deps: !flag("no_deps"),
      pre: hooks && !flag("no_pre") && !skip.includes(":pre"),
      post: hooks && !flag("no_post") && !skip.includes(":post"),
      skip: skip.filter((name) => !name.startsWith(":")),
      env: variables,
      output: values.output as OutputMode | undefined ?? "auto",
      quiet: flag("quiet"),
      verbose: flag("verbose"),
      color: flag("no_color") ? false : undefined,
      yes: flag("yes"),
      dryRun: given.flags.has("dry-run"),
      python: values.python as string | undefined,
      projectBins: flag("project_bins"),
      strictEnv: flag("strict_env"),
      killGrace: values.kill_grace as number,
      cache: !flag("no_cache"),
      force: given.flags.has("force") || flag("force")
        ? "targets"
        : values.force as readonly string[] || undefined,
      cacheDir: values.cache_dir as string | undefined,
      strictCacheEnv: values.env_mode === "strict",
      cacheSize: values.cache_size as number,
      limits: values.limits as Settings["limits"],
      timeout: values.timeout as number | undefined,
      retries: values.retries as number | undefined,
    },
  };
}

/** The value of one setting, and its origin. */
export function sayOf(
  { key, kind, standard, variable }: Setting,
  { given, env, written }: SettingRequest,
): Said | { readonly problem: Problem } {
  const option = key.replaceAll("_", "-");
  const words = given.values.get(option);
  const refused = (name: string, text: string) => {
    const near = kind.near?.(text) ?? [];
    const detail = `${name} must be ${kind.expected}, not "${text}"`;
    return { problem: { code: "R_OPTION" as const, detail, near } };
  };
  const flag = { kind: "flag" as const, name: `--${option}` };
  if (words !== undefined) {
    const text = words.join(",");
    const value = kind.fromText(text);
    return value === undefined ? refused(flag.name, text) : { value, origin: flag };
  }
  if (given.flags.has(option)) {
    return { value: kind === FLAG || kind === FORCE || undefined, origin: flag };
  }
  const text = variable === undefined ? undefined : env[variable];
  if (text !== undefined && text !== "") {
    const value = kind.fromText(text);
    if (value === undefined) return refused(variable!, text);
    return { value, origin: { kind: "variable", name: variable! } };
  }
  for (const from of written.length > 0 ? ["project", "user"] as const : []) {
    const entry = written.find((entry) => entry.from === from && entry.key === key);
    const value = entry && kind.fromValue(entry.value);
    if (value !== undefined) return { value, origin: { kind: "file", place: entry!.place } };
  }
  return { value: standard, origin: { kind: "default" } };
}

/** The value of one setting by its key. */
export function saidFor(
  key: string,
  request: SettingRequest,
): Said | { readonly problem: Problem } {
  return sayOf(BY_KEY.get(key)!, request);
}

/** What is wrong with what files say. */
export function checkSettings(written: readonly WrittenSetting[]): readonly Problem[] {
  const problems: Problem[] = [];
  const first = new Map<string, WrittenSetting>();
  for (const entry of written) {
    const { key, place, from } = entry;
    if (key.startsWith("x-")) continue;
    const setting = BY_KEY.get(key);
    const spelled = "path" in place ? (name: string) => name : camelCase;
    if (setting === undefined || entry.written !== spelled(key)) {
      const near = nearest(entry.written, [...BY_KEY.keys()].map(spelled));
      problems.push({ code: "E_SETTING_UNKNOWN", place, key: entry.written, near });
      continue;
    }
    if (setting.kind.fromValue(entry.value) === undefined) {
      const { expected } = setting.kind;
      const found = entry.value === undefined ? "this" : JSON.stringify(entry.value);
      const near = setting.kind.near?.(entry.value) ?? [];
      const about = { place, key: entry.written, expected, found };
      problems.push({ code: "E_SETTING_TYPE", ...about, ...(near.length > 0 && { near }) });
    }
    const before = first.get(`${from} ${key}`);
    if (before === undefined) first.set(`${from} ${key}`, entry);
    else {
      const otherPlace = before.place;
      problems.push({ code: "E_SETTING_CONFLICT", place, key: entry.written, otherPlace });
    }
  }
  return problems;
}

/** The schema of the settings table. */
export function settingsSchema(): Schema {
  const properties = Object.fromEntries(SETTINGS.map(({ key, kind, help }) => {
    const schema = kind.schema as Exclude<Schema, boolean>;
    return [key, "$ref" in schema ? { allOf: [schema] } : { ...schema, description: help }];
  }));
  const description = "Settings of ntask.";
  const patternProperties = { "^x-": true };
  return {
    type: "object",
    description,
    properties,
    patternProperties,
    additionalProperties: false,
  };
}
