/**
 * The file of findings: numbers, then texts between NULs, so that a hundred thousand files load in a few
 * milliseconds. Anything else than what was written is as good as no file.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { seal, unseal } from "../host/sealed.ts";
import type { Walk } from "./tree.ts";

/** What was seen when patterns were read. */
export interface Finding {
  /** What it came to. */
  readonly answer: string;
  readonly walk: Walk;
  /** The files, from the root; with {@linkcode BETWEEN} between them, as no path has it. */
  readonly paths: string;
  /** What they looked like: `disk.LOOKS` numbers each. */
  readonly looks: Float64Array;
  /** The latest of their times. */
  readonly newest: number;
  /** They were read with CRLF as LF. */
  readonly text: boolean;
  /** The save since which it was not used. */
  used: number;
}

export interface FindingsFile {
  /** How often it was saved. */
  readonly generation: number;
  readonly findings: Map<string, Finding>;
  readonly keys: Map<string, { readonly key: string; used: number }>;
}

/** Between paths: made an array of only when somebody wants to know them. */
export const BETWEEN = "//";

/** Changes with the format, and with what a question, an answer or a short key is made of. */
const MAGIC = "ntask findings 1\n";

/** Saves after which what nobody asked for is dropped. */
const KEPT = 200;

/** Numbers at the start, and of a finding before those of its files. */
const START = 3;
const HEAD = 5;

export function readFindings(file: string): FindingsFile {
  try {
    const found = decode(disk.read(file));
    if (found !== undefined) return found;
  } catch {
    // There is none.
  }
  return { generation: 0, findings: new Map(), keys: new Map() };
}

/** @throws {disk.DiskError} */
export function writeFindings(file: string, { generation, findings, keys }: FindingsFile): void {
  const isKept = ([, { used }]: readonly [string, { readonly used: number }]) =>
    generation - used <= KEPT;
  const keptFindings = [...findings].filter(isKept);
  const keptKeys = [...keys].filter(isKept);
  const count = START + keptKeys.length +
    keptFindings.reduce((sum, [, { looks }]) => sum + HEAD + looks.length, 0);
  const numbers = new Float64Array(1 + count);
  numbers.set([count, generation, keptFindings.length, keptKeys.length]);
  let at = 1 + START;
  const texts: string[] = [];
  for (const [question, { answer, walk, paths, looks, newest, text, used }] of keptFindings) {
    numbers.set([used, newest, text ? 1 : 0, walk.places.length, looks.length], at);
    numbers.set(looks, at + HEAD);
    at += HEAD + looks.length;
    texts.push(question, answer, walk.ignores, paths);
    for (const place of walk.places) texts.push(place);
  }
  for (const [short, { key, used }] of keptKeys) {
    numbers[at++] = used;
    texts.push(short, key);
  }
  const names = new TextEncoder().encode(texts.join("\0"));
  const body = new Uint8Array(numbers.byteLength + names.length);
  body.set(new Uint8Array(numbers.buffer));
  body.set(names, numbers.byteLength);
  disk.writeWhole(file, seal(MAGIC, body));
}

function decode(whole: Uint8Array): FindingsFile | undefined {
  const body = unseal(MAGIC, whole);
  if (body === undefined) return undefined;
  const [count = 0] = new Float64Array(body.buffer, 0, 1);
  const numbers = new Float64Array(body.buffer, 8, count);
  const texts = new TextDecoder().decode(body.subarray(8 + count * 8)).split("\0");
  const [generation = 0, findingCount = 0, keyCount = 0] = numbers;
  const findings = new Map<string, Finding>();
  const keys: FindingsFile["keys"] = new Map();
  let at = START;
  let text = 0;
  for (let index = 0; index < findingCount; index++) {
    const [used = 0, newest = 0, isText, places = 0, length = 0] = numbers.subarray(at, at + HEAD);
    at += HEAD;
    const looks = numbers.subarray(at, at += length);
    const [question = "", answer = "", ignores = "", paths = ""] = texts.slice(text, text += 4);
    const walk = { places: texts.slice(text, text += places), ignores };
    findings.set(question, { answer, walk, paths, looks, newest, text: isText === 1, used });
  }
  for (let index = 0; index < keyCount; index++) {
    const [short = "", key = ""] = texts.slice(text, text += 2);
    keys.set(short, { key, used: numbers[at++]! });
  }
  return { generation, findings, keys };
}
