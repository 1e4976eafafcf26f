/**
 * Random edits: each changes a model in one way, and says which tasks it is about.
 *
 * @module
 */

import type { Random } from "../../rig/random.ts";
import {
  addRead,
  ARGUMENTS,
  digit,
  fileEnd,
  folderEnd,
  OVERRIDES,
  readable,
  someRef,
  someText,
  VALUES,
  VARIABLES,
  WORDS,
} from "./generate.ts";
import {
  baseOf,
  HIDING,
  type Model,
  refsOf,
  type Source,
  type Task,
  type Work,
  works,
} from "./model.ts";
import { planOf } from "./plan.ts";
import { FAILING } from "./script.ts";

export interface Change {
  readonly model: Model;
  /** Tasks that the edit is about; without any: all of them. */
  readonly about: readonly string[];
  /** What was done, for the story. */
  readonly what: string;
  /** A kind within the kind, counted by itself. */
  readonly detail?: string;
  /** Files that keep the time of their last change. */
  readonly sameTime?: readonly string[];
  readonly touched?: readonly string[];
}

/** What an edit does to the copy it is given; nothing when there is nothing of its kind. */
type Edit = (model: Model, random: Random) => Omit<Change, "model"> | undefined;

/** @returns nothing when this model has nothing of that kind */
export function applyEdit(kind: string, model: Model, random: Random): Change | undefined {
  const draft = structuredClone(model);
  const change = EDITS[kind]!.apply(draft, random);
  if (change === undefined) return undefined;
  // A task that cannot run alone would never run.
  if (draft.tasks.some(({ name }) => planOf(draft, [{ task: name }]).clash)) return undefined;
  return { ...change, model: draft };
}

/** A kind of edit, by chance. */
export function someKind(random: Random): string {
  let left = random.next() * TOTAL;
  for (const [kind, { weight }] of Object.entries(EDITS)) {
    left -= weight;
    if (left < 0) return kind;
  }
  return "content";
}

const EDITS: Readonly<Record<string, { readonly weight: number; readonly apply: Edit }>> = {
  "content": { weight: 12, apply: content },
  "same size, time restored": { weight: 8, apply: sameSize },
  "touch": { weight: 3, apply: touch },
  "file added": { weight: 4, apply: added },
  "file removed": { weight: 4, apply: removed },
  "files swapped": { weight: 3, apply: swapped },
  "executable bit": { weight: 3, apply: executable },
  "link": { weight: 6, apply: link },
  "end of a link": { weight: 3, apply: endOfLink },
  "line ends": { weight: 4, apply: lineEnds },
  "comment line": { weight: 4, apply: commentLine },
  "failure": { weight: 2, apply: failure },
  "command": { weight: 5, apply: command },
  "hook": { weight: 3, apply: hook },
  "input pattern": { weight: 4, apply: inputPattern },
  "output pattern": { weight: 5, apply: outputPattern },
  "spelling of a pattern": { weight: 2, apply: spelling },
  "dependency added": { weight: 5, apply: dependencyAdded },
  "dependency removed": { weight: 4, apply: dependencyRemoved },
  "cached or not": { weight: 3, apply: caching },
  "ignore file": { weight: 3, apply: ignoreFile },
  "gitignore = false": { weight: 2, apply: gitignore },
  "platform": { weight: 2, apply: platform },
  "tool": { weight: 3, apply: tool },
  "variable": { weight: 9, apply: variable },
  "env of a task": { weight: 4, apply: env },
  "env of all": { weight: 1, apply: envOfAll },
  "override": { weight: 6, apply: override },
  "argument of a reference": { weight: 4, apply: argument },
  "helper": { weight: 5, apply: helper },
  "top level": { weight: 5, apply: topLevel },
  "local module": { weight: 4, apply: localModule },
  "linked package": { weight: 5, apply: linkedPackage },
  "comment in tasks.ts": { weight: 3, apply: comment },
};

const TOTAL = Object.values(EDITS).reduce((sum, { weight }) => sum + weight, 0);

export const KINDS: readonly string[] = Object.keys(EDITS);

// ── files ────────────────────────────────────────────────────────────────────────────────────────

function content(model: Model, random: Random) {
  const path = somePath(model, random, isText);
  if (path === undefined) return undefined;
  return write(model, path, someText(random));
}

