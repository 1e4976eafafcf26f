/**
 * camelCase in the source, kebab-case on the command line.
 *
 * @module
 */

/**
 * The kebab-case form of an identifier. `_` counts as a dash; marks at the ends are dropped.
 *
 * @example kebabCase("dryRun") // "dry-run"
 * @example kebabCase("useHTTPServer") // "use-http-server"
 */
export function kebabCase(name: string): string {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1-$2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1-$2")
    .toLowerCase()
    .replace(/[_$]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
