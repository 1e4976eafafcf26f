/**
 * The names that a piece of syntax declares, by the scope they belong to.
 *
 * @module
 */

import { childNodes, isNode, type Node, runtimeNode } from "./_identity_nodes.ts";
import { boundNames } from "./_module.ts";

/** What is known of a name that is not of the top level. */
export interface Declared {
  readonly how: "parameter" | "literal" | "local";
  /** The function whose parameter it is. */
  readonly owner?: Node;
}

export interface NameScope {
  readonly names: ReadonlyMap<string, Declared>;
  readonly outer: NameScope | undefined;
  /** 1 for the outermost. */
  readonly depth: number;
}

const LOCAL: Declared = { how: "local" };

/** The scope that a node opens; the given one where it opens none. */
export function enterScope(node: Node, outer: NameScope | undefined): NameScope | undefined {
  const names = namesOf(node);
  return names.size === 0 ? outer : { names, outer, depth: (outer?.depth ?? 0) + 1 };
}

export function isFunctionNode(node: Node): boolean {
  return /^(?:ArrowFunctionExpression|Function(?:Expression|Declaration)|ObjectMethod|Class(?:Private)?Method)$/
    .test(node.type);
}

function namesOf(node: Node): Map<string, Declared> {
  const names = new Map<string, Declared>();
  if (isFunctionNode(node)) {
    if (node.type !== "ArrowFunctionExpression") {
      for (const name of ["this", "arguments", "new.target"]) names.set(name, LOCAL);
    }
    if (node.type === "FunctionExpression" && node.id) {
      names.set((node.id as Node).name as string, LOCAL);
    }
    for (const param of node.params as Node[]) {
      const pattern = param.type === "TSParameterProperty" ? param.parameter : param;
      for (const name of boundNames(pattern)) {
        names.set(name, { how: "parameter", owner: node });
      }
    }
    return names;
  }
  switch (node.type) {
    case "BlockStatement":
    case "TSModuleBlock":
      // Not those of a function's parameters, whose defaults do not see what its body declares.
      lexical(node.body as Node[], names);
      hoist(node, names);
      break;
    case "StaticBlock":
      names.set("this", LOCAL);
      lexical(node.body as Node[], names);
      hoist(node, names);
      break;
    case "ClassProperty":
    case "ClassPrivateProperty":
    case "ClassAccessorProperty":
      names.set("this", LOCAL);
      break;
    case "SwitchStatement":
      lexical((node.cases as Node[]).flatMap((each) => each.consequent as Node[]), names);
      break;
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
      for (const head of [node.init, node.left]) {
        if (isNode(head) && head.type === "VariableDeclaration") {
          for (const { id } of head.declarations as Node[]) {
            for (const name of boundNames(id)) names.set(name, LOCAL);
          }
        }
      }
      break;
    case "CatchClause":
      for (const name of isNode(node.param) ? boundNames(node.param) : []) names.set(name, LOCAL);
      break;
    case "ClassExpression":
      if (node.id) names.set((node.id as Node).name as string, LOCAL);
  }
  return names;
}

/** `let`, `const`, classes and functions of a list of statements. */
function lexical(statements: readonly Node[], names: Map<string, Declared>): void {
  for (const written of statements) {
    const node = written.type === "ExportNamedDeclaration" && isNode(written.declaration)
      ? written.declaration
      : written;
    if (runtimeNode(node) === undefined) continue;
    if (node.type === "VariableDeclaration" && node.kind !== "var") declareAll(node, names);
    else if (/^(?:Function|Class|TSEnum|TSModule)Declaration$/.test(node.type) && node.id) {
      const { name } = node.id as { name?: string };
      if (name !== undefined) names.set(name, LOCAL);
    }
  }
}

/** The `var`s anywhere in a function. */
function hoist(node: Node, names: Map<string, Declared>): void {
  if (isFunctionNode(node) || node.type === "ClassBody") return;
  if (node.type === "VariableDeclaration" && node.kind === "var") declareAll(node, names);
  for (const child of childNodes(node)) hoist(child, names);
}

function declareAll(node: Node, names: Map<string, Declared>): void {
  for (const { id, init } of node.declarations as Node[]) {
    const how = node.kind === "const" && isNode(init) && isLiteral(init) ? "literal" : "local";
    for (const name of boundNames(id)) {
      names.set(name, (id as Node).type === "Identifier" ? { how } : LOCAL);
    }
  }
}

function isLiteral(written: Node): boolean {
  const node = runtimeNode(written);
  switch (node?.type) {
    case "StringLiteral":
    case "NumericLiteral":
    case "BooleanLiteral":
    case "BigIntLiteral":
    case "NullLiteral":
      return true;
    case "UnaryExpression":
      return /^[-+!~]$/.test(node.operator as string) && isLiteral(node.argument as Node);
    case "TemplateLiteral":
      return (node.expressions as Node[]).every(isLiteral);
    default:
      return false;
  }
}
