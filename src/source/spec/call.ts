/**
 * The address of a function (toml-spec §13.1): `call = "package.module:function('x')"` of Python,
 * `call = "./file.ts:function('x')"` of JavaScript or TypeScript. The ending of a path decides.
 *
 * @module
 */

import type { Value } from "../../model/action.ts";

/** An address, taken apart. */
export type CallTarget =
  | {
    readonly language: "python";
    /** Dotted. */
    readonly module: string;
    /** Dotted; absent: the module itself is run. */
    readonly name?: string;
    /** What stands between the parentheses, for Python to read. */
    readonly args?: string;
  }
  | {
    readonly language: "script";
    /** Relative to the project root. */
    readonly path: string;
    /** Dotted; absent: the default export. */
    readonly name?: string;
    /** What stands between the parentheses: literals. Absent: the function gets the context. */
    readonly args?: string;
  };

const PYTHON =
  /^(?<module>[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*)(?::(?<name>[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*)(?:\((?<args>[^]*)\))?)?$/u;
const SCRIPT =
  /^(?<path>[^]+?\.(?:[cm]?[jt]s|[jt]sx))(?::(?<name>[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*)(?:\((?<args>[^]*)\))?)?$/u;

/**
 * Take an address apart.
 *
 * @returns the parts, or why it is none
 * @example readCall("tools.db:migrate(dry=True)") // { language: "python", module: "tools.db", … }
 */
export function readCall(text: string): CallTarget | { readonly why: string } {
  const address = text.trim();
  for (const [language, pattern] of [["script", SCRIPT], ["python", PYTHON]] as const) {
    const { groups } = pattern.exec(address) ?? {};
    // What is not there is `undefined` among the groups, and absent here.
    if (groups) {
      const parts = Object.entries(groups).filter(([, part]) => part !== undefined);
      return { language, ...Object.fromEntries(parts) } as CallTarget;
    }
  }
  if (address === "") return { why: "it is empty" };
  if (/[\\/]/.test(address.replace(/\(.*/s, ""))) {
    return { why: "a path ends in .ts, .mts, .cts, .tsx, .js, .mjs, .cjs or .jsx" };
  }
  if (address.includes("(") && !address.endsWith(")")) {
    return { why: "the parenthesis is not closed" };
  }
  if (address.includes("(") && !address.includes(":")) {
    return { why: "a colon stands between the module and the function" };
  }
  return { why: "a module and a function are dotted names" };
}

/**
 * The literals between the parentheses of a script's address (JSON5, and `undefined`). Nothing is
 * run; the parser is loaded for the first list that is not empty.
 *
 * @returns the values, or what is no literal
 * @example await readLiterals("'x', { n: [1, 2] }") // { values: ["x", { n: [1, 2] }] }
 */
export async function readLiterals(
  text: string,
): Promise<{ readonly values: readonly Value[] } | { readonly why: string }> {
  if (text.trim() === "") return { values: [] };
  const { parseExpression } = await import("@babel/parser");
  const source = `[${text}\n]`;
  let list: LiteralNode;
  try {
    list = parseExpression(source, { attachComment: false }) as unknown as LiteralNode;
  } catch {
    return { why: "its arguments are not a list of literals" };
  }
  if (list.type !== "ArrayExpression") return { why: "its arguments are not a list of literals" };
  const found = literalOf(list, source);
  return "why" in found ? found : { values: found.value as readonly Value[] };
}

/** As much of a syntax node as literals are made of. */
export interface LiteralNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly value?: unknown;
  readonly name?: string;
  readonly operator?: string;
  readonly argument?: LiteralNode;
  readonly elements?: readonly (LiteralNode | null)[];
  readonly properties?:
    readonly (LiteralNode & { readonly key: LiteralNode; readonly computed: boolean })[];
}

type Found = { readonly value: Value } | { readonly why: string };

/** The value of a node that is a literal. Nothing is run. */
export function literalOf(node: LiteralNode, text: string): Found {
  const refused = { why: `${text.slice(node.start, node.end)} is not a literal` };
  switch (node.type) {
    case "StringLiteral":
    case "NumericLiteral":
    case "BooleanLiteral":
      return { value: node.value };
    case "NullLiteral":
      return { value: null };
    case "Identifier":
      if (node.name === "undefined") return { value: undefined };
      if (node.name === "Infinity") return { value: Infinity };
      return node.name === "NaN" ? { value: NaN } : refused;
    case "UnaryExpression": {
      const operand = literalOf(node.argument!, text);
      if ("why" in operand || typeof operand.value !== "number") return refused;
      if (node.operator === "-") return { value: -operand.value };
      return node.operator === "+" ? operand : refused;
    }
    case "ArrayExpression": {
      const values: Value[] = [];
      for (const element of node.elements!) {
        if (element === null) return { why: "an element of a list is missing" };
        const found = literalOf(element, text);
        if ("why" in found) return found;
        values.push(found.value);
      }
      return { value: values };
    }
    case "ObjectExpression": {
      const entries: [string, Value][] = [];
      for (const property of node.properties!) {
        const { key, computed } = property;
        if (property.type !== "ObjectProperty" || computed) return refused;
        const found = literalOf(property.value as LiteralNode, text);
        if ("why" in found) return found;
        entries.push([key.type === "Identifier" ? key.name! : String(key.value), found.value]);
      }
      return { value: Object.fromEntries(entries) };
    }
    default:
      return refused;
  }
}
