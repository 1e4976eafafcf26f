/**
 * Where the options of a task or group stand: the text of a `tasks.ts` comes in, stretches of it go
 * out. Only a problem that has to be shown asks, so the text is parsed for that.
 *
 * What is found is what is written where the task is made, or in a constant of the same module. An
 * option that comes from elsewhere is found nowhere, and the task's name has to do.
 *
 * @module
 */

import type { AbsolutePath } from "../../model/id.ts";
import type { OptionOf } from "../../model/place.ts";
import { camelCase } from "../spec/property.ts";
import {
  type Expression,
  loadParser,
  type ObjectExpression,
  propertyName,
  type Span,
  span,
  unwrapped,
} from "./_syntax.ts";

/** @returns nothing for what is not written out */
export type OptionSpans = (place: OptionOf) => Span | undefined;

/** Constants that lead to constants: so many are followed. */
const FOLLOWED = 20;

/** @returns nothing for a text that cannot be parsed */
export async function optionSpans(
  file: AbsolutePath,
  text: string,
): Promise<OptionSpans | undefined> {
  const parsed = (await loadParser())(file, text);
  if (!parsed.ok) return undefined;
  /** What is made, by where its name stands. */
  const made = new Map<number, Expression>();
  const constants = new Map<string, Expression>();

  for (const statement of parsed.value.program.body) {
    if (statement.type === "ExportDefaultDeclaration") {
      const { declaration } = statement;
      add(span(declaration).start, declaration as Expression);
    }
    const node = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (node?.type !== "VariableDeclaration") continue;
    for (const { id, init } of node.declarations) {
      if (id.type !== "Identifier" || !init) continue;
      if (node.kind === "const") constants.set(id.name, init);
      add(span(id).start, init);
    }
  }
  return ({ offset, option, key }) => {
    const call = resolved(made.get(offset));
    if (call?.type !== "CallExpression") return undefined;
    // The options of a group are its last argument, those of a task the only one that is an object.
    for (const argument of [...call.arguments].reverse()) {
      const found = within(argument as Expression, option, key === true);
      if (found !== undefined) return found;
    }
    return undefined;
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
    for (const property of record.properties) {
      if (property.type !== "ObjectProperty") continue;
      add(span(property.key).start, property.value as Expression);
    }
  }

  function resolved(node: Expression | undefined): Expression | undefined {
    let value = node && unwrapped(node);
    for (let left = FOLLOWED; value?.type === "Identifier" && left > 0; left--) {
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
        const element = here.elements[part];
        if (!element) break;
        found = span(element);
        here = resolved(element as Expression);
      } else if (here?.type === "ObjectExpression") {
        const property = propertyOf(here, String(part));
        if (property === undefined) break;
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
    left = FOLLOWED,
  ): Exclude<ObjectExpression["properties"][number], { type: "SpreadElement" }> | undefined {
    const names = [name, camelCase(name), ...(name === "help" ? ["description"] : [])];
    for (const property of [...properties].reverse()) {
      if (property.type !== "SpreadElement") {
        if (names.includes(propertyName(property) ?? "")) return property;
        continue;
      }
      const spread = left > 0 ? resolved(property.argument) : undefined;
      const found = spread?.type === "ObjectExpression"
        ? propertyOf(spread, name, left - 1)
        : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
