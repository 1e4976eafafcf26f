/**
 * Everything that an import brings in: all of a local module and, through it, of those it imports
 * itself; the name, version and lock entry of a package. The parts are collected here.
 *
 * @module
 */

import { basename, relative } from "@std/path";
import type { AbsolutePath } from "../../model/id.ts";
import type { Problem } from "../../model/problem.ts";
import { isBuiltin } from "./_identity_builtin.ts";
import { type BodyWatch, type Mentions, noMentions, readMentions } from "./_identity_names.ts";
import { type Node, runtimeNode } from "./_identity_nodes.ts";
import { canonicalText } from "./_identity_text.ts";
import { type Import, importOf, outline } from "./_identity_units.ts";
import { type Module, tabulate } from "./_module.ts";
import type { ReadModuleText } from "./_scope.ts";
import { type Parser, placeOf } from "./_syntax.ts";

/** A package as it is installed. */
export interface InstalledPackage {
  readonly name: string;
  /** Absent where it has none; then it has a `local`. */
  readonly version?: string;
  /** What the lock file says about this version. */
  readonly lock?: string;
  /** The module meant, where the package is one of the project's own. */
  readonly local?: AbsolutePath;
}

/** Find the package that an import means. Undefined: it cannot be found. */
export type PackageOf = (from: AbsolutePath, specifier: string) => InstalledPackage | undefined;

export interface ClosureOptions {
  readonly root: AbsolutePath;
  readonly parser: Parser;
  readonly readModuleText: ReadModuleText;
  readonly packageOf: PackageOf;
  /** Where bodies of tasks may stand; asked of every module. */
  readonly watch: ((module: Module) => BodyWatch) | undefined;
  readonly memory: Memory;
}

/** What was made of a node before, or what is made of it now. `what` tells the makers apart. */
export type Memory = <T>(what: string, node: object, make: () => T) => T;

export function createMemory(): Memory {
  const kept = new Map<string, WeakMap<object, unknown>>();
  return (what, node, make) => {
    const made = kept.get(what) ?? new WeakMap<object, unknown>();
    kept.set(what, made);
    if (!made.has(node)) made.set(node, make());
    return made.get(node) as ReturnType<typeof make>;
  };
}

export interface Closure {
  /** By name. */
  readonly parts: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
  readonly mentions: Mentions;
  add(name: string, text: string): void;
  /** Add what an import brings in. `soft`: it is there for types only, so it need not exist. */
  follow(from: AbsolutePath, wanted: Omit<Import, "node"> & { node?: Node }, soft?: boolean): void;
  /** Does loading a local module do something, there or in what it imports itself? */
  hasEffects(from: AbsolutePath, specifier: string): boolean;
  /** Add all of a module. */
  addModule(module: Module): void;
  /** Enter what a piece of a module mentions, and follow what it loads. */
  enter(module: Module, mentions: Mentions): void;
  /** How a file is called in the parts. */
  nameOf(file: AbsolutePath): string;
}

const CODE = /\.(?:[cm]?[jt]s|[jt]sx)$/;

