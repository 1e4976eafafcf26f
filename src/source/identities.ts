/**
 * Source identity of the functions of a project: which module and which export go in, what the
 * function is made of comes out. Parsing is most of what that costs, so identities are kept, by the
 * digests of all texts and the packages they were made from (and by the absence of those that were
 * looked for). What is damaged, of another version or of other texts is as good as none.
 *
 * @module
 */

import { digestOf } from "../host/hash.ts";
import type { Disk, Host } from "../host/host.ts";
import type { AbsolutePath } from "../model/id.ts";
import type { Problem } from "../model/problem.ts";
import { VERSION } from "../model/version.ts";
import { readModuleText } from "./module_text.ts";
import { createPackageOf } from "./package_of.ts";
import type { FunctionExport, openIdentities, SourceIdentity } from "./signature/identity.ts";
import type { ExportPath } from "./signature/static_module.ts";

/** What a function is made of, each part by its digest. */
export interface FunctionIdentity extends Omit<SourceIdentity, "parts"> {
  /** The body first, the others in the order of their names. */
  readonly parts: readonly { readonly name: string; readonly digest: string }[];
}

export type IdentityOutcome =
  | { readonly ok: true; readonly identity: FunctionIdentity }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Identities {
  /** @returns the identity of an export; problems as of `sourceIdentity`, and E_FILE for no module */
  identify(module: AbsolutePath, wanted: ExportPath | FunctionExport): Promise<IdentityOutcome>;
  /** Is one of the texts that a module's identities were made from another one by now? */
  changed(module: AbsolutePath): boolean;
  /** Keep what was made. */
  save(): void;
}

/** A look for something: from where, what for, and a text that says what was found. */
type Look = readonly [from: string, specifier: string, found: string];

/** What is kept of one module. */
interface Kept {
  readonly version: string;
  readonly digest: string;
  readonly modules: readonly Look[];
  readonly packages: readonly Look[];
  readonly identities: Readonly<Record<string, FunctionIdentity>>;
}

/**
 * @param options.root names of modules are relative to it
 * @param options.file where identities are kept, absolute
 * @param options.hash the digest of a text as it enters a key
 */
export function createIdentities(
  host: Host,
  disk: Disk,
  { root, file, hash }: {
    readonly root: AbsolutePath;
    readonly file: string;
    readonly hash: (text: string) => string;
  },
): Identities {
  const lookUp = readModuleText(host);
  const packageOf = createPackageOf(host.files, root);
  const kept = readKept(host, file);
  const opened = new Map<AbsolutePath, Opened | { readonly problem: Problem }>();
  let changed = false;

  return {
    async identify(module, wanted) {
      const ready = opened.get(module) ?? open(module);
      opened.set(module, ready);
      if ("problem" in ready) return { ok: false, problems: [ready.problem] };
      const key = JSON.stringify(wanted);
      const before = ready.identities[key];
      if (before !== undefined) return { ok: true, identity: before };
      ready.source ??= openSource(module, ready);
      const outcome = (await ready.source)(wanted);
      if (!outcome.ok) return outcome;
      const { parts, ...rest } = outcome.identity;
      const digests = parts.map(({ name, text }) => ({ name, digest: hash(text) }));
      const identity = { ...rest, parts: digests };
      ready.identities[key] = identity;
      changed = true;
      return { ok: true, identity };
    },
    changed(module) {
      const ready = opened.get(module);
      if (ready === undefined || "problem" in ready) return false;
      const read = host.files.readText(module);
      return "fault" in read || digestOf(read.text) !== ready.digest ||
        [...ready.modules.values()].some(([from, name, found]) =>
          moduleText(from as AbsolutePath, name).said !== found
        );
    },
    save() {
      if (!changed) return;
      const all: Record<string, Kept> = { ...kept };
      for (const [module, ready] of opened) {
        if ("problem" in ready) continue;
        const { digest, modules, packages, identities } = ready;
        all[module] = {
          version: VERSION,
          digest,
          modules: [...modules.values()],
          packages: [...packages.values()],
          identities,
        };
      }
      const text = JSON.stringify(all);
      disk.writeWhole(file, `${digestOf(text)}\n${text}`);
      changed = false;
    },
  };

  function open(module: AbsolutePath): Opened | { readonly problem: Problem } {
    const read = host.files.readText(module);
    if ("fault" in read) return { problem: { code: "E_FILE", file: module, why: read.fault } };
    const { text } = read;
    const digest = digestOf(text);
    const before = kept[module];
    const same = before?.version === VERSION && before.digest === digest &&
      before.modules.every(([from, name, found]) =>
        moduleText(from as AbsolutePath, name).said === found
      ) &&
      before.packages.every(([from, name, found]) =>
        packageText(from as AbsolutePath, name) === found
      );
    return {
      text,
      digest,
      modules: same ? byLook(before.modules) : new Map(),
      packages: same ? byLook(before.packages) : new Map(),
      identities: same ? { ...before.identities } : {},
      source: undefined,
    };
  }

  async function openSource(module: AbsolutePath, { text, modules, packages }: Opened) {
    const { openIdentities } = await import("./signature/identity.ts");
    return await openIdentities({
      file: module,
      text,
      root,
      readModuleText(from, specifier) {
        const { found, said } = moduleText(from, specifier);
        modules.set(`${from}\0${specifier}`, [from, specifier, said]);
        return found;
      },
      packageOf(from, specifier) {
        const look: Look = [from, specifier, packageText(from, specifier)];
        packages.set(`${from}\0${specifier}`, look);
        return packageOf(from, specifier);
      },
    });
  }

  function moduleText(from: AbsolutePath, specifier: string) {
    const found = lookUp(from, specifier);
    const said = found === undefined ? "" : `${found.file} ${digestOf(found.text)}`;
    return { found, said };
  }

  /** A package of the project's own is a module, whose text is looked at when it is read. */
  function packageText(from: AbsolutePath, specifier: string): string {
    const found = packageOf(from, specifier);
    if (found?.local === undefined) return JSON.stringify(found ?? null);
    const read = host.files.readText(found.local);
    return JSON.stringify([found, "text" in read ? digestOf(read.text) : read.fault]);
  }
}

interface Opened {
  readonly text: string;
  readonly digest: string;
  readonly modules: Map<string, Look>;
  readonly packages: Map<string, Look>;
  readonly identities: Record<string, FunctionIdentity>;
  /** Made when an identity is asked for that is not known. */
  source: ReturnType<typeof openIdentities> | undefined;
}

function byLook(looks: readonly Look[]): Map<string, Look> {
  return new Map(looks.map((look) => [`${look[0]}\0${look[1]}`, look]));
}

/** Only what is whole. */
function readKept(host: Host, file: string): Readonly<Record<string, Kept>> {
  const read = host.files.readText(file);
  if ("fault" in read) return {};
  const end = read.text.indexOf("\n");
  const text = read.text.slice(end + 1);
  if (end === -1 || read.text.slice(0, end) !== digestOf(text)) return {};
  return JSON.parse(text) as Readonly<Record<string, Kept>>;
}
