/**
 * An import that leads nowhere -> a problem that points at the import, whatever the runtime says.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import type { AbsolutePath } from "../model/id.ts";
import { nearest } from "../model/near.ts";
import type { Problem } from "../model/problem.ts";
import { messageOf } from "./load_problem.ts";
import { readModuleText } from "./module_text.ts";

/** What runtimes say of a module they cannot find. */
const NOT_FOUND =
  /cannot find (?:module|package)|module not found|could not resolve|not a dependency/i;

/** The module whose import leads nowhere, where the runtime names it. */
export function importerIn(error: unknown): AbsolutePath | undefined {
  // deno-lint-ignore no-control-regex -- colours begin with one
  const message = messageOf(error).replace(/\x1b\[[\d;]*m/g, "");
  // Bun and Node; Node's `require`; Deno.
  const path = /(?: imported from |^Require stack:\n- )(\S.*)$/m.exec(message)?.[1];
  const url = /^ +at (file:\S+?):\d+:\d+$/m.exec(message)?.[1];
  return (path ?? (url && fromFileUrl(url))) as AbsolutePath | undefined;
}

/** The name of a module in an import, wherever one may stand. */
const IMPORT = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*(["'])([^"'\n]+)\1/g;

/**
 * An import that leads nowhere: the import itself is shown, whatever the runtime says of it.
 *
 * @param resolves whether there is a file for a relative name
 */
export function importProblem(
  error: unknown,
  texts: readonly { readonly file: AbsolutePath; readonly text: string }[],
  resolves: (from: AbsolutePath, specifier: string) => boolean,
): Problem | undefined {
  const message = messageOf(error);
  if (!NOT_FOUND.test(message)) return undefined;
  for (const { file, text } of texts) {
    for (const found of text.matchAll(IMPORT)) {
      const specifier = found[2]!;
      const relative = /^\.{1,2}\//.test(specifier);
      if (relative ? resolves(file, specifier) : !message.includes(specifier)) continue;
      if (specifier === "ntask") continue;
      const offset = found.index + found[0].length - specifier.length - 1;
      const place = { file, offset, length: specifier.length };
      return { code: "E_TS_IMPORT", place, specifier };
    }
  }
  return undefined;
}

/** What runtimes say of a name that a module does not export. */
const NO_EXPORT = new RegExp(
  "export named '([^']+)' not found|export '([^']+)' not found|missing '(default)' export|" +
    "does not (?:have|provide) an export named '([^']+)'",
  "i",
);

/** The names and the module of an import. */
const CLAUSE = /\bimport\s+(?!type\b)([^;"']+?)\s*\bfrom\s*(["'])([^"'\n]+)\2/g;

/** What a module exports, by its text. */
const DECLARED =
  /\bexport\s+(?:declare\s+)?(?:abstract\s+|async\s+)?(?:const(?:\s+enum)?|let|var|function\*?|class|enum|type|interface|namespace)\s+([\w$]+)/g;
const BRACES = /\bexport\s*(?:type\s*)?\{([^}]*)\}/g;
/** Forms of which a text does not say all the names. */
const MORE = /\bexport\s*\*|\bexport\s+(?:const|let|var)\s*[{[]/;

/**
 * A name is imported that its module does not export.
 *
 * @param library what `ntask` exports
 * @param look the text of a local module
 */
export function exportProblem(
  error: unknown,
  texts: readonly { readonly file: AbsolutePath; readonly text: string }[],
  library: readonly string[],
  look: ReturnType<typeof readModuleText>,
): Problem | undefined {
  const found = NO_EXPORT.exec(messageOf(error));
  const name = found?.slice(1).find((each) => each !== undefined);
  if (name === undefined) return undefined;
  for (const { file, text } of texts) {
    for (const { index, 0: whole, 1: clause, 3: specifier } of bare(text).matchAll(CLAUSE)) {
      const at = importedIn(clause!, name);
      const exported = specifier === "ntask" ? library : exportsOf(look(file, specifier!));
      if (at === undefined || exported === undefined || exported.includes(name)) continue;
      const offset = index + whole.indexOf(clause!) + at.index;
      const place = { file, offset, length: at.word.length };
      const near = nearest(name === "default" ? at.word : name, exported);
      return { code: "E_TS_IMPORT", place, specifier: specifier!, name, near };
    }
  }
  return undefined;
}

/** Where a name is imported: `a`, not `b`, in `import { a as b }`; what stands before the braces is the default. */
function importedIn(
  clause: string,
  name: string,
): { readonly index: number; readonly word: string } | undefined {
  const brace = clause.indexOf("{");
  if (name === "default") {
    const word = /^[\w$]+/.exec(clause)?.[0];
    if (word !== undefined) return { index: 0, word };
  }
  for (const { index, 1: before, 2: word } of clause.matchAll(/([{,]\s*(?:type\s+)?)([\w$]+)/g)) {
    if (brace !== -1 && index >= brace && word === name) {
      return { index: index + before!.length, word: word! };
    }
  }
  return undefined;
}

/** @returns nothing where the text does not say it */
function exportsOf(
  module: { readonly file: AbsolutePath; readonly text: string } | undefined,
): readonly string[] | undefined {
  if (module === undefined || !/\.[cm]?[jt]sx?$/.test(module.file)) return undefined;
  const text = bare(module.text);
  if (MORE.test(text)) return undefined;
  const inBraces = [...text.matchAll(BRACES)].flatMap(([, names]) => names!.split(","));
  return [
    ...[...text.matchAll(DECLARED)].map(([, name]) => name!),
    // `a as b` is exported as the latter.
    ...inBraces.map((each) => each.trim().split(/\s+/).at(-1)!).filter((name) => name !== ""),
    ...(/\bexport\s+default\b/.test(text) ? ["default"] : []),
  ];
}

/** The text with blanks for its comments. */
function bare(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, " "));
}
