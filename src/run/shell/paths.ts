/**
 * Paths as scripts write them, made absolute for the system. Pure: Windows or not is a parameter.
 *
 * Inside the shell a path has `/` on every system (`C:/x` on Windows). A backslash in a path that a
 * Windows script hands over is a separator like any other. A drive alone is its root: the shell has
 * one working directory, not one for each drive.
 *
 * @module
 */

export function isAbsolute(path: string, windows: boolean): boolean {
  return windows ? /^(?:[A-Za-z]:(?:$|[\\/])|[\\/])/.test(path) : path.startsWith("/");
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
    if (standardDescriptor(slashed) !== undefined) return slashed;
    return (/^[A-Za-z]:/.exec(cwd)?.[0] ?? "") + slashed;
  }
  if (isAbsolute(slashed, windows)) return slashed.endsWith(":") ? `${slashed}/` : slashed;
  if (slashed === "") return "";
  return cwd.endsWith("/") ? cwd + slashed : `${cwd}/${slashed}`;
}

/** A path of the system's as scripts see it. */
export function shownPath(path: string, windows: boolean): string {
  return windows ? path.replaceAll("\\", "/") : path;
}

/** The directories of a variable like `PATH`, in the order they are searched. */
export function pathList(value: string, windows: boolean): readonly string[] {
  if (!windows) return value.split(":");
  // Scripts join them with `:` on every system. In a directory's name only a drive has one.
  return value.split(/;|(?<!(?:^|[;:]|\\\\[?.]\\)"?[A-Za-z](?=:(?:[\\/;"]|$))):/);
}

/** The descriptor that a path stands for, on every system. */
export function standardDescriptor(path: string): number | undefined {
  const found = /^\/dev\/(?:(stdin)|(stdout)|(stderr)|fd\/(\d+))$/.exec(path);
  if (found === null) return undefined;
  return found[4] === undefined ? found.slice(1).findIndex(Boolean) : Number(found[4]);
}

/** What a path without its drive is, and the drive. */
function withoutDrive(path: string, windows: boolean): readonly [drive: string, rest: string] {
  const drive = windows ? /^[A-Za-z]:(?=$|\/)/.exec(path)?.[0] ?? "" : "";
  return [drive, path.slice(drive.length) || (drive && "/")];
}

/** The last component, as `basename` gives it. */
export function lastPart(whole: string, windows: boolean): string {
  const [, path] = withoutDrive(whole, windows);
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "" : "/";
  return trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** What comes before the last component, as `dirname` gives it. */
export function parentPart(whole: string, windows: boolean): string {
  const [drive, path] = withoutDrive(whole, windows);
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "." : `${drive}/`;
  const slash = trimmed.lastIndexOf("/");
  if (slash < 0) return ".";
  return drive + (trimmed.slice(0, slash).replace(/\/+$/, "") || "/");
}
