/**
 * Object types: the type of a destructured parameter comes in, its members go out.
 *
 * @module
 */

import { propertyName, span, type TypeMember, type TypeNode } from "./_syntax.ts";
import {
  namesOf,
  type Refused,
  refused,
  typeArguments,
  type TypeContext,
  whyUnknown,
} from "./_type_names.ts";

/** One member of an object type. */
export interface ObjectMember {
  readonly context: TypeContext;
  /** Undefined: it has no annotation. */
  readonly type: TypeNode | undefined;
  readonly optional: boolean;
  /** Where a doc comment about it would end. */
  readonly start: number;
}

/** Deeper than any honest type; a type that refers to itself ends here. */
const DEPTH = 32;

/** The members of an object type. */
export function readMembers(
  context: TypeContext,
  node: TypeNode,
): { readonly ok: true; readonly members: ReadonlyMap<string, ObjectMember> } | Refused {
  const members = new Map<string, ObjectMember>();
  const problem = collectMembers(context, node, members, DEPTH);
  return problem ?? { ok: true, members };
}

function collectMembers(
  context: TypeContext,
  node: TypeNode,
  members: Map<string, ObjectMember>,
  depth: number,
): Refused | undefined {
  if (depth <= 0) return refused("it refers to itself");
  switch (node.type) {
    case "TSParenthesizedType":
      return collectMembers(context, node.typeAnnotation, members, depth - 1);
    case "TSTypeLiteral":
      return enterMembers(context, node.members, members);
    case "TSIntersectionType":
      for (const part of node.types) {
        const problem = collectMembers(context, part, members, depth - 1);
        if (problem !== undefined) return problem;
      }
      return undefined;
    case "TSTypeReference":
      return collectNamed(context, namesOf(node.typeName), typeArguments(node), members, depth);
    default:
      return refused("the type of a destructured parameter has to be an object type");
  }
}

function collectNamed(
  context: TypeContext,
  names: readonly string[],
  args: readonly TypeNode[],
  members: Map<string, ObjectMember>,
  depth: number,
): Refused | undefined {
  if (depth <= 0) return refused("it refers to itself");
  const [argument] = args;
  if (names.length === 1 && /^(Partial|Readonly|Required)$/.test(names[0]!) && argument) {
    const inner = new Map<string, ObjectMember>();
    const problem = collectMembers(context, argument, inner, depth - 1);
    if (problem !== undefined) return problem;
    for (const [name, member] of inner) {
      const optional = names[0] === "Partial" || names[0] !== "Required" && member.optional;
      members.set(name, { ...member, optional });
    }
    return undefined;
  }
  const found = context.scope.typeOf(context.module, names);
  if (found === undefined) return refused(whyUnknown(context, names));
  const there = { ...context, module: found.module, generics: new Map() };
  if (found.node.type === "TSEnumDeclaration" || found.node.typeParameters) {
    return refused("the type of a destructured parameter has to be an object type");
  }
  if (found.node.type === "TSTypeAliasDeclaration") {
    return collectMembers(there, found.node.typeAnnotation, members, depth - 1);
  }
  for (const base of found.node.extends ?? []) {
    const { expression, typeParameters } = base;
    const problem = collectNamed(
      there,
      namesOf(expression),
      typeParameters?.params ?? [],
      members,
      depth - 1,
    );
    if (problem !== undefined) return problem;
  }
  return enterMembers(there, found.node.body.body, members);
}

function enterMembers(
  context: TypeContext,
  nodes: readonly TypeMember[],
  members: Map<string, ObjectMember>,
): Refused | undefined {
  for (const node of nodes) {
    if (node.type !== "TSPropertySignature") continue;
    const name = propertyName(node);
    if (name === undefined) continue;
    const annotation = node.typeAnnotation;
    members.set(name, {
      context,
      type: annotation?.typeAnnotation,
      optional: node.optional === true,
      start: span(node).start,
    });
  }
  return undefined;
}
