/**
 * ntask's own options: the one table. It drives parsing, variables, `--help` and suggestions.
 *
 * @module
 */

import { nearest } from "../model/near.ts";
import type { Problem } from "../model/problem.ts";
import { plain } from "../report/plain.ts";

/** What follows an option. */
export type Takes =
  | "nothing"
  /** The next word, or what is attached: `--file x`, `--file=x`, `-Cx`. */
  | "value"
  /** A number, attached or when the next word is all digits. */
  | "number?"
  /** Only an attached value: `--force=build`. */
  | "attached?";

export interface Option {
  /** Without dashes. */
  readonly name: string;
  readonly short?: string;
  readonly takes: Takes;
  /** What help calls the value. */
  readonly value?: string;
  readonly repeat?: true;
  /** `NTASK_…` that gives it; only options that take effect on a run have one. */
  readonly variable?: string;
  /** The command the option stands for; everything after it belongs to that command. */
  readonly command?: string;
  /** The commands that heed it; to others it must not be given. Absent: all. */
  readonly only?: readonly string[];
  readonly help: string;
}

export const OPTIONS: readonly Option[] = [
  command("list", "list the tasks", "l"),
  option("json", "nothing", "with --list: as JSON", {
    only: ["list", "validate", "config", "cache"],
  }),
  option("all", "nothing", "with --list: hidden tasks too; with --clean: contents too", {
    only: ["list", "clean"],
  }),
  command("graph", "draw what needs what, of everything or of one task"),
  command("why", "tell why a task hit or missed, and what a run now would do"),
  command("clean", "forget stored results; with --all, remove what is stored"),
  command("init", "write a first tasks.ts, and what an editor needs"),
  option("format", "value", "with --graph: ascii, mermaid, dot, svg or json", {
    value: "FORMAT",
    only: ["graph"],
  }),
  option("dry-run", "nothing", "show what would run, in order; start nothing", {
    short: "n",
    only: ["task", "run"],
  }),
  option("jobs", "number?", "at most N tasks at once (default: the number of CPUs)", {
    short: "j",
    value: "N",
    variable: "NTASK_JOBS",
  }),
  option("keep-going", "nothing", "go on with what does not depend on a failure", {
    short: "k",
    variable: "NTASK_KEEP_GOING",
  }),
  option("no-deps", "nothing", "run only the named task", { variable: "NTASK_NO_DEPS" }),
  option("no-hooks", "nothing", "leave out pre and post", { variable: "NTASK_NO_HOOKS" }),
  option("no-pre", "nothing", "leave out pre", { variable: "NTASK_NO_PRE" }),
  option("no-post", "nothing", "leave out post", { variable: "NTASK_NO_POST" }),
  option("skip", "value", "leave out a task wherever it occurs", {
    value: "NAME",
    repeat: true,
    variable: "NTASK_SKIP",
  }),
  option("force", "attached?", "run even where a result is stored; or only TASK", {
    value: "TASK",
    repeat: true,
    variable: "NTASK_FORCE",
  }),
  option("no-cache", "nothing", "neither read nor write any cache", { variable: "NTASK_NO_CACHE" }),
  option("tag", "value", "run, or with --list show, the tasks with this tag", {
    value: "TAG",
    repeat: true,
    only: ["run", "list"],
  }),
  option("yes", "nothing", "answer every question of confirm with yes", {
    short: "y",
    variable: "NTASK_YES",
  }),
  option("timeout", "value", "end what takes longer than this, such as 90s or 1m30s", {
    value: "TIME",
    variable: "NTASK_TIMEOUT",
  }),
  option("retries", "value", "try what fails again, at most N times", {
    value: "N",
    variable: "NTASK_RETRIES",
  }),
  option("env", "value", "set a variable for this run", { value: "K=V", repeat: true }),
  option("output", "value", "prefixed, grouped, stream, errors, quiet or json", {
    value: "MODE",
    variable: "NTASK_OUTPUT",
  }),
  option("quiet", "nothing", "none of ntask's own lines but errors", {
    short: "q",
    variable: "NTASK_QUIET",
  }),
  option("verbose", "nothing", "say more", { short: "v", variable: "NTASK_VERBOSE" }),
  option("no-color", "nothing", "no colour", { variable: "NTASK_NO_COLOR" }),
  option("directory", "value", "start looking for tasks in DIR", { short: "C", value: "DIR" }),
  option("file", "value", "read this task file", { value: "FILE" }),
  option("help", "nothing", "show this, or with a task its usage", { short: "h" }),
  option("version", "nothing", "show the version", { short: "V" }),
];

const BY_NAME = new Map(OPTIONS.map((option) => [option.name, option]));

