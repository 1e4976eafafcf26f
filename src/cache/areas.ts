/**
 * Who may write where below a project's root: an area is a set of literal starts of output patterns.
 * Two areas overlap when a start of one lies in or around a start of the other; only one of them is
 * held at a time, by any process.
 *
 * Every claim is a file in one directory. A short lock guards looking through them.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { isObject, parseJson } from "./_json.ts";
import { contains } from "./glob.ts";
import {
  type Clock,
  type Held,
  hold,
  holderOf,
  isStale,
  lock,
  ownHolder,
  patiently,
  type Waiting,
} from "./lock.ts";

export interface Areas {
  /**
   * Hold an area, waiting for it.
   *
   * @param prefixes paths below the root; `""` is all of it
   * @returns `undefined` when the waiting was stopped
   * @throws {disk.DiskError} when nothing can be written there
   */
  claim(
    prefixes: readonly string[],
    purpose: string,
    waiting: Waiting,
  ): Promise<Held | undefined>;
  /** Do something while nobody holds anything; false when somebody does. */
  alone(act: () => void): Promise<boolean>;
}

/** @param directory absolute, for the claims */
export function createAreas(directory: string, clock: Clock): Areas {
  let made = false;

  return {
    claim: (prefixes, purpose, waiting) =>
      patiently<Held>(clock, waiting, async () => {
        const mutex = await guard();
        try {
          const held = claims().find((each) => overlap(each.prefixes, prefixes));
          if (held !== undefined) return { held: holderOf(held.text) };
          const path = disk.temporaryName(`${directory}/area`).replace(/tmp$/, "claim");
          const text = JSON.stringify({ ...ownHolder(purpose), prefixes });
          disk.writeWhole(path, text);
          return { got: hold(path, text, clock) };
        } finally {
          mutex.release();
        }
      }),
    async alone(act) {
      const mutex = await guard();
      try {
        if (claims().length > 0) return false;
        act();
        return true;
      } finally {
        mutex.release();
      }
    },
  };

  async function guard(): Promise<Held> {
    if (!made) disk.makeDirectory(directory);
    made = true;
    return await lock(`${directory}/mutex`, "areas", clock);
  }

  /** Those whose holders live. */
  function claims(): readonly { readonly text: string; readonly prefixes: readonly string[] }[] {
    const found = [];
    for (const { name } of disk.list(directory) ?? []) {
      if (!name.endsWith(".claim")) continue;
      const path = `${directory}/${name}`;
      if (isStale(path, clock)) {
        disk.removeFile(path);
        continue;
      }
      try {
        const text = new TextDecoder().decode(disk.read(path));
        const value = parseJson(text);
        if (!isObject(value) || !Array.isArray(value.prefixes)) continue;
        found.push({ text, prefixes: value.prefixes as readonly string[] });
      } catch {
        // It was released meanwhile.
      }
    }
    return found;
  }
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  return a.some((one) => b.some((two) => contains(one, two) || contains(two, one)));
}
