/**
 * The kill matrix: whatever ends a run, and whatever runs, nothing is left behind. Closing the
 * terminal and a Ctrl+C that is typed are in `tests/stages/terminal_check.ts`.
 *
 * Every process of a test has the test's folder in its environment, so that on Linux none is
 * overlooked.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { binary } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { childrenOf, until } from "../rig/probes.ts";
import { createProject, type Files, type Project } from "../rig/project.ts";
import type { Running } from "../rig/ran.ts";

/** A task `a`, and the names of the probes that it starts. */
interface Kind {
  /** @param more further properties of `a` */
  readonly files: (more: string) => Files;
  readonly probes: readonly string[];
  /** What it needs is not there on Windows. */
  readonly posixOnly?: string;
}

const DEAF = "deaf=SIGINT deaf=SIGTERM deaf=SIGHUP";
const SIGNALS = "a Windows program under Wine cannot be sent signals";

const toml = (action: string) => (more: string): Files => ({
  "tasks.toml": `[ntask]\nkill_grace = "500ms"\n[tasks.a]\n${action}\n${more}\n${OTHERS}`,
});

/** What fails when it is let go, and both. */
const OTHERS = `[tasks]
b = "probe b wait exit=3"
all.deps = ["a", "b"]
`;

/** A body that says its number and then never comes back. */
const LOOP = `import fs from "node:fs";
import process from "node:process";
import { task } from "ntask";

function start(name: string): void {
  const draft = \`\${process.env.RIG}/probes/draft-\${name}\`;
  fs.writeFileSync(draft, JSON.stringify({ pid: process.pid, cwd: "" }));
  fs.renameSync(draft, \`\${process.env.RIG}/probes/started-\${name}\`);
}
`;

const KINDS: Readonly<Record<string, Kind>> = {
  "a plain child": { files: toml('cmd = "probe a wait"'), probes: ["a"] },
  "a shell with grandchildren": {
    files: toml('shell = "probe a child=a2 wait; p unreachable"'),
    probes: ["a", "a2"],
  },
  "a child that ignores TERM": {
    files: toml(`cmd = "probe a ${DEAF} wait"`),
    probes: ["a"],
    posixOnly: SIGNALS,
  },
  "a child that holds the pipe": {
    files: toml(`shell = "probe a2 ${DEAF} wait & probe a until=a2 wait"`),
    probes: ["a", "a2"],
    posixOnly: SIGNALS,
  },
  "a grandchild in a session of its own": {
    files: toml('shell = "setsid probe a2 wait & probe a until=a2 wait"'),
    probes: ["a", "a2"],
    posixOnly: "there are no sessions",
  },
  "a function in a loop": {
    files: (more) => ({
      "tasks.toml": `[ntask]\nkill_grace = "500ms"\n${OTHERS}`,
      "tasks.ts": `${LOOP}
export const a = task({ ${more.replace(" =", ":")} }, () => {
  start("a");
  while (true) { /* for ever */ }
});
`,
    }),
    probes: ["a"],
  },
};

/** What ends the run, and what it then says last. */
interface End {
  readonly words: readonly string[];
  /** Properties of `a`. */
  readonly more?: string;
  act?(running: Running, project: Project): void | Promise<void>;
  readonly code: number;
  readonly last?: RegExp;
  readonly posixOnly?: string;
}

const STOPPED = /^ntask: \d stopped in \S+$/;

const ENDS: Readonly<Record<string, End>> = {
  SIGINT: {
    words: ["-j2", "a"],
    act: (running) => running.signal("SIGINT"),
    code: 130,
    last: STOPPED,
    posixOnly: SIGNALS,
  },
  SIGTERM: {
    words: ["-j2", "a"],
    act: (running) => running.signal("SIGTERM"),
    code: 143,
    last: STOPPED,
    posixOnly: SIGNALS,
  },
  SIGHUP: {
    words: ["-j2", "a"],
    act: (running) => running.signal("SIGHUP"),
    code: 129,
    last: STOPPED,
    posixOnly: SIGNALS,
  },
  "a timeout": {
    words: ["a"],
    more: 'timeout = "2s"',
    code: 124,
    last: /^ {2}failed {2}a {2}took longer than 2\.00s, \S+$/,
  },
  "the failure of another task": {
    words: ["-j2", "all"],
    act: (_, { probes }) => probes.go("b"),
    code: 3,
    last: /^ntask: 1 failed, 1 stopped in \S+$/,
  },
  "kill -9 of ntask": {
    words: ["a"],
    async act(running) {
      // A guard is there when something has been running for a while; on Windows the system is it.
      if (!binary.windows) {
        await until(() => childrenOf(running.pid, "__guard").length > 0, "there is no guard");
      }
      running.signal("SIGKILL");
    },
    code: 137,
  },
};

for (const [end, { words, more = "", act, code, last, ...rest }] of Object.entries(ENDS)) {
  for (const [kind, { files, probes, posixOnly = rest.posixOnly }] of Object.entries(KINDS)) {
    cliTest(`${end} leaves nothing of ${kind} (lesson 21)`, {
      releasedOnly: true,
      ...(posixOnly !== undefined && { posixOnly }),
    }, async () => {
      await using project = await createProject(files(more));
      const running = project.start(words);
      const waited = act === undefined ? [] : words.includes("all") ? [...probes, "b"] : probes;
      for (const name of waited) await project.probes.started(name);
      await act?.(running, project);
      if (last === undefined) assertEquals(await running.exited, code);
      else {
        const ran = await running.ended;
        assertEquals(ran.code, code, ran.stderr);
        assertMatch(ran.stderr.trimEnd().split("\n").at(-1)!, last);
        assertEquals(ran.stdout, "");
      }
      for (const name of probes) {
        // A limit may have been over before it had started.
        if (project.probes.has(name)) await project.gone((await project.probes.started(name)).pid);
      }
      await project.deserted();
    });
  }
}
