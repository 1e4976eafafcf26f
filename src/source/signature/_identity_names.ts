/**
 * What a piece of syntax mentions: a node comes in; the names of the top level it uses, the modules
 * it loads while it runs, the environment variables it names, and whether it can run text that is
 * not written out go out. Nothing is followed here.
 *
 * @module
 */

import { type Declared, enterScope, type NameScope } from "./_identity_bindings.ts";
import { createEnvironmentReader } from "./_identity_env.ts";
import { childNodes, isNode, literalText, type Node, runtimeNode } from "./_identity_nodes.ts";
import { canonicalText } from "./_identity_text.ts";
import type { Module } from "./_module.ts";

/** What is mentioned. The sets grow while several pieces are read into one. */
export interface Mentions {
  /** Names that are not declared in the piece: of the top level, or globals. */
  readonly names: Set<string>;
  /**
   * Modules loaded by `import("…")`, `require("…")`, `new Worker(new URL("…", …))`; behind a NUL
   * whatever options there are.
   */
  readonly loads: Set<string>;
  readonly env: Set<string>;
  computedEnv: boolean;
  /** It can run code that is not written out: `eval`, `import(x)`, `require(x)`. */
  opaque: boolean;
  /** It assigns to a member of a global: `process.env.X = …`. */
  writesGlobals: boolean;
}

/** How bodies of tasks are found in a piece, and what is to be said about one. */
export interface BodyWatch {
  /** The arguments of a call that are, or hold, the body of a task. */
  bodiesOf(call: Node): readonly Node[];
  /** A body uses a name of a function or block around it. */
  captured(name: string, node: Node): void;
  /** The body is a parameter of `owner`. */
  forwarded(owner: Node, name: string, node: Node): void;
}

export function noMentions(): Mentions {
  return {
    names: new Set(),
    loads: new Set(),
    env: new Set(),
    computedEnv: false,
    opaque: false,
    writesGlobals: false,
  };
}

/**
 * Read a piece of the top level of a module.
 *
 * @param into where it is entered
 * @param elided nodes that are not looked into
 */
