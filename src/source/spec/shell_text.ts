/**
 * A script with placeholders -> a script without (toml-spec §7.5, §7.6).
 *
 * A value is never written into the script. It becomes a variable `NTASK_ARG_1`, `NTASK_ARG_2`, …
 * of the child's environment, and the placeholder a reference to that variable in the form that
 * fits its position, so that a shell cannot parse a value, whatever it contains.
 *
 * @module
 */

import type { Text } from "../../model/action.ts";
import type { Place } from "../../model/place.ts";
import type { Outcome, Problem } from "../../model/problem.ts";
import { scanShell, shellParts, type ShellTemplate } from "./_shell_scan.ts";
import {
  type Context,
  evaluatePart,
  faultAt,
  type Faults,
  outcome,
  spliceArguments,
  usageOf,
} from "./expand.ts";
import { argumentUses, checkPlaceholders, everyUse, type Placeholder } from "./placeholder.ts";
import { parseProblem } from "./words.ts";

export type { ShellTemplate } from "./_shell_scan.ts";

/** A script ready to run. */
export interface ShellText {
  readonly script: string;
  /** To be added to the child's environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** The script's `$1`, `$2`, … */
  readonly positional: readonly string[];
  /** The script with the values in it, for people to read. Never to be run. */
  readonly shown: string;
}

/**
 * Read a script.
 *
 * @returns its template; or E_PLACEHOLDER, and E_CMD_PARSE for a default that cannot be split
 */
export function parseShell(script: Text, task?: string): Outcome<ShellTemplate> {
  const { template, faults } = scanShell(script.text);
  const problems: Problem[] = [
    ...checkPlaceholders(shellParts(template), task, script.place),
    ...faults.map((fault) => parseProblem(fault, task, script.place)),
  ];
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: template, warnings: [] };
}

/**
 * The script for a POSIX shell, and for the portable shell alike.
 *
 * @param rest what is passed on: it becomes the positional parameters, and ` "$@"` is appended
 * unless the script uses them. A script with `{args}` in it is passed nothing. A hook gives `[]`.
 * @returns the script; or R_ARG_HEREDOC, R_ARG_VALUE, R_ARG_MISSING, R_ENV_UNSET
 * @example expandShell(scanned("p {args}"), context).value.script // 'p "${NTASK_ARG_1}"'
 */
export function expandShell(
  template: ShellTemplate,
  context: Context,
  place?: Place,
  rest: readonly string[] = context.args.rest,
): Outcome<ShellText> {
  const faults: Faults = { found: [], place };
  const names = new Map<string, string>();
  const refer = (value: string): string => {
    let name = names.get(value);
    if (name === undefined) {
      name = `NTASK_ARG_${names.size + 1}`;
      names.set(value, name);
    }
    return `\${${name}}`;
  };
  let script = "";
  let shown = "";
  const add = (text: string, value: string) => {
    script += text;
    shown += value;
  };
  for (const piece of template.pieces) {
    if (piece.kind === "text") {
      add(piece.text, piece.text);
      continue;
    }
    if (piece.kind === "body") {
      add(...hereDocument(piece, context, faults, refer));
      continue;
    }
    const { part, position, calculated } = piece;
    if (!calculated && position === "bare" && part.head.kind === "args") {
      const values = spliceArguments(piece.words, context, faults);
      add(values.map((value) => `"${refer(value)}"`).join(" "), values.map(quoteShown).join(" "));
      continue;
    }
    const value = evaluatePart(part, context, faults);
    if (calculated && value.text !== "" && !NUMBER.test(value.text)) {
      faults.found.push(notANumber(part, context, faults));
    }
    switch (position) {
      case "bare":
        if (!value.nothing) add(`"${refer(value.text)}"`, quoteShown(value.text));
        break;
      case "double":
        add(refer(value.text), value.text);
        break;
      case "single":
        add(`'"${refer(value.text)}"'`, value.text);
        break;
      case "ansi":
        add(`'"${refer(value.text)}"$'`, value.text);
    }
  }
  const placed = placesArgs(template);
  const positional = placed ? [] : rest;
  if (positional.length > 0) shown = [continued(shown), ...positional.map(quoteShown)].join(" ");
  if (positional.length > 0 && !template.positionals) script = `${continued(script)} "$@"`;
  const variables = Object.fromEntries([...names].map(([value, name]) => [name, value]));
  return outcome(faults, { script, variables, positional, shown });
}

function placesArgs(template: ShellTemplate): boolean {
  for (const use of everyUse(argumentUses(shellParts(template)))) {
    if (use.argument.kind === "args") return true;
  }
  return false;
}

/** A script with its trailing blanks and its trailing line continuation taken away. */
export function continued(script: string): string {
  const text = script.trimEnd();
  const backslashes = /\\*$/.exec(text)![0].length;
  return backslashes % 2 === 0 ? text : text.slice(0, -1).trimEnd();
}

const NUMBER = /^\s*[-+]?(?:0[xX][0-9A-Fa-f]+|\d+(?:\.\d+)?)\s*$/;

function notANumber(
  part: Placeholder,
  context: Context,
  faults: Faults,
): Problem<"R_ARG_VALUE"> {
  const { head } = part;
  const name = head.kind === "args"
    ? "{args}"
    : `{${head.kind === "position" || head.kind === "option" ? "args" : head.kind}.${
      head.kind === "position" ? head.index : head.name
    }}`;
  return {
    code: "R_ARG_VALUE",
    ...faultAt(part, context, faults),
    name,
    detail: "the script calculates with it, and it is not a number",
    usage: usageOf(context),
  };
}

/** A word as a person would type it. */
export function quoteShown(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The body of what was a quoted delimiter: as that of a plain one, and as a person reads it. */
function hereDocument(
  piece: Extract<ShellTemplate["pieces"][number], { readonly kind: "body" }>,
  context: Context,
  faults: Faults,
  refer: (value: string) => string,
): readonly [script: string, shown: string] {
  const { parts, delimiter, indented, backquoted } = piece;
  let script = "";
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") {
      text += part;
      const plain = escapeBody(backquoted ? unescapeBody(part) : part);
      script += backquoted ? escapeBody(plain) : plain;
    } else {
      const value = evaluatePart(part, context, faults);
      text += value.text;
      script += refer(value.text);
    }
  }
  // The reference would survive such a line, but the text as the author sees it would not.
  const lines = text.replace(/\n$/, "").split("\n").map((line) =>
    indented ? line.replace(/^\t+/, "") : line
  );
  if (lines.includes(delimiter)) {
    const first = parts.find((part) => typeof part !== "string")!;
    faults.found.push({ code: "R_ARG_HEREDOC", ...faultAt(first, context, faults), delimiter });
  }
  return [script, text];
}

function escapeBody(text: string): string {
  return text.replace(/[\\$`]/g, "\\$&");
}

function unescapeBody(text: string): string {
  return text.replace(/\\([\\$`])/g, "$1");
}