/** A digit becomes another one. */
function sameSize(model: Model, random: Random) {
  const path = somePath(model, random, (source) => isText(source) && /k=\d/.test(textOf(source)));
  if (path === undefined) return undefined;
  const text = textOf(model.sources[path]!);
  const next = text.replace(/k=\d/, `k=${(Number(/k=(\d)/.exec(text)![1]) + 1) % 4}`);
  return { ...write(model, path, next), sameTime: [path] };
}

function touch(model: Model, random: Random) {
  const path = somePath(model, random, isText);
  if (path === undefined) return undefined;
  return { about: readersOf(model, path), what: `touch ${path}`, touched: [path] };
}

/** A new file where a task reads, or among its outputs, where it is nobody's. */
function added(model: Model, random: Random) {
  const task = random.of(works(model));
  const folders = task.reads.filter(({ at, shape }) =>
    shape !== "file" && /^(?:src|common|sub|w)\//.test(at)
  ).map(({ at }) => at);
  const named = task.clean ? task.writes.filter(({ kind }) => kind === "named") : [];
  const places = [...folders, ...named.map(({ at }) => at)];
  if (places.length === 0) return undefined;
  const at = random.of(places);
  const path = `${at}/${random.of(["n1.txt", "n2.txt", "e/n3.txt"])}`;
  if (model.sources[path] !== undefined) return undefined;
  return write(model, path, someText(random));
}

function removed(model: Model, random: Random) {
  const path = somePath(
    model,
    random,
    (_, path) => /^(?:src|common|sub|w|gen)\//.test(path) && !/base\.txt$|-pre\.txt$/.test(path),
  );
  if (path === undefined) return undefined;
  const about = readersOf(model, path);
  delete model.sources[path];
  return { about, what: `remove ${path}` };
}

function swapped(model: Model, random: Random) {
  const [one, other] = [somePath(model, random, isText), somePath(model, random, isText)];
  if (one === undefined || other === undefined || one === other) return undefined;
  const { [one]: first, [other]: second } = model.sources;
  model.sources[one] = second!;
  model.sources[other] = first!;
  const about = [...readersOf(model, one), ...readersOf(model, other)];
  return { about, what: `swap ${one} and ${other}` };
}

function executable(model: Model, random: Random) {
  const path = somePath(model, random, (source) => "text" in source);
  if (path === undefined) return undefined;
  const source = model.sources[path] as Source & { text: string; exec?: boolean };
  model.sources[path] = { text: source.text, exec: !source.exec };
  return { about: readersOf(model, path), what: `executable bit of ${path}: ${!source.exec}` };
}

function link(model: Model, random: Random) {
  const path = somePath(model, random, (source) => "link" in source);
  if (path === undefined) return undefined;
  const next = path.endsWith("/ld") ? folderEnd(path, random) : fileEnd(path, random);
  model.sources[path] = { link: next };
  return { about: readersOf(model, path), what: `link ${path} -> ${next}` };
}

