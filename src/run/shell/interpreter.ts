/**
 * Lists, pipelines and compound commands: the tree is walked, statuses come back.
 *
 * What leaves in the middle is thrown as an `Unwind` and caught by its loop, function or shell.
 * `tested` says that someone looks at the status, so `set -e` does not; `tail` that nothing of this
 * shell runs afterwards, so a program may have the shell's pipe to itself.
 *
 * @module
 */

import type {
  AndOr,
  Case,
  CommandNode,
  CompoundList,
  For,
  If,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Redirection,
  Statement,
  While,
} from "unbash";
import { simpleCommand } from "./command.ts";
import { launch } from "./jobs.ts";
import { patternExpression } from "./pattern.ts";
import { redirectedTable, RedirectionFault } from "./redirections.ts";
import { fork, type Shell } from "./state.ts";
import { Descriptor, type DescriptorTable, memoryPipe, readAll, releaseTable } from "./streams.ts";
import { decode } from "./text.ts";
import { BROKEN_PIPE_STATUS, BrokenPipe, NotCovered, ShellFault, Unwind } from "./unwind.ts";
import { complain } from "./output.ts";
import { expandFields, expandPattern, expandText } from "./words.ts";

export interface Flags {
  readonly tested: boolean;
  readonly tail: boolean;
}

/** How long the shell may run without letting timers and pipes have their turn, in ms. */
const SLICE = 10;

/** Run a script in this shell. */
export function runScript(shell: Shell, script: ParsedScript, flags: Flags): Promise<number> {
  return runStatements(shell, script.commands, flags);
}

/**
 * Run something as a shell of its own to its end: `exit`, the errors that end a shell and the EXIT
 * trap are dealt with here, and its descriptors are released.
 */
export async function runToEnd(shell: Shell, body: () => Promise<number>): Promise<number> {
  try {
    let status = await ending(shell, body);
    while (shell.exitTrap !== undefined) {
      const trap = shell.exitTrap;
      shell.exitTrap = undefined;
      shell.status = status;
      // The trap's own `exit` counts, its last status does not.
      const before = status;
      status = await ending(shell, async () => {
        await shell.runtime.evaluate(shell, trap, false);
        return before;
      });
    }
    return status;
  } finally {
    releaseTable(shell.descriptors);
  }
}

async function ending(shell: Shell, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof Unwind) {
      return error.kind === "exit" || error.kind === "return" ? error.status : shell.status;
    }
    if (error instanceof BrokenPipe) return BROKEN_PIPE_STATUS;
    if (error instanceof ShellFault) {
      await complain(shell, error.message);
      return error.status;
    }
    if (error instanceof NotCovered) {
      await complain(shell, error.message);
      return 2;
    }
    throw error;
  }
}

/** What a command substitution gives: the output without its last line breaks and without NULs. */
export async function substitute(shell: Shell, script: ParsedScript): Promise<string> {
  const inner = fork(shell);
  const { reader, writer } = memoryPipe();
  replace(inner.descriptors, 1, new Descriptor(writer));
  const output = readAll(reader);
  shell.substitutionStatus = await runToEnd(
    inner,
    // Its standard input is the outer command's too.
    () => runScript(inner, script, { tested: false, tail: false }),
  );
  return decode(await output).replaceAll("\0", "").replace(/\n+$/, "");
}

async function runStatements(
  shell: Shell,
  statements: readonly Statement[],
  flags: Flags,
): Promise<number> {
  let status = 0;
  for (const [at, statement] of statements.entries()) {
    const tail = flags.tail && at === statements.length - 1;
    status = await runStatement(shell, statement, { ...flags, tail });
  }
  return status;
}

async function runStatement(shell: Shell, statement: Statement, flags: Flags): Promise<number> {
  if (!statement.background) return await runNode(shell, statement.command, flags);
  await launch(
    shell,
    statement.command,
    (inner, node) => runNode(inner, node, { tested: false, tail: true }),
  );
  return shell.status = 0;
}

