/**
 * A setting as somebody wrote it: unchecked, with its place.
 *
 * @module
 */

import type { Place } from "./place.ts";

export interface WrittenSetting {
  /** As TOML spells it: `keep_going`. */
  readonly key: string;
  /** As it is spelt there: `keepGoing` in JSON and TypeScript. */
  readonly written: string;
  readonly value: unknown;
  readonly place: Place;
  /** The project's win over the user's. */
  readonly from: "project" | "user";
}
