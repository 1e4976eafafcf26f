/**
 * A signature as people read it: the usage line, and the rows of `--help`.
 *
 * @module
 */

import type { Param, ParamType, Signature } from "../../model/param.ts";

/** A list of choices longer than this is named in the usage line, and written out in the rows. */
const LONGEST_CHOICES = 40;

/**
 * One line that says how a task is called.
 *
 * @example usageLine("release", signature) // "ntask release <version> [--dry-run]"
 */
export function usageLine(task: string, signature: Signature): string {
  return ["ntask", task, paramsLine(signature)].join(" ").trimEnd();
}

/**
 * The part of it that stands for the parameters; empty when there are none.
 *
 * @example paramsLine(signature) // "<version> [--dry-run]"
 */
export function paramsLine({ params }: Signature): string {
  const positions = params.filter((param) => param.positional).map(positionForm);
  const options = params.filter((param) => !param.positional).map(optionForm);
  return [...positions, ...options].join(" ");
}

/** One row of help: what is typed, and what it means. */
export interface ParamLine {
  readonly left: string;
  readonly right: string;
}

/** A row for every parameter, in the order of the signature. */
export function paramLines(signature: Signature): ParamLine[] {
  return signature.params.map((param) => ({ left: leftOf(param), right: rightOf(param) }));
}

/** What a message calls a parameter: `<version>`, `--dry-run`. */
export function labelOf(param: Param): string {
  return param.positional ? `<${param.option}>` : `--${param.option}`;
}

function positionForm({ option, many, required }: Param): string {
  const name = many ? `${option}...` : option;
  return required ? `<${name}>` : `[${name}]`;
}

function optionForm(param: Param): string {
  const { option, type, many, required, negatable } = param;
  if (type.kind === "boolean") {
    if (required) return negatable ? `--${option}|--no-${option}` : `--${option}`;
    return param.default === true && negatable ? `[--no-${option}]` : `[--${option}]`;
  }
  const form = `--${option} <${valueWord(type, option)}>`;
  return (required ? form : `[${form}]`) + (many ? "..." : "");
}

function leftOf(param: Param): string {
  const { option, short, type, positional, required, negatable } = param;
  const flag = negatable && (required || param.default === true)
    ? `--[no-]${option}`
    : `--${option}`;
  const long = type.kind === "boolean" ? flag : `--${option} <${valueWord(type, option)}>`;
  return [
    ...(positional ? [positionForm(param)] : []),
    ...(short === undefined ? [] : [`-${short}`]),
    long,
  ].join(", ");
}

function rightOf(param: Param): string {
  const { help, type, many, positional, required, env, defaultText } = param;
  const notes: string[] = [];
  if (type.kind === "choice" && isLong(type)) notes.push(`choices: ${type.choices.join(", ")}`);
  if (required && !positional) notes.push("required");
  if (many && !positional) notes.push("repeatable");
  // A default that amounts to "nothing" goes without saying.
  if (defaultText !== undefined && !/^(""|''|``|\[\]|false|undefined|null)$/.test(defaultText)) {
    notes.push(`default: ${defaultText}`);
  }
  if (env !== undefined) notes.push(`env: ${env}`);
  return [...(help === undefined ? [] : [help]), ...notes.map((note) => `(${note})`)].join(" ");
}

function valueWord(type: ParamType, option: string): string {
  if (type.kind === "choice") return isLong(type) ? option : type.choices.join("|");
  return type.kind === "bigint" ? "integer" : type.kind;
}

function isLong(type: Extract<ParamType, { kind: "choice" }>): boolean {
  return type.choices.join("|").length > LONGEST_CHOICES;
}
