/**
 * The parser's edges: what of its tree is read in another way than it offers.
 *
 * @module
 */

import { type ArithmeticExpansionPart, type HereDocBody, parse, type SyntaxNode } from "unbash";

const bodies = new WeakMap<ArithmeticExpansionPart, string | HereDocBody>();

/** Characters before the expression in the text that {@linkcode arithmeticBody} parses. */
export const ARITHMETIC_OFFSET = ": <<arithmetic\n".length;

/**
 * The inside of `$((…))` as text to expand before it is evaluated.
 *
 * The tree has an expression, but a shell expands first and parses then: `$((2 $op 3))`. The text
 * follows the rules of a here-document, so it is parsed as one.
 */
export function arithmeticBody(part: ArithmeticExpansionPart): string | HereDocBody {
  const known = bodies.get(part);
  if (known !== undefined) return known;
  const body = parseArithmeticBody(arithmeticText(part));
  bodies.set(part, body);
  return body;
}

/** The text between the parentheses. */
export function arithmeticText(part: ArithmeticExpansionPart): string {
  return part.text.slice(3, -2);
}

function parseArithmeticBody(text: string): string | HereDocBody {
  if (!/[$`\\]/.test(text)) return text;
  const script = parse(`: <<arithmetic\n${text}\narithmetic\n`);
  const command = script.commands[0]?.command;
  const redirect = command?.type === "Command" ? command.redirects[0] : undefined;
  return redirect?.type === "HereDoc" ? redirect.body : text;
}

/** A word's text when it is nothing but text. */
export function literalText(node: SyntaxNode | undefined): string | undefined {
  if (node?.type !== "Word") return undefined;
  const plain = node.parts?.every(({ type }) => type === "Literal" || type === "SingleQuoted");
  return node.parts === undefined || plain ? node.value : undefined;
}
