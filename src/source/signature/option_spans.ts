/**
 * Where the options of a task or group stand: the text of a `tasks.ts` comes in, stretches of it go
 * out. Only a problem that has to be shown asks, so the text is parsed for that.
 *
 * What is found is what is written where the task is made, or in a constant of the same module. Where
 * something that cannot be read here may have given the value, nothing is found, and the task's name
 * has to do: a place that is wrong is worse than one that is coarse.
 *
 * @module
 */

import type { AbsolutePath } from "../../model/id.ts";
import type { OptionOf } from "../../model/place.ts";
import {
  type Expression,
  loadParser,
  type ObjectExpression,
  type Program,
  propertyName,
  type Span,
  span,
  unwrapped,
} from "./_syntax.ts";

/** @returns nothing for what is not written out */
export type OptionSpans = (place: OptionOf) => Span | undefined;

/** So many names and spreads are followed for one question. */
const FOLLOWED = 1000;

type Property = Exclude<ObjectExpression["properties"][number], { type: "SpreadElement" }>;

/** @returns nothing for a text that cannot be parsed */
export async function optionSpans(
  file: AbsolutePath,
  text: string,
): Promise<OptionSpans | undefined> {
  const parsed = (await loadParser())(file, text);
  if (!parsed.ok) return undefined;
  const { program } = parsed.value;
  const isApi = apiOf(program);
  /** What is made, by where its name stands. */
  const made = new Map<number, Expression>();
  const constants = new Map<string, Expression>();
  let left = 0;

  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration") {
      const { declaration } = statement;
      add(span(declaration).start, declaration as Expression);
    }
    const node = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (node?.type !== "VariableDeclaration" || node.kind !== "const") continue;
    for (const { id, init } of node.declarations) {
      if (id.type !== "Identifier" || !init) continue;
      constants.set(id.name, init);
      add(span(id).start, init);
    }
  }
  return ({ offset, argument, option, key }) => {
    left = FOLLOWED;
    const call = resolved(made.get(offset));
    if (call?.type !== "CallExpression" || !isApi(call.callee as Expression)) return undefined;
    const before = call.arguments.slice(0, argument + 1);
    if (before.length <= argument || before.some(({ type }) => type === "SpreadElement")) {
      return undefined;
    }
    return within(before[argument] as Expression, option, key === true);
  };

  function add(offset: number, node: Expression): void {
    made.set(offset, node);
    const value = unwrapped(node);
    if (value.type === "CallExpression") value.arguments.forEach((each) => members(each));
    else members(value);
  }

  /** A record of tasks, or of what else. */
  function members(node: { readonly type: string }): void {
    const record = unwrapped(node as Expression);
    if (record.type !== "ObjectExpression") return;
    const last = record.properties.findLastIndex(({ type }) => type === "SpreadElement");
    for (const property of record.properties.slice(last + 1)) {
      if (property.type !== "ObjectProperty") continue;
      add(span(property.key).start, property.value as Expression);
    }
  }

  function resolved(node: Expression | undefined): Expression | undefined {
    let value = node && unwrapped(node);
    while (value?.type === "Identifier" && left-- > 0) {
      const next = constants.get(value.name);
      value = next && unwrapped(next);
    }
    return value as Expression | undefined;
  }

  /** As far down as it is written. */
  function within(node: Expression, path: OptionOf["option"], key: boolean): Span | undefined {
    let found: Span | undefined;
    let here = resolved(node);
    for (const [index, part] of path.entries()) {
      if (here?.type === "ArrayExpression" && typeof part === "number") {
        const elements = here.elements.slice(0, part + 1);
        const element = elements[part];
        if (!element || elements.some((each) => each?.type === "SpreadElement")) break;
        found = span(element);
        here = resolved(element as Expression);
      } else if (here?.type === "ObjectExpression") {
        const property = propertyOf(here, String(part));
        // What is unclear is as good as not written.
        if (property === "unclear" || property === undefined) break;
        const method = property.type === "ObjectMethod";
        found = span(method || key && index === path.length - 1 ? property.key : property.value);
        here = method ? undefined : resolved(property.value as Expression);
      } else break;
    }
    return found;
  }

  /** The last one of a name counts, and properties of objects that are spread are its own. */
  function propertyOf(
    { properties }: ObjectExpression,
    name: string,
  ): Property | "unclear" | undefined {
    for (const property of [...properties].reverse()) {
      if (property.type !== "SpreadElement") {
        const own = propertyName(property);
        if (own === undefined) return "unclear";
        if (own === name) return property;
        continue;
      }
      const spread = left-- > 0 ? resolved(property.argument) : undefined;
      if (spread?.type !== "ObjectExpression") return "unclear";
      const found = propertyOf(spread, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Is something a function of ntask's? */
function apiOf({ body }: Program): (callee: Expression) => boolean {
  const names = new Set<string>();
  const namespaces = new Set<string>();
  for (const statement of body) {
    if (statement.type !== "ImportDeclaration" || statement.source.value !== "ntask") continue;
    for (const { type, local } of statement.specifiers) {
      (type === "ImportNamespaceSpecifier" ? namespaces : names).add(local.name);
    }
  }
  return (callee) => {
    const node = unwrapped(callee);
    if (node.type === "Identifier") return names.has(node.name);
    return node.type === "MemberExpression" && node.object.type === "Identifier" &&
      namespaces.has(node.object.name);
  };
}
