/**
 * The values that `typeof X` speaks of: a type query comes in, the value of the constant goes out.
 *
 * @module
 */

import { evaluate, type Literal } from "./_evaluate.ts";
import type { Slot } from "./_scope.ts";
import { placeOf, propertyName, span, type TypeNode } from "./_syntax.ts";
import { namesOf, type TypeContext } from "./_type_names.ts";

type Query = Extract<TypeNode, { type: "TSTypeQuery" }>;

/** The value that `typeof X` speaks of, and whether its members keep their literal types. */
export function valueOfQuery(
  context: TypeContext,
  node: Query,
): Literal & { fixed: boolean } | undefined {
  const slot = slotOfQuery(context, node);
  const value = slot && evaluate(context.scope, slot);
  return value && { ...value, fixed: isFixed(slot) };
}

function slotOfQuery({ scope, module }: TypeContext, node: Query): Slot | undefined {
  const { exprName } = node;
  const first = leftmost(exprName);
  if (first.type !== "Identifier") return undefined;
  const names = namesOf(exprName);
  let target = scope.follow({
    module,
    node: first,
    place: placeOf(module.file, first),
    docs: [],
    constant: true,
    inType: true,
  });
  for (const name of names.slice(1)) target = scope.member(target, name);
  return target.kind === "value" ? target.slot : undefined;
}

function leftmost(node: Query["exprName"]): Query["exprName"] {
  return node.type === "TSQualifiedName" ? leftmost(node.left) : node;
}

/** `… as const`: the wrapper is gone by now, but the text still says it. */
function isFixed({ module, node }: Slot): boolean {
  return /^\s*\)?\s*as\s+const\b/.test(module.text.slice(span(node).end, span(node).end + 40));
}

/** The keys of the constant that `keyof typeof X` speaks of, where they are written out. */
export function keysOfQuery(context: TypeContext, node: Query): string[] | undefined {
  const target = slotOfQuery(context, node)?.node;
  if (target?.type === "ObjectExpression") {
    const names = target.properties.flatMap((property) =>
      property.type === "SpreadElement" ? [] : propertyName(property) ?? []
    );
    if (names.length === target.properties.length) return names;
  }
  const found = valueOfQuery(context, node)?.value;
  return typeof found === "object" && found !== null && !Array.isArray(found)
    ? Object.keys(found)
    : undefined;
}
