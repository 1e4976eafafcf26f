/**
 * A script with placeholders -> a script without, in the language of whatever runs it (toml-spec
 * §7.5). For a POSIX shell that is `shell_text.ts`; this has the other languages, and the choice.
 *
 * A value becomes a variable `NTASK_ARG_1`, `NTASK_ARG_2`, … of the environment in every language,
 * and the placeholder a reference to it. Where a language has no safe reference the script is
 * refused when it is loaded.
 *
 * @module
 */

import type { Text } from "../../model/action.ts";
import type { Dialect, Interpreter } from "../../model/interpreter.ts";
import type { Place } from "../../model/place.ts";
import type { Outcome, Problem } from "../../model/problem.ts";
import { scanCmd } from "./_cmd_scan.ts";
import { narrow } from "./_narrow.ts";
import { scanPwsh } from "./_pwsh_scan.ts";
import { scanPython } from "./_python_scan.ts";
import { createCursor, type ScriptPiece, type ScriptScan } from "./_script_scan.ts";
import { scanShell, shellParts, type ShellTemplate } from "./_shell_scan.ts";
import { type Context, evaluatePart, type Faults, outcome, spliceArguments } from "./expand.ts";
import { dialectOf, interpreterName } from "./interpreter.ts";
import { argumentUses, checkPlaceholders, everyUse, type Part } from "./placeholder.ts";
import { continued, expandShell, quoteShown, type ShellText } from "./shell_text.ts";
import { parseProblem, type WordFault } from "./words.ts";

/** A script as written. */
export type ScriptTemplate =
  | { readonly dialect: "posix"; readonly template: ShellTemplate }
  | { readonly dialect: Exclude<Dialect, "posix">; readonly template: ScriptScan };

/** How a language refers to values, and how it is handed what no placeholder asks for. */
interface Language {
  scan(text: string): ScriptScan;
  /** One value as `{args.0}` puts it in. */
  one(refer: Refer, value: string | undefined, quote: string): string;
  /** `{args}` outside of quotes. */
  many(refer: Refer, values: readonly string[]): string;
  /** What is passed on, for a script without a placeholder for it. */
  rest(script: string, refer: Refer, scan: ScriptScan, rest: readonly string[]): {
    readonly script: string;
    readonly positional: readonly string[];
  };
  /** The whole, when there is a value in it. */
  whole?(script: string): string;
}

/** The name of the variable that holds a value. */
type Refer = (value: string) => string;

/** Behind a script for PowerShell, whose `-Command` ends with 1 for every failure: its real status. */
export const PWSH_STATUS =
  "if ($?) { exit 0 } elseif ($LASTEXITCODE) { exit $LASTEXITCODE } else { exit 1 }";

const pwsh: Language = {
  scan: scanPwsh,
  one: (refer, value) => value === undefined ? "" : `\${env:${refer(value)}}`,
  many: (refer, values) => values.map((value) => `\${env:${refer(value)}}`).join(" "),
  rest(script, refer, { positionals }, rest) {
    const references = pwsh.many(refer, rest);
    if (rest.length === 0) return { script, positional: [] };
    // `-Command` takes everything behind it for a part of the script.
    const made = positionals
      ? `& {\n${script}\n${PWSH_STATUS}\n} ${references}`
      : `${script.trimEnd()} ${references}`;
    return { script: made, positional: [] };
  },
};

const cmd: Language = {
  scan: scanCmd,
  one(refer, value, quote) {
    if (value === undefined) return "";
    const text = quote === "" ? wordForProgram(value) : insideQuotes(value);
    return `!${refer(text)}!`;
  },
  many: (refer, values) => values.map((value) => `!${refer(wordForProgram(value))}!`).join(" "),
  rest(script, _, { positionals }, rest) {
    const made = rest.length > 0 && !positionals ? `${script.trimEnd()} %*` : script;
    return { script: made, positional: rest };
  },
  whole: (script) => `@setlocal EnableDelayedExpansion\n${script}`,
};

const python: Language = {
  scan: scanPython,
  one(refer, value, quote) {
    if (value === undefined) return quote === "" ? '""' : "";
    const inner = quote.includes("'") ? '"' : "'";
    const item = `__import__(${inner}os${inner}).environ[${inner}${refer(value)}${inner}]`;
    return quote === "" ? item : `{${item}}`;
  },
  many: (refer, values) => `[${values.map((value) => python.one(refer, value, "")).join(", ")}]`,
  rest: (script, _refer, _scan, rest) => ({ script, positional: rest }),
};

/** Nobody knows how a value is put into it; arguments follow the script. */
const unknown: Language = {
  scan(text) {
    const cursor = createCursor(text);
    while (cursor.at < text.length) {
      const part = cursor.substitute("");
      if (part === undefined) cursor.take(1);
      else if (part !== "escaped") cursor.misplace(part, "nobody knows its rules for quoting");
    }
    return cursor.end(true);
  },
  one: () => "",
  many: () => "",
  rest: (script, _refer, _scan, rest) => ({ script, positional: rest }),
};

