/**
 * A module cut into what can be counted on its own: its declarations, and the statements that do
 * something when it is loaded.
 *
 * @module
 */

import { isFunctionNode } from "./_identity_bindings.ts";
import { type Node, runtimeNode } from "./_identity_nodes.ts";
import { boundNames, type Module } from "./_module.ts";

/** One declaration: a function, a class, one variable of a statement, one imported name. */
export interface Unit {
  /** In words, for reports: `helper render`, `constant TARGET`, `import join`. */
  readonly title: string;
  readonly names: readonly string[];
  readonly node: Node;
  /** What its text begins with: `const`, `let`; the module an import is from. */
  readonly prefix: string;
  /** Calls of `task` and `group` in it. How other tasks are made is of no account. */
  readonly elided: ReadonlySet<unknown>;
  /** What it is imported from. */
  readonly target?: Import;
  /** Making it can do something else as well. */
  readonly acts: boolean;
  /** Something could change it after it was made. */
  readonly mutable: boolean;
}

/** Calls of globals that make a value and do nothing else. */
const PURE =
  /^(?:Object\.(?:keys|values|entries|fromEntries)|JSON\.(?:parse|stringify)|Math\.\w+|String|Number|Boolean|BigInt|new (?:Set|Map|WeakMap|WeakSet|URL|RegExp|Date|Error|TextEncoder|TextDecoder))$/;

/** A module that is asked for. */
export interface Import {
  readonly from: string;
  /** `with { type: … }` */
  readonly type?: string;
  readonly node: Node;
}

export interface Outline {
  readonly units: readonly Unit[];
  /** By the names they declare. */
  readonly byName: ReadonlyMap<string, Unit>;
  /** Neither declarations nor pure, in the order of the text. */
  readonly statements: readonly Node[];
  /** Modules that are imported for what they do. */
  readonly sideEffects: readonly Import[];
}

/**
 * @param apiOf what of ntask's own a call calls
 */
