/**
 * Parameters become a command line: the parameter list of a function comes in, a signature or the
 * reasons against one go out. Every type that is let through is one the binder can check.
 *
 * @module
 */

import type { Param, ParamType, Scalar, Signature } from "../../model/param.ts";
import type { Place } from "../../model/place.ts";
import type { Problem } from "../../model/problem.ts";
import { docBefore } from "./_docs.ts";
import { evaluate, isJson } from "./_evaluate.ts";
import { type ObjectMember, readMembers } from "./_members.ts";
import type { Module } from "./_module.ts";
import type { Scope } from "./_scope.ts";
import {
  type Expression,
  type FunctionNode,
  type Parameter,
  placeOf,
  propertyName,
  span,
  type TypeNode,
} from "./_syntax.ts";
import { type Refused, refused, type TypeContext } from "./_type_names.ts";
import { type Accepted, readType, typeOfLiteral, typeOfValue } from "./_types.ts";
import { kebabCase } from "../../model/kebab.ts";

/** What the type of a parameter may be, told with every refusal of a type. */
const ALLOWED = [
  "string",
  "number",
  "bigint",
  "boolean",
  "a union of literals",
  "an array of these",
  "`?`",
  "a default",
];

/** One parameter, or one member of a destructured one, before its type is read. */
interface Found {
  readonly name: string;
  readonly place: Place;
  /** Where it is written. */
  readonly context: TypeContext;
  readonly type: { readonly node: TypeNode; readonly context: TypeContext } | undefined;
  readonly fallback: Expression | undefined;
  readonly optional: boolean;
  readonly rest: boolean;
  readonly member: boolean;
  readonly help: string | undefined;
}

/** A parameter that is no command line, and why. */
interface Obstacle {
  readonly param: string;
  readonly type: string;
  readonly why: string;
  /** What its type may be, where that is what is wrong. */
  readonly allowed?: readonly string[];
  readonly place: Place;
}

/**
 * Read the parameters of a function.
 *
 * @param options.skip how many leading parameters do not come from the command line
 * @param options.help texts of `@param` lines: name, or `object.member` -> text
 * @returns the signature, or, instead, at least one `E_TS_PARAM`
 */
export function readSignature(options: {
  readonly scope: Scope;
  readonly module: Module;
  readonly fn: FunctionNode;
  readonly skip: number;
  readonly help: ReadonlyMap<string, string>;
  readonly task: string;
}): { readonly signature?: Signature; readonly problems: readonly Problem<"E_TS_PARAM">[] } {
  const { scope, module, fn, help } = options;
  const context: TypeContext = { scope, module, generics: genericsOf(fn) };
  const obstacles: Obstacle[] = [];
  const shape: Signature["shape"][number][] = [];
  const found: Found[] = [];
  for (const node of (fn.params as Parameter[]).filter(isNotThis).slice(options.skip)) {
    const entries = readParameter(context, node, help);
    if ("why" in entries) obstacles.push(entries);
    else {
      found.push(...entries.found);
      shape.push(entries.shape);
    }
  }

  const params: Param[] = [];
  for (const entry of found) {
    const read = readFound(entry);
    if ("why" in read) {
      obstacles.push(read);
      continue;
    }
    // An array takes every position that is left, so what follows it has to be named.
    const full = params.some((param) => param.positional && param.many);
    params.push(full ? { ...read, positional: false } : read);
  }
  obstacles.push(...collisions(params));
  if (obstacles.length === 0) return { signature: { params, shape }, problems: [] };
  const problems = obstacles.map(({ place, ...data }) => (
    { code: "E_TS_PARAM", task: options.task, place, ...data } as const
  ));
  return { problems };
}

/** A TypeScript `this` parameter exists for the type checker only. */
function isNotThis(node: Parameter): boolean {
  return !(node.type === "Identifier" && node.name === "this");
}

function genericsOf(fn: FunctionNode): ReadonlyMap<string, TypeNode | undefined> {
  const declared = fn.typeParameters;
  if (declared?.type !== "TSTypeParameterDeclaration") return new Map();
  return new Map(declared.params.map((param) => [param.name, param.constraint ?? undefined]));
}

// --- one parameter -----------------------------------------------------------------------------

