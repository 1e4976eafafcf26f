// What a `tasks.ts` may import from "ntask". This is the text that a project finds in
// `.ntask/types/ntask.d.ts`, so that editors and compilers know it.

// ── values ─────────────────────────────────────────────────────────────────────────────────────

/** What has no stored form, found in a type; `never` where everything can be stored. */
// deno-lint-ignore no-explicit-any
type Unstorable<T, Depth extends readonly any[] = []> = Depth["length"] extends 6 ? never
  : unknown extends T ? never
  : T extends string | number | boolean | bigint | null | undefined | void ? never
  : T extends Date | URL | Error | RegExp | ArrayBuffer | ArrayBufferView ? never
  : T extends symbol | ((...args: never) => unknown) ? T
  : T extends PromiseLike<unknown> | WeakKeyed | ReadableStreamLike ? T
  : T extends ReadonlyMap<infer K, infer V>
    ? Unstorable<K, [...Depth, 0]> | Unstorable<V, [...Depth, 0]>
  : T extends ReadonlySet<infer E> ? Unstorable<E, [...Depth, 0]>
  : T extends readonly (infer E)[] ? Unstorable<E, [...Depth, 0]>
  : T extends object ? { [K in keyof T]-?: Unstorable<T[K], [...Depth, 0]> }[keyof T]
  : never;

type WeakKeyed = WeakMap<WeakKey, unknown> | WeakSet<WeakKey>;
type ReadableStreamLike = { getReader(): unknown };

/** The body must return what can be stored: its value travels to other processes. */
type Storing<F extends (...args: never) => unknown> = [Unstorable<Awaited<ReturnType<F>>>] extends
  [never] ? unknown
  : {
    readonly "what a task returns is stored, and this cannot be": Unstorable<
      Awaited<ReturnType<F>>
    >;
  };

// ── tasks ──────────────────────────────────────────────────────────────────────────────────────

/** Only for types: what a value is, and what it takes and gives. */
declare const kind: unique symbol;
declare const types: unique symbol;

/** A task: export it, name it in `deps`, run it with `run`. */
export interface Task<P extends readonly unknown[] = readonly never[], R = unknown> {
  /**
   * The task with arguments: a dependency of its own.
   *
   * @param values the parameters by name; what is left out has its default
   * @example task({ deps: [build.with({ mode: "prod" })] }, "./release.sh")
   */
  with(values: Arguments<P>): Call<R>;
  readonly [kind]: "task";
  readonly [types]?: { readonly parameters: P; readonly result: R };
}

/** A task with arguments. */
export interface Call<R = unknown> {
  readonly [kind]: "call";
  readonly [types]?: { readonly result: R };
}

/** A group of tasks. */
export interface Group {
  readonly [kind]: "group";
}

/** What `.with` takes: the members of a destructured object, and what the other parameters take. */
type Arguments<P extends readonly unknown[]> = readonly never[] extends P
  ? Readonly<Record<string, unknown>>
  : number extends P["length"] ? Readonly<Record<string, Given<P[number]>>>
  : Required<P> extends readonly [infer O] ? O extends Scalar | readonly unknown[] ? Named<P> : O
  : Named<P>;

type Named<P extends readonly unknown[]> = P extends readonly [] ? Readonly<Record<string, never>>
  : Readonly<Record<string, Given<P[number]>>>;

/** A parameter's own type; the members of one that is an object count one by one. */
type Given<T> = T extends Scalar | readonly unknown[] | undefined ? T
  : T extends object ? T[keyof T]
  : T;

type Scalar = string | number | boolean | bigint;

/** A mention of another task: the task, a call with arguments, its name, or a later one. */
export type Dependency<R = unknown> =
  // deno-lint-ignore no-explicit-any
  | Task<any, R>
  | Call<R>
  | string
  // deno-lint-ignore no-explicit-any
  | (() => Task<any, R> | Call<R> | string);

/** Dependencies by the names under which a body receives their values. */
export type DependencyRecord = Readonly<Record<string, Dependency>>;

/** The values of a `deps` record. */
export type Values<D> = { readonly [K in keyof D]: Value<D[K]> };

