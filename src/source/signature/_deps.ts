/**
 * The `deps` of a task: the property comes in, the tasks it mentions go out, in the order written.
 *
 * @module
 */

import { evaluate } from "./_evaluate.ts";
import type { Scope, Slot, Target } from "./_scope.ts";
import {
  type Expression,
  type FunctionNode,
  memberKey,
  placeOf,
  propertyName,
  unwrapped,
} from "./_syntax.ts";
import type { StaticDep } from "./static_module.ts";

/** What `deps` says. */
export interface StaticDeps {
  readonly deps: readonly StaticDep[];
  /** The value that each of `deps` leads to. */
  readonly targets: readonly (Slot["node"] | undefined)[];
  /** The body's first parameter receives the results. */
  readonly record: boolean;
  readonly dynamic: boolean;
}

/** Read what the property `deps` leads to. */
export function readDeps(scope: Scope, property: Target): StaticDeps {
  const deps: StaticDep[] = [];
  const targets: (Slot["node"] | undefined)[] = [];
  let dynamic = false;
  const record = property.kind === "value" && property.slot.node.type === "ObjectExpression";
  if (property.kind === "value") readAll(property.slot);
  else dynamic = property.kind !== "unknown" || property.opaque;
  return { deps, targets, record, dynamic };

  function readAll(slot: Slot): void {
    const { node } = slot;
    if (node.type === "ArrayExpression") {
      for (const element of node.elements) {
        if (element?.type === "SpreadElement") readSpread({ ...slot, node: element.argument });
        else if (element) readOne({ ...slot, node: element });
      }
    } else if (node.type === "ObjectExpression") {
      for (const entry of node.properties) {
        if (entry.type === "SpreadElement") readSpread({ ...slot, node: entry.argument });
        else {
          const takes = propertyName(entry);
          if (entry.type !== "ObjectProperty" || takes === undefined) dynamic = true;
          else readOne({ ...slot, node: entry.value as Expression }, takes);
        }
      }
    } else dynamic = true;
  }

  function readSpread(slot: Slot): void {
    const target = scope.follow(slot);
    if (target.kind === "value") readAll(target.slot);
    else dynamic = true;
  }

  function readOne(slot: Slot, takes?: string): void {
    const node = unwrapped(slot.node);
    const here = { ...slot, node };
    const inner = thunkResult(node);
    if (inner !== undefined) return readOne({ ...slot, node: inner }, takes);
    const place = placeOf(slot.module.file, node);
    const key = takes === undefined ? {} : { takes };
    if (node.type === "CallExpression" && withArguments(node.callee as Expression) !== undefined) {
      // The arguments of `a.with(…)` are for evaluation; the edge is plain.
      dynamic = true;
      return readOne({ ...slot, node: withArguments(node.callee as Expression)! }, takes);
    }
    const text = chainText(node);
    const target = scope.follow(here);
    if (text !== undefined && !isText(target)) {
      deps.push({ text, kind: "value", place, ...key });
      targets.push(target.kind === "value" ? target.slot.node : undefined);
      return;
    }
    const name = evaluate(scope, here)?.value;
    if (typeof name === "string") {
      deps.push({ text: name, kind: "name", place, ...key });
      targets.push(undefined);
    } else dynamic = true;
  }
}

/** What `() => later` and `function () { return later; }` return. */
function thunkResult(node: Slot["node"]): Expression | undefined {
  if (node.type !== "ArrowFunctionExpression" && node.type !== "FunctionExpression") {
    return undefined;
  }
  if (node.body.type !== "BlockStatement") return node.body;
  const [only, ...more] = node.body.body;
  return only?.type === "ReturnStatement" && more.length === 0
    ? only.argument ?? undefined
    : undefined;
}

/** The `a` of `a.with`. */
function withArguments(callee: Expression): Expression | undefined {
  return callee.type === "MemberExpression" && memberKey(callee) === "with"
    ? callee.object as Expression
    : undefined;
}

/** `a`, `api.lint`, `fit[0]`. */
function chainText(node: Expression | FunctionNode): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression") return undefined;
  const object = chainText(unwrapped(node.object as Expression));
  const key = memberKey(node);
  if (object === undefined || key === undefined) return undefined;
  return typeof key === "number" ? `${object}[${key}]` : `${object}.${key}`;
}

function isText(target: Target): boolean {
  return target.kind === "value" && /^(String|Template)Literal$/.test(target.slot.node.type);
}
