/**
 * Where bytes count: outputs that are gone are put back; a large input is seen for the first time.
 *
 * @module
 */

import { join } from "@std/path";
import { capture, Fault } from "../../command.ts";
import { floorEntry, type Stand } from "../stands.ts";
import type { Entry, Unable } from "../measure.ts";
import { outputsWrong, resetTrace, tasksRun } from "../proof.ts";
import { copies, large } from "../workspace.ts";
import { everybody, type Scenario } from "./scenario.ts";

/** The outputs of a task, all of them, were removed. @param bytes of each file */
export function restore(name: string, files: number, bytes: number): Scenario {
  const workspace = copies(name, files, bytes);
  return {
    name,
    title: `put ${files} removed files of ${spell(bytes)} back`,
    rounds: 5,
    workspace,
    entries: async (bench) => {
      const from = join(await bench.sources(workspace), "packages", "t0", "src");
      const to = join(bench.folder, workspace.name, "copy");
      const floor = floorEntry("copy the same", bench.floors.copy(from, to), bench.folder);
      const proven: Entry | Unable = "why" in floor ? floor : {
        ...floor,
        before: () => remove(to),
        after: async () => {
          const { code } = await capture("diff", ["-rq", from, to]);
          return { wrong: code === 0 ? undefined : "the copy is wrong" };
        },
      };
      return [
        ...await everybody(bench, workspace, "made", (stand) => ({
          words: stand.peer.words.all,
          before: async () => {
            resetTrace(stand);
            await remove(join(stand.folder, "packages", "t0", "out"));
          },
          after: async () => {
            const ran = tasksRun(stand).size;
            const wrong = ran === 0 ? await outputsWrong(stand) : "ran the task again";
            return { ran, wrong };
          },
        }), ({ name, restores }) => restores || `${name} keeps no outputs to put back`),
        proven,
      ];
    },
  };
}

/**
 * All inputs of a task are other ones than before, so that nothing that is remembered of them helps.
 * They are in memory, as they are after a check-out.
 */
export function hash(name: string, files: number, bytes: number): Scenario {
  const workspace = large(name, 1, files, bytes);
  return {
    name,
    title: `hash ${files} files of ${spell(bytes)}, none as it was`,
    rounds: 5,
    workspace,
    entries: async (bench) => {
      const from = join(await bench.sources(workspace), "packages", "t0");
      const paths = workspace.tasks[0]!.inputs.map((input) => join(from, input));
      return [
        ...await everybody(bench, workspace, "written", (stand) => ({
          words: stand.peer.words.all,
          before: async () => {
            resetTrace(stand);
            changeAll(stand);
            await sync();
          },
          after: async () => {
            const ran = tasksRun(stand).size;
            const wrong = ran === 1 ? await outputsWrong(stand) : "did not run the task";
            return { ran, wrong };
          },
        }), ({ name, judges }) => judges === "content" || `${name} does not look into files`),
        floorEntry("sha256sum, two at once", bench.floors.digest(paths), bench.folder),
      ];
    },
  };
}

/** Other bytes at the beginning of each input. */
function changeAll({ folder, workspace }: Stand): void {
  for (const task of workspace.tasks) {
    for (const input of task.inputs) {
      using file = Deno.openSync(join(folder, "packages", task.name, input), { write: true });
      file.writeSync(crypto.getRandomValues(new Uint8Array(64)));
    }
  }
}

async function remove(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(() => {});
  await sync();
}

/** What is written so far is brought to the disk, so that nobody pays for what another has copied. */
async function sync(): Promise<void> {
  const synced = await capture("sync", []);
  if (synced.code !== 0) throw new Fault(`sync failed: ${synced.stderr.trim()}`);
}

function spell(bytes: number): string {
  if (bytes >= 1 << 20) return `${bytes / (1 << 20)} MB`;
  return bytes >= 1024 ? `${bytes / 1024} kB` : `${bytes} bytes`;
}
