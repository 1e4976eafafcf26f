/**
 * What the types of "ntask" allow and refuse. This file is compiled, not run: every line behind
 * `@ts-expect-error` has to be an error, every other one none.
 *
 * @module
 */

import {
  config,
  context,
  group,
  log,
  root,
  run,
  shell,
  ShellError,
  type ShellResult,
  signal,
  type Task,
  task,
  type TaskOptions,
} from "ntask";

// ── what is right ────────────────────────────────────────────────────────────────────────────────

export const lint = task({ inputs: ["src/**/*.ts"] }, "deno lint src");

export const test = task(
  { inputs: ["src/**/*.ts", "tests/**/*.ts"] },
  (pattern = "") => shell`deno test ${pattern ? `--filter=${pattern}` : null}`,
);

export const build = task({ deps: [lint], outputs: ["dist/"] }, () => ["a", "b"]);

export const release = task(
  { deps: [lint, test, build, "api.lint", () => later], exclusive: true },
  async (version: string, dryRun = false) => {
    if (!dryRun) await shell`git tag v${version} && git push --tags`;
  },
);

export const api = group({
  lint: task("deno lint"),
  inner: group({ deep: task((n: number) => n + 1) }, { env: { A: "1", B: null } }),
}, { cwd: "packages/api", tags: ["ci"] });

export const pack = task(
  { deps: { files: build, n: () => double, any: "api.lint" } },
  ({ files, n }, version: string, dry = false) => {
    const first: string | undefined = files[0];
    const number: number = n;
    return { first, number, version, dry };
  },
);

export const double = task((x = 1) => x * 2);
export const object = task((
  { pattern = "", watch = false }: { pattern?: string; watch?: boolean },
) => [pattern, watch]);
export const calls = task({
  deps: [
    double.with({ x: 3 }),
    object.with({ pattern: "x" }),
    pack.with({ version: "1", dry: true }),
    api.inner.deep.with({ n: 1 }),
  ],
});

export const dynamic = task(async () => {
  const packed = await run(pack.with({ version: "1" }));
  const version: string = packed.version;
  const twice: number = await run(double);
  await run("api.lint");
  log(root, context.task, signal.aborted, version, twice);
  return new Map([[version, new Set([1n])]]);
});

export const shells = task(async () => {
  const text: string = await shell("p").quiet().text();
  const lines: readonly string[] = await shell(["p", "a"], { cwd: "x", timeout: "2s" }).lines();
  const result: ShellResult = await shell`p ${["a", 1]} ${null}`.nothrow();
  try {
    await shell("x", { check: false, stdin: "text", env: { A: undefined } });
  } catch (error) {
    if (error instanceof ShellError) return error.code + error.command.length;
  }
  return text.length + lines.length + result.duration;
});

export const nothing = task(async () => {});
export const result = task(() => shell`p`);
export const parsed = task(() => JSON.parse("1"));
interface Tree {
  readonly kids: readonly Tree[];
}
export const tree = task((): Tree => ({ kids: [] }));
export const conditional = task(
  { condition: () => true, parallel: false, timeout: "5m", retries: { max: 2 } },
  (...files: string[]) => files.length,
);
export const options: TaskOptions = { hidden: true, default: false };
export const plain: Task = lint;
export const later = task("p later");

export default config({ jobs: 4, killGrace: "5s" });

// ── what is wrong ────────────────────────────────────────────────────────────────────────────────

// @ts-expect-error: an option nobody knows
task({ dep: [] }, "x");
// @ts-expect-error: an option of the wrong type
task({ exclusive: "yes" }, "x");
// @ts-expect-error: a dependency that is none
task({ deps: [5] }, "x");
// @ts-expect-error: a body that is none
task({}, 5);
// @ts-expect-error: a function cannot be stored
task(() => () => 1);
// @ts-expect-error: nor can a symbol, however deep
task(() => Promise.resolve({ a: [{ b: Symbol() }] }));
// @ts-expect-error: nor a promise within
task(() => ({ a: Promise.resolve(1) }));
// @ts-expect-error: the parameter is a number
double.with({ x: "no" });
// @ts-expect-error: there is no such member
object.with({ patern: "x" });
// @ts-expect-error: the member is a string
object.with({ pattern: 5 });
// @ts-expect-error: the value is a number
task({ deps: { n: double } }, ({ n }) => n.length);
// @ts-expect-error: there is no such value
task({ deps: { n: double } }, ({ m }) => m);
// @ts-expect-error: the first parameter is not what the dependency returns
task({ deps: { n: double } }, ({ n }: { n: string }) => n);
// @ts-expect-error: there is no such member
task({ deps: [api.lnt] });
// @ts-expect-error: a member that is no task
group({ a: 5 });
// @ts-expect-error: a setting nobody knows
config({ job: 3 });
// @ts-expect-error: an object in a hole
shell`x ${{ a: 1 }}`;
// @ts-expect-error: an option nobody knows
shell("x", { captrue: true });
// @ts-expect-error: what a task returns is typed
export const wrong: Promise<string> = run(double);
