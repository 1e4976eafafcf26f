/**
 * The way to the body: an export comes in, the piece of syntax that holds its body goes out, and
 * how sure it is. Only what no assignment can change is followed; the rest is counted whole.
 *
 * @module
 */

import { isNode, type Node, runtimeNode } from "./_identity_nodes.ts";
import type { Module } from "./_module.ts";
import type { Scope, Slot, Target } from "./_scope.ts";
import { type Expression, placeOf } from "./_syntax.ts";
import type { ExportPath } from "./static_module.ts";

/** An exported function by its name, dotted; without one the default export, or the module. */
export interface FunctionExport {
  readonly kind: "function-export";
  readonly name?: string;
}

/** Where a body is. */
export type BodyPlace =
  /** `node` is the body. `call` is what makes the task. */
  | {
    readonly kind: "body";
    readonly module: Module;
    readonly node: Node;
    readonly call: Node | undefined;
  }
  /** Evaluating `node` makes the task, in a way that is not written out. */
  | { readonly kind: "maker"; readonly module: Module; readonly node: Node }
  /** Running the module is the action, or the export is passed on from another one. */
  | { readonly kind: "module" }
  /** It could be anywhere. */
  | { readonly kind: "unknown" };

/** Find the body of an exported task, or an exported function. */
export function findBody(
  scope: Scope,
  root: Module,
  wanted: ExportPath | FunctionExport,
): BodyPlace {
  return "kind" in wanted ? findFunction(root, wanted.name) : findTask(scope, root, wanted);
}

/** The slot of an expression of a module. */
export function slotOf(module: Module, node: Node): Slot {
  const expression = node as unknown as Expression;
  const place = placeOf(module.file, expression);
  return { module, node: expression, place, docs: [], constant: true };
}

/** What of ntask's own a call calls. */
export function apiName(scope: Scope, module: Module, call: Node): string | undefined {
  const target = scope.follow(slotOf(module, call.callee as Node));
  return target.kind === "api" ? target.name : undefined;
}

/** The argument of `task` that is the body: `task(body)`, `task(options, body)`. */
export function bodyArgument(args: readonly Node[]): Node | undefined {
  if (args.some(({ type }) => type === "SpreadElement")) return undefined;
  if (args.length !== 1) return args[1];
  return runtimeNode(args[0]!)?.type === "ObjectExpression" ? undefined : args[0];
}

function findTask(scope: Scope, root: Module, path: ExportPath): BodyPlace {
  const [first, ...rest] = path;
  let target: Target | undefined = scope.exportsOf(root).targets.get(String(first));
  let maker: BodyPlace = { kind: "unknown" };
  for (const part of [undefined, ...rest]) {
    if (part !== undefined) target = target && step(scope, target, part);
    if (target?.kind === "namespace") continue;
    if (target?.kind !== "value" || !target.slot.constant) return maker;
    const { module } = target.slot;
    maker = { kind: "maker", module, node: target.slot.node as unknown as Node };
  }
  if (maker.kind !== "maker") return maker;
  const call = runtimeNode(maker.node);
  if (call?.type !== "CallExpression" || apiName(scope, maker.module, call) !== "task") {
    return maker;
  }
  const node = bodyArgument(call.arguments as Node[]);
  return node === undefined ? maker : { kind: "body", module: maker.module, node, call };
}

/** A part of a path: a member, or behind a task the key of one of its dependencies. */
function step(scope: Scope, target: Target, part: string | number): Target | undefined {
  if (target.kind !== "value" || target.slot.node.type !== "CallExpression") {
    return scope.member(target, part);
  }
  const { module } = target.slot;
  const call = target.slot.node as unknown as Node;
  if (apiName(scope, module, call) !== "task") return scope.member(target, part);
  const options = (call.arguments as Node[])[0];
  if (options === undefined) return undefined;
  const deps = scope.member(scope.follow(slotOf(module, options)), "deps");
  if (deps.kind !== "value") return undefined;
  const isList = /^(?:Array|Object)Expression$/.test(deps.slot.node.type);
  return dependency(scope, isList ? scope.member(deps, part) : deps);
}

/** `later` in `() => later`, `build` in `build.with({ … })`. */
function dependency(scope: Scope, target: Target): Target {
  if (target.kind !== "value") return target;
  const { module } = target.slot;
  const node = target.slot.node as unknown as Node;
  if (node.type === "ArrowFunctionExpression" && (node.params as Node[]).length === 0) {
    const body = node.body as Node;
    if (body.type === "BlockStatement") return { kind: "unknown", opaque: true };
    return dependency(scope, scope.follow(slotOf(module, body)));
  }
  if (node.type !== "CallExpression") return target;
  const callee = runtimeNode(node.callee as Node);
  if (callee?.type !== "MemberExpression" || (callee.property as Node).name !== "with") {
    return target;
  }
  return scope.follow(slotOf(module, callee.object as Node));
}

function findFunction(root: Module, name: string | undefined): BodyPlace {
  const first = name?.split(".")[0] ?? "default";
  for (const written of root.syntax.program.body) {
    const node = runtimeNode(written as unknown as Node);
    if (node === undefined) continue;
    if (node.type === "ExportDefaultDeclaration" && first === "default") {
      return { kind: "body", module: root, node: node.declaration as Node, call: undefined };
    }
    if (node.type !== "ExportNamedDeclaration" || isNode(node.source)) continue;
    for (const specifier of node.specifiers as Node[]) {
      const exported = specifier.exported as Node;
      if ((exported.name ?? exported.value) !== first) continue;
      return { kind: "body", module: root, node: specifier.local as Node, call: undefined };
    }
  }
  const local = root.exports.find((entry) => entry.kind === "local" && entry.name === first);
  if (local?.kind !== "local") return { kind: "module" };
  const node: Node = { type: "Identifier", name: local.local };
  return { kind: "body", module: root, node, call: undefined };
}
