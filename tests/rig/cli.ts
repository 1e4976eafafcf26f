/**
 * Tests of the program as its users see it.
 *
 * @module
 */

import { AssertionError } from "@std/assert";
import fs from "node:fs";
import { binary } from "./binary.ts";
import { beginStory, story } from "./ran.ts";

/** Where a test cannot run, and why; the reason stands behind the test's name. */
export interface Limits {
  /** It needs what Windows, or Wine's Windows, does not have. */
  readonly posixOnly?: string;
  /** It needs something at this path. */
  readonly needs?: string;
  /** It is about Windows, be it Wine's. */
  readonly windowsOnly?: true;
  /** It needs a console of Windows, which only a program under Wine can make here. */
  readonly wineOnly?: true;
  /** It needs what only the compiled program does. */
  readonly compiledOnly?: string;
  /** Not of `deno run main.ts`, where Deno loads what the user's files import. */
  readonly releasedOnly?: true;
  /** Only root can bring it about. */
  readonly rootOnly?: true;
  /** It is about the npm package. */
  readonly nodeOnly?: true;
  /** It needs a Python, as only the stage of that name has: NTASK_TEST_PYTHON is set there. */
  readonly python?: true;
}

/** A test; when it fails, its message ends in the story of the last runs. */
export function cliTest(name: string, body: () => Promise<void>): void;
export function cliTest(name: string, limits: Limits, body: () => Promise<void>): void;
export function cliTest(
  name: string,
  first: Limits | (() => Promise<void>),
  second?: () => Promise<void>,
): void {
  const [limits, body] = typeof first === "function" ? [{}, first] : [first, second!];
  const reason = obstacle(limits);
  Deno.test({
    name: reason === undefined ? name : `${name} (${reason})`,
    ignore: reason !== undefined,
    async fn() {
      beginStory();
      try {
        await body();
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const told = new AssertionError(error.message);
        told.stack = `${error.stack ?? error.message}\n\n${story()}`;
        throw told;
      }
    },
  });
}

function obstacle(
  limits: Limits,
): string | undefined {
  const { posixOnly, needs, windowsOnly, wineOnly, compiledOnly } = limits;
  const { releasedOnly, rootOnly, nodeOnly, python } = limits;
  if (posixOnly !== undefined && binary.windows) return `not on Windows: ${posixOnly}`;
  if (needs !== undefined && !fs.existsSync(needs)) return `there is no ${needs}`;
  if (windowsOnly && !binary.windows) return "only Windows";
  if (wineOnly && !binary.wine) return "only under Wine";
  if (compiledOnly !== undefined && binary.form !== "compiled") {
    return `only compiled: ${compiledOnly}`;
  }
  if (releasedOnly && binary.form === "deno run") return "not from the source";
  if (rootOnly && Deno.uid() !== 0) return "only as root";
  if (nodeOnly && binary.form !== "node") return "only the npm package";
  if (python && Deno.env.get("NTASK_TEST_PYTHON") === undefined) {
    return "only in the stage that has Python: NTASK_TEST_PYTHON is not set";
  }
  return undefined;
}
