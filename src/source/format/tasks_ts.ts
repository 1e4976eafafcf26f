/**
 * `tasks.ts` -> drafts. Its text gives names, places, docs and parameters; evaluating it gives
 * options and dependencies. Listing and help need only the text, so they run nothing of the user's.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import type { Action, Reference } from "../../model/action.ts";
import type { Host } from "../../host/host.ts";
import type { AbsolutePath, TaskId } from "../../model/id.ts";
import type { Place } from "../../model/place.ts";
import type { Outcome, Problem } from "../../model/problem.ts";
import type { WrittenSetting } from "../../model/setting.ts";
import type { Draft } from "../../model/task.ts";
import {
  type CallValue,
  type ConfigValue,
  markOf,
  PARTS,
  type TaskValue,
} from "../../model/task_value.ts";
import type { StaticExport, StaticModule } from "../signature/static_module.ts";
import { snakeCase } from "../spec/property.ts";
import { typeName } from "../spec/value.ts";
import {
  exportName,
  type ExportPath,
  type Found,
  unthunk,
  walkExports,
  writtenDeps,
} from "./exports.ts";
import { exportProblem, importProblem } from "../import_problem.ts";
import { loadProblem, oddPath } from "../load_problem.ts";
import { readModuleText } from "../module_text.ts";
import { openStaticCache } from "./_static_cache.ts";
import type { Opened, Reading } from "./registry.ts";
import { type Export, readDraft, scriptAction } from "./_ts_draft.ts";

export async function read({ file, text, host, library }: Opened): Promise<Reading> {
  const directory = dirname(file) as AbsolutePath;
  if (library === undefined) {
    const cache = await openStaticCache<Reading>(host, directory, "list", file, text);
    if (cache.kept !== undefined) return cache.kept;
    const parsed = await parse(file, text, cache.readModuleText);
    if (!parsed.ok) return sheet(file, [], parsed.problems);
    const reading = readStatic(file, parsed.value);
    cache.keep(reading);
    return reading;
  }
  const cache = await openStaticCache<StaticModule>(host, directory, "module", file, text);
  let module = cache.kept;
  if (module === undefined) {
    const parsed = await parse(file, text, cache.readModuleText);
    if (!parsed.ok) return sheet(file, [], parsed.problems);
    module = parsed.value;
    cache.keep(module);
  }
  const detail = oddPath(file, host.os);
  if (detail !== undefined) {
    return sheet(file, [], [{ code: "E_TS_OPTION", place: { file, whole: true }, detail }]);
  }
  try {
    const pure = module.pure === true && seesOnlyTexts(host, module.files);
    const exports = await host.evaluate(file, await library(directory), { pure, definition: true });
    return readEvaluated(file, module, exports);
  } catch (error) {
    const look = readModuleText(host);
    const texts = module.files.flatMap((each) => {
      const read = host.files.readText(each);
      return "text" in read ? [{ file: each, text: read.text }] : [];
    });
    const problem = importProblem(error, texts, (from, name) => look(from, name) !== undefined) ??
      exportProblem(error, texts, Object.keys(await library(directory)), look) ??
      loadProblem(error, module.files, "");
    return sheet(file, [], [problem]);
  }
}

/** What the runtime heeds in the directories above a module when it evaluates that. */
const HEEDED = ["package.json", "tsconfig.json", "jsconfig.json", "bunfig.toml"];

/**
 * Are the files that were read the ones that evaluation takes? Where a link is on the way, imports
 * lead on from its end. And everything else that the runtime heeds is looked at.
 */
function seesOnlyTexts({ files, env }: Host, modules: readonly AbsolutePath[]): boolean {
  // They can have a runtime load more.
  if (Object.keys(env).some((name) => /^(?:BUN_(?:OPTIONS|INSPECT)|NODE_OPTIONS)/i.test(name))) {
    return false;
  }
  if (modules.some((module) => files.real(module) !== module)) return false;
  const directories = new Set<string>();
  for (const module of modules) {
    let directory = dirname(module);
    while (!directories.has(directory)) {
      directories.add(directory);
      for (const name of HEEDED) files.kind(join(directory, name));
      directory = dirname(directory);
    }
  }
  return true;
}

/** The parser is loaded when there is something to parse. */
async function parse(
  file: AbsolutePath,
  text: string,
  readText: ReturnType<typeof readModuleText>,
): Promise<Outcome<StaticModule>> {
  const { readModule } = await import("../signature/read.ts");
  return await readModule({ file, text, readModuleText: readText });
}

