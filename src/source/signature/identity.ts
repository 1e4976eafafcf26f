/**
 * The identity of a function: an export of a module comes in, everything of the sources that its
 * body depends on goes out, as named parts. Two identities are equal when no comment, no
 * formatting, no type and no other task is what differs. What cannot be told apart is counted, so
 * that a result is never taken for one of other code.
 *
 * @module
 */

import type { AbsolutePath } from "../../model/id.ts";
import type { Problem } from "../../model/problem.ts";
import { createClosure, createMemory, type Memory, type PackageOf } from "./_identity_closure.ts";
import { isFunctionNode } from "./_identity_bindings.ts";
import type { BodyWatch } from "./_identity_names.ts";
import { type Node, runtimeNode } from "./_identity_nodes.ts";
import { reach } from "./_identity_reach.ts";
import {
  apiName,
  bodyArgument,
  findBody,
  type FunctionExport,
  slotOf,
} from "./_identity_target.ts";
import { boundNames, type Module } from "./_module.ts";
import { createScope, type ReadModuleText, type Scope } from "./_scope.ts";
import { loadParser, type Parser, placeOf } from "./_syntax.ts";
import type { ExportPath } from "./static_module.ts";

export type { InstalledPackage, PackageOf } from "./_identity_closure.ts";
export type { FunctionExport } from "./_identity_target.ts";

/** What a function is made of. Plain JSON. */
export interface SourceIdentity {
  /**
   * The body first, the others in the order of their names: `helper render in build_tools.ts`,
   * `module src/x.ts`, `package zod@3.1`. A text is canonical, not source.
   */
  readonly parts: readonly { readonly name: string; readonly text: string }[];
  /** The environment variables that are named, sorted. */
  readonly env: readonly string[];
  /** The environment is used in a way that does not name a variable: `process.env[x]`. */
  readonly computedEnv: boolean;
  /** Code could run that is not written out, so that every module within reach counts. */
  readonly whole: boolean;
}

export type SourceIdentityOutcome =
  | { readonly ok: true; readonly identity: SourceIdentity }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A module whose functions are asked for. */
export interface SourceOptions {
  /** The module, and its text. */
  readonly file: AbsolutePath;
  readonly text: string;
  /** The root of the project: names of modules are relative to it. */
  readonly root: AbsolutePath;
  readonly readModuleText: ReadModuleText;
  readonly packageOf: PackageOf;
}

export interface SourceIdentityOptions extends SourceOptions {
  /** The exported task whose body is meant, or a function. */
  readonly export: ExportPath | FunctionExport;
}

/**
 * Compute the identity of one function; see {@linkcode openIdentities} for several.
 *
 * @returns `E_CACHE_CAPTURE` for a body that uses a name of a function or block around it,
 * `E_TS_IMPORT` for an import within reach that leads nowhere, `E_TS_SYNTAX`
 * @example sourceIdentity({ ...source, export: ["api", "lint"] }) // the body of `api.lint`
 */
export async function sourceIdentity(
  options: SourceIdentityOptions,
): Promise<SourceIdentityOutcome> {
  return (await openIdentities(options))(options.export);
}

/**
 * Make ready for the functions of one module: every text within reach is parsed once, when a
 * function leads to it, and is then not asked for again.
 *
 * @returns the identity of an export, as {@linkcode sourceIdentity} gives it
 */
export async function openIdentities(
  options: SourceOptions,
): Promise<(wanted: ExportPath | FunctionExport) => SourceIdentityOutcome> {
  const parser = remembering(await loadParser());
  const readModuleText = rememberingTexts(options.readModuleText);
  const scope = createScope({ ...options, readModuleText, parser });
  const memory = createMemory();
  return (wanted) => {
    const { root } = scope;
    if (root === undefined) return { ok: false, problems: scope.problems };
    const source = { ...options, readModuleText, parser, scope, memory, module: root, wanted };
    // Functions that pass a body on to `task`. One more is found by reading; then all is read again.
    const forwarders: Forwarders = new Map();
    for (;;) {
      const before = countOf(forwarders);
      const outcome = compute(source, forwarders);
      if (countOf(forwarders) === before) return outcome;
    }
  };
}

interface Source extends SourceOptions {
  readonly module: Module;
  readonly wanted: ExportPath | FunctionExport;
  readonly scope: Scope;
  readonly parser: Parser;
  readonly memory: Memory;
}

/** By function, which of its parameters hold the body of a task that it makes. */
type Forwarders = Map<unknown, Set<number>>;

function countOf(forwarders: Forwarders): number {
  return [...forwarders.values()].reduce((sum, { size }) => sum + size, 0);
}

