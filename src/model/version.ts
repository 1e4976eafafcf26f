/**
 * The version of ntask. `deno.json` says the same (a law compares them); a constant costs nothing
 * at start and is the same in every runtime.
 *
 * @module
 */

export const VERSION = "0.1.0";

/** What `--version` says. */
export const VERSION_LINE = `ntask ${VERSION}\n`;
