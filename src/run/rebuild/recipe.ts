/**
 * What a step's result is made of, apart from its inputs and its dependencies: parts 1 to 4, 6, 8
 * and 9 of a key (design: the cache contract). Uncached steps are described in the same way when a
 * cached one depends on them.
 *
 * In: a step whose texts are evaluated, with a trace of what that took. Out: named parts with their
 * true values.
 *
 * @module
 */

import { join } from "@std/path";
import { type TruePart, valueText } from "../../cache/key.ts";
import type { Extension } from "../../model/extension.ts";
import type { AbsolutePath } from "../../model/id.ts";
import type { Problem } from "../../model/problem.ts";
import { boundWords } from "../../source/binding.ts";
import type { Identities } from "../../source/identities.ts";
import { readCall } from "../../source/spec/call.ts";
import { environmentKey } from "../../source/spec/environment.ts";
import { namedVariables } from "../../source/spec/named_variables.ts";
import type { FunctionExport } from "../../source/signature/identity.ts";
import { namePattern } from "../declared_names.ts";
import { launchOf, type Performance, type Prepared } from "../perform.ts";
import type { ProgramRequest } from "../program.ts";
import { encodeValue, UnstorableError } from "../stored_value.ts";
import { pathFrom } from "./path.ts";
import type { Program } from "./programs.ts";
import { isSecret, secretArguments } from "./secret.ts";

/** What recipes of one run are made with. */
export interface Kitchen {
  readonly performance: Performance;
  readonly identities: Identities;
  /** The output of a command, once a run. */
  tool(command: string): Promise<{ readonly output: string } | { readonly problem: Problem }>;
  /** What a program's name means. */
  program(request: ProgramRequest): Program | undefined;
  /** The digest of a file, by its absolute path. */
  digest(absolute: string): string;
}

/** Parts, and what is to be said about them. */
export interface Recipe {
  readonly parts: readonly TruePart[];
  readonly warnings: readonly Problem[];
}

/** @returns the parts; or E_CACHE_CAPTURE and the like, R_CACHE_TOOL */
export async function recipeOf(
  prepared: Prepared,
  kitchen: Kitchen,
): Promise<Recipe | { readonly problems: readonly Problem[] }> {
  const { step, task } = prepared;
  const { extension } = task;
  const mentioned = new Set<string>();
  const parts: TruePart[] = [{ name: "task", value: step.inline ? step.label : step.task }];
  const warnings: Problem[] = [];

  const action = await actionParts(prepared, kitchen, mentioned);
  if ("problems" in action) return action;
  parts.push(...action.parts);
  if (!step.inline && isCached(extension)) {
    const about = { task: task.id, place: task.place };
    if (action.computedEnv) warnings.push({ code: "W_CACHE_ENV", ...about });
    if (action.whole) warnings.push({ code: "W_CACHE_CODE", ...about });
  }
  parts.push(...await argumentParts(prepared));
  parts.push(...environmentParts(prepared, kitchen, mentioned));
  if (!step.inline) {
    for (const command of extension.tools ?? []) {
      const made = await kitchen.tool(command);
      if ("problem" in made) {
        return { problems: [{ ...made.problem, task: task.id, place: task.place }] };
      }
      parts.push({ name: `tool ${command}`, value: made.output });
    }
  }
  return { parts, warnings };
}

/**
 * Is the code that a step has run another one than when its recipe was made?
 *
 * @param parts of the recipe
 * @returns the name of what has changed
 */
export function changedCode(
  prepared: Prepared,
  parts: readonly TruePart[],
  kitchen: Kitchen,
): string | undefined {
  const { step: { action }, cwd } = prepared;
  const { root } = kitchen.performance.surroundings;
  if (action.kind === "function") {
    return kitchen.identities.changed(action.module) ? pathFrom(root, action.module) : undefined;
  }
  let now: readonly TruePart[] = [];
  if (action.kind === "call") {
    const call = readCall(action.target.text);
    if ("why" in call) return undefined;
    if (call.language === "script") {
      const module = join(root, call.path) as AbsolutePath;
      return kitchen.identities.changed(module) ? call.path : undefined;
    }
    now = pythonParts(call.module, cwd, kitchen);
  } else {
    const program = parts.find(({ name }) => name.startsWith("program "));
    if (program === undefined) return undefined;
    const path = program.name.slice("program ".length);
    now = [{ name: program.name, value: kitchen.digest(join(root, path)) }];
  }
  const before = new Map(parts.map(({ name, value }) => [name, value]));
  return now.find(({ name, value }) => before.get(name) !== value)?.name.replace(/^\w+ /, "");
}

