/**
 * One comparison of a condition: the value of a marker against the text it is compared with.
 *
 * @module
 */

import { matchesSpecifier, parseSpecifier, parseVersion, type VersionOperator } from "./pep440.ts";

export type MarkerOperator = VersionOperator | "in" | "not in";

/** How a marker's value is compared. */
export type MarkerNature =
  /** By version specifiers, if the right side makes one. */
  | "version"
  /** By version specifiers, if both sides are versions. */
  | "maybe-version"
  | "string";

/**
 * Whether `left operator right` holds; `undefined` when the operator means nothing for these texts.
 */
export function compareMarker(
  nature: MarkerNature,
  left: string,
  operator: MarkerOperator,
  right: string,
): boolean | undefined {
  if (operator === "in") return right.includes(left);
  if (operator === "not in") return !right.includes(left);
  if (nature !== "string") {
    const specifier = parseSpecifier(operator, right);
    // `===` is there for texts that are no versions.
    const versions = nature === "version" || operator === "===" || parseVersion(left) !== undefined;
    if (specifier !== undefined && versions) return matchesSpecifier(specifier, left);
  }
  return compareStrings(left, operator, right);
}

/** Whether `operator` can mean something for a marker of this nature, whatever its value is. */
export function isDefined(
  nature: MarkerNature,
  operator: MarkerOperator,
  right: string | undefined,
): boolean {
  if (operator !== "~=" && operator !== "===") return true;
  if (nature === "string") return false;
  return right === undefined || parseSpecifier(operator, right) !== undefined;
}

/** Strings have no order: `<` and `>` are false, `<=` and `>=` mean equality. */
function compareStrings(left: string, operator: VersionOperator, right: string) {
  switch (operator) {
    case "==":
    case "<=":
    case ">=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
    case ">":
      return false;
    case "~=":
    case "===":
      return undefined;
  }
}
