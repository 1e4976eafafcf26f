/**
 * What the scenarios share in a session: who takes part, the floors, the timer, and the workspaces
 * that stand on disk, one for each runner, so that none sees what another has made.
 *
 * @module
 */

import { join } from "@std/path";
import { capture, Fault } from "../command.ts";
import type { Floors, Words } from "./floors.ts";
import type { Entry, Run, Timer, Unable } from "./measure.ts";
import { outputsWrong, resetTrace, tasksRun } from "./proof.ts";
import { type Workspace, writeSources } from "./workspace.ts";
import type { Peer, Place, Program } from "./peers/peer.ts";

/** A runner with its workspace. */
export interface Stand extends Place {
  readonly peer: Peer;
  readonly env: Readonly<Record<string, string>>;
  /** The edition of each input that is not as it was written. */
  readonly edited: Map<string, number>;
}

export interface Bench {
  readonly peers: readonly Peer[];
  readonly floors: Floors;
  readonly timer: Timer;
  /** A folder for what floors need. */
  readonly folder: string;
  readonly rounds?: number;
  /** Where a runner is, or why it cannot take part. */
  program(peer: Peer): Promise<Program | Fault>;
  /** The workspace of a runner, written; with everything made in it where the scenario needs that. */
  stand(peer: Peer, workspace: Workspace, state: "written" | "made"): Promise<Stand | Fault>;
  /** A copy of the sources with nothing of any runner in it, for floors. */
  sources(workspace: Workspace): Promise<string>;
  /** Remove what stands of a workspace. */
  clear(workspace: Workspace): Promise<void>;
  say(text: string): void;
}

export interface BenchOptions {
  readonly peers: readonly Peer[];
  readonly floors: Floors;
  /** Must be empty; a path that needs no quoting. */
  readonly folder: string;
  readonly rounds?: number;
  /** After so many seconds a run is given up. */
  readonly patience: number;
  /** When it is aborted, nothing is begun any more. */
  readonly signal?: AbortSignal;
  say(text: string): void;
}

export function openBench(options: BenchOptions): Bench {
  const { folder, floors, say, signal } = options;
  const programs = new Map<Peer, Promise<Program | Fault>>();
  const stands = new Map<string, Promise<Stand | Fault>>();
  const made = new Map<string, Promise<Fault | undefined>>();
  const places = new Map<string, Promise<string>>();
  const ownTimer = timerWith(floors, join(folder, "output"), options.patience);
  const timer: Timer = async (entry) => {
    signal?.throwIfAborted();
    return await ownTimer(entry);
  };

  const program = (peer: Peer): Promise<Program | Fault> =>
    remembered(programs, peer, () => withVersion(peer).catch(asFault));
  const sources = (workspace: Workspace): Promise<string> =>
    remembered(places, workspace.name, () => {
      const place = join(folder, workspace.name, "sources");
      writeSources(workspace, place);
      return Promise.resolve(place);
    });
  const build = async (peer: Peer, workspace: Workspace): Promise<Stand | Fault> => {
    signal?.throwIfAborted();
    const found = await program(peer);
    if (found instanceof Fault) return found;
    const own = join(folder, workspace.name, peer.name.replace(/[^\w]+/g, "-"));
    const [work, home] = [join(own, "work"), join(own, "home")];
    Deno.mkdirSync(home, { recursive: true });
    await copy(await sources(workspace), work);
    const place = { workspace, program: found, folder: work, home };
    const env = { ...environment(found), HOME: home, ...peer.env?.(place) };
    try {
      if (found.modules !== undefined) Deno.symlinkSync(found.modules, join(work, "node_modules"));
      await peer.write(place);
    } catch (error) {
      return asFault(error);
    }
    return { ...place, peer, env, edited: new Map() };
  };
  const stand = (peer: Peer, workspace: Workspace): Promise<Stand | Fault> =>
    remembered(stands, `${workspace.name}/${peer.name}`, () => build(peer, workspace));
  return {
    peers: options.peers,
    floors,
    timer,
    folder,
    say,
    ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
    program,
    sources,
    stand: async (peer, workspace, state) => {
      const found = await stand(peer, workspace);
      if (found instanceof Fault || state === "written") return found;
      const key = `${workspace.name}/${peer.name}`;
      return await remembered(made, key, () => makeAll(found, timer, say).catch(asFault)) ?? found;
    },
    clear: async (workspace) => {
      for (const [key, each] of stands) {
        if (!key.startsWith(`${workspace.name}/`)) continue;
        const found = await each.catch(() => new Fault("it was not finished"));
        if (!(found instanceof Fault)) await stopPeer(found, ownTimer);
        stands.delete(key);
        made.delete(key);
      }
      places.delete(workspace.name);
      await Deno.remove(join(folder, workspace.name), { recursive: true }).catch(() => {});
    },
  };
}

