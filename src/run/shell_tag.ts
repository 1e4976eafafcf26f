/**
 * `shell`: commands from a function body. They run in the function host's own process tree, with
 * its environment, directory and streams, so their output belongs to the task whose body it is.
 *
 * @module
 */

import { runHere } from "../host/children.ts";
import type { Interpreting } from "../model/interpreter.ts";
import type {
  Hole,
  Shell,
  shell as ShellFunction,
  ShellError as ShellErrorClass,
  ShellOptions,
  ShellResult,
} from "../model/ntask.d.ts";
import { durationOf } from "../source/spec/value.ts";
import { displayCommand } from "./display.ts";
import { scriptProgram } from "./script_program.ts";
import { type Filled, fillTemplate } from "./shell_quote.ts";

/** What runs commands; or what was to run them, and is not there. */
export type BodyInterpreting = Interpreting | { readonly missing: string };

let interpreting: BodyInterpreting = { dialect: "posix" };

/** Say what runs the commands of the body that comes next. */
export function enterShell(by: BodyInterpreting): void {
  interpreting = by;
}

/** How many of its last lines a captured command's error shows. */
const LAST_LINES = 10;

/** A command ended with another status than 0. */
class CommandError extends Error {
  override readonly name = "ShellError";
  readonly command: string;
  readonly result: ShellResult;

  constructor(command: string, result: ShellResult, limit?: string | number) {
    const how = limit !== undefined
      ? `took longer than ${typeof limit === "number" ? `${limit} s` : limit}`
      : result.signal === undefined
      ? `ended with status ${result.code}`
      : `was killed by ${result.signal}`;
    // What was shown stands above already; what was captured nobody has seen.
    const output = (result.stderr.trim() || result.stdout.trim()).split("\n").slice(-LAST_LINES);
    const shown = output.map((line) => line && `\n    ${line.trimEnd()}`).join("");
    super(`${command.trim()} ${how}${shown}`);
    this.command = command;
    this.result = result;
  }

  /** The command's status. */
  get code(): number {
    return this.result.code;
  }
}

export const ShellError: typeof ShellErrorClass = CommandError;

export const shell = start as typeof ShellFunction;

function start(
  first: TemplateStringsArray | string | readonly string[],
  ...rest: readonly unknown[]
): Shell {
  if (typeof first === "string") {
    return command({ script: first, shown: first, variables: {} }, optionsOf(rest[0]));
  }
  if (!Array.isArray(first) || first.some((word) => typeof word !== "string")) {
    throw new TypeError("shell() takes a text, or a list of words");
  }
  if ("raw" in first) {
    const dialect = "missing" in interpreting ? "posix" : interpreting.dialect;
    return command(fillTemplate(dialect, first as readonly string[], rest as readonly Hole[]), {});
  }
  if (first.length === 0) throw new TypeError("shell([]) names no program");
  return command({ argv: first, shown: displayCommand(first) }, optionsOf(rest[0]));
}

const OPTIONS = ["capture", "check", "cwd", "env", "stdin", "timeout"];

function optionsOf(given: unknown): ShellOptions {
  if (given === undefined) return {};
  if (typeof given !== "object" || given === null) {
    throw new TypeError("the second argument of shell() is an object of options");
  }
  for (const name of Object.keys(given)) {
    if (OPTIONS.includes(name)) continue;
    throw new TypeError(`shell() has no option "${name}"; it has ${OPTIONS.join(", ")}`);
  }
  return given;
}

/** What is to be run. */
type Wanted =
  | { readonly argv: readonly string[]; readonly shown: string }
  | Filled;

/** A command that starts in the next microtask: what is chained to it until then still counts. */
function command(wanted: Wanted, given: ShellOptions): Shell {
  // The error is the user's: its stack is that of the call.
  const origin = new Error();
  const options: { -readonly [K in keyof ShellOptions]: ShellOptions[K] } = { ...given };
  let started = false;
  const set = (change: ShellOptions): Shell => {
    if (started) throw new Error("the command runs already: chain before you await it");
    Object.assign(options, change);
    return promise;
  };
  const result = Promise.resolve().then(() => {
    started = true;
    return run(wanted, options, origin);
  });
  const captured = (): Promise<string> => {
    set({ capture: true });
    return result.then(({ stdout }) => stdout.replace(/\r?\n$/, ""));
  };
  const promise: Shell = Object.assign(result, {
    quiet: () => set({ capture: true }),
    nothrow: () => set({ check: false }),
    cwd: (cwd: string) => set({ cwd }),
    env: (env: ShellOptions["env"] & object) => set({ env: { ...options.env, ...env } }),
    stdin: (stdin: string | Uint8Array) => set({ stdin }),
    timeout: (timeout: string | number) => set({ timeout }),
    text: captured,
    lines: () => captured().then((text) => text === "" ? [] : text.split(/\r?\n/)),
    json: () => captured().then((text): unknown => JSON.parse(text)),
  });
  return promise;
}

async function run(
  wanted: Wanted,
  { check, timeout, env, ...options }: ShellOptions,
  origin: Error,
): Promise<ShellResult> {
  const { shown } = wanted;
  let words: readonly string[];
  if ("argv" in wanted) words = wanted.argv;
  else if ("missing" in interpreting) {
    const why = `there is no program ${JSON.stringify(interpreting.missing)} to run it with`;
    throw atCall(new Error(`${shown.trim()} cannot be started: ${why}`), origin);
  } else {
    const { script } = wanted;
    words = scriptProgram(interpreting, { script, name: "shell", args: [], asks: true });
  }
  const [file, ...args] = words;
  const variables = "argv" in wanted ? {} : wanted.variables;
  const limit = timeout === undefined ? undefined : durationOf(timeout);
  if (timeout !== undefined && limit === undefined) {
    throw new TypeError(
      `timeout: ${JSON.stringify(timeout)} is no duration; write "90s" or "1m30s"`,
    );
  }
  const ended = await runHere({
    file: file!,
    args,
    ...options,
    env: { ...env, ...variables },
    ...(limit !== undefined && { timeout: limit }),
  }).catch((error: unknown) => {
    throw atCall(
      new Error(`${shown.trim()} cannot be started: ${(error as Error).message}`),
      origin,
    );
  });
  const { timedOut, ...rest } = ended;
  const result: ShellResult = { ...rest, ok: rest.code === 0 };
  if (!result.ok && check !== false) {
    throw atCall(new CommandError(shown, result, timedOut ? timeout : undefined), origin);
  }
  return result;
}

function atCall<E extends Error>(error: E, { stack = "" }: Error): E {
  const head = (error.stack ?? "").split(/\n\s+at /)[0];
  const frames = stack.slice(Math.max(0, stack.search(/^\s*at /m)));
  error.stack = `${head}\n${frames}`;
  return error;
}
