/**
 * Every command of the registry, by its name on the command line.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../src/cli/cli.ts";
import { commands } from "../../src/cli/command/registry.ts";
import { fakeHost } from "../rig/fake_host.ts";

async function run(...argv: readonly string[]) {
  const host = fakeHost({ files: { "tasks.toml": '[tasks]\na = "p a"\n' } });
  let printed = "";
  const code = await main({
    argv,
    print: (text) => Promise.resolve(void (printed += text)),
    open: () => Promise.resolve(host),
  });
  return { code, stdout: printed + host.out, stderr: host.err };
}

const names = Object.keys(commands).filter((name) => name !== "task");

Deno.test("help names every command", async () => {
  const { code, stdout } = await run("help");
  assertEquals(code, 0);
  for (const name of names) assert(new RegExp(`^ .*\\b${name}\\b`, "m").test(stdout), name);
});

for (const name of names) {
  Deno.test(`${name} refuses an option that does not exist, and names the nearest`, async () => {
    const { code, stdout, stderr } = await run(name, "--quite");
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, "error[R_OPTION]: there is no option --quite");
    assertStringIncludes(stderr, "--quiet");
  });

  Deno.test(`${name} --help shows help and does nothing else`, async () => {
    const { code, stdout, stderr } = await run(name, "--help");
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, "Usage:");
  });
}

Deno.test("--version opens nothing", async () => {
  let printed = "";
  const code = await main({
    argv: ["--version"],
    print: (text) => Promise.resolve(void (printed += text)),
    open: () => Promise.reject(new Error("the machine was opened")),
  });
  assertEquals(code, 0);
  assert(/^ntask \d+\.\d+\.\d+\n$/.test(printed), printed);
});
