/**
 * `wc`.
 *
 * @module
 */

import { isFault } from "../../../host/shell_system.ts";
import { say } from "../output.ts";
import type { Shell } from "../state.ts";
import { chunks, eachInput, pathOf } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

interface Counts {
  lines: number;
  words: number;
  chars: number;
  bytes: number;
}

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, given } = optionsOf(invocation);
  const asked = new Set(given.length > 0 ? given.map(([letter]) => letter) : ["l", "w", "c"]);
  const rows: (readonly [Counts, string])[] = [];
  const total = zero();
  const status = await eachInput(shell, "wc", operands, async (stream, operand) => {
    const counts = zero();
    let inWord = false;
    for await (const chunk of chunks(stream)) {
      counts.bytes += chunk.length;
      for (const byte of chunk) {
        if (byte === 10) counts.lines++;
        if ((byte & 0xc0) !== 0x80) counts.chars++;
        const space = byte === 32 || (byte >= 9 && byte <= 13);
        if (!space && !inWord) counts.words++;
        inWord = !space;
      }
    }
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
    rows.push([counts, operand]);
  });
  if (operands.length > 1) rows.push([total, "total"]);
  const width = columnWidth(shell, operands, asked.size);
  const named = operands.length > 0;
  await say(
    shell,
    rows.map(([counts, name]) => {
      const numbers = [
        asked.has("l") && counts.lines,
        asked.has("w") && counts.words,
        asked.has("m") && counts.chars,
        asked.has("c") && counts.bytes,
      ].filter((value) => value !== false);
      const columns = numbers.map((value) => String(value).padStart(width)).join(" ");
      return `${columns}${named ? ` ${name}` : ""}\n`;
    }).join(""),
  );
  return status;
}

function zero(): Counts {
  return { lines: 0, words: 0, chars: 0, bytes: 0 };
}

/** One number alone is not padded; else as wide as the sizes suggest, which pipes do not tell. */
function columnWidth(shell: Shell, operands: readonly string[], columns: number): number {
  if (operands.length <= 1 && columns === 1) return 1;
  if (operands.length === 0) return 7;
  let sizes = 0;
  let least = 1;
  for (const operand of operands) {
    const status = operand === "-" ? undefined : shell.system.status(pathOf(shell, operand), true);
    if (status !== undefined && isFault(status)) continue;
    if (status?.kind === "file") sizes += status.size;
    else least = 7;
  }
  return Math.max(least, String(sizes).length);
}
