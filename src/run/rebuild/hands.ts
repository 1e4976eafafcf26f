/**
 * Working on files on all processors: children of ntask's own binary, started when there is much to
 * hash or copy and kept for the run.
 *
 * @module
 */

import type { FileResults, FileWork, Hand } from "../../cache/file_work.ts";
import type { Host, Process } from "../../host/host.ts";
import { WORK_HOST } from "../hidden_mode.ts";

/** What a work host is asked. */
export interface WorkRequest {
  readonly request: number;
  readonly work: FileWork;
}

/** What it answers. */
export interface WorkResponse {
  readonly request: number;
  readonly results: FileResults;
}

/** More hosts than that wait for the disk. */
const MOST = 8;

interface WorkHost {
  readonly process: Process;
  /** Requests under way -> what waits for their answers; nothing when the host has ended. */
  readonly waiting: Map<number, (response: WorkResponse | undefined) => void>;
  gone: boolean;
}

/** @returns `hands` starts hosts when they are first needed; `close` ends them */
export function createHands(
  host: Host,
): { hands(): readonly Hand[]; close(): void } {
  const hosts: WorkHost[] = [];
  let count = 0;
  return {
    hands() {
      // One processor is this process's.
      while (hosts.length < Math.min(host.cpus - 1, MOST)) hosts.push(start());
      return hosts.filter(({ gone }) => !gone)
        .map((each) => async (work) => (await ask(each, { request: count++, work }))?.results);
    },
    close() {
      for (const { process } of hosts) process.disconnect();
      hosts.length = 0;
    },
  };

  function ask(workHost: WorkHost, question: WorkRequest): Promise<WorkResponse | undefined> {
    return new Promise((resolve) => {
      if (workHost.gone) return resolve(undefined);
      workHost.waiting.set(question.request, resolve);
      if (!workHost.process.send(question)) end(workHost);
    });
  }

  function end(workHost: WorkHost): void {
    workHost.gone = true;
    for (const resolve of workHost.waiting.values()) resolve(undefined);
    workHost.waiting.clear();
  }

  function start(): WorkHost {
    const [file, ...args] = host.self;
    const waiting: WorkHost["waiting"] = new Map();
    const workHost: WorkHost = {
      process: host.start({
        file: file!,
        args: [...args, WORK_HOST],
        cwd: host.cwd,
        env: host.env,
        stdio: "piped",
        detached: true,
        channel: true,
      }, {
        output() {},
        message(message) {
          const response = message as WorkResponse;
          waiting.get(response.request)?.(response);
          waiting.delete(response.request);
        },
        end: () => end(workHost),
        fault: () => queueMicrotask(() => end(workHost)),
      }),
      waiting,
      gone: false,
    };
    return workHost;
  }
}
