/**
 * The canonical text of a piece of syntax: a node comes in, a text goes out that is the same for
 * two pieces exactly when they are the same but for comments, formatting and types. The structure
 * itself is written, so that a line end that changes the meaning (`return⏎x`) changes the text.
 *
 * @module
 */

import { isNode, keyName, type Node, runtimeFields, runtimeNode } from "./_identity_nodes.ts";

export interface TextOptions {
  /** Calls of `task` and `group` that are written as no more than that. */
  readonly elided?: ReadonlySet<unknown>;
  /** Names that are used; imports of others are left out, as types are imported like values. */
  readonly used?: ReadonlySet<string>;
}

/** Kinds of nodes with a key that may be written with or without quotes. */
const KEYED = /^(?:Object|Class)(?:Property|Method)$|^ClassAccessorProperty$|^TSEnumMember$/;

export function canonicalText(node: unknown, options: TextOptions = {}): string {
  const parts: string[] = [];
  write(node);
  return parts.join("");

  function write(value: unknown): void {
    if (Array.isArray(value)) {
      parts.push("[");
      for (const element of value) {
        write(element);
        parts.push(",");
      }
      parts.push("]");
    } else if (!isNode(value)) parts.push(atom(value));
    else {
      const inner = runtimeNode(value);
      if (inner !== undefined) writeNode(inner);
    }
  }

  function writeNode(node: Node): void {
    if (options.elided?.has(node)) {
      parts.push("(task)");
      return;
    }
    parts.push("(", node.type);
    const key = KEYED.test(node.type) && node.computed !== true ? keyName(node) : undefined;
    for (const [name, value] of runtimeFields(node)) {
      parts.push(" ", name, "=");
      if (name === "key" && key !== undefined) parts.push(JSON.stringify(key));
      else if (name === "specifiers") writeSpecifiers(value as Node[]);
      else if (name === "children") write((value as Node[]).flatMap(jsxChild));
      else write(value);
    }
    parts.push(")");
  }

  /** In the order of their texts: formatters sort them, and nothing depends on it. */
  function writeSpecifiers(specifiers: readonly Node[]): void {
    const { used } = options;
    const texts = specifiers
      .filter((node) => used === undefined || !isUnusedImport(node, used))
      .map((node) => canonicalText(node, options));
    parts.push("[", ...texts.sort().flatMap((text) => [text, ","]), "]");
  }
}

function isUnusedImport(node: Node, used: ReadonlySet<string>): boolean {
  return node.type.startsWith("Import") && !used.has((node.local as Node).name as string);
}

function atom(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "object":
      return value === null ? "~" : record(value as Record<string, unknown>);
    default:
      return String(value);
  }
}

/** The value of a template's piece, `{ raw, cooked }`. */
function record(value: Record<string, unknown>): string {
  return `{${Object.keys(value).sort().map((key) => `${key}:${atom(value[key])}`).join(",")}}`;
}

/** The text between tags as it will be: line ends and the indentation around them do not count. */
function jsxChild(node: Node): Node[] {
  if (node.type !== "JSXText") return [node];
  const lines = (node.value as string).split(/\r\n?|\n/);
  const text = lines.map((line, index) => {
    const left = index === 0 ? line : line.replace(/^[ \t]+/, "");
    return index === lines.length - 1 ? left : left.replace(/[ \t]+$/, "");
  }).filter((line) => line !== "").join(" ");
  return text === "" ? [] : [{ type: "JSXText", value: text }];
}