function readParameter(
  context: TypeContext,
  outer: Parameter,
  help: ReadonlyMap<string, string>,
): { readonly found: readonly Found[]; readonly shape: Signature["shape"][number] } | Obstacle {
  const { module } = context;
  const place = placeOf(module.file, outer);
  const obstacle = (why: string): Obstacle => (
    { param: bareText(module, node), type: type ? textOf(module, type) : "", why, place }
  );

  const rest = outer.type === "RestElement";
  const fallback = outer.type === "AssignmentPattern" ? outer.right : undefined;
  const node = outer.type === "RestElement"
    ? outer.argument
    : outer.type === "AssignmentPattern"
    ? outer.left
    : outer;
  // The annotation of a rest parameter belongs to the whole of it.
  const type = annotation(outer) ?? annotation(node);

  if (node.type === "Identifier") {
    const { name } = node;
    const { start } = span(outer);
    return {
      shape: { kind: "single", name },
      found: [{
        name,
        place: { file: module.file, offset: span(node).start, length: name.length },
        context,
        type: type && { node: type, context },
        fallback,
        optional: node.optional === true,
        rest,
        member: false,
        help: help.get(name) ?? textBefore(module, start),
      }],
    };
  }
  if (node.type !== "ObjectPattern" || rest) {
    return obstacle("only a name or a destructured object can be a parameter of a task");
  }
  if (fallback && !(fallback.type === "ObjectExpression" && fallback.properties.length === 0)) {
    return obstacle("give each member its own default; the object itself may have `= {}` only");
  }
  const members = type && readMembers(context, type);
  if (members?.ok === false) {
    const where = type === undefined ? place : placeOf(module.file, type);
    return {
      param: bareText(module, node),
      type: textOf(module, type),
      why: members.why,
      allowed: ALLOWED,
      place: where,
    };
  }
  return readPattern(context, node, members?.members ?? new Map(), help);
}

/** The members that a destructured parameter names. */
function readPattern(
  context: TypeContext,
  pattern: Extract<Parameter, { type: "ObjectPattern" }>,
  members: ReadonlyMap<string, ObjectMember>,
  help: ReadonlyMap<string, string>,
): { readonly found: readonly Found[]; readonly shape: Signature["shape"][number] } | Obstacle {
  const { module } = context;
  const found: Found[] = [];
  for (const property of pattern.properties) {
    const place = placeOf(module.file, property);
    if (property.type === "RestElement") {
      const taken = new Set(found.map((entry) => entry.name));
      for (const [name, member] of members) {
        if (!taken.has(name)) found.push(ofMember(name, place, member, undefined, undefined));
      }
      continue;
    }
    const name = propertyName(property);
    const { value } = property;
    const target = value.type === "AssignmentPattern" ? value.left : value;
    if (name === undefined || target.type !== "Identifier") {
      const why = "a destructured object may not be taken apart further";
      return { param: textOf(module, property), type: "", why, place };
    }
    const fallback = value.type === "AssignmentPattern" ? value.right : undefined;
    const said = textBefore(module, span(property).start);
    found.push(
      ofMember(name, placeOf(module.file, property.key), members.get(name), fallback, said),
    );
  }
  return { found, shape: { kind: "object", names: found.map((entry) => entry.name) } };

  function ofMember(
    name: string,
    place: Place,
    member: ObjectMember | undefined,
    fallback: Expression | undefined,
    said: string | undefined,
  ): Found {
    const tagged = [...help].find(([key]) => key === name || key.endsWith(`.${name}`))?.[1];
    return {
      name,
      place,
      context,
      type: member?.type && { node: member.type, context: member.context },
      fallback,
      optional: member?.optional ?? false,
      rest: false,
      member: true,
      help: tagged ?? said ?? (member && textBefore(member.context.module, member.start)),
    };
  }
}

function annotation(node: { readonly type: string }): TypeNode | undefined {
  const { typeAnnotation } = node as { typeAnnotation?: { type: string } | null };
  return typeAnnotation?.type === "TSTypeAnnotation"
    ? (typeAnnotation as unknown as { typeAnnotation: TypeNode }).typeAnnotation
    : undefined;
}

// --- its type ----------------------------------------------------------------------------------

