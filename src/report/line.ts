/**
 * The line report: what a person sees in a terminal, a pipe or a CI log. A function of the events
 * alone, so that a stored run prints the same again.
 *
 * Tasks' output keeps its bytes. Where several tasks overlap it is shown line by line behind the
 * task's name, or held back and shown in one piece; what a failing task wrote comes last.
 *
 * @module
 */

import type { Event, State, StepOutline } from "../model/event.ts";
import type { Problem } from "../model/problem.ts";
import { changesText } from "./change.ts";
import { duration } from "./duration.ts";
import { OutputPart, prefixed, StepOutput } from "./step_output.ts";
import type { Report, ReportOptions } from "./registry.ts";

type Way = "raw" | "lines" | "prefixed" | "held" | "none";

/** Names wider than this are not waited for when columns are aligned. */
const NAME_WIDTH = 24;

const NEWLINE = 10;

const encoder = new TextEncoder();

/** When more of a task's output than this is held back, in bytes, it is shown as far as it goes. */
const HELD = 16 * 1024 * 1024;

/** How much of a failed task's output is shown again, in bytes. */
const REPEATED = 64 * 1024;

const VERBS: Readonly<Record<State, string>> = {
  ran: "ok",
  cached: "ok",
  failed: "failed",
  skipped: "skipped",
  cancelled: "stopped",
};

