/**
 * `xargs`.
 *
 * @module
 */

import { streamOf, warn } from "../output.ts";
import { fork, type Shell } from "../state.ts";
import { bytesStream, Descriptor, readAll, releaseTable } from "../streams.ts";
import { decode } from "../text.ts";
import { NotCovered, ShellFault } from "../unwind.ts";
import { unescapeFormat } from "./_escapes.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

/** Room for the words of one command line. */
const POSIX_ROOM = 120_000;
const WINDOWS_ROOM = 30_000;

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has, value } = optionsOf(invocation);
  const number = (letter: string, missing: number) => {
    const text = value(letter) ?? String(missing);
    if (!/^(?:[0-9]+|Infinity)$/.test(text)) throw new NotCovered(`-${letter} ${text}`);
    return Number(text);
  };
  const most = number("n", Infinity);
  const lines = number("L", Infinity);
  const jobs = number("P", 1) || Infinity;
  const place = value("I");
  const base = operands.length === 0 ? ["echo"] : operands;
  const input = decode(await readAll(streamOf(shell, 0)));
  const separator = has("0")
    ? "\0"
    : value("d") === undefined
    ? undefined
    : unescapeFormat(value("d")!);
  const items = separator !== undefined
    ? pieces(input, separator).map((text, line) => ({ text, line }))
    : place !== undefined
    ? pieces(input, "\n").map((text) => text.replace(/^[ \t]+/, "")).filter((text) => text !== "")
      .map((text, line) => ({ text: unquoted(text), line }))
    : words(input);

  let commands: readonly (readonly string[])[];
  if (place !== undefined) {
    commands = items.map(({ text }) => base.map((word) => word.replaceAll(place, () => text)));
  } else {
    const room = shell.system.windows ? WINDOWS_ROOM : POSIX_ROOM;
    const groups = group(items, most, lines, room);
    commands = groups.map((texts) => [...base, ...texts]);
    if (commands.length === 0 && !has("r")) commands = [base];
  }
  return await runAll(shell, commands, jobs, has("t"));
}

async function runAll(
  shell: Shell,
  commands: readonly (readonly string[])[],
  jobs: number,
  shown: boolean,
): Promise<number> {
  let status = 0;
  let next = 0;
  const work = async () => {
    while (next < commands.length) {
      const command = commands[next++]!;
      if (shown) await warn(shell, `${command.join(" ")}\n`);
      const inner = fork(shell);
      // The input is the list, not the commands'.
      inner.descriptors.get(0)?.release();
      inner.descriptors.set(0, new Descriptor(bytesStream(new Uint8Array())));
      try {
        const one = await shell.runtime.command(inner, command, { programsOnly: true });
        if (one === 126 || one === 127 || one === 255) {
          status = one === 255 ? status || 124 : one;
          next = commands.length;
        } else if (one !== 0) {
          status = one > 128 ? 125 : 123;
        }
      } finally {
        releaseTable(inner.descriptors);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, commands.length) }, work));
  return status;
}

interface Item {
  readonly text: string;
  readonly line: number;
}

function pieces(input: string, separator: string): readonly string[] {
  const found = input.split(separator);
  if (found.at(-1) === "") found.pop();
  return found;
}

/** Words between blanks; quotes and backslashes keep blanks together. */
function words(input: string): readonly Item[] {
  const found: Item[] = [];
  const token = /((?:[^\s"'\\]|"[^"\n]*"|'[^'\n]*'|\\[^])+)|(\n)|[^\S\n]+|(["'\\])/g;
  let line = 0;
  for (const [, text, end, broken] of input.matchAll(token)) {
    if (broken !== undefined) throw new ShellFault(`xargs: unmatched quote`, 1);
    if (end !== undefined) line++;
    if (text !== undefined) found.push({ text: unquoted(text), line });
  }
  return found;
}

function unquoted(text: string): string {
  return text.replace(
    /"([^"\n]*)"|'([^'\n]*)'|\\([^])/g,
    (_, double, single, escaped) => double ?? single ?? escaped,
  );
}

function group(
  items: readonly Item[],
  most: number,
  lines: number,
  room: number,
): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let size = 0;
  let used = new Set<number>();
  for (const { text, line } of items) {
    const current = groups.at(-1);
    const full = current === undefined || current.length >= most ||
      size + text.length + 1 > room || (!used.has(line) && used.size >= lines);
    if (full) {
      groups.push([text]);
      size = 0;
      used = new Set();
    } else {
      current.push(text);
    }
    used.add(line);
    size += text.length + 1;
  }
  return groups;
}
