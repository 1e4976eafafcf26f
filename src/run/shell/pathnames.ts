/**
 * Pathname expansion: a field with pattern characters -> the paths that match, sorted by code unit.
 *
 * `**` as a whole component stands for any number of directories, links not followed. A name that
 * begins with a dot is matched only by a pattern that does.
 *
 * On Windows a backslash is a separator here too, unless it quotes a pattern character; what comes
 * out has `/` in its place.
 *
 * @module
 */

import { isFault, type ShellSystem } from "../../host/shell_system.ts";
import { joinPath } from "./paths.ts";
import {
  isPattern,
  type PatternCharacter,
  patternCharacters,
  patternExpression,
} from "./pattern.ts";
import type { Piece } from "./pieces.ts";

/**
 * The paths a field stands for; empty when it is no pattern or nothing matches.
 *
 * @param cwd where relative patterns begin
 */
export function expandPathnames(
  field: readonly Piece[],
  system: ShellSystem,
  cwd: string,
): readonly string[] {
  if (!field.some(({ text, quoted }) => !quoted && /[*?[]/.test(text))) return [];
  const slashed = system.windows ? field.map(withSlashes) : field;
  const components = splitComponents(patternCharacters(slashed));
  if (!components.some(isPattern)) return [];

  const walk: Walk = { system, cwd };
  // The text so far always ends in a separator or is empty.
  let prefixes: readonly string[] = [""];
  components.forEach((component, at) => {
    const last = at === components.length - 1;
    const next: string[] = [];
    for (const prefix of prefixes) next.push(...step(walk, prefix, component, last));
    prefixes = next;
  });
  // `**/` reaches a directory on several ways.
  return [...new Set(prefixes)].filter((path) => path !== "").sort();
}

interface Walk {
  readonly system: ShellSystem;
  readonly cwd: string;
}

function withSlashes(piece: Piece): Piece {
  const separators = piece.quoted ? /\\/g : /\\(?![*?[\]])/g;
  return { ...piece, text: piece.text.replace(separators, "/") };
}

function splitComponents(
  characters: readonly PatternCharacter[],
): readonly (readonly PatternCharacter[])[] {
  const components: PatternCharacter[][] = [[]];
  for (const character of characters) {
    if (character.char === "/") components.push([]);
    else components.at(-1)!.push(character);
  }
  return components;
}

/** The paths one component further. All but the last get their separator. */
function step(
  walk: Walk,
  prefix: string,
  component: readonly PatternCharacter[],
  last: boolean,
): readonly string[] {
  const text = component.map(({ char }) => char).join("");
  const end = last ? "" : "/";
  if (text === "**" && component.every(({ quoted }) => !quoted)) {
    return descend(walk, prefix, last);
  }
  if (!isPattern(component)) {
    if (text === "") return last ? isDirectory(walk, prefix) ? [prefix] : [] : [`${prefix}/`];
    const path = prefix + text;
    return (last ? exists(walk, path) : isPassable(walk, path)) ? [path + end] : [];
  }
  const expression = patternExpression(component);
  const hidden = component[0]!.char === ".";
  return names(walk, prefix)
    .filter((name) => (hidden || !name.startsWith(".")) && expression.test(name))
    .filter((name) => last || isDirectory(walk, prefix + name))
    .map((name) => prefix + name + end);
}

/** `**`: this directory and all below; as the last component their files too. */
function descend(walk: Walk, prefix: string, last: boolean): readonly string[] {
  const found: string[] = [];
  const pending = [prefix];
  while (pending.length > 0) {
    const directory = pending.pop()!;
    if (!last || directory === prefix) found.push(directory);
    for (const name of names(walk, directory)) {
      if (name.startsWith(".")) continue;
      const path = directory + name;
      const status = walk.system.status(absolute(walk, path), false);
      const inner = !isFault(status) && status.kind === "directory";
      if (inner) pending.push(`${path}/`);
      if (last) found.push(path);
    }
  }
  return found;
}

function names(walk: Walk, directory: string): readonly string[] {
  const found = walk.system.list(absolute(walk, directory === "" ? "." : directory));
  return isFault(found) ? [] : found;
}

function exists(walk: Walk, path: string): boolean {
  return !isFault(walk.system.status(absolute(walk, path), false));
}

function isDirectory(walk: Walk, path: string): boolean {
  const status = walk.system.status(absolute(walk, path === "" ? "." : path), true);
  return !isFault(status) && status.kind === "directory";
}

/** Whether there may be something below. The server of `//server/share` cannot be looked at. */
function isPassable(walk: Walk, path: string): boolean {
  return walk.system.windows && /^\/\/[^/]+$/.test(path) || isDirectory(walk, path);
}

function absolute(walk: Walk, path: string): string {
  return joinPath(walk.cwd, path, walk.system.windows);
}