type Value<D> = D extends () => infer T ? Value<T>
  // deno-lint-ignore no-explicit-any
  : D extends Task<any, infer R> ? R
  : D extends Call<infer R> ? R
  // A name says nothing about the type of its value.
  // deno-lint-ignore no-explicit-any
  : any;

/**
 * What runs scripts: a name, or a command line that is given the script as its last argument. Where
 * nothing is said, that is `sh`, or where there is none ntask's own portable shell.
 */
export type Interpreter =
  | "portable"
  | "sh"
  | "bash"
  | "zsh"
  | "pwsh"
  | "cmd"
  | "python"
  | readonly string[];

/** Options that a group hands to its members. */
export interface GroupOptions {
  /** What the group is for. */
  readonly help?: string;
  /** Variables; `null` takes one away. */
  readonly env?: Readonly<Record<string, string | number | boolean | null | EnvValue>>;
  readonly envfile?: string | EnvFile | readonly (string | EnvFile)[];
  /** The directory its members run in, relative to the project root. */
  readonly cwd?: string;
  /** A marker expression; every member runs only if it holds. */
  readonly condition?: string;
  /** Run the whole group at once. */
  readonly parallel?: boolean;
  /** Run the rest after a failure. */
  readonly keepGoing?: boolean;
  readonly aliases?: readonly string[];
  /** Words to select tasks by; the members have them too. */
  readonly tags?: readonly string[];
}

/** A variable with more to say than its text. */
export type EnvValue =
  | { readonly value: string; readonly secret?: boolean }
  /** Only if it is not set. */
  | { readonly default: string; readonly secret?: boolean }
  | { readonly unset: true };

/** A file of `KEY=VALUE` lines. */
export interface EnvFile {
  readonly path: string;
  /** It may replace variables that are set. */
  readonly override?: boolean;
  /** A missing file is an error. */
  readonly required?: boolean;
}

/** Options of a task: the properties of the TOML language, in camelCase. */
export interface TaskOptions<D = unknown>
  extends Omit<GroupOptions, "parallel" | "keepGoing" | "condition"> {
  /** Same as `help`. */
  readonly description?: string;
  /** What must have succeeded before: once per run and arguments. */
  readonly deps?: D;
  /** When to run at all: a marker expression, or a function that says so. */
  readonly condition?: string | (() => boolean | Promise<boolean>);
  /** The files that determine the result. With them, the task is cached. */
  readonly inputs?: string | readonly string[];
  /** The files produced. */
  readonly outputs?: string | readonly string[];
  /** Outputs that may be missing. */
  readonly outputsOptional?: string | readonly string[];
  readonly cached?: boolean;
  /** Inherited variables that count for the result. */
  readonly cacheEnv?: readonly string[];
  /** Commands whose output counts for the result: `["node --version"]`. */
  readonly tools?: readonly string[];
  /** How much of the platform counts; the default is `"os-arch"`. */
  readonly platform?: "os-arch" | "os" | "any";
  /** CRLF and LF are the same in inputs. */
  readonly text?: boolean;
  /** Old outputs are removed first; the default is true. */
  readonly clean?: boolean;
  /** Ignored files are no inputs; the default is true. */
  readonly gitignore?: boolean;
  /** It runs alone: everything in flight ends first. */
  readonly exclusive?: boolean;
  /** `false` is the same as `exclusive: true`. */
  readonly parallel?: boolean;
  /** The longest it may take: seconds, or `"90s"`, `"10m"`. */
  readonly timeout?: string | number;
  readonly retries?:
    | number
    | { readonly max: number; readonly delay?: string | number; readonly factor?: number };
  /** Named limits it takes from. */
  readonly uses?: Readonly<Record<string, number>>;
  /** How many slots it takes. */
  readonly weight?: number;
  /** What `ntask` alone runs. */
  readonly default?: boolean;
  /** Not listed. */
  readonly hidden?: boolean;
  /** It needs the terminal. */
  readonly interactive?: boolean;
  /** What runs a body that is a string, and the commands of `shell` in one that is a function. */
  readonly interpreter?: Interpreter;
  /** A question that is asked before anything runs. */
  readonly confirm?: string;
  readonly pre?: Dependency | readonly Dependency[];
  readonly post?: Dependency | readonly Dependency[];
}

