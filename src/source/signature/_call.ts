/**
 * A call of `task` or `group`: the call comes in, what it makes goes out.
 *
 * @module
 */

import type { DocParts } from "./doc.ts";
import { readDeps, type StaticDeps } from "./_deps.ts";
import { docBefore } from "./_docs.ts";
import { evaluate } from "./_evaluate.ts";
import { readOptions } from "./_options.ts";
import type { Scope, Slot } from "./_scope.ts";
import type { CallExpression, Expression, FunctionNode } from "./_syntax.ts";
import { readSignature } from "./params.ts";
import type { StaticExport } from "./static_module.ts";

/** What a call makes. */
export interface StaticCall {
  readonly entry: Omit<StaticExport, "path">;
  /** What each of its dependencies leads to. */
  readonly targets: StaticDeps["targets"];
  /** The first argument of `group`. */
  readonly members?: Slot;
}

/**
 * Read a call.
 *
 * @param slot a slot whose node is a call
 * @param task the name it is exported under, for problems
 * @returns "other" for a call of ntask's that makes no task, undefined for a call of anything else
 */
export function readCall(scope: Scope, slot: Slot, task: string): StaticCall | "other" | undefined {
  if (slot.node.type !== "CallExpression") return undefined;
  const callee = scope.follow({ ...slot, node: slot.node.callee as Expression });
  if (callee.kind !== "api") return undefined;
  if (callee.name === "task") return readTask(scope, slot, slot.node, task);
  if (callee.name === "group") return readGroup(scope, slot, slot.node);
  return "other";
}

function readGroup(scope: Scope, slot: Slot, call: CallExpression): StaticCall {
  const [members, second] = call.arguments;
  const options = second === undefined
    ? { values: {}, dynamic: false }
    : readOptions(scope, { ...slot, node: second as Expression });
  const doc = docsOf(slot)[0]?.doc;
  return {
    entry: {
      kind: "group",
      place: slot.place,
      ...(doc !== undefined && { doc }),
      body: "none",
      options: options.values,
      deps: [],
      ...(options.dynamic && { dynamic: true }),
    },
    targets: [],
    ...(members !== undefined && { members: { ...slot, node: members as Expression } }),
  };
}

function readTask(scope: Scope, slot: Slot, call: CallExpression, task: string): StaticCall {
  const [options, body] = argumentsOf(scope, slot, call);
  const read = options === undefined
    ? { values: {}, dynamic: false }
    : readOptions(scope, options, "deps");
  const found = options && scope.follow(options);
  const deps: StaticDeps = found === undefined
    ? { deps: [], targets: [], record: false, dynamic: false }
    : readDeps(scope, scope.member(found, "deps"));

  const made = body === undefined
    ? { body: "none" as const, docs: [], dynamic: false }
    : readBody(scope, body, deps.record ? 1 : 0, docsOf(slot), task);
  const doc = (docsOf(slot)[0] ?? made.docs[0])?.doc;
  const { docs: _, dynamic, ...rest } = made;
  return {
    entry: {
      kind: "task",
      place: slot.place,
      ...(doc !== undefined && { doc }),
      ...rest,
      options: read.values,
      deps: deps.deps,
      ...((read.dynamic || deps.dynamic || dynamic) && { dynamic: true }),
    },
    targets: deps.targets,
  };
}

/** `task(body)`, `task(options, body)` or `task(options)`. */
function argumentsOf(
  scope: Scope,
  slot: Slot,
  call: CallExpression,
): [options: Slot | undefined, body: Slot | undefined] {
  // The docs of the export are not those of the function.
  const [first, second] = call.arguments.map((node) => (
    { ...slot, node: node as Expression, docs: [] }
  ));
  if (first === undefined || second !== undefined) return [first, second];
  const target = scope.follow(first);
  const isOptions = target.kind === "value" && target.slot.node.type === "ObjectExpression";
  return isOptions ? [first, undefined] : [undefined, first];
}

interface Made extends Pick<StaticExport, "body" | "signature" | "script" | "problems"> {
  readonly docs: readonly DocParts[];
  readonly dynamic: boolean;
}

function readBody(
  scope: Scope,
  body: Slot,
  skip: number,
  docs: readonly DocParts[],
  task: string,
): Made {
  const target = scope.follow(body);
  const node = target.kind === "value" ? target.slot.node : undefined;
  if (target.kind === "value" && isFunction(target.slot.node)) {
    const { module } = target.slot;
    const own = docsOf(target.slot);
    const help = new Map([...docs, ...own].toReversed().flatMap((parts) => [...parts.params]));
    const read = readSignature({ scope, module, fn: target.slot.node, skip, help, task });
    return {
      body: "function",
      ...(read.signature !== undefined && { signature: read.signature }),
      ...(read.problems.length > 0 && { problems: read.problems }),
      docs: own,
      dynamic: false,
    };
  }
  const script = evaluate(scope, body)?.value;
  if (typeof script === "string") return { body: "string", script, docs: [], dynamic: false };
  const text = node?.type === "TemplateLiteral" || node?.type === "BinaryExpression";
  return { body: text ? "string" : "unknown", docs: [], dynamic: true };
}

function isFunction(node: Slot["node"]): node is FunctionNode {
  switch (node.type) {
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "FunctionDeclaration":
    case "ClassMethod":
      return true;
    case "ObjectMethod":
      return node.kind === "method";
    default:
      return false;
  }
}

/** The doc comments about a slot, the outermost first. */
function docsOf(slot: Slot): DocParts[] {
  return slot.docs.flatMap(({ module, start }) => docBefore(module, start) ?? []);
}
