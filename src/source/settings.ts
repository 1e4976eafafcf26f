/**
 * The settings that stand outside of task files: `"ntask"` in `deno.json` and `package.json`, and
 * the user's own file (cli.md "Settings"). Nothing is parsed that does not name ntask.
 *
 * @module
 */

import { below } from "../host/below.ts";
import type { Host } from "../host/host.ts";
import type { AbsolutePath } from "../model/id.ts";
import type { Problem } from "../model/problem.ts";
import type { WrittenSetting } from "../model/setting.ts";
import { type LiteralNode, literalOf } from "./spec/call.ts";
import { snakeCase } from "./spec/property.ts";

export interface SettingFiles {
  readonly settings: readonly WrittenSetting[];
  readonly problems: readonly Problem[];
}

const JSON_FILES = ["deno.json", "package.json"];

/** What stands beside the task files of a project, and in the user's directory. */
export async function readSettingFiles(host: Host, root: AbsolutePath): Promise<SettingFiles> {
  const settings: WrittenSetting[] = [];
  const problems: Problem[] = [];
  for (const name of JSON_FILES) {
    const file = below(root, name);
    const text = textOf(host, file);
    if (text?.includes('"ntask"')) add(await readJson(file, text));
  }
  const own = userFile(host);
  const text = own && textOf(host, own);
  if (own !== undefined && text !== undefined) add(await readUserFile(own, text));
  return { settings, problems };

  function add(found: SettingFiles): void {
    settings.push(...found.settings);
    problems.push(...found.problems);
  }
}

function textOf(host: Host, file: string): string | undefined {
  if (host.files.kind(file) !== "file") return undefined;
  const read = host.files.readText(file);
  return "text" in read ? read.text : undefined;
}

/** Where the platform keeps a user's settings. */
export function userFile({ os, env, home }: Host): AbsolutePath | undefined {
  const directory = os === "windows"
    ? env.APPDATA
    : os === "darwin"
    ? home && below(home, "Library", "Application Support")
    : env.XDG_CONFIG_HOME || (home && below(home, ".config"));
  return directory ? below(directory, "ntask", "config.toml") : undefined;
}

/** The parser of TypeScript reads JSON too, with comments, and knows where everything stands. */
async function readJson(file: AbsolutePath, text: string): Promise<SettingFiles> {
  const { parseExpression } = await import("@babel/parser");
  let root: LiteralNode;
  try {
    root = parseExpression(text, { attachComment: false }) as unknown as LiteralNode;
  } catch (error) {
    const { pos = 0, message } = error as { pos?: number; message: string };
    const detail = message.replace(/ \(\d+:\d+\)$/, "");
    return { settings: [], problems: [{ code: "E_JSON", place: { file, offset: pos }, detail }] };
  }
  const table = root.properties?.find((property) => nameOf(property) === "ntask")?.value;
  if (table === undefined) return { settings: [], problems: [] };
  const { type, properties = [], start, end } = table as LiteralNode;
  if (type !== "ObjectExpression") {
    const place = { file, offset: start, length: end - start };
    const about = { key: "ntask", expected: "an object", found: text.slice(start, end) };
    return { settings: [], problems: [{ code: "E_SETTING_TYPE", place, ...about }] };
  }
  const settings = properties.map((property): WrittenSetting => {
    const written = nameOf(property) ?? "";
    const found = literalOf(property.value as LiteralNode, text);
    return {
      key: snakeCase(written),
      written,
      value: "value" in found ? found.value : undefined,
      place: { file, offset: property.key.start, length: property.key.end - property.key.start },
      from: "project",
    };
  });
  return { settings, problems: [] };
}

function nameOf({ key }: { readonly key: LiteralNode }): string | undefined {
  return key?.type === "StringLiteral" ? String(key.value) : key?.name;
}

async function readUserFile(file: AbsolutePath, text: string): Promise<SettingFiles> {
  const { parse, TomlError } = await import("smol-toml");
  try {
    return { settings: fromTable(file, [], parse(text), "user"), problems: [] };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { tomlMistake } = await import("./toml_mistake.ts");
    return { settings: [], problems: [await tomlMistake(file, text, error)] };
  }
}

/** The settings of a TOML table. */
export function fromTable(
  file: AbsolutePath,
  path: readonly string[],
  table: Readonly<Record<string, unknown>>,
  from: WrittenSetting["from"],
): readonly WrittenSetting[] {
  return Object.entries(table).map(([key, value]) => ({
    key,
    written: key,
    value,
    place: { file, path: [...path, key], key: true },
    from,
  }));
}
