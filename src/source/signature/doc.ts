/**
 * Doc comments: the text between the delimiters comes in, its parts go out. What stands before the
 * first tag is the description; `@param`, `@example` and `@deprecated` are understood, other tags
 * are left out.
 *
 * @module
 */

import type { Doc } from "../../model/param.ts";

/** A doc comment, taken apart. */
export interface DocParts {
  readonly doc: Doc;
  /** Parameter name, or `object.member`, -> text. */
  readonly params: ReadonlyMap<string, string>;
  /** It describes the file, not what follows it. */
  readonly ofModule: boolean;
}

/**
 * Take a doc comment apart.
 *
 * @param comment what stands between the opening and the closing delimiter
 * @example parseDoc(" Run it.\n * @param version what to tag ").doc.text // "Run it."
 */
export function parseDoc(comment: string): DocParts {
  const sections = cut(withoutStars(comment));
  const params = new Map<string, string>();
  const examples: string[] = [];
  let deprecated: string | undefined;
  let ofModule = false;
  for (const { tag, lines } of sections.slice(1)) {
    if (tag === "param" || tag === "arg" || tag === "argument") {
      const param = parseParam(joined(lines));
      if (param !== undefined) params.set(param.name, param.text);
    } else if (tag === "example") {
      const example = unfenced(lines);
      if (example !== "") examples.push(example);
    } else if (tag === "deprecated") deprecated = plain(joined(lines));
    else if (tag === "module" || tag === "file" || tag === "fileoverview") ofModule = true;
  }
  const text = plain(trimmed(sections[0]!.lines).join("\n"));
  const doc: Doc = { text, examples, ...(deprecated !== undefined && { deprecated }) };
  return { doc, params, ofModule };
}

interface Section {
  readonly tag: string;
  readonly lines: string[];
}

function withoutStars(comment: string): string[] {
  return comment.split(/\r\n|\n|\r/).map((line, index) =>
    (index === 0 ? line.replace(/^ /, "") : line.replace(/^\s*\*? ?/, "")).trimEnd()
  );
}

/** The lines by tag; the first section is the description. */
function cut(lines: readonly string[]): Section[] {
  const sections: Section[] = [{ tag: "", lines: [] }];
  // A decorator in a code block is no tag.
  let fenced = false;
  for (const line of lines) {
    const tag = fenced ? null : /^\s*@([A-Za-z]+)(?:\s+(.*))?$/.exec(line);
    if (tag !== null) sections.push({ tag: tag[1]!, lines: [tag[2] ?? ""] });
    else {
      if (line.trimStart().startsWith("```")) fenced = !fenced;
      sections.at(-1)!.lines.push(line);
    }
  }
  return sections;
}

/** `{type} [name=default] - text`, everything but the name optional. */
function parseParam(text: string): { name: string; text: string } | undefined {
  const match = /^(?:\{[^}]*\}\s*)?(\[[^\]]*\]|\S+)\s*(.*)$/s.exec(text);
  if (match === null) return undefined;
  const name = match[1]!.replace(/^\[|\]$/g, "").replace(/=.*$/s, "").trim();
  return { name, text: plain(match[2]!.replace(/^[-–—:]\s+/, "")) };
}

function trimmed(lines: readonly string[]): readonly string[] {
  let start = 0;
  let end = lines.length;
  while (start < end && lines[start]!.trim() === "") start++;
  while (end > start && lines[end - 1]!.trim() === "") end--;
  return lines.slice(start, end);
}

function joined(lines: readonly string[]): string {
  return trimmed(lines).map((line) => line.trim()).join(" ").trim();
}

/** An example is shown as it is typed, so the marks of a code block around it go. */
function unfenced(lines: readonly string[]): string {
  let inner = trimmed(lines);
  if (inner.length >= 2 && /^\s*```/.test(inner[0]!) && /^\s*```\s*$/.test(inner.at(-1)!)) {
    inner = trimmed(inner.slice(1, -1));
  }
  return inner.join("\n");
}

/** Links are shown by their text. */
function plain(text: string): string {
  return text.replace(
    /\{@link(?:code|plain)?\s+([^\s|}]+)(?:[\s|]+([^}]*))?\}/g,
    (_, target: string, label: string | undefined) => label?.trim() || target,
  );
}
