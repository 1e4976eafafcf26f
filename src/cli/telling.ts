/**
 * Telling people of a run as it goes.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import type { Event } from "../model/event.ts";
import type { Problem } from "../model/problem.ts";
import { COLOR, PLAIN, wantsColor } from "../report/palette.ts";
import { reports } from "../report/registry.ts";
import type { ToldBy } from "../run/idle_run.ts";

/** Somebody who tells. */
export interface Telling {
  /** Told every event, in order. */
  hear(event: Event): void;
  /** Everything has been said. */
  readonly over: Promise<void>;
}

/** @param say writes ntask's words, and what tasks write to stderr */
export async function openTelling(
  host: Host,
  { output, quiet, verbose, color }: ToldBy,
  say: (data: string | Uint8Array) => void = (data) => host.stderr.write(data),
): Promise<Telling> {
  const palette = wantsColor(host.env, host.stderr.isTerminal, color) ? COLOR : PLAIN;
  const { report } = await reports[output === "json" ? "json" : "line"]!();
  const texts = new Map<object, string>();
  const tell = report({
    stdout: (data) => host.stdout.write(data),
    stderr: say,
    mode: output,
    terminal: host.stderr.isTerminal && host.stdout.isTerminal,
    palette,
    quiet,
    verbose,
    problem: (event) => texts.get(event) ?? "",
  });
  // Problems are made readable by modules that a run without any does not load; what follows waits.
  let before: Promise<void> | undefined;
  let inWords: ((problem: Problem) => Promise<string>) | undefined;
  return {
    hear(event) {
      if (event.type !== "problem" && before === undefined) return tell(event);
      before = (before ?? Promise.resolve()).then(async () => {
        if (event.type === "problem") {
          const { problemTexts } = await import("./context.ts");
          inWords ??= await problemTexts(host, palette);
          texts.set(event, await inWords(event.problem));
        }
        tell(event);
      });
    },
    get over() {
      return before ?? Promise.resolve();
    },
  };
}
