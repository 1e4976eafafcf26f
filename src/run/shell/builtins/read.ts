/**
 * `read`: one line of standard input into variables. It takes no byte more than the line, so that
 * the next command finds the rest.
 *
 * @module
 */

import { streamOf, warn } from "../output.ts";
import type { ByteStream } from "../streams.ts";
import { decode } from "../text.ts";
import { ShellFault } from "../unwind.ts";
import { isName } from "../variables.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const options = optionsOf(invocation);
  const names = options.operands;
  if (names.length === 0) throw new ShellFault("read: arg count");
  const bad = names.find((name) => !isName(name));
  if (bad !== undefined) throw new ShellFault(`read: ${bad}: bad variable name`);
  const stream = streamOf(shell, 0);
  const prompt = options.value("p");
  if (prompt !== undefined && stream.fd !== undefined && shell.system.terminal(stream.fd)) {
    await warn(shell, prompt);
  }
  const { characters, ended } = await readCharacters(stream, options.has("r"));
  const values = splitLine(characters, names.length, shell.variables.get("IFS") ?? " \t\n");
  for (const [at, name] of names.entries()) shell.variables.set(name, values[at] ?? "");
  return ended ? 0 : 1;
}

/** A character of the line, and whether a backslash took its meaning as a separator. */
interface ReadCharacter {
  readonly char: string;
  readonly quoted: boolean;
}

async function readCharacters(
  stream: ByteStream,
  raw: boolean,
): Promise<{ readonly characters: readonly ReadCharacter[]; readonly ended: boolean }> {
  const characters: ReadCharacter[] = [];
  while (true) {
    const { text, ended } = await readLine(stream);
    let continued = false;
    const all = [...text];
    for (let at = 0; at < all.length; at++) {
      if (raw || all[at] !== "\\") {
        characters.push({ char: all[at]!, quoted: false });
      } else if (at + 1 < all.length) {
        characters.push({ char: all[++at]!, quoted: true });
      } else {
        continued = ended;
      }
    }
    if (!continued) return { characters, ended };
  }
}

async function readLine(
  stream: ByteStream,
): Promise<{ readonly text: string; readonly ended: boolean }> {
  const bytes: number[] = [];
  while (true) {
    const chunk = await stream.read(1);
    if (chunk === undefined || chunk[0] === 10) {
      return {
        text: decode(Uint8Array.from(bytes)).replaceAll("\0", ""),
        ended: chunk !== undefined,
      };
    }
    bytes.push(chunk[0]!);
  }
}

/** The fields of the line; the last takes the rest with its separators. */
function splitLine(
  characters: readonly ReadCharacter[],
  count: number,
  ifs: string,
): readonly string[] {
  const separates = (at: number) => {
    const here = characters[at];
    return here !== undefined && !here.quoted && ifs.includes(here.char);
  };
  const space = (at: number) => separates(at) && /[ \t\n]/.test(characters[at]!.char);
  const text = (from: number, to: number) =>
    characters.slice(from, to).map(({ char }) => char).join("");
  const values: string[] = [];
  let at = 0;
  while (space(at)) at++;
  while (at < characters.length && values.length < count - 1) {
    const start = at;
    while (at < characters.length && !separates(at)) at++;
    values.push(text(start, at));
    at = pastSeparator(at, separates, space);
  }
  if (at >= characters.length) return values;
  let end = characters.length;
  while (end > at && space(end - 1)) end--;
  // A single separator that ends the only remaining field belongs to it.
  const inner = Array.from({ length: end - at }, (_, offset) => at + offset).filter(separates);
  if (inner.length === 1 && inner[0] === end - 1) {
    end--;
    while (end > at && space(end - 1)) end--;
  }
  values.push(text(at, end));
  return values;
}

function pastSeparator(
  start: number,
  separates: (at: number) => boolean,
  space: (at: number) => boolean,
): number {
  let at = start;
  while (space(at)) at++;
  if (separates(at)) at++;
  while (space(at)) at++;
  return at;
}
