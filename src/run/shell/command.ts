/**
 * Simple commands: words, redirections, assignments, then a function, a builtin or a program.
 *
 * @module
 */

import type { Assignment, Command, CommandArgument } from "unbash";
import { type Builtin, type BuiltinKind, builtins, type Invocation } from "./builtins/registry.ts";
import { type ProgramEnd, runProgram } from "./external.ts";
import { type Flags, runBody } from "./interpreter.ts";
import { complain, warn } from "./output.ts";
import { findProgram, type Lookup } from "./programs.ts";
import { redirectedTable, RedirectionFault } from "./redirections.ts";
import { shebangWords } from "./shebang.ts";
import { signalStatus } from "./signals.ts";
import type { CommandRequest, FunctionDefinition, Shell } from "./state.ts";
import { type DescriptorTable, releaseTable } from "./streams.ts";
import {
  BROKEN_PIPE_STATUS,
  BrokenPipe,
  NotCovered,
  ShellFault,
  StreamFault,
  Unwind,
} from "./unwind.ts";
import { expandAssignment, expandFields } from "./words.ts";

export async function simpleCommand(shell: Shell, node: Command, flags: Flags): Promise<number> {
  if (shell.life.signal !== undefined) {
    throw new Unwind("exit", signalStatus(shell.life.signal));
  }
  shell.substitutionStatus = undefined;
  const words = await commandWords(shell, node);
  const name = words[0];
  const assignments = node.prefix.filter((part) => part.type === "Assignment");
  if (shell.options.xtrace) await trace(shell, assignments, words);

  const special = name !== undefined && !shell.functions.has(name) &&
    builtins[name]?.kind === "special";
  let table: DescriptorTable | undefined;
  if (node.redirects.length > 0) {
    try {
      table = await redirectedTable(shell, node.redirects);
    } catch (error) {
      if (!(error instanceof RedirectionFault)) throw error;
      if (special) throw new ShellFault(error.message);
      await complain(shell, error.message);
      return 2;
    }
  }
  const outer = shell.descriptors;
  // `exec` without a command is how redirections stay.
  const lasting = table !== undefined && special && name === "exec" && words.length === 1;
  if (table !== undefined) shell.descriptors = table;
  try {
    if (name === undefined || special) {
      for (const assignment of assignments) await assign(shell, assignment);
    }
    if (name === undefined) return shell.substitutionStatus ?? 0;
    const env = special ? NOTHING : await temporaryVariables(shell, assignments);
    return await dispatch(shell, words, env, {
      ...flags,
      ownInput: flags.tail || ownsInput(outer, table),
    });
  } finally {
    if (lasting) releaseTable(outer);
    else if (table !== undefined) {
      shell.descriptors = outer;
      releaseTable(table);
    }
  }
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/** What stands before a command: each value sees the variables before it, and nobody else does. */
async function temporaryVariables(
  shell: Shell,
  assignments: readonly Assignment[],
): Promise<ReadonlyMap<string, string>> {
  if (assignments.length === 0) return NOTHING;
  const env = new Map<string, string>();
  shell.variables.enterScope();
  try {
    for (const { name, value } of assignments) {
      if (value.type !== "Word") continue;
      const text = await expandAssignment(shell, value);
      env.set(name, text);
      shell.variables.makeLocal(name);
      shell.variables.set(name, text);
      shell.variables.export(name);
    }
  } finally {
    shell.variables.leaveScope();
  }
  return env;
}

/**
 * Run a program by its words as a program of its own would be run: no functions. Builtins of the
 * shell itself are left out where the request says so.
 */
export async function runWords(
  shell: Shell,
  words: readonly string[],
  request: CommandRequest,
): Promise<number> {
  const name = words[0]!;
  const builtin = builtinFor(name);
  if (builtin !== undefined && !(request.programsOnly && changesShell(name, builtin.kind))) {
    return await runBuiltin(shell, words, request, { ownInput: false, tested: false });
  }
  return await external(shell, words, request, false);
}

interface DispatchFlags extends Flags {
  readonly ownInput: boolean;
}

async function dispatch(
  shell: Shell,
  words: readonly string[],
  env: ReadonlyMap<string, string>,
  flags: DispatchFlags,
): Promise<number> {
  const name = words[0]!;
  const definition = shell.functions.get(name);
  if (definition !== undefined) {
    announceInside(shell);
    return await callFunction(shell, definition, words, env, flags);
  }
  if (builtinFor(name) !== undefined) {
    return await runBuiltin(shell, words, { env }, flags);
  }
  return await external(shell, words, { env }, flags.ownInput);
}

function builtinFor(name: string): (typeof builtins)[string] | undefined {
  return Object.hasOwn(builtins, name) ? builtins[name] : undefined;
}

/** A name that no program has: `cd` in a process of its own does nothing. */
function changesShell(name: string, kind: BuiltinKind): boolean {
  return kind === "special" || /^(?:cd|read|wait|command|type|local|getopts|kill)$/.test(name);
}

/** They run another command, which may become a process. */
const HANDS_ON: ReadonlySet<string> = new Set(["command", "env", "exec"]);

/** What runs inside this process is no process to signal. */
function announceInside(shell: Shell): void {
  shell.announce?.(undefined);
}

async function callFunction(
  shell: Shell,
  definition: FunctionDefinition,
  words: readonly string[],
  env: ReadonlyMap<string, string>,
  flags: Flags,
): Promise<number> {
  const { positional, loopDepth } = shell;
  shell.positional = words.slice(1);
  shell.loopDepth = 0;
  shell.returnDepth++;
  shell.variables.enterScope();
  setTemporarily(shell, env);
  try {
    return await runBody(shell, definition.body, flags);
  } catch (error) {
    if (error instanceof Unwind && error.kind === "return") return error.status;
    throw error;
  } finally {
    shell.variables.leaveScope();
    shell.returnDepth--;
    shell.loopDepth = loopDepth;
    shell.positional = positional;
  }
}

function setTemporarily(shell: Shell, env: ReadonlyMap<string, string>): void {
  for (const [name, value] of env) {
    shell.variables.makeLocal(name);
    shell.variables.set(name, value);
    shell.variables.export(name);
  }
}

async function runBuiltin(
  shell: Shell,
  words: readonly string[],
  request: CommandRequest,
  { ownInput, tested }: Pick<DispatchFlags, "ownInput" | "tested">,
): Promise<number> {
  const [name, ...args] = words as [string, ...string[]];
  const { kind, load } = builtinFor(name)!;
  // A job that is one program goes on when the shell has ended: it has to be a process then.
  const alone = kind === "utility" && shell.announce !== undefined && !shell.system.windows;
  if (kind === "fallback" || alone) {
    const found = findProgram(shell, name, pathFor(shell, request));
    if ("file" in found) return await external(shell, words, request, ownInput);
  }
  const module = await load();
  if (!HANDS_ON.has(name)) announceInside(shell);
  const temporary = request.env !== undefined && request.env.size > 0 && kind !== "special";
  if (temporary) {
    shell.variables.enterScope();
    setTemporarily(shell, request.env);
  }
  try {
    return await attempt({ shell, name, args, tested }, module.run, kind);
  } catch (error) {
    if (!(error instanceof NotCovered)) throw error;
    // Where the system has the program itself, it knows its options.
    const found = kind === "utility" && !shell.system.windows
      ? findProgram(shell, name, pathFor(shell, request))
      : undefined;
    if (found !== undefined && "file" in found) {
      return await external(shell, words, request, ownInput);
    }
    if (kind === "special") throw new ShellFault(`${name}: ${error.message}`);
    await complain(shell, `${name}: ${error.message}`);
    return 2;
  } finally {
    if (temporary) shell.variables.leaveScope();
  }
}

async function attempt(
  invocation: Invocation,
  run: Builtin,
  kind: BuiltinKind,
): Promise<number> {
  const { shell, name } = invocation;
  try {
    return await run(invocation);
  } catch (error) {
    if (error instanceof StreamFault) {
      if (kind === "special") throw new ShellFault(`${name}: ${error.message}`);
      await complain(shell, `${name}: ${error.message}`);
      return 1;
    }
    // SIGPIPE ends a program; a builtin of the shell it ends together with its shell.
    if (error instanceof BrokenPipe && kind === "utility") return BROKEN_PIPE_STATUS;
    throw error;
  }
}

async function external(
  shell: Shell,
  words: readonly string[],
  request: CommandRequest,
  ownInput: boolean,
): Promise<number> {
  const found = findProgram(shell, words[0]!, pathFor(shell, request));
  if (!("file" in found)) {
    const interpreter = await interpreterOf(shell, found);
    if (interpreter !== undefined) {
      return await runWords(shell, [...interpreter, ...words], request);
    }
    announceInside(shell);
    await complain(shell, found.message);
    return found.status;
  }
  const env = shell.variables.environment(request.env ?? new Map());
  const end: ProgramEnd = await runProgram(shell, { file: found.file, words, env, ownInput });
  if (end !== "no-program") return end;
  // A text without `#!` is a script of the shell.
  const { runScriptFile } = await import("./nested.ts");
  return await runScriptFile(shell, found.file, words, env);
}

/** What a script of Windows asks to be run by. */
async function interpreterOf(
  shell: Shell,
  found: Lookup,
): Promise<readonly string[] | undefined> {
  if (!("script" in found) || found.script === undefined) return undefined;
  const { readScript } = await import("./nested.ts");
  return shebangWords(await readScript(shell, found.script) ?? "");
}

function pathFor(shell: Shell, { env }: CommandRequest): string | undefined {
  return env?.get("PATH") ?? shell.variables.get("PATH");
}

async function commandWords(shell: Shell, node: Command): Promise<readonly string[]> {
  if (node.name === undefined) return [];
  const words: string[] = [];
  for (const part of [node.name, ...node.args] as readonly CommandArgument[]) {
    if (part.type === "Word") {
      words.push(...await expandFields(shell, [part]));
    } else if (part.value.type === "Word") {
      words.push(`${part.name}=${await expandAssignment(shell, part.value)}`);
    }
  }
  return words;
}

async function assign(shell: Shell, { name, value }: Assignment): Promise<void> {
  if (value.type === "Word") {
    shell.variables.set(name, await expandAssignment(shell, value));
  }
}

/** Nobody after this command reads what a redirection of its own brings in. */
function ownsInput(outer: DescriptorTable, table: DescriptorTable | undefined): boolean {
  const input = table?.get(0);
  return input !== undefined && ![...outer.values()].includes(input);
}

async function trace(
  shell: Shell,
  assignments: readonly Assignment[],
  words: readonly string[],
): Promise<void> {
  const shown = [...assignments.map(({ text }) => text), ...words.map(quoteForTrace)];
  await warn(shell, `${shell.variables.get("PS4") ?? "+ "}${shown.join(" ")}\n`);
}

function quoteForTrace(word: string): string {
  return /^[\w@%+=:,./~^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
