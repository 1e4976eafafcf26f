/**
 * The events of a run as lines of JSON in `.ntask/state/runs/`: what `--why` and every report can be
 * made from later. The last {@linkcode KEPT} runs are kept. Values that must not be read are masked.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { chunkBytes, toChunk } from "../model/chunk.ts";
import type { Chunk, Event } from "../model/event.ts";

/** How many runs are kept. */
const KEPT = 20;

/** So much output, in characters, is kept of a run; what comes behind is left out. */
const MOST = 8 << 20;

/** Lines are written when so many characters have come together. */
const PIECE = 64 * 1024;

export interface RunLog {
  add(event: Event): void;
  /** Write what has not been written. */
  close(): void;
}

/**
 * @param directory absolute; made if need be
 * @param at when the run began, ISO 8601
 * @param secrets texts that must not be read; more may come while the run goes on
 */
export function openRunLog(
  directory: string,
  at: string,
  secrets: ReadonlySet<string>,
): RunLog {
  const file = `${directory}/${at.replaceAll(":", "-")}-${disk.ownPid}.jsonl`;
  let waiting = "";
  let written = 0;
  let begun = false;
  let broken = false;
  return {
    add(event) {
      if (broken) return;
      if (event.type === "output") {
        written += lengthOf(event.chunk);
        if (written > MOST) return;
      }
      waiting += JSON.stringify(masked(event)) + "\n";
      if (waiting.length > PIECE) flush();
    },
    close: flush,
  };

  function flush(): void {
    if (waiting === "" || broken) return;
    try {
      if (!begun) begin();
      begun = true;
      disk.append(file, waiting);
    } catch {
      // A log that cannot be written is no reason for anything.
      broken = true;
    }
    waiting = "";
  }

  function begin(): void {
    disk.makeDirectory(directory);
    const names = (disk.list(directory) ?? []).map(({ name }) => name)
      .filter((name) => name.endsWith(".jsonl")).sort();
    for (const name of names.slice(0, Math.max(0, names.length + 1 - KEPT))) {
      disk.removeFile(`${directory}/${name}`);
    }
  }

  function masked(event: Event): Event {
    if (secrets.size === 0 || event.type !== "output" && event.type !== "step-start") return event;
    if (event.type === "step-start") {
      return event.command === undefined ? event : { ...event, command: hide(event.command) };
    }
    if ("text" in event.chunk) return { ...event, chunk: { text: hide(event.chunk.text) } };
    const text = new TextDecoder("latin1").decode(chunkBytes(event.chunk));
    const hidden = hide(text);
    if (hidden === text) return event;
    return { ...event, chunk: toChunk(Uint8Array.from(hidden, (char) => char.charCodeAt(0))) };
  }

  function hide(text: string): string {
    let hidden = text;
    for (const secret of secrets) hidden = hidden.replaceAll(secret, "***");
    return hidden;
  }
}

function lengthOf(chunk: Chunk): number {
  return "text" in chunk ? chunk.text.length : chunk.base64.length;
}
