/**
 * The npm package runs on whatever Node its user has.
 *
 * @module
 */

/** As in `npm/package.json`; npm only warns of it. */
export const LEAST_NODE = "22.18.0";

/**
 * @param node a version such as `22.18.0`; none on other runtimes
 * @returns what to say where it is too old
 */
export function refusedNode(node: string | undefined): string | undefined {
  if (node === undefined || order(node) >= order(LEAST_NODE)) return undefined;
  return `this needs Node ${LEAST_NODE} or later, and is run by ${node}`;
}

/** A number that orders versions. */
function order(version: string): number {
  const [major, minor] = version.split(".", 2).map(Number) as [number, number];
  return major * 1000 + minor;
}