/** Are results of such a task kept? */
export function isCached({ inputs, cached }: Extension): boolean {
  return inputs !== undefined && cached !== false;
}

interface ActionParts {
  readonly parts: readonly TruePart[];
  readonly computedEnv?: boolean;
  /** Code could run that is not written out. */
  readonly whole?: boolean;
}

async function actionParts(
  prepared: Prepared,
  kitchen: Kitchen,
  mentioned: Set<string>,
): Promise<ActionParts | { readonly problems: readonly Problem[] }> {
  const { step, cwd } = prepared;
  const { root } = kitchen.performance.surroundings;
  const { action } = step;
  const parts: TruePart[] = [
    // Never the one that is found: that belongs to the machine.
    { name: "interpreter", value: declaredInterpreter(prepared, kitchen) },
    { name: "cwd", value: pathFrom(root, cwd) },
  ];
  const add = (texts: readonly string[]) => {
    const value = JSON.stringify([action.kind, ...texts.map(lineEnds)]);
    parts.unshift({ name: "action", value });
    for (const text of texts) {
      for (const [, name] of text.matchAll(SUBSTITUTED)) mentioned.add(name!);
    }
  };
  switch (action.kind) {
    case "command":
    case "argv": {
      add(action.kind === "argv" ? action.words.map(({ text }) => text) : [action.line.text]);
      const launch = launchOf(prepared, kitchen.performance);
      if ("words" in launch) parts.push(...programPart(launch.words[0], prepared, kitchen));
      break;
    }
    case "shell": {
      const { script: { text }, interpreter } = action;
      add([text]);
      const named = namedVariables(text, interpreter?.value);
      for (const name of named.names) mentioned.add(name);
      const own = Array.isArray(interpreter?.value) ? interpreter.value[0] : undefined;
      for (const program of new Set([own, firstWord(text)])) {
        parts.push(...programPart(program, prepared, kitchen));
      }
      return { parts: [...parts, ...runCwdPart()], computedEnv: named.computed };
    }
    case "call": {
      add([action.target.text, action.result]);
      const call = readCall(action.target.text);
      if ("why" in call) break;
      if (call.language === "python") {
        parts.push(...pythonParts(call.module, cwd, kitchen));
        break;
      }
      const wanted: FunctionExport = {
        kind: "function-export",
        ...(call.name !== undefined && { name: call.name }),
      };
      return await sourceParts(join(root, call.path) as AbsolutePath, wanted);
    }
    case "function":
      add([action.takes ? "takes" : ""]);
      return await sourceParts(action.module, action.export);
    default:
      add([]);
  }
  return { parts: [...parts, ...runCwdPart()] };

  function runCwdPart(): readonly TruePart[] {
    if (!usesRunCwd(prepared)) return [];
    const { runCwd } = kitchen.performance.surroundings;
    return [{ name: "run_cwd", value: pathFrom(root, runCwd) }];
  }

  async function sourceParts(
    module: AbsolutePath,
    wanted: FunctionExport | readonly (string | number)[],
  ): Promise<ActionParts | { readonly problems: readonly Problem[] }> {
    let outcome = await kitchen.identities.identify(module, wanted);
    if (!outcome.ok) {
      if (isCached(prepared.task.extension)) {
        const { task } = prepared;
        return { problems: outcome.problems.map((problem) => ({ ...problem, task: task.id })) };
      }
      // Nothing of it is stored: all of the module will do.
      outcome = await kitchen.identities.identify(module, { kind: "function-export" });
      if (!outcome.ok) return outcome;
    }
    const { identity } = outcome;
    for (const name of identity.env) mentioned.add(name);
    for (const { name, digest } of identity.parts) {
      parts.push({ name: `code ${name}`, value: digest });
    }
    const { computedEnv, whole } = identity;
    return { parts, computedEnv, whole };
  }
}