/** Mentions without names: they order, and hand no values over. */
export type DependencyList = Dependency | readonly Dependency[];

/** The first parameter of a body must be able to receive the values of `deps`. */
type Receiving<F extends (...args: never) => unknown, V> = Parameters<F> extends readonly []
  ? unknown
  : V extends Parameters<F>[0] ? unknown
  : { readonly "the first parameter receives the values of deps, and has another type": V };

type Tail<P extends readonly unknown[]> = P extends readonly [unknown?, ...infer T] ? T : [];

/**
 * Define a task. Its export name is its name; the parameters of a function are its command line.
 *
 * @param body a function, or a script for the shell
 * @example export const test = task((pattern = "") => shell`deno test ${pattern}`);
 */
export declare function task(body: string): Task<readonly never[], undefined>;
export declare function task<F extends (...args: never) => unknown>(
  body: F & Storing<F>,
): Task<Parameters<F>, Awaited<ReturnType<F>>>;
/**
 * @param options what it needs, produces and is
 * @param body a script for the shell; without one the task only has dependencies
 * @example export const build = task({ deps: [lint] }, "tsc -p .");
 */
export declare function task(
  options: TaskOptions<DependencyList | DependencyRecord>,
  body?: string,
): Task<readonly never[], undefined>;
/**
 * @param options what it needs, produces and is
 * @param body its parameters are the command line
 */
export declare function task<F extends (...args: never) => unknown>(
  options: TaskOptions<DependencyList>,
  body: F & Storing<F>,
): Task<Parameters<F>, Awaited<ReturnType<F>>>;
/**
 * @param options with a `deps` record
 * @param body its first parameter receives the values of `deps`; the others are the command line
 * @example
 * export const pack = task({ deps: { files: build } }, ({ files }, version: string) =>
 *   console.log(version, files));
 */
export declare function task<
  D extends DependencyRecord,
  F extends (values: Values<D>, ...args: never) => unknown,
>(
  options: TaskOptions<D>,
  body: F & Storing<F> & Receiving<F, Values<D>>,
): Task<Tail<Parameters<F>>, Awaited<ReturnType<F>>>;

/**
 * Define a group: its members' names follow its own, `api.lint`.
 *
 * @param members tasks and groups by name
 * @param options what all members inherit
 */
export declare function group<
  // deno-lint-ignore no-explicit-any
  M extends Readonly<Record<string, Task<any, any> | Group>>,
>(members: M, options?: GroupOptions): Group & Readonly<M>;

/**
 * Run a task from inside the body of another, once per run and arguments; both wait for each other
 * as for any dependency.
 *
 * @returns what its body returned
 * @throws {Error} when it fails
 * @example const files = await run(build.with({ mode: "prod" }));
 */
// deno-lint-ignore no-explicit-any
export declare function run<R>(target: Task<any, R> | Call<R>): Promise<R>;
export declare function run(target: string): Promise<unknown>;

// ── settings ───────────────────────────────────────────────────────────────────────────────────