export function report(options: ReportOptions): Report {
  const { palette, quiet } = options;
  let steps: readonly StepOutline[] = [];
  let acting = 0;
  let width = 0;
  const outputs = new Map<number, StepOutput>();
  /** The step that wrote last. */
  let last = -1;
  /** Failed steps whose output is to come last. */
  const failed: { readonly step: number; readonly line: string }[] = [];
  /** What was written last has not ended its line. */
  let open = false;
  const told = (text: string) => {
    // Tasks' bytes are theirs; where both streams end in one log, our words begin on a line.
    if (open && text !== "") options.stderr("\n");
    open = false;
    options.stderr(text);
  };
  const say = (text: string) => {
    if (!quiet) told(text);
  };

  return (event) => {
    switch (event.type) {
      case "run-start":
        steps = event.steps;
        acting = steps.filter((step) => step.acts).length;
        width = Math.min(
          NAME_WIDTH,
          Math.max(0, ...steps.filter((step) => step.acts).map((step) => step.label.length)),
        );
        return;
      case "steps-added":
        steps = [...steps, ...event.steps];
        acting += event.steps.filter((step) => step.acts).length;
        return;
      case "step-start":
        return quiet ? undefined : say(line("run", name(event.step), started(event)));
      case "step-retry":
        return retry(event);
      case "step-wait":
        return say(line("wait", name(event.step), `for ${event.holder}`));
      case "output":
        return output(event);
      case "step-end":
        return end(event);
      case "problem":
        return problem(event);
      case "interrupt":
        return say(`\nntask: ${event.signal}, stopping\n`);
      case "run-end":
        for (const { step, line } of failed) {
          if (outputs.get(step)?.holds === true) showFailed(step);
          told(line);
        }
        if (acting > 1 || event.code !== 0 && failed.length === 0) say(summary(event));
        return;
    }
  };

  function way(step: number): Way {
    const outline = steps[step]!;
    switch (options.mode) {
      case "prefixed":
        return "prefixed";
      case "grouped":
      case "errors":
        return "held";
      case "stream":
        return outline.overlaps ? "lines" : "raw";
      case "quiet":
        return "none";
      default:
        if (!outline.overlaps) return "raw";
        return options.terminal ? "prefixed" : outline.item ? "lines" : "held";
    }
  }

  function problem(event: Extract<Event, { readonly type: "problem" }>): void {
    const { problem } = event;
    if (quiet && problem.code.startsWith("W_")) return;
    if (problem.code === "W_ENVFILE" && problem.missing && !options.verbose) return;
    const text = options.problem(event);
    const out = event.step === undefined ? undefined : outputs.get(event.step);
    if (event.step === undefined || out === undefined) return told(text);
    endLines(event.step);
    // It stands behind what its step wrote, where that is held back and where it is shown again.
    if (out.holds || way(event.step) === "held") {
      const whole = out.endsLine ? text : `\n${text}`;
      out.hold(new OutputPart("stderr", encoder.encode(whole)));
    }
    if (way(event.step) !== "held") told(text);
  }

  function output(event: Extract<Event, { readonly type: "output" }>): void {
    const how = way(event.step);
    if (how === "none") return;
    const part = OutputPart.of(event);
    if (how === "raw") return write(part);
    const out = outputs.get(event.step) ?? new StepOutput();
    outputs.set(event.step, out);
    if (how === "held") {
      out.hold(part);
      // Who wants to see failing tasks only cannot be shown this one yet.
      if (out.size > HELD && options.mode !== "errors") {
        for (const piece of out.heldLines()) write(piece);
      }
      return;
    }
    // Between other tasks' lines a failure is hard to read: its end is shown again, in one piece.
    if (how === "prefixed") out.holdEnd(part, REPEATED);
    const complete = out.lines(part);
    if (complete !== undefined) write(complete, prefix(event.step));
    last = event.step;
  }

  /** Lines that a step has begun are written as they are. */
  function endLines(step: number): void {
    for (const rest of outputs.get(step)?.rest() ?? []) write(rest, prefix(step));
  }

  function prefix(step: number): string {
    return way(step) === "prefixed" ? `${tag(step)} ${palette.dim("|")} ` : "";
  }

  function end(event: Extract<Event, { readonly type: "step-end" }>): void {
    const outline = steps[event.step]!;
    const how = way(event.step);
    endLines(event.step);
    const text = quiet && event.state !== "failed" ? "" : endLine(event, outline);
    if (event.state === "failed" && (outline.acts || event.reason?.kind === "timeout")) {
      failed.push({ step: event.step, line: text });
      // The word comes at once; the output follows when everything else is out.
      if (outline.overlaps && acting > 1) say(text);
      return;
    }
    if (options.mode === "errors" || how === "prefixed") outputs.delete(event.step);
    else flush(event.step);
    if (!outline.acts) return;
    if (event.state === "cancelled" && event.duration === undefined && !options.verbose) return;
    say(text);
  }

  function retry(event: Extract<Event, { readonly type: "step-retry" }>): void {
    const { step, undone, attempt, of, delay } = event;
    for (const id of [step, ...undone]) {
      endLines(id);
      const at = failed.findIndex((one) => one.step === id);
      if (at !== -1) failed.splice(at, 1);
      // Who wants to see what failing tasks wrote sees all attempts of them.
      if (options.mode !== "errors") flush(id);
    }
    const next = `attempt ${attempt + 1} of ${of} in ${duration(delay)}`;
    say(line("retry", name(step), [reason(event), next].filter((part) => part !== "").join(", ")));
  }

  function showFailed(step: number): void {
    if (way(step) !== "prefixed") return flush(step);
    // It was the last to write anything: nothing to repeat.
    if (acting === 1 || last === step) return;
    say(line("output", name(step), ""));
    // What went to stdout must not go there twice.
    for (const part of outputs.get(step)!.held()) write({ ...part, stream: "stderr" });
  }

  function flush(step: number): void {
    const out = outputs.get(step);
    if (out === undefined) return;
    for (const part of out.held()) write(part);
    outputs.delete(step);
  }

  function write(part: OutputPart, prefix = ""): void {
    const to = part.stream === "stdout" ? options.stdout : options.stderr;
    // One write for all of it: a call for every line is what takes the time.
    to(prefix === "" ? part.bytes : prefixed(part.bytes, encoder.encode(prefix)));
    if (part.bytes.length > 0) open = part.bytes.at(-1) !== NEWLINE;
  }

  function name(step: number): string {
    const { label } = steps[step]!;
    return palette.bold(label) + " ".repeat(Math.max(0, width - label.length));
  }

  function started({ command = "", why }: Extract<Event, { readonly type: "step-start" }>): string {
    const text = palette.dim(oneLine(command));
    return why === undefined ? text : `${text}  ${palette.yellow(`(${changesText(why)})`)}`;
  }

  function tag(step: number): string {
    return palette.any(steps[step]!.label.padEnd(width), step);
  }

  function line(verb: string, subject: string, rest: string): string {
    return `${paint(verb)(verb.padStart(8))}  ${subject}${rest && "  " + rest}`.trimEnd() + "\n";
  }

  function paint(verb: string): (text: string) => string {
    if (verb === "ok") return palette.green;
    if (verb === "failed") return palette.red;
    if (verb === "run") return palette.cyan;
    return palette.yellow;
  }

  function endLine(
    event: Extract<Event, { readonly type: "step-end" }>,
    outline: StepOutline,
  ): string {
    const took = event.duration === undefined ? "" : duration(event.duration);
    const why = event.state === "cached" ? cachedText(event) : reason(event);
    const rest = [why, took].filter((part) => part !== "").join(why && took ? ", " : "");
    return line(VERBS[event.state], outline.acts ? name(event.step) : outline.label, rest);
  }

  function cachedText(
    { key = "", masked }: Extract<Event, { readonly type: "step-end" }>,
  ): string {
    return `cached (${key.slice(0, 8)})${masked ? ", a secret is masked in its output" : ""}`;
  }

  function reason(
    event: Pick<Extract<Event, { readonly type: "step-end" }>, "reason" | "code">,
  ): string {
    const { reason } = event;
    switch (reason?.kind) {
      case undefined:
        return "";
      case "exit":
        return `exit ${reason.code}`;
      case "signal":
        return `killed by ${reason.signal}`;
      case "timeout":
        return `took longer than ${duration(reason.limit)}`;
      case "problem":
        return problemWord(reason.problem, event.code);
      case "upstream":
        return `${steps[reason.step]!.label} failed`;
      case "condition":
        return "condition not met";
      case "skip":
        return "--skip";
      case "unneeded":
        return "not needed";
      case "stopped":
        if (reason.signal !== undefined) return reason.signal;
        return reason.step === undefined ? "" : `${steps[reason.step]!.label} failed`;
    }
  }

  function problemWord({ code }: Problem, status: number): string {
    if (code === "R_THROWN") return `exit ${status}`;
    return NOT_STARTED.has(code) ? "not started" : code;
  }

  function summary(event: Extract<Event, { readonly type: "run-end" }>): string {
    const { counts } = event;
    const parts = (["ran", "cached", "failed", "skipped", "cancelled"] as const)
      .filter((state) => counts[state] > 0)
      .map((state) => {
        const text = `${counts[state]} ${state === "cached" ? "cached" : VERBS[state]}`;
        return state === "ran" || state === "cached"
          ? palette.green(text)
          : state === "failed"
          ? palette.red(text)
          : palette.yellow(text);
      });
    if (parts.length === 0) return "";
    return `${palette.bold("ntask:")} ${parts.join(", ")} in ${duration(event.time)}\n`;
  }
}

function oneLine(command: string): string {
  const text = command.trim();
  const end = text.indexOf("\n");
  return end === -1 ? text : `${text.slice(0, end).trimEnd()} …`;
}

/** Whose step-end says no more than that: the problem stands above. */
const NOT_STARTED: ReadonlySet<string> = new Set([
  "R_COMMAND",
  "R_CWD",
  "R_INTERPRETER",
  "R_NUL",
]);
