/**
 * `shell`: commands from a function body. They run in the function host's own process tree, with
 * its environment, directory and streams, so their output belongs to the task whose body it is.
 *
 * @module
 */

import { runHere } from "../host/children.ts";
import { quoteWord } from "./display.ts";
import { shellProgram } from "./shell_program.ts";

/** How a command is run. */
export interface ShellOptions {
  /** Keep stdout and stderr for the result instead of showing them. */
  readonly capture?: boolean;
  /** Throw a `ShellError` when the command fails; the default is true. */
  readonly check?: boolean;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Text for its stdin. */
  readonly stdin?: string;
}

/** How a command ended. */
export interface ShellResult {
  readonly code: number;
  readonly signal: string | undefined;
  readonly ok: boolean;
  /** Milliseconds. */
  readonly duration: number;
  /** Captured output; empty unless `capture` was set. */
  readonly stdout: string;
  readonly stderr: string;
}

/** A command ended with another status than 0. */
export class ShellError extends Error {
  override readonly name = "ShellError";
  readonly command: string;
  readonly result: ShellResult;

  constructor(command: string, result: ShellResult) {
    const how = result.signal === undefined
      ? `ended with status ${result.code}`
      : `was killed by ${result.signal}`;
    super(`${command.trim()} ${how}`);
    this.command = command;
    this.result = result;
  }

  /** The command's status. */
  get code(): number {
    return this.result.code;
  }
}

/** What stands in a hole of the template. */
export type Hole =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly (string | number | bigint)[];

/**
 * Run a command in the shell.
 *
 * As a template tag every hole is quoted: a value is one word, whatever is in it; an array is
 * several; `false`, `null` and `undefined` disappear. As a function the text is taken as it is, and
 * an array is a command line that needs no shell.
 *
 * @throws {ShellError} when the command fails, unless `check` is false
 * @example await shell`git tag v${version}`
 */
export function shell(
  text: TemplateStringsArray,
  ...holes: readonly Hole[]
): Promise<ShellResult>;
export function shell(
  command: string | readonly string[],
  options?: ShellOptions,
): Promise<ShellResult>;
export function shell(
  first: TemplateStringsArray | string | readonly string[],
  ...rest: readonly unknown[]
): Promise<ShellResult> {
  if (typeof first === "string") return run(first, undefined, rest[0] as ShellOptions | undefined);
  if (!("raw" in first)) return run(first.join(" "), first, rest[0] as ShellOptions | undefined);
  return run(quoteTemplate(first as TemplateStringsArray, rest as readonly Hole[]), undefined);
}

async function run(
  script: string,
  argv: readonly string[] | undefined,
  options: ShellOptions = {},
): Promise<ShellResult> {
  const [file, ...args] = argv ?? shellProgram(script, "shell", []);
  if (file === undefined) throw new TypeError("shell([]) names no program");
  const result = await runHere({ file, args, ...options });
  const ended: ShellResult = { ...result, ok: result.code === 0 };
  if (!ended.ok && options.check !== false) throw new ShellError(script, ended);
  return ended;
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
