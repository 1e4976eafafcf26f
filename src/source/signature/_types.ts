/**
 * TypeScript types that a command line can satisfy: a type annotation comes in, what it accepts
 * goes out, or the reason why a word on a command line cannot be it.
 *
 * @module
 */

import type { ParamType } from "../../model/param.ts";
import { readMembers } from "./_members.ts";
import type { TypeNode } from "./_syntax.ts";
import { keysOfQuery, valueOfQuery } from "./_typeof.ts";
import {
  namesOf,
  type Refused,
  refused,
  typeArguments,
  type TypeContext,
  whyUnknown,
  withoutParentheses,
} from "./_type_names.ts";

/** What a type accepts. */
export interface Accepted {
  readonly ok: true;
  readonly type: ParamType;
  readonly many: boolean;
  /** `undefined` is a member of it. */
  readonly optional: boolean;
}

/** A union, member by member. */
type Atom =
  | { readonly kind: "string" | "number" | "bigint" | "boolean" | "absent" }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "array"; readonly members: readonly Atom[] };

type Atoms = { readonly ok: true; readonly atoms: readonly Atom[] } | Refused;

/** Deeper than any honest type; a type that refers to itself ends here. */
const DEPTH = 32;

/** Read a type as that of a parameter. */
export function readType(context: TypeContext, node: TypeNode): Accepted | Refused {
  const found = atomsOf(context, node, DEPTH);
  return found.ok ? combined(found.atoms) : found;
}

/** The type of a value that is written out, widened as for a variable, if it can be given. */
export function typeOfValue(value: unknown): Accepted | undefined {
  if (Array.isArray(value)) {
    // An empty list says nothing about its elements; words are strings.
    const elements = value.length === 0 ? [{ kind: "string" } as const] : value.map(widened);
    if (elements.some((atom) => atom === undefined)) return undefined;
    const result = combined([{ kind: "array", members: elements as Atom[] }]);
    return result.ok ? result : undefined;
  }
  const atom = widened(value);
  const result = atom && combined([atom]);
  return result?.ok ? result : undefined;
}

/** A value that stays a literal: `"dev" as const`. */
export function typeOfLiteral(value: unknown): Accepted | undefined {
  const members = literalAtoms(value);
  const result = members && combined(members);
  return result?.ok ? result : undefined;
}

// --- unions ------------------------------------------------------------------------------------

function combined(atoms: readonly Atom[]): Accepted | Refused {
  const present = atoms.filter((atom) => atom.kind !== "absent");
  const optional = present.length < atoms.length;
  const arrays = present.filter((atom) => atom.kind === "array");
  if (arrays.length > 0) {
    if (arrays.length < present.length) return refused("it mixes one value and many");
    const inner = combined(arrays.flatMap((atom) => atom.members));
    if (!inner.ok) return inner;
    if (inner.many) return refused("it is a list of lists");
    if (inner.type.kind === "boolean") return refused("a flag cannot be given many times");
    return { ...inner, many: true, optional };
  }
  const type = scalarType(present as Exclude<Atom, { kind: "array" }>[]);
  return "why" in type ? type : { ok: true, type, many: false, optional };
}

function scalarType(atoms: readonly Exclude<Atom, { kind: "array" }>[]): ParamType | Refused {
  const kinds = new Set(
    atoms.map((atom) => atom.kind === "literal" ? typeof atom.value : atom.kind),
  );
  const wide = new Set(atoms.flatMap((atom) => atom.kind === "literal" ? [] : atom.kind));
  if (kinds.size === 0) return refused("no value fits it");
  const [only] = kinds;
  if (kinds.size === 1 && (wide.size === 1 || only === "boolean" && atoms.length > 1)) {
    return { kind: only as "string" | "number" | "bigint" | "boolean" };
  }
  const choices = new Set<string | number | boolean>();
  for (const atom of atoms) {
    if (atom.kind === "literal") choices.add(atom.value);
    else if (atom.kind === "boolean") choices.add(true).add(false);
    else return refused("it mixes kinds of values, so a word could mean either");
  }
  if (new Set([...choices].map(String)).size < choices.size) {
    return refused("two of its members are written alike");
  }
  return { kind: "choice", choices: [...choices] };
}

