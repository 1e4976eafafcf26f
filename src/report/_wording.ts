/**
 * Pieces that the sentences about problems are made of.
 *
 * @module
 */

import type { DirectoryFault, FileFault } from "../model/problem.ts";

/** What is wrong with a file or a directory. */
export const FAULTS: Readonly<Record<FileFault | DirectoryFault, string>> = {
  missing: "it does not exist",
  unreadable: "the system refuses it",
  "is-directory": "it is a directory",
  "is-pipe": "it is a named pipe",
  "not-directory": "it is not a directory",
  "not-utf8": "it is not UTF-8 text",
  endless: "it does not end",
  "odd-name": "its name is not UTF-8",
  "unknown-format": "it is neither a TOML nor a TypeScript or JavaScript file",
};

export function quote(text: string): string {
  return JSON.stringify(text);
}

/** @param otherwise what to say where nothing is near */
export function didYouMean(near: readonly string[], otherwise: string): string {
  if (near.length === 0) return otherwise;
  const names = near.map(quote);
  const last = names.pop()!;
  return `did you mean ${names.length > 0 ? `${names.join(", ")} or ` : ""}${last}?`;
}

/** An error as its name and what it says; some say their name themselves. */
export function named(name: string, detail: string): string {
  return name === "" || detail.startsWith(name) ? detail : `${name}: ${detail}`;
}
