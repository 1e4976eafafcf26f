/**
 * The file system of the real host.
 *
 * @module
 */

import fs from "node:fs";
import type { Files, ReadFault } from "./host.ts";
import { process } from "./process.ts";
import { lookOf, note, noteText, watching } from "./witness.ts";

/** `X_OK` of POSIX; the table of such constants takes longer to make than to ask. */
const EXECUTABLE = 1;

export const realFiles: Files = {
  readText(path) {
    const stat = statOf(path);
    if (watching()) note("content", path, stat && lookOf(stat));
    // To open one waits for somebody who writes, and nobody could end that.
    if (stat?.isFIFO() && isNamed(path)) return { fault: "is-pipe" };
    let bytes: Uint8Array;
    try {
      bytes = readAll(path);
      noteText(path, bytes);
    } catch (error) {
      return { fault: readFault(error) };
    }
    try {
      return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
    } catch {
      return { fault: "not-utf8" };
    }
  },
  kind(path) {
    const stat = statOf(path);
    if (watching()) note("end", path, stat && lookOf(stat));
    if (stat === undefined) return undefined;
    return stat.isFile() ? "file" : stat.isDirectory() ? "directory" : "other";
  },
  executable(path) {
    if (process.platform === "win32") return true;
    let may = true;
    try {
      fs.accessSync(path, EXECUTABLE);
    } catch {
      may = false;
    }
    note("executable", path, may);
    return may;
  },
  real(path) {
    let real: string | undefined;
    try {
      real = fs.realpathSync.native(path);
    } catch {
      // It leads nowhere.
    }
    note("real", path, real);
    return real ?? path;
  },
  list(path) {
    let names: readonly string[] | undefined;
    try {
      names = fs.readdirSync(path);
    } catch {
      // Nobody can say what is in it.
    }
    note("names", path, names);
    return names ?? [];
  },
};

function statOf(path: string): fs.Stats | undefined {
  try {
    // `throwIfNoEntry` keeps the common miss free of an exception.
    return fs.statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Is a pipe in the file system, unlike that behind `/dev/stdin` or `/dev/fd/63`? */
function isNamed(path: string): boolean {
  try {
    return fs.lstatSync(fs.realpathSync.native(path)).isFIFO();
  } catch {
    return false;
  }
}

/** What has no size and is longer than this, as `/dev/zero` is, is no text. */
const ENDLESS = 1 << 28;

class EndlessError extends Error {}

/** As `readFileSync`, which loads what it takes to make a `Buffer`. */
function readAll(path: string): Uint8Array {
  const file = fs.openSync(path, "r");
  try {
    const { size } = fs.fstatSync(file);
    let bytes = new Uint8Array(size + 1);
    let length = 0;
    for (;;) {
      const count = fs.readSync(file, bytes, length, bytes.length - length, null);
      if (count === 0) return bytes.subarray(0, length);
      length += count;
      if (length > Math.max(size, ENDLESS)) throw new EndlessError();
      // It grows while it is read, or its size is not known.
      if (length === bytes.length) {
        const more = new Uint8Array(2 * length);
        more.set(bytes);
        bytes = more;
      }
    }
  } finally {
    fs.closeSync(file);
  }
}

function readFault(error: unknown): ReadFault {
  if (error instanceof EndlessError) return "endless";
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") return "missing";
  if (code === "EISDIR") return "is-directory";
  return "unreadable";
}
