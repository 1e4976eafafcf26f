/**
 * `ntask cache info|prune|verify`: what the store holds, keeping it small, and whether it is whole.
 *
 * @module
 */

import { nearest } from "../../model/near.ts";
import { type CacheInfo, cacheInfo, pruneCache, verifyCache } from "../../pipeline.ts";
import { sizeText } from "../../report/size.ts";
import { type Context, loadProject, report, USAGE_ERROR, withSettings } from "../context.ts";

const ACTIONS = ["info", "prune", "verify"] as const;

export async function run(context: Context): Promise<number> {
  const { host, words, given } = context;
  const [word = "info", more] = words;
  const action = ACTIONS.find((name) => name === word);
  if (action === undefined || more !== undefined) {
    const detail = `ntask cache takes one of ${ACTIONS.join(", ")}, not "${words.join(" ")}"`;
    await report(context, [{ code: "R_OPTION", detail, near: nearest(word, ACTIONS) }]);
    return USAGE_ERROR;
  }
  const loaded = await loadProject(context, false);
  if (loaded === undefined) return USAGE_ERROR;
  const { settings } = withSettings(context, loaded.settings);
  const { root } = loaded.workspace;
  const store = { root, ...(settings.cacheDir !== undefined && { directory: settings.cacheDir }) };
  switch (action) {
    case "info": {
      const info = await cacheInfo(host, store);
      if ("detail" in info) return await refuse(context, info.detail);
      if (given.flags.has("json")) {
        host.stdout.write(JSON.stringify({ ...info, limit: settings.cacheSize }) + "\n");
      } else host.stdout.write(infoText(info, settings.cacheSize));
      return 0;
    }
    case "prune": {
      const pruned = await pruneCache(host, store, settings.cacheSize);
      if ("detail" in pruned) return await refuse(context, pruned.detail);
      const { before, after } = pruned;
      const gone = before.results - after.results;
      host.stdout.write(
        `${results(gone)} removed, ${sizeText(before.bytes - after.bytes)} freed; ` +
          `${results(after.results)} in ${sizeText(after.bytes)} left\n`,
      );
      return 0;
    }
    case "verify": {
      const found = await verifyCache(host, store);
      if ("detail" in found) return await refuse(context, found.detail);
      for (const path of found.removed) host.stdout.write(`removed  ${path}\n`);
      const damaged = found.removed.length;
      host.stdout.write(
        `${results(found.results)} and ${counted(found.blobs, "blob")} looked at, ` +
          `${damaged === 0 ? "all whole" : `${damaged} damaged and removed`}\n`,
      );
      return damaged === 0 ? 0 : 1;
    }
  }
}

async function refuse(context: Context, detail: string): Promise<number> {
  await report(context, [{ code: "W_CACHE_STORE", detail }]);
  return 1;
}

function infoText(
  { directory, results: count, blobs, bytes }: CacheInfo,
  limit: number,
): string {
  const rows = [
    ["directory", directory],
    ["results", String(count)],
    ["blobs", String(blobs)],
    ["size", `${sizeText(bytes)} of ${sizeText(limit)}`],
  ];
  return rows.map(([name, value]) => `${name!.padEnd(9)}  ${value}\n`).join("");
}

function results(count: number): string {
  return counted(count, "result");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
