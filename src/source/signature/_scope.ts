/**
 * What names and expressions stand for, across the modules of one `tasks.ts`: a piece of syntax
 * comes in, the declaration it leads to goes out. Modules are read when a name leads to them. A
 * name that leads nowhere (a package, a computed value) is `unknown`, never an error.
 *
 * @module
 */

import type { AbsolutePath } from "../../model/id.ts";
import type { Place } from "../../model/place.ts";
import type { Problem } from "../../model/problem.ts";
import { type Exported, type Module, tabulate } from "./_module.ts";
import {
  type ClassDeclaration,
  type Expression,
  type FunctionNode,
  memberKey,
  type ObjectExpression,
  type Parser,
  placeOf,
  propertyName,
  span,
  type TypeDeclaration,
  unwrapped,
} from "./_syntax.ts";

/** How a module finds the text of another one. Undefined: it is not for ntask to read. */
export type ReadModuleText = (
  from: AbsolutePath,
  specifier: string,
) => { readonly file: AbsolutePath; readonly text: string } | undefined;

/** A piece of syntax, and how it was reached. */
export interface Slot {
  readonly module: Module;
  readonly node: Expression | FunctionNode;
  /** The name it is declared under. */
  readonly place: Place;
  /** Where doc comments about it would end, the outermost first. */
  readonly docs: readonly { readonly module: Module; readonly start: number }[];
  /** No name on the way can be assigned to. */
  readonly constant: boolean;
  /** It stands in a type: names count that are gone when the module runs. */
  readonly inType?: true;
}

/** What a piece of syntax leads to. */
export type Target =
  /** Something of ntask's own: `task`, `group`. */
  | { readonly kind: "api"; readonly name: string }
  /** All exports of a module; undefined is ntask itself. */
  | { readonly kind: "namespace"; readonly module: Module | undefined }
  | { readonly kind: "value"; readonly slot: Slot }
  | { readonly kind: "class"; readonly module: Module; readonly node: ClassDeclaration }
  /** `opaque`: evaluation could find anything there. */
  | { readonly kind: "unknown"; readonly opaque: boolean };

/** The modules read so far and what leads where in them. */
export interface Scope {
  readonly root: Module | undefined;
  readonly files: readonly AbsolutePath[];
  readonly problems: readonly Problem[];
  /** Follow names, members and type wrappers down to a value. */
  follow(slot: Slot): Target;
  /** What a member of a value leads to. */
  member(target: Target, key: string | number): Target;
  /** The module that another one imports; undefined for what is not to be read. */
  load(from: Module, specifier: string): Module | undefined;
  /** The exported names of a module with what they lead to, in the order of the text. */
  exportsOf(module: Module): {
    readonly targets: ReadonlyMap<string, Target>;
    /** False when a module it re-exports from cannot be read. */
    readonly complete: boolean;
  };
  /** The declaration of a type: `Mode`, or `types.Mode`. */
  typeOf(
    module: Module,
    names: readonly string[],
  ): { readonly module: Module; readonly node: TypeDeclaration } | undefined;
}

const OPAQUE: Target = { kind: "unknown", opaque: true };
const NOTHING: Target = { kind: "unknown", opaque: false };

/** More steps than any honest chain of names has; a cycle ends here. */
const STEPS = 64;

/** And more than it takes to find what any honest name means, with all that is spread on the way. */
const FUEL = 10_000;

