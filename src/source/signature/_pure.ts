/**
 * Does evaluating a `tasks.ts` come to nothing but what its texts say? Then who has read the texts
 * has seen all that it depends on. In: its modules. Out: yes, where that is plain from their syntax.
 *
 * A list of what is allowed: declarations whose values are literals, functions that nobody calls,
 * references to those, and calls of `task`, `group`, `config` and `with`. Nothing of the user's runs
 * then but thunks in `deps`, which have to be of the same kind. Everything else, an access to a
 * global, a package, a getter, any other call, is a no.
 *
 * @module
 */

import { dirname, resolve } from "@std/path";
import type { Module } from "./_module.ts";
import type { Scope, Target } from "./_scope.ts";
import {
  type CallExpression,
  type Expression,
  type FunctionNode,
  memberKey,
  type ObjectExpression,
  placeOf,
  propertyName,
  type Statement,
  unwrapped,
} from "./_syntax.ts";

/** Where a value stands. */
interface Where {
  readonly module: Module;
  /** A function may stand here: it is not called by loading. */
  readonly functions?: boolean;
  /** Below `deps` every function is a thunk, whatever its name. */
  readonly deps?: boolean;
}

/** Names under which the language itself calls what it finds. */
const CALLED = new Set(["then", "toJSON", "toString", "valueOf", "constructor", "__proto__"]);

/** A name that every runtime takes for the same file: no query, no escape, no other separator. */
const PLAIN = /^\.{1,2}\/[\w./@ +~-]*\.m?[jt]s$/;

/** So many names are followed, and one for each letter of the texts: more than they can hold. */
const LOOKS = 200_000;

const MAKERS = new Set(["task", "group", "config"]);

