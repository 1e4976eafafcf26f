/**
 * What a lock file says of one version of a package: the names of lock files are tried, the text
 * about the version goes out. The text is only compared, so no format is read further than to find
 * it. `bun.lockb` is not text and says nothing here.
 *
 * @module
 */

/** The package as it is installed. */
export interface Locked {
  readonly name: string;
  /** The name it is imported by, where that is another one. */
  readonly alias: string;
  readonly version: string;
  /** Where it lies, relative to the directory of the lock file, with `/`. */
  readonly path: string;
}

type Reader = (text: string, wanted: Locked) => string | undefined;

const FORMATS: readonly (readonly [file: string, read: Reader])[] = [
  ["package-lock.json", readNpm],
  ["npm-shrinkwrap.json", readNpm],
  ["pnpm-lock.yaml", readPnpm],
  ["yarn.lock", readYarn],
  ["bun.lock", readBun],
  ["deno.lock", readDeno],
];

/**
 * @param read the text of a file beside which the packages lie, if it is there
 * @returns undefined where no lock file says anything
 */
export function lockEntry(
  read: (file: string) => string | undefined,
  wanted: Locked,
): string | undefined {
  const found = FORMATS.flatMap(([file, reader]) => {
    const text = read(file);
    const entry = text === undefined ? undefined : reader(text, wanted);
    return entry === undefined || entry === "" ? [] : [`${file}: ${entry}`];
  });
  return found.length === 0 ? undefined : found.join("\n");
}

function readNpm(text: string, { path, alias }: Locked): string | undefined {
  const lock = json(text);
  const packages = member(lock, "packages");
  const entry = member(packages, path) ?? member(member(lock, "dependencies"), alias);
  return entry === undefined ? undefined : JSON.stringify(entry);
}

/** The blocks below `zod@3.1.0:`, `/zod@3.1.0(peer@1):` or `/zod/3.1.0:`. */
function readPnpm(text: string, { name, version }: Locked): string | undefined {
  const lines = text.split("\n");
  const isHead = (line: string) => {
    const key = /^ {2}(['"]?)\/?(.+?)\1:/.exec(line)?.[2]?.replace(/\(.*$/, "");
    return key === `${name}@${version}` || key === `${name}/${version}`;
  };
  return lines.flatMap((line, index) => {
    if (!isHead(line)) return [];
    const rest = lines.slice(index + 1);
    const end = rest.findIndex((next) => !/^ {3}/.test(next));
    return [line, ...rest.slice(0, end < 0 ? rest.length : end)];
  }).join("\n");
}

/** The blocks that begin with `zod@` and have the version. */
function readYarn(text: string, { name, version }: Locked): string | undefined {
  return text.split(/\n{2,}/).filter((block) => {
    const lines = block.split("\n").filter((line) => !line.startsWith("#"));
    const names = (lines[0] ?? "").replace(/:$/, "").split(/,\s*/)
      .map((each) => each.trim().replace(/^"|"$/g, ""));
    return names.some((each) => each.startsWith(`${name}@`) || each.includes(`@npm:${name}@`)) &&
      lines.some((line) => /^ {2}version:? /.test(line) && unquoted(line) === version);
  }).join("\n\n");
}

/** One line for every package: `"zod": ["zod@3.1.0", …]`. */
function readBun(text: string, { name, version }: Locked): string | undefined {
  const mark = `: [${JSON.stringify(`${name}@${version}`)}`;
  return text.split("\n").filter((line) => line.includes(mark)).map((line) => line.trim())
    .join("\n");
}

function readDeno(text: string, { name, version }: Locked): string | undefined {
  const lock = json(text);
  const npm = member(lock, "npm") ?? member(member(lock, "packages"), "npm");
  const entries = Object.entries(npm ?? {}).filter(([key]) =>
    key === `${name}@${version}` || key.startsWith(`${name}@${version}_`)
  );
  return entries.length === 0 ? undefined : JSON.stringify(entries);
}

function unquoted(line: string): string {
  return line.replace(/^ {2}version:? /, "").trim().replace(/^"|"$/g, "");
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  const found = (value as Record<string, unknown>)[name];
  return typeof found === "object" && found !== null
    ? found as Readonly<Record<string, unknown>>
    : undefined;
}
