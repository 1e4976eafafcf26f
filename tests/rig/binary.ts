/**
 * The program under test, in one of its forms:
 *
 * - nothing set: `deno run main.ts`
 * - `NTASK_TEST_BIN`: that executable
 * - `NTASK_TEST_NODE`: the folder of the npm package, run by `NTASK_TEST_NODE_PROGRAM` or the `node`
 *   on `PATH`
 * - with `NTASK_TEST_OS=windows` on another system: it is a script that runs a Windows binary under
 *   Wine, and the program sees our paths below `Z:`
 *
 * @module
 */

import { dirname, fromFileUrl, join, resolve } from "@std/path";

/** The project this rig belongs to. */
export const ROOT: string = dirname(dirname(dirname(fromFileUrl(import.meta.url))));

/** What is started, and what it sees. */
export interface Binary {
  readonly form: "deno run" | "compiled" | "node";
  /** A Windows program on another system. */
  readonly wine: boolean;
  /** The program sees Windows, be it Wine's. */
  readonly windows: boolean;
  /** The words that start it. */
  readonly command: readonly string[];
  /** Variables that this form cannot do without. */
  readonly env: Readonly<Record<string, string>>;
  /** A path of ours as the program writes it. */
  seen(path: string): string;
}

export const binary: Binary = find();

function find(): Binary {
  const file = Deno.env.get("NTASK_TEST_BIN");
  const windows = Deno.build.os === "windows" || Deno.env.get("NTASK_TEST_OS") === "windows";
  const wine = windows && Deno.build.os !== "windows";
  const rest = {
    wine,
    windows,
    seen: (path: string) => wine ? `Z:${path.replaceAll("/", "\\")}` : path,
  };
  if (file !== undefined) return { ...rest, form: "compiled", command: [file], env: {} };
  const folder = Deno.env.get("NTASK_TEST_NODE");
  if (folder !== undefined) {
    const command = [nodeProgram(), join(resolve(folder), "lib", "main.js")];
    return { ...rest, form: "node", command, env: {} };
  }
  const options = ["run", "-A", "--no-check", "--quiet", "--config", join(ROOT, "deno.json")];
  return {
    ...rest,
    form: "deno run",
    command: [Deno.execPath(), ...options, join(ROOT, "main.ts")],
    // With the home of a test's own, Deno would translate everything again.
    env: { DENO_DIR: denoDirectory(), DENO_NO_UPDATE_CHECK: "1" },
  };
}

/** An absolute path: the programs under test have a `PATH` of their own. */
function nodeProgram(): string {
  const name = Deno.env.get("NTASK_TEST_NODE_PROGRAM") ?? "node";
  const script = "process.stdout.write(process.execPath)";
  const { stdout } = new Deno.Command(name, { args: ["-e", script] }).outputSync();
  return new TextDecoder().decode(stdout);
}

function denoDirectory(): string {
  const given = Deno.env.get("DENO_DIR");
  if (given !== undefined) return given;
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
  return (JSON.parse(new TextDecoder().decode(stdout)) as { denoDir: string }).denoDir;
}
