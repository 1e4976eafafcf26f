/**
 * The variables of one shell: values, the export and readonly marks, the scopes of `local`.
 *
 * On Windows a variable that came from the environment answers to its name in any case, as it does
 * everywhere else there; those that a script makes do not.
 *
 * @module
 */

import { ShellFault } from "./unwind.ts";

export interface Variable {
  readonly value: string | undefined;
  readonly exported: boolean;
  readonly readonly: boolean;
}

/** Names that a script can use. The environment may hold others: they are handed on untouched. */
export function isName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}

export class Variables {
  /** `set -a`: everything assigned is exported. */
  exportAll = false;
  readonly #table: Map<string, Variable>;
  readonly #foreign: Map<string, string>;
  /** Windows: the lower-case name of an inherited variable -> its name. */
  readonly #inherited: Map<string, string>;
  #scopes: Map<string, Variable | undefined>[];

  private constructor(
    table: Map<string, Variable>,
    foreign: Map<string, string>,
    inherited: Map<string, string>,
    scopes: Map<string, Variable | undefined>[],
  ) {
    this.#table = table;
    this.#foreign = foreign;
    this.#inherited = inherited;
    this.#scopes = scopes;
  }

  static from(env: Readonly<Record<string, string>>, windows: boolean): Variables {
    const table = new Map<string, Variable>();
    const foreign = new Map<string, string>();
    const inherited = new Map<string, string>();
    for (const [name, value] of Object.entries(env)) {
      if (!isName(name)) {
        foreign.set(name, value);
        continue;
      }
      table.set(name, { value, exported: true, readonly: false });
      if (windows) inherited.set(name.toLowerCase(), name);
    }
    return new Variables(table, foreign, inherited, []);
  }

  /** For a subshell: nothing that happens there is seen here. */
  clone(): Variables {
    const copy = new Variables(
      new Map(this.#table),
      this.#foreign,
      new Map(this.#inherited),
      this.#scopes.map((scope) => new Map(scope)),
    );
    copy.exportAll = this.exportAll;
    return copy;
  }

  get(name: string): string | undefined {
    return this.#table.get(this.#key(name))?.value;
  }

  isReadonly(name: string): boolean {
    return this.#table.get(this.#key(name))?.readonly ?? false;
  }

  /** Throws `ShellFault` for a readonly variable. */
  set(name: string, value: string): void {
    const key = this.#key(name);
    const old = this.#writable(key);
    this.#table.set(key, {
      value,
      exported: (old?.exported ?? false) || this.exportAll,
      readonly: false,
    });
  }

  unset(name: string): void {
    const key = this.#key(name);
    this.#writable(key);
    this.#table.delete(key);
  }

  export(name: string): void {
    const key = this.#key(name);
    const old = this.#table.get(key);
    this.#table.set(key, {
      value: old?.value,
      exported: true,
      readonly: old?.readonly ?? false,
    });
  }

  markReadonly(name: string): void {
    const key = this.#key(name);
    const old = this.#table.get(key);
    this.#table.set(key, { value: old?.value, exported: old?.exported ?? false, readonly: true });
  }

  /** What a child gets: the exported variables, and `extra` over them. */
  environment(extra: ReadonlyMap<string, string>): Record<string, string> {
    const env: Record<string, string> = Object.fromEntries(this.#foreign);
    for (const [name, { value, exported }] of this.#table) {
      if (exported && value !== undefined) env[name] = value;
    }
    for (const [name, value] of extra) env[this.#key(name)] = value;
    return env;
  }

  /** All variables that have a name a script can use, by name. */
  entries(): readonly (readonly [string, Variable])[] {
    return [...this.#table].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  enterScope(): void {
    this.#scopes.push(new Map());
  }

  leaveScope(): void {
    for (const [name, saved] of this.#scopes.pop() ?? []) {
      if (saved === undefined) this.#table.delete(name);
      else this.#table.set(name, saved);
    }
  }

  get inFunction(): boolean {
    return this.#scopes.length > 0;
  }

  /** From here to the end of the scope, changes of `name` are private. */
  makeLocal(name: string): void {
    const key = this.#key(name);
    const scope = this.#scopes.at(-1);
    if (scope !== undefined && !scope.has(key)) scope.set(key, this.#table.get(key));
  }

  #writable(key: string): Variable | undefined {
    const old = this.#table.get(key);
    if (old?.readonly) throw new ShellFault(`${key}: is read only`);
    return old;
  }

  #key(name: string): string {
    if (this.#inherited.size === 0 || this.#table.has(name)) return name;
    return this.#inherited.get(name.toLowerCase()) ?? name;
  }
}
