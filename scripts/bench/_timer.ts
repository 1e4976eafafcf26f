/**
 * The half of the benchmark that runs inside Bun, whose `spawnSync` adds less to a start than any
 * other we have (0.4 ms).
 *
 * In: a {@linkcode TimerRequest} as JSON in the first argument. Out: milliseconds of every run as
 * JSON on stdout. The programs take turns, each round in another order, so that what the machine
 * does beside hits all of them alike.
 *
 * @module
 */

export interface Contestant {
  readonly name: string;
  /** An absolute path and its words. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface TimerRequest {
  readonly rounds: number;
  readonly contestants: readonly Contestant[];
}

/** By contestant, in the order of the runs. */
export type Timings = Readonly<Record<string, readonly number[]>>;

interface BunSpawner {
  nanoseconds(): number;
  spawnSync(options: Record<string, unknown>): { exitCode: number | null; stderr: Uint8Array };
}

declare const process: { readonly argv: readonly string[]; exitCode: number };

const Bun = (globalThis as unknown as { Bun?: BunSpawner }).Bun;
if (Bun === undefined) throw new Error("_timer.ts runs in Bun; use scripts/bench/start.ts");
console.log(JSON.stringify(measure(Bun, JSON.parse(process.argv[2] ?? "{}") as TimerRequest)));

function measure(bun: BunSpawner, { rounds, contestants }: TimerRequest): Timings {
  const timings: Record<string, number[]> = {};
  for (const { name } of contestants) timings[name] = [];
  // Round 0 only warms the page cache.
  for (let round = 0; round <= rounds; round++) {
    const turn = round % contestants.length;
    for (const each of [...contestants.slice(turn), ...contestants.slice(0, turn)]) {
      const milliseconds = once(bun, each);
      if (round > 0) timings[each.name]?.push(milliseconds);
    }
  }
  return timings;
}

function once(bun: BunSpawner, { name, command, cwd, env }: Contestant): number {
  const options = { cmd: command, cwd, env, stdin: "ignore", stdout: "ignore", stderr: "pipe" };
  const start = bun.nanoseconds();
  const { exitCode, stderr } = bun.spawnSync(options);
  const milliseconds = (bun.nanoseconds() - start) / 1e6;
  if (exitCode === 0) return milliseconds;
  throw new Error(`${name} exited with ${exitCode}: ${new TextDecoder().decode(stderr)}`);
}