/** @returns false where it cannot be told */
export function isPure(scope: Scope): boolean {
  const seen = new Set<Module>();
  /** Answers for what names lead to; while one is looked for, what holds if nothing else does. */
  const primitives = new Map<Node, boolean>();
  const pureDeps = new Map<Node, boolean>();
  const thunks = new Map<Node, boolean>();
  let looks = LOOKS;
  const { root } = scope;
  try {
    return root !== undefined && isPureModule(root);
  } catch (error) {
    // Nobody writes so much, or so deep.
    if (error instanceof RangeError) return false;
    throw error;
  }

  function isPureModule(module: Module): boolean {
    if (seen.has(module)) return true;
    seen.add(module);
    looks += module.text.length;
    return module.exports.every((each) => each.kind === "star" || !CALLED.has(each.name)) &&
      module.syntax.program.body.every((statement) => isPureStatement(module, statement));
  }

  function isPureStatement(module: Module, statement: Statement): boolean {
    if ("declare" in statement && statement.declare === true) return true;
    switch (statement.type) {
      case "EmptyStatement":
      case "FunctionDeclaration":
      case "TSDeclareFunction":
      case "TSInterfaceDeclaration":
      case "TSTypeAliasDeclaration":
        return true;
      case "ImportDeclaration":
        return statement.importKind === "type" || isPureImport(module, statement);
      case "ExportAllDeclaration":
        return statement.exportKind === "type" || isPureImport(module, statement);
      case "ExportNamedDeclaration":
        if (statement.exportKind === "type") return true;
        if (statement.declaration) return isPureStatement(module, statement.declaration);
        return !statement.source ||
          isPureImport(module, { ...statement, source: statement.source });
      case "ExportDefaultDeclaration": {
        const { declaration } = statement;
        if (declaration.type === "ClassDeclaration") return false;
        if (declaration.type.endsWith("Declaration")) return true;
        return declaration.type === "TSDeclareFunction" ||
          isPureValue(declaration as Expression, { module, functions: true });
      }
      case "VariableDeclaration":
        // A `var` may be declared twice.
        return (statement.kind === "const" || statement.kind === "let") &&
          statement.declarations.every(({ id, init }) =>
            id.type === "Identifier" &&
            (!init || isPureValue(init, { module, functions: true }))
          );
      default:
        return false;
    }
  }

  /** Only where the runtime takes the very file that was read for it. */
  function isPureImport(
    module: Module,
    { source: { value: from }, ...how }: {
      readonly source: { readonly value: string };
      readonly attributes?: readonly unknown[] | null;
      readonly assertions?: readonly unknown[] | null;
      readonly phase?: string | null;
    },
  ): boolean {
    if (how.attributes?.length || how.assertions?.length || how.phase) return false;
    if (from === "ntask" || from.startsWith("node:")) return true;
    if (!PLAIN.test(from)) return false;
    const other = scope.load(module, from);
    return other?.file === resolve(dirname(module.file), from) && isPureModule(other);
  }

  function isPureValue(wrapped: Node, where: Where): boolean {
    const node = unwrapped(wrapped);
    const inner: Where = { module: where.module, ...(where.deps && { deps: true }) };
    switch (node.type) {
      case "ArrowFunctionExpression":
        return where.functions === true || isPureThunk(node, inner);
      case "FunctionExpression":
        return where.functions === true;
      case "Identifier":
      case "MemberExpression":
        return isPureTarget(node, where);
      case "ObjectExpression":
        return node.properties.every((property) => isPureProperty(property, inner));
      case "ArrayExpression":
        return node.elements.every((element) =>
          element === null ||
          isPureValue(element.type === "SpreadElement" ? element.argument : element, inner)
        );
      case "ConditionalExpression":
        return isPrimitive(node.test, where.module) && isPureValue(node.consequent, where) &&
          isPureValue(node.alternate, where);
      case "CallExpression":
        return isPureCall(node, inner);
      default:
        return isPrimitive(node, where.module);
    }
  }

  function isPureThunk(
    node: Extract<FunctionNode, { type: "ArrowFunctionExpression" }>,
    where: Where,
  ): boolean {
    return node.params.length === 0 && !node.async && node.body.type !== "BlockStatement" &&
      isPureValue(node.body, where);
  }

  function isPureProperty(property: ObjectExpression["properties"][number], where: Where): boolean {
    if (property.type === "SpreadElement") return isPureValue(property.argument, where);
    const name = propertyName(property);
    if (name === undefined || CALLED.has(name)) return false;
    // A condition is asked by a process of its own.
    const functions = name === "condition" && where.deps !== true;
    if (property.type === "ObjectMethod") return functions && property.kind === "method";
    return isPureValue(property.value as Expression, {
      ...where,
      functions,
      ...(name === "deps" && { deps: true }),
    });
  }

  function isPureCall(node: CallExpression, where: Where): boolean {
    const called = targetOf(node.callee as Expression, where.module);
    const makes = called.kind === "api" && MAKERS.has(called.name);
    if (!makes && !isWith(node.callee as Expression, where.module)) return false;
    // Functions are the bodies of tasks.
    const functions = called.kind === "api" && called.name === "task";
    return node.arguments.every((argument) =>
      argument.type !== "SpreadElement" &&
      isPureValue(argument as Expression, { module: where.module, functions })
    );
  }

  /** `build.with(…)`, of a task that is made here. */
  function isWith(callee: Expression, module: Module): boolean {
    if (callee.type !== "MemberExpression" || memberKey(callee) !== "with") return false;
    const task = targetOf(callee.object as Expression, module);
    if (task.kind !== "value" || task.slot.node.type !== "CallExpression") return false;
    const made = targetOf(task.slot.node.callee as Expression, task.slot.module);
    return made.kind === "api" && made.name === "task";
  }

  function isPureTarget(node: Expression, where: Where): boolean {
    if (isUndefined(node, where.module)) return true;
    const target = targetOf(node, where.module);
    if (target.kind !== "value") return false;
    const { module, node: found } = target.slot;
    if (where.functions) return true;
    switch (found.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ObjectMethod":
      case "ClassMethod":
        return false;
      case "ArrowFunctionExpression":
        return once(
          where.deps ? pureDeps : thunks,
          found,
          true,
          () => isPureThunk(found, { ...where, module }),
        );
      case "CallExpression":
        return true;
      default:
        // Everything is looked at where it stands; only below `deps` more is asked of it.
        return !where.deps ||
          once(pureDeps, found, true, () => isPureValue(found, { ...where, module }));
    }
  }

  /** A value that is no object: nothing is called when it becomes a text or a number. */
  function isPrimitive(wrapped: Node, module: Module): boolean {
    const node = unwrapped(wrapped);
    const all = (nodes: readonly unknown[]) =>
      nodes.every((each) => isPrimitive(each as Expression, module));
    switch (node.type) {
      case "StringLiteral":
      case "NumericLiteral":
      case "BooleanLiteral":
      case "BigIntLiteral":
      case "NullLiteral":
        return true;
      case "TemplateLiteral":
        return all(node.expressions);
      case "UnaryExpression":
        return ["-", "+", "!", "~"].includes(node.operator) && isPrimitive(node.argument, module);
      case "BinaryExpression":
      case "LogicalExpression":
        return all([node.left, node.right]);
      case "Identifier":
      case "MemberExpression": {
        if (isUndefined(node, module)) return true;
        const target = targetOf(node, module);
        if (target.kind !== "value") return false;
        const { slot } = target;
        return once(primitives, slot.node, false, () => isPrimitive(slot.node, slot.module));
      }
      default:
        return false;
    }
  }

  function targetOf(node: Expression, module: Module): Target {
    if (--looks < 0) throw new RangeError("too many names");
    return scope.follow({
      module,
      node,
      place: placeOf(module.file, node),
      docs: [],
      constant: true,
    });
  }
}

type Node = Expression | FunctionNode;

/** @param meanwhile the answer while it is looked for: names can lead in a circle */
function once(
  known: Map<Node, boolean>,
  node: Node,
  meanwhile: boolean,
  find: () => boolean,
): boolean {
  const before = known.get(node);
  if (before !== undefined) return before;
  known.set(node, meanwhile);
  const found = find();
  known.set(node, found);
  return found;
}

function isUndefined(node: Node, module: Module): boolean {
  return node.type === "Identifier" && node.name === "undefined" &&
    !module.bindings.has("undefined");
}
