/**
 * `ntask clean [--all]`: forget results. Files of the project are never touched.
 *
 * @module
 */

import { cleanCache } from "../../pipeline.ts";
import { type Context, loadProject, report, USAGE_ERROR, withSettings } from "../context.ts";

export async function run(context: Context): Promise<number> {
  const { host, given } = context;
  const loaded = await loadProject(context, false);
  if (loaded === undefined) return USAGE_ERROR;
  const { settings } = withSettings(context, loaded.settings);
  const all = given.flags.has("all");
  const cleaned = await cleanCache(host, {
    root: loaded.workspace.root,
    ...(settings.cacheDir !== undefined && { directory: settings.cacheDir }),
  }, all);
  if ("detail" in cleaned) {
    await report(context, [{ code: "W_CACHE_STORE", detail: cleaned.detail }]);
    return 1;
  }
  const { results, directory } = cleaned;
  const what = `${results} result${results === 1 ? "" : "s"} forgotten`;
  host.stdout.write(directory === undefined ? `${what}\n` : `${what}, ${directory} removed\n`);
  return 0;
}