export function createClosure(options: ClosureOptions): Closure {
  const parts = new Map<string, string>();
  const problems: Problem[] = [];
  const mentions = noMentions();
  const seen = new Set<AbsolutePath>();
  const effects = new Map<AbsolutePath, boolean>();
  return { parts, problems, mentions, add, follow, hasEffects, addModule, enter, nameOf };

  function add(name: string, text: string): void {
    const before = parts.get(name);
    parts.set(name, before === undefined || before === text ? text : `${before}\0${text}`);
  }

  function follow(
    from: AbsolutePath,
    { from: specifier, type, node }: Parameters<Closure["follow"]>[1],
    soft = false,
  ): void {
    if (isBuiltin(specifier)) return;
    const local = /^(?:\.{0,2}\/|\.{1,2}$|file:|[A-Za-z]:[\\/])/.test(specifier);
    const found = local ? readLocal(from, specifier) : undefined;
    if (found !== undefined) return enterFile(found.file, found.text, type);
    const known = local ? undefined : options.packageOf(from, specifier);
    if (known?.local !== undefined) {
      const read = options.readModuleText(known.local, `./${basename(known.local)}`);
      if (read !== undefined) return enterFile(read.file, read.text, type);
    } else if (known?.version !== undefined) {
      return add(`package ${known.name}@${known.version}`, known.lock ?? "");
    }
    if (soft) return;
    const place = node?.start === undefined
      ? { file: from, whole: true as const }
      : placeOf(from, node as { start?: number; end?: number });
    problems.push({ code: "E_TS_IMPORT", place, specifier });
  }

  /** `./x.js` may be what `./x.ts` becomes. */
  function readLocal(from: AbsolutePath, specifier: string) {
    const found = options.readModuleText(from, specifier);
    if (found !== undefined) return found;
    const ending = /\.([cm]?)js(x?)$/.exec(specifier);
    if (ending === null) return undefined;
    const stem = specifier.slice(0, ending.index);
    return options.readModuleText(from, `${stem}.${ending[1]}ts${ending[2]}`) ??
      (ending[1] === "" ? options.readModuleText(from, `${stem}.tsx`) : undefined);
  }

  function enterFile(file: AbsolutePath, text: string, type: string | undefined): void {
    if (type !== undefined || !CODE.test(file)) {
      return add(`module ${nameOf(file)}`, text.replace(/\r\n?/g, "\n"));
    }
    if (seen.has(file)) return;
    const parsed = options.parser(file, text);
    if (parsed.ok) addModule(tabulate(file, text, parsed.value));
    else {
      seen.add(file);
      problems.push(...parsed.problems);
    }
  }

  function hasEffects(from: AbsolutePath, specifier: string): boolean {
    const found = /^\.{0,2}\//.test(specifier) ? readLocal(from, specifier) : undefined;
    if (found === undefined || !CODE.test(found.file)) return false;
    const before = effects.get(found.file);
    if (before !== undefined) return before;
    // In a circle the others decide.
    effects.set(found.file, false);
    const parsed = options.parser(found.file, found.text);
    if (!parsed.ok) return false;
    const module = tabulate(found.file, found.text, parsed.value);
    const { statements, sideEffects, units } = outline(module, () => undefined);
    const acts = statements.length + sideEffects.length > 0 ||
      units.some(({ target }) => target !== undefined && hasEffects(found.file, target.from));
    effects.set(found.file, acts);
    return acts;
  }

  function addModule(module: Module): void {
    const { file } = module;
    if (seen.has(file)) return;
    seen.add(file);
    const program = module.syntax.program as unknown as Node;
    const watch = options.watch?.(module);
    const read = () => {
      const own = noMentions();
      readMentions(module, program, own, watch && { watch });
      return own;
    };
    const own = watch ? read() : options.memory("mentions", program, read);
    // A pragma that is not read may use what nothing else uses.
    const used = /x$/.test(file) ? undefined : own.names;
    const text = () => canonicalText(program, used && { used });
    add(`module ${nameOf(file)}`, options.memory("text", program, text));
    enter(module, own);
    for (const written of program.body as Node[]) {
      const node = runtimeNode(written);
      const wanted = node && importOf(node);
      if (wanted === undefined) continue;
      const names = (written.specifiers ?? []) as Node[];
      const soft = written.type === "ImportDeclaration" && names.length > 0 &&
        names.every(({ local }) => !own.names.has((local as Node).name as string));
      follow(file, wanted, soft);
    }
  }

  function enter(module: Module, own: Mentions): void {
    for (const name of own.env) mentions.env.add(name);
    mentions.computedEnv ||= own.computedEnv;
    mentions.opaque ||= own.opaque;
    for (const load of own.loads) {
      const [from, type] = load.split("\0") as [string, string?];
      follow(module.file, { from, ...(type !== undefined && { type }) });
    }
  }

  function nameOf(file: AbsolutePath): string {
    return relative(options.root, file).replaceAll("\\", "/").normalize("NFC");
  }
}
