/**
 * Working on files on all processors: children of ntask's own binary, started when there is much to
 * hash or copy and kept for the run.
 *
 * @module
 */

import type { FileResults, FileWork, Hand } from "../../cache/file_work.ts";
import type { Host, Process } from "../../host/host.ts";
import { HASH_HOST } from "../hidden_mode.ts";

/** What a hash host is asked. */
export interface HashRequest {
  readonly request: number;
  readonly work: FileWork;
}

/** What it answers. */
export interface HashResponse {
  readonly request: number;
  readonly results: FileResults;
}

/** More hosts than that wait for the disk. */
const MOST = 8;

interface HashHost {
  readonly process: Process;
  /** Requests under way -> what waits for their answers; nothing when the host has ended. */
  readonly waiting: Map<number, (response: HashResponse | undefined) => void>;
  gone: boolean;
}

/** @returns `hands` starts hosts when they are first needed; `close` ends them */
export function createHashers(
  host: Host,
): { hands(): readonly Hand[]; close(): void } {
  const hosts: HashHost[] = [];
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

  function ask(hashHost: HashHost, question: HashRequest): Promise<HashResponse | undefined> {
    return new Promise((resolve) => {
      if (hashHost.gone) return resolve(undefined);
      hashHost.waiting.set(question.request, resolve);
      if (!hashHost.process.send(question)) end(hashHost);
    });
  }

  function end(hashHost: HashHost): void {
    hashHost.gone = true;
    for (const resolve of hashHost.waiting.values()) resolve(undefined);
    hashHost.waiting.clear();
  }

  function start(): HashHost {
    const [file, ...args] = host.self;
    const waiting: HashHost["waiting"] = new Map();
    const hashHost: HashHost = {
      process: host.start({
        file: file!,
        args: [...args, HASH_HOST],
        cwd: host.cwd,
        env: host.env,
        stdio: "piped",
        detached: true,
        channel: true,
      }, {
        output() {},
        message(message) {
          const response = message as HashResponse;
          waiting.get(response.request)?.(response);
          waiting.delete(response.request);
        },
        end: () => end(hashHost),
        fault: () => queueMicrotask(() => end(hashHost)),
      }),
      waiting,
      gone: false,
    };
    return hashHost;
  }
}
