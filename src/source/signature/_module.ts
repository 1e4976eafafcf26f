/**
 * The tables of one module: its syntax comes in, what its top-level names stand for and what it
 * exports go out. Nothing is followed here; `_scope.ts` does that.
 *
 * @module
 */

import type { AbsolutePath } from "../../model/id.ts";
import type { Place } from "../../model/place.ts";
import {
  type ClassDeclaration,
  type Expression,
  type FunctionDeclaration,
  placeOf,
  span,
  type Statement,
  type Syntax,
  type TypeDeclaration,
} from "./_syntax.ts";

/** What a top-level name stands for. */
export type Binding =
  | {
    readonly kind: "variable";
    readonly init: Expression | undefined;
    /** Declared by `const`, so that its value is its initializer. */
    readonly constant: boolean;
    readonly place: Place;
    /** Where a doc comment of its own would end. */
    readonly start: number;
  }
  | {
    readonly kind: "function";
    readonly node: FunctionDeclaration;
    readonly place: Place;
    readonly start: number;
  }
  | { readonly kind: "class"; readonly node: ClassDeclaration }
  /** `name` is what the other module calls it; undefined for all of it. */
  | {
    readonly kind: "import";
    readonly from: string;
    readonly name: string | undefined;
    /** It is gone when the module runs. */
    readonly typeOnly?: true;
  }
  /** A part of a destructured value, an enum, or what is declared twice. */
  | { readonly kind: "opaque" };

/** One export, in the order of the text. */
export type Exported =
  | {
    readonly kind: "local";
    readonly name: string;
    readonly local: string;
    readonly typeOnly: boolean;
    readonly start: number;
  }
  /** `name` as in `Binding`. */
  | {
    readonly kind: "from";
    readonly name: string;
    readonly from: string;
    readonly imported: string | undefined;
    readonly typeOnly: boolean;
    readonly start: number;
  }
  | { readonly kind: "star"; readonly from: string; readonly typeOnly: boolean };

export interface Module {
  readonly file: AbsolutePath;
  readonly text: string;
  readonly syntax: Syntax;
  readonly bindings: ReadonlyMap<string, Binding>;
  readonly types: ReadonlyMap<string, TypeDeclaration>;
  readonly exports: readonly Exported[];
  /** The default export, where it is an expression. */
  readonly defaultExport?: { readonly place: Place; readonly value?: Expression };
}

/** Make the tables of a module. */
export function tabulate(file: AbsolutePath, text: string, syntax: Syntax): Module {
  const bindings = new Map<string, Binding>();
  const types = new Map<string, TypeDeclaration>();
  const exports: Exported[] = [];
  let defaultExport: Module["defaultExport"];

  for (const statement of syntax.program.body) {
    const { start } = span(statement);
    if (statement.type === "ImportDeclaration") importNames(statement, bindings);
    else if (statement.type === "ExportAllDeclaration") {
      const typeOnly = statement.exportKind === "type";
      exports.push({ kind: "star", from: statement.source.value, typeOnly });
    } else if (statement.type === "ExportDefaultDeclaration") {
      const node = statement.declaration;
      // The parser's types do not know that an interface may stand here.
      if ((node.type as string) === "TSInterfaceDeclaration") continue;
      if (node.type === "TSDeclareFunction") continue;
      if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") {
        declare(file, node, start, bindings, types);
        defaultExport = { place: placeOf(file, statement) };
      } else defaultExport = { place: placeOf(file, node), value: node as Expression };
    } else if (statement.type === "ExportNamedDeclaration") {
      exportNames(statement, exports, (name) => {
        defaultExport = name;
      }, file);
      if (statement.declaration) declare(file, statement.declaration, start, bindings, types);
    } else declare(file, statement, start, bindings, types);
  }
  return {
    file,
    text,
    syntax,
    bindings,
    types,
    exports,
    ...(defaultExport !== undefined && { defaultExport }),
  };
}

function importNames(
  statement: Extract<Statement, { type: "ImportDeclaration" }>,
  bindings: Map<string, Binding>,
): void {
  const from = statement.source.value;
  for (const specifier of statement.specifiers) {
    const name = specifier.type === "ImportNamespaceSpecifier"
      ? undefined
      : specifier.type === "ImportDefaultSpecifier"
      ? "default"
      : nameOf(specifier.imported);
    const typeOnly = statement.importKind === "type" ||
      specifier.type === "ImportSpecifier" && specifier.importKind === "type";
    bind(bindings, specifier.local.name, {
      kind: "import",
      from,
      name,
      ...(typeOnly && { typeOnly }),
    });
  }
}

