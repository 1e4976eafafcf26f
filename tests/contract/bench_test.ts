/**
 * What the benchmark says of runners that do not do what it asks: each has a cell with the reason,
 * and none has a figure. The runners are shell scripts, the scenarios and proofs are the real ones.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { findFloors, type Floors, onPath } from "../../scripts/bench/floors.ts";
import type { Cell } from "../../scripts/bench/measure.ts";
import { PEERS } from "../../scripts/bench/peers.ts";
import { folderOf, type Peer, writeFiles } from "../../scripts/bench/peers/peer.ts";
import { tableOf } from "../../scripts/bench/report.ts";
import { scenarioNamed } from "../../scripts/bench/scenarios.ts";
import { resultOf } from "../../scripts/bench/session.ts";
import { type Bench, openBench } from "../../scripts/bench/stands.ts";
import type { Workspace } from "../../scripts/bench/workspace.ts";
import { Fault } from "../../scripts/command.ts";

const windows = Deno.build.os === "windows";
const hasCompiler = typeof await onPath("cc") === "string";

/** The protocol of `floors/timer.c` in shell, with a clock that stands still. */
const TIMER = `cd "$2" || exit 1
output=$3
shift 3
command -v "$1" > /dev/null || { echo "$1 is not there" >&2; exit 1; }
"$@" > "$output" 2>&1
echo 1000000 2048 $? 500
`;

/** Runs what it has no result of, and what depends on that. */
const HONEST = "test -e made || { everything && touch made; }";

function peer(name: string, script: string, rest: Partial<Peer> = {}): Peer {
  return {
    name,
    judges: "content",
    restores: false,
    find: () => Promise.resolve({ words: ["/bin/sh"] }),
    words: { all: ["run.sh"] },
    write: ({ workspace, folder }) =>
      writeFiles(folder, { "run.sh": `${everything(workspace)}${script}\n` }),
    ...rest,
  };
}

function everything({ tasks }: Workspace): string {
  const lines = tasks.map((task) => `  (cd ${folderOf(task)} && ${task.script}) || return 1\n`);
  return `everything() {\n${lines.join("")}}\n`;
}

