/**
 * `$x`, `${x…}` and the special parameters.
 *
 * @module
 */

import type { ParameterExpansionPart } from "unbash";
import { type PatternCharacter, patternExpression } from "./pattern.ts";
import { FIELD_BREAK, joinPieces, quotedPiece, type WordPiece } from "./pieces.ts";
import type { Shell } from "./state.ts";
import { ShellFault } from "./unwind.ts";
import { isName } from "./variables.ts";
import { expandPattern, operandPieces, separator } from "./words.ts";

/** The value of a plain `$x`, in pieces. Throws `ShellFault` when it is unset under `set -u`. */
export function parameterValue(shell: Shell, name: string, quoted: boolean): readonly WordPiece[] {
  if (name === "@" || name === "*") return positionalPieces(shell, name, quoted);
  const value = lookUp(shell, name);
  if (value === undefined && shell.options.nounset) {
    throw new ShellFault(`${name}: parameter not set`);
  }
  return [{ text: value ?? "", quoted, split: !quoted }];
}

/** The value of `${…}`, in pieces. */
export async function parameterPieces(
  shell: Shell,
  part: ParameterExpansionPart,
  quoted: boolean,
): Promise<readonly WordPiece[]> {
  const { parameter: name, operation } = part;
  const own = (text: string): readonly WordPiece[] => [{ text, quoted, split: !quoted }];
  if (part.prefix === "#") {
    if (name === "@" || name === "*") return own(String(shell.positional.length));
    return own(String([...joinPieces(parameterValue(shell, name, true), "")].length));
  }
  if (operation === undefined) return parameterValue(shell, name, quoted);
  if (operation.type === "Default") {
    const { operator, operand } = operation;
    const value = whole(shell, name);
    const missing = value === undefined || (operator.startsWith(":") && value === "");
    switch (operator.at(-1)) {
      case "+":
        return missing ? nothing(quoted) : await operandPieces(shell, operand, quoted);
      case "-":
        return missing
          ? await operandPieces(shell, operand, quoted)
          : parameterValue(shell, name, quoted);
      case "=": {
        if (!missing) return parameterValue(shell, name, quoted);
        if (!isName(name)) throw new ShellFault(`${name}: bad variable name`);
        const text = joinPieces(await operandPieces(shell, operand, quoted), separator(shell));
        shell.variables.set(name, text);
        return own(text);
      }
      default: {
        if (!missing) return parameterValue(shell, name, quoted);
        const words = joinPieces(await operandPieces(shell, operand, true), separator(shell));
        throw new ShellFault(`${name}: ${words || "parameter not set or null"}`);
      }
    }
  }
  if (operation.type === "Remove") {
    const value = joinPieces(parameterValue(shell, name, true), separator(shell));
    return own(remove(value, operation.operator, await expandPattern(shell, operation.operand)));
  }
  // `unsupported` finds these before anything runs.
  throw new ShellFault("Bad substitution");
}

/** `"${x:+y}"` is an empty field, `${x:+y}` none. */
function nothing(quoted: boolean): readonly WordPiece[] {
  return quoted ? [quotedPiece("")] : [];
}

/** A parameter as one text; undefined when it is unset. */
function whole(shell: Shell, name: string): string | undefined {
  if (name !== "@" && name !== "*") return lookUp(shell, name);
  return shell.positional.length === 0 ? undefined : shell.positional.join(separator(shell));
}

function lookUp(shell: Shell, name: string): string | undefined {
  switch (name) {
    case "#":
      return String(shell.positional.length);
    case "?":
      return String(shell.status);
    case "$":
      return String(shell.system.pid);
    case "!":
      return shell.lastJob === undefined ? undefined : String(shell.lastJob);
    case "-":
      return optionLetters(shell);
    case "0":
      return shell.name;
    default:
      return /^[0-9]+$/.test(name) ? shell.positional[Number(name) - 1] : shell.variables.get(name);
  }
}

function optionLetters(shell: Shell): string {
  const { errexit, nounset, xtrace, noglob, noclobber, allexport } = shell.options;
  // In the order of dash, for those who compare.
  return [
    nounset && "u",
    allexport && "a",
    noclobber && "C",
    xtrace && "x",
    noglob && "f",
    errexit && "e",
  ].filter(Boolean).join("");
}

function positionalPieces(shell: Shell, name: "@" | "*", quoted: boolean): readonly WordPiece[] {
  if (quoted && name === "*") return [quotedPiece(shell.positional.join(separator(shell)))];
  return shell.positional.flatMap((text, at): WordPiece[] => {
    const piece = { text, quoted, split: !quoted };
    return at === 0 ? [piece] : [FIELD_BREAK, piece];
  });
}

function remove(value: string, operator: string, pattern: readonly PatternCharacter[]): string {
  const expression = patternExpression(pattern);
  const head = operator.startsWith("#");
  const longest = operator.length === 2;
  // Lengths from short to long, or the other way round, of the part that goes.
  for (let step = 0; step <= value.length; step++) {
    const length = longest ? value.length - step : step;
    const gone = head ? value.slice(0, length) : value.slice(value.length - length);
    if (expression.test(gone)) {
      return head ? value.slice(length) : value.slice(0, value.length - length);
    }
  }
  return value;
}
