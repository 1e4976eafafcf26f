/**
 * The syntax tree: the text of one module comes in, its statements and comments go out. The parser
 * is loaded on the first call, so that a run that reads no `tasks.ts` does not pay for it.
 *
 * @module
 */

import type { parse, ParserPlugin } from "@babel/parser";
import type { AbsolutePath } from "../../model/id.ts";
import type { Place } from "../../model/place.ts";
import type { Outcome } from "../../model/problem.ts";

// The parser's package names its node types only through its result, so they are taken from there.
export type Program = ReturnType<typeof parse>["program"];
export type Statement = Program["body"][number];
export type Expression = Of<"ExpressionStatement">["expression"];
export type FunctionDeclaration = Of<"FunctionDeclaration">;
export type ClassDeclaration = Of<"ClassDeclaration">;
export type VariableDeclarator = Of<"VariableDeclaration">["declarations"][number];
export type ObjectExpression = ExpressionOf<"ObjectExpression">;
export type ArrayExpression = ExpressionOf<"ArrayExpression">;
export type CallExpression = ExpressionOf<"CallExpression">;
export type ObjectMethod = Extract<ObjectExpression["properties"][number], {
  type: "ObjectMethod";
}>;
export type ClassMethod = Extract<
  ClassDeclaration["body"]["body"][number],
  { type: "ClassMethod" }
>;
export type Parameter = FunctionDeclaration["params"][number];
export type TypeDeclaration =
  | Of<"TSTypeAliasDeclaration">
  | Of<"TSInterfaceDeclaration">
  | Of<"TSEnumDeclaration">;
export type TypeNode = Of<"TSTypeAliasDeclaration">["typeAnnotation"];
export type TypeMember = Of<"TSInterfaceDeclaration">["body"]["body"][number];

/** Whatever can stand as the body of a task. */
export type FunctionNode =
  | FunctionDeclaration
  | ExpressionOf<"FunctionExpression">
  | ExpressionOf<"ArrowFunctionExpression">
  | ObjectMethod
  | ClassMethod;

type Of<T extends string> = Extract<Statement, { type: T }>;
type ExpressionOf<T extends string> = Extract<Expression, { type: T }>;

/** A stretch of a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A doc comment, without its delimiters. */
export interface DocComment extends Span {
  readonly value: string;
}

/** One parsed text. */
export interface Syntax {
  readonly program: Program;
  /** In the order of the text. */
  readonly docs: readonly DocComment[];
}

/** All of today's syntax that the parser does not take for granted. */
const PLUGINS: readonly ParserPlugin[] = [
  "typescript",
  "explicitResourceManagement",
  "decoratorAutoAccessors",
  "deferredImportEvaluation",
];

/** A parser that is ready: the text of a module -> its syntax, or `E_TS_SYNTAX`. */
export type Parser = (file: AbsolutePath, text: string) => Outcome<Syntax>;

/** Load the parser. */
export async function loadParser(): Promise<Parser> {
  const { parse } = await import("@babel/parser");

  function attempt(file: AbsolutePath, text: string, decorators: ParserPlugin) {
    const jsx: readonly ParserPlugin[] = /\.[jt]sx$/.test(file) ? ["jsx"] : [];
    return parse(text, {
      sourceType: "module",
      attachComment: false,
      plugins: [...PLUGINS, ...jsx, decorators],
    });
  }

  return (file, text) => {
    try {
      return syntax(attempt(file, text, "decorators"));
    } catch (error) {
      // Decorators on parameters and before `export` exist in the older dialect only.
      if (text.includes("@")) {
        try {
          return syntax(attempt(file, text, "decorators-legacy"));
        } catch {
          // The first error is the one that speaks of today's language.
        }
      }
      const { detail, offset } = described(error);
      return { ok: false, problems: [{ code: "E_TS_SYNTAX", place: { file, offset }, detail }] };
    }
  };
}

/** Where a node stands. */
export function span(node: { start?: number | null; end?: number | null }): Span {
  return { start: node.start ?? 0, end: node.end ?? node.start ?? 0 };
}

/** The place of a node. */
export function placeOf(
  file: AbsolutePath,
  node: { start?: number | null; end?: number | null },
): Place {
  const { start, end } = span(node);
  return { file, offset: start, length: end - start };
}

/** An expression without the wrappers that mean something to types only. */
export function unwrapped(node: Expression | FunctionNode): Expression | FunctionNode {
  switch (node.type) {
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
    case "ParenthesizedExpression":
      return unwrapped(node.expression);
    default:
      return node;
  }
}

/** The name of a property, where it is written out. */
export function propertyName(
  property: { readonly key: { type: string }; readonly computed?: boolean | undefined },
): string | undefined {
  const key = property.key as { type: string; name?: string; value?: unknown };
  if (key.type === "StringLiteral" || key.type === "NumericLiteral") return String(key.value);
  return key.type === "Identifier" && property.computed !== true ? key.name : undefined;
}

/** What stands behind the dot or in the brackets, where it is written out. */
export function memberKey(
  node: { property: { type: string }; computed: boolean },
): string | number | undefined {
  const property = node.property as { type: string; name?: string; value?: unknown };
  if (!node.computed) return property.type === "Identifier" ? property.name : undefined;
  if (property.type === "StringLiteral") return property.value as string;
  return property.type === "NumericLiteral" ? property.value as number : undefined;
}

function syntax(file: ReturnType<typeof parse>): Outcome<Syntax> {
  const docs = (file.comments ?? [])
    .filter((comment) => comment.type === "CommentBlock" && comment.value.startsWith("*"))
    .map((comment) => ({ value: comment.value.slice(1), ...span(comment) }));
  return { ok: true, value: { program: file.program, docs }, warnings: [] };
}

function described(error: unknown): { detail: string; offset: number } {
  if (error instanceof RangeError) return { detail: "it is nested too deep", offset: 0 };
  if (!(error instanceof SyntaxError)) throw error;
  const at = (error as { loc?: { index?: number } }).loc?.index ?? 0;
  return { detail: error.message.replace(/ \(\d+:\d+\)$/, ""), offset: at };
}
