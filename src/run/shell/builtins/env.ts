/**
 * `env` and `printenv`.
 *
 * @module
 */

import { say } from "../output.ts";
import { joinPath } from "../paths.ts";
import { fork, type Shell } from "../state.ts";
import { releaseTable } from "../streams.ts";
import { Variables } from "../variables.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell, name } = invocation;
  const { operands, given, has, value } = optionsOf(invocation);
  const end = has("0") ? "\0" : "\n";
  const env = name === "env" && has("i") ? {} : shell.variables.environment(new Map());
  if (name === "printenv") return await print(shell, env, operands, end);

  for (const [letter, unset] of given) if (letter === "u") delete env[unset];
  let at = 0;
  for (; at < operands.length; at++) {
    const equals = operands[at]!.indexOf("=");
    if (equals <= 0) break;
    env[operands[at]!.slice(0, equals)] = operands[at]!.slice(equals + 1);
  }
  const words = operands.slice(at);
  if (words.length === 0) return await print(shell, env, [], end);
  const directory = value("C");
  const inner: Shell = {
    ...fork(shell),
    variables: Variables.from(env, shell.system.windows),
    announce: shell.announce,
    cwd: directory === undefined ? shell.cwd : joinPath(shell.cwd, directory, shell.system.windows),
  };
  try {
    return await shell.runtime.command(inner, words, { programsOnly: true });
  } finally {
    releaseTable(inner.descriptors);
  }
}

async function print(
  shell: Shell,
  env: Readonly<Record<string, string>>,
  names: readonly string[],
  end: string,
): Promise<number> {
  if (names.length === 0) {
    await say(shell, Object.entries(env).map(([name, value]) => `${name}=${value}${end}`).join(""));
    return 0;
  }
  const values = names.map((name) => Object.hasOwn(env, name) ? env[name] : undefined);
  await say(
    shell,
    values.filter((value) => value !== undefined).map((value) => value + end).join(""),
  );
  return values.includes(undefined) ? 1 : 0;
}
