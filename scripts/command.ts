/**
 * Running other programs from a script.
 *
 * In: a program and its words. Out: its status and what it wrote, or a {@linkcode Fault} that
 * says in one sentence what a person can do. A program that cannot be found is a fault; a program
 * that fails is an outcome, for its caller to judge.
 *
 * @module
 */

/** A failure to show to a person as one sentence, without a stack. */
export class Fault extends Error {}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Start from an empty environment. */
  readonly clearEnv?: boolean;
  /** What to do about it when the program is not installed. */
  readonly missing?: string;
}

/** Run to the end and keep what it wrote. stdin is empty. */
export async function capture(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const output = await start(file, args, options, "piped").then((child) => child.output());
  const text = new TextDecoder();
  return {
    code: output.code,
    stdout: text.decode(output.stdout),
    stderr: text.decode(output.stderr),
  };
}

/** Run to the end with its output on ours. stdin is empty. Gives the exit code. */
export async function show(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<number> {
  const child = await start(file, args, options, "inherit");
  return (await child.status).code;
}

/** Run to the end with its output on ours, and keep a copy of it, both streams in one text. */
export async function showAndKeep(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ readonly code: number; readonly text: string }> {
  const child = await start(file, args, options, "piped");
  const kept: string[] = [];
  const copy = async (from: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const bytes of from) {
      await writeAll(bytes);
      kept.push(decoder.decode(bytes, { stream: true }));
    }
  };
  await Promise.all([copy(child.stdout), copy(child.stderr)]);
  return { code: (await child.status).code, text: kept.join("") };
}

/** The body of a script: a {@linkcode Fault} becomes one line and exit code 1. */
export async function main(name: string, body: () => Promise<number | void>): Promise<void> {
  try {
    Deno.exitCode = await body() ?? 0;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    console.error(`${name}: ${error.message}`);
    Deno.exitCode = 1;
  }
}

// deno-lint-ignore require-await -- a fault must reject, not throw
async function start(
  file: string,
  args: readonly string[],
  options: RunOptions,
  output: "piped" | "inherit",
): Promise<Deno.ChildProcess> {
  try {
    return new Deno.Command(file, {
      args: [...args],
      stdin: "null",
      stdout: output,
      stderr: output,
      clearEnv: options.clearEnv ?? false,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Fault(
      options.missing === undefined
        ? `cannot start “${file}”: no such program`
        : `cannot start “${file}”: ${options.missing}`,
    );
  }
}

async function writeAll(bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += await Deno.stdout.write(bytes.subarray(written));
}
