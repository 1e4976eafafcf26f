/**
 * Random projects.
 *
 * @module
 */

import type { Random } from "../../rig/random.ts";
import {
  baseOf,
  declared,
  HIDDEN,
  HIDING,
  type Model,
  type Read,
  type Ref,
  type Source,
  type Task,
  type Use,
  type Work,
  type Write,
} from "./model.ts";
import { planOf } from "./plan.ts";

export interface Shape {
  /** There may be functions. */
  readonly functions: boolean;
  /** `tasks.ts` may import a package. */
  readonly packages: boolean;
  /** Everything is cached at first, and nothing runs beside it: a run may have nothing to do. */
  readonly still: boolean;
}

/** First lines of `base.txt`; outputs are named after them. */
export const WORDS = ["red", "blue", "grey", "green"];
export const ARGUMENTS = ["w1", "w2", "w3"];
export const OVERRIDES = ["o1", "o2", "o3"];
/** Inherited variables that projects use, and one that none does. */
export const VARIABLES = ["X1", "X2", "X3", "CE_A", "CE_B", "NOISE"];
export const VALUES = ["a", "b", "c"];

export function digit(random: Random): string {
  return String(random.below(4));
}

/** What a source file may hold. */
export function someText(random: Random): string {
  const comment = random.chance(0.4) ? `# c${digit(random)}\n` : "";
  return `${random.of(WORDS)}\nk=${digit(random)}\n${comment}`;
}

export function randomModel(random: Random, shape: Shape): Model {
  const model: Model = {
    sources: {
      "pool/p1.txt": { text: "p1\n" },
      "pool/p2.txt": { text: "p2\n" },
      "pool/d1/x.txt": { text: "d1\n" },
      "pool/d2/x.txt": { text: "d2\n" },
      "pool/d2/y.txt": { text: "d2y\n" },
      "../ext/o1.txt": { text: "o1\n" },
      "toolbox/v0.txt": { text: "v0\n" },
      "toolbox/v1.txt": { text: "v0\n" },
    },
    tasks: [],
    inherited: {},
    globals: { GV: "g1" },
    group: { GG: "${X3:-gg}" },
    code: {
      top: ["t1", "t1"],
      help: ["h1", "h1"],
      state: "s1",
      extra: "e1",
      data: "d1",
      linked: "l1",
      comment: 0,
    },
  };
  if (random.chance(0.7)) {
    const ignored = ["out/", "gen/", "plain/", "pre/", "shared/", "extra/", "opt/"];
    const hiding = random.chance(0.6) ? [HIDING] : [];
    model.sources[".gitignore"] = { text: `${[...ignored, ...hiding].join("\n")}\n` };
  }
  for (const name of VARIABLES) if (random.chance(0.5)) model.inherited[name] = random.of(VALUES);
  for (const area of ["common/c0", "common/c1"]) addArea(model, area, random);
  const count = 4 + random.below(5);
  for (let index = 0; index < count; index++) {
    const kind = index < 2 ? 0 : random.next();
    if (kind < 0.72) addWork(model, index, shape, random);
    else if (kind < 0.84) {
      model.tasks.push({ kind: "gather", name: `a${index}`, deps: someRefs(model, random, true) });
    } else addComposite(model, index, random);
    // A task that cannot run alone would never run.
    if (planOf(model, [{ task: model.tasks.at(-1)!.name }]).clash) model.tasks.pop();
  }
  return model;
}

/** A folder of sources. */
function addArea(model: Model, at: string, random: Random): void {
  const put = (path: string, source: Source) => void (model.sources[`${at}/${path}`] = source);
  put("base.txt", { text: someText(random) });
  if (random.chance(0.6)) put("a.txt", { text: someText(random) });
  if (random.chance(0.5)) put("d/b.txt", { text: someText(random) });
  if (random.chance(0.3)) put("d/run.bin", { text: "bin\n", exec: random.chance(0.5) });
  if (random.chance(0.35)) put("l.txt", { link: fileEnd(`${at}/l.txt`, random) });
  if (random.chance(0.25)) put("ld", { link: folderEnd(`${at}/ld`, random) });
  if (random.chance(0.3)) put("skip/s.txt", { text: someText(random) });
  if (random.chance(0.4)) put(`${HIDDEN}/h.txt`, { text: someText(random) });
}

