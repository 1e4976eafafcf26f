/**
 * What a law needs to know of a TypeScript module, read from its text with a real parser: what it
 * imports (types too), what it exports, which names it takes from nowhere.
 *
 * @module
 */

import { parse } from "@babel/parser";

export interface Import {
  readonly specifier: string;
  /** `import("./x.ts")` is lazy; type imports and `import("./x.ts").T` vanish when compiled. */
  readonly kind: "value" | "type" | "lazy";
  /** The names taken, as the other module calls them; `*` is all of them. */
  readonly names: readonly string[];
  readonly line: number;
}

export interface Module {
  readonly imports: readonly Import[];
  /** Lines with an `import(…)` of something that is not written out. */
  readonly computedImports: readonly number[];
  /** Exported names of values; types left out. */
  readonly exports: readonly string[];
  /** It has statements, and every one of them passes another module on. */
  readonly barrel: boolean;
  /** Identifiers that no scope of the module declares, types included (`Deno.Command`). */
  readonly globals: readonly { readonly name: string; readonly line: number }[];
}

interface Node {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number } };
  readonly [key: string]: unknown;
}

/** Read a module. Throws a syntax error for what is no TypeScript. */
export function readModule(text: string): Module {
  const program = parse(text, {
    sourceType: "module",
    plugins: ["typescript", "explicitResourceManagement"],
    attachComment: false,
  }).program as unknown as Node;
  const statements = nodes(program.body);
  const imports: Import[] = [];
  const computedImports: number[] = [];
  for (const statement of statements) {
    const found = staticImport(statement);
    if (found !== undefined) imports.push(found);
  }
  const visit = (node: Node): void => {
    const argument = importedBy(node);
    if (argument !== undefined) {
      const specifier = literal(argument);
      if (specifier === undefined) computedImports.push(line(node));
      else {
        const kind = node.type === "TSImportType" ? "type" : "lazy";
        imports.push({ specifier, kind, names: ["*"], line: line(node) });
      }
    }
    for (const child of children(node)) visit(child);
  };
  visit(program);
  return {
    imports,
    computedImports,
    exports: statements.flatMap(exportedNames),
    barrel: statements.length > 0 && statements.every(passesOn),
    globals: globalsOf(program),
  };
}

// ── imports and exports ──────────────────────────────────────────────────────────────────────────

function staticImport(statement: Node): Import | undefined {
  const source = statement.source as Node | null | undefined;
  if (!/^(Import|ExportNamed|ExportAll)Declaration$/.test(statement.type) || !source) {
    return undefined;
  }
  const specifiers = nodes(statement.specifiers);
  const typeOnly = (node: Node): boolean =>
    node.importKind === "type" || node.exportKind === "type";
  const names = specifiers.map((each) =>
    each.type === "ImportDefaultSpecifier"
      ? "default"
      : nameOf(each.imported ?? (each.type === "ExportSpecifier" ? each.local : undefined)) ?? "*"
  );
  const kind = typeOnly(statement) || specifiers.length > 0 && specifiers.every(typeOnly)
    ? "type"
    : "value";
  return {
    specifier: literal(source) ?? "",
    kind,
    names: statement.type === "ExportAllDeclaration" ? ["*"] : names,
    line: line(statement),
  };
}

function importedBy(node: Node): Node | undefined {
  if (node.type === "ImportExpression") return node.source as Node;
  if (node.type === "TSImportType") return node.argument as Node;
  if (node.type === "CallExpression" && (node.callee as Node).type === "Import") {
    return nodes(node.arguments)[0];
  }
  return undefined;
}

function literal(node: Node): string | undefined {
  if (node.type === "StringLiteral") return node.value as string;
  if (node.type === "TSLiteralType") return literal(node.literal as Node);
  return undefined;
}

function passesOn(statement: Node): boolean {
  if (statement.type === "ExportAllDeclaration") return true;
  return statement.type === "ExportNamedDeclaration" && Boolean(statement.source);
}

function exportedNames(statement: Node): string[] {
  if (statement.type === "ExportDefaultDeclaration") return ["default"];
  if (statement.type !== "ExportNamedDeclaration" || statement.exportKind === "type") return [];
  const declared = statement.declaration as Node | null | undefined;
  if (declared) return declarationNames(declared);
  return nodes(statement.specifiers).flatMap((each) =>
    each.exportKind === "type" ? [] : [nameOf(each.exported) ?? "*"]
  );
}

// ── names that nothing declares ──────────────────────────────────────────────────────────────────

