/**
 * What can be measured, by name. Sizes are part of the names, so that any can be asked for.
 *
 * @module
 */

import { Fault } from "../command.ts";
import { hash, restore } from "./scenarios/bytes.ts";
import { edited, touched } from "./scenarios/change.ts";
import { cold } from "./scenarios/cold.ts";
import { memory, noop } from "./scenarios/noop.ts";
import { graph, list, one, version } from "./scenarios/start.ts";
import { why } from "./scenarios/why.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** Those of a run without names. */
export const STANDARD: readonly string[] = [
  "version",
  "one",
  "list-1",
  "list-100",
  "list-1000",
  "noop-100x10",
  "noop-100x100",
  "why-100x100",
  "touch-100x100",
  "edit-leaf-100x100",
  "edit-root-100x100",
  "cold-1000",
  "noop-1000x100",
  "memory-1000x100",
  "restore-10000x4k",
];

/** Those that only `--all` adds. */
export const BIG: readonly string[] = [
  "graph-5000",
  "noop-100x5000",
  "restore-4x256M",
  "hash-16x64M",
];

/** A slip of the finger is not to fill the disk: so many tasks, and files or bytes of each. */
const MOST = 10_000_000;
const MOST_EACH = 1 << 30;

type Sizes = readonly [number, number];

const FAMILIES: readonly {
  readonly form: string;
  readonly make: (name: string, ...sizes: Sizes) => Scenario;
}[] = [
  { form: "version", make: version },
  { form: "one", make: one },
  { form: "list-TASKS", make: (_, tasks) => list(tasks) },
  { form: "graph-TASKS", make: (_, tasks) => graph(tasks) },
  { form: "cold-TASKS", make: (_, tasks) => cold(tasks) },
  { form: "noop-TASKSxFILES", make: (_, ...sizes) => noop(...sizes) },
  { form: "memory-TASKSxFILES", make: (_, ...sizes) => memory(...sizes) },
  { form: "why-TASKSxFILES", make: (_, ...sizes) => why(...sizes) },
  { form: "touch-TASKSxFILES", make: (_, ...sizes) => touched(...sizes) },
  { form: "edit-leaf-TASKSxFILES", make: (_, ...sizes) => edited("leaf", ...sizes) },
  { form: "edit-root-TASKSxFILES", make: (_, ...sizes) => edited("root", ...sizes) },
  { form: "restore-FILESxBYTES", make: (name, ...sizes) => restore(name, ...sizes) },
  { form: "hash-FILESxBYTES", make: (name, ...sizes) => hash(name, ...sizes) },
];

/** All forms of names. */
export const FORMS: readonly string[] = FAMILIES.map(({ form }) => form);

/**
 * @param name as `noop-100x10`; `k` and `M` are for 2¹⁰ and 2²⁰
 * @throws {Fault} when there is none of that name
 */
export function scenarioNamed(name: string): Scenario {
  for (const { form, make } of FAMILIES) {
    const pattern = form.replace(/[A-Z]+/g, "(\\d+[kM]?)");
    const match = new RegExp(`^${pattern}$`).exec(name);
    if (match === null) continue;
    const sizes = match.slice(1).map(size);
    if (!sizes.every((each, at) => each > 0 && each <= (at === 0 ? MOST : MOST_EACH))) {
      const most = `up to ${MOST}${sizes.length > 1 ? ` and ${MOST_EACH}` : ""}`;
      throw new Fault(`“${name}”: sizes are whole numbers above 0, ${most}`);
    }
    const [first = 0, second = 0] = sizes;
    return make(name, first, second);
  }
  throw new Fault(`no scenario “${name}”: ${FORMS.join(", ")}`);
}

function size(text: string): number {
  const factor = text.endsWith("M") ? 1 << 20 : text.endsWith("k") ? 1 << 10 : 1;
  return Number.parseInt(text) * factor;
}
