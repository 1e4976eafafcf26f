/**
 * The environment variables that a piece of syntax names: `process.env.NAME`,
 * `Deno.env.get("NAME")`, `Bun.env.NAME`, `import.meta.env.NAME`. A use of the environment that
 * names none makes it computed.
 *
 * @module
 */

import type { NameScope } from "./_identity_bindings.ts";
import { isNode, keyName, literalText, type Node, runtimeNode } from "./_identity_nodes.ts";
import type { Module } from "./_module.ts";

type Scoped = NameScope | undefined;

/** The objects that lead to the environment. */
type Way =
  /** `process`, `Bun`, `import.meta`: the environment is its `env`. */
  | "holder"
  /** `Deno`: the environment is its `env`, with methods. */
  | "deno"
  /** An object whose members are variables. */
  | "members"
  /** An object with `get(name)`. */
  | "methods"
  /** `globalThis` */
  | "global";

const GLOBALS: Readonly<Record<string, Way>> = {
  process: "holder",
  Bun: "holder",
  Deno: "deno",
  globalThis: "global",
  global: "global",
};

const PROCESS = /^(?:node:)?process$/;

/**
 * @param into where names are entered
 * @param visit reads on below a node
 * @param isFree is a name declared nowhere in the piece?
 */
export function createEnvironmentReader(
  module: Pick<Module, "bindings">,
  into: { readonly env: Set<string>; computedEnv: boolean; readonly names: Set<string> },
  visit: (node: Node, scope: Scoped) => void,
  isFree: (name: string, scope: Scoped) => boolean,
): { read(node: Node, scope: Scoped): boolean } {
  return { read };

  /** @returns whether nothing of the node is left to be read */
  function read(node: Node, scope: Scoped): boolean {
    switch (node.type) {
      case "Identifier":
        // `process` as a value: nobody knows what is asked of it.
        if (/^(?:holder|deno|members)$/.test(wayOf(node, scope) ?? "")) into.computedEnv = true;
        return false;
      case "MemberExpression":
      case "OptionalMemberExpression":
        return readMember(node, scope);
      case "CallExpression":
      case "OptionalCallExpression":
        return readCall(node, scope);
      case "VariableDeclarator":
        return isNode(node.init) && readPattern(node.id as Node, node.init, scope);
      case "BinaryExpression":
        if (node.operator !== "in" || wayOf(node.right as Node, scope) !== "members") return false;
        named(literalText(node.left));
        visit(node.left as Node, scope);
        mentionRoot(node.right as Node);
        return true;
      case "UnaryExpression":
        // `typeof Deno` asks which runtime it is.
        if (node.operator !== "typeof" || wayOf(node.argument as Node, scope) === undefined) {
          return false;
        }
        mentionRoot(node.argument as Node);
        return true;
      default:
        return false;
    }
  }

  function readMember(node: Node, scope: Scoped): boolean {
    const object = wayOf(node.object as Node, scope);
    if (object === undefined) return false;
    const key = memberName(node);
    if (object === "members") named(key);
    else if (object === "methods") into.computedEnv = true;
    else if (key === undefined) into.computedEnv = true;
    else if (object === "global" && Object.hasOwn(GLOBALS, key)) into.computedEnv = true;
    else if (key === "env" && object !== "global") into.computedEnv = true;
    else if (key === "eval") return false;
    if (node.computed === true) visit(node.property as Node, scope);
    mentionRoot(node.object as Node);
    return true;
  }

  function readCall(node: Node, scope: Scoped): boolean {
    const callee = runtimeNode(node.callee as Node);
    if (callee === undefined || !/MemberExpression$/.test(callee.type)) return false;
    if (wayOf(callee.object as Node, scope) !== "methods") return false;
    const args = node.arguments as Node[];
    const method = memberName(callee);
    named(method === "toObject" || method === undefined ? undefined : literalText(args[0]));
    for (const argument of args) visit(argument, scope);
    mentionRoot(callee);
    return true;
  }

  /** `const { CI, HOME: home = "/" } = process.env` */
  function readPattern(pattern: Node, init: Node, scope: Scoped): boolean {
    if (pattern.type !== "ObjectPattern") return false;
    const way = wayOf(init, scope);
    if (way !== "members" && way !== "holder" && way !== "deno") return false;
    for (const property of pattern.properties as Node[]) {
      const key = property.type === "ObjectProperty" ? keyName(property) : undefined;
      if (way === "members") named(key);
      else if (key === undefined || key === "env") into.computedEnv = true;
    }
    visit(pattern, scope);
    mentionRoot(init);
    return true;
  }

  function named(name: string | undefined): void {
    if (name === undefined) into.computedEnv = true;
    else into.env.add(name);
  }

  /** The import that the way begins with is used. */
  function mentionRoot(node: Node): void {
    let root = runtimeNode(node);
    while (root && /MemberExpression$/.test(root.type)) root = runtimeNode(root.object as Node);
    if (root?.type === "Identifier") into.names.add(root.name as string);
  }

  function wayOf(written: Node, scope: Scoped): Way | undefined {
    const node = runtimeNode(written);
    switch (node?.type) {
      case "Identifier": {
        const name = node.name as string;
        if (!isFree(name, scope)) return undefined;
        const binding = module.bindings.get(name);
        if (binding === undefined) return Object.hasOwn(GLOBALS, name) ? GLOBALS[name] : undefined;
        if (binding.kind !== "import" || !PROCESS.test(binding.from)) return undefined;
        return binding.name === "env"
          ? "members"
          : binding.name === undefined || binding.name === "default"
          ? "holder"
          : undefined;
      }
      case "MetaProperty":
        return (node.meta as Node).name === "import" ? "holder" : undefined;
      case "MemberExpression":
      case "OptionalMemberExpression": {
        const object = wayOf(node.object as Node, scope);
        const key = memberName(node);
        if (object === "holder") {
          // `import * as process` has what it is about under `default` too.
          return key === "env" ? "members" : key === "default" ? "holder" : undefined;
        }
        if (object === "deno") return key === "env" ? "methods" : undefined;
        if (object !== "global" || key === undefined) return undefined;
        return Object.hasOwn(GLOBALS, key) ? GLOBALS[key] : undefined;
      }
      default:
        return undefined;
    }
  }
}

function memberName(node: Node): string | undefined {
  if (node.computed === true) return literalText(node.property);
  const property = node.property as Node;
  return property.type === "Identifier" ? property.name as string : undefined;
}