function atomsOf(context: TypeContext, node: TypeNode, depth: number): Atoms {
  if (depth <= 0) return refused("it refers to itself");
  const inner = (type: TypeNode) => atomsOf(context, type, depth - 1);
  switch (node.type) {
    case "TSStringKeyword":
      return one({ kind: "string" });
    case "TSNumberKeyword":
      return one({ kind: "number" });
    case "TSBigIntKeyword":
      return one({ kind: "bigint" });
    case "TSBooleanKeyword":
      return one({ kind: "boolean" });
    case "TSUndefinedKeyword":
    case "TSVoidKeyword":
      return one({ kind: "absent" });
    case "TSNullKeyword":
      // Null cannot be given, but a default or the body may use it.
      return { ok: true, atoms: [] };
    case "TSParenthesizedType":
      return inner(node.typeAnnotation);
    case "TSUnionType": {
      const atoms: Atom[] = [];
      for (const member of node.types) {
        const found = inner(member);
        if (!found.ok) return found;
        atoms.push(...found.atoms);
      }
      return { ok: true, atoms };
    }
    case "TSIntersectionType": {
      // `string & {}` keeps an editor's suggestions and means string.
      const rest = node.types.filter((type) =>
        !(type.type === "TSTypeLiteral" && type.members.length === 0)
      );
      if (rest.length === 1) return inner(rest[0]!);
      return refused("an intersection is not evaluated");
    }
    case "TSLiteralType":
      return literalType(node.literal);
    case "TSArrayType":
      return arrayOf(inner(node.elementType));
    case "TSTypeOperator":
      if (node.operator === "readonly") return inner(node.typeAnnotation);
      if (node.operator === "keyof") return keysOf(context, node.typeAnnotation);
      return refused("a symbol cannot be written on a command line");
    case "TSTypeReference":
      return referenceAtoms(context, node, depth);
    case "TSTypeQuery": {
      const found = valueOfQuery(context, node);
      return literalUnion(found && [found.value], true);
    }
    case "TSIndexedAccessType":
      return indexedAtoms(context, node, depth);
    case "TSAnyKeyword":
    case "TSUnknownKeyword":
      return refused("it accepts anything, so no word can be checked");
    case "TSFunctionType":
    case "TSConstructorType":
      return refused("a function cannot be written on a command line");
    case "TSTypeLiteral":
      return refused(OBJECT);
    case "TSObjectKeyword":
      return refused("an object cannot be written on a command line");
    case "TSTupleType":
      return refused("the members of a tuple have no names; use an array or several parameters");
    case "TSImportType":
      return refused("write an import statement for it");
    default:
      return refused("a computed type is not evaluated; write it out");
  }
}

const OBJECT =
  "an object cannot be written on a command line; destructured, each member is an option";

function literalType(literal: { type: string }): Atoms {
  const node = literal as { type: string; value?: unknown; expressions?: unknown[] };
  switch (node.type) {
    case "StringLiteral":
    case "NumericLiteral":
    case "BooleanLiteral":
      return one({ kind: "literal", value: node.value as string | number | boolean });
    case "TemplateLiteral": {
      const { expressions, quasis } = literal as unknown as {
        expressions: unknown[];
        quasis: { value: { cooked?: string } }[];
      };
      if (expressions.length > 0) return refused("a template type is not evaluated; use string");
      return one({ kind: "literal", value: quasis[0]?.value.cooked ?? "" });
    }
    case "UnaryExpression": {
      const { operator, argument } = literal as unknown as {
        operator: string;
        argument: { type: string; value: number };
      };
      if (operator === "-" && argument.type === "NumericLiteral") {
        return one({ kind: "literal", value: -argument.value });
      }
    }
  }
  return refused("a bigint literal is not a choice; use bigint");
}

// --- names -------------------------------------------------------------------------------------

type Reference = Extract<TypeNode, { type: "TSTypeReference" }>;

