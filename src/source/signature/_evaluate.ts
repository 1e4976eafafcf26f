/**
 * The value of an expression that is written out: literals, arrays and objects of them, and names
 * of constants that are. Everything else has no value here; user code is never run.
 *
 * @module
 */

import type { Value } from "../../model/action.ts";
import type { Scope, Slot } from "./_scope.ts";
import { type Expression, propertyName } from "./_syntax.ts";

/** A value that was found; a wrapper, because `undefined` is one. */
export interface Literal {
  readonly value: Value;
}

/** An expression that is written out a thousand times over is not one a person wrote. */
const LIMIT = 10_000;

/** Nor is one that is nested so deep; names that lead in a circle end here. */
const DEPTH = 100;

/**
 * The value of an expression, if it is written out. It is plain JSON, `undefined` or a bigint.
 */
export function evaluate(scope: Scope, slot: Slot): Literal | undefined {
  let budget = LIMIT;
  let depth = 0;
  return valueOf(slot);

  function valueOf(from: Slot): Literal | undefined {
    if (--budget < 0 || depth === DEPTH) return undefined;
    depth++;
    try {
      return written(from);
    } finally {
      depth--;
    }
  }

  function written(from: Slot): Literal | undefined {
    const outer = from.node;
    if (outer.type === "Identifier" && outer.name === "undefined") return { value: undefined };
    const target = scope.follow(from);
    if (target.kind !== "value" || !target.slot.constant) return undefined;
    const { slot } = target;
    const { node } = slot;
    switch (node.type) {
      case "StringLiteral":
      case "BooleanLiteral":
        return { value: node.value };
      case "NumericLiteral":
        return Number.isFinite(node.value) ? { value: node.value } : undefined;
      case "BigIntLiteral":
        return { value: BigInt(node.value) };
      case "NullLiteral":
        return { value: null };
      case "Identifier":
        return node.name === "undefined" ? { value: undefined } : undefined;
      case "UnaryExpression": {
        const operand = valueOf({ ...slot, node: node.argument });
        if (operand === undefined) return undefined;
        const { value } = operand;
        if (node.operator === "-" && (typeof value === "number" || typeof value === "bigint")) {
          return { value: -value };
        }
        if (node.operator === "+" && typeof value === "number") return operand;
        if (node.operator === "!" && typeof value === "boolean") return { value: !value };
        return undefined;
      }
      case "TemplateLiteral": {
        let text = node.quasis[0]?.value.cooked ?? "";
        for (const [index, hole] of node.expressions.entries()) {
          const found = valueOf({ ...slot, node: hole as Expression });
          if (found === undefined || !isScalar(found.value)) return undefined;
          text += String(found.value) + (node.quasis[index + 1]?.value.cooked ?? "");
        }
        return { value: text };
      }
      case "BinaryExpression": {
        if (node.operator !== "+") return undefined;
        const left = valueOf({ ...slot, node: node.left as Expression })?.value;
        const right = valueOf({ ...slot, node: node.right })?.value;
        return typeof left === "string" && typeof right === "string"
          ? { value: left + right }
          : undefined;
      }
      case "ArrayExpression": {
        const items: Value[] = [];
        for (const element of node.elements) {
          if (element === null) return undefined;
          const spread = element.type === "SpreadElement";
          const found = valueOf({ ...slot, node: spread ? element.argument : element });
          if (found === undefined) return undefined;
          if (!spread) items.push(found.value);
          else if (Array.isArray(found.value)) items.push(...found.value);
          else return undefined;
        }
        return { value: items };
      }
      case "ObjectExpression": {
        const entries: [string, Value][] = [];
        for (const property of node.properties) {
          if (property.type === "SpreadElement") {
            const found = valueOf({ ...slot, node: property.argument });
            if (typeof found?.value !== "object" || found.value === null) return undefined;
            entries.push(...Object.entries(found.value));
            continue;
          }
          const name = propertyName(property);
          if (name === undefined || property.type === "ObjectMethod") return undefined;
          const found = valueOf({ ...slot, node: property.value as Expression });
          if (found === undefined) return undefined;
          entries.push([name, found.value]);
        }
        return { value: Object.fromEntries(entries) };
      }
      default:
        return undefined;
    }
  }
}

/** Would JSON give the value back unchanged? */
export function isJson(value: Value): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value === "object") return Object.values(value).every(isJson);
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === "string" || typeof value === "boolean";
}

function isScalar(value: Value): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