export function readMentions(
  module: Pick<Module, "bindings">,
  root: Node,
  into: Mentions,
  options: { readonly elided?: ReadonlySet<unknown>; readonly watch?: BodyWatch } = {},
): void {
  const { elided, watch } = options;
  /** Depths of the scopes that the bodies stand in which the walk is inside of. */
  const bodies: number[] = [];
  const environment = createEnvironmentReader(module, into, visit, (name, scope) => {
    return find(name, scope) === undefined;
  });
  visit(root, undefined);

  function visit(written: Node, scope: NameScope | undefined): void {
    const node = runtimeNode(written);
    if (node === undefined || elided?.has(node)) return;
    const inner = enterScope(node, scope);
    if (environment.read(node, inner)) return;
    switch (node.type) {
      case "Identifier":
        return mention(node.name as string, node, inner);
      case "ThisExpression":
        return void local("this", node, inner);
      case "JSXIdentifier":
        if (/^[A-Z_$]/.test(node.name as string)) mention(node.name as string, node, inner);
        return;
      case "JSXMemberExpression":
        return visit(node.object as Node, inner);
      case "JSXAttribute":
        return isNode(node.value) ? visit(node.value, inner) : undefined;
      case "MetaProperty":
        if ((node.meta as Node).name === "new") local("new.target", node, inner);
        return;
      case "MemberExpression":
      case "OptionalMemberExpression":
        visit(node.object as Node, inner);
        if (node.computed === true) visit(node.property as Node, inner);
        else if ((node.property as Node).name === "eval") into.opaque ||= ofGlobal(node, inner);
        return;
      case "ObjectProperty":
      case "ObjectMethod":
      case "ClassMethod":
      case "ClassProperty":
      case "ClassAccessorProperty":
        return visitKeyed(node, scope, inner);
      case "SwitchStatement":
        visit(node.discriminant as Node, scope);
        for (const each of node.cases as Node[]) visit(each, inner);
        return;
      case "LabeledStatement":
        return visit(node.body as Node, inner);
      case "TSExternalModuleReference":
        return void into.loads.add(literalText(node.expression) ?? "");
      case "PrivateName":
      case "BreakStatement":
      case "ContinueStatement":
        return;
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        return;
      case "ExportSpecifier":
        return visit(node.local as Node, inner);
      case "ExportNamedDeclaration":
        return isNode(node.source) ? undefined : visitChildren(node, inner);
      case "TSEnumMember":
        return isNode(node.initializer) ? visit(node.initializer, inner) : undefined;
      case "AssignmentExpression":
        into.writesGlobals ||= isGlobalMember(node.left as Node, inner);
        return visitChildren(node, inner);
      case "UpdateExpression":
      case "UnaryExpression":
        if (node.type === "UpdateExpression" || node.operator === "delete") {
          into.writesGlobals ||= isGlobalMember(node.argument as Node, inner);
        }
        return visitChildren(node, inner);
      case "VariableDeclarator":
        return visitDeclarator(node, inner);
      case "CallExpression":
      case "OptionalCallExpression":
      case "NewExpression":
      case "ImportExpression":
        return visitCall(node, inner);
      default:
        return visitChildren(node, inner);
    }
  }

  function visitChildren(node: Node, scope: NameScope | undefined): void {
    for (const child of childNodes(node)) visit(child, scope);
  }

  function visitKeyed(
    node: Node,
    scope: NameScope | undefined,
    inner: NameScope | undefined,
  ): void {
    if (node.computed === true) visit(node.key as Node, scope);
    for (const child of childNodes(node)) {
      if (child !== runtimeNode(node.key as Node)) {
        visit(child, inner);
      }
    }
  }

  function visitDeclarator(node: Node, scope: NameScope | undefined): void {
    const init = isNode(node.init) ? runtimeNode(node.init) : undefined;
    // `const require = createRequire(…)`: what it loads is read where it is called.
    if (init?.type === "CallExpression" && (node.id as Node).name === "require") {
      if (isName(init.callee, "createRequire")) {
        for (const argument of init.arguments as Node[]) visit(argument, scope);
        mention("createRequire", init, scope, true);
        return;
      }
    }
    visitChildren(node, scope);
  }

  function visitCall(node: Node, scope: NameScope | undefined): void {
    const callee = isNode(node.callee) ? runtimeNode(node.callee) : undefined;
    const args = (node.arguments ?? []) as Node[];
    if (node.type === "ImportExpression") return visitLoad([node.source as Node], scope);
    if (callee?.type === "Import") return visitLoad(args, scope);
    if (callee && isName(callee, "require") && node.type !== "NewExpression") {
      mention("require", callee, scope, true);
      return visitLoad(args, scope);
    }
    if (callee?.type === "CallExpression" && isName(callee.callee, "createRequire")) {
      mention("createRequire", callee, scope, true);
      for (const argument of callee.arguments as Node[]) visit(argument, scope);
      return visitLoad(args, scope);
    }
    // `new Worker(new URL("./worker.ts", import.meta.url))`
    if (node.type === "NewExpression" && isName(callee, "Worker")) {
      const url = args[0] && runtimeNode(args[0]);
      const from = url?.type === "NewExpression" && isName(url.callee, "URL")
        ? literalText((url.arguments as Node[])[0])
        : literalText(args[0]);
      if (from === undefined) into.opaque = true;
      else into.loads.add(from);
    }
    if (callee && isName(callee, "Function") && find("Function", scope) === undefined) {
      into.opaque = true;
    }
    const found = watch?.bodiesOf({ ...node, callee: shadowed(callee, scope) }) ?? [];
    if (callee) visit(callee, scope);
    for (const argument of args) {
      if (found.includes(argument)) visitBody(argument, scope);
      else visit(argument, scope);
    }
  }

  function visitBody(node: Node, scope: NameScope | undefined): void {
    const inner = runtimeNode(node);
    if (inner?.type === "Identifier") {
      const declared = find(inner.name as string, scope);
      if (declared?.how === "parameter") {
        watch?.forwarded(declared.owner!, inner.name as string, inner);
        return;
      }
    }
    bodies.push(scope?.depth ?? 0);
    visit(node, scope);
    bodies.pop();
  }

  function visitLoad(args: readonly Node[], scope: NameScope | undefined): void {
    const specifier = literalText(args[0]);
    if (specifier === undefined) into.opaque = true;
    else into.loads.add(args.length > 1 ? `${specifier}\0${canonicalText(args[1])}` : specifier);
    for (const argument of args) visit(argument, scope);
  }

  /** The callee, or nothing where its name is declared in the piece. */
  function shadowed(callee: Node | undefined, scope: NameScope | undefined): Node | undefined {
    let root = callee;
    while (root?.type === "MemberExpression") root = runtimeNode(root.object as Node);
    const name = root?.type === "Identifier" ? root.name as string : undefined;
    return name !== undefined && find(name, scope) === undefined ? callee : undefined;
  }

  function mention(
    name: string,
    node: Node,
    scope: NameScope | undefined,
    understood = false,
  ): void {
    if (local(name, node, scope) && !understood) return;
    // Whatever is passed on under another name loads what nobody wrote down.
    if (!understood && /^(?:eval|require|createRequire)$/.test(name)) into.opaque = true;
    into.names.add(name);
  }

  /** Is the name declared in the piece? */
  function local(name: string, node: Node, scope: NameScope | undefined): boolean {
    const declared = find(name, scope);
    if (declared === undefined) return false;
    if (declared.how !== "literal" && bodies.some((depth) => declared.depth <= depth)) {
      watch?.captured(name, node);
    }
    return true;
  }

  function ofGlobal(member: Node, scope: NameScope | undefined): boolean {
    const object = runtimeNode(member.object as Node);
    return ["globalThis", "window", "self", "global"].some((name) => isName(object, name)) &&
      find(object!.name as string, scope) === undefined;
  }

  function isGlobalMember(node: Node, scope: NameScope | undefined): boolean {
    let root = runtimeNode(node);
    if (root?.type !== "MemberExpression") return false;
    while (root?.type === "MemberExpression") root = runtimeNode(root.object as Node);
    const name = root?.type === "Identifier" ? root.name as string : undefined;
    return name !== undefined && find(name, scope) === undefined && !module.bindings.has(name);
  }
}

function find(
  name: string,
  scope: NameScope | undefined,
): (Declared & { readonly depth: number }) | undefined {
  for (let each = scope; each !== undefined; each = each.outer) {
    const declared = each.names.get(name);
    if (declared !== undefined) return { ...declared, depth: each.depth };
  }
  return undefined;
}

function isName(node: unknown, name: string): boolean {
  const inner = isNode(node) ? runtimeNode(node) : undefined;
  return inner?.type === "Identifier" && inner.name === name;
}
