/**
 * What was last decided about every call of a cached task in a project, and why: what `--why` tells,
 * and what the reason of the next miss compares with. What was stored has its parts in the store; of
 * a run whose result was not stored they are kept here.
 *
 * @module
 */

import { digestOf } from "../host/hash.ts";
import * as disk from "../host/disk.ts";
import { aside } from "../host/witness.ts";
import type { Change } from "../model/change.ts";
import type { KeyPart } from "../model/output.ts";
import { isObject, parseJson } from "./_json.ts";
import { isPartList } from "./manifest.ts";

/** One decision. */
export interface Decision {
  readonly key: string;
  readonly hit: boolean;
  /** The action failed. */
  readonly failed?: boolean;
  /** Of a miss. */
  readonly why?: readonly Change[];
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface LastDecisions {
  get(call: string): Decision | undefined;
  set(call: string, decision: Decision): void;
  /** Every call that is known. */
  all(): ReadonlyMap<string, Decision>;
  /** The parts of a key whose result was not stored. */
  parts(call: string, key: string): readonly KeyPart[] | undefined;
  keepParts(call: string, key: string, parts: readonly KeyPart[]): void;
  /** @throws {disk.DiskError} */
  save(): void;
}

/** @param directory absolute; `last.json` and `last/` are in it */
export function openLastDecisions(directory: string): LastDecisions {
  const file = `${directory}/last.json`;
  // Only reasons follow from it.
  const known = new Map<string, Decision>(aside(read));
  const changed = new Map<string, Decision>();

  return {
    get: (call) => known.get(call),
    set(call, decision) {
      const before = known.get(call);
      // Nothing is written for one hit after the other.
      if (before?.hit && decision.hit && before.key === decision.key) return;
      known.set(call, decision);
      changed.set(call, decision);
    },
    all: () => known,
    parts(call, key) {
      const value = readJson(partsFile(call));
      if (!isObject(value) || value.key !== key || !isPartList(value.parts)) return undefined;
      return value.parts;
    },
    keepParts(call, key, parts) {
      disk.makeDirectory(`${directory}/last`);
      disk.writeWhole(partsFile(call), JSON.stringify({ key, parts }));
    },
    save() {
      if (changed.size === 0) return;
      // Another process may have written meanwhile.
      const all = new Map([...aside(read), ...changed]);
      disk.writeWhole(file, JSON.stringify(Object.fromEntries(all)));
      changed.clear();
    },
  };

  function partsFile(call: string): string {
    return `${directory}/last/${digestOf(call).slice(0, 32)}.json`;
  }

  function read(): [string, Decision][] {
    const value = readJson(file);
    if (!isObject(value)) return [];
    return Object.entries(value).filter((entry): entry is [string, Decision] => {
      const [, decision] = entry;
      return isObject(decision) && typeof decision.key === "string" &&
        typeof decision.hit === "boolean" && typeof decision.at === "string" &&
        (decision.why === undefined || Array.isArray(decision.why));
    });
  }
}

function readJson(file: string): unknown {
  if (disk.stat(file) === undefined) return undefined;
  try {
    return parseJson(new TextDecoder().decode(disk.read(file)));
  } catch {
    return undefined;
  }
}