function readFound(entry: Found): Param | Obstacle {
  const { context, fallback, name, rest } = entry;
  const value = fallback && literalOf(context, fallback);
  const accepted = acceptedBy(entry, value);
  const type = entry.type === undefined ? "" : textOf(entry.type.context.module, entry.type.node);
  if (!accepted.ok) {
    const [home, at] = entry.type ? [entry.type.context, entry.type.node] : [context, fallback];
    const place = at === undefined ? entry.place : placeOf(home.module.file, at);
    return { param: name, type, why: accepted.why, allowed: ALLOWED, place };
  }
  if (rest && !accepted.many) {
    const why = "a rest parameter needs an array type";
    return { param: name, type, why, allowed: ALLOWED, place: entry.place };
  }
  const option = kebabCase(name);
  if (option === "") {
    const why = "its name has no letter an option could be called by";
    return { param: name, type, why, place: entry.place };
  }
  return {
    name,
    option,
    type: accepted.type,
    many: accepted.many,
    rest,
    positional: !entry.member && accepted.type.kind !== "boolean",
    required: !rest && fallback === undefined && !entry.optional && !accepted.optional,
    negatable: accepted.type.kind === "boolean",
    ...(fallback !== undefined && { defaultText: textOf(context.module, fallback) }),
    ...(value !== undefined && isDefault(value.value) && { default: value.value }),
    ...(entry.help !== undefined && entry.help !== "" && { help: entry.help }),
    place: entry.place,
  };
}

function acceptedBy(
  { context, type, fallback }: Found,
  value: { readonly value: unknown } | undefined,
): Accepted | Refused {
  if (type !== undefined) return readType(type.context, type.node);
  if (fallback === undefined) {
    return refused("it has neither a type nor a default; write one, such as `: string`");
  }
  if (fallback.type === "TSAsExpression" || fallback.type === "TSTypeAssertion") {
    if (!isConst(fallback.typeAnnotation)) {
      return readType(context, fallback.typeAnnotation);
    }
    const literal = value && typeOfLiteral(value.value);
    if (literal !== undefined) return literal;
  }
  if (value === undefined) {
    return refused("its default is not a literal, so its type has to be written");
  }
  return typeOfValue(value.value) ?? refused("its default has no type that a word could have");
}

function isConst(type: TypeNode): boolean {
  return type.type === "TSTypeReference" && type.typeName.type === "Identifier" &&
    type.typeName.name === "const";
}

function literalOf({ scope, module }: TypeContext, node: Expression) {
  const place = placeOf(module.file, node);
  return evaluate(scope, { module, node, place, docs: [], constant: true });
}

/** Signatures are stored as JSON, so a bigint is kept as its text only. */
function isDefault(value: unknown): value is Scalar | readonly Scalar[] {
  if (!isJson(value) || value === null) return false;
  if (Array.isArray(value)) return value.every((element) => isDefault(element));
  return typeof value !== "object";
}

// --- all of them -------------------------------------------------------------------------------

/** Options that are written alike. */
function collisions(params: readonly Param[]): Obstacle[] {
  const obstacles: Obstacle[] = [];
  const owners = new Map<string, string>();
  for (const { name, option, type, negatable, place } of params) {
    const names = negatable ? [option, `no-${option}`] : [option];
    for (const taken of names) {
      const owner = owners.get(taken);
      if (owner === undefined) owners.set(taken, name);
      else {
        const why = `--${taken} already belongs to "${owner}"; rename one of them`;
        obstacles.push({ param: name, type: typeText(type), why, place: place! });
        break;
      }
    }
  }
  return obstacles;
}

function typeText(type: ParamType): string {
  return type.kind === "choice"
    ? type.choices.map((choice) => JSON.stringify(choice)).join(" | ")
    : type.kind;
}

function textBefore(module: Module, start: number): string | undefined {
  return docBefore(module, start)?.doc.text.replace(/\s+/g, " ");
}

/** A pattern without its annotation. */
function bareText(module: Module, node: { readonly type: string }): string {
  const { typeAnnotation, ...rest } = node as Partial<Record<"typeAnnotation", { start: number }>>;
  const { start, end } = span(rest);
  return textOf(module, { start, end: typeAnnotation?.start ?? end }).trimEnd();
}

/** The source of a node, on one line. */
function textOf(
  module: Module,
  node: { start?: number | null; end?: number | null } | undefined,
): string {
  if (node === undefined) return "";
  const { start, end } = span(node);
  return module.text.slice(start, end).replace(/\s+/g, " ");
}