function endOfLink(model: Model, random: Random) {
  const path = somePath(model, random, (_, path) => /^pool\/|^\.\.\/ext\//.test(path));
  if (path === undefined) return undefined;
  const readers = Object.keys(model.sources).filter((each) => "link" in model.sources[each]!)
    .flatMap((each) => readersOf(model, each));
  return {
    ...write(model, path, `${random.of(["p", "q", "r"])}${digit(random)}\n`),
    about: readers,
  };
}

/** In a file of a task that does not mind, if there is one. */
function lineEnds(model: Model, random: Random) {
  const easy = works(model).filter(({ text }) => text);
  const task = random.of(easy.length > 0 ? easy : works(model));
  const path = baseOf(task);
  const source = model.sources[path];
  if (source === undefined) return undefined;
  const text = textOf(source);
  const next = text.includes("\r") ? text.replaceAll("\r", "") : text.replaceAll("\n", "\r\n");
  return write(model, path, next);
}

function commentLine(model: Model, random: Random) {
  const easy = works(model).filter(({ lossy, reads }) => lossy && reads.length > 0);
  if (easy.length === 0) return undefined;
  const path = baseOf(random.of(easy));
  const rest = textOf(model.sources[path]!).split("\n").filter((line) => !line.startsWith("#"));
  return write(model, path, `${rest.join("\n")}# c${digit(random)}\n`);
}

function failure(model: Model, random: Random) {
  const path = somePath(model, random, (_, path) => path.endsWith("/base.txt"));
  if (path === undefined) return undefined;
  return write(model, path, `${FAILING}\nk=${digit(random)}\n`);
}

function write(model: Model, path: string, text: string): Omit<Change, "model"> {
  const last = model.sources[path];
  const exec = last !== undefined && "exec" in last && last.exec === true;
  model.sources[path] = { text, ...exec && { exec } };
  return { about: readersOf(model, path), what: `write ${path}: ${JSON.stringify(text)}` };
}

function somePath(
  model: Model,
  random: Random,
  wanted: (source: Source, path: string) => boolean,
): string | undefined {
  const paths = Object.keys(model.sources).filter((path) =>
    path !== ".gitignore" && wanted(model.sources[path]!, path)
  );
  return paths.length === 0 ? undefined : random.of(paths);
}

function isText(source: Source): boolean {
  return "text" in source && WORDS.some((word) => source.text.startsWith(word));
}

function textOf(source: Source): string {
  return "text" in source ? source.text : "";
}

function readersOf(model: Model, path: string): readonly string[] {
  return works(model).filter(({ reads, pre }) =>
    pre?.from === path || reads.some(({ at }) => path === at || path.startsWith(`${at}/`))
  ).map(({ name }) => name);
}

// ── definitions ──────────────────────────────────────────────────────────────────────────────────

function command(model: Model, random: Random) {
  const task = random.of(works(model));
  task.constant = `c${digit(random)}`;
  return { about: [task.name], what: `command of ${task.name}: ${task.constant}` };
}

function hook(model: Model, random: Random) {
  const task = someWork(model, random, ({ pre }) => pre !== undefined);
  if (task === undefined) return undefined;
  task.pre!.constant = `h${digit(random)}`;
  return { about: [task.name], what: `hook of ${task.name}: ${task.pre!.constant}` };
}

/** A folder more or less, or the exclusion of one. */
function inputPattern(model: Model, random: Random) {
  const task = someWork(model, random, ({ reads }) => reads.length > 0);
  if (task === undefined) return undefined;
  const about = [task.name];
  const common = task.reads.findIndex(({ at }) => at.startsWith("common/"));
  const folder = task.reads.find(({ shape, own }) =>
    (shape === "tree" || shape === "deep") && !own
  );
  if (folder !== undefined && random.chance(0.4)) {
    if (folder.without === undefined) folder.without = `${folder.at}/skip`;
    else delete folder.without;
    return { about, what: `${task.name} reads ${folder.at} without ${folder.without}` };
  }
  if (common >= 0) {
    const [read] = task.reads.splice(common, 1);
    return { about, what: `${task.name} does not read ${read!.at}` };
  }
  const at = random.of(["common/c0", "common/c1"]);
  const shape = random.of(["direct", "deep", "tree"] as const);
  task.reads.push({ at, shape, spelling: random.below(5) });
  return { about, what: `${task.name} reads ${at}` };
}

function outputPattern(model: Model, random: Random) {
  const task = someWork(model, random, ({ writes }) => writes.some(({ kind }) => kind === "extra"));
  const write = task?.writes.find(({ kind }) => kind === "extra");
  if (task === undefined || write?.kind !== "extra") return undefined;
  write.declared = !write.declared;
  // What is no output is not there after a hit.
  for (const each of works(model)) dropReads(model, each);
  const detail = write.declared ? "added" : "removed";
  return { about: [task.name], detail, what: `${write.at} is an output: ${write.declared}` };
}

function spelling(model: Model, random: Random) {
  const task = someWork(model, random, ({ reads }) => reads.length > 0);
  if (task === undefined) return undefined;
  const read = random.of(task.reads);
  read.spelling = random.below(5);
  return { about: [task.name], what: `${task.name} has ${read.at} in spelling ${read.spelling}` };
}

/** With or without reading what it leaves. */
function dependencyAdded(model: Model, random: Random) {
  const index = random.below(model.tasks.length);
  const task = model.tasks[index]!;
  if (index === 0) return undefined;
  const other = model.tasks[random.below(index)]!;
  const refs = refsOf(task) as ReturnType<typeof someRef>[];
  if (refs.some((ref) => ref.task === other.name)) return undefined;
  const overrides = !(task.kind === "work" && task.action === "function");
  const ref = someRef(other, random, overrides);
  refs.push(ref);
  const reads = task.kind === "work" && task.reads.length > 0 && random.chance(0.7);
  if (reads) { for (const write of readable(model, ref)) addRead(task, write, random); }
  return { about: [task.name], what: `${task.name} needs ${other.name}${reads ? ", read" : ""}` };
}

function dependencyRemoved(model: Model, random: Random) {
  const task = random.of(model.tasks);
  const refs = refsOf(task) as ReturnType<typeof someRef>[];
  const least = task.kind === "composite" || task.kind === "gather" ? 1 : 0;
  if (refs.length <= least) return undefined;
  const [ref] = refs.splice(random.below(refs.length), 1);
  if (task.kind === "work" && task.takesValue === ref!.task) delete task.takesValue;
  // Who needs this task may have read what came through it.
  for (const each of works(model)) dropReads(model, each);
  return { about: [task.name], what: `${task.name} does not need ${ref!.task}` };
}

/** What it reads of other tasks is what tasks leave that it needs. */
function dropReads(model: Model, task: Work): void {
  const mine = new Set(task.deps.flatMap((dep) => readable(model, dep)).map(({ at }) => at));
  const made = new Set(works(model).flatMap(({ writes }) => writes).map(({ at }) => at));
  task.reads = task.reads.filter(({ at }) => !made.has(at) || mine.has(at));
}

function caching(model: Model, random: Random) {
  const task = someWork(model, random, ({ caching }) => caching !== "plain");
  if (task === undefined) return undefined;
  task.caching = task.caching === "cached" ? "uncached" : "cached";
  return { about: [task.name], what: `${task.name} is ${task.caching}` };
}

/** It begins or ceases to hide a folder of every area. */
function ignoreFile(model: Model, random: Random) {
  const source = model.sources[".gitignore"];
  const lines = source === undefined || "link" in source ? [] : source.text.split("\n");
  const hides = lines.includes(HIDING);
  const rest = lines.filter((line) => line !== HIDING && line !== "");
  const next = hides ? rest : random.chance(0.5) ? [HIDING, ...rest] : [...rest, HIDING];
  model.sources[".gitignore"] = { text: next.map((line) => `${line}\n`).join("") };
  const about = works(model).filter(({ seesIgnored, reads }) =>
    !seesIgnored && reads.some(({ at }) => model.sources[`${at}/${HIDING}h.txt`] !== undefined)
  );
  return {
    about: about.map(({ name }) => name),
    what: `.gitignore ${hides ? "does not hide" : "hides"} ${HIDING}`,
  };
}

function gitignore(model: Model, random: Random) {
  const task = someWork(
    model,
    random,
    ({ caching, reads }) =>
      caching !== "plain" && reads.some(({ shape }) => shape === "tree" || shape === "deep"),
  );
  if (task === undefined) return undefined;
  task.seesIgnored = !task.seesIgnored;
  return { about: [task.name], what: `${task.name} has gitignore = ${!task.seesIgnored}` };
}

function platform(model: Model, random: Random) {
  const task = someWork(model, random, ({ caching }) => caching !== "plain");
  if (task === undefined) return undefined;
  if (task.platform === undefined) task.platform = random.chance(0.7) ? "any" : "os";
  else delete task.platform;
  return { about: [task.name], what: `${task.name} has platform = ${task.platform}` };
}

/** What a tool says of itself. */
function tool(model: Model, random: Random) {
  const task = someWork(model, random, ({ tool }) => tool !== undefined);
  if (task === undefined) return undefined;
  const path = task.tool!;
  model.sources[path] = { text: `v${digit(random)}\n` };
  const about = works(model).filter((each) => each.tool === path).map(({ name }) => name);
  return { about, what: `${path}: ${JSON.stringify(model.sources[path])}` };
}

function someWork(
  model: Model,
  random: Random,
  wanted: (task: Work) => boolean,
): Work | undefined {
  const found = works(model).filter(wanted);
  return found.length === 0 ? undefined : random.of(found);
}

// ── variables and arguments ──────────────────────────────────────────────────────────────────────

function variable(model: Model, random: Random) {
  const name = random.of(VARIABLES);
  const value = random.of([undefined, "", ...VALUES]);
  if (value === undefined) delete model.inherited[name];
  else model.inherited[name] = value;
  const about = works(model).filter((task) =>
    name.startsWith("CE_") ? task.matched : task.named.includes(name) ||
      Object.values(task.env).some((template) => template.includes(name)) ||
      name === "X3" && task.name.startsWith("g.")
  ).map((task) => task.name);
  const what = value === undefined ? "unset" : value === "" ? "empty" : `"${value}"`;
  const detail = value ? "set" : what;
  return { about: name === "NOISE" ? [] : about, detail, what: `${name} is ${what}` };
}

function env(model: Model, random: Random) {
  const task = someWork(model, random, (each) => Object.keys(each.env).length > 0);
  if (task === undefined) return undefined;
  const name = random.of(Object.keys(task.env));
  const templates = name === "OV" ? [] : ["", "${X1:-d}", "${X2:-}", "${X1}"];
  task.env[name] = random.of(["w1", "w2", ...templates]);
  return { about: [task.name], what: `${task.name} has ${name} = "${task.env[name]}"` };
}

function envOfAll(model: Model, random: Random) {
  model.globals.GV = random.of(["g1", "g2", "${X3:-g}"]);
  return { about: [], what: `all have GV = "${model.globals.GV}"` };
}

function override(model: Model, random: Random) {
  const composites = model.tasks.filter((task) => task.kind === "composite");
  const refs = model.tasks.filter(isToml).flatMap((task) =>
    refsOf(task).filter((ref) => takesOver(model, ref.task)).map((ref) => ({ task, ref }))
  );
  const value = random.of([undefined, ...OVERRIDES]);
  const target = random.chance(0.3) && composites.length > 0
    ? { task: random.of(composites), ref: undefined }
    : refs.length > 0
    ? random.of(refs)
    : undefined;
  if (target === undefined) return undefined;
  const place = (target.ref ?? target.task) as { over?: string };
  if (value === undefined) delete place.over;
  else place.over = value;
  return {
    about: [target.task.name],
    what: `${target.task.name} gives ${target.ref?.task ?? "its items"} OV = ${value}`,
  };
}

function isToml(task: Task): boolean {
  return task.kind !== "work" || task.action !== "function";
}

function takesOver(model: Model, name: string): boolean {
  const task = model.tasks.find((each) => each.name === name)!;
  return task.kind === "composite" || task.kind === "work" && task.takesOver;
}

function argument(model: Model, random: Random) {
  const refs = model.tasks.flatMap((task) =>
    refsOf(task).filter((ref) => {
      const called = works(model).find(({ name }) => name === ref.task);
      return called?.takesWord === true;
    }).map((ref) => ({ task, ref }))
  );
  if (refs.length === 0) return undefined;
  const { task, ref } = random.of(refs);
  const word = random.of([undefined, ...ARGUMENTS]);
  if (word === undefined) delete ref.word;
  else ref.word = word;
  return { about: [task.name], what: `${task.name} calls ${ref.task} ${word ?? ""}` };
}

// ── code ─────────────────────────────────────────────────────────────────────────────────────────

function helper(model: Model, random: Random) {
  const which = random.below(2);
  const about = users(model, which === 0 ? ["help0"] : ["help1"]);
  if (about === undefined) return undefined;
  model.code.help[which] = `h${digit(random)}`;
  return { about, what: `help${which}(): ${model.code.help[which]}` };
}

function topLevel(model: Model, random: Random) {
  const which = random.below(3);
  const about = users(model, which === 2 ? ["state"] : [`top${which}`, `help${which}`]);
  if (about === undefined) return undefined;
  if (which === 2) model.code.state = `s${digit(random)}`;
  else model.code.top[which] = `t${digit(random)}`;
  return { about, what: which === 2 ? `STATE: ${model.code.state}` : `TOP${which}` };
}

function localModule(model: Model, random: Random) {
  const which = random.of(["extra", "data"] as const);
  const about = users(model, [which]);
  if (about === undefined) return undefined;
  model.code[which] = `${which[0]}${digit(random)}`;
  return { about, what: `${which}: ${model.code[which]}` };
}

function linkedPackage(model: Model, random: Random) {
  const about = users(model, ["linked"]);
  if (about === undefined || about.length === 0) return undefined;
  model.code.linked = `l${digit(random)}`;
  return { about, what: `packages/x: ${model.code.linked}` };
}

function comment(model: Model, random: Random) {
  const about = users(model, []);
  if (about === undefined) return undefined;
  model.code.comment = random.below(5);
  return { about, what: `comments of tasks.ts: ${model.code.comment}` };
}

/** The functions made with one of these, or all; nothing when there is no function. */
function users(model: Model, names: readonly string[]): readonly string[] | undefined {
  const functions = works(model).filter(({ action }) => action === "function");
  if (functions.length === 0) return undefined;
  const found = functions.filter(({ uses }) => names.some((name) => uses.includes(name as never)));
  return (found.length === 0 ? functions : found).map(({ name }) => name);
}
