/**
 * Which inherited variables a cached task declares, and which every program needs.
 *
 * @module
 */

import { environmentKey } from "../source/spec/environment.ts";

/** What programs of a system cannot do without. */
const BASE = {
  posix: /^(?:PATH|HOME|TMPDIR|USER|LOGNAME|SHELL|LANG|LC_.*|TERM|TZ|PWD|NTASK_.*)$/,
  windows: new RegExp(
    "^(?:PATH|PATHEXT|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|TEMP|TMP|USERPROFILE|USERNAME|HOME|" +
      "HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES.*|COMMONPROGRAMFILES.*|OS|" +
      "NUMBER_OF_PROCESSORS|PROCESSOR_.*|NTASK_.*)$",
  ),
};

/** @returns whether a pattern of `cache_env`, or the system, asks for a variable */
export function declaredNames(
  patterns: readonly string[],
  windows: boolean,
): (name: string) => boolean {
  const keyOf = environmentKey(windows);
  const base = windows ? BASE.windows : BASE.posix;
  const matchers = patterns.map((pattern) => namePattern(keyOf(pattern)));
  return (name) => base.test(keyOf(name)) || matchers.some((each) => each.test(keyOf(name)));
}

/** A pattern of `cache_env`: `*` is any characters of a name. */
export function namePattern(pattern: string): RegExp {
  const source = pattern.split("*").map((piece) => piece.replace(/[^A-Z0-9_]/gi, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`);
}
