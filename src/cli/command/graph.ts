/**
 * `ntask --graph [TASK]`: what needs what, drawn.
 *
 * @module
 */

import { pictureOf } from "../../graph/picture.ts";
import { resolveWords } from "../../graph/resolve.ts";
import { nearest } from "../../model/near.ts";
import { drawings } from "../../report/draw/registry.ts";
import { type Context, loadGraph, paletteFor, report, USAGE_ERROR } from "../context.ts";
import { COLOR } from "../../report/palette.ts";

export async function run(context: Context): Promise<number> {
  const { host, given, words } = context;
  const name = given.values.get("format")?.at(-1) ?? "ascii";
  if (!Object.hasOwn(drawings, name)) {
    const names = Object.keys(drawings);
    const detail = `--format must be one of ${names.join(", ")}, not "${name}"`;
    await report(context, [{ code: "R_OPTION", detail, near: nearest(name, names) }]);
    return USAGE_ERROR;
  }
  const loaded = await loadGraph(context);
  if (loaded === undefined) return USAGE_ERROR;
  const { graph, workspace, sound } = loaded;
  let target;
  if (words.length > 0) {
    const found = resolveWords(workspace, words);
    const unknown = found.ok ? words[found.used] : found.name;
    if (!found.ok || unknown !== undefined) {
      const near = found.ok ? [] : found.near;
      await report(context, [{ code: "R_TASK_UNKNOWN", name: unknown!, near }]);
      return USAGE_ERROR;
    }
    target = found.id;
  }
  const { draw } = await drawings[name as keyof typeof drawings]();
  const { columns } = host.stdout;
  const color = paletteFor(context, "stdout") === COLOR;
  const drawn = draw(pictureOf(graph, target), { color, ...(columns && { width: columns }) });
  host.stdout.write(drawn.endsWith("\n") || drawn === "" ? drawn : drawn + "\n");
  return sound ? 0 : USAGE_ERROR;
}
