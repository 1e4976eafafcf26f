/**
 * Hashing on all processors: children of ntask's own binary, started when there is much to hash and
 * kept for the run. Each takes the next piece of the list when it is done with one.
 *
 * @module
 */

import type { Hashers } from "../../cache/stat_cache.ts";
import type { Host, Process } from "../../host/host.ts";
import type { Digest } from "../../model/digest.ts";
import { HASH_HOST } from "../hidden_mode.ts";

/** What a hash host is asked. */
export interface HashFiles {
  readonly request: number;
  readonly files: readonly string[];
  /** CRLF counts as LF. */
  readonly lineEnds: boolean;
}

/** What it answers, in the order of the files; `null` for one that it could not read. */
export interface Hashed {
  readonly request: number;
  readonly digests: readonly (Digest | null)[];
}

/** Files in one request. */
const PIECE = 250;

/** More hosts than that wait for the disk. */
const MOST = 8;

interface HashHost {
  readonly process: Process;
  /** Requests under way -> what waits for their answers; nothing when the host has ended. */
  readonly waiting: Map<number, (hashed: Hashed | undefined) => void>;
  gone: boolean;
}

/** @returns hosts that are started when they are first needed; `close` ends them */
export function createHashers(host: Host): Hashers & { close(): void } {
  const hosts: HashHost[] = [];
  let count = 0;
  return {
    async digests(files, lineEnds) {
      while (hosts.length < Math.min(host.cpus, MOST)) hosts.push(start());
      const digests = new Array<Digest | undefined>(files.length);
      let next = 0;
      const feed = async (hashHost: HashHost) => {
        while (next < files.length && !hashHost.gone) {
          const from = next;
          next += PIECE;
          const piece = files.slice(from, from + PIECE);
          const hashed = await ask(hashHost, { request: count++, files: piece, lineEnds });
          hashed?.digests.forEach((digest, index) => digests[from + index] = digest ?? undefined);
        }
      };
      await Promise.all(hosts.map(feed));
      return digests;
    },
    close() {
      for (const { process } of hosts) process.disconnect();
      hosts.length = 0;
    },
  };

  function ask(hashHost: HashHost, question: HashFiles): Promise<Hashed | undefined> {
    return new Promise((resolve) => {
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
          const hashed = message as Hashed;
          waiting.get(hashed.request)?.(hashed);
          waiting.delete(hashed.request);
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