const LANGUAGES: Readonly<Record<Exclude<Dialect, "posix">, Language>> = {
  pwsh,
  cmd,
  python,
  unknown,
};

/** Cut a script into pieces. */
export function scanScript(
  text: string,
  interpreter: Interpreter | undefined,
): { readonly template: ScriptTemplate; readonly faults: readonly WordFault[] } {
  const dialect = dialectOf(interpreter);
  if (dialect === "posix") {
    const { template, faults } = scanShell(text);
    return { template: { dialect, template }, faults };
  }
  const template = LANGUAGES[dialect].scan(text);
  return { template: { dialect, template }, faults: template.faults };
}

/** The placeholders of a script. */
export function scriptParts(script: ScriptTemplate): readonly Part[] {
  if (script.dialect === "posix") return shellParts(script.template);
  return script.template.pieces.flatMap((piece) => piece.kind === "text" ? [] : [piece.part]);
}

/**
 * Read a script.
 *
 * @returns its template; or E_PLACEHOLDER, E_ARG_PLACE, and E_CMD_PARSE for a default that cannot
 * be split
 */
export function parseScript(
  script: Text,
  interpreter: Interpreter | undefined,
  task?: string,
): Outcome<ScriptTemplate> {
  const { text, place } = script;
  const { template, faults } = scanScript(text, interpreter);
  const problems: Problem[] = [
    ...checkPlaceholders(scriptParts(template), task, place),
    ...faults.map((fault) => parseProblem(fault, task, place)),
  ];
  if (template.dialect !== "posix") {
    for (const { part, why, instead } of template.template.misplaced) {
      const written = text.slice(part.offset, part.offset + part.length);
      problems.push({
        code: "E_ARG_PLACE",
        ...(task !== undefined && { task }),
        ...narrow(place, part.offset, part.length),
        text: written,
        interpreter: interpreterName(interpreter),
        why,
        instead: instead ?? `hand it over as a variable, env = { VALUE = "${written}" }, ` +
            `or write \\${written} where it is no placeholder`,
      });
    }
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: template, warnings: [] };
}

/**
 * The script to run.
 *
 * @param rest what is passed on; a hook gives `[]`
 * @returns the script; or R_ARG_HEREDOC, R_ARG_VALUE, R_ARG_MISSING, R_ENV_UNSET
 */
export function expandScript(
  script: ScriptTemplate,
  context: Context,
  place: Place,
  rest: readonly string[],
): Outcome<ShellText> {
  if (script.dialect === "posix") return expandShell(script.template, context, place, rest);
  return expandIn(LANGUAGES[script.dialect], script.template, context, place, rest);
}

function expandIn(
  language: Language,
  scan: ScriptScan,
  context: Context,
  place: Place,
  rest: readonly string[],
): Outcome<ShellText> {
  const faults: Faults = { found: [], place };
  const names = new Map<string, string>();
  const refer = (value: string) => {
    const name = names.get(value) ?? `NTASK_ARG_${names.size + 1}`;
    names.set(value, name);
    return name;
  };
  let text = "";
  let shown = "";
  for (const piece of scan.pieces) {
    const [made, show] = pieceOf(piece);
    text += made;
    shown += show;
  }
  if (scan.pieces.some(({ kind }) => kind === "placeholder")) text = language.whole?.(text) ?? text;
  let placed = false;
  for (const use of everyUse(argumentUses(scriptParts({ dialect: "unknown", template: scan })))) {
    placed ||= use.argument.kind === "args";
  }
  const passed = placed ? [] : rest;
  const { script, positional } = language.rest(text, refer, scan, passed);
  if (passed.length > 0) shown = [continued(shown), ...passed.map(quoteShown)].join(" ");
  const variables = Object.fromEntries([...names].map(([value, name]) => [name, value]));
  return outcome(faults, { script, variables, positional, shown });

  function pieceOf(piece: ScriptPiece): readonly [made: string, shown: string] {
    if (piece.kind === "text") return [piece.text, piece.text];
    const { part, quote, words } = piece;
    if (part.head.kind === "args" && quote === "") {
      const values = spliceArguments(words, context, faults);
      return [language.many(refer, values), values.map(quoteShown).join(" ")];
    }
    const { text, nothing } = evaluatePart(part, context, faults);
    const value = nothing && quote === "" ? undefined : text;
    return [
      language.one(refer, value, quote),
      quote !== "" || value === undefined ? text : quoteShown(text),
    ];
  }
}

/** Why no value can be put into a script for `cmd` that holds placeholders, if so. */
export function misplacedInCmd(text: string): string | undefined {
  return scanCmd(text).misplaced[0]?.why;
}

/** A word as the C library of a Windows program takes it for one argument. */
export function wordForProgram(value: string): string {
  if (/^[\w@+:./\\=,-]+$/.test(value) && !value.endsWith("\\")) return value;
  return `"${insideQuotes(value)}"`;
}

/** The same for what stands in quotes already. */
function insideQuotes(value: string): string {
  return value.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, "$&$&");
}
