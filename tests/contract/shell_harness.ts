/**
 * The shell's cases: what they are and how one runs in this process, with a directory, an
 * environment and streams of its own.
 *
 * @module
 */

import { realShellSystem, type ShellSystem } from "../../src/host/shell_system.ts";
import { runPortableShell } from "../../src/run/shell/portable_shell.ts";

/** A snippet with what the truth shell printed and how it ended. */
export interface ShellCase {
  readonly name: string;
  readonly script: string;
  /** Truth is `bash --posix` where dash has no such thing. */
  readonly shell?: "bash";
  readonly stdout: string;
  readonly status: number;
}

/** A table of cases, as its JSON file has it. */
export interface ShellCases {
  readonly truth: string;
  readonly cases: readonly ShellCase[];
}

export interface ShellRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** The environment of every case, next to HOME, which is the case's directory. */
export const CASE_ENV: Readonly<Record<string, string>> = { FOO: "bar", EMPTY: "", LC_ALL: "C" };

/** The files of cases. */
export const CASE_FILES: readonly string[] = ["shell_cases.json", "shell_own_cases.json"];

export function caseFile(name: string): URL {
  return new URL(name, import.meta.url);
}

export function readCases(name: string): ShellCases {
  return JSON.parse(Deno.readTextFileSync(caseFile(name)));
}

/**
 * Run a script in a new directory with nothing on PATH: what is not built in does not exist, as on
 * a machine without the usual programs.
 *
 * @param overrides parts of the system that the case replaces
 */
export async function runInDirectory(
  script: string,
  overrides: Partial<ShellSystem> = {},
  args: readonly string[] = [],
): Promise<ShellRun> {
  const directory = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "ntask-shell-" }));
  const shown = directory.replaceAll("\\", "/");
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const sink = (chunks: Uint8Array[]) => ({
    write(bytes: Uint8Array) {
      chunks.push(bytes.slice());
      return Promise.resolve();
    },
  });
  try {
    const status = await runPortableShell({
      script,
      name: "shell",
      args,
      system: {
        ...realShellSystem(),
        cwd: directory,
        env: { ...CASE_ENV, PATH: directory, HOME: shown },
        standard: [{}, sink(out), sink(err)],
        ...overrides,
      },
    });
    return { stdout: text(out, shown), stderr: text(err, shown), status };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** The directory has another name each time. */
function text(chunks: readonly Uint8Array[], directory: string): string {
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return new TextDecoder().decode(whole).replaceAll(directory, "<directory>");
}
