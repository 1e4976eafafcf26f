/**
 * Do the recorded expectations still hold under the real shells? Needs `dash`, `bash` and the
 * usual utilities, so it is a stage of its own and no test.
 *
 * ```
 * deno run -A tests/contract/shell_truth.ts            compare
 * deno run -A tests/contract/shell_truth.ts --record   write what the shells say
 * ```
 *
 * @module
 */

import { CASE_ENV, CASE_FILES, caseFile, readCases, type ShellCase } from "./shell_harness.ts";

const record = Deno.args.includes("--record");
let count = 0;
let wrong = 0;
for (const file of CASE_FILES) {
  const table = readCases(file);
  const cases: ShellCase[] = [];
  for (const one of table.cases) {
    count++;
    const told = await ask(one);
    if (told.stdout !== one.stdout || told.status !== one.status) {
      wrong++;
      console.error(`${file}: ${one.name}: ${record ? "recorded" : "differs"}`);
      if (!record) console.error(JSON.stringify({ recorded: one, told }, undefined, 2));
    }
    cases.push({ ...one, ...told });
  }
  if (record) {
    Deno.writeTextFileSync(
      caseFile(file),
      `${JSON.stringify({ ...table, cases }, undefined, 2)}\n`,
    );
  }
}
console.log(
  record ? `${count} snippets, ${wrong} recorded anew` : `${count - wrong} passed, ${wrong} failed`,
);
if (wrong > 0 && !record) Deno.exit(1);

async function ask({ script, shell }: ShellCase): Promise<{ stdout: string; status: number }> {
  const directory = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "ntask-truth-" }));
  const [program, ...options] = shell === "bash" ? ["bash", "--posix", "-O", "globstar"] : ["dash"];
  try {
    const { code, stdout } = await new Deno.Command(program!, {
      args: [...options, "-c", script, "shell"],
      cwd: directory,
      clearEnv: true,
      env: { ...CASE_ENV, PATH: Deno.env.get("PATH") ?? "", HOME: directory },
      stdin: "null",
    }).output();
    const text = new TextDecoder().decode(stdout).replaceAll(directory, "<directory>");
    return { stdout: text, status: code };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
