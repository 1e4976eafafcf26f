/**
 * What is wrong with a text that is no TOML, in words that help. Loaded when there is such a text.
 *
 * @module
 */

import { parse, type TomlError } from "smol-toml";
import type { AbsolutePath } from "../model/id.ts";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import { tomlSpans } from "./locate.ts";

/** @param text with the line ends that were parsed */
export async function tomlMistake(
  file: AbsolutePath,
  text: string,
  { message, line, column }: TomlError,
): Promise<Problem<"E_TOML">> {
  const place = { file, line, column };
  const twice = /redefine/.test(message) ? await firstOf(file, text.split("\n"), line) : undefined;
  if (twice !== undefined) return { code: "E_TOML", place, ...twice };
  const detail = message.split("\n")[0]!.replace(/^Invalid TOML document: /, "");
  return { code: "E_TOML", place, detail };
}

/** What stands in a line for the second time, and where it does for the first. */
async function firstOf(
  file: AbsolutePath,
  lines: readonly string[],
  line: number,
): Promise<{ readonly detail: string; readonly otherPlace: Place } | undefined> {
  const before = lines.slice(0, line - 1).join("\n");
  const here = lines[line - 1] ?? "";
  const header = /^\s*\[+([^\]]*)\]/.exec(here)?.[1];
  const names = namesIn(header ?? /^\s*("(?:\\.|[^"\\])*"|'[^']*'|[^=])+/.exec(here)?.[0] ?? "");
  const table = header === undefined ? await lastTable(before) : [];
  if (names === undefined || table === undefined) return undefined;
  const path = [...table, ...names];
  const span = (await tomlSpans(before))?.key(path);
  if (span === undefined) return undefined;
  const otherPlace = { file, offset: span.start, length: span.end - span.start };
  return { detail: `${JSON.stringify(path.at(-1))} stands here twice`, otherPlace };
}

/** The table that is open at the end of a text. */
async function lastTable(text: string): Promise<readonly (string | number)[] | undefined> {
  const { parseTOML } = await import("toml-eslint-parser");
  try {
    const tables = parseTOML(text).body[0].body.filter((node) => node.type === "TOMLTable");
    return tables.at(-1)?.resolvedKey ?? [];
  } catch {
    return undefined;
  }
}

/** The names in a key such as `a."b c".d`. */
function namesIn(key: string): readonly string[] | undefined {
  try {
    const names: string[] = [];
    let value: unknown = parse(`${key} = 0`);
    while (typeof value === "object" && value !== null) {
      const [[name, inner]] = Object.entries(value) as [[string, unknown]];
      names.push(name);
      value = inner;
    }
    return names;
  } catch {
    return undefined;
  }
}
