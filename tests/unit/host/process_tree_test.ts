/** Which processes belong to a process, from tables of processes. */

import { assertEquals } from "@std/assert";
import {
  isNested,
  membersOf,
  type ProcessRow,
  readPs,
  type Root,
} from "../../../src/host/process_tree.ts";

const ROOT: Root = { pid: 10, group: true, mark: "r-1", start: "100" };

function row(
  pid: number,
  parent: number,
  group: number,
  { start = 100, mark }: { readonly start?: number; readonly mark?: string } = {},
): ProcessRow {
  return { pid, parent, group, start, mark: () => mark };
}

function pids(root: Root, ...table: readonly ProcessRow[]): readonly number[] {
  return membersOf(root, table).map(({ pid }) => pid).sort((a, b) => a - b);
}

Deno.test("the group, the descendants and what carries the mark belong to a process", () => {
  assertEquals(
    pids(
      ROOT,
      row(1, 0, 1, { start: 1 }),
      row(10, 1, 10, { mark: "r-1" }),
      row(11, 1, 10),
      row(12, 11, 12),
      row(13, 1, 13, { mark: "r-1" }),
      row(14, 13, 14),
      row(20, 1, 20, { mark: "r-11" }),
      row(21, 1, 21, { mark: "r-2" }),
    ),
    [10, 11, 12, 13, 14],
  );
});

Deno.test("what an ntask in there has started belongs to it, and is known as that one's", () => {
  const inner = row(11, 1, 11, { mark: "r-1.q-1" });
  assertEquals(pids(ROOT, row(10, 1, 10, { mark: "r-1" }), inner), [10, 11]);
  assertEquals([isNested(inner, ROOT), isNested(row(12, 1, 12, { mark: "r-1" }), ROOT)], [
    true,
    false,
  ]);
});

Deno.test("a number that is another process's by now is left alone, with its group and children", () => {
  const other = [row(10, 1, 10, { start: 500 }), row(11, 10, 10, { start: 501 })];
  assertEquals(pids(ROOT, ...other), []);
  assertEquals(pids({ ...ROOT, start: "", gone: true }, ...other), []);
});

Deno.test("a group outlives the process that led it", () => {
  assertEquals(pids({ ...ROOT, gone: true }, row(11, 1, 10), row(12, 1, 12)), [11]);
});

Deno.test("the environment of what is older than the process is not read", () => {
  const older: ProcessRow = {
    ...row(5, 1, 5, { start: 99 }),
    mark() {
      throw new Error("it was read");
    },
  };
  assertEquals(pids(ROOT, older, row(10, 1, 10)), [10]);
});

Deno.test("of a process that serves one after the other only the present one's are found", () => {
  const serving: Root = { ...ROOT, mark: "r-2", serves: true };
  assertEquals(
    pids(
      serving,
      row(10, 1, 10, { mark: "r-2" }),
      row(11, 1, 10, { mark: "r-1" }),
      row(12, 10, 10, { mark: "r-2" }),
      row(13, 10, 10),
      row(14, 10, 14, { mark: "r-1" }),
    ),
    [10, 12, 13],
  );
});

Deno.test("what ps says is read, with the mark where the environment is shown", () => {
  const rows = readPs(`    1     0     1 Ss   /sbin/launchd
  701     1   701 S+   sh -c sleep 9 HOME=/x NTASK_RUN_ID=r-1 A=1
  702   701   701 Z    (sleep)
  703   701   703 S    name with  spaces NTASK_RUN_ID=r-1.q-2
`);
  assertEquals(
    rows.map(({ pid, parent, group, mark }) => [pid, parent, group, mark()]),
    [[1, 0, 1, undefined], [701, 1, 701, "r-1"], [703, 701, 703, "r-1.q-2"]],
  );
});