/** The text of a link to some file, or to nothing. */
export function fileEnd(from: string, random: Random): string {
  const root = "../".repeat(from.split("/").length - 1);
  return root + random.of(["pool/p1.txt", "pool/p2.txt", "../ext/o1.txt", "pool/none.txt"]);
}

/** The same for a folder. */
export function folderEnd(from: string, random: Random): string {
  const root = "../".repeat(from.split("/").length - 1);
  return root + random.of(["pool/d1", "pool/d2", "pool/none"]);
}

const DOES: readonly Use[] = ["state", "data", "linked"];

function addWork(model: Model, index: number, shape: Shape, random: Random): void {
  const action = shape.functions && random.chance(0.45)
    ? "function"
    : random.chance(0.15)
    ? "script"
    : "shell";
  const grouped = action === "shell" && random.chance(0.2);
  const caching = shape.still
    ? "cached"
    : random.chance(0.65)
    ? "cached"
    : random.chance(0.5)
    ? "uncached"
    : "plain";
  const name = grouped ? `g.t${index}` : `${action === "function" ? "f" : "t"}${index}`;
  const task: Work = {
    kind: "work",
    name,
    action,
    deps: someRefs(model, random, action !== "function"),
    caching,
    cwd: action !== "script" && random.chance(0.15) ? `sub/${index}` : "",
    constant: "c1",
    reads: [],
    writes: [],
    env: {},
    named: [],
    // Without a declaration nobody could know.
    matched: action !== "function" && caching !== "plain" && random.chance(0.15),
    takesWord: random.chance(0.3),
    takesOver: random.chance(0.35),
    text: random.chance(0.15),
    seesIgnored: random.chance(0.25),
    clean: !random.chance(0.08),
    lossy: random.chance(0.2),
    uses: [],
  };
  if (random.chance(0.35)) task.env.TV = "${X1:-d}";
  if (random.chance(0.25)) task.env.TW = "w1";
  if (task.takesOver && random.chance(0.3)) task.env.OV = "own";
  if (random.chance(0.2)) task.platform = random.chance(0.7) ? "any" : "os";
  if (!shape.still && caching !== "plain" && random.chance(0.2)) {
    task.tool = `toolbox/v${random.below(2)}.txt`;
  }
  if (action !== "script") {
    if (random.chance(0.3)) task.named.push("X2");
    if (random.chance(0.2)) task.named.push("X3");
    if (action === "shell" && random.chance(0.1)) task.named.push("GV");
    if (grouped && random.chance(0.7)) task.named.push("GG");
  }
  if (action === "function") {
    const uses = ["top0", "top1", "help0", "help1", "state", "extra", "data"] as const;
    for (const use of uses) if (random.chance(0.25)) task.uses.push(use);
    if (shape.packages && random.chance(0.3)) task.uses.push("linked");
    // A module that does something is evaluated each time.
    if (shape.still) task.uses = task.uses.filter((use) => !DOES.includes(use));
  }
  const functions = task.deps.filter((dep) => dep.task.startsWith("f"));
  if (action === "function" && functions.length > 0 && random.chance(0.6)) {
    task.takesValue = random.of(functions).task;
  }
  if (!(task.deps.length === 0 && random.chance(0.1))) addReads(model, task, random);
  if (task.reads.length === 0) task.cwd = "";
  addWrites(model, task, index, random);
  const hooked = !shape.still && task.reads.length > 0 && action === "shell";
  if (hooked && random.chance(0.2)) {
    const from = `src/${name}-pre.txt`;
    task.pre = { from, to: `pre/${name}.txt`, constant: "h1", silent: index % 2 === 0 };
    model.sources[from] = { text: someText(random) };
    task.reads.push({ at: task.pre.to, shape: "file", spelling: 0 });
  }
  model.tasks.push(task);
}

function addReads(model: Model, task: Work, random: Random): void {
  const area = baseOf(task).slice(0, -"/base.txt".length);
  addArea(model, area, random);
  task.reads.push(areaRead(area, random));
  if (random.chance(0.4)) task.reads.push(areaRead(random.of(["common/c0", "common/c1"]), random));
  for (const dep of task.deps) {
    for (const write of readable(model, dep)) {
      if (random.chance(0.6)) addRead(task, write, random);
    }
  }
}

