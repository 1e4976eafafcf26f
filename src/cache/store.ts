/**
 * What a place for results is: manifests by key, blobs by digest. The local store is one, and every
 * remote backend will be. What must stay true:
 *
 * - a manifest is put only when all its blobs are there;
 * - what is got is whole: a manifest has its own digests, a blob is hashed before it is used;
 * - what is damaged is removed when seen, counts as a miss, and comes back with the next `put`;
 * - nothing throws because of the disk or the network: that is `unavailable`, and the run goes on.
 *
 * @module
 */

import { DiskError } from "../host/disk.ts";
import type { Digest } from "../model/digest.ts";
import type { KeyPart, Manifest, Result } from "../model/output.ts";

export interface Store {
  /** The result stored under a key. */
  get(key: string): Promise<Lookup<Result>>;
  /** What the key of a stored result was made of. */
  parts(key: string): Promise<Lookup<readonly KeyPart[]>>;
  /** Store a result whose blobs are there. */
  put(manifest: Manifest): Promise<Stored>;
  /** Store the content of files; `changed` names one that is not what its digest says. */
  putFiles(files: readonly StoredFile[]): Promise<Stored>;
  putBytes(bytes: Uint8Array): Promise<StoredBytes>;
  /** Is there a blob, as far as one can tell without reading it? */
  hasBlob(digest: Digest): Promise<boolean>;
  /** A blob's content, verified. Meant for small ones. */
  readBlob(digest: Digest): Promise<Lookup<Uint8Array>>;
  /** Write the content of blobs to files, verified. All of them, or it says why not. */
  copyBlobs(copies: readonly BlobCopy[]): Promise<Lookup<true>>;
}

/** A blob, and the file that is to have its content. */
export interface BlobCopy {
  readonly digest: Digest;
  /** Absolute; does not exist yet. */
  readonly to: string;
  /** Who may read may execute. */
  readonly executable?: boolean;
  /** Nobody but its owner may do anything with it. */
  readonly private?: boolean;
}

/** A file of the project, and the digest it must have. */
export interface StoredFile {
  readonly absolute: string;
  readonly digest: Digest;
  /** Nobody but its owner may read it, in the store either. */
  readonly private?: true;
}

/** The store cannot be used now; the task runs as if there were none. */
export interface Unavailable {
  readonly kind: "unavailable";
  readonly why: "full" | "denied" | "newer" | "other";
  readonly detail: string;
}

export type Lookup<T> =
  | { readonly kind: "hit"; readonly value: T }
  | { readonly kind: "miss" }
  /** Something was not what it must be. It has been removed: a miss. */
  | { readonly kind: "damaged"; readonly detail: string }
  | Unavailable;

export type Stored =
  | { readonly kind: "stored" }
  | { readonly kind: "changed"; readonly path: string }
  | Unavailable;

export type StoredBytes = { readonly kind: "stored"; readonly digest: Digest } | Unavailable;

/** The blobs a result needs, each once. */
export function blobsOf({ outputs, stdio }: Result): ReadonlySet<Digest> {
  const digests = new Set<Digest>();
  for (const output of outputs) if (output.kind === "file") digests.add(output.digest);
  if (stdio !== undefined) digests.add(stdio);
  return digests;
}

/** What the disk refused, as a value; everything else is a bug and is thrown on. */
export function unavailable(error: unknown): Unavailable {
  if (!(error instanceof DiskError)) throw error;
  const { why, path, message } = error;
  return unavailableFor({ why, path, detail: message });
}

/** The same for what another process was refused. */
export function unavailableFor(
  { why, path, detail }: Pick<DiskError, "why" | "path"> & { readonly detail: string },
): Unavailable {
  return {
    kind: "unavailable",
    why: why === "full" || why === "denied" ? why : "other",
    detail: detail.includes(path) ? detail : `${path}: ${detail}`,
  };
}
