/**
 * What of a syntax tree is there when the program runs: a node comes in, its fields go out without
 * types, positions and what a formatter may choose freely. Everything that decides or describes
 * the identity of a function looks at the tree through this one view.
 *
 * @module
 */

/** A node of any type. The parser's own types do not allow to walk a tree. */
export interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Fields that are not of the running program. */
const NOT_RUNTIME: ReadonlySet<string> = new Set([
  // Where it stands and how it was written.
  ..."start end loc range extra comments errors interpreter sourceType shorthand".split(
    " ",
  ),
  ..."leadingComments trailingComments innerComments".split(" "),
  // What only types see.
  ..."typeAnnotation returnType typeParameters typeArguments superTypeParameters".split(" "),
  ..."superTypeArguments implements predicate accessibility abstract declare definite".split(" "),
  ..."override readonly importKind exportKind".split(" "),
]);

/** Wrappers of an expression that only types see. */
const WRAPPERS: ReadonlySet<string> = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "ParenthesizedExpression",
]);

/** Syntax of TypeScript's own that leaves something behind. */
const TS_RUNTIME: ReadonlySet<string> = new Set([
  ...WRAPPERS,
  "TSEnumDeclaration",
  "TSEnumBody",
  "TSEnumMember",
  "TSModuleDeclaration",
  "TSModuleBlock",
  "TSParameterProperty",
  "TSExportAssignment",
  "TSImportEqualsDeclaration",
  "TSExternalModuleReference",
  "TSQualifiedName",
]);

const BODIES: ReadonlySet<string> = new Set([
  "IfStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
  "WithStatement",
]);

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null &&
    typeof (value as { type?: unknown }).type === "string";
}

/** A node without the wrappers around it; undefined where nothing of it is left at run time. */
export function runtimeNode(node: Node): Node | undefined {
  if (WRAPPERS.has(node.type)) return runtimeNode(node.expression as Node);
  if (node.type.startsWith("TS") && !TS_RUNTIME.has(node.type)) return undefined;
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportSpecifier":
    case "ImportSpecifier":
      return isTypeOnly(node) ? undefined : node;
    case "ExportNamedDeclaration": {
      if (isTypeOnly(node)) return undefined;
      const declaration = node.declaration as Node | null | undefined;
      return declaration && runtimeNode(declaration) === undefined ? undefined : node;
    }
    case "ExportDefaultDeclaration":
      return runtimeNode(node.declaration as Node) === undefined ? undefined : node;
    case "TSImportEqualsDeclaration":
      return isTypeOnly(node) ? undefined : node;
    case "ClassProperty":
    case "ClassAccessorProperty":
      return node.declare === true || node.abstract === true ? undefined : node;
    case "VariableDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
      return node.declare === true ? undefined : node;
    default:
      return node;
  }
}

/** The fields of a node that matter when the program runs, in a fixed order. */
export function runtimeFields(node: Node): readonly (readonly [name: string, value: unknown])[] {
  const fields: [string, unknown][] = [];
  for (const name of Object.keys(node).sort()) {
    const value = node[name];
    if (name === "type" || NOT_RUNTIME.has(name)) continue;
    // `x?` of a parameter or a member is a type; `a?.b` is not.
    if (name === "optional" && !node.type.startsWith("Optional")) continue;
    if (name === "expression" && typeof value === "boolean") continue;
    if (value === null || value === undefined || value === false) continue;
    if (Array.isArray(value)) fields.push([name, runtimeList(node, name, value)]);
    else if (!isNode(value)) fields.push([name, value]);
    else {
      const inner = runtimeNode(value);
      if (inner !== undefined) fields.push([name, braced(node, name, inner)]);
    }
  }
  return fields;
}

/** The nodes directly below a node. */
export function childNodes(node: Node): readonly Node[] {
  return runtimeFields(node).flatMap(([, value]) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []
  );
}

/** What a key is called, where it is written out: `a`, `"a"`, `1`. */
export function keyName(node: Node): string | undefined {
  // The member of an enum has an `id`.
  const key = (node.key ?? node.id) as Node;
  if (key.type === "StringLiteral" || key.type === "NumericLiteral") return String(key.value);
  return key.type === "Identifier" && node.computed !== true ? key.name as string : undefined;
}

/** The text of a literal string, also in backquotes. */
export function literalText(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  const inner = runtimeNode(node);
  if (inner?.type === "StringLiteral") return inner.value as string;
  if (inner?.type !== "TemplateLiteral" || (inner.expressions as unknown[]).length > 0) {
    return undefined;
  }
  return ((inner.quasis as Node[])[0]?.value as { cooked?: string } | undefined)?.cooked;
}

function isTypeOnly(node: Node): boolean {
  const kind = node.importKind ?? node.exportKind;
  return kind === "type" || kind === "typeof";
}

function runtimeList(node: Node, name: string, list: readonly unknown[]): unknown[] {
  const statements = name === "body" || node.type === "SwitchCase" && name === "consequent";
  return list.flatMap((value, index): unknown[] => {
    // A hole in an array is a value.
    if (!isNode(value)) return [value];
    if (statements && value.type === "EmptyStatement") return [];
    // `function f(this: T)`
    if (name === "params" && index === 0 && value.type === "Identifier" && value.name === "this") {
      return [];
    }
    const inner = runtimeNode(value);
    return inner === undefined ? [] : [inner];
  });
}

/** `if (x) y;` is `if (x) { y; }`: formatters put braces there. */
function braced(node: Node, name: string, value: Node): Node {
  if (!BODIES.has(node.type) || value.type === "BlockStatement") return value;
  if (name !== "body" && name !== "consequent" && name !== "alternate") return value;
  const body = value.type === "EmptyStatement" ? [] : [value];
  return { type: "BlockStatement", body, directives: [] };
}
