/**
 * Random scripts with random arguments, run by a real `sh`. Each script is run twice: with harmless
 * words, and with hostile values in their place. The second output must be the first one with the
 * words exchanged: no value was executed, split, expanded or changed.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { AbsolutePath } from "../../src/model/id.ts";
import type { Place } from "../../src/model/place.ts";
import { bindWords, usesOf } from "../../src/source/spec/arguments.ts";
import { expandShell, parseShell, type ShellText } from "../../src/source/spec/shell_text.ts";

const place: Place = { file: "/p/tasks.toml" as AbsolutePath, whole: true };

/** A source of choices that a seed determines. */
interface Dice {
  below(limit: number): number;
  of<T>(choices: readonly T[]): T;
}

function dice(seed: number): Dice {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return { below, of: (choices) => choices[below(choices.length)]! };
}

const PAYLOAD = "echo RAN$((3+4))";
/** What the payload prints; no value contains it. */
const EVALUATED = "RAN7";
const FRAGMENTS: readonly string[] = [
  `$(${PAYLOAD})`,
  `\`${PAYLOAD}\``,
  `;${PAYLOAD};`,
  `\n${PAYLOAD}\n`,
  `'${PAYLOAD}'`,
  `"$(${PAYLOAD})"`,
  `)${PAYLOAD}`,
  `esac;${PAYLOAD};`,
  `\nEND\n${PAYLOAD}\n`,
  `\${x:=$(${PAYLOAD})}`,
  `&${PAYLOAD}&`,
  ..."\\'\"`$#!*?~[]{}()<>|&; \t\n%=".split(""),
  "${NTASK_ARG_1}",
  "{args.0}",
  "<<END",
  "$(",
  "é漢",
  "x",
];

function hostile(roll: Dice): string {
  return Array.from({ length: 1 + roll.below(4) }, () => roll.of(FRAGMENTS)).join("");
}

/** A script in which command substitutions are quoted, so that their output is not split. */
function script(roll: Dice): { readonly text: string; readonly arguments: number } {
  let count = 0;
  let here = 0;
  const placeholder = () =>
    `{args.${count > 0 && roll.below(4) === 0 ? roll.below(count) : count++}}`;

  const word = (depth: number, backquoted: boolean): string => {
    switch (roll.below(depth > 0 ? 8 : 4)) {
      case 0:
        return placeholder();
      case 1:
        return `a${placeholder()}b`;
      case 2:
        return `'it ${placeholder()} "$x'`;
      case 3:
        return `"q ${placeholder()} 'x"`;
      case 4:
        // A blank, because `$((` is arithmetic.
        return `"$( ${command(depth - 1, backquoted)}\n)"`;
      case 5:
        return `"\${NO:-${placeholder()}}"`;
      case 6:
        return backquoted ? placeholder() : `"\`${command(depth - 1, true)}\n\`"`;
      default:
        return `"<$(p ${word(depth - 1, backquoted)} "${placeholder()}")>"`;
    }
  };
  const words = (depth: number, backquoted: boolean): string =>
    Array.from({ length: 1 + roll.below(3) }, () => word(depth, backquoted)).join(" ");

  const command = (depth: number, backquoted: boolean): string => {
    const print = () => `p ${words(depth, backquoted)}`;
    const inner = () => depth > 0 ? command(depth - 1, backquoted) : print();
    switch (roll.below(11)) {
      case 0:
        return `# it's "${placeholder()}\n${print()}`;
      case 1:
        return `if true; then ${inner()}\nfi`;
      case 2:
        return `( ${inner()}\n)`;
      case 3:
        return `{ ${inner()}\n}`;
      case 4:
        return `case ${word(0, backquoted)} in no) p no;; *) ${inner()}\n;; esac`;
      case 5:
        return `for i in ${words(0, backquoted)}; do p "$i" ${placeholder()}; done`;
      case 6:
        return `${inner()}\n${inner()}`;
      case 7: {
        const end = `END${here++}`;
        return `cat <<${end}\n'${placeholder()} "\n${end}\n${print()}`;
      }
      case 8: {
        const end = `END${here++}`;
        return `cat <<'${end}' && ${print()}\n- ${placeholder()} $x ' -\n${end}`;
      }
      case 9: {
        const end = `END${here++}`;
        return `cat <<-${end}\n\t"$(p ${placeholder()})" ${placeholder()}.\n\t${end}`;
      }
      default:
        return print();
    }
  };
  const text = `${command(3, false)}\n${command(3, false)}`;
  return { text, arguments: count };
}

/** The script to run; undefined if the values are refused. */
function build(text: string, values: readonly string[]): ShellText | undefined {
  const source = { text, place };
  const parsed = parseShell(source);
  const asker = { task: "t", usage: "ntask t" };
  const bound = bindWords(["--", ...values], usesOf([{ text: source, grammar: "shell" }]), asker);
  if (!parsed.ok || !bound.ok) throw new Error(`not read: ${text}`);
  const made = expandShell(parsed.value, {
    args: bound.value,
    env: { get: () => undefined },
    task: { name: "t", cwd: "/p" },
    ntask: { root: "/p" as AbsolutePath, runCwd: "/p", exe: "/ntask" },
  });
  return made.ok ? made.value : undefined;
}

const PRELUDE = "p() { for a_; do printf '[%s]' \"$a_\"; done; echo; }\n";

async function run(text: ShellText | undefined): Promise<string> {
  if (text === undefined) return "refused";
  const { script, variables, positional } = text;
  const child = await new Deno.Command("sh", {
    args: ["-c", PRELUDE + script, "t", ...positional],
    env: variables,
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return decode(child.stdout) + decode(child.stderr);
}

for (const seed of [1, 2, 3, 4]) {
  Deno.test({
    name: `lesson 35: values stay data in random scripts, seed ${seed}`,
    ignore: Deno.build.os === "windows",
    fn: async () => {
      const roll = dice(seed);
      for (let round = 0; round < 60; round++) {
        const { text, arguments: count } = script(roll);
        const values = Array.from({ length: count }, () => hostile(roll));
        // Letters only, none of which is part of another.
        const harmless = values.map((_, i) => `Q${String(i).padStart(3, "0")}Q`);
        const model = await run(build(text, harmless));
        const expected = model.replace(/Q(\d{3})Q/g, (_, index) => values[Number(index)]!);
        const output = await run(build(text, values));
        assertEquals(output, expected, text);
        assert(!output.includes(EVALUATED), text);
        assert(harmless.some((word) => model.includes(word)), text);
      }
    },
  });

  Deno.test({
    name: `lesson 35: no value is executed in scripts that are cut to pieces, seed ${seed}`,
    ignore: Deno.build.os === "windows",
    fn: async () => {
      const roll = dice(seed + 100);
      for (let round = 0; round < 60; round++) {
        // Cutting a script anywhere unbalances whatever the scanner keeps track of.
        const { text } = script(roll);
        const cut = text.slice(0, roll.below(text.length)) + roll.of(["'", '"', "`", ")", "\n"]) +
          text.slice(roll.below(text.length));
        const count = 1 +
          Math.max(...[...cut.matchAll(/\{args\.(\d+)\}/g)].map((m) => Number(m[1])), 0);
        const values = Array.from({ length: count }, () => hostile(roll));
        const output = await run(build(cut, values));
        assert(!output.includes(EVALUATED), cut);
      }
    },
  });
}
