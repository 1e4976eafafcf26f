/**
 * The command line of a script.
 *
 * @module
 */

import { parseArgs, type ParseArgsConfig } from "node:util";
import { Fault } from "./command.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/**
 * @param options as `node:util` has them
 * @param usage follows what is wrong, and is the answer to `--help`
 * @returns the options given and the other words; the usage, where it was asked for
 * @throws {Fault} for an option that there is not, or one without its value
 */
export function readOptions<const T extends Options>(
  args: readonly string[],
  options: T,
  usage: string,
) {
  const all = { ...options, help: { type: "boolean", short: "h" } } as const;
  try {
    const read = parseArgs({ args: [...args], options: all, allowPositionals: true });
    return "help" in read.values ? { usage } : read;
  } catch (error) {
    // What follows the first sentence is about words that begin with a dash.
    throw new Fault(`${(error as Error).message.split(". ")[0]}\n${usage}`);
  }
}
