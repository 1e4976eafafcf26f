/**
 * Whether a step's conditions hold, asked when it is about to start (toml-spec §15).
 *
 * @module
 */

import { resolve } from "@std/path";
import type { Host } from "../host/host.ts";
import type { FunctionBody } from "../model/action.ts";
import type { Step } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { type Performance, prepare } from "./perform.ts";

/** @returns the answer, or the problem that leaves it open */
export async function holds(
  step: Step,
  performance: Performance,
): Promise<boolean | Problem> {
  const { host, surroundings, python } = performance;
  const [
    { evaluate, parseCondition, PYTHON_MARKERS },
    { SYSTEM_MARKERS, systemMarkers },
  ] = await Promise.all([
    import("../source/spec/condition.ts"),
    import("../source/spec/system_markers.ts"),
  ]);
  const { root } = surroundings;
  let markers: ReturnType<typeof systemMarkers> | undefined;
  for (const { text, place, body } of step.conditions) {
    if (body !== undefined) {
      const answer = await holdsByFunction(step, body, performance);
      if (answer !== true) return answer;
      continue;
    }
    const origin = { place, task: step.task };
    const parsed = parseCondition(text, origin);
    if (!parsed.ok) return parsed.problems[0]!;
    const answer = await evaluate(parsed.expression, {
      value(name) {
        const system = SYSTEM_MARKERS.find((marker) => marker === name);
        if (system !== undefined) {
          markers ??= systemMarkers({ os: host.os, arch: host.arch, ...host.facts });
          return markers[system];
        }
        const marker = PYTHON_MARKERS.find((marker) => marker === name)!;
        return python(marker).then((value) =>
          typeof value === "string" ? value : { ...value, ...origin }
        );
      },
      exists: (path) => host.files.kind(resolve(root, path)) !== undefined,
      glob: (pattern) => matchesAny(host, root, pattern),
    }, origin);
    if (!answer.ok) return answer.problems[0]!;
    if (!answer.value) return false;
  }
  return true;
}

/** A condition that is a function of `tasks.ts`. */
async function holdsByFunction(
  step: Step,
  body: FunctionBody,
  performance: Performance,
): Promise<boolean | Problem> {
  const prepared = prepare(step, performance);
  if ("problems" in prepared) return prepared.problems[0]!;
  return await performance.functions.test(prepared, body);
}

/**
 * Does a pattern match anything below the root? A part `**` stands for any directories; `*`, `?`
 * and `[…]` for characters of one name. Names with a leading dot are matched only by a dot.
 */
function matchesAny(host: Host, root: string, pattern: string): boolean {
  const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
  return visit(resolve(root, pattern.startsWith("/") ? "/" : "."), parts);

  function visit(directory: string, rest: readonly string[]): boolean {
    const [part, ...more] = rest;
    if (part === undefined) return true;
    if (part === "**") {
      if (visit(directory, more)) return true;
      return host.files.list(directory).some((name) =>
        !name.startsWith(".") && host.files.kind(`${directory}/${name}`) === "directory" &&
        visit(`${directory}/${name}`, rest)
      );
    }
    if (!/[*?[]/.test(part)) {
      return host.files.kind(`${directory}/${part}`) !== undefined &&
        visit(`${directory}/${part}`, more);
    }
    const matcher = nameMatcher(part);
    return host.files.list(directory).some((name) =>
      matcher.test(name) && (more.length === 0 || visit(`${directory}/${name}`, more))
    );
  }
}

function nameMatcher(part: string): RegExp {
  const source = part.replace(/\[!?[^\]]+\]|[\s\S]/g, (piece) => {
    if (piece === "*") return "[^/]*";
    if (piece === "?") return "[^/]";
    if (piece.length > 1) return piece.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
    return piece.replace(/[.+^${}()|[\]\\/]/g, "\\$&");
  });
  return new RegExp(`^${part.startsWith(".") ? "" : "(?!\\.)"}${source}$`, "u");
}
