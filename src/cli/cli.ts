/**
 * argv -> command -> exit status.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import type { Problem } from "../model/problem.ts";
import { VERSION } from "../model/version.ts";
import { FUNCTION_HOST } from "../run/function_protocol.ts";
import { PORTABLE_SHELL } from "../run/shell_program.ts";
import { type CommandName, commands } from "./command/registry.ts";
import { type Context, isCommand, loadProject, report, USAGE_ERROR } from "./context.ts";
import { DEFAULTS, mergeGiven, parseOptions, readSettings } from "./options.ts";

/**
 * Run one invocation.
 *
 * @returns the exit status
 */
export async function main(host: Host): Promise<number> {
  const { argv } = host;
  if (argv[0] === FUNCTION_HOST) {
    const { serveFunctions } = await import("../function_host.ts");
    return await serveFunctions(host);
  }
  if (argv[0] === PORTABLE_SHELL) {
    const { shellProcess } = await import("../run/shell_process.ts");
    return await shellProcess(argv.slice(1));
  }
  const result = parseOptions(argv);
  if (!result.ok) return await refuse(host, result.problem);
  const { given, words, command } = result.parsed;
  if (given.flags.has("version")) {
    host.stdout.write(`ntask ${VERSION}\n`);
    return 0;
  }
  const read = readSettings(given, host.env, () => host.cpus);
  if (!read.ok) return await refuse(host, read.problem);
  const context: Context = { host, given, settings: read.settings, words };
  if (given.flags.has("help")) return await start("help", context);
  if (command !== undefined) return await start(command as CommandName, context);
  const first = words[0];
  if (first !== undefined && isCommand(first) && !await isTask(context, first)) {
    return await startNamed(first, context);
  }
  return await start("task", context);
}

async function start(name: CommandName, context: Context): Promise<number> {
  const { run } = await commands[name]();
  return await run(context);
}

/** A command given by its name takes ntask's options behind it as well. */
async function startNamed(name: CommandName, context: Context): Promise<number> {
  const { host } = context;
  const result = parseOptions(context.words.slice(1), true);
  if (!result.ok) return await refuse(host, result.problem);
  const given = mergeGiven(context.given, result.parsed.given);
  const read = readSettings(given, host.env, () => host.cpus);
  if (!read.ok) return await refuse(host, read.problem);
  const words = result.parsed.words;
  const next = { host, given, settings: read.settings, words };
  return await start(given.flags.has("help") ? "help" : name, next);
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
