/**
 * The conformance cases of the TOML language (toml-spec §19), one test each.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { binary } from "../rig/binary.ts";
import { cliTest, type Limits } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";
import cases from "./toml_cases.json" with { type: "json" };

/** A case as the file holds it. */
interface Case {
  readonly id: string;
  readonly note: string;
  readonly files: Readonly<Record<string, string | { readonly fixture: keyof typeof FIXTURES }>>;
  readonly env: Readonly<Record<string, string>>;
  /** Where the user stands, below the project root. */
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly exit: number;
  /** Lines; absent when only the problem matters. */
  readonly stdout?: readonly string[];
  /** The code of the error. */
  readonly problem?: string;
}

/** The modules that the cases of `call` name. */
const FIXTURES = {
  py: `import sys

def f(*a, **k):
    print(sys.argv, a, k)

def five():
    return 5

def yes():
    return True

def no():
    return False

async def co():
    print("co")
`,
  js: `import process from "node:process";

export const f = (...a) => console.log(JSON.stringify(process.argv.slice(1)), JSON.stringify(a));
export const g = (context) => console.log(context.task, JSON.stringify(context.args));
export const three = () => 3;
export default (context) => console.log("default", context.task);
`,
} as const;

/** A case says by it what comes second; to start a program takes longer than that under Wine. */
const LATER = binary.wine ? "sleep 5" : "sleep 0.2";

for (const given of cases as unknown as readonly Case[]) {
  const name = `${given.id}: ${given.note || given.argv.join(" ")}`;
  cliTest(name, limits(given), async () => {
    await using project = await createProject(
      Object.fromEntries(
        Object.entries(given.files).map(([path, file]) => [
          path,
          typeof file === "string" ? file.replaceAll("sleep 0.2", LATER) : FIXTURES[file.fixture],
        ]),
      ),
    );
    const ran = await project.run(given.argv, { cwd: given.cwd, env: given.env });
    if (given.problem !== undefined) assertStringIncludes(ran.stderr, `error[${given.problem}]`);
    assertEquals(ran.code, given.exit);
    if (given.stdout !== undefined) {
      const expected = given.stdout.map((line) =>
        line.replace("/root-of-project/src", join(project.root, "src"))
      );
      assertEquals(ran.stdout.split("\n").filter((line) => line !== ""), expected);
    }
  });
}

function limits({ id, files }: Case): Limits {
  const linux = ["SUB-08", "GRP-15", "COND-13", "COND-14", "COND-15"].includes(id);
  if (linux) return { posixOnly: "the case is pinned to Linux" };
  if (id === "COMP-18") {
    return {
      posixOnly:
        "a tree that is killed while it starts may leave a process there, until it is a job",
    };
  }
  if (id === "COND-16") return { posixOnly: "there is no touch" };
  const python = /\bpython_|call = "[a-z]+:/.test(String(files["tasks.toml"]));
  return python ? { python: true } : {};
}