/** Make a scope around the text of one module. */
export function createScope(options: {
  readonly file: AbsolutePath;
  readonly text: string;
  readonly parser: Parser;
  readonly readModuleText: ReadModuleText;
}): Scope {
  const problems: Problem[] = [];
  const modules = new Map<AbsolutePath, Module | undefined>();
  const links = new Map<string, Module | undefined>();
  let fuel = FUEL;
  let stars = FUEL;
  const root = enter(options.file, options.text);

  return {
    root,
    problems,
    get files() {
      return [...modules.keys()];
    },
    load,
    follow(slot) {
      fuel = FUEL;
      return follow(slot, STEPS);
    },
    member(target, key) {
      fuel = FUEL;
      return member(target, key, STEPS);
    },
    exportsOf(module) {
      stars = FUEL;
      return exportsOf(module, new Set());
    },
    typeOf(module, names) {
      fuel = FUEL;
      return typeOf(module, names, STEPS);
    },
  };

  function enter(file: AbsolutePath, text: string): Module | undefined {
    if (modules.has(file)) return modules.get(file);
    const parsed = options.parser(file, text);
    if (!parsed.ok) problems.push(...parsed.problems);
    const module = parsed.ok ? tabulate(file, text, parsed.value) : undefined;
    modules.set(file, module);
    return module;
  }

  function load(from: Module, specifier: string): Module | undefined {
    if (/\.json$/i.test(specifier)) return undefined;
    const link = `${from.file}\0${specifier}`;
    if (!links.has(link)) {
      const found = options.readModuleText(from.file, specifier);
      links.set(link, found && enter(found.file, found.text));
    }
    return links.get(link);
  }

  function follow(slot: Slot, steps: number): Target {
    if (steps <= 0 || --fuel < 0) return OPAQUE;
    const node = unwrapped(slot.node);
    if (node.type === "Identifier") return lookup(slot.module, node.name, slot, steps - 1);
    if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") {
      const key = memberKey(node);
      if (key === undefined) return OPAQUE;
      const object = follow({ ...slot, node: node.object as Expression }, steps - 1);
      return member(object, key, steps - 1, slot.docs);
    }
    return { kind: "value", slot: { ...slot, node } };
  }

  function lookup(
    module: Module,
    name: string,
    { docs, constant, inType }: Pick<Slot, "docs" | "constant" | "inType">,
    steps: number,
  ): Target {
    const binding = module.bindings.get(name);
    switch (binding?.kind) {
      case undefined:
        return NOTHING;
      case "opaque":
        return OPAQUE;
      case "class":
        return { kind: "class", module, node: binding.node };
      case "function": {
        const { node, place, start } = binding;
        const slot = { module, node, place, docs: [...docs, { module, start }], constant };
        return { kind: "value", slot };
      }
      case "variable":
        if (binding.init === undefined) return NOTHING;
        return follow({
          module,
          node: binding.init,
          place: binding.place,
          docs: [...docs, { module, start: binding.start }],
          constant: constant && binding.constant,
        }, steps);
      case "import": {
        if (binding.typeOnly && !inType) return NOTHING;
        if (binding.from === "ntask") return ofNtask(binding.name);
        const other = load(module, binding.from);
        if (other === undefined) return OPAQUE;
        if (binding.name === undefined) return { kind: "namespace", module: other };
        return exported(other, binding.name, docs, steps, new Set()) ?? NOTHING;
      }
    }
  }

  function ofNtask(name: string | undefined): Target {
    return name === undefined
      ? { kind: "namespace", module: undefined }
      : { kind: "api", name: name };
  }

  function exported(
    module: Module,
    name: string,
    docs: Slot["docs"],
    steps: number,
    seen: Set<Module>,
  ): Target | undefined {
    if (steps <= 0) return OPAQUE;
    if (seen.has(module)) return undefined;
    seen.add(module);
    if (name === "default") {
      const { value, place } = module.defaultExport ?? {};
      if (value === undefined || place === undefined) return NOTHING;
      return follow({ module, node: value, place, docs, constant: true }, steps - 1);
    }
    for (const entry of module.exports) {
      if (entry.kind !== "star" && entry.name === name && !entry.typeOnly) {
        return enterExport(module, entry, docs, steps - 1);
      }
    }
    for (const entry of module.exports) {
      if (entry.kind !== "star" || entry.typeOnly) continue;
      const other = load(module, entry.from);
      const found = other && exported(other, name, docs, steps - 1, seen);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  function enterExport(
    module: Module,
    entry: Exclude<Exported, { kind: "star" }>,
    docs: Slot["docs"],
    steps: number,
  ): Target {
    const here = [...docs, { module, start: entry.start }];
    if (entry.kind === "local") {
      return lookup(module, entry.local, { docs: here, constant: true }, steps);
    }
    if (entry.from === "ntask") return ofNtask(entry.imported);
    const other = load(module, entry.from);
    if (other === undefined) return OPAQUE;
    if (entry.imported === undefined) return { kind: "namespace", module: other };
    return exported(other, entry.imported, here, steps, new Set()) ?? NOTHING;
  }

  function exportsOf(
    module: Module,
    seen: Set<Module>,
  ): { targets: Map<string, Target>; complete: boolean } {
    const targets = new Map<string, Target>();
    if (--stars < 0) return { targets, complete: false };
    let complete = true;
    seen.add(module);
    const own = new Set(
      module.exports.flatMap((entry) => entry.kind === "star" || entry.typeOnly ? [] : entry.name),
    );
    const ambiguous = new Set<string>();
    for (const entry of module.exports) {
      if (entry.typeOnly) continue;
      if (entry.kind !== "star") {
        fuel = FUEL;
        targets.set(entry.name, enterExport(module, entry, [], STEPS));
        continue;
      }
      const other = load(module, entry.from);
      if (other === undefined) {
        // ntask's own exports are no tasks.
        if (entry.from !== "ntask") complete = false;
      } else if (!seen.has(other)) {
        const inner = exportsOf(other, new Set(seen));
        complete &&= inner.complete;
        for (const [name, target] of inner.targets) {
          if (own.has(name) || ambiguous.has(name)) continue;
          const earlier = targets.get(name);
          if (earlier === undefined) targets.set(name, target);
          else if (!same(earlier, target)) {
            // The language leaves out a name that two `export *` give a different meaning.
            targets.delete(name);
            ambiguous.add(name);
          }
        }
      }
    }
    return { targets, complete };
  }

  function member(
    target: Target,
    key: string | number,
    steps: number,
    docs: Slot["docs"] = [],
  ): Target {
    if (target.kind === "namespace") {
      if (target.module === undefined) return ofNtask(String(key));
      return exported(target.module, String(key), docs, steps, new Set()) ?? NOTHING;
    }
    if (target.kind === "class") return staticMember(target, key, docs);
    if (target.kind !== "value") return target.kind === "unknown" ? target : OPAQUE;
    const { module, node, constant } = target.slot;
    if (node.type === "ObjectExpression") return property(target.slot, node, key, steps, docs);
    if (node.type === "ArrayExpression") {
      const element = typeof key === "number" ? node.elements[key] : undefined;
      const spread = node.elements.some((entry) => entry?.type === "SpreadElement");
      if (!element || element.type === "SpreadElement" || spread) return OPAQUE;
      const place = placeOf(module.file, element);
      return follow({ module, node: element, place, docs, constant }, steps - 1);
    }
    if (node.type === "CallExpression") {
      const callee = follow({ ...target.slot, node: node.callee as Expression }, steps - 1);
      const members = node.arguments[0];
      if (callee.kind === "api" && callee.name === "group" && members !== undefined) {
        const slot = { ...target.slot, node: members as Expression };
        return member(follow(slot, steps - 1), key, steps - 1, docs);
      }
    }
    return OPAQUE;
  }

  function property(
    slot: Slot,
    object: ObjectExpression,
    key: string | number,
    steps: number,
    docs: Slot["docs"],
  ): Target {
    const { module, constant } = slot;
    // A later property replaces an earlier one.
    for (const entry of object.properties.toReversed()) {
      if (entry.type === "SpreadElement") {
        const inner = follow({ ...slot, node: entry.argument }, steps - 1);
        const found = member(inner, key, steps - 1, docs);
        if (found.kind !== "unknown" || found.opaque) return found;
        continue;
      }
      const name = propertyName(entry);
      if (name === undefined) return OPAQUE;
      if (name !== String(key)) continue;
      const place = placeOf(module.file, entry.key);
      const here = [...docs, { module, start: span(entry).start }];
      const node = entry.type === "ObjectMethod" ? entry : entry.value as Expression;
      return follow({ module, node, place, docs: here, constant }, steps - 1);
    }
    return NOTHING;
  }

  function staticMember(
    { module, node }: { readonly module: Module; readonly node: ClassDeclaration },
    key: string | number,
    docs: Slot["docs"],
  ): Target {
    for (const entry of node.body.body) {
      if (entry.type !== "ClassMethod" || entry.static !== true || entry.computed) continue;
      if (entry.key.type !== "Identifier" || entry.key.name !== key) continue;
      const place = placeOf(module.file, entry.key);
      const here = [...docs, { module, start: span(entry).start }];
      return { kind: "value", slot: { module, node: entry, place, docs: here, constant: true } };
    }
    return OPAQUE;
  }

  function typeOf(
    module: Module,
    [name, ...rest]: readonly string[],
    steps: number,
    inside = true,
  ): { module: Module; node: TypeDeclaration } | undefined {
    if (name === undefined || steps <= 0) return undefined;
    if (--fuel < 0) return undefined;
    const node = module.types.get(name);
    if (node !== undefined && rest.length === 0) return { module, node };
    const binding = inside ? module.bindings.get(name) : undefined;
    if (binding?.kind === "import") {
      const other = load(module, binding.from);
      if (other === undefined) return undefined;
      const names = binding.name === undefined ? rest : [binding.name, ...rest];
      return typeOf(other, names, steps - 1, false);
    }
    for (const entry of module.exports) {
      if (entry.kind === "star") {
        const other = load(module, entry.from);
        const found = other && typeOf(other, [name, ...rest], steps - 1, false);
        if (found !== undefined) return found;
      } else if (entry.name === name && entry.kind === "from") {
        const other = load(module, entry.from);
        const names = entry.imported === undefined ? rest : [entry.imported, ...rest];
        return other && typeOf(other, names, steps - 1, false);
      } else if (entry.kind === "local" && entry.name === name && !inside) {
        return typeOf(module, [entry.local, ...rest], steps - 1);
      }
    }
    return undefined;
  }
}

function same(a: Target, b: Target): boolean {
  if (a.kind === "value" && b.kind === "value") return a.slot.node === b.slot.node;
  if (a.kind === "namespace" && b.kind === "namespace") return a.module === b.module;
  return a.kind === "api" && b.kind === "api" && a.name === b.name;
}