function declaredInterpreter(
  { step: { action } }: Prepared,
  { performance: { settings: { python } } }: Kitchen,
): string {
  if (action.kind === "call") return python === undefined ? "default" : JSON.stringify(python);
  if (action.kind !== "shell" && action.kind !== "function") return "default";
  const declared = action.interpreter?.value;
  if (declared === undefined) return "default";
  return JSON.stringify(
    declared === "python" && python !== undefined ? [declared, python] : declared,
  );
}

/** Lexically, wherever they stand. */
const SUBSTITUTED = /(?:\$\{|\{env\.)([A-Za-z_][A-Za-z0-9_]*)/g;

function firstWord(text: string): string | undefined {
  const line = text.split("\n").find((each) => !/^\s*(?:#|$)/.test(each)) ?? "";
  const word = /^\s*(?:[A-Za-z_]\w*=\S*\s+)*("[^"]*"|'[^']*'|[^\s;&|<>()]+)/.exec(line)?.[1];
  return word?.replace(/^(["'])(.*)\1$/, "$2");
}

/** A program that is the project's own counts with its content. */
function programPart(
  name: string | undefined,
  { cwd, env }: Prepared,
  { performance, digest, program }: Kitchen,
): readonly TruePart[] {
  if (name === undefined || name === "") return [];
  const { surroundings: { root }, settings: { projectBins } } = performance;
  const found = program({ name, cwd, root, env, projectBins });
  if (found === undefined) return [];
  const { file, path } = found;
  if (path.startsWith("../") || /^[A-Za-z]:|^\//.test(path)) return [];
  if (/(?:^|\/)node_modules\/\.bin\/|^\.venv\//.test(path)) return [];
  return [{ name: `program ${path}`, value: digest(file) }];
}

/** Every source of a Python module, or of the package it belongs to. */
function pythonParts(
  module: string,
  cwd: string,
  { performance: { host, surroundings: { root } }, digest }: Kitchen,
): readonly TruePart[] {
  const [top = ""] = module.split(".");
  const parts: TruePart[] = [];
  for (const base of new Set([cwd, root, join(root, "src")])) {
    if (pathFrom(root, base).startsWith("..")) continue;
    const single = join(base, `${top}.py`);
    if (host.files.kind(single) === "file") add(single);
    if (host.files.kind(join(base, top)) === "directory") enter(join(base, top), new Set());
  }
  return parts;

  function add(file: string): void {
    parts.push({ name: `code ${pathFrom(root, file)}`, value: digest(file) });
  }

  function enter(directory: string, above: ReadonlySet<string>): void {
    const real = host.files.real(directory);
    if (above.has(real)) return;
    for (const name of [...host.files.list(directory)].sort()) {
      const path = join(directory, name);
      const kind = host.files.kind(path);
      if (kind === "file" && name.endsWith(".py")) add(path);
      if (kind === "directory" && name !== "__pycache__" && name !== "node_modules") {
        enter(path, new Set([...above, real]));
      }
    }
  }
}

/** Arguments in every form in which the action may see them. */
async function argumentParts({ step, task }: Prepared): Promise<readonly TruePart[]> {
  const parts: TruePart[] = [];
  const bound = boundWords(task, step.args);
  if (bound.ok) {
    for (const [index, value] of bound.value.positions) {
      parts.push({ name: `argument ${index}`, value: valueText(value) });
    }
    for (const [name, value] of [...bound.value.options].sort(([a], [b]) => a < b ? -1 : 1)) {
      parts.push({
        name: `argument ${name}`,
        value: valueText(value),
        secret: isSecret(name, value),
      });
    }
  }
  if (step.args.kind === "values") {
    for (
      const [name, value] of Object.entries(step.args.values).sort(([a], [b]) => a < b ? -1 : 1)
    ) {
      // The default, written out.
      const param = task.signature?.params.find((each) => each.name === name);
      if (param?.default !== undefined && same(param.default, value)) continue;
      let text: string;
      try {
        text = await encodeValue(value);
      } catch (error) {
        if (!(error instanceof UnstorableError)) throw error;
        text = `unstorable ${crypto.randomUUID()}`;
      }
      parts.push({ name: `argument ${name} value`, value: text, secret: isSecret(name, text) });
    }
  } else if (bound.ok && bound.value.rest.length > 0) {
    parts.push(wordsPart("arguments", bound.value.rest));
  }
  if (step.rest.length > 0) parts.push(wordsPart("arguments passed on", step.rest));
  // Also where it stands under another name: by its position, among all words.
  const secrets = secretArguments(step).map((value) => JSON.stringify(value).slice(1, -1));
  return parts.map((part) =>
    secrets.some((secret) => part.value.includes(secret)) ? { ...part, secret: true } : part
  );
}

function same(a: unknown, b: unknown): boolean {
  return typeof a !== "object" && a === b;
}

function wordsPart(name: string, words: readonly string[]): TruePart {
  const secret = words.some((word) => word.startsWith("-") && isSecret(word.split("=")[0]!, word));
  return { name, value: JSON.stringify(words), secret };
}

function environmentParts(
  { step, trace, task }: Prepared,
  { performance: { surroundings } }: Kitchen,
  mentioned: ReadonlySet<string>,
): readonly TruePart[] {
  const keyOf = environmentKey(surroundings.windows);
  const { entries } = trace ?? { entries: [] };
  const parts: TruePart[] = [];
  const byName = Map.groupBy(entries, ({ name }) => name);
  for (const name of [...byName.keys()].sort()) {
    const said = byName.get(name)!;
    const secret = said.some((entry) => entry.secret || isSecret(name, entry.text));
    const value = JSON.stringify(said.map(({ kind, text }) => [kind, lineEnds(text)]));
    parts.push({ name: `set ${name}`, value, secret });
  }
  // Which value sees which is a matter of the order of all.
  const refers = entries.some(({ kind, text }) => kind !== "file" && /\$\{|\{env\./.test(text));
  if (entries.length > 1 && refers) {
    parts.push({ name: "set in order", value: JSON.stringify(entries.map(({ name }) => name)) });
  }
  // Placeholders of a caller's overrides mean that caller's arguments.
  for (const { scope, by } of step.layers) {
    if (by === undefined || !JSON.stringify(scope.env).includes("{args")) continue;
    parts.push({ name: `arguments of ${by.task}`, value: plainText(by.args) });
  }
  const decided = new Set(entries.map(({ name }) => keyOf(name)));
  const patterns = task.extension.cacheEnv ?? [];
  const exact = new Set(patterns.filter((pattern) => !pattern.includes("*")).map(keyOf));
  const names = new Map<string, string>();
  // What a scope has decided on counts with what it says; but it may have asked before it did.
  for (const name of mentioned) if (!decided.has(keyOf(name))) names.set(keyOf(name), name);
  for (const name of trace?.inherited ?? []) names.set(keyOf(name), name);
  for (const name of exact) names.set(name, names.get(name) ?? name);
  const matchers = patterns.filter((pattern) => pattern.includes("*")).map((pattern) =>
    namePattern(keyOf(pattern))
  );
  for (const name of matchers.length > 0 ? Object.keys(surroundings.inherited) : []) {
    if (matchers.some((matcher) => matcher.test(keyOf(name)))) names.set(keyOf(name), name);
  }
  for (const [key, name] of [...names].sort(([a], [b]) => a < b ? -1 : 1)) {
    if (key.startsWith("NTASK_ARG_")) continue;
    const part = `env ${name}`;
    if (isVolatile(key) && !exact.has(key)) parts.push({ name: part, value: "named" });
    else {
      const value = inheritedValue(surroundings.inherited, key, keyOf);
      parts.push({ name: part, value: valueText(value), secret: isSecret(name, value ?? "") });
    }
  }
  return parts;
}

function inheritedValue(
  inherited: Readonly<Record<string, string>>,
  key: string,
  keyOf: (name: string) => string,
): string | undefined {
  if (Object.hasOwn(inherited, key)) return inherited[key];
  const name = Object.keys(inherited).find((each) => keyOf(each) === key);
  return name === undefined ? undefined : inherited[name];
}

const VOLATILE = /^(?:PATH|HOME|TMPDIR|USER|USERPROFILE|PWD|OLDPWD|SHLVL|_|NTASK_.*)$/;

/** Does it differ between machines and shells without meaning anything? */
function isVolatile(key: string): boolean {
  return VOLATILE.test(key);
}

function usesRunCwd({ step }: Prepared): boolean {
  return JSON.stringify([step.action, step.layers, step.cwd]).includes("{ntask.run_cwd");
}

function plainText(args: unknown): string {
  return JSON.stringify(args, (_, value) => typeof value === "bigint" ? `${value}n` : value);
}

function lineEnds(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