/** Settings of a project, as `[ntask]` has them in TOML, in camelCase. */
export interface Config {
  /** At most so many tasks at once. */
  readonly jobs?: number;
  /** Go on with what does not depend on a failure. */
  readonly keepGoing?: boolean;
  /** How the output of tasks is shown. */
  readonly output?: "prefixed" | "grouped" | "stream" | "errors" | "quiet" | "json";
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly noColor?: boolean;
  readonly noDeps?: boolean;
  readonly noHooks?: boolean;
  readonly noPre?: boolean;
  readonly noPost?: boolean;
  readonly yes?: boolean;
  /** Tasks to leave out wherever they occur. */
  readonly skip?: string | readonly string[];
  /** The Python that `call` and conditions use: a program or a path. */
  readonly python?: string;
  /** Look for programs in `node_modules/.bin` and `.venv`; the default is true. */
  readonly projectBins?: boolean;
  /** A variable that is not set, and has no default, is an error. */
  readonly strictEnv?: boolean;
  /** How long a task may take to end when it is told to: `"5s"`. */
  readonly killGrace?: string | number;
  /** What runs scripts, where no task says another. */
  readonly interpreter?: Interpreter;
  /** How many of each limit there are, for `uses`. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** Settings, as `config` returns them. */
export interface Settings {
  readonly [kind]: "settings";
}

/**
 * The settings of the project.
 *
 * @example export default config({ jobs: 4 });
 */
export declare function config(settings: Config): Settings;

// ── shell ──────────────────────────────────────────────────────────────────────────────────────

/** How a command is run. */
export interface ShellOptions {
  /** Keep stdout and stderr for the result instead of showing them. */
  readonly capture?: boolean;
  /** Throw a `ShellError` when the command fails; the default is true. */
  readonly check?: boolean;
  /** Relative to the task's directory. */
  readonly cwd?: string;
  /** Added to the task's own; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Text or bytes for its stdin. */
  readonly stdin?: string | Uint8Array;
  /** The longest it may take: seconds, or `"90s"`, `"10m"`. */
  readonly timeout?: string | number;
}

/** How a command ended. */
export interface ShellResult {
  /** Captured output; empty unless it was captured. */
  readonly stdout: string;
  readonly stderr: string;
  /** The status, as a shell gives it; 124 when it took too long. */
  readonly code: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly ok: boolean;
  readonly signal: string | undefined;
}

/** A command on its way. It starts when the current piece of the program has ended. */
export interface Shell extends Promise<ShellResult> {
  /** Keep its output instead of showing it. */
  quiet(): Shell;
  /** A status other than 0 is no error. */
  nothrow(): Shell;
  cwd(directory: string): Shell;
  env(variables: Readonly<Record<string, string | undefined>>): Shell;
  stdin(input: string | Uint8Array): Shell;
  timeout(limit: string | number): Shell;
  /** Its stdout, without the line end behind it. */
  text(): Promise<string>;
  /** Its stdout by lines. */
  lines(): Promise<readonly string[]>;
  /** Its stdout as JSON. */
  // deno-lint-ignore no-explicit-any
  json(): Promise<any>;
}

/** A command ended with another status than 0. */
export declare class ShellError extends Error {
  constructor(command: string, result: ShellResult);
  /** As it was run, with what stood in its holes. */
  readonly command: string;
  readonly result: ShellResult;
  readonly code: number;
}

/** What stands in a hole of the template. */
export type Hole =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly (string | number | bigint)[];

/**
 * Run a command in the shell.
 *
 * As a template tag every hole is quoted: a value is one word, whatever is in it; an array is
 * several; `false`, `null` and `undefined` disappear. As a function the text is taken as it is, and
 * an array is a command line that needs no shell.
 *
 * @throws {ShellError} when the command fails, unless `check` is false
 * @example await shell`git tag v${version}`;
 * @example const head = await shell`git rev-parse HEAD`.text();
 */
export declare function shell(text: TemplateStringsArray, ...holes: readonly Hole[]): Shell;
export declare function shell(command: string | readonly string[], options?: ShellOptions): Shell;

// ── surroundings ───────────────────────────────────────────────────────────────────────────────

/** Write a line to the task's stderr. */
export declare function log(...values: readonly unknown[]): void;

/**
 * Aborted when the task is told to end. Who looks at it ends in their own time, until they are told
 * again; who does not is ended.
 *
 * @example await fetch(url, { signal });
 */
export declare const signal: AbortSignal;

/** The project root. */
export declare const root: string;

/** The task a script is called for (`call` in TOML). */
export interface CallContext {
  /** The task's identifier. */
  readonly task: string;
  /** The words behind the task's name, as they are. */
  readonly args: readonly string[];
  /** The environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The task's directory. */
  readonly cwd: string;
  /** The project root. */
  readonly root: string;
  /** Aborted when the task is told to end. */
  readonly signal: AbortSignal;
  /** Write a line to stderr. */
  log(text: string): void;
}

/**
 * What a script that a task calls knows of it.
 *
 * @throws {Error} when a member is read where no script is called
 */
export declare const context: CallContext;
