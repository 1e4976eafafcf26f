/**
 * Identities for the tests of this folder: module texts and packages in memory come in, what a
 * function is made of goes out.
 *
 * @module
 */

import { join } from "@std/path/posix";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import {
  type InstalledPackage,
  type SourceIdentity,
  sourceIdentity,
  type SourceIdentityOptions,
  type SourceIdentityOutcome,
} from "../../../../src/source/signature/identity.ts";

/** Texts by their paths in the project; `tasks.ts` is the file of tasks. */
export type Project = Readonly<Record<string, string>>;

export interface Asked {
  readonly export?: SourceIdentityOptions["export"];
  readonly packages?: Readonly<Record<string, InstalledPackage>>;
}

export function outcomeOf(project: Project, asked: Asked = {}): Promise<SourceIdentityOutcome> {
  return sourceIdentity({
    file: "/project/tasks.ts" as AbsolutePath,
    text: project["tasks.ts"] ?? "",
    root: "/project" as AbsolutePath,
    export: asked.export ?? ["lint"],
    readModuleText(from, specifier) {
      if (!/^\.{1,2}\//.test(specifier)) return undefined;
      const file = join(from, "..", specifier) as AbsolutePath;
      const text = project[file.slice("/project/".length)];
      return text === undefined ? undefined : { file, text };
    },
    packageOf: (_, specifier) => asked.packages?.[specifier],
  });
}

/** The same, for a function that has an identity. */
export async function identify(project: Project, asked?: Asked): Promise<SourceIdentity> {
  const outcome = await outcomeOf(project, asked);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.identity;
}

/** The identity of `lint` in a file that holds nothing else. */
export function identifyText(text: string, asked?: Asked): Promise<SourceIdentity> {
  return identify({ "tasks.ts": text }, asked);
}

/** The names of the parts. */
export function partNames({ parts }: SourceIdentity): readonly string[] {
  return parts.map(({ name }) => name);
}
