/**
 * A random project as plain data: its files, its tasks and how every task makes its outputs out of
 * what it reads. Everything else (task files, what a run must leave behind, whether a task had to
 * run) follows from it.
 *
 * @module
 */

/** A file or a link. */
export type Source =
  | { readonly text: string; readonly exec?: boolean }
  | { readonly link: string };

/** Files by path relative to the project root, with `/`; `../ext/x` lies beside it. */
export type Sources = Readonly<Record<string, Source>>;

export interface Model {
  sources: Record<string, Source>;
  /** What a task needs stands before it. */
  tasks: Task[];
  /** The variables a run inherits. */
  inherited: Record<string, string>;
  /** `env` of the root table of `tasks.toml`. */
  globals: Record<string, string>;
  /** `env` of the group `g`. */
  group: Record<string, string>;
  code: Code;
}

/** What the functions of `tasks.ts` are made with. */
export interface Code {
  /** Top-level constants. `help0()` reads the first, `help1()` the second. */
  top: [string, string];
  help: [string, string];
  /** What a top-level statement leaves in an array that functions read. */
  state: string;
  /** `EXTRA` of the local module `extra.ts`. */
  extra: string;
  /** `value` of `data.json`. */
  data: string;
  /** The default export of `packages/x`, which `node_modules/x` is a link to. */
  linked: string;
  /** A comment, and how far bodies are indented: no part of the code. */
  comment: number;
}

export type Task = Work | Gather | Composite;

/** A task as another one, a run or a composite names it. */
export interface Ref {
  task: string;
  /** Its only argument. */
  word?: string;
  /** The value its `env` gives `OV`: an override of what the task declares. */
  over?: string;
}

/** Dependencies only. */
export interface Gather {
  kind: "gather";
  name: string;
  deps: Ref[];
}

export interface Composite {
  kind: "composite";
  name: string;
  items: Ref[];
  parallel: boolean;
  over?: string;
}

/** What a function of `tasks.ts` is made with besides its own text. */
export type Use = "top0" | "top1" | "help0" | "help1" | "state" | "extra" | "data" | "linked";

/** A task with an action: it reads files and variables and writes them down. */
export interface Work {
  kind: "work";
  name: string;
  /** `shell` text, an executable script of the project, a function of `tasks.ts`. */
  action: "shell" | "script" | "function";
  deps: Ref[];
  /** `plain`: it declares neither inputs nor outputs. */
  caching: "cached" | "uncached" | "plain";
  /** Its directory, or "" for the root. */
  cwd: string;
  /** A word of its command. */
  constant: string;
  reads: Read[];
  writes: Write[];
  env: Record<string, string>;
  /** Inherited variables that its text names. */
  named: string[];
  /** It reads what `cache_env = ["CE_*"]` matches. */
  matched: boolean;
  /** It reads its argument. */
  takesWord: boolean;
  /** It reads `OV`. */
  takesOver: boolean;
  /** `text = true`: it does not see how lines end. */
  text: boolean;
  /** `gitignore = false`: it sees what an ignore file hides. */
  seesIgnored: boolean;
  /** `platform`; with `any` it does not see what is executable. */
  platform?: "any" | "os";
  /** A file that it reads as a tool: `tools` asks for what is in it. */
  tool?: string;
  /** `clean`. */
  clean: boolean;
  /** What it writes leaves out lines that begin with `#`. */
  lossy: boolean;
  /** A hook that copies a file to where the task reads it, and a word where it is not silent. */
  pre?: { from: string; to: string; constant: string; silent: boolean };
  /** What a function is made with. */
  uses: Use[];
  /** The function among its dependencies whose value it is given. */
  takesValue?: string;
  /** What it leaves beside its first output. */
  decoration?: "exec" | "link" | "empty";
}

/** What a task reads, and the pattern that says so. Paths are relative to the root. */
export interface Read {
  at: string;
  /** One file; `at/*.txt`; any depth of `*.txt`; everything below. */
  shape: "file" | "direct" | "deep" | "tree";
  /** One of several spellings of the same pattern. */
  spelling: number;
  /** A folder in it that does not count. */
  without?: string;
  /** `without` holds the outputs of the task itself: no pattern says so. */
  own?: boolean;
}

export type Write =
  /** One file. */
  | { kind: "main"; at: string; spelling: number }
  /** Files in this folder named after the first word of `base.txt`. */
  | { kind: "named"; at: string }
  /** The same in a folder other tasks write to as well. */
  | { kind: "shared"; at: string }
  /** One file; with `declared` it is an output. */
  | { kind: "extra"; at: string; declared: boolean }
  /** One file, of some contents of `base.txt` only. */
  | { kind: "optional"; at: string };

/** A folder that the line {@linkcode HIDING} of an ignore file hides from patterns. */
export const HIDDEN = "hid";
export const HIDING = `${HIDDEN}/`;

/** Where a task has the file that every task has. */
export function baseOf(task: Work): string {
  return task.cwd === "" ? `src/${task.name}/base.txt` : `${task.cwd}/in/base.txt`;
}

/** A script that a task is. */
export function toolOf(task: Work): string {
  return `tools/${task.name}.sh`;
}

/** Are these outputs, for ntask? */
export function declared(task: Work): readonly Write[] {
  if (task.caching === "plain") return [];
  return task.writes.filter((write) => write.kind !== "extra" || write.declared);
}

/** The paths that a pattern for this output matches. */
export function covers(write: Write, path: string): boolean {
  if (write.kind === "named" || write.kind === "shared") return path.startsWith(`${write.at}/`);
  if (write.kind === "main" && write.spelling > 0) {
    return path.startsWith(write.at.slice(0, write.at.lastIndexOf("/") + 1));
  }
  return path === write.at;
}

/** What a function returns: the first word of its file, and its constant. */
export function valueOf(task: Work, { sources }: Model): string {
  const base = sources[baseOf(task)];
  const text = base !== undefined && "text" in base ? base.text : "";
  const first = task.reads.length === 0 ? "none" : text.split(/\r?\n/, 1)[0];
  return `${first}-${task.constant}`;
}

export function works(model: Model): readonly Work[] {
  return model.tasks.filter((task) => task.kind === "work");
}

export function taskNamed(model: Model, name: string): Task {
  const found = model.tasks.find((task) => task.name === name);
  if (found === undefined) throw new Error(`the model has no task ${name}`);
  return found;
}

export function workNamed(model: Model, name: string): Work {
  const found = works(model).find((task) => task.name === name);
  if (found === undefined) throw new Error(`the model has no action ${name}`);
  return found;
}

/** What its reference says of a task that it needs or runs. */
export function refsOf(task: Task): readonly Ref[] {
  return task.kind === "composite" ? task.items : task.deps;
}
