/**
 * `sh` where the system has none: a shell inside the shell.
 *
 * @module
 */

import { readScript, runNested } from "../nested.ts";
import { complain, streamOf } from "../output.ts";
import { defaultOptions } from "../state.ts";
import { readAll } from "../streams.ts";
import { decode } from "../text.ts";
import { pathOf } from "./_input.ts";
import type { Invocation } from "./registry.ts";
import { applyOptions } from "./set.ts";

export async function run({ shell, name, args }: Invocation): Promise<number> {
  const options = defaultOptions();
  const env = shell.variables.environment(new Map());
  let rest = [...args];
  let command = false;
  while (/^[-+]./.test(rest[0] ?? "") && rest[0] !== "--") {
    const word = rest.shift()!;
    const letters = word.slice(1).replaceAll("c", "");
    command ||= word.startsWith("-") && letters.length < word.length - 1;
    if (letters === "") continue;
    const value = letters.includes("o") ? rest.splice(0, 1) : [];
    applyOptions(options, [word[0] + letters, ...value, "--"]);
  }
  if (rest[0] === "--") rest = rest.slice(1);
  if (command) {
    const [source, zero = name, ...positional] = rest;
    if (source === undefined) {
      await complain(shell, `${name}: -c requires an argument`);
      return 2;
    }
    return await runNested(shell, { source, name: zero, args: positional, env, options });
  }
  const [file, ...positional] = rest;
  if (file === undefined) {
    const source = decode(await readAll(streamOf(shell, 0)));
    return await runNested(shell, { source, name, args: [], env, options });
  }
  const source = await readScript(shell, pathOf(shell, file));
  if (source === undefined) {
    await complain(shell, `${name}: cannot open ${file}: No such file`);
    return 2;
  }
  return await runNested(shell, { source, name: file, args: positional, env, options });
}
