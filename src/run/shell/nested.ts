/**
 * A shell inside the shell: `sh -c '…'` and scripts, where the system has no `sh`.
 *
 * It has variables, options, traps and a working directory of its own, as a process would; its
 * descriptors are those of the command.
 *
 * @module
 */

import { parse } from "unbash";
import { isFault } from "../../host/shell_system.ts";
import { runScript, runToEnd } from "./interpreter.ts";
import { complain } from "./output.ts";
import { standardDescriptor } from "./paths.ts";
import { defaultOptions, initialVariables, type Shell } from "./state.ts";
import { type ByteStream, fdStream, forkTable, readAll } from "./streams.ts";
import { decode } from "./text.ts";
import { StreamFault } from "./unwind.ts";
import { unsupported, unsupportedSentence } from "./unsupported.ts";

export interface NestedRequest {
  readonly source: string;
  /** `$0` */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly options?: Partial<Shell["options"]>;
}

/** Run source text as another shell process would; its status comes back. */
export async function runNested(outer: Shell, request: NestedRequest): Promise<number> {
  const shell = freshShell(outer, request);
  const problems = unsupported(request.source, { utilities: outer.system.windows });
  if (problems.length > 0) {
    for (const problem of problems) {
      await complain(shell, unsupportedSentence(request.source, problem));
    }
    for (const descriptor of shell.descriptors.values()) descriptor.release();
    return 2;
  }
  const script = parse(request.source);
  return await runToEnd(shell, () => runScript(shell, script, { tested: false, tail: false }));
}

/** Run a file as a script. */
export async function runScriptFile(
  shell: Shell,
  file: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const [name, ...args] = words as [string, ...string[]];
  const source = await readScript(shell, file);
  if (source === undefined || source.includes("\0")) {
    await complain(shell, `${name}: Exec format error`);
    return 126;
  }
  return await runNested(shell, { source, name, args, env });
}

/** The text of a script; undefined where it cannot be read. */
export async function readScript(shell: Shell, file: string): Promise<string | undefined> {
  const stream = openScript(shell, file);
  if (stream === undefined) return undefined;
  try {
    const text = decode(await readAll(stream));
    // As Git may have checked it out there.
    return shell.system.windows ? text.replaceAll("\r\n", "\n") : text;
  } catch (error) {
    if (error instanceof StreamFault) return undefined;
    throw error;
  } finally {
    stream.close();
  }
}

function openScript(shell: Shell, file: string): ByteStream | undefined {
  const standard = standardDescriptor(file);
  if (standard === undefined) {
    const fd = shell.system.open(file, "read");
    return isFault(fd) ? undefined : fdStream(shell.system, fd);
  }
  const stream = shell.descriptors.get(standard)?.stream;
  return stream && { ...stream, close() {} };
}

function freshShell(outer: Shell, { name, args, env, options }: NestedRequest): Shell {
  return {
    ...outer,
    variables: initialVariables(outer.system, env, outer.cwd),
    functions: new Map(),
    options: { ...defaultOptions(), ...options },
    name,
    positional: args,
    status: 0,
    substitutionStatus: undefined,
    descriptors: forkTable(outer.descriptors),
    exitTrap: undefined,
    jobs: [],
    lastJob: undefined,
    loopDepth: 0,
    returnDepth: 0,
    announce: undefined,
  };
}
