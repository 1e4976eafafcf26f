/**
 * `ntask config [KEY]`: every setting, its value and who has said so.
 *
 * @module
 */

import { nearest } from "../../model/near.ts";
import { createLocator, type Locator } from "../../source/locate.ts";
import {
  type Context,
  isError,
  loadProject,
  paletteFor,
  report,
  shownPath,
  USAGE_ERROR,
} from "../context.ts";
import { checkSettings, type Origin, sayOf, SETTINGS } from "../settings.ts";

interface Row {
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
}

export async function run(context: Context): Promise<number> {
  const { host, given, words } = context;
  // Without a project there still are flags, variables and defaults.
  const loaded = await loadProject(context, true, () => {});
  const written = loaded?.settings ?? [];
  const problems = [...loaded?.problems ?? [], ...checkSettings(written)];
  await report(context, problems);
  const key = words[0]?.replaceAll("-", "_");
  const asked = SETTINGS.filter((setting) => key === undefined || setting.key === key);
  if (asked.length === 0) {
    const near = nearest(key!, SETTINGS.map((setting) => setting.key));
    await report(context, [{ code: "R_OPTION", detail: `there is no setting ${words[0]}`, near }]);
    return USAGE_ERROR;
  }
  const locate = createLocator(host.files);
  const rows: Row[] = [];
  for (const setting of asked) {
    const said = sayOf(setting, { given, env: host.env, cpus: host.cpus, written });
    if ("problem" in said) {
      await report(context, [said.problem]);
      return USAGE_ERROR;
    }
    const { key } = setting;
    const value = key === "jobs" ? said.value ?? host.cpus : said.value ?? null;
    rows.push({ key, value, origin: await originText(context, locate, said.origin) });
  }
  if (given.flags.has("json")) {
    const entries = rows.map(({ key, value, origin }) => [key, { value, origin }]);
    host.stdout.write(JSON.stringify(Object.fromEntries(entries), null, 2) + "\n");
  } else if (key !== undefined) host.stdout.write(valueText(rows[0]!.value) + "\n");
  else host.stdout.write(table(context, rows));
  return problems.some(isError) ? USAGE_ERROR : 0;
}

function table(context: Context, rows: readonly Row[]): string {
  const palette = paletteFor(context, "stdout");
  const cells = rows.map(({ key, value, origin }) => [key, valueText(value), origin] as const);
  const width = (column: 0 | 1) => Math.max(...cells.map((row) => row[column].length));
  const [keys, values] = [width(0), width(1)];
  return cells.map(([key, value, origin]) => {
    const said = origin === "default" ? palette.dim(origin) : origin;
    const name = palette.bold(key) + " ".repeat(keys - key.length);
    return `${name}  ${value.padEnd(values)}  ${said}\n`;
  }).join("");
}

function valueText(value: unknown): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function originText(
  { host }: Context,
  locate: Locator,
  origin: Origin,
): Promise<string> {
  if (origin.kind === "default") return "default";
  if (origin.kind !== "file") return origin.name;
  const file = shownPath(host)(origin.place.file);
  if ("whole" in origin.place) return file;
  const place = await locate(origin.place);
  return place === undefined ? file : `${file}:${place.line}:${place.column}`;
}
