/**
 * The test's side of the probes (`programs.ts`): who has started, in which order, and letting go.
 *
 * @module
 */

import { join } from "@std/path";
import process from "node:process";
import { AssertionError } from "@std/assert";

/** In milliseconds. */
const TIME_LIMIT = 60_000;
const POLL = 5;

export interface Started {
  readonly pid: number;
  readonly cwd: string;
}

export interface Probes {
  /** Wait for a probe to start. */
  started(name: string): Promise<Started>;
  /** Has it started already? */
  has(name: string): boolean;
  /** Let probes go on that wait, or will. */
  go(...names: readonly string[]): void;
  /** Forget everything, for another run with the same names. */
  reset(): void;
  /** `start NAME` and `end NAME`, in the order they happened. A killed probe has no end. */
  log(): readonly string[];
}

/** @param folder where the probes leave their files */
export function probesIn(folder: string): Probes {
  return {
    async started(name) {
      const file = join(folder, `started-${name}`);
      await until(() => exists(file), `the probe ${name} has not started`);
      return JSON.parse(Deno.readTextFileSync(file)) as Started;
    },
    has: (name) => exists(join(folder, `started-${name}`)),
    go(...names) {
      for (const name of names) Deno.writeTextFileSync(join(folder, `go-${name}`), "");
    },
    reset() {
      for (const { name } of Deno.readDirSync(folder)) Deno.removeSync(join(folder, name));
    },
    log() {
      const file = join(folder, "log");
      if (!exists(file)) return [];
      return Deno.readTextFileSync(file).trimEnd().split("\n");
    },
  };
}

/** Wait until a process of this system is no more. */
export async function gone(pid: number): Promise<void> {
  await until(() => !isAlive(pid), `the process ${pid} is still there`);
}

/** Is there such a process? One that has ended and was not buried yet does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (Deno.build.os !== "linux") return true;
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** Wait until no process is left with this line in its environment; elsewhere than on Linux, not. */
export async function deserted(line: string): Promise<void> {
  if (Deno.build.os !== "linux") return;
  let left: readonly string[] = [];
  await until(() => {
    left = [...Deno.readDirSync("/proc")].flatMap(({ name }) => {
      if (!/^\d+$/.test(name) || !isAlive(Number(name))) return [];
      try {
        const environment = Deno.readTextFileSync(`/proc/${name}/environ`).split("\0");
        if (!environment.includes(line)) return [];
        const words = Deno.readTextFileSync(`/proc/${name}/cmdline`).replaceAll("\0", " ");
        return [`${name} ${words}`];
      } catch {
        // It has ended, or is another user's.
        return [];
      }
    });
    return left.length === 0;
  }, () => `these are left:\n${left.join("\n")}\n`);
}

/** The numbers of the children of a process whose command line has a word in it. */
export function childrenOf(pid: number, word: string): readonly number[] {
  const { stdout } = new Deno.Command("ps", {
    args: ["-A", "-ww", "-o", "pid=,ppid=,stat=,args="],
  }).outputSync();
  return new TextDecoder().decode(stdout).split("\n").flatMap((line) => {
    const [, child, parent, state, words] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    const ours = Number(parent) === pid && !state!.startsWith("Z") && words!.includes(word);
    return ours ? [Number(child)] : [];
  });
}

/** Look until something holds; the wait is bounded, the answer does not depend on how long it was. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  complaint: string | (() => string),
): Promise<void> {
  const limit = Date.now() + TIME_LIMIT;
  while (!await holds()) {
    if (Date.now() > limit) {
      const words = typeof complaint === "string" ? complaint : complaint();
      throw new AssertionError(`${words}, after ${TIME_LIMIT / 1000} s`);
    }
    await new Promise((next) => setTimeout(next, POLL));
  }
}

function exists(file: string): boolean {
  try {
    Deno.lstatSync(file);
    return true;
  } catch {
    return false;
  }
}
