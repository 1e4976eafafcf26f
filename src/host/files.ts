/**
 * The file system of the real host.
 *
 * @module
 */

import fs from "node:fs";
import process from "node:process";
import type { Files, ReadFault } from "./host.ts";

/** `X_OK` of POSIX; the table of such constants takes longer to make than to ask. */
const EXECUTABLE = 1;

export const realFiles: Files = {
  readText(path) {
    let bytes: Uint8Array;
    try {
      bytes = readAll(path);
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
    // `throwIfNoEntry` keeps the common miss free of an exception.
    try {
      const stat = fs.statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return undefined;
      return stat.isFile() ? "file" : stat.isDirectory() ? "directory" : "other";
    } catch {
      return undefined;
    }
  },
  executable(path) {
    if (process.platform === "win32") return true;
    try {
      fs.accessSync(path, EXECUTABLE);
      return true;
    } catch {
      return false;
    }
  },
  real(path) {
    try {
      return fs.realpathSync.native(path);
    } catch {
      return path;
    }
  },
  list(path) {
    try {
      return fs.readdirSync(path);
    } catch {
      return [];
    }
  },
};

/** As `readFileSync`, which loads what it takes to make a `Buffer`. */
function readAll(path: string): Uint8Array {
  const file = fs.openSync(path, "r");
  try {
    let bytes = new Uint8Array(fs.fstatSync(file).size + 1);
    let length = 0;
    for (;;) {
      const count = fs.readSync(file, bytes, length, bytes.length - length, null);
      if (count === 0) return bytes.subarray(0, length);
      length += count;
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
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") return "missing";
  if (code === "EISDIR") return "is-directory";
  return "unreadable";
}
