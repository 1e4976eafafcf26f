/**
 * Option objects: the argument of `task`, `group` or `config` comes in, those properties that are
 * written out go out.
 *
 * @module
 */

import { evaluate, isJson } from "./_evaluate.ts";
import type { Scope, Slot } from "./_scope.ts";
import { type Expression, propertyName } from "./_syntax.ts";

/** What is written out; `dynamic` says that something else is not. */
export interface StaticOptions {
  readonly values: Readonly<Record<string, unknown>>;
  readonly dynamic: boolean;
}

/**
 * Read an option object.
 *
 * @param without a property that is read elsewhere
 */
export function readOptions(scope: Scope, from: Slot, without?: string): StaticOptions {
  const target = scope.follow(from);
  const node = target.kind === "value" ? target.slot.node : undefined;
  if (target.kind !== "value" || node?.type !== "ObjectExpression") {
    return { values: {}, dynamic: true };
  }
  const values: Record<string, unknown> = {};
  let dynamic = false;
  for (const property of node.properties) {
    if (property.type === "SpreadElement") {
      const inner = readOptions(scope, { ...target.slot, node: property.argument }, without);
      Object.assign(values, inner.values);
      dynamic ||= inner.dynamic;
      continue;
    }
    const name = propertyName(property);
    if (name === without && name !== undefined) continue;
    const found = property.type === "ObjectProperty" && name !== undefined
      ? evaluate(scope, { ...target.slot, node: property.value as Expression })
      : undefined;
    if (name !== undefined) delete values[name];
    if (name === undefined || found === undefined) dynamic = true;
    else if (found.value === undefined) continue;
    else if (isJson(found.value)) values[name] = found.value;
    else dynamic = true;
  }
  return { values, dynamic };
}
