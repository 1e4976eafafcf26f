/**
 * Who may write where below a project's root: an area is a set of literal starts of output patterns.
 * Two areas overlap when a start of one lies in or around a start of the other; only one of them is
 * held at a time, by any process.
 *
 * Every claim is a file in one directory. A short lock guards looking through them. What works there
 * for its holder has the claim's name in its environment: when the holder was killed it may go on
 * writing, and is ended before anybody else may.
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
   * @param within the name of the claim for which this is done: that one is in nobody's way here
   * @returns `undefined` when the waiting was stopped
   * @throws {disk.DiskError} when nothing can be written there
   */
  claim(
    prefixes: readonly string[],
    purpose: string,
    waiting: Waiting,
    within?: string,
  ): Promise<Claim | undefined>;
  /** Do something while nobody holds anything; false when somebody does. */
  alone(act: () => void): Promise<boolean>;
}

export interface Claim extends Held {
  /** For the environment of what works in the area, as {@linkcode CLAIM}. */
  readonly name: string;
  /** It is held for another one, which is held too. */
  readonly nested: boolean;
}

/** Who waits so long for what is held for a moment is told, in milliseconds. */
const SOON = 1000;

/** The variable that names the claim. */
export const CLAIM = "NTASK_CLAIM";

/**
 * @param directory absolute, for the claims
 * @param around the claim for which this process works, if it was started by another one
 */
export function createAreas(directory: string, clock: Clock, around?: string): Areas {
  let made = false;

  return {
    claim: (prefixes, purpose, waiting, within = around) =>
      patiently<Claim>(clock, waiting, async () => {
        const mutex = await guard(waiting);
        if (mutex === undefined) return { held: undefined };
        try {
          const all = claims();
          const outer = outerOf(all, within);
          const held = all.find((each) =>
            !outer.has(each.name) && overlap(each.prefixes, prefixes)
          );
          if (held !== undefined) return { held: holderOf(held.text) };
          const path = disk.temporaryName(`${directory}/area`).replace(/tmp$/, "claim");
          disk.writeWhole(path, JSON.stringify({ ...ownHolder(purpose), prefixes, within }));
          const nested = all.some(({ name }) => outer.has(name));
          return { got: { ...hold(path, undefined, clock), name: nameOf(path), nested } };
        } finally {
          mutex.release();
        }
      }),
    async alone(act) {
      const mutex = await guard({ waits() {}, stopped: () => false });
      if (mutex === undefined) return false;
      try {
        if (claims().length > 0) return false;
        act();
        return true;
      } finally {
        mutex.release();
      }
    },
  };

  /**
   * It is held for a moment only, so nobody is told but where it takes long: a machine that was
   * killed with it leaves it until it is stale.
   */
  async function guard({ waits, stopped }: Waiting): Promise<Held | undefined> {
    if (!made) disk.makeDirectory(directory);
    made = true;
    const purpose = "finding out who writes where";
    return await lock(`${directory}/mutex`, purpose, clock, { waits, stopped, patience: SOON });
  }

  /** Those whose holders live. */
  function claims(): readonly Found[] {
    const found: Found[] = [];
    for (const { name } of disk.list(directory) ?? []) {
      if (!name.endsWith(".claim")) continue;
      const path = `${directory}/${name}`;
      const stale = isStale(path, clock);
      try {
        const text = new TextDecoder().decode(disk.read(path));
        const value = parseJson(text);
        if (stale && !endWorkers(value, nameOf(path))) {
          disk.removeFile(path);
          continue;
        }
        if (!isObject(value) || !Array.isArray(value.prefixes)) continue;
        const { prefixes, within } = value;
        const outer = typeof within === "string" && { within };
        found.push({ name, text, prefixes: prefixes as readonly string[], ...outer });
      } catch {
        // It was released meanwhile.
      }
    }
    return found;
  }
}

interface Found {
  readonly name: string;
  readonly text: string;
  readonly prefixes: readonly string[];
  /** The claim for which it is held. */
  readonly within?: string;
}

/** A claim and all those for which it is held. */
function outerOf(all: readonly Found[], within: string | undefined): ReadonlySet<string> {
  const found = new Set<string>();
  for (let at = within; at !== undefined && !found.has(at);) {
    found.add(at);
    at = all.find(({ name }) => name === at)?.within;
  }
  return found;
}

/** Another project's claim has another name: process numbers come with salt. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** End what still works for a holder that is gone; true while something does. */
function endWorkers(claim: unknown, name: string): boolean {
  if (!isObject(claim)) return false;
  const { host, boot } = ownHolder("");
  if (claim.host !== host || claim.boot !== boot) return false;
  const left = disk.processesWith(CLAIM, name);
  for (const pid of left) disk.endProcess(pid);
  return left.length > 0;
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  return a.some((one) => b.some((two) => contains(one, two) || contains(two, one)));
}