function compute(source: Source, forwarders: Forwarders): SourceIdentityOutcome {
  const { scope, module: root, memory } = source;
  const captures = new Map<string, Problem>();
  const found = findBody(scope, root, source.wanted);
  // The body of a task that is written out at the top level has nothing around it.
  const watch = found.kind === "maker" || found.kind === "unknown"
    ? (module: Module) => watchBodies(scope, module, forwarders, captures)
    : undefined;
  const closure = createClosure({ ...source, watch });
  let modules: readonly Module[] = [root];
  switch (found.kind) {
    case "body":
    case "maker": {
      const { module, node } = found;
      modules = module.file === root.file ? [root] : [root, module];
      for (const each of modules) {
        const own = each.file === module.file;
        reach(closure, each, (call) => apiName(scope, each, call), own ? node : undefined, {
          made: own ? found.kind === "body" ? found.call : node : undefined,
          elide: found.kind === "body",
          watch: watch?.(each),
          memory,
        });
      }
      break;
    }
    case "module":
    case "unknown":
      closure.addModule(root);
  }
  if (closure.mentions.opaque) { for (const module of modules) closure.addModule(module); }
  const all = [...scope.problems, ...closure.problems, ...captures.values()];
  // Several names may be imported by one line.
  const problems = [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
  if (problems.length > 0) return { ok: false, problems };
  const { body, ...others } = Object.fromEntries(closure.parts);
  const parts = Object.keys(others).sort().map((name) => ({ name, text: others[name]! }));
  return {
    ok: true,
    identity: {
      parts: body === undefined ? parts : [{ name: "body", text: body }, ...parts],
      env: [...closure.mentions.env].sort(),
      computedEnv: closure.mentions.computedEnv,
      whole: closure.mentions.opaque || found.kind === "unknown",
    },
  };
}

/** Where tasks are made in functions and loops, their bodies may use what is around them. */
function watchBodies(
  scope: Scope,
  module: Module,
  forwarders: Forwarders,
  captures: Map<string, Problem>,
): BodyWatch {
  const outer = new Set(module.syntax.program.body.flatMap(functionsOf));
  return {
    bodiesOf(call) {
      if (call.callee === undefined) return [];
      const args = call.arguments as Node[];
      const target = scope.follow(slotOf(module, call.callee as Node));
      if (target.kind === "api" && target.name === "task") {
        const body = bodyArgument(args);
        return body === undefined ? [] : [body];
      }
      const indexes = target.kind === "value" ? forwarders.get(target.slot.node) : undefined;
      return [...indexes ?? []].flatMap((index) => args[index] ?? []);
    },
    forwarded(owner, name, node) {
      const index = (owner.params as Node[]).findIndex((param) => boundNames(param).includes(name));
      const isRest = (owner.params as Node[])[index]?.type === "RestElement";
      if (outer.has(owner) && index >= 0 && !isRest) {
        forwarders.set(owner, new Set([...forwarders.get(owner) ?? [], index]));
      } else this.captured(name, node);
    },
    captured(name, node) {
      const place = placeOf(module.file, node as { start?: number; end?: number });
      captures.set(JSON.stringify(place), { code: "E_CACHE_CAPTURE", place, name });
    },
  };
}

/** The functions that a statement of the top level declares. */
function functionsOf(statement: unknown): readonly Node[] {
  const node = runtimeNode(statement as Node);
  if (node === undefined) return [];
  if (isFunctionNode(node)) return [node];
  if (/^Export(?:Named|Default)Declaration$/.test(node.type) && node.declaration) {
    return functionsOf(node.declaration);
  }
  if (node.type !== "VariableDeclaration") return [];
  return (node.declarations as Node[]).flatMap(({ init }) => {
    const value = init ? runtimeNode(init as Node) : undefined;
    return value && isFunctionNode(value) ? [value] : [];
  });
}

/** Every text is parsed once, and its nodes are the same for whoever asks. */
function remembering(parser: Parser): Parser {
  const parsed = new Map<string, ReturnType<Parser>>();
  return (file, text) => {
    const key = `${file}\0${text}`;
    const before = parsed.get(key) ?? parser(file, text);
    parsed.set(key, before);
    return before;
  };
}

function rememberingTexts(read: ReadModuleText): ReadModuleText {
  const known = new Map<string, ReturnType<ReadModuleText>>();
  return (from, specifier) => {
    const key = `${from}\0${specifier}`;
    if (!known.has(key)) known.set(key, read(from, specifier));
    return known.get(key);
  };
}