async function withBench<Result>(
  peers: readonly Peer[],
  body: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const folder = Deno.makeTempDirSync();
  try {
    const timer = join(folder, "timer.sh");
    Deno.writeTextFileSync(timer, TIMER);
    const none = () => new Fault("no C compiler");
    const floors: Floors = {
      timer: { words: ["/bin/sh", timer], memory: true },
      empty: none(),
      tree: none,
      walk: none,
      spawn: none,
      digest: none,
      copy: none,
      read: none,
    };
    return await body(openBench({ peers, floors, folder, patience: 60, say: () => {} }));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Of every line the reason why it has no figure, or how many tasks it ran. */
async function outcomes(
  scenario: string,
  peers: readonly Peer[],
): Promise<Record<string, unknown>> {
  const { cells } = await withBench(peers, (bench) => resultOf(scenarioNamed(scenario), 2, bench));
  return Object.fromEntries(cells.map((cell: Cell) => [
    cell.name,
    "why" in cell ? cell.why : cell.ran,
  ]));
}

Deno.test({
  name:
    "a runner that is missing, fails, does nothing or too much has no figure in “nothing to do”",
  ignore: windows,
  fn: async () => {
    const peers = [
      peer("honest", HONEST),
      peer("missing", HONEST, { find: () => Promise.reject(new Fault("no such program")) }),
      peer("gone", HONEST, { find: () => Promise.resolve({ words: ["/nowhere/runner"] }) }),
      peer("failing", "echo boom; exit 7"),
      peer("idle", "exit 0"),
      peer("eager", "everything"),
      peer("liar", "everything && echo 1 > packages/t1/result.txt"),
      peer(
        "spoiler",
        "test -e made && rm -f packages/t2/result.txt; test -e made || everything && touch made",
      ),
      peer("lazy", `${HONEST}\ntest -e twice && exit 4; touch twice`),
      peer("forgetful", HONEST, { judges: "nothing" }),
    ];
    assertEquals(await outcomes("noop-4x2", peers), {
      honest: 0,
      missing: "no such program",
      gone: "cannot be started: /nowhere/runner is not there",
      failing: "the first run failed: status 7, boom",
      idle: "the first run ran 0 of 4 tasks",
      eager: "ran 4 tasks though nothing has changed",
      liar: "the first run: the output of t1 is wrong",
      spoiler: "the output of t2 is not there",
      lazy: "exited with 4",
      forgetful: "forgetful knows nothing of what is up to date",
      "walk and stat": "no C compiler",
      "start a program": "no C compiler",
    });
  },
});

Deno.test({
  name: "a runner that does not see an edit has no figure, one that runs too much has",
  ignore: windows,
  fn: async () => {
    const found = await outcomes("edit-root-4x2", [
      peer("blind", HONEST),
      peer("eager", "everything"),
      peer(
        "hasty",
        "test -e made || everything; touch made; cd packages/t0 && : > ../../../ran/t0",
      ),
    ]);
    assert(/^did not run \d of \d tasks$/.test(String(found.blind)), String(found.blind));
    assert(/^did not run \d of \d tasks$/.test(String(found.hasty)), String(found.hasty));
    assertEquals(found.eager, 4);
  },
});

Deno.test({
  name: "a runner that restores nothing, or by running again, has no figure in “restore”",
  ignore: windows,
  fn: async () => {
    const restores = true;
    const keep = "test -e kept || { everything && cp -R packages/t0/out kept; }";
    const found = await outcomes("restore-3x2k", [
      peer("restoring", `${keep}\ntest -e packages/t0/out || cp -R kept packages/t0/out`, {
        restores,
      }),
      peer("idle", HONEST, { restores }),
      peer("again", "test -e packages/t0/out || everything", { restores }),
      peer("other", HONEST),
    ]);
    assertEquals(found.restoring, 0);
    assert(String(found.idle).startsWith("the output of t0 is wrong"), String(found.idle));
    assertEquals(found.again, "ran the task again");
    assertEquals(found.other, "other keeps no outputs to put back");
  },
});

Deno.test({
  name: "who runs only some of many trivial tasks has no figure",
  ignore: windows,
  fn: async () => {
    const found = await outcomes("cold-6", [
      peer("honest", "everything"),
      peer("half", "cd packages/t0 && touch done"),
    ]);
    assertEquals([found.honest, found.half], [6, "ran 1 of 6 tasks"]);
  },
});

Deno.test({
  name: "the table of runners that all failed has no ratio and no winner",
  ignore: windows,
  fn: async () => {
    const peers = [peer("idle", "exit 0"), peer("failing", "exit 7")];
    const result = await withBench(peers, (bench) => resultOf(scenarioNamed("noop-2x1"), 2, bench));
    const figures = tableOf(result).split("\n").filter((line) => /\d\.\d\d/.test(line));
    assertEquals(figures, []);
  },
});

Deno.test({
  name:
    "the timer tells times, memory and the status, and kills what takes too long with its children",
  // Where there is no compiler Bun stands in, which is another program.
  ignore: windows || !hasCompiler,
  fn: async () => {
    const folder = Deno.makeTempDirSync();
    try {
      const floors = await findFloors(join(folder, "floors"));
      assert(floors.timer.memory, "cc is there, and the timer was not compiled");
      const { timer } = openBench({ peers: [], floors, folder, patience: 1, say: () => {} });
      const run = (script: string) =>
        timer({
          name: "x",
          kind: "peer",
          command: ["/bin/sh", "-c", script],
          cwd: folder,
          env: { PATH: Deno.env.get("PATH") ?? "", WORD: "seen" },
        });
      const spoke = await run("cat; pwd; echo $WORD; echo oops >&2; exit 3");
      assertEquals([spoke.code, spoke.output], [3, `${Deno.realPathSync(folder)}\nseen\noops\n`]);
      assert(spoke.milliseconds > 0 && spoke.peakKilobytes > 0);
      assertEquals((await run("kill -9 $$")).code, 137);
      assertEquals((await run("sleep 600 & wait")).code, 124);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

Deno.test("every peer in the folder takes part, under a name of its own", () => {
  const folder = new URL("../../scripts/bench/peers/", import.meta.url);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name !== "peer.ts" && !name.startsWith("_"));
  // ntask takes part twice.
  assertEquals(PEERS.length, files.length + 1);
  assertEquals(new Set(PEERS.map(({ name }) => name)).size, PEERS.length);
});
