/**
 * The command line of a task that declares no parameters (toml-spec §6.2–6.4): which tokens its
 * placeholders consume, which are left over, and where those go.
 *
 * Documentation (`args`, `options`) has no influence; only what the task's texts mention counts.
 *
 * @module
 */

import type { Action, Item, Reference, Scope, Text } from "../../model/action.ts";
import type { Interpreter } from "../../model/interpreter.ts";
import type { Outcome, Problem } from "../../model/problem.ts";
import type { Task } from "../../model/task.ts";
import {
  argumentName,
  type ArgumentUse,
  argumentUses,
  everyUse,
  optionKey,
  scanText,
} from "./placeholder.ts";
import { scanScript, scriptParts } from "./script_text.ts";
import { splitWords, wordParts } from "./words.ts";

/** Tokens sorted by what consumes them. */
export interface BoundWords {
  /** Consumed positions. */
  readonly positions: ReadonlyMap<number, string>;
  /** Consumed options, by `optionKey`. */
  readonly options: ReadonlyMap<string, string>;
  /** Everything else, in order. */
  readonly rest: readonly string[];
  /** Rest from here on stood after `--`: `rest.length` when none did. */
  readonly literalFrom: number;
}

/** No arguments at all. */
export const NO_WORDS: BoundWords = {
  positions: new Map(),
  options: new Map(),
  rest: [],
  literalFrom: 0,
};

/** How a text is read when its placeholders are looked for. */
export type Grammar = "text" | "words" | "shell";

/** A text of a task, and how to read it. */
export interface Template {
  readonly text: Text;
  readonly grammar: Grammar;
  /** What runs it, where it is a script. */
  readonly interpreter?: Interpreter;
}

/**
 * Every text of a task in which placeholders count: its action with inline items, dependencies,
 * hooks, and the environment and directory of the scopes it stands in.
 */
export function taskTexts(
  task: Pick<Task, "action" | "deps" | "pre" | "post" | "scopes" | "cwd">,
): readonly Template[] {
  const items = task.action.kind === "composite" ? task.action.items : [];
  return [
    ...actionTexts(task.action),
    ...task.deps.flatMap(referenceTexts),
    ...[...task.pre, ...task.post].flatMap(itemTexts),
    ...[...items, ...task.pre, ...task.post].flatMap(itemScope).flatMap(scopeTexts),
    ...task.deps.flatMap(({ scope }) => scope ?? []).flatMap(scopeTexts),
    ...task.scopes.flatMap(environmentTexts),
    ...(task.cwd === undefined ? [] : [plain(task.cwd)]),
  ];
}

/** The texts of an action itself. `{args}` in one of these says where the rest goes. */
export function actionTexts(action: Action): readonly Template[] {
  switch (action.kind) {
    case "command":
      return [{ text: action.line, grammar: "words" }];
    case "argv":
      return action.words.map(plain);
    case "shell":
      return [{
        text: action.script,
        grammar: "shell",
        ...(action.interpreter && { interpreter: action.interpreter.value }),
      }];
    case "composite":
      return action.items.flatMap(itemTexts);
    case "call":
    case "function":
    case "group":
    case "none":
      return [];
  }
}

function itemTexts(item: Item): readonly Template[] {
  return item.kind === "use" ? referenceTexts(item.reference) : actionTexts(item.action);
}

function referenceTexts(reference: Reference): readonly Template[] {
  if (reference.kind === "task") return [];
  const { text, place } = reference;
  return [{ text: { text, place }, grammar: "words" }];
}

function itemScope(item: Item): readonly Scope[] {
  const scope = item.kind === "use" ? item.reference.scope : item.scope;
  return scope === undefined ? [] : [scope];
}

function scopeTexts(scope: Scope): readonly Template[] {
  return [...environmentTexts(scope), ...(scope.cwd === undefined ? [] : [plain(scope.cwd)])];
}

