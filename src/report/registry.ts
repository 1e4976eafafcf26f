/**
 * Every report. A new one is a file here and a line below.
 *
 * @module
 */

import type { Event } from "../model/event.ts";
import type { Palette } from "./palette.ts";

/** How the output of tasks is shown (cli.md). */
export type OutputMode =
  /** What fits: streamed when alone, prefixed on a terminal, grouped in a pipe. */
  | "auto"
  | "prefixed"
  | "grouped"
  | "stream"
  | "errors"
  | "quiet"
  | "json";

/** What a report writes to and how. */
export interface ReportOptions {
  /** The tasks' own output goes here, and nothing else. */
  stdout(data: string | Uint8Array): void;
  /** ntask's words, and what tasks write to stderr. */
  stderr(data: string | Uint8Array): void;
  readonly mode: OutputMode;
  readonly terminal: boolean;
  readonly palette: Palette;
  /** Only errors in ntask's own words. */
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Writes a problem with its code frame. */
  problem(event: Extract<Event, { readonly type: "problem" }>): string;
}

/** A report is told every event, in order. */
export type Report = (event: Event) => void;

export const reports: Readonly<
  Record<string, () => Promise<{ report(options: ReportOptions): Report }>>
> = {
  json: () => import("./json.ts"),
  line: () => import("./line.ts"),
};