function exportNames(
  statement: Extract<Statement, { type: "ExportNamedDeclaration" }>,
  exports: Exported[],
  setDefault: (value: NonNullable<Module["defaultExport"]>) => void,
  file: AbsolutePath,
): void {
  const from = statement.source?.value;
  for (const specifier of statement.specifiers) {
    const { start } = span(specifier);
    const name = nameOf(specifier.exported);
    if (
      name === "default" &&
      (statement.exportKind === "type" ||
        specifier.type === "ExportSpecifier" && specifier.exportKind === "type")
    ) continue;
    if (name === "default") {
      const place = placeOf(file, specifier);
      setDefault(
        from === undefined && specifier.type === "ExportSpecifier"
          ? { place, value: specifier.local }
          : { place },
      );
    } else if (specifier.type === "ExportNamespaceSpecifier") {
      const typeOnly = statement.exportKind === "type";
      exports.push({ kind: "from", name, from: from!, imported: undefined, typeOnly, start });
    } else if (specifier.type === "ExportSpecifier") {
      const local = nameOf(specifier.local);
      const typeOnly = statement.exportKind === "type" || specifier.exportKind === "type";
      exports.push(
        from === undefined
          ? { kind: "local", name, local, typeOnly, start }
          : { kind: "from", name, from, imported: local, typeOnly, start },
      );
    }
  }
  const { declaration } = statement;
  const { start } = span(statement);
  const typeOnly = false;
  if (declaration?.type === "VariableDeclaration" && declaration.declare !== true) {
    for (const { id } of declaration.declarations) {
      for (const name of boundNames(id)) {
        exports.push({ kind: "local", name, local: name, typeOnly, start });
      }
    }
  } else if (declaration?.type === "FunctionDeclaration" && declaration.id) {
    const { name } = declaration.id;
    exports.push({ kind: "local", name, local: name, typeOnly, start });
  }
}

/** Enter what a declaration declares. `start` is where the whole statement begins. */
function declare(
  file: AbsolutePath,
  node: Statement,
  start: number,
  bindings: Map<string, Binding>,
  types: Map<string, TypeDeclaration>,
): void {
  switch (node.type) {
    case "VariableDeclaration":
      if (node.declare === true) return;
      for (const [index, { id, init, ...declarator }] of node.declarations.entries()) {
        if (id.type === "Identifier") {
          const { start: nameStart } = span(id);
          bind(bindings, id.name, {
            kind: "variable",
            init: init ?? undefined,
            constant: node.kind === "const",
            // The span of an identifier includes its type annotation.
            place: { file, offset: nameStart, length: id.name.length },
            start: index === 0 ? start : span(declarator).start,
          });
        } else for (const name of boundNames(id)) bind(bindings, name, { kind: "opaque" });
      }
      return;
    case "FunctionDeclaration":
      if (node.id) {
        bind(bindings, node.id.name, {
          kind: "function",
          node,
          place: placeOf(file, node.id),
          start,
        });
      }
      return;
    case "ClassDeclaration":
      if (node.id) bind(bindings, node.id.name, { kind: "class", node });
      return;
    case "TSEnumDeclaration":
      bind(bindings, node.id.name, { kind: "opaque" });
      types.set(node.id.name, node);
      return;
    case "TSTypeAliasDeclaration":
    case "TSInterfaceDeclaration":
      types.set(node.id.name, node);
  }
}

/** Of a name that is declared twice nobody knows here which one counts; a type is not in the way. */
function bind(bindings: Map<string, Binding>, name: string, binding: Binding): void {
  const before = bindings.get(name);
  if (before === undefined || isTypeOnly(before)) bindings.set(name, binding);
  else if (!isTypeOnly(binding)) bindings.set(name, { kind: "opaque" });
}

function isTypeOnly(binding: Binding): boolean {
  return binding.kind === "import" && binding.typeOnly === true;
}

/** Every name that a pattern binds. */
export function boundNames(pattern: unknown): string[] {
  const node = pattern as { type: string } & Record<string, unknown>;
  switch (node.type) {
    case "Identifier":
      return [node.name as string];
    case "ObjectPattern":
      return (node.properties as { value?: unknown; argument?: unknown }[])
        .flatMap((property) => boundNames(property.value ?? property.argument));
    case "ArrayPattern":
      return (node.elements as unknown[]).flatMap((element) => element ? boundNames(element) : []);
    case "AssignmentPattern":
      return boundNames(node.left);
    case "RestElement":
      return boundNames(node.argument);
    default:
      return [];
  }
}

function nameOf(node: { type: string; name?: string; value?: string }): string {
  return node.name ?? node.value ?? "";
}
