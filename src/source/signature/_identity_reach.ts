/**
 * What a body reaches within the module it stands in: declarations by their names, through each
 * other; the statements that do something when the module is loaded; and declarations that could
 * have changed, when they were made, what the body uses.
 *
 * @module
 */

import type { Closure, Memory } from "./_identity_closure.ts";
import { type BodyWatch, noMentions, readMentions } from "./_identity_names.ts";
import { childNodes, isNode, type Node, runtimeNode } from "./_identity_nodes.ts";
import { canonicalText } from "./_identity_text.ts";
import { outline, type Unit } from "./_identity_units.ts";
import { isFunctionNode } from "./_identity_bindings.ts";
import { isBuiltin } from "./_identity_builtin.ts";
import type { Module } from "./_module.ts";

/** What a declaration uses, through others. */
interface Used {
  readonly units: ReadonlySet<Unit>;
  /** Names that are handed to a call, or assigned to. */
  readonly given: ReadonlySet<string>;
  /** It assigns to a member of a global. */
  readonly global: boolean;
}

/**
 * Enter what is reached into a closure.
 *
 * @param body undefined for a module that only leads to the one with the body
 * @param options.made what makes the task; the declaration around it could be changed as well
 * @param options.elide leave out how other tasks are made
 */
export function reach(
  closure: Closure,
  module: Module,
  apiOf: (call: Node) => string | undefined,
  body: Node | undefined,
  options: {
    readonly made: Node | undefined;
    readonly elide: boolean;
    readonly watch: BodyWatch | undefined;
    readonly memory: Memory;
  },
): void {
  const { memory } = options;
  const { units, byName, statements, sideEffects } = memory(
    "outline",
    module.syntax.program,
    () => outline(module, apiOf),
  );
  const watch = options.watch && { watch: options.watch };
  const where = closure.nameOf(module.file);
  const all = noMentions();
  const reached = new Set<Unit>();

  const direct = body && body.type === "Identifier" ? byName.get(body.name as string) : undefined;
  if (body !== undefined) enterNode(body);
  if (statements.length + sideEffects.length > 0) {
    const imports = sideEffects.map(({ node }) => canonicalText(node));
    const texts = statements.map((node) => canonicalText(node));
    closure.add(`statements of ${where}`, JSON.stringify([...imports, ...texts]));
  }
  for (const wanted of sideEffects) closure.follow(module.file, wanted);
  // What is imported for others is loaded all the same.
  for (const { target } of units) {
    if (target !== undefined && closure.hasEffects(module.file, target.from)) {
      closure.follow(module.file, target);
    }
  }
  for (const statement of statements) enterNode(statement);
  for (let grown = true; grown;) {
    grown = false;
    for (const unit of units) {
      if (reached.has(unit) || !unit.acts || !couldChange(unit)) continue;
      enter(unit);
      grown = true;
    }
  }
  closure.enter(module, all);

  for (const unit of reached) {
    const elided = options.elide ? unit.elided : new Set<unknown>();
    const text = memory(options.elide ? "elided" : "full", unit, () => {
      return JSON.stringify([unit.prefix, canonicalText(unit.node, { elided })]);
    });
    closure.add(unit === direct ? "body" : `${unit.title} in ${where}`, text);
    if (unit.target !== undefined) closure.follow(module.file, unit.target);
  }
  if (body !== undefined && direct === undefined) closure.add("body", canonicalText(body));

  function enterNode(node: Node, elided: ReadonlySet<unknown> = new Set()): void {
    const read = () => {
      const own = noMentions();
      readMentions(module, node, own, { elided, ...watch });
      return own;
    };
    const own = watch ? read() : memory(options.elide ? "of elided" : "of full", node, read);
    for (const name of own.env) all.env.add(name);
    for (const from of own.loads) all.loads.add(from);
    all.computedEnv ||= own.computedEnv;
    all.opaque ||= own.opaque;
    for (const name of own.names) {
      const unit = byName.get(name);
      if (unit !== undefined) enter(unit);
    }
  }

  function enter(unit: Unit): void {
    if (reached.has(unit)) return;
    reached.add(unit);
    if (unit.target === undefined) enterNode(unit.node, options.elide ? unit.elided : undefined);
  }

  /** Could making the unit change something that is reached, or something global? */
  function couldChange(unit: Unit): boolean {
    const used = usedBy(unit);
    if (used.global) return true;
    return [...used.units].some((each) => {
      if (!each.mutable || !reached.has(each) && !holdsTask(each)) return false;
      // To call what is imported changes it no more than a declaration may; to give it away does.
      return each.target === undefined ||
        !isBuiltin(each.target.from) && each.names.some((name) => used.given.has(name));
    });
  }

  /** Everything that a unit uses, through others. */
  function usedBy(unit: Unit): Used {
    return memory("used", unit, () => {
      const found = new Set<Unit>();
      const given = new Set<string>();
      const queue = [unit];
      let global = false;
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        if (next.target !== undefined) continue;
        const own = noMentions();
        readMentions(module, next.node, own, { elided: next.elided });
        collectGiven(next.node, false, given);
        global ||= own.writesGlobals;
        for (const name of own.names) {
          const other = byName.get(name);
          if (other === undefined || other === unit || found.has(other)) continue;
          found.add(other);
          queue.push(other);
        }
      }
      return { units: found, given, global };
    });
  }

  /** Is the task made in this declaration? */
  function holdsTask({ node }: Unit): boolean {
    const { made } = options;
    return made !== undefined && made.start !== undefined &&
      (node.start as number) <= (made.start as number) &&
      (made.end as number) <= (node.end as number);
  }
}

/** @param inside whether the node is, or is part of, what is handed over */
function collectGiven(written: Node, inside: boolean, into: Set<string>): void {
  const node = runtimeNode(written);
  if (node === undefined) return;
  if (node.type === "Identifier") {
    if (inside) into.add(node.name as string);
    return;
  }
  const args = /^(?:(?:Optional)?Call|New)Expression$/.test(node.type)
    ? node.arguments as readonly Node[]
    : [];
  const target = node.type === "AssignmentExpression"
    ? node.left
    : node.type === "UpdateExpression" || node.operator === "delete"
    ? node.argument
    : undefined;
  for (const argument of args) collectGiven(argument, true, into);
  if (isNode(target)) collectGiven(target, true, into);
  // What a function does with a name is seen where it does it.
  const still = inside && !isFunctionNode(node);
  for (const child of childNodes(node)) {
    if (!args.includes(child)) collectGiven(child, still, into);
  }
}
