/**
 * The program under test, in one of its forms:
 *
 * - nothing set: `deno run main.ts`
 * - `NTASK_TEST_BIN`: that executable
 * - `NTASK_TEST_NODE`: a Node, which runs the npm package in `dist/npm`
 * - with `NTASK_TEST_OS=windows` on another system: it is a script that runs a Windows binary under
 *   Wine, and the program sees our paths below `Z:`
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";

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
  const node = Deno.env.get("NTASK_TEST_NODE");
  if (node !== undefined) {
    return { ...rest, form: "node", command: [node, join(ROOT, "dist/npm/main.js")], env: {} };
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

function denoDirectory(): string {
  const given = Deno.env.get("DENO_DIR");
  if (given !== undefined) return given;
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
  return (JSON.parse(new TextDecoder().decode(stdout)) as { denoDir: string }).denoDir;
}