function environmentTexts(scope: Scope): readonly Template[] {
  return [
    ...scope.envfile.map((file) => plain(file.path)),
    ...scope.env.flatMap(({ value, place }) =>
      value.kind === "unset" ? [] : [plain({ text: value.text, place })]
    ),
  ];
}

function plain(text: Text): Template {
  return { text, grammar: "text" };
}

/** The arguments that texts ask for. Texts with a fault in them give what was read before it. */
export function usesOf(templates: readonly Template[]): readonly ArgumentUse[] {
  return templates.flatMap(({ text: { text }, grammar, interpreter }) => {
    // Most texts have no placeholder.
    if (!text.includes("{args")) return [];
    switch (grammar) {
      case "text":
        return argumentUses(scanText(text));
      case "words":
        return argumentUses(wordParts(splitWords(text).words));
      case "shell":
        return argumentUses(scriptParts(scanScript(text, interpreter).template));
    }
  });
}

/** Do some texts say themselves where the rest goes? */
export function placesRest(uses: readonly ArgumentUse[]): boolean {
  for (const use of everyUse(uses)) if (use.argument.kind === "args") return true;
  return false;
}

/** Who asks, for messages. */
export interface Asker {
  readonly task: string;
  readonly usage: string;
}

/**
 * Sort the tokens of a task's command line.
 *
 * @param uses what all texts of the task ask for
 * @returns the bound words; or R_ARG_VALUE for an option without its value, R_ARG_MISSING for each
 * argument that is required and absent
 */
export function bindWords(
  tokens: readonly string[],
  uses: readonly ArgumentUse[],
  asker: Asker,
): Outcome<BoundWords> {
  const wanted = collectWanted(uses);
  const options = new Map<string, string>();
  const positions = new Map<number, string>();
  const rest: string[] = [];
  const problems: Problem[] = [];
  let literal = false;
  let literalFrom: number | undefined;
  let position = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (!literal && token === "--") {
      literal = true;
      literalFrom = rest.length;
      continue;
    }
    const option = literal ? null : /^--([A-Za-z_][A-Za-z0-9_-]*)(?:=([^]*))?$/.exec(token);
    if (option !== null && wanted.options.has(optionKey(option[1]!))) {
      const value = option[2] ?? tokens[++i];
      if (value === undefined) {
        const name = `--${option[1]}`;
        problems.push({ code: "R_ARG_VALUE", ...asker, name, detail: "a value is missing" });
        continue;
      }
      options.set(optionKey(option[1]!), value);
      continue;
    }
    const positional = literal || !token.startsWith("-") || token === "-" || /^-\d/.test(token);
    const index = positional ? position++ : undefined;
    if (index !== undefined && wanted.positions.has(index)) positions.set(index, token);
    else rest.push(token);
  }
  const bound = { positions, options, rest, literalFrom: literalFrom ?? rest.length };
  if (problems.length === 0) {
    for (const name of missing(uses, bound)) {
      problems.push({ code: "R_ARG_MISSING", ...asker, name });
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: bound, warnings: [] };
}

function collectWanted(uses: readonly ArgumentUse[]) {
  const positions = new Set<number>();
  const options = new Set<string>();
  for (const { argument } of everyUse(uses)) {
    if (argument.kind === "position") positions.add(argument.index);
    if (argument.kind === "option") options.add(optionKey(argument.name));
  }
  return { positions, options };
}

/** The names of the arguments that are absent and have nothing to stand in for them. */
function missing(uses: readonly ArgumentUse[], bound: BoundWords): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (use: ArgumentUse) => {
    if (isGiven(use, bound)) return;
    if (use.hasDefault) use.fallback.forEach(visit);
    else if (use.argument.kind !== "args") names.add(argumentName(use.argument));
  };
  // Whether the default of an `{env.X}` is reached is not known before the environment is.
  for (const use of uses) if (!use.inDefault) visit(use);
  return names;
}

function isGiven({ argument }: ArgumentUse, bound: BoundWords): boolean {
  switch (argument.kind) {
    case "args":
      return bound.rest.length > 0;
    case "position":
      return bound.positions.has(argument.index);
    case "option":
      return bound.options.has(optionKey(argument.name));
  }
}

