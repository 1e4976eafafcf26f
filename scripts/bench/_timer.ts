/**
 * `floors/timer.c` where there is no C compiler: Bun, whose `spawnSync` adds less to a start than
 * any other we have (0.4 ms).
 *
 * In and out as there, but the memory is 0, for unknown: what Bun is told of a child contains its own.
 *
 * @module
 */

interface BunSpawner {
  nanoseconds(): number;
  file(path: string): unknown;
  spawnSync(
    options: Record<string, unknown>,
  ): {
    exitCode: number | null;
    exitedDueToTimeout?: boolean;
    resourceUsage?: { cpuTime: { total: number | bigint } };
  };
}

declare const process: {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

const Bun = (globalThis as unknown as { Bun?: BunSpawner }).Bun;
if (Bun === undefined) throw new Error("_timer.ts runs in Bun; use scripts/bench/bench.ts");
console.log(once(Bun, process.argv.slice(2)).join(" "));

function once(bun: BunSpawner, words: readonly string[]): number[] {
  const [seconds, cwd, output = "", ...cmd] = words;
  const out = bun.file(output);
  const timeout = Number(seconds) * 1000;
  const options = {
    cmd,
    cwd,
    env: process.env,
    stdin: "ignore",
    stdout: out,
    stderr: out,
    timeout,
  };
  const start = bun.nanoseconds();
  const { exitCode, exitedDueToTimeout, resourceUsage } = bun.spawnSync(options);
  const nanoseconds = Math.round(bun.nanoseconds() - start);
  const processor = Number(resourceUsage?.cpuTime.total ?? 0);
  return [nanoseconds, 0, exitedDueToTimeout ? 124 : exitCode ?? 137, processor];
}
