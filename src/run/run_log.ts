/**
 * The events of a run as lines of JSON in `.ntask/state/runs/`: what `--why` and every report can be
 * made from later. The last {@linkcode KEPT} runs are kept. Values that must not be read are masked:
 * also one that comes in two pieces, so the end of a piece that may be the beginning of one is kept
 * back until more of that stream comes.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { aside } from "../host/witness.ts";
import { chunkBytes, toChunk } from "../model/chunk.ts";
import type { Chunk, Event } from "../model/event.ts";

type Output = Extract<Event, { readonly type: "output" }>;

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
  /** The ends of streams that may be the beginning of a secret, as bytes. */
  const kept = new Map<string, { readonly event: Output; readonly rest: string }>();
  return {
    add(event) {
      if (broken) return;
      if (event.type === "output") {
        written += lengthOf(event.chunk);
        if (written <= MOST) addOutput(event);
        return;
      }
      if (event.type === "step-end") {
        for (const stream of ["stdout", "stderr"]) letGo(`${event.step} ${stream}`);
      }
      put(masked(event));
    },
    close() {
      for (const name of kept.keys()) letGo(name);
      flush();
    },
  };

  function put(event: Event): void {
    waiting += JSON.stringify(event) + "\n";
    if (waiting.length > PIECE) flush();
  }

  function addOutput(event: Output): void {
    const name = `${event.step} ${event.stream}`;
    const before = kept.get(name)?.rest ?? "";
    if (secrets.size === 0 && before === "") return put(event);
    const wanted = [...secrets].map(bytesOf);
    const bytes = before + textOf(chunkBytes(event.chunk));
    const hidden = hide(bytes, wanted);
    const held = Math.max(0, ...wanted.map((secret) => beginning(hidden, secret)));
    const rest = held === 0 ? "" : hidden.slice(-held);
    if (rest === "") kept.delete(name);
    else kept.set(name, { event, rest });
    const sure = hidden.slice(0, hidden.length - held);
    if (before === "" && sure === bytes) put(event);
    else if (sure !== "") put({ ...event, chunk: toChunk(bytesFrom(sure)) });
  }

  function letGo(name: string): void {
    const last = kept.get(name);
    kept.delete(name);
    if (last !== undefined) put({ ...last.event, chunk: toChunk(bytesFrom(last.rest)) });
  }

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
    const names = (aside(() => disk.list(directory)) ?? []).map(({ name }) => name)
      .filter((name) => name.endsWith(".jsonl")).sort();
    for (const name of names.slice(0, Math.max(0, names.length + 1 - KEPT))) {
      disk.removeFile(`${directory}/${name}`);
    }
  }

  /** What is said of a step, or of a problem, may hold what it was called with. */
  function masked(event: Event): Event {
    if (secrets.size === 0) return event;
    if (event.type === "step-start") {
      if (event.command === undefined) return event;
      return { ...event, command: hide(event.command, secrets) };
    }
    if (event.type === "problem") return { ...event, problem: within(event.problem) };
    if (event.type !== "step-end" || event.reason?.kind !== "problem") return event;
    return { ...event, reason: { kind: "problem", problem: within(event.reason.problem) } };
  }

  function within<T extends { readonly code: string }>(problem: T): T {
    const text = JSON.stringify(
      problem,
      (name, value) => typeof value === "string" && name !== "code" ? hide(value, secrets) : value,
    );
    return JSON.parse(text) as T;
  }
}

function hide(text: string, secrets: Iterable<string>): string {
  let hidden = text;
  for (const secret of secrets) hidden = hidden.replaceAll(secret, "***");
  return hidden;
}

/** How much of a secret stands at the end of a text, less than all of it. */
function beginning(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(secret.slice(0, length))) return length;
  }
  return 0;
}

/** Bytes as a text of as many characters: pieces of output may end inside a character. */
function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return text;
}

function bytesOf(text: string): string {
  return textOf(new TextEncoder().encode(text));
}

function bytesFrom(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function lengthOf(chunk: Chunk): number {
  return "text" in chunk ? chunk.text.length : chunk.base64.length;
}