function referenceAtoms(context: TypeContext, node: Reference, depth: number): Atoms {
  const names = namesOf(node.typeName);
  const [name] = names;
  const [argument, ...more] = typeArguments(node);
  if (names.length === 1 && name !== undefined) {
    if (context.generics.has(name)) {
      const constraint = context.generics.get(name);
      if (constraint !== undefined) return atomsOf(context, constraint, depth - 1);
      return refused("a type parameter that extends nothing accepts anything");
    }
    if (argument !== undefined && more.length === 0) {
      if (name === "Array" || name === "ReadonlyArray") {
        return arrayOf(atomsOf(context, argument, depth - 1));
      }
      if (name === "Readonly") return atomsOf(context, argument, depth - 1);
      if (name === "NonNullable") {
        const inner = atomsOf(context, argument, depth - 1);
        return inner.ok
          ? { ok: true, atoms: inner.atoms.filter((atom) => atom.kind !== "absent") }
          : inner;
      }
    }
  }
  const found = context.scope.typeOf(context.module, names);
  if (found === undefined) return refused(whyUnknown(context, names));
  const there = { ...context, module: found.module, generics: new Map() };
  switch (found.node.type) {
    case "TSInterfaceDeclaration":
      return refused(OBJECT);
    case "TSEnumDeclaration":
      return refused("an enum is not erasable; use a union of literals");
    case "TSTypeAliasDeclaration":
      if (found.node.typeParameters) {
        return refused("a generic type is not evaluated; write it out");
      }
      return atomsOf(there, found.node.typeAnnotation, depth - 1);
  }
}

// --- types of values ---------------------------------------------------------------------------

type Indexed = Extract<TypeNode, { type: "TSIndexedAccessType" }>;

/** `keyof typeof X`. */
function keysOf(context: TypeContext, node: TypeNode): Atoms {
  const query = withoutParentheses(node);
  if (query.type === "TSTypeQuery") {
    const keys = keysOfQuery(context, query);
    if (keys !== undefined) return literalUnion(keys, true);
  } else {
    const found = readMembers(context, node);
    if (found.ok) return literalUnion([...found.members.keys()], true);
  }
  return refused("a computed type is not evaluated; write it out");
}

/** `(typeof X)[keyof typeof X]`, `(typeof X)[number]`, `(typeof X)["a"]`, `Options["mode"]`. */
function indexedAtoms(context: TypeContext, node: Indexed, depth: number): Atoms {
  const object = withoutParentheses(node.objectType);
  const index = withoutParentheses(node.indexType);
  if (object.type !== "TSTypeQuery") {
    if (index.type !== "TSLiteralType" || index.literal.type !== "StringLiteral") {
      return refused("a computed type is not evaluated; write it out");
    }
    const found = readMembers(context, object);
    if (!found.ok) return found;
    const member = found.members.get(index.literal.value);
    if (member?.type === undefined) return refused(`it has no member "${index.literal.value}"`);
    const inner = atomsOf(member.context, member.type, depth - 1);
    if (!inner.ok || !member.optional) return inner;
    return { ok: true, atoms: [...inner.atoms, { kind: "absent" }] };
  }
  const found = valueOfQuery(context, object);
  if (found === undefined) return literalUnion(undefined, true);
  const { value, fixed } = found;
  if (Array.isArray(value)) {
    if (index.type === "TSNumberKeyword") return literalUnion(value, fixed);
  } else if (typeof value === "object" && value !== null) {
    if (index.type === "TSTypeOperator" && index.operator === "keyof") {
      return literalUnion(Object.values(value), fixed);
    }
  }
  if (
    index.type === "TSLiteralType" && typeof value === "object" && value !== null &&
    (index.literal.type === "StringLiteral" || index.literal.type === "NumericLiteral")
  ) {
    return literalUnion([(value as Record<string, unknown>)[index.literal.value]], fixed);
  }
  return refused("a computed type is not evaluated; write it out");
}

function literalUnion(values: readonly unknown[] | undefined, fixed: boolean): Atoms {
  const atoms = values?.map((value) => fixed ? literalAtoms(value) : widenedAtoms(value));
  if (atoms === undefined || atoms.includes(undefined)) {
    return refused("the value it is taken from is not written out as literals");
  }
  return { ok: true, atoms: atoms.flat() as Atom[] };
}

function literalAtoms(value: unknown): Atom[] | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return [{ kind: "literal", value }];
  }
  return undefined;
}

function widenedAtoms(value: unknown): Atom[] | undefined {
  const atom = widened(value);
  return atom && [atom];
}

function widened(value: unknown): Atom | undefined {
  const kind = typeof value;
  return kind === "string" || kind === "number" || kind === "boolean" || kind === "bigint"
    ? { kind }
    : undefined;
}

function arrayOf(inner: Atoms): Atoms {
  return inner.ok ? one({ kind: "array", members: inner.atoms }) : inner;
}

function one(atom: Atom): Atoms {
  return { ok: true, atoms: [atom] };
}
