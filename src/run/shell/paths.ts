/**
 * Paths as scripts write them, made absolute for the system. Pure: Windows or not is a parameter.
 *
 * Inside the shell a path has `/` on every system (`C:/x` on Windows). A backslash in a path that a
 * Windows script hands over is a separator like any other.
 *
 * @module
 */

export function isAbsolute(path: string, windows: boolean): boolean {
  return windows ? /^(?:[A-Za-z]:)?[\\/]/.test(path) : path.startsWith("/");
}

/** The path from the working directory on, without `.` and `..`: what `cd` and `pwd` show. */
export function logicalPath(cwd: string, path: string, windows: boolean): string {
  const whole = joinPath(cwd, path, windows);
  const root = windows ? /^(?:[A-Za-z]:|\/\/[^/]+\/[^/]+)?\//.exec(whole)?.[0] ?? "/" : "/";
  const kept: string[] = [];
  for (const part of whole.slice(root.length).split("/")) {
    if (part === "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return root + kept.join("/");
}

/**
 * The path for the system. `.` and `..` are left to it (through links they mean something else),
 * and so is a trailing separator.
 */
export function joinPath(cwd: string, path: string, windows: boolean): string {
  const slashed = windows ? path.replaceAll("\\", "/") : path;
  if (windows && /^\/(?!\/)/.test(slashed)) {
    if (slashed === "/dev/null") return "\\\\.\\NUL";
    return (/^[A-Za-z]:/.exec(cwd)?.[0] ?? "") + slashed;
  }
  if (isAbsolute(slashed, windows)) return slashed;
  if (slashed === "") return "";
  return cwd.endsWith("/") ? cwd + slashed : `${cwd}/${slashed}`;
}

/** A path of the system's as scripts see it. */
export function shownPath(path: string, windows: boolean): string {
  return windows ? path.replaceAll("\\", "/") : path;
}

/** The last component, as `basename` gives it. */
export function lastPart(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "" : "/";
  return trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** What comes before the last component, as `dirname` gives it. */
export function parentPart(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "." : "/";
  const slash = trimmed.lastIndexOf("/");
  if (slash < 0) return ".";
  return trimmed.slice(0, slash).replace(/\/+$/, "") || "/";
}
