/**
 * A project whose outputs are kept: what a task does is a function here.
 *
 * @module
 */

import { join } from "@std/path";
import { rmSync } from "node:fs";
import { openFindings } from "../../../src/cache/findings.ts";
import { openLedger } from "../../../src/cache/ledger.ts";
import { type LocalStore, openLocalStore } from "../../../src/cache/local_store.ts";
import {
  type Captured,
  finishOutputs,
  type OutputRules,
  outputRules,
  prepareOutputs,
  type Workshop,
} from "../../../src/cache/outputs.ts";
import { inPlace, type Restored, restoreOutputs } from "../../../src/cache/restore.ts";
import { openStatCache } from "../../../src/cache/stat_cache.ts";
import type { Output, Result } from "../../../src/model/output.ts";
import { project } from "./_rig.ts";

/** Path -> what is there: a text, `x TEXT` when executable, `-> TARGET`, `/` an empty directory. */
export type Picture = Readonly<Record<string, string>>;

export interface Place extends AsyncDisposable {
  readonly root: string;
  readonly workshop: Workshop & { readonly store: LocalStore };
  readonly store: string;
  rules(outputs: readonly string[], optional?: readonly string[], clean?: boolean): OutputRules;
  /** Clean, act, capture, store. */
  perform(rules: OutputRules, act: () => void, task?: string): Promise<Captured>;
  /** Begin and be killed. */
  killed(rules: OutputRules, act: () => void): Promise<void>;
  restore(rules: OutputRules, outputs: readonly Output[]): Promise<Restored>;
  inPlace(rules: OutputRules, outputs: readonly Output[]): Promise<boolean>;
  /** Another process opens the same project. */
  again(): void;
  write(picture: Picture): void;
  remove(...paths: readonly string[]): void;
  /** Everything below the root but `.ntask`. */
  picture(): Picture;
}

export async function workshop(files: Picture = {}): Promise<Place> {
  const base = await project({ "root/.ntask/state/": "" });
  const root = join(base.root, "root");
  const store = join(base.root, "store");
  const state = join(root, ".ntask", "state");
  let shop = open();
  const place: Place = {
    root,
    store,
    get workshop() {
      return shop;
    },
    rules: (outputs, optional = [], clean = true) => outputRules(outputs, optional, clean, "")!,
    async perform(rules, act, task = "build") {
      const begun = await prepareOutputs(shop, rules, task);
      act();
      const captured = await finishOutputs(shop, rules, begun);
      const files = captured.outputs.flatMap((output) =>
        output.kind === "file" ? [{ absolute: join(root, output.path), digest: output.digest }] : []
      );
      await shop.store.putFiles(files);
      return captured;
    },
    async killed(rules, act) {
      await prepareOutputs(shop, rules, "build");
      act();
      shop = open();
    },
    restore: (rules, outputs) => restoreOutputs(shop, rules, resultOf(outputs)),
    inPlace: (rules, outputs) => inPlace(shop, rules, resultOf(outputs)),
    again() {
      shop = open();
    },
    write(picture) {
      for (const [path, what] of Object.entries(picture)) put(join(root, path), what);
    },
    remove(...paths) {
      for (const path of paths) rmSync(join(root, path), { recursive: true, force: true });
    },
    picture: () => pictureOf(root),
    [Symbol.asyncDispose]: () => base[Symbol.asyncDispose](),
  };
  place.write(files);
  return place;

  function open() {
    const statCache = openStatCache(join(state, "stat"), join(state, "probe"));
    return {
      root,
      ledger: openLedger(join(state, "ledger")),
      statCache,
      findings: openFindings(root, join(state, "findings"), statCache.now),
      store: openLocalStore(store, Date.now),
      staging: state,
      replaced: join(state, "replaced", "now"),
      others: () => false,
    };
  }
}

export function resultOf(outputs: readonly Output[]): Result {
  return { key: "a".repeat(64), task: "build", outputs, duration: 1, at: "2026" };
}

function put(absolute: string, what: string): void {
  const parent = absolute.slice(0, absolute.lastIndexOf("/"));
  if (what === "/") return Deno.mkdirSync(absolute, { recursive: true });
  Deno.mkdirSync(parent, { recursive: true });
  if (what.startsWith("-> ")) return Deno.symlinkSync(what.slice(3), absolute);
  const executable = what.startsWith("x ");
  Deno.writeTextFileSync(absolute, executable ? what.slice(2) : what);
  Deno.chmodSync(absolute, executable ? 0o755 : 0o644);
}

/** Everything below a directory but `.ntask`. */
export function pictureOf(directory: string): Picture {
  return Object.fromEntries(entriesOf(directory));
}

function entriesOf(directory: string, base = ""): [string, string][] {
  const entries = [...Deno.readDirSync(directory)].sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.filter(({ name }) => name !== ".ntask").flatMap((entry): [string, string][] => {
    const [path, absolute] = [base + entry.name, join(directory, entry.name)];
    if (entry.isSymlink) return [[path, `-> ${Deno.readLinkSync(absolute)}`]];
    if (entry.isDirectory) {
      const below = entriesOf(absolute, `${path}/`);
      return below.length === 0 ? [[path, "/"]] : below;
    }
    const executable = ((Deno.lstatSync(absolute).mode ?? 0) & 0o111) !== 0;
    return [[path, (executable ? "x " : "") + Deno.readTextFileSync(absolute)]];
  });
}
