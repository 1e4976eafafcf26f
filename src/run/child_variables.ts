/**
 * The variables of a step's process: those of its environment, and what ntask knows of the terminal.
 *
 * @module
 */

import type { Command } from "../host/host.ts";
import type { Prepared, ProcessSettings } from "./perform.ts";

/**
 * What a step's process is given. One that writes to a pipe cannot know that a terminal is at its
 * end, so it is told, unless somebody has said something about colour. What is kept is told nothing:
 * it must not depend on where it was made.
 */
export function variablesOf(
  { env, kept }: Prepared,
  { stdio }: Pick<Command, "stdio">,
  { color }: ProcessSettings,
): Record<string, string> {
  const all = env.record();
  if (!color || kept || stdio === "inherited") return all;
  const silent = COLOR_VARIABLES.every((name) => env.get(name) === undefined);
  return silent ? Object.assign(all, { FORCE_COLOR: "1", CLICOLOR_FORCE: "1" }) : all;
}

const COLOR_VARIABLES = ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR"];