async function runNode(
  shell: Shell,
  node: PipelineNode | AndOr,
  flags: Flags,
): Promise<number> {
  switch (node.type) {
    case "AndOr":
      return await andOr(shell, node, flags);
    case "Pipeline":
      return await pipeline(shell, node, flags);
    default:
      return await runCommand(shell, node, flags);
  }
}

async function andOr(shell: Shell, node: AndOr, flags: Flags): Promise<number> {
  let status = 0;
  for (const [at, command] of node.commands.entries()) {
    const operator = node.operators[at - 1];
    if (operator !== undefined && (operator === "&&") !== (status === 0)) continue;
    const last = at === node.commands.length - 1;
    status = await runNode(shell, command, {
      tested: flags.tested || !last,
      tail: flags.tail && last,
    });
  }
  return status;
}

async function pipeline(shell: Shell, node: Pipeline, flags: Flags): Promise<number> {
  const negations = node.prefixes.filter(({ type }) => type === "Negation").length;
  const inner = negations > 0 ? { tested: true, tail: false } : flags;
  const [only, ...others] = node.commands;
  let status: number;
  if (only !== undefined && others.length === 0) {
    status = await runCommand(shell, only, inner);
  } else {
    status = shell.status = await runStages(shell, node.commands, inner.tail);
    checkExit(shell, status, inner);
  }
  return shell.status = negations % 2 === 1 ? Number(status === 0) : status;
}

/** Every stage is a shell of its own, and all run at once. */
async function runStages(
  shell: Shell,
  commands: readonly CommandNode[],
  tail: boolean,
): Promise<number> {
  const running: Promise<number>[] = [];
  let input: Descriptor | undefined;
  for (const [at, command] of commands.entries()) {
    const stage = fork(shell);
    if (input !== undefined) replace(stage.descriptors, 0, input);
    if (at < commands.length - 1) {
      const { reader, writer } = memoryPipe();
      replace(stage.descriptors, 1, new Descriptor(writer));
      input = new Descriptor(reader);
    }
    running.push(
      runToEnd(stage, () => runCommand(stage, command, { tested: false, tail: tail || at > 0 })),
    );
  }
  const statuses = await Promise.all(running);
  if (shell.options.pipefail) return statuses.findLast((status) => status !== 0) ?? 0;
  return statuses.at(-1) ?? 0;
}

async function runCommand(shell: Shell, node: CommandNode, flags: Flags): Promise<number> {
  switch (node.type) {
    case "Command": {
      const status = await simpleCommand(shell, node, flags);
      shell.status = status;
      checkExit(shell, status, flags);
      return status;
    }
    case "Redirected":
      return await redirected(
        shell,
        node.redirects,
        flags,
        () => runCommand(shell, node.command, { ...flags, tail: false }),
      );
    case "Subshell": {
      const inner = fork(shell);
      shell.status = await runToEnd(
        inner,
        () => runList(inner, node.body, flags),
      );
      checkExit(shell, shell.status, flags);
      return shell.status;
    }
    case "BraceGroup":
      return await runList(shell, node.body, flags);
    case "If":
      return await runIf(shell, node, flags);
    case "For":
      return await runFor(shell, node, flags);
    case "While":
      return await runWhile(shell, node, flags);
    case "Case":
      return await runCase(shell, node, flags);
    case "Function":
      shell.functions.set(node.name.value, { body: node.body });
      return shell.status = 0;
    default:
      // `unsupported` finds these before anything runs.
      throw new NotCovered(node.type);
  }
}

/** Run the body of a function: a compound command, or in recovery a list. */
export function runBody(
  shell: Shell,
  body: CommandNode | CompoundList,
  flags: Flags,
): Promise<number> {
  return body.type === "CompoundList"
    ? runList(shell, body, flags)
    : runCommand(shell, body, flags);
}

