/**
 * Manifests as text, and what may be one. A manifest may come from anywhere, so reading it checks
 * everything: no path leads out of the project, into `.ntask` or `.git`, or through another output
 * that is no directory.
 *
 * @module
 */

import { digestOf } from "../host/hash.ts";
import type { Digest } from "../model/digest.ts";
import type { KeyPart, Manifest, Output, Result } from "../model/output.ts";
import { type Fields, isObject, parseJson } from "./_json.ts";

/** A manifest, or a short phrase that says why the text is none. */
export type Decoded<T> = { readonly value: T } | { readonly fault: string };

/**
 * Write a manifest as text: a line with the digests of the two that follow, the result, the parts.
 * Who wants to know the result only need not read what it was made of.
 */
export function encodeManifest({ result, parts }: Manifest): string {
  const lines = [JSON.stringify(result), JSON.stringify(parts)];
  return [lines.map((line) => digestOf(line)).join(" "), ...lines, ""].join("\n");
}

/**
 * Read the result of a manifest.
 *
 * @param key the one it must be for
 */
export function decodeResult(key: string, text: string): Decoded<Result> {
  const line = lineOf(text, 0);
  if (typeof line !== "string") return line;
  const value = parseJson(line);
  const fault = resultFault(value);
  if (fault !== undefined) return { fault };
  const result = value as Result;
  return result.key === key ? { value: result } : { fault: "it belongs to another key" };
}

/** Read what the key of a manifest was made of. */
export function decodeParts(text: string): Decoded<readonly KeyPart[]> {
  const line = lineOf(text, 1);
  if (typeof line !== "string") return line;
  const value = parseJson(line);
  return isPartList(value) ? { value } : { fault: "its parts are not what they must be" };
}

/** Is this what parts of a key look like? */
export function isPartList(value: unknown): value is readonly KeyPart[] {
  return isListOf(
    value,
    ({ name, value, from }) =>
      typeof name === "string" && typeof value === "string" &&
      (from === undefined || typeof from === "string"),
  );
}

/** A line whose digest is the one that the head has. */
function lineOf(text: string, index: 0 | 1): string | { readonly fault: string } {
  const first = text.indexOf("\n");
  const second = text.indexOf("\n", first + 1);
  if (first === -1 || second === -1 || !text.endsWith("\n")) return { fault: "it is not whole" };
  const line = index === 0 ? text.slice(first + 1, second) : text.slice(second + 1, -1);
  const digest = text.slice(0, first).split(" ")[index];
  return digest === digestOf(line) ? line : { fault: "its digest is not that of its text" };
}

const DIGEST = /^[0-9a-f]{64}\/(?:0|[1-9]\d{0,15})$/;

/** `sha256/size` */
export function isDigest(text: unknown): text is Digest {
  return typeof text === "string" && DIGEST.test(text);
}

/** The size a digest speaks of, in bytes. */
export function sizeOf(digest: Digest): number {
  return Number(digest.slice(65));
}

const LONGEST = 4096;

/** Why something is no list of outputs; undefined when it is. */
export function outputsFault(outputs: unknown): string | undefined {
  if (!Array.isArray(outputs)) return "the outputs are no list";
  const closed = new Set<string>();
  let last: string | undefined;
  let directory: string | undefined;
  for (const output of outputs as unknown[]) {
    if (!isOutput(output)) return "an output is not what it must be";
    const { path } = output;
    const parent = parentOf(path);
    // What comes after its neighbour lies in a directory that has been looked at, all of it.
    const beside = parent !== undefined && parent === directory;
    const fault = beside && path.length <= LONGEST
      ? namesFault(path.slice(parent.length + 1))
      : pathFault(path);
    if (fault !== undefined) return `${JSON.stringify(path)} ${fault}`;
    if (last !== undefined && path <= last) return "the outputs are not sorted";
    last = path;
    if (!beside && ancestors(path).some((above) => closed.has(above))) {
      return `${JSON.stringify(path)} is below no directory`;
    }
    directory = parent;
    // An empty directory has nothing in it, a file and a link cannot have.
    closed.add(path);
  }
  return undefined;
}

/** Why a path may not be an output; undefined when it may. */
export function pathFault(path: string): string | undefined {
  if (path === "" || path.length > LONGEST) return "is no path";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "is absolute";
  return namesFault(path);
}

/** The same for a part of one: the names in it. */
function namesFault(path: string): string | undefined {
  if (path.includes("\0") || path.includes("\\")) return "holds a NUL or a backslash";
  if (!path.isWellFormed()) return "is not valid Unicode";
  for (const name of path.split("/")) {
    if (name === "" || name === "." || name === "..") return "is not a plain path";
    if (isReserved(name)) return "belongs to ntask or git";
  }
  return undefined;
}

/** `.ntask` or `.git`, or what Windows or macOS take for one of them. */
function isReserved(name: string): boolean {
  // Nearly all names are none of these.
  if (!/^\.|[~\u200b-\u206f\ufeff]/.test(name)) return false;
  const plain = name.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "");
  return /^(?:\.(?:ntask|git)|(?:ntask|git)~\d+)(?:[. ]*|:.*)$/i.test(plain);
}

/** The paths of the directories above one, the outermost first. `a/b/c` -> `a`, `a/b` */
export function ancestors(path: string): string[] {
  const found: string[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    found.push(path.slice(0, at));
  }
  return found;
}

/** The path of the directory that one lies in; `undefined` for what lies at the top. */
export function parentOf(path: string): string | undefined {
  const end = path.lastIndexOf("/");
  return end === -1 ? undefined : path.slice(0, end);
}

function resultFault(value: unknown): string | undefined {
  if (!isObject(value)) return "it is no object";
  const { key, task, outputs, beside, stdio, masked, value: returned, duration, usage, at } = value;
  const texts = [key, task, at].every((each) => typeof each === "string");
  if (!texts || typeof duration !== "number") return "a field is missing";
  if (usage !== undefined && !isUsage(usage)) return "its use of resources is not what it must be";
  if (returned !== undefined && typeof returned !== "string") return "its value is no text";
  if (stdio !== undefined && !isDigest(stdio)) return "its output streams are no digest";
  if (masked !== undefined && masked !== true) return "a field is not what it must be";
  if (beside !== undefined && !isListOf(beside, isBeside)) {
    return "what lay beside it is not what it must be";
  }
  return outputsFault(outputs);
}

function isBeside({ path, content }: Fields): boolean {
  return typeof path === "string" && pathFault(path) === undefined && typeof content === "string";
}

function isUsage(value: unknown): boolean {
  return isObject(value) &&
    [value.user, value.system, value.memory].every((each) => typeof each === "number");
}

function isListOf(value: unknown, is: (fields: Fields) => boolean): boolean {
  return Array.isArray(value) &&
    value.every((each) => isObject(each) && is(each));
}

function isOutput(value: unknown): value is Output {
  if (!isObject(value)) return false;
  const { kind, path, digest, executable, private: hidden, target } = value;
  if (typeof path !== "string") return false;
  switch (kind) {
    case "file":
      return isDigest(digest) && typeof executable === "boolean" &&
        (hidden === undefined || hidden === true);
    case "link":
      return typeof target === "string" && target !== "" && !target.includes("\0");
    default:
      return kind === "directory";
  }
}
