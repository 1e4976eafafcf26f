/**
 * Python's version numbers (PEP 440): text -> version, the order of versions, and the eight
 * comparison operators of version specifiers. Pre-releases are always admitted, as markers want it.
 *
 * A version is never changed by reading it: `1.0` and `1.0.0` stay different texts and are equal.
 * Numbers are exact however long they are.
 *
 * @module
 */

/** A version in its parts. */
export interface Version {
  readonly epoch: bigint;
  readonly release: readonly bigint[];
  readonly pre?: readonly [phase: "a" | "b" | "rc", number: bigint];
  readonly post?: bigint;
  readonly dev?: bigint;
  readonly local?: readonly (string | bigint)[];
}

export type VersionOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "~=" | "===";

/** An operator with what stands behind it. */
export type Specifier =
  | { readonly operator: Exclude<VersionOperator, "===">; readonly version: Version }
  /** `==1.2.*` and `!=1.2.*`. */
  | { readonly operator: "==" | "!="; readonly prefix: Version }
  /** `===`: the texts are compared. */
  | { readonly operator: "==="; readonly text: string };

const VERSION = new RegExp(
  [
    /^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)/,
    /(?:[-_.]?(?<phase>alpha|beta|preview|pre|a|b|c|rc)[-_.]?(?<pre>\d*))?/,
    /(?:-(?<bare>\d+)|[-_.]?(?<after>post|rev|r)[-_.]?(?<post>\d*))?/,
    /(?:[-_.]?(?<unfinished>dev)[-_.]?(?<dev>\d*))?/,
    /(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/,
  ].map((part) => part.source).join(""),
  "i",
);

const PHASES: Readonly<Record<string, "a" | "b" | "rc">> = {
  a: "a",
  alpha: "a",
  b: "b",
  beta: "b",
  c: "rc",
  rc: "rc",
  pre: "rc",
  preview: "rc",
};

/**
 * @param text a version in any spelling PEP 440 allows; blanks around it do not count
 * @returns `undefined` when it is not a version
 * @example formatVersion(parseVersion("v1.0-Alpha.1")!) // "1.0a1"
 */
export function parseVersion(text: string): Version | undefined {
  const groups = VERSION.exec(text.trim())?.groups;
  if (groups === undefined) return undefined;
  const { epoch, release, phase, pre, bare, after, post, unfinished, dev, local } = groups;
  return {
    epoch: BigInt(epoch ?? 0),
    release: release!.split(".").map(BigInt),
    // A missing number means 0: BigInt("") is 0n.
    ...(phase !== undefined && { pre: [PHASES[phase.toLowerCase()]!, BigInt(pre!)] }),
    ...((bare ?? after) !== undefined && { post: BigInt(bare ?? post!) }),
    ...(unfinished !== undefined && { dev: BigInt(dev!) }),
    ...(local !== undefined && {
      local: local.toLowerCase().split(/[-_.]/).map((part) =>
        /^\d+$/.test(part) ? BigInt(part) : part
      ),
    }),
  };
}

/** The normal spelling of a version: `1!2.0rc1.post2.dev3+local.4`. */
export function formatVersion(version: Version): string {
  const { epoch, release, pre, post, dev, local } = version;
  return [
    epoch === 0n ? "" : `${epoch}!`,
    release.join("."),
    pre === undefined ? "" : pre.join(""),
    post === undefined ? "" : `.post${post}`,
    dev === undefined ? "" : `.dev${dev}`,
    local === undefined ? "" : `+${local.join(".")}`,
  ].join("");
}

/** Negative when `a` comes before `b`, 0 when they are equal, positive otherwise. */
export function compareVersions(a: Version, b: Version): number {
  return order(a.epoch, b.epoch) ||
    compareReleases(a.release, b.release) ||
    comparePhases(a, b) ||
    // No post-release comes before every post-release, a development release before its target.
    order(a.post ?? -1n, b.post ?? -1n) ||
    order(a.dev === undefined ? 1 : 0, b.dev === undefined ? 1 : 0) ||
    order(a.dev ?? 0n, b.dev ?? 0n) ||
    compareLocals(a.local, b.local);
}