export function outline(
  module: Module,
  apiOf: (call: Node) => string | undefined,
): Outline {
  const units: Unit[] = [];
  const statements: Node[] = [];
  const sideEffects: Import[] = [];
  for (const written of module.syntax.program.body) enter(written as unknown as Node);
  const byName = new Map(units.flatMap((unit) => unit.names.map((name) => [name, unit] as const)));
  return { units, byName, statements, sideEffects };

  function isApi(call: Node): boolean {
    return /^(?:task|group|config)$/.test(apiOf(call) ?? "");
  }

  function enter(written: Node): void {
    const node = runtimeNode(written);
    if (node === undefined) return;
    switch (node.type) {
      case "EmptyStatement":
      case "ExportAllDeclaration":
        return;
      case "ImportDeclaration":
        return enterImport(node);
      case "ExportNamedDeclaration":
        return node.declaration ? enter(node.declaration as Node) : undefined;
      case "ExportDefaultDeclaration": {
        const declaration = node.declaration as Node;
        if (/^(?:Function|Class)Declaration$/.test(declaration.type)) return enter(declaration);
        if (!pure(declaration)) statements.push(node);
        return;
      }
      case "VariableDeclaration":
        for (const declarator of node.declarations as Node[]) {
          enterVariable(declarator, node.kind as string);
        }
        return;
      case "FunctionDeclaration":
        return enterNamed("helper", node, { acts: false, mutable: false });
      case "ClassDeclaration":
        return enterNamed("class", node, { acts: !pureClass(node), mutable: true });
      case "TSEnumDeclaration":
        return enterNamed("enum", node, { acts: false, mutable: false });
      case "TSModuleDeclaration":
        return enterNamed("namespace", node, { acts: true, mutable: true });
      case "TSImportEqualsDeclaration":
        return enterNamed("import", node, { acts: false, mutable: true });
      case "ExpressionStatement":
        if (!pure(node.expression as Node)) statements.push(node);
        return;
      default:
        statements.push(node);
    }
  }

  function enterImport(node: Node): void {
    const target = importOf(node)!;
    const specifiers = node.specifiers as Node[];
    if (specifiers.length === 0) sideEffects.push(target);
    for (const specifier of specifiers) {
      if (runtimeNode(specifier) === undefined) continue;
      const name = (specifier.local as Node).name as string;
      units.push({
        title: `import ${name}`,
        names: [name],
        node: specifier,
        prefix: `${target.from}\0${target.type ?? ""}`,
        elided: new Set(),
        target,
        acts: false,
        mutable: true,
      });
    }
  }

  function enterVariable(node: Node, kind: string): void {
    const init = node.init ? runtimeNode(node.init as Node) : undefined;
    const names = boundNames(node.id);
    const isFunction = init !== undefined && isFunctionNode(init);
    const elided = new Set<unknown>();
    if (init !== undefined) collectTasks(init, elided);
    const literal = init !== undefined && /(?<!RegExp)Literal$/.test(init.type);
    units.push({
      title: `${isFunction ? "helper" : kind === "const" ? "constant" : "variable"} ${
        names.join(", ")
      }`,
      names,
      node,
      prefix: kind === "var" ? "let" : kind,
      elided,
      acts: init !== undefined && !pure(init),
      mutable: kind !== "const" || !isFunction && !literal,
    });
  }

  function enterNamed(
    what: string,
    node: Node,
    state: { readonly acts: boolean; readonly mutable: boolean },
  ): void {
    const name = (node.id as Node | null)?.name as string | undefined;
    const names = name === undefined ? [] : [name];
    const title = `${what} ${name ?? "default"}`;
    units.push({ title, names, node, prefix: "", elided: new Set(), ...state });
  }

  /** The calls that make tasks, where they stand in the open. */
  function collectTasks(written: Node, into: Set<unknown>): void {
    const node = runtimeNode(written);
    if (node?.type === "CallExpression") {
      if (!/^(?:task|group)$/.test(apiOf(node) ?? "")) return;
      const args = node.arguments as Node[];
      // Where its options do something, only the body is left out.
      if (args.every(pure)) into.add(node);
      else for (const argument of args) if (isFunctionNode(argument)) into.add(argument);
    } else if (node?.type === "ObjectExpression") {
      for (const property of node.properties as Node[]) {
        if (property.type === "ObjectProperty") collectTasks(property.value as Node, into);
      }
    } else if (node?.type === "ArrayExpression") {
      for (const element of node.elements as (Node | null)[]) {
        if (element) collectTasks(element, into);
      }
    }
  }

  /** Evaluating it does nothing but make a value. */
  function pure(written: Node): boolean {
    const node = runtimeNode(written);
    if (node === undefined || isFunctionNode(node)) return true;
    switch (node.type) {
      case "Identifier":
      case "ThisExpression":
      case "MetaProperty":
      case "StringLiteral":
      case "NumericLiteral":
      case "BooleanLiteral":
      case "BigIntLiteral":
      case "NullLiteral":
      case "RegExpLiteral":
        return true;
      case "TemplateLiteral":
        return (node.expressions as Node[]).every(pure);
      case "SpreadElement":
        return pure(node.argument as Node);
      case "UnaryExpression":
        return node.operator !== "delete" && pure(node.argument as Node);
      case "BinaryExpression":
      case "LogicalExpression":
        return pure(node.left as Node) && pure(node.right as Node);
      case "ConditionalExpression":
        return [node.test, node.consequent, node.alternate].every((each) => pure(each as Node));
      case "ArrayExpression":
        return (node.elements as (Node | null)[]).every((each) => each === null || pure(each));
      case "ObjectExpression":
        return (node.properties as Node[]).every((property) =>
          property.type === "SpreadElement"
            ? pure(property)
            : (property.computed !== true || pure(property.key as Node)) &&
              (property.type === "ObjectMethod" || pure(property.value as Node))
        );
      case "MemberExpression":
      case "OptionalMemberExpression":
        return pure(node.object as Node) && (node.computed !== true || pure(node.property as Node));
      case "ClassExpression":
        return pureClass(node);
      case "CallExpression":
        return (isApi(node) || isWith(node) || isPureGlobal(node)) &&
          (node.arguments as Node[]).every(pure);
      case "NewExpression":
        return isPureGlobal(node) && (node.arguments as Node[]).every(pure);
      default:
        return false;
    }
  }

  function pureClass(node: Node): boolean {
    if (node.superClass && !pure(node.superClass as Node)) return false;
    if ((node.decorators as Node[] | undefined)?.length) return false;
    return ((node.body as Node).body as Node[]).every((member) =>
      member.type !== "StaticBlock" && !(member.decorators as Node[] | undefined)?.length &&
      (member.computed !== true || pure(member.key as Node)) &&
      (member.static !== true || !member.value || pure(member.value as Node))
    );
  }

  /** `Object.keys(x)`, `new Set(x)`. */
  function isPureGlobal(call: Node): boolean {
    const callee = runtimeNode(call.callee as Node);
    const isMember = callee?.type === "MemberExpression" && callee.computed !== true;
    const root = isMember ? runtimeNode(callee.object as Node) : callee;
    if (root?.type !== "Identifier" || module.bindings.has(root.name as string)) return false;
    const member = isMember ? `.${(callee!.property as Node).name}` : "";
    return PURE.test(`${call.type === "NewExpression" ? "new " : ""}${root.name}${member}`);
  }

  /** `build.with({ … })` of a task. */
  function isWith(call: Node): boolean {
    const callee = runtimeNode(call.callee as Node);
    if (callee?.type !== "MemberExpression" || callee.computed === true) return false;
    if ((callee.property as Node).name !== "with") return false;
    const object = runtimeNode(callee.object as Node);
    if (object?.type !== "Identifier") return false;
    const binding = module.bindings.get(object.name as string);
    const init = binding?.kind === "variable" && binding.init
      ? runtimeNode(binding.init as unknown as Node)
      : undefined;
    return binding?.kind === "variable" && binding.constant && init?.type === "CallExpression" &&
      isApi(init);
  }
}

/** What an `import` or `export … from` asks for. */
export function importOf(node: Node): Import | undefined {
  if (node.source === null || node.source === undefined) return undefined;
  const from = (node.source as Node).value as string;
  for (const attribute of (node.attributes ?? []) as Node[]) {
    const key = attribute.key as Node;
    if ((key.name ?? key.value) !== "type") continue;
    return { from, type: (attribute.value as Node).value as string, node };
  }
  return { from, node };
}
