/**
 * Starting this program again: for function hosts and the portable shell.
 *
 * @module
 */

import fs from "node:fs";
import { fromFileUrl } from "@std/path";
import { process } from "./process.ts";

/** In the path of what is compiled into a binary. */
const COMPILED = /\$bunfs|(?:~|%7E)BUN/;

/** Is the file of a call one of this program's own? */
export function isOwn(file: string): boolean {
  return COMPILED.test(file) || file.startsWith(fromFileUrl(new URL("../", import.meta.url)));
}

/** The words that start this program again, whatever it runs on. */
export function selfCommand(): readonly string[] {
  return commandOf(import.meta.url);
}

/** @param module the URL of a module of this program */
export function commandOf(module: string): readonly string[] {
  // A compiled binary's modules lie in its own virtual file system.
  if (COMPILED.test(module)) return [process.execPath];
  // The npm package: its modules lie beside the program. What was started need not be that: a
  // program of the user's may import the library.
  if (module.endsWith(".js")) return [process.execPath, fromFileUrl(new URL("main.js", module))];
  const main = fromFileUrl(new URL("../../main.ts", module));
  if (!("Deno" in globalThis)) return [process.execPath, main];
  // The import map of this checkout, whatever the directory; nothing is checked a second time.
  const config = fromFileUrl(new URL("../../deno.json", module));
  return [process.execPath, "run", "-A", "--no-check", "--quiet", "--config", config, main];
}

/** Is there a POSIX shell where the system keeps it? */
export function hasShell(): boolean {
  return process.platform !== "win32" && fs.existsSync("/bin/sh");
}
