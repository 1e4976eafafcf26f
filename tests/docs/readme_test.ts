/**
 * Every block of README.md is executed: files are written, commands are run and their stdout
 * compared. A block that is not run says why.
 */

import { assert, assertEquals } from "@std/assert";
import { createProject } from "../rig/project.ts";

interface Block {
  readonly info: string;
  readonly text: string;
}

const README = new URL("../../README.md", import.meta.url);

function blocks(text: string): readonly Block[] {
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    info: match[1]!,
    text: match[2]!,
  }));
}

Deno.test("every command of README.md prints what README.md says", async () => {
  let file: { readonly name: string; readonly text: string } | undefined;
  let ran = 0;
  for (const { info, text } of blocks(Deno.readTextFileSync(README))) {
    const name = /\bfile=(\S+)/.exec(info)?.[1];
    if (name !== undefined) {
      file = { name, text };
      continue;
    }
    if (info.startsWith("console")) {
      assert(file !== undefined, "a command stands before any file");
      await using project = await createProject({ [file.name]: file.text });
      for (const [command, expected] of commands(text)) {
        const [program, ...words] = command.split(" ");
        assertEquals(program, "ntask");
        const { code, stdout, stderr } = await project.run(words);
        assertEquals({ code, stdout }, { code: 0, stdout: expected }, `${command}\n${stderr}`);
        ran++;
      }
      continue;
    }
    assert(/run=no reason="[^"]+"/.test(info), `a block is neither run nor excused: ${info}`);
  }
  assert(ran >= 5, `only ${ran} commands were run`);
});

/** `$ command` and the lines it prints. */
function commands(text: string): readonly (readonly [string, string])[] {
  return text.split(/^\$ /m).slice(1).map((part) => {
    const end = part.indexOf("\n");
    return [part.slice(0, end), part.slice(end + 1)];
  });
}
