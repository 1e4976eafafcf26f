/**
 * What every command is given, and what several of them do.
 *
 * @module
 */

import { relative } from "@std/path";
import type { Host } from "../host/host.ts";
import { onStray } from "../host/door.ts";
import { acted } from "../host/witness.ts";
import type { Interpreter } from "../model/interpreter.ts";
import type { Problem } from "../model/problem.ts";
import type { WrittenSetting } from "../model/setting.ts";
import { VERSION_LINE } from "../model/version.ts";
import { graphOf, load, type Loaded } from "../pipeline.ts";
import { COLOR, type Palette, PLAIN, wantsColor } from "../report/palette.ts";
import { formatOf } from "../source/format/registry.ts";
import { type CommandName, commands } from "./command/registry.ts";
import type { Given } from "./options.ts";
import { writeTypes } from "./types.ts";
import { checkSettings, readSettings, saidFor, type Settings } from "./settings.ts";

/** An invocation, as far as it is understood. */
export interface Context {
  readonly host: Host;
  readonly given: Given;
  /** Without those of the project and of the user until it is loaded. */
  readonly settings: Settings;
  /** What files say about settings. */
  readonly written: readonly WrittenSetting[];
  /** What follows ntask's own options. */
  readonly words: readonly string[];
}

/** As much of a context as it takes to say something. */
export interface Teller {
  readonly host: Host;
  readonly settings: Pick<Settings, "quiet" | "color">;
}

/** A usage or definition error. */
export const USAGE_ERROR = 2;

/** Colour for a stream. */
export function paletteFor({ host, settings }: Teller, stream: "stdout" | "stderr"): Palette {
  return wantsColor(host.env, host[stream].isTerminal, settings.color) ? COLOR : PLAIN;
}

/** How a path is shown: relative to where the user stands, when it is below. */
export function shownPath(host: Host): (path: string) => string {
  return (path) => {
    const short = relative(host.cwd, path);
    return short === "" ? "." : short.startsWith("..") || short.length > path.length ? path : short;
  };
}

/** Write problems to stderr, each with its code frame. */
export async function report(
  context: Teller,
  problems: readonly Problem[],
): Promise<void> {
  if (problems.length === 0) return;
  acted();
  const { host, settings } = context;
  const palette = paletteFor(context, "stderr");
  const toText = await problemTexts(host, palette);
  const texts: string[] = [];
  for (const problem of problems) {
    if (settings.quiet && problem.code.startsWith("W_")) continue;
    texts.push(await toText(problem));
  }
  host.stderr.write(texts.join("\n"));
}

/**
 * Problems in words. The modules for that are loaded when there is one, and each file is read and
 * parsed once for all of them.
 */
export async function problemTexts(
  host: Host,
  palette: Palette,
): Promise<(problem: Problem) => Promise<string>> {
  const [{ problemText }, { createLocator }] = await Promise.all([
    import("../report/problem.ts"),
    import("../source/locate.ts"),
  ]);
  const locate = createLocator(host.files);
  return async (problem) => {
    const located = problem.place && !("whole" in problem.place)
      ? await locate(problem.place)
      : undefined;
    const other = "otherPlace" in problem && problem.otherPlace !== undefined
      ? await locate(problem.otherPlace)
      : undefined;
    return problemText(
      { problem, ...(located && { located }), ...(other && { other }) },
      palette,
      shownPath(host),
    );
  };
}

export function isError(problem: Problem): boolean {
  return !problem.code.startsWith("W_");
}

/**
 * Load the project, or say why not.
 *
 * @param evaluate run the user's `tasks.ts`
 * @returns the project with all its problems; `undefined` when there is none, which has been said
 */
export async function loadProject(
  context: Context,
  evaluate: boolean,
  say: (problem: Problem) => void | Promise<void> = (problem) => report(context, [problem]),
): Promise<Loaded | undefined> {
  const { host, given } = context;
  if (evaluate) onStray({ tell: (error) => tellStray(context, error), stops: true });
  const directory = given.values.get("directory")?.at(-1);
  const file = given.values.get("file")?.at(-1);
  const where = {
    ...(directory !== undefined && { directory }),
    ...(file !== undefined && { file }),
  };
  const loaded = await load(host, where, evaluate, (written) => {
    const { env, cpus } = host;
    const said = saidFor("interpreter", { given, env, cpus, written });
    if ("problem" in said || said.value === undefined) return undefined;
    const { value, origin } = said;
    return {
      value: value as Interpreter,
      ...(origin.kind === "file" && { place: origin.place }),
    };
  });
  if (!("problem" in loaded)) return loaded;
  await say(loaded.problem);
  return undefined;
}

/** @returns the status where the user's code let it go, which has been said then */
async function tellStray(context: Context, error: unknown): Promise<number | undefined> {
  const [{ stackOf }, { lateProblem }, { isOwn }] = await Promise.all([
    import("../source/stack.ts"),
    import("../source/load_problem.ts"),
    import("../host/self.ts"),
  ]);
  const calls = stackOf(error);
  const call = calls.find(({ file }) => !isOwn(file));
  // What came out of the runtime has no calls, and ntask itself waits for that.
  const refused = (error as { name?: unknown } | null)?.name === "LoadError";
  if (call === undefined && calls.length > 0 && !refused) return undefined;
  await report(context, [lateProblem(error, call)]);
  return USAGE_ERROR;
}

/**
 * Load the project completely: every reference resolved. Problems have been said; errors among
 * them mean that nothing may run.
 */
export async function loadGraph(context: Context) {
  const loaded = await loadProject(context, true);
  if (loaded === undefined) return undefined;
  if (loaded.workspace.files.some((file) => formatOf(file) === "tasks_ts")) {
    await writeTypes(context.host, loaded.workspace.root);
  }
  const told = withSettings(context, loaded.settings);
  const { graph, problems } = graphOf(loaded.workspace, told.settings.limits);
  const all = [...checkSettings(loaded.settings), ...loaded.problems, ...problems];
  await report(told, all);
  const sound = !all.some(isError);
  return { workspace: loaded.workspace, graph, context: told, sound };
}

/** With what files say about settings. */
export function withSettings(context: Context, written: readonly WrittenSetting[]): Context {
  if (written.length === 0) return context;
  const { host: { env, cpus }, given } = context;
  const read = readSettings({ given, env, cpus, written });
  // Flags and variables have been read before, and what files say is checked.
  return read.ok ? { ...context, settings: read.settings, written } : context;
}

/** For `--version` behind a name: before one it is answered at the door. */
export function showVersion(host: Host): number {
  host.stdout.write(VERSION_LINE);
  return 0;
}

/** A word that names a command, and is not the nameless one. */
export function isCommand(word: string): word is CommandName {
  return word !== "task" && Object.hasOwn(commands, word);
}

/** A tag that no task has. */
export function unknownTag(
  { unknown, near }: { readonly unknown: string; readonly near: readonly string[] },
): Problem {
  return { code: "R_OPTION", detail: `no task has the tag ${unknown}`, near };
}
