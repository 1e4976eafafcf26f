/**
 * What is copied is what was asked for, or nothing is there.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type Copy, type CopyEnd, copyProven } from "../../../src/host/copy_proven.ts";
import { digestOf } from "../../../src/host/hash.ts";

const windows = Deno.build.os === "windows";

/** One that is read at once, one that is read in pieces, and nothing at all. */
const CONTENTS = { small: "small", large: "0123456789abcdef".repeat(40_000), empty: "" };

interface Folder {
  /** Copy `from` to `to`. */
  copy(content: string, options?: Partial<Copy>): Promise<CopyEnd>;
  readonly from: string;
  readonly to: string;
}

async function inFolder(use: (folder: Folder) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const [from, to] = [join(folder, "from"), join(folder, "to")];
  try {
    await use({
      from,
      to,
      async copy(content, options) {
        return await copyProven({ from, to, digest: digestOf(content), mode: 0o666, ...options });
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

for (const [name, content] of Object.entries(CONTENTS)) {
  for (const flush of [false, true]) {
    Deno.test(`${name}${flush ? ", flushed" : ""}: a copy has the content and the mode asked for`, () =>
      inFolder(async ({ copy, from, to }) => {
        Deno.writeTextFileSync(from, content);
        if (!windows) Deno.chmodSync(from, 0o600);
        for (const mode of [0o666, 0o777, 0o600, 0o700]) {
          assertEquals(await copy(content, { mode, ...(flush && { flush }) }), "copied");
          assertEquals(Deno.readTextFileSync(to), content);
          const less = windows ? 0 : Deno.umask();
          if (!windows) assertEquals(Deno.statSync(to).mode! & 0o777, mode & ~less);
          Deno.removeSync(to);
        }
      }));
  }

  Deno.test(`${name}: what is something else is not copied, and nothing is left of it`, () =>
    inFolder(async ({ copy, from, to }) => {
      assertEquals(await copy(content), "missing");
      const others = [`${content}x`, content.slice(1), content.replace(/.$/, "_")];
      for (const other of others.filter((each) => each !== content)) {
        Deno.writeTextFileSync(from, other);
        assertEquals(await copy(content), "differs");
        assertEquals(exists(to), false);
      }
      Deno.removeSync(from);
      Deno.mkdirSync(from);
      assertEquals(await copy(content), "differs");
      assertEquals(exists(to), false);
    }));

  Deno.test(`${name}: what is there already stays as it is`, () =>
    inFolder(async ({ copy, from, to }) => {
      Deno.writeTextFileSync(from, content);
      Deno.writeTextFileSync(to, "there");
      const end = await copy(content);
      assertEquals(typeof end === "object" && end.why, "exists");
      assertEquals(Deno.readTextFileSync(to), "there");
    }));

  Deno.test(`${name}: a directory that is not there is an error, not a lack of the file`, () =>
    inFolder(async ({ copy, from, to }) => {
      Deno.writeTextFileSync(from, content);
      const end = await copy(content, { to: join(to, "deep") });
      assertEquals(typeof end === "object" && end.why, "missing");
    }));

  Deno.test({
    name: `${name}: a link and a pipe are no files, and nobody waits for who writes into one`,
    ignore: windows,
    fn: () =>
      inFolder(async ({ copy, from, to }) => {
        Deno.writeTextFileSync(`${from}.real`, content);
        Deno.symlinkSync("from.real", from);
        assertEquals(await copy(content), "differs");
        Deno.removeSync(from);
        if (content !== "") {
          await new Deno.Command("mkfifo", { args: [from] }).output();
          assertEquals(await copy(content), "differs");
        }
        assertEquals(exists(to), false);
      }),
  });
}
