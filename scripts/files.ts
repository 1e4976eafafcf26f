/**
 * What the scripts ask of a path.
 *
 * @module
 */

/** Is a file there, links followed? @param path from the working directory, or absolute */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Is anything there, be it a link that leads nowhere? */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
