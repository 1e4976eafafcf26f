/**
 * What the readers of types share: where a type is read, and the names in it.
 *
 * @module
 */

import type { Module } from "./_module.ts";
import type { Scope } from "./_scope.ts";
import type { TypeNode } from "./_syntax.ts";

/** Where a type is read: names in it are those of this module. */
export interface TypeContext {
  readonly scope: Scope;
  readonly module: Module;
  /** The function's own type parameters, with what they extend. */
  readonly generics: ReadonlyMap<string, TypeNode | undefined>;
}

export interface Refused {
  readonly ok: false;
  readonly why: string;
}

/** Types of the language for which a string is the way in. */
const BUILT_IN =
  /^(Date|URL|URLSearchParams|RegExp|Map|Set|WeakMap|WeakSet|Promise|Buffer|Uint8Array|ArrayBuffer|Error|Record|Iterable|AsyncIterable|Symbol)$/;

type Reference = Extract<TypeNode, { type: "TSTypeReference" }>;

/** Why a name leads to no type. */
export function whyUnknown({ module }: TypeContext, names: readonly string[]): string {
  const name = names[0]!;
  const binding = module.bindings.get(name);
  if (binding?.kind === "import") {
    return `it comes from "${binding.from}", where it cannot be read`;
  }
  if (binding?.kind === "class") {
    return "an instance of a class cannot be written on a command line";
  }
  if (BUILT_IN.test(name)) return "it cannot be written on a command line; take a string";
  if (names.length === 1 && /^(Partial|Required|Pick|Omit|Exclude|Extract)$/.test(name)) {
    return "a computed type is not evaluated; write it out";
  }
  return "it is not declared in this file";
}

/** The parts of `types.Mode`. */
export function namesOf(name: { type: string }): string[] {
  const node = name as unknown as {
    name?: string;
    left?: { type: string };
    right?: { name: string };
  };
  if (node.left !== undefined && node.right !== undefined) {
    return [...namesOf(node.left), node.right.name];
  }
  return [node.name ?? "this"];
}

/** What stands between `<` and `>`. */
export function typeArguments(node: Reference): readonly TypeNode[] {
  return node.typeParameters?.params ?? [];
}

/** A type without parentheses around it. */
export function withoutParentheses(node: TypeNode): TypeNode {
  return node.type === "TSParenthesizedType" ? withoutParentheses(node.typeAnnotation) : node;
}

/** A reason, as a result. */
export function refused(why: string): Refused {
  return { ok: false, why };
}
