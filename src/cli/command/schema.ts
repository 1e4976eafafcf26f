/**
 * `ntask schema`: the JSON Schema of task files in TOML, for editors.
 *
 * @module
 */

import { schema } from "../../source/spec/schema.ts";
import type { Context } from "../context.ts";
import { settingsSchema } from "../settings.ts";

export function run({ host }: Context): Promise<number> {
  host.stdout.write(JSON.stringify(schema(settingsSchema()), null, 2) + "\n");
  return Promise.resolve(0);
}
