/**
 * What the declared tools say about themselves: each command is asked once a run, in the project's
 * root and with the environment ntask was started in.
 *
 * @module
 */

import type { Process } from "../../host/host.ts";
import type { Problem } from "../../model/problem.ts";
import { createEnvironment } from "../../source/spec/environment.ts";
import { expandWords } from "../../source/spec/expand.ts";
import { NO_WORDS } from "../../source/spec/arguments.ts";
import { parseLine } from "../../source/spec/words.ts";
import type { Performance } from "../perform.ts";
import { findProgram } from "../program.ts";
import type { Kitchen } from "./recipe.ts";

export interface Tools {
  /** A memory of outputs: `node --version` -> `v22.18.0\n` */
  readonly ask: Kitchen["tool"];
  /** End those that are being asked. */
  stop(): void;
}

export function createTools({ host, surroundings, settings }: Performance): Tools {
  const { root, inherited, windows, runCwd, exe } = surroundings;
  const known = new Map<string, ReturnType<Kitchen["tool"]>>();
  const running = new Set<Process>();

  return {
    ask(command) {
      const asked = known.get(command) ?? ask(command);
      known.set(command, asked);
      return asked;
    },
    stop() {
      for (const process of running) process.kill("SIGKILL");
    },
  };

  function ask(command: string): ReturnType<Kitchen["tool"]> {
    const env = createEnvironment(inherited, windows);
    const place = { file: root, whole: true as const };
    const fail = (detail: string) => {
      const problem: Problem = { code: "R_CACHE_TOOL", command, detail };
      return { problem };
    };
    const parsed = parseLine({ text: command, place });
    if (!parsed.ok) return Promise.resolve(fail("it cannot be split into words"));
    const context = {
      args: NO_WORDS,
      env,
      task: { name: "", cwd: root },
      ntask: { root, runCwd, exe },
      windows,
    };
    const words = expandWords(parsed.value, context);
    if (!words.ok || words.value[0] === undefined) return Promise.resolve(fail("it is empty"));
    const { projectBins } = settings;
    const [name, ...args] = words.value;
    const found = findProgram(host, { name, cwd: root, root, env, projectBins });
    if ("problem" in found) return Promise.resolve(fail(`${name} is not found`));
    return new Promise((resolve) => {
      const parts: Uint8Array[] = [];
      const process = host.start({
        file: found.file,
        args,
        cwd: root,
        env: Object.fromEntries(env.entries()),
        stdio: "piped",
        detached: true,
      }, {
        output: (_, bytes) => void parts.push(bytes),
        end({ code, signal }) {
          running.delete(process);
          const output = parts.map((part) => new TextDecoder().decode(part)).join("")
            .replaceAll("\r\n", "\n");
          if (code === 0 && signal === undefined) return resolve({ output });
          const how = signal === undefined ? `it ended with status ${code}` : `killed by ${signal}`;
          resolve(fail(output.trim() === "" ? how : `${how}: ${output.trim().split("\n")[0]}`));
        },
        fault: ({ detail }) => queueMicrotask(() => resolve(fail(detail))),
      });
      running.add(process);
    });
  }
}