/** The words of a runner as an entry of a scenario. */
export function entryOf(stand: Stand, words: readonly string[]): Entry {
  const { peer, program, folder, env } = stand;
  return {
    name: peer.name,
    kind: peer.name.startsWith("ntask") ? "ntask" : "peer",
    command: [...program.words, ...words],
    cwd: folder,
    env,
    ...(program.version === undefined ? {} : { version: program.version }),
    ...(program.note === undefined ? {} : { note: program.note }),
  };
}

/** A floor as an entry, or the line that says why there is none. */
export function floorEntry(name: string, words: Words | Fault, cwd: string): Entry | Unable {
  if (words instanceof Fault) return { name, kind: "floor", why: words.message };
  return { name, kind: "floor", command: words, cwd, env: environment() };
}

/** The line of who cannot take part. */
export function unable(peer: Peer, why: string): Unable {
  return { name: peer.name, kind: peer.name.startsWith("ntask") ? "ntask" : "peer", why };
}

/** Little, and the same for all: what a large environment costs is not the question. */
export function environment(program?: Program): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "SystemRoot", "TEMP", "USERPROFILE"];
  const env = Object.fromEntries(
    kept.flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const path = [...program?.path ?? [], env.PATH ?? ""].join(
    Deno.build.os === "windows" ? ";" : ":",
  );
  return { ...env, PATH: path, LC_ALL: "C", NO_COLOR: "1" };
}

/** Copy a folder with all in it; what is there is replaced. */
export async function copy(from: string, to: string): Promise<void> {
  Deno.mkdirSync(join(to, ".."), { recursive: true });
  await Deno.remove(to, { recursive: true }).catch(() => {});
  const copied = await capture("cp", ["-R", from, to]);
  if (copied.code !== 0) throw new Fault(`cannot copy: ${copied.stderr.trim()}`);
}

/** Find it, and ask which version it is. Who cannot say is found all the same. */
async function withVersion(peer: Peer): Promise<Program> {
  const found = await peer.find();
  if (peer.words.version === undefined || found.version !== undefined) return found;
  const [program, ...words] = found.words;
  const asked = await capture(program, [...words, ...peer.words.version], {
    env: { NO_COLOR: "1" },
  })
    .catch(() => undefined);
  const [version] = /\d+\.\d+[\w.-]*/.exec(asked?.stdout ?? "") ?? [];
  return version === undefined ? found : { ...found, version };
}

/**
 * The first run makes everything, which is seen; in the second nothing is to do, and that is seen too.
 */
async function makeAll(
  stand: Stand,
  timer: Timer,
  say: (text: string) => void,
): Promise<Fault | undefined> {
  const { peer, workspace } = stand;
  resetTrace(stand);
  const first = await timer(entryOf(stand, peer.words.all));
  say(
    `${workspace.name}: ${peer.name} made everything in ${
      (first.milliseconds / 1000).toFixed(1)
    } s`,
  );
  if (first.code !== 0) return new Fault(`the first run failed: ${endOf(first)}`);
  const ran = tasksRun(stand);
  if (ran.size !== workspace.tasks.length) {
    return new Fault(`the first run ran ${ran.size} of ${workspace.tasks.length} tasks`);
  }
  const wrong = await outputsWrong(stand);
  return wrong === undefined ? undefined : new Fault(`the first run: ${wrong}`);
}

async function stopPeer(stand: Stand, timer: Timer): Promise<void> {
  if (stand.peer.stop !== undefined) await timer(entryOf(stand, stand.peer.stop));
}

function timerWith({ timer }: Floors, output: string, patience: number): Timer {
  return async ({ command, cwd, env }) => {
    const [program, ...words] = timer.words;
    const args = [...words, String(patience), cwd, output, ...command];
    const timed = await capture(program, args, { clearEnv: true, env, cwd });
    const figures = timed.stdout.split(" ").map(Number);
    const [nanoseconds = NaN, peakKilobytes = 0, code = NaN, microseconds = NaN] = figures;
    if (timed.code !== 0 || figures.length < 4 || figures.some(Number.isNaN)) {
      throw new Fault(`cannot be started: ${timed.stderr.trim()}`);
    }
    const text = new TextDecoder().decode(Deno.readFileSync(output));
    return {
      milliseconds: nanoseconds / 1e6,
      processor: microseconds / 1e3,
      peakKilobytes,
      code,
      output: text,
    };
  };
}

function endOf({ code, output }: Run): string {
  return `status ${code}, ${output.trim().split("\n").slice(-2).join(" ").slice(-300)}`;
}

function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  throw error;
}

function remembered<Key, Value>(
  known: Map<Key, Promise<Value>>,
  key: Key,
  make: () => Promise<Value>,
): Promise<Value> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
