/**
 * Starting this program again: for function hosts and the portable shell.
 *
 * @module
 */

import fs from "node:fs";
import process from "node:process";
import { fromFileUrl } from "@std/path";

/** The words that start this program again, whatever it runs on. */
export function selfCommand(): readonly string[] {
  // A compiled binary's modules lie in its own virtual file system.
  if (/\$bunfs|(?:~|%7E)BUN/.test(import.meta.url)) return [process.execPath];
  // The npm package: one file starts everything, and its modules lie beside it.
  if (import.meta.url.endsWith(".js")) return [process.execPath, process.argv[1]!];
  const main = fromFileUrl(new URL("../../main.ts", import.meta.url));
  if (!("Deno" in globalThis)) return [process.execPath, main];
  // The import map of this checkout, whatever the directory; nothing is checked a second time.
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  return [process.execPath, "run", "-A", "--no-check", "--quiet", "--config", config, main];
}

/** Is there a POSIX shell where the system keeps it? */
export function hasShell(): boolean {
  return process.platform !== "win32" && fs.existsSync("/bin/sh");
}
