/**
 * The file system of the real host.
 *
 * @module
 */

import fs from "node:fs";
import process from "node:process";
import type { Files, ReadFault } from "./host.ts";

export const realFiles: Files = {
  readText(path) {
    let bytes: Uint8Array;
    try {
      bytes = fs.readFileSync(path);
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
      fs.accessSync(path, fs.constants.X_OK);
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

function readFault(error: unknown): ReadFault {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") return "missing";
  if (code === "EISDIR") return "is-directory";
  return "unreadable";
}
