import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import * as disk from "../../../src/host/disk.ts";
import { realFiles } from "../../../src/host/files.ts";
import { keep, type Kept, looksTheSame } from "../../../src/host/look_again.ts";
import { acted, aside, note, testimony, watch } from "../../../src/host/witness.ts";

/** What a walk through a small project has seen. */
function seen(root: string): Kept {
  watch(0);
  for (const { name } of disk.list(join(root, "src")) ?? []) disk.stat(`${root}/src/${name}`);
  disk.list(join(root, "mixed"));
  disk.stat(join(root, "alone.txt"));
  disk.stat(join(root, "absent.txt"));
  disk.read(join(root, "tasks.toml"));
  disk.readLink(join(root, "link"));
  disk.realPath(join(root, "link"));
  realFiles.list(join(root, "bin"));
  realFiles.executable(join(root, "bin/tool"));
  realFiles.kind(join(root, "nearer.toml"));
  realFiles.list(join(root, "nowhere"));
  disk.list(join(root, "nowhere"));
  const kept = keep(testimony()!.sights, () => true)!;
  acted();
  return kept;
}

async function withProject(body: (root: string) => void): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "ntask-look-" });
  try {
    for (const folder of ["src/below", "mixed/folder", "bin", "other"]) {
      Deno.mkdirSync(join(root, folder), { recursive: true });
    }
    for (
      const file of ["src/a.txt", "src/b.txt", "mixed/plain", "alone.txt", "tasks.toml", "bin/tool"]
    ) {
      Deno.writeTextFileSync(join(root, file), "text\n");
    }
    if (Deno.build.os !== "windows") Deno.symlinkSync("alone.txt", join(root, "link"));
    body(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("what nobody has changed looks the same, also where nothing was or is", () =>
  withProject((root) => {
    assertEquals(looksTheSame(seen(root)), true);
  }));

const CHANGES: Readonly<Record<string, (root: string) => void>> = {
  "a listed file is written anew": (root) =>
    Deno.writeTextFileSync(join(root, "src/a.txt"), "other\n"),
  "lesson 14: two files change their names": (root) => {
    Deno.renameSync(join(root, "src/a.txt"), join(root, "src/c.txt"));
    Deno.renameSync(join(root, "src/b.txt"), join(root, "src/a.txt"));
    Deno.renameSync(join(root, "src/c.txt"), join(root, "src/b.txt"));
  },
  "a file comes": (root) => Deno.writeTextFileSync(join(root, "src/new.txt"), ""),
  "a file goes": (root) => Deno.removeSync(join(root, "src/b.txt")),
  "a file that was only listed becomes a directory": (root) => {
    Deno.removeSync(join(root, "mixed/plain"));
    Deno.mkdirSync(join(root, "mixed/plain"));
  },
  "a directory that was only listed becomes a file": (root) => {
    Deno.removeSync(join(root, "mixed/folder"));
    Deno.writeTextFileSync(join(root, "mixed/folder"), "");
  },
  "a listed directory goes": (root) => Deno.removeSync(join(root, "src"), { recursive: true }),
  "a single file is written anew": (root) =>
    Deno.writeTextFileSync(join(root, "alone.txt"), "other\n"),
  "what was absent is there": (root) => Deno.writeTextFileSync(join(root, "absent.txt"), ""),
  "a file that was read is written anew": (root) =>
    Deno.writeTextFileSync(join(root, "tasks.toml"), "other\n"),
  "a name comes where only names were asked for": (root) =>
    Deno.writeTextFileSync(join(root, "bin/second"), ""),
  "a directory is there that was listed in vain": (root) => Deno.mkdirSync(join(root, "nowhere")),
  "what was asked for in vain is there": (root) => Deno.mkdirSync(join(root, "nearer.toml")),
};

for (const [name, change] of Object.entries(CHANGES)) {
  Deno.test(`it does not look the same when ${name}`, () =>
    withProject((root) => {
      const kept = seen(root);
      change(root);
      assertEquals(looksTheSame(kept), false);
    }));
}

// An execute bit, or a time that is put back, shows in ctime, of which Deno knows the seconds only:
// `tests/cli/again_test.ts` has them.
Deno.test({
  name: "it does not look the same when a link has another end",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withProject((root) => {
      const kept = seen(root);
      Deno.removeSync(join(root, "link"));
      Deno.symlinkSync("tasks.toml", join(root, "link"));
      assertEquals(looksTheSame(kept), false);
    }),
});

Deno.test("what lies beside it does not matter, nor do the times of a directory", () =>
  withProject((root) => {
    const kept = seen(root);
    Deno.writeTextFileSync(join(root, "other/x.txt"), "");
    Deno.writeTextFileSync(join(root, "src/below/deep.txt"), "");
    assertEquals(looksTheSame(kept), true);
  }));

Deno.test("one file that is too young to be recognised by its times, and nothing is kept", () =>
  withProject((root) => {
    watch(0);
    disk.list(join(root, "src"));
    disk.stat(`${root}/src/a.txt`);
    const young = Deno.statSync(join(root, "src/a.txt")).ino;
    const { sights } = testimony()!;
    acted();
    assertEquals(keep(sights, ({ inode }) => inode !== young), undefined);
  }));

Deno.test("two looks that differ are the sign of somebody else at work: nothing is noted any more", () =>
  withProject((root) => {
    const path = join(root, "alone.txt");
    watch(0);
    disk.stat(path);
    Deno.writeTextFileSync(path, "longer than before\n");
    disk.stat(path);
    assertEquals(testimony(), undefined);
  }));

Deno.test("a look aside is not noted, and what acts aside still acts", () => {
  watch(0);
  aside(() => note("barred", "/x", true));
  assertEquals(testimony()?.sights.barred.size, 0);
  aside(acted);
  assertEquals(testimony(), undefined);
});

Deno.test("a name that no text can hold is not kept", () => {
  watch(0);
  note("entries", "/x", [{ name: "a\ufffdb", kind: "file" }]);
  const { sights } = testimony()!;
  acted();
  assertEquals(keep(sights, () => true), undefined);
});

Deno.test("the place where one stands is the same after looking again", () =>
  withProject((root) => {
    const before = Deno.cwd();
    const kept = seen(root);
    looksTheSame(kept);
    assertEquals(Deno.cwd(), before);
    Deno.removeSync(join(root, "src"), { recursive: true });
    looksTheSame(kept);
    assertEquals(Deno.cwd(), before);
  }));
