/**
 * Digests of contents, as the Bazel Remote Execution API has them: SHA-256 and the size.
 *
 * @module
 */

declare const brand: unique symbol;

/** Lower-case hexadecimal SHA-256, `/`, the size in bytes: `e3b0…b855/0`. */
export type Digest = string & { readonly [brand]: "Digest" };