function areaRead(at: string, random: Random): Read {
  const shape = random.of(["direct", "deep", "tree", "tree"] as const);
  const excludes = shape !== "direct" && random.chance(0.3);
  return {
    at,
    shape,
    spelling: random.below(5),
    ...excludes && { without: `${at}/skip` },
  };
}

/** What is there once a dependency has ended. */
export function readable(model: Model, dep: Ref): readonly Write[] {
  return planOf(model, [dep]).steps.flatMap(({ task }) =>
    task.caching === "plain" ? task.writes : declared(task)
  );
}

export function addRead(task: Work, write: Write, random: Random): void {
  if (task.reads.some(({ at }) => at === write.at)) return;
  if (task.writes.some(({ at }) => at === write.at)) return;
  const folder = write.kind === "named" || write.kind === "shared";
  task.reads.push({
    at: write.at,
    shape: folder ? random.of(["tree", "deep"] as const) : "file",
    spelling: random.below(5),
  });
}

function addWrites(model: Model, task: Work, index: number, random: Random): void {
  const { name } = task;
  if (task.caching === "plain") {
    task.writes.push({ kind: "main", at: `plain/${name}.txt`, spelling: 0 });
    return;
  }
  const free = task.clean;
  if (random.chance(0.85)) addMain(model, task, random);
  if (free && random.chance(0.4)) task.writes.push({ kind: "named", at: `gen/${name}` });
  if (random.chance(0.35)) {
    task.writes.push({ kind: "extra", at: `extra/${name}.txt`, declared: random.chance(0.5) });
  }
  if (free && random.chance(0.25)) task.writes.push({ kind: "optional", at: `opt/${name}.txt` });
  const shared = `shared/k${index % 2}`;
  if (free && random.chance(0.3) && !task.reads.some(({ at }) => at === shared)) {
    task.writes.push({ kind: "shared", at: shared });
  }
}

function addMain(model: Model, task: Work, random: Random): void {
  const { name, cwd } = task;
  const own = cwd === "" && task.reads.length > 0 && random.chance(0.15);
  const at = own
    ? `w/${name}/dist/main.txt`
    : cwd !== "" && random.chance(0.5)
    ? `${cwd}/dist/main.txt`
    : `out/${name}/main.txt`;
  const spelling = own ? 1 + random.below(3) : random.below(4);
  task.writes.push({ kind: "main", at, spelling });
  if (own) {
    const place = `w/${name}`;
    model.sources[`${place}/x.txt`] = { text: someText(random) };
    task.reads.push({
      at: place,
      shape: "tree",
      spelling: random.below(5),
      without: `${place}/dist`,
      own: true,
    });
  }
  if (spelling > 0 && task.clean && random.chance(0.4)) {
    task.decoration = random.of(["exec", "link", "empty"] as const);
  } else if (random.chance(0.1)) task.decoration = "exec";
}

function addComposite(model: Model, index: number, random: Random): void {
  model.tasks.push({
    kind: "composite",
    name: `c${index}`,
    items: someRefs(model, random, true, 1),
    parallel: random.chance(0.3),
    ...random.chance(0.35) && { over: random.of(OVERRIDES) },
  });
}

function someRefs(model: Model, random: Random, overrides: boolean, least = 0): Ref[] {
  const chosen: Task[] = [];
  const many = Math.max(least, random.below(3) + (random.chance(0.2) ? 1 : 0));
  for (let left = many; left > 0 && model.tasks.length > 0; left--) {
    const task = random.of(model.tasks);
    if (!chosen.includes(task)) chosen.push(task);
  }
  return chosen.map((task) => someRef(task, random, overrides));
}

/** @param overrides it may give `OV` a value */
export function someRef(task: Task, random: Random, overrides: boolean): Ref {
  const word = task.kind === "work" && task.takesWord && random.chance(0.5);
  const over = overrides && random.chance(0.3) &&
    (task.kind === "composite" || task.kind === "work" && task.takesOver);
  return {
    task: task.name,
    ...word && { word: random.of(ARGUMENTS) },
    ...over && { over: random.of(OVERRIDES) },
  };
}

/** The tasks that need or run a task, and itself. */
export function dependantsOf(model: Model, name: string): readonly string[] {
  return model.tasks.filter((task) =>
    planOf(model, [{ task: task.name }]).steps.some((step) => step.task.name === name)
  ).map((task) => task.name);
}
