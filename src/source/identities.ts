/**
 * Source identity of the functions of a project: which module and which export go in, what the
 * function is made of comes out. Each module is read once.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import type { AbsolutePath } from "../model/id.ts";
import type { Problem } from "../model/problem.ts";
import { readModuleText } from "./module_text.ts";
import { createPackageOf } from "./package_of.ts";
import {
  type FunctionExport,
  openIdentities,
  type SourceIdentityOutcome,
} from "./signature/identity.ts";
import type { ExportPath } from "./signature/static_module.ts";

/** @returns the identity of an export, as `sourceIdentity` gives it; E_FILE for no module */
export type Identities = (
  module: AbsolutePath,
  wanted: ExportPath | FunctionExport,
) => Promise<SourceIdentityOutcome>;

/** @param root names of modules are relative to it */
export function createIdentities(host: Host, root: AbsolutePath): Identities {
  const opened = new Map<AbsolutePath, ReturnType<typeof open>>();
  const packageOf = createPackageOf(host.files, root);

  return async (module, wanted) => {
    const identify = opened.get(module) ?? open(module);
    opened.set(module, identify);
    const ready = await identify;
    return "problem" in ready ? { ok: false, problems: [ready.problem] } : ready.identify(wanted);
  };

  async function open(module: AbsolutePath) {
    const read = host.files.readText(module);
    if ("fault" in read) {
      const problem: Problem = { code: "E_FILE", file: module, why: read.fault };
      return { problem };
    }
    const { text } = read;
    const identify = await openIdentities({
      file: module,
      text,
      root,
      readModuleText: readModuleText(host),
      packageOf,
    });
    return { identify };
  }
}
