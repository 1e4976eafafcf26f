/**
 * Redirections: from the syntax tree to changes of a descriptor table.
 *
 * @module
 */

import type { Redirect, Redirection } from "unbash";
import { isFault, type OpenMode } from "../../host/shell_system.ts";
import { joinPath, standardDescriptor } from "./paths.ts";
import type { Shell } from "./state.ts";
import { bytesStream, Descriptor, type DescriptorTable, fdStream, forkTable } from "./streams.ts";
import { encode } from "./text.ts";
import { expandHereDocument, expandText } from "./words.ts";

/** A redirection that could not be made. */
export class RedirectionFault extends Error {}

/**
 * The shell's table with the redirections made, in order. The caller releases it.
 *
 * Throws `RedirectionFault`; nothing is left open then.
 */
export async function redirectedTable(
  shell: Shell,
  redirections: readonly Redirection[],
): Promise<DescriptorTable> {
  const table = forkTable(shell.descriptors);
  try {
    for (const redirection of redirections) await redirect(shell, table, redirection);
  } catch (error) {
    for (const descriptor of table.values()) descriptor.release();
    throw error;
  }
  return table;
}

async function redirect(
  shell: Shell,
  table: DescriptorTable,
  redirection: Redirection,
): Promise<void> {
  const named = redirection.descriptor;
  const own = named?.type === "FileDescriptor" ? named.value : undefined;
  if (redirection.type === "HereDoc") {
    const { delimiter, body, operator } = redirection;
    const strip = operator === "<<-";
    const text = delimiter?.quoted
      ? strip ? body.text.replace(/^\t+/gm, "") : body.text
      : await expandHereDocument(shell, body, strip);
    put(table, own ?? 0, new Descriptor(bytesStream(encode(text))));
    return;
  }
  if (redirection.type === "HereString") throw new RedirectionFault("<<<: not covered");
  const target = redirection.target ? await expandText(shell, redirection.target) : "";
  switch (redirection.operator) {
    case "<&":
    case ">&":
      duplicate(table, own ?? (redirection.operator === "<&" ? 0 : 1), target);
      return;
    case "&>":
    case "&>>": {
      const mode = redirection.operator === "&>" ? "write" : "append";
      open(shell, table, 1, target, mode);
      duplicate(table, 2, "1");
      return;
    }
    default: {
      const read = redirection.operator === "<" || redirection.operator === "<>";
      open(shell, table, own ?? (read ? 0 : 1), target, modeOf(shell, redirection, target));
    }
  }
}

function modeOf(shell: Shell, { operator }: Redirect, target: string): OpenMode {
  if (operator === "<") return "read";
  if (operator === "<>") return "read-write";
  if (operator === ">>") return "append";
  if (operator === ">|" || !shell.options.noclobber) return "write";
  const status = shell.system.status(joinPath(shell.cwd, target, shell.system.windows), true);
  return isFault(status) || status.kind === "file" ? "exclusive" : "write";
}

function open(
  shell: Shell,
  table: DescriptorTable,
  own: number,
  target: string,
  mode: OpenMode,
): void {
  const { system } = shell;
  // The process's own is another one than the shell's, which may be a pipe inside the process.
  const standard = standardDescriptor(target);
  if (standard !== undefined) return duplicate(table, own, String(standard));
  const fd = system.open(joinPath(shell.cwd, target, system.windows), mode);
  if (!isFault(fd)) return put(table, own, new Descriptor(fdStream(system, fd)));
  const verb = mode === "read" ? "open" : "create";
  throw new RedirectionFault(`cannot ${verb} ${target}: ${fd.words}`);
}

function duplicate(table: DescriptorTable, fd: number, target: string): void {
  if (target === "-") {
    table.get(fd)?.release();
    table.delete(fd);
    return;
  }
  const source = /^[0-9]+$/.test(target) ? table.get(Number(target)) : undefined;
  if (source === undefined) throw new RedirectionFault(`${target}: Bad file descriptor`);
  put(table, fd, source.retain());
}

function put(table: DescriptorTable, fd: number, descriptor: Descriptor): void {
  const old = table.get(fd);
  table.set(fd, descriptor);
  old?.release();
}
