/**
 * What a task has produced, as the cache keeps it.
 *
 * @module
 */

import type { Digest } from "./digest.ts";

/** One output, by its path below the project root, with `/`. */
export type Output =
  | {
    readonly kind: "file";
    readonly path: string;
    readonly digest: Digest;
    readonly executable: boolean;
    /** Nobody but its owner may read it. */
    readonly private?: true;
  }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  /** A directory with nothing in it; others come with what is in them. */
  | { readonly kind: "directory"; readonly path: string };

/** A file or a link that lay among the outputs and was nobody's: it may have had a part in them. */
export interface Beside {
  readonly path: string;
  /** A digest, with ` x` behind it for what is executable; of a link `-> ` and its target. */
  readonly content: string;
}

/**
 * One named part of a key, as text: equal parts have equal texts. The name's first word says what
 * kind of part it is: `action`, `argument`, `env NODE_ENV`, `input src/a.ts`, `dep build`.
 */
export interface KeyPart {
  readonly name: string;
  /** In a manifest, `hmac:…` for a value that must not be read. */
  readonly value: string;
  /** Not part of the key: where the value is from. Of a dependency, the key of its result. */
  readonly from?: string;
}

/** What was stored of a task that succeeded. */
export interface Result {
  readonly key: string;
  readonly task: string;
  /** Sorted by path. */
  readonly outputs: readonly Output[];
  /** It is the result only where these are what they were. */
  readonly beside?: readonly Beside[];
  /** A blob with what was written to both streams, in order; absent when nothing was. */
  readonly stdio?: Digest;
  /** A secret stood in what was written, and was masked. */
  readonly masked?: true;
  /** What a function returned, as stored text; absent for everything else. */
  readonly value?: string;
  /** Milliseconds it took. */
  readonly duration: number;
  /** What its process has used, where that is known: milliseconds, and bytes at most. */
  readonly usage?: { readonly user: number; readonly system: number; readonly memory: number };
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** A stored result, with everything its key was made of, in order. */
export interface Manifest {
  readonly result: Result;
  readonly parts: readonly KeyPart[];
}
