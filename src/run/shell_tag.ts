/**
 * `shell`: commands from a function body. They run in the function host's own process tree, with
 * its environment, directory and streams, so their output belongs to the task whose body it is.
 *
 * @module
 */

import { runHere } from "../host/children.ts";
import type {
  Hole,
  Shell,
  shell as ShellFunction,
  ShellError as ShellErrorClass,
  ShellOptions,
  ShellResult,
} from "../model/ntask.d.ts";
import { durationOf } from "../source/spec/value.ts";
import { quoteWord } from "./display.ts";
import { shellProgram } from "./shell_program.ts";

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
    return command(first, undefined, optionsOf(rest[0]));
  }
  if (!Array.isArray(first) || first.some((word) => typeof word !== "string")) {
    throw new TypeError("shell() takes a text, or a list of words");
  }
  if ("raw" in first) {
    return command(
      quoteTemplate(first as readonly string[], rest as readonly Hole[]),
      undefined,
      {},
    );
  }
  if (first.length === 0) throw new TypeError("shell([]) names no program");
  return command(first.map(quoteWord).join(" "), first, optionsOf(rest[0]));
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

/** A command that starts in the next microtask: what is chained to it until then still counts. */
function command(
  script: string,
  argv: readonly string[] | undefined,
  given: ShellOptions,
): Shell {
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
    return run(script, argv, options, origin);
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
  script: string,
  argv: readonly string[] | undefined,
  { check, timeout, ...options }: ShellOptions,
  origin: Error,
): Promise<ShellResult> {
  const [file, ...args] = argv ?? shellProgram(script, "shell", []);
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
    ...(limit !== undefined && { timeout: limit }),
  }).catch((error: unknown) => {
    throw atCall(
      new Error(`${script.trim()} cannot be started: ${(error as Error).message}`),
      origin,
    );
  });
  const { timedOut, ...rest } = ended;
  const result: ShellResult = { ...rest, ok: rest.code === 0 };
  if (!result.ok && check !== false) {
    throw atCall(new CommandError(script, result, timedOut ? timeout : undefined), origin);
  }
  return result;
}

function atCall<E extends Error>(error: E, { stack = "" }: Error): E {
  const head = (error.stack ?? "").split(/\n\s+at /)[0];
  const frames = stack.slice(Math.max(0, stack.search(/^\s*at /m)));
  error.stack = `${head}\n${frames}`;
  return error;
}

/**
 * The script that a template means.
 *
 * @throws {TypeError} for a hole that is an object, or a text with a NUL
 * @example quoteTemplate`rm ${["a b", "c"]}` // "rm 'a b' 'c'"
 */
export function quoteTemplate(text: readonly string[], holes: readonly Hole[]): string {
  let script = text[0] ?? "";
  holes.forEach((hole, index) => {
    script += quoteHole(hole) + (text[index + 1] ?? "");
  });
  return script;
}

function quoteHole(hole: Hole): string {
  if (hole === false || hole === null || hole === undefined) return "";
  if (Array.isArray(hole)) return hole.map((value) => quoteHole(value as Hole)).join(" ");
  if (typeof hole === "object" || typeof hole === "function" || typeof hole === "symbol") {
    throw new TypeError("a hole of shell`…` takes text, numbers and arrays of them");
  }
  const value = String(hole);
  if (value.includes("\0")) throw new TypeError("a hole of shell`…` contains a NUL character");
  return quoteWord(value);
}
