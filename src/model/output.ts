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
  }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  /** A directory with nothing in it; others come with what is in them. */
  | { readonly kind: "directory"; readonly path: string };

/** One named part of a key, as text: equal parts have equal texts. */
export interface KeyPart {
  /** What it is: `action`, `argument pattern`, `env NODE_ENV`, `input src/a.ts`, `dep build`. */
  readonly name: string;
  /** The value in clear, or `hmac:…` of one that must not be read. */
  readonly value: string;
}

/** A stored result. */
export interface Manifest {
  /** The format of this file. */
  readonly version: 1;
  readonly key: string;
  readonly task: string;
  /** Everything the key was made of, in order. */
  readonly parts: readonly KeyPart[];
  /** Sorted by path. */
  readonly outputs: readonly Output[];
  /** What was written to the two streams, in order, as blobs of [stream, bytes]. */
  readonly stdio: readonly { readonly stream: "stdout" | "stderr"; readonly digest: Digest }[];
  /** What a function returned, as stored text; absent for everything else. */
  readonly value?: string;
  /** Milliseconds it took. */
  readonly duration: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}
