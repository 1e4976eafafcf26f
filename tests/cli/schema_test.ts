/**
 * `ntask schema`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { settingsSchema } from "../../src/cli/settings.ts";
import { schema } from "../../src/source/spec/schema.ts";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

cliTest(
  "schema prints the schema that the property table gives, also without a project",
  async () => {
    await using project = await createProject({ ".git/HEAD": "" });
    const ran = await project.run(["schema"]);
    assertEquals([ran.code, ran.stderr], [0, ""]);
    assertEquals(JSON.parse(ran.stdout), JSON.parse(JSON.stringify(schema(settingsSchema()))));
  },
);
