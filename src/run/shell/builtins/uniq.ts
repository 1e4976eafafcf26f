/**
 * `uniq`.
 *
 * @module
 */

import { say, streamOf } from "../output.ts";
import { NotCovered } from "../unwind.ts";
import { allLines, openFile } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import { writeFile } from "./_output.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has, value } = optionsOf(invocation);
  const number = (letter: string, missing: number) => {
    const text = value(letter) ?? String(missing);
    if (!/^(?:[0-9]+|Infinity)$/.test(text)) throw new NotCovered(`-${letter} ${text}`);
    return Number(text);
  };
  const [fields, skipped, compared] = [number("f", 0), number("s", 0), number("w", Infinity)];
  const end = has("z") ? "\0" : "\n";
  const [from = "-", to] = operands;
  const stream = from === "-" ? streamOf(shell, 0) : openFile(shell, from);
  const lines = await allLines(stream, end);
  if (from !== "-") stream.close();

  const key = (text: string) => {
    let rest = text;
    for (let at = 0; at < fields; at++) rest = rest.replace(/^[ \t]*[^ \t]*/, "");
    const part = rest.slice(skipped, skipped + compared);
    return has("i") ? part.toUpperCase() : part;
  };
  let out = "";
  for (let at = 0; at < lines.length;) {
    const { text } = lines[at]!;
    let next = at + 1;
    while (next < lines.length && key(lines[next]!.text) === key(text)) next++;
    const count = next - at;
    at = next;
    if ((has("d") && count === 1) || (has("u") && count > 1)) continue;
    out += `${has("c") ? `${String(count).padStart(7)} ` : ""}${text}${end}`;
  }
  if (to === undefined || to === "-") await say(shell, out);
  else await writeFile(shell, to, out);
  return 0;
}
