/**
 * Runs as event lists, and what the line report makes of them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Event, StepOutline } from "../../src/model/event.ts";
import type { StepId } from "../../src/model/id.ts";
import { toChunk } from "../../src/model/chunk.ts";
import { PLAIN } from "../../src/report/palette.ts";
import { report } from "../../src/report/line.ts";
import type { ReportOptions } from "../../src/report/registry.ts";

export function start(...steps: readonly (Partial<StepOutline> & { label: string })[]): Event {
  return {
    type: "run-start",
    at: "2026-01-02T03:04:05.678Z",
    version: "1.2.3",
    targets: ["all"],
    jobs: 2,
    steps: steps.map((step) => ({ acts: true, overlaps: steps.length > 1, item: false, ...step })),
  };
}

export function begin(step: number, command = "do it"): Event {
  return { type: "step-start", time: 0, step: step as StepId, command };
}

export function out(
  step: number,
  text: string | Uint8Array,
  stream: "stdout" | "stderr" = "stdout",
): Event {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return { type: "output", step: step as StepId, stream, chunk: toChunk(bytes) };
}

export function ok(step: number, duration = 5): Event {
  return { type: "step-end", time: 9, step: step as StepId, state: "ran", code: 0, duration };
}

export function bad(step: number, code = 3): Event {
  const reason = { kind: "exit", code } as const;
  const base = { type: "step-end", time: 9, step: step as StepId } as const;
  return { ...base, state: "failed", code, reason, duration: 1500 };
}

export function finish(
  code = 0,
  counts: Partial<Extract<Event, { type: "run-end" }>["counts"]> = {},
): Event {
  const all = { ran: 0, cached: 0, failed: 0, skipped: 0, cancelled: 0, ...counts };
  return { type: "run-end", time: 1234, code, counts: all };
}

export interface Written {
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order written. */
  readonly both: string;
  readonly bytes: Uint8Array;
}

/** @returns what a report writes; bytes as Latin-1, so that none is lost */
export function written(events: readonly Event[], options: Partial<ReportOptions> = {}): Written {
  const text = { stdout: "", stderr: "", both: "" };
  const all: Uint8Array[] = [];
  const to = (stream: "stdout" | "stderr") => (data: string | Uint8Array) => {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const piece = Buffer.from(bytes).toString("latin1");
    text[stream] += piece;
    text.both += piece;
    all.push(bytes);
  };
  const tell = report({
    stdout: to("stdout"),
    stderr: to("stderr"),
    mode: "auto",
    terminal: false,
    palette: PLAIN,
    quiet: false,
    verbose: false,
    problem: ({ problem }) => `problem ${problem.code}\n`,
    ...options,
  });
  for (const event of events) tell(event);
  return { ...text, bytes: Uint8Array.from(Buffer.concat(all)) };
}
