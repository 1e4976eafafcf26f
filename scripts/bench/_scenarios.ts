/**
 * What can be measured, by name.
 *
 * @module
 */

import { Fault } from "../command.ts";
import { noop } from "./scenarios/noop.ts";
import type { Scenario } from "./scenarios/_scenario.ts";

/** Those of a run without names. */
export const STANDARD: readonly string[] = ["noop-100x10", "noop-100x100", "noop-1000x100"];

/** Those that only `--all` adds. */
export const BIG: readonly string[] = ["noop-100x5000"];

const FAMILIES: readonly { readonly form: string; make(name: string): Scenario | undefined }[] = [
  { form: "noop-TASKSxFILES", make: (name) => sized(name, "noop", noop) },
];

/** @throws {Fault} when there is none of that name */
export function scenarioNamed(name: string): Scenario {
  for (const { make } of FAMILIES) {
    const made = make(name);
    if (made !== undefined) return made;
  }
  throw new Fault(`no scenario “${name}”: ${FAMILIES.map(({ form }) => form).join(", ")}`);
}

function sized<Made>(
  name: string,
  family: string,
  make: (tasks: number, files: number) => Made,
): Made | undefined {
  const [, tasks, files] = new RegExp(`^${family}-(\\d+)x(\\d+)$`).exec(name) ?? [];
  return tasks === undefined ? undefined : make(Number(tasks), Number(files));
}