/**
 * How to call a task, as its placeholders tell.
 *
 * @param takesRest further words are welcome
 * @example usageLine("deploy", uses, true) // "ntask deploy ARG0 [--port VALUE] [ARGS]"
 */
export function usageLine(
  task: string,
  uses: readonly ArgumentUse[],
  takesRest: boolean,
): string {
  const required = new Map<string, boolean>();
  const positions = new Set<number>();
  for (const use of everyUse(uses)) {
    if (use.argument.kind === "args") continue;
    const key = argumentName(use.argument);
    const must = !use.hasDefault && !use.inDefault;
    required.set(key, must || (required.get(key) ?? false));
    if (use.argument.kind === "position") positions.add(use.argument.index);
  }
  const show = (key: string, text: string) => required.get(key) ? text : `[${text}]`;
  return [
    `ntask ${task}`,
    ...[...positions].sort((a, b) => a - b).map((index) => show(`{args.${index}}`, `ARG${index}`)),
    ...[...required.keys()].filter((key) => key.startsWith("--"))
      .map((key) => show(key, `${key} VALUE`)),
    ...(takesRest ? ["[ARGS]"] : []),
  ].join(" ");
}

/** What an action is, as far as left-over words are concerned. */
export type RestKind =
  | "command"
  | "argv"
  | "shell"
  | "call"
  | "composite1"
  | "compositeN"
  | "group"
  /** Only dependencies. */
  | "none"
  /** A hook or a dependency, which are never handed the owner's words. */
  | "hook";

/**
 * Where left-over words go:
 *
 * - `placed`: to the `{args}` of the action's own text, and nowhere else
 * - `append`: after the command's words
 * - `script`: to the script, see `expandShell`
 * - `argv`: `sys.argv`, `process.argv`
 * - `forward`: to the one item
 * - `refuse`: nowhere; there must be none
 * - `drop`: nowhere, and there may be some
 */
export type RestRoute =
  | "placed"
  | "append"
  | "script"
  | "argv"
  | "forward"
  | "refuse"
  | "drop";

const ROUTES: Readonly<Record<RestKind, RestRoute>> = {
  command: "append",
  argv: "append",
  shell: "script",
  call: "argv",
  composite1: "forward",
  compositeN: "refuse",
  group: "refuse",
  none: "refuse",
  hook: "drop",
};

/**
 * The table of toml-spec §6.4.
 *
 * @param placed the action's own text contains `{args}`: `placesRest(usesOf(actionTexts(action)))`
 */
export function routeRest(kind: RestKind, placed: boolean): RestRoute {
  return placed ? "placed" : ROUTES[kind];
}

/** The kind of an action; a TypeScript function binds its own arguments and has none. */
export function restKind(action: Action): RestKind | undefined {
  switch (action.kind) {
    case "function":
      return undefined;
    case "composite":
      return action.items.length === 1 ? "composite1" : "compositeN";
    default:
      return action.kind;
  }
}

/** R_ARG_UNEXPECTED when words are left over and the route refuses them. */
export function checkRest(
  route: RestRoute,
  kind: RestKind,
  bound: BoundWords,
  asker: Asker,
): Problem<"R_ARG_UNEXPECTED"> | undefined {
  const word = bound.rest[0];
  if (route !== "refuse" || word === undefined) return undefined;
  const why = kind === "group"
    ? "a group takes no arguments"
    : kind === "none"
    ? "the task has no action that could take it"
    : "the task has several items and none of them mentions {args}";
  return { code: "R_ARG_UNEXPECTED", ...asker, word, why, near: [] };
}

/** The rest as the command line of the one item it is forwarded to: `--` is put back. */
export function forwardedTokens(bound: BoundWords): readonly string[] {
  const { rest, literalFrom } = bound;
  return literalFrom >= rest.length
    ? rest
    : [...rest.slice(0, literalFrom), "--", ...rest.slice(literalFrom)];
}
