/**
 * The static reading of a `tasks.ts`: its text comes in, the tasks and groups it exports go out,
 * with their parameters, docs and dependencies. No user code is run, so that listing, completion
 * and help cost a parse at most; what only evaluation can tell is marked, never guessed. What is
 * found is a subset of what evaluation finds.
 *
 * @module
 */

import type { AbsolutePath } from "../../model/id.ts";
import type { Outcome } from "../../model/problem.ts";
import { readCall } from "./_call.ts";
import type { Module } from "./_module.ts";
import { isPure } from "./_pure.ts";
import { createScope, type ReadModuleText, type Scope, type Slot, type Target } from "./_scope.ts";
import { type Expression, loadParser, placeOf, propertyName, span } from "./_syntax.ts";
import { readOptions } from "./_options.ts";
import type { ExportPath, StaticExport, StaticModule } from "./static_module.ts";

/**
 * Read a module.
 *
 * @param options.text the source of `options.file`
 * @param options.readModuleText the text of a module that another one imports, or undefined for one
 * that is not to be read (a package, a missing file)
 * @returns `E_TS_SYNTAX` for every module that cannot be parsed; a parameter that cannot be read is
 * in the `problems` of its export, so that it spoils no other task
 */
export async function readModule(options: {
  readonly file: AbsolutePath;
  readonly text: string;
  readonly readModuleText: ReadModuleText;
}): Promise<Outcome<StaticModule>> {
  const parser = await loadParser();
  const scope = createScope({ ...options, parser });
  const { root } = scope;
  if (root === undefined) return { ok: false, problems: scope.problems };

  const collected = collect(scope, root);
  const settings = root.defaultExport?.value && readSettings(scope, root, root.defaultExport);
  if (scope.problems.length > 0) return { ok: false, problems: scope.problems };
  // This reads further modules: what is wrong with them is for evaluation to tell.
  const pure = isPure(scope) && scope.problems.length === 0;
  const value: StaticModule = {
    files: scope.files,
    exports: collected.exports,
    hasTasks: collected.exports.length > 0 || !collected.complete && mentionsTasks(root),
    complete: collected.complete,
    ...(pure && { pure }),
    ...(root.defaultExport !== undefined && { default: root.defaultExport.place }),
    ...(settings !== undefined && { settings }),
  };
  return { ok: true, value, warnings: [] };
}

/** Could the module make tasks at all? */
function mentionsTasks(module: Module): boolean {
  return [...module.bindings.values()].some((binding) => binding.kind === "import") ||
    module.exports.some((entry) => entry.kind !== "local");
}

/** More values than anybody exports; spreads of spreads end here. */
const VISITS = 200_000;

interface Entry {
  readonly entry: StaticExport;
  /** What each of its dependencies leads to. */
  readonly targets: readonly (Slot["node"] | undefined)[];
}

/** Everything exported, depth first. */
function collect(
  scope: Scope,
  root: Module,
): { readonly exports: readonly StaticExport[]; readonly complete: boolean } {
  // By path: where a record overrides what it spreads, the later member is the one that counts.
  const entries = new Map<string, Entry>();
  const paths = new Map<Slot["node"], ExportPath>();
  let complete = true;
  let visits = 0;
  visitExports([], root, []);
  // A dependency may stand before the export it means, so paths are filled in at the end.
  const exports = [...entries.values()].map(({ entry, targets }) => ({
    ...entry,
    deps: entry.deps.map((dep, index) => {
      const path = targets[index] && paths.get(targets[index]);
      return path === undefined ? dep : { ...dep, path };
    }),
  }));
  return { exports, complete };

  function visitExports(path: ExportPath, module: Module, trail: readonly unknown[]): void {
    if (trail.includes(module)) return;
    const { targets, complete: all } = scope.exportsOf(module);
    complete &&= all;
    for (const [name, target] of targets) visit([...path, name], target, [...trail, module]);
  }

  function visit(path: ExportPath, target: Target, trail: readonly unknown[]): void {
    if (++visits > VISITS) {
      complete = false;
      return;
    }
    if (target.kind === "unknown" && target.opaque) complete = false;
    else if (target.kind === "namespace" && target.module) {
      visitExports(path, target.module, trail);
    }
    if (target.kind !== "value") return;
    const { slot } = target;
    const { node } = slot;
    if (trail.includes(node)) return;
    switch (node.type) {
      case "CallExpression":
        return visitCall(path, slot, [...trail, node]);
      case "ObjectExpression":
        return visitMembers(path, slot, [...trail, node]);
      case "ArrayExpression":
        return visitElements(path, slot, [...trail, node]);
      case "AwaitExpression":
      case "ConditionalExpression":
      case "LogicalExpression":
      case "OptionalCallExpression":
      case "MemberExpression":
        complete = false;
    }
  }

  function visitCall(path: ExportPath, slot: Slot, trail: readonly unknown[]): void {
    const read = readCall(scope, slot, taskName(path));
    if (read === undefined) complete = false;
    else if (read !== "other") {
      if (!paths.has(slot.node)) paths.set(slot.node, path);
      const entry = { path, ...read.entry };
      entries.set(JSON.stringify(path), { entry, targets: read.targets });
      if (read.members !== undefined) {
        visit(path, scope.follow({ ...read.members, docs: [] }), trail);
      }
    }
  }

  function visitMembers(path: ExportPath, slot: Slot, trail: readonly unknown[]): void {
    if (slot.node.type !== "ObjectExpression") return;
    const { module } = slot;
    for (const property of slot.node.properties) {
      if (property.type === "SpreadElement") {
        visit(path, scope.follow({ ...slot, node: property.argument, docs: [] }), trail);
        continue;
      }
      const name = propertyName(property);
      if (name === undefined) complete = false;
      else if (property.type === "ObjectProperty") {
        const member: Slot = {
          ...slot,
          node: property.value as Expression,
          place: placeOf(module.file, property.key),
          docs: [{ module, start: span(property).start }],
        };
        visit([...path, name], scope.follow(member), trail);
      }
    }
  }

  function visitElements(path: ExportPath, slot: Slot, trail: readonly unknown[]): void {
    if (slot.node.type !== "ArrayExpression") return;
    const { module } = slot;
    for (const [index, element] of slot.node.elements.entries()) {
      if (element === null) continue;
      if (element.type === "SpreadElement") {
        // What follows has an index that is not known.
        complete = false;
        return;
      }
      const place = placeOf(module.file, element);
      const docs = [{ module, start: span(element).start }];
      visit([...path, index], scope.follow({ ...slot, node: element, place, docs }), trail);
    }
  }
}

/** How people write a path: `api.lint`, `fit[0]`. */
export function taskName(path: ExportPath): string {
  return path.map((part, index) =>
    typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`
  ).join("");
}

function readSettings(
  scope: Scope,
  module: Module,
  { value, place }: NonNullable<Module["defaultExport"]>,
): StaticModule["settings"] {
  if (value === undefined) return undefined;
  const target = scope.follow({ module, node: value, place, docs: [], constant: true });
  if (target.kind !== "value" || target.slot.node.type !== "CallExpression") return undefined;
  const { node } = target.slot;
  const callee = scope.follow({ ...target.slot, node: node.callee as Expression });
  if (callee.kind !== "api" || callee.name !== "config") return undefined;
  const [argument] = node.arguments;
  if (argument === undefined) return { values: {}, dynamic: false };
  return readOptions(scope, { ...target.slot, node: argument as Expression });
}
