/**
 * Which key every task had when it was last looked at in a project: what `--why` and the reason of a
 * miss compare with. What was stored has its parts in the store; of a run whose result was not stored
 * they are kept here.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import type { KeyPart } from "../model/output.ts";
import { isObject, parseJson } from "./_json.ts";
import { isPartList } from "./manifest.ts";

export interface LastKeys {
  get(call: string): string | undefined;
  set(call: string, key: string): void;
  /** Every call that is known. */
  calls(): ReadonlyMap<string, string>;
  /** The parts of a key whose result was not stored. */
  parts(call: string, key: string): readonly KeyPart[] | undefined;
  keepParts(call: string, key: string, parts: readonly KeyPart[]): void;
  /** @throws {disk.DiskError} */
  save(): void;
}

/** @param directory absolute; `last.json` and `last/` are in it */
export function openLastKeys(directory: string): LastKeys {
  const file = `${directory}/last.json`;
  const keys = new Map<string, string>(read());
  const changed = new Map<string, string>();

  return {
    get: (call) => keys.get(call),
    set(call, key) {
      if (keys.get(call) === key) return;
      keys.set(call, key);
      changed.set(call, key);
    },
    calls: () => keys,
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
      const all = new Map([...read(), ...changed]);
      disk.writeWhole(file, JSON.stringify(Object.fromEntries(all)));
      changed.clear();
    },
  };

  function partsFile(call: string): string {
    return `${directory}/last/${disk.digestOf(call).slice(0, 32)}.json`;
  }

  function read(): [string, string][] {
    const value = readJson(file);
    if (!isObject(value)) return [];
    return Object.entries(value).filter((entry): entry is [string, string] =>
      typeof entry[1] === "string"
    );
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