/**
 * Read what stands behind a version operator.
 *
 * @returns `undefined` when the operator does not take this text: a local version with `<`, a
 * `.*` with anything but `==` and `!=`, a `~=` with one number only
 * @example parseSpecifier("==", "3.11.*") // { operator: "==", prefix: … }
 */
export function parseSpecifier(operator: VersionOperator, text: string): Specifier | undefined {
  const trimmed = text.trim();
  if (operator === "===") {
    return trimmed === "" || /[\s;)]/.test(trimmed) ? undefined : { operator, text: trimmed };
  }
  if (operator === "==" || operator === "!=") {
    if (trimmed.endsWith(".*")) {
      const prefix = parseVersion(trimmed.slice(0, -2));
      return prefix === undefined || !isRelease(prefix) ? undefined : { operator, prefix };
    }
    const version = parseVersion(trimmed);
    return version && { operator, version };
  }
  const version = parseVersion(trimmed);
  if (version === undefined || version.local !== undefined) return undefined;
  return operator === "~=" && version.release.length < 2 ? undefined : { operator, version };
}

/**
 * Whether a version lies within a specifier. A text that is no version lies within none, not even
 * within `!=`; only `===` compares it.
 */
export function matchesSpecifier(specifier: Specifier, text: string): boolean {
  if (specifier.operator === "===") return text.toLowerCase() === specifier.text.toLowerCase();
  const version = parseVersion(text);
  if (version === undefined) return false;
  if ("prefix" in specifier) {
    return startsWith(version, specifier.prefix, specifier.prefix.release.length) ===
      (specifier.operator === "==");
  }
  const limit = specifier.version;
  // The local part counts only where the specifier has one too.
  const compared = compareVersions(
    limit.local === undefined ? withoutLocal(version) : version,
    limit,
  );
  switch (specifier.operator) {
    case "==":
      return compared === 0;
    case "!=":
      return compared !== 0;
    case "<=":
      return compared <= 0;
    case ">=":
      return compared >= 0;
    case "~=":
      return compared >= 0 && startsWith(version, limit, limit.release.length - 1);
    // `< 2.0` leaves out the pre-releases of 2.0 itself, of which 2.0.dev0 is the first.
    case "<":
      return compareVersions(version, isPrerelease(limit) ? limit : { ...limit, dev: 0n }) < 0;
    case ">":
      return compared > 0 && !isPostreleaseOf(version, limit);
  }
}

function order<T extends bigint | number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A missing number counts as 0. */
function compareReleases(a: readonly bigint[], b: readonly bigint[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const compared = order(a[i] ?? 0n, b[i] ?? 0n);
    if (compared !== 0) return compared;
  }
  return 0;
}

function comparePhases(a: Version, b: Version): number {
  return order(rank(a), rank(b)) || order(a.pre?.[1] ?? 0n, b.pre?.[1] ?? 0n);
}

/** `1.0.dev1` comes before `1.0a1`; `1.0` and `1.0.post1` after `1.0rc1`. */
function rank(version: Version): number {
  if (version.pre !== undefined) return ["a", "b", "rc"].indexOf(version.pre[0]);
  return version.post === undefined && version.dev !== undefined ? -1 : 3;
}

/** None comes first, then part by part: words before numbers, the shorter first. */
function compareLocals(a: Version["local"], b: Version["local"]): number {
  if (a === undefined || b === undefined) return order(a ? 1 : 0, b ? 1 : 0);
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!];
    const compared = typeof x === typeof y ? order(x, y) : typeof x === "string" ? -1 : 1;
    if (compared !== 0) return compared;
  }
  return order(a.length, b.length);
}

function isRelease(version: Version): boolean {
  const { pre, post, dev, local } = version;
  return [pre, post, dev, local].every((part) => part === undefined);
}

function isPrerelease(version: Version): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}

function isPostreleaseOf(version: Version, base: Version): boolean {
  return version.post !== undefined && base.post === undefined && base.dev === undefined &&
    version.epoch === base.epoch && compareReleases(version.release, base.release) === 0 &&
    comparePhases(version, base) === 0;
}

function startsWith(version: Version, prefix: Version, length: number): boolean {
  return version.epoch === prefix.epoch &&
    prefix.release.slice(0, length).every((part, i) => part === (version.release[i] ?? 0n));
}

function withoutLocal(version: Version): Version {
  const { local: _, ...rest } = version;
  return rest;
}
