/**
 * Parsed options -> the command they ask for.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import type { Problem } from "../model/problem.ts";
import { type CommandName, commands } from "./command/registry.ts";
import {
  type Context,
  isCommand,
  loadProject,
  report,
  showVersion,
  USAGE_ERROR,
} from "./context.ts";
import { mergeGiven, misplaced, parseOptions, type ParseResult, twoCommands } from "./options.ts";
import { DEFAULTS, readSettings } from "./settings.ts";

/** @returns the exit status */
export async function start(host: Host, result: ParseResult): Promise<number> {
  if (!result.ok) return await refuse(host, result.problem);
  const { given, words, command } = result.parsed;
  // Who asks for help is helped, whatever their variables say.
  const env = given.flags.has("help") ? {} : host.env;
  const read = readSettings({ given, env, cpus: host.cpus, written: [] });
  if (!read.ok) return await refuse(host, read.problem);
  const context: Context = { host, given, settings: read.settings, written: [], words };
  if (given.flags.has("help")) return await perform("help", context);
  if (command !== undefined) return await perform(command as CommandName, context);
  if (given.values.has("tag")) {
    const named = words[0] === "run" || words[0] === "list";
    if (!named) return await perform("run", context);
  }
  const first = words[0];
  if (first !== undefined && isCommand(first) && !await isTask(context, first)) {
    return await startNamed(first, context);
  }
  return await perform("task", context);
}

/** How many words may follow these. */
const WORDS: { readonly [name in CommandName]?: number } = {
  clean: 0,
  config: 1,
  list: 0,
  schema: 0,
  validate: 0,
};

async function perform(name: CommandName, context: Context): Promise<number> {
  const { host, given, words } = context;
  // Help is help, and without a word it is not known yet what it comes to.
  const known = name !== "help" && (name !== "task" || words.length > 0);
  const problem = known ? misplaced(given, name) : undefined;
  if (problem !== undefined) return await refuse(host, problem);
  const most = WORDS[name];
  if (most !== undefined && words.length > most) {
    const what = most === 0 ? "no words" : "one word";
    const detail = `${name} takes ${what}, not "${words.join(" ")}"`;
    return await refuse(host, { code: "R_OPTION", detail, near: [] });
  }
  const { run } = await commands[name]();
  return await run(context);
}

/** A command given by its name takes ntask's options behind it as well. */
async function startNamed(name: CommandName, context: Context): Promise<number> {
  const { host } = context;
  const result = parseOptions(context.words.slice(1), name !== "why");
  if (!result.ok) return await refuse(host, result.problem);
  const { command } = result.parsed;
  if (command !== undefined && command !== name) {
    return await refuse(host, twoCommands(name, command));
  }
  const given = mergeGiven(context.given, result.parsed.given);
  if (given.flags.has("version")) return showVersion(host);
  const read = readSettings({ given, env: host.env, cpus: host.cpus, written: [] });
  if (!read.ok) return await refuse(host, read.problem);
  const words = result.parsed.words;
  const next = { host, given, settings: read.settings, written: [], words };
  return await perform(given.flags.has("help") ? "help" : name, next);
}

/** A task of the user's wins over a command of the same name. Nothing of the user's is run. */
async function isTask(context: Context, name: string): Promise<boolean> {
  const loaded = await loadProject(context, false, () => {});
  return loaded?.workspace.names.has(name) ?? false;
}

async function refuse(host: Host, problem: Problem): Promise<number> {
  await report({ host, settings: DEFAULTS }, [problem]);
  return USAGE_ERROR;
}