function runList(shell: Shell, list: CompoundList, flags: Flags): Promise<number> {
  return runStatements(shell, list.commands, flags);
}

/** A compound command with redirections; where one fails the command does not run. */
async function redirected(
  shell: Shell,
  redirections: readonly Redirection[],
  flags: Flags,
  body: () => Promise<number>,
): Promise<number> {
  let table: DescriptorTable;
  try {
    table = await redirectedTable(shell, redirections);
  } catch (error) {
    if (!(error instanceof RedirectionFault)) throw error;
    await complain(shell, error.message);
    shell.status = 2;
    checkExit(shell, 2, flags);
    return 2;
  }
  const outer = shell.descriptors;
  shell.descriptors = table;
  try {
    return await body();
  } finally {
    shell.descriptors = outer;
    releaseTable(table);
  }
}

/** `set -e`. */
function checkExit(shell: Shell, status: number, flags: Flags): void {
  if (status !== 0 && shell.options.errexit && !flags.tested) throw new Unwind("exit", status);
}

async function runIf(shell: Shell, node: If, flags: Flags): Promise<number> {
  for (const branch of [node, ...node.elif]) {
    const test = await runList(shell, branch.clause, { tested: true, tail: false });
    if (test === 0) return await runList(shell, branch.then, flags);
  }
  if (node.else !== undefined) return await runList(shell, node.else, flags);
  return shell.status = 0;
}

async function runFor(shell: Shell, node: For, flags: Flags): Promise<number> {
  const values = node.wordlist === undefined
    ? shell.positional
    : await expandFields(shell, node.wordlist);
  let status = 0;
  shell.status = 0;
  await loop(shell, async (once) => {
    for (const value of values) {
      shell.variables.set(node.name.value, value);
      const go = await once(async () => {
        status = await runList(shell, node.body, { ...flags, tail: false });
      });
      if (go !== "on") status = 0;
      if (go === "stop") return;
    }
  });
  return shell.status = status;
}

async function runWhile(shell: Shell, node: While, flags: Flags): Promise<number> {
  let status = 0;
  await loop(shell, async (once) => {
    while (true) {
      let over = false;
      const go = await once(async () => {
        const test = await runList(shell, node.clause, { tested: true, tail: false });
        over = (test === 0) === (node.kind === "until");
        if (!over) status = await runList(shell, node.body, { ...flags, tail: false });
      });
      if (go !== "on") status = 0;
      if (over || go === "stop") return;
    }
  });
  return shell.status = status;
}

type Once = (body: () => Promise<void>) => Promise<"on" | "next" | "stop">;

/** The part of a loop that knows `break` and `continue`. */
async function loop(shell: Shell, run: (once: Once) => Promise<void>): Promise<void> {
  let slice = Date.now();
  shell.loopDepth++;
  try {
    await run(async (body) => {
      if (Date.now() - slice > SLICE) {
        await shell.system.turn();
        slice = Date.now();
      }
      try {
        await body();
        return "on";
      } catch (error) {
        if (!(error instanceof Unwind)) throw error;
        if (error.kind !== "break" && error.kind !== "continue") throw error;
        if (error.levels > 1) throw new Unwind(error.kind, 0, error.levels - 1);
        shell.status = 0;
        return error.kind === "break" ? "stop" : "next";
      }
    });
  } finally {
    shell.loopDepth--;
  }
}

async function runCase(shell: Shell, node: Case, flags: Flags): Promise<number> {
  const text = await expandText(shell, node.word);
  for (const item of node.items) {
    for (const word of item.pattern) {
      if (!patternExpression(await expandPattern(shell, word)).test(text)) continue;
      shell.status = 0;
      return await runList(shell, item.body, flags);
    }
  }
  return shell.status = 0;
}

function replace(table: DescriptorTable, fd: number, descriptor: Descriptor): void {
  table.get(fd)?.release();
  table.set(fd, descriptor);
}