/** What can be said without running anything. */
function readStatic(file: AbsolutePath, module: StaticModule): Reading {
  const problems: Problem[] = [];
  const groups = new Set<string>();
  const drafts = module.exports.map((written): Draft => {
    problems.push(...written.problems ?? []);
    const id = exportName(written.path) as TaskId;
    if (written.kind === "group") groups.add(id);
    const deps = written.deps.flatMap((dep): Reference[] => {
      const base = { place: dep.place, ...(dep.takes !== undefined && { takes: dep.takes }) };
      if (dep.kind === "name") return [{ kind: "text", text: dep.text, ...base }];
      // A task that is not exported has no name to be listed under.
      if (dep.path === undefined) return [];
      return [{ kind: "task", id: exportName(dep.path) as TaskId, ...base }];
    });
    const entry = {
      id,
      path: written.path,
      ...parentOf(written.path, groups),
      deps,
      inner: false,
      written,
    };
    const { kind, options } = written;
    const action = staticAction(file, written);
    return readDraft(file, { ...entry, kind, action, options }, problems, () => undefined);
  });
  if (!module.hasTasks) problems.push(noTasks(file));
  return sheet(file, drafts, problems);
}

function staticAction(file: AbsolutePath, written: StaticExport): Action {
  if (written.kind === "group") {
    return { kind: "group", parallel: written.options.parallel === true };
  }
  switch (written.body) {
    case "string":
      return scriptAction(written.script ?? "", written.place);
    case "none":
      return { kind: "none" };
    default:
      return { kind: "function", module: file, export: written.path, takes: false };
  }
}

/** What is there once it has run. */
function readEvaluated(
  file: AbsolutePath,
  module: StaticModule,
  namespace: Readonly<Record<string, unknown>>,
): Reading {
  const problems: Problem[] = [];
  const known = new Map(module.exports.map((entry) => [exportName(entry.path), entry]));
  const ids = new Map<TaskValue, TaskId>();
  const groups = new Set<string>();
  const settings: WrittenSetting[] = [];
  const configs = new Set<ConfigValue>();
  const queue: (Found & { readonly inner?: true })[] = [];
  if (module.default !== undefined && markOf(namespace.default) !== "config") {
    const what = markOf(namespace.default) ?? typeName(namespace.default);
    const detail =
      `the default export is ${what === "task" || what === "group" ? `a ${what}` : what}; ` +
      "it is for settings, config({ … }); export tasks by name: export const build = task(…)";
    problems.push({ code: "E_TS_OPTION", place: module.default, detail });
  }
  for (const found of inSourceOrder(walkExports(namespace), module)) {
    if (found.kind === "config") {
      // The same may be exported by a name of its own.
      if (configs.has(found.value)) continue;
      configs.add(found.value);
      const isDefault = exportName(found.path) === "default";
      const place = isDefault && module.default || { file, whole: true as const };
      settings.push(...writtenSettings(place, found.value));
      continue;
    }
    const name = exportName(found.path);
    if (found.kind === "group") groups.add(name);
    else {
      const before = ids.get(found.value);
      if (before !== undefined) {
        problems.push(exportedTwice(name, before, known.get(name)?.place ?? { file, whole: true }));
        continue;
      }
      ids.set(found.value, name as TaskId);
    }
    queue.push(found);
  }
  if (queue.length === 0 && settings.length === 0) problems.push(noTasks(file));

  const drafts: Draft[] = [];
  // The queue grows while it is walked: by tasks that are used, but not exported.
  for (let next = 0; next < queue.length; next++) {
    const found = queue[next]!;
    if (found.kind === "config") continue;
    const id = exportName(found.path) as TaskId;
    const written = known.get(id);
    const place = written?.place ?? { file, whole: true as const };
    problems.push(...written?.problems ?? []);
    const base = {
      id,
      path: found.path,
      ...parentOf(found.path, groups),
      options: found.kind === "group" ? found.value[PARTS].options : found.value.options,
      inner: found.inner === true,
      written,
    };
    let entry: Export;
    if (found.kind === "group") {
      const { parallel } = found.value[PARTS].options;
      const action = { kind: "group" as const, parallel: parallel === true };
      entry = { ...base, kind: "group", action, deps: [] };
    } else {
      const deps = dependencies(found.value, found.path, id, written, place);
      const action = evaluatedAction(found.value, found.path, place, deps);
      entry = { ...base, kind: "task", action, deps };
      const parameters = typeof found.value.body === "function" ? found.value.body.length : 0;
      if (written?.signature === undefined && parameters > 0 && !written?.problems?.length) {
        const why = "the function is not written where the task is exported";
        const param = `of ${id}`;
        problems.push({ code: "E_TS_PARAM", task: id, place, param, type: "", why });
      }
    }
    drafts.push(
      readDraft(
        file,
        entry,
        problems,
        (value, at, way) => taskReference(value, at, [...found.path, ...way]),
      ),
    );
  }
  return { ...sheet(file, drafts, problems), settings };

  function evaluatedAction(
    { body, options }: TaskValue,
    path: ExportPath,
    place: Place,
    deps: readonly Reference[],
  ): Action {
    if (typeof body === "string") {
      if (body.trim() !== "") return scriptAction(body, place);
      const task = exportName(path);
      problems.push({ code: "E_CMD_EMPTY", task, place, property: "the script" });
      return { kind: "none" };
    }
    if (body === undefined) return { kind: "none" };
    const takes = deps.some((dep) => dep.takes !== undefined) && !Array.isArray(options.deps);
    return { kind: "function", module: file, export: path, takes };
  }

  function dependencies(
    { options }: TaskValue,
    path: ExportPath,
    task: TaskId,
    written: StaticExport | undefined,
    place: Place,
  ): readonly Reference[] {
    return writtenDeps(options.deps).flatMap(({ key, takes, value }, index): Reference[] => {
      const at = written?.deps[index]?.place ?? place;
      const base = takes === undefined ? {} : { takes };
      let target: unknown;
      try {
        target = unthunk(value);
      } catch (error) {
        problems.push(loadProblem(error, module.files, task));
        return [];
      }
      if (typeof target === "string") return [{ kind: "text", text: target, place: at, ...base }];
      const reference = taskReference(target, at, [...path, key]);
      if (reference !== undefined) return [{ ...reference, ...base }];
      const detail = target === undefined
        ? `deps[${JSON.stringify(key)}] is undefined; a task that is defined further down is ` +
          "written as a function: () => later"
        : `deps[${JSON.stringify(key)}] is ${typeName(target)}; it must be a task, a name or a ` +
          "function that returns one";
      problems.push({ code: "E_TS_OPTION", task, place: at, detail });
      return [];
    });
  }

  /** A reference to a task value; one that is not exported joins the queue. */
  function taskReference(value: unknown, place: Place, path: ExportPath): Reference | undefined {
    const mark = markOf(value);
    if (mark !== "task" && mark !== "call") return undefined;
    const call = mark === "call" ? value as CallValue : undefined;
    const task = call?.task ?? value as TaskValue;
    let id = ids.get(task);
    if (id === undefined) {
      id = exportName(path) as TaskId;
      ids.set(task, id);
      queue.push({ kind: "task", path, value: task, inner: true });
    }
    return { kind: "task", id, place, ...(call && { values: call.values }) };
  }
}