/** Keys under which an identifier is a label, not a use of something. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  MemberExpression: ["property"],
  OptionalMemberExpression: ["property"],
  ObjectProperty: ["key"],
  ObjectMethod: ["key"],
  ClassMethod: ["key"],
  ClassProperty: ["key"],
  ClassAccessorProperty: ["key"],
  TSPropertySignature: ["key"],
  TSMethodSignature: ["key"],
  TSDeclareMethod: ["key"],
  TSQualifiedName: ["right"],
  TSNamedTupleMember: ["label"],
  TSTypePredicate: ["parameterName"],
  TSImportType: ["qualifier"],
  LabeledStatement: ["label"],
  BreakStatement: ["label"],
  ContinueStatement: ["label"],
  MetaProperty: ["meta", "property"],
};

function globalsOf(program: Node): { name: string; line: number }[] {
  const found: { name: string; line: number }[] = [];
  const walk = (node: Node, scopes: readonly ReadonlySet<string>[]): void => {
    if (/^(Import|ExportAll)Declaration$/.test(node.type)) return;
    if (node.type === "ExportNamedDeclaration" && node.source) return;
    if (node.type === "Identifier") {
      const name = node.name as string;
      if (!scopes.some((scope) => scope.has(name))) found.push({ name, line: line(node) });
    }
    const inner = opensScope(node) ? [...scopes, declaredIn(node)] : scopes;
    const labels = node.computed === true ? [] : LABELS[node.type] ?? [];
    for (const [key, value] of Object.entries(node)) {
      if (key === "loc" || labels.includes(key)) continue;
      for (const child of nodes(value)) walk(child, inner);
    }
  };
  walk(program, []);
  return found;
}

function opensScope(node: Node): boolean {
  return node.type === "Program" || node.type === "BlockStatement" ||
    node.type === "CatchClause" || node.type === "SwitchStatement" || /^For/.test(node.type) ||
    isFunction(node) || /^Class(Declaration|Expression)$/.test(node.type);
}

function isFunction(node: Node): boolean {
  return /^(Function|ArrowFunction|Object|Class|ClassPrivate|TS(Declare|Function|Method|Call|Construct)).*/
    .test(node.type) && Array.isArray(node.params ?? node.parameters);
}

/** The names a scope declares itself. A `var` counts for its block only: nobody writes it here. */
function declaredIn(scope: Node): ReadonlySet<string> {
  const names: string[] = [];
  for (const parameter of nodes(scope.params ?? scope.parameters)) names.push(...bound(parameter));
  if (scope.param) names.push(...bound(scope.param as Node));
  if (scope.id) names.push(...bound(scope.id as Node));
  for (const statement of [scope.init, scope.left].flatMap(nodes)) {
    names.push(...declarationNames(statement));
  }
  const cases = nodes(scope.cases).flatMap((each) => nodes(each.consequent));
  for (const statement of [...nodes(scope.body), ...cases]) {
    if (statement.type === "ImportDeclaration") {
      names.push(...nodes(statement.specifiers).flatMap((each) => bound(each.local as Node)));
    } else {
      names.push(...declarationNames((statement.declaration as Node | undefined) ?? statement));
    }
  }
  return new Set(names);
}

function declarationNames(node: Node): string[] {
  if (node.type === "VariableDeclaration") {
    return nodes(node.declarations).flatMap((each) => bound(each.id as Node));
  }
  if (/^(Function|Class|TSDeclare)/.test(node.type) && node.id) return bound(node.id as Node);
  return [];
}

/** The names a pattern binds. */
function bound(pattern: Node): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name as string];
    case "AssignmentPattern":
      return bound(pattern.left as Node);
    case "RestElement":
      return bound(pattern.argument as Node);
    case "ArrayPattern":
      return nodes(pattern.elements).flatMap(bound);
    case "ObjectPattern":
      return nodes(pattern.properties).flatMap((each) =>
        bound((each.type === "RestElement" ? each.argument : each.value) as Node)
      );
    default:
      return [];
  }
}

// ── the tree ─────────────────────────────────────────────────────────────────────────────────────

function children(node: Node): Node[] {
  return Object.entries(node).flatMap(([key, value]) => key === "loc" ? [] : nodes(value));
}

function nodes(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodes);
  return typeof value === "object" && value !== null && "type" in value ? [value as Node] : [];
}

function nameOf(node: unknown): string | undefined {
  const { name, value } = (node ?? {}) as { name?: string; value?: string };
  return name ?? value;
}

function line(node: Node): number {
  return node.loc?.start.line ?? 0;
}