/** Parsed options: what was given, by name. */
export interface Given {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** The command line, cut where the task or command begins. */
export interface Parsed {
  readonly given: Given;
  /** Named by an option such as `--list`. */
  readonly command?: string;
  /** The task or command and everything after it. */
  readonly words: readonly string[];
}

export type ParseResult =
  | { readonly ok: true; readonly parsed: Parsed }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Reads ntask's own options.
 *
 * @param words the command line without the program
 * @param all go on after words that are no options, as commands do; else stop at the first one
 */
export function parseOptions(words: readonly string[], all = false): ParseResult {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const rest: string[] = [];
  let commandName: string | undefined;
  const fail = (detail: string, near: readonly string[] = []): ParseResult => ({
    ok: false,
    problem: { code: "R_OPTION", detail, near },
  });
  let index = 0;
  while (index < words.length) {
    const word = words[index]!;
    if (word === "--") {
      // Everything behind it belongs to the task, the dashes with it.
      rest.push(...words.slice(index));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      // What follows the task of `--why` belongs to the task.
      if (!all && (commandName === undefined || commandName === "why")) {
        rest.push(...words.slice(index));
        break;
      }
      rest.push(word);
      index++;
      continue;
    }
    const split = splitOption(word);
    if (split.length === 0) return fail(`there is no option ${plain(word)}`, nearOptions(word));
    for (const { option, attached } of split) {
      if (option === undefined) return fail(`there is no option ${plain(word)}`, nearOptions(word));
      let value = attached;
      if (option.takes === "nothing" && value !== undefined) {
        return fail(`--${option.name} takes no value: ${word}`);
      }
      if (option.takes === "value" && value === undefined) {
        value = words[++index];
      }
      if (value === "" || option.takes === "value" && value === undefined) {
        return fail(`${word} needs a value: ${option.value}`);
      }
      if (
        option.takes === "number?" && value === undefined && /^\d+$/.test(words[index + 1] ?? "")
      ) {
        value = words[++index];
      }
      if (option.command !== undefined) {
        if (commandName !== undefined && commandName !== option.command) {
          return { ok: false, problem: twoCommands(`--${commandName}`, option.command) };
        }
        commandName = option.command;
      } else if (value === undefined) flags.add(option.name);
      else if (option.repeat) values.set(option.name, [...values.get(option.name) ?? [], value]);
      else values.set(option.name, [value]);
    }
    index++;
  }
  const parsed = {
    given: { flags, values },
    ...(commandName !== undefined && { command: commandName }),
    words: rest,
  };
  return { ok: true, parsed };
}

/** @param second of which only an option can have told */
export function twoCommands(first: string, second: string): Problem {
  return { code: "R_OPTION", detail: `${first} and --${second} are two commands`, near: [] };
}

/** An option that the command does not heed. */
export function misplaced({ flags, values }: Given, command: string): Problem | undefined {
  const option = OPTIONS.find(({ name, only }) =>
    only !== undefined && !only.includes(command) && (flags.has(name) || values.has(name))
  );
  if (option === undefined) return undefined;
  const places = option.only!.map((name) => name === "task" ? "a task" : name);
  const last = places.pop()!;
  const where = places.length > 0 ? `${places.join(", ")} or ${last}` : last;
  const detail = `--${option.name} does nothing here; it goes with ${where}`;
  return { code: "R_OPTION", detail, near: [] };
}

/** How the word is one of ntask's options, for words that stand after a task's name. */
export function isGlobal(word: string): "flag" | "value" | "optional-number" | undefined {
  const [first] = splitOption(word);
  if (first?.option === undefined || first.option.command !== undefined) return undefined;
  switch (first.option.takes) {
    case "value":
      return first.attached === undefined ? "value" : "flag";
    case "number?":
      return first.attached === undefined ? "optional-number" : "flag";
    default:
      return "flag";
  }
}

interface SplitWord {
  readonly option: Option | undefined;
  readonly attached?: string;
}

function splitOption(word: string): readonly SplitWord[] {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    const name = equals === -1 ? word.slice(2) : word.slice(2, equals);
    const option = BY_NAME.get(name);
    return [{ option, ...(equals !== -1 && { attached: word.slice(equals + 1) }) }];
  }
  const found: SplitWord[] = [];
  for (let at = 1; at < word.length; at++) {
    const option = OPTIONS.find((option) => option.short === word[at]);
    const attached = word.slice(at + 1);
    if (option === undefined) return [];
    if (option.takes !== "nothing" && attached !== "") {
      if (option.takes === "number?" && !/^=?\d+$/.test(attached)) {
        // Other letters may follow, `-jk`; what is none of them was meant as the number.
        if (splitOption(`-${attached}`).length === 0) return [...found, { option, attached }];
        found.push({ option });
        continue;
      }
      return [...found, { option, attached: attached.replace(/^=/, "") }];
    }
    found.push({ option });
  }
  return found;
}

export function nearOptions(word: string): readonly string[] {
  const name = word.replace(/^-+/, "").replace(/=.*/s, "");
  return nearest(name, OPTIONS.map((option) => option.name)).map((near) => `--${near}`);
}

/** Options given at two places of one line; the later win. */
export function mergeGiven(first: Given, second: Given): Given {
  const values = new Map(first.values);
  for (const [name, list] of second.values) {
    const repeat = BY_NAME.get(name)?.repeat;
    values.set(name, repeat ? [...values.get(name) ?? [], ...list] : list);
  }
  return { flags: new Set([...first.flags, ...second.flags]), values };
}

function option(
  name: string,
  takes: Takes,
  help: string,
  more: Partial<Option> = {},
): Option {
  return { name, takes, help, ...more };
}

function command(name: string, help: string, short?: string): Option {
  return { name, takes: "nothing", help, command: name, ...(short !== undefined && { short }) };
}