/** Bun would evaluate another file, if there is one. */
function exportedTwice(name: string, before: string, place: Place): Problem {
  const detail =
    `it is exported twice, as ${JSON.stringify(before)} and ${JSON.stringify(name)}; ` +
    "export it once, and give it aliases";
  return { code: "E_TS_OPTION", task: name, place, detail };
}

/** A module's namespace is sorted by name; people want the order they wrote. */
function inSourceOrder(found: readonly Found[], module: StaticModule): readonly Found[] {
  const order = new Map(module.exports.map((entry, index) => [exportName(entry.path), index]));
  const rank = ({ path }: Found) => order.get(exportName(path)) ?? order.size;
  return found.map((entry, index) => ({ entry, index })).sort((a, b) =>
    rank(a.entry) - rank(b.entry) || a.index - b.index
  ).map(({ entry }) => entry);
}

function parentOf(path: ExportPath, groups: ReadonlySet<string>): { readonly parent?: TaskId } {
  const parent = exportName(path.slice(0, -1));
  return groups.has(parent) ? { parent: parent as TaskId } : {};
}

function noTasks(file: AbsolutePath): Problem {
  return { code: "E_NO_TASKS", place: { file, whole: true }, start: file, empty: [file] };
}

/** @param place where the default export stands */
function writtenSettings(place: Place, { settings }: ConfigValue): readonly WrittenSetting[] {
  return Object.entries(settings).map(([written, value]) => ({
    key: snakeCase(written),
    written,
    value,
    place: "offset" in place ? { ...place, argument: 0, option: [written], key: true } : place,
    from: "project",
  }));
}

function sheet(
  file: AbsolutePath,
  drafts: readonly Draft[],
  problems: readonly Problem[],
): Reading {
  return { sheet: { file, drafts, globals: { env: [], envfile: [] } }, problems };
}
