/**
 * Many processes on one project and one store: every result is made once, nobody sees half of one,
 * and all end well.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { rmSync } from "node:fs";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Project } from "../rig/project.ts";
import { randomFrom } from "../rig/random.ts";
import {
  assertCalm,
  assertSound,
  built,
  counts,
  FILES,
  OUTPUTS,
  picture,
  rounds,
  seed,
} from "./_cache.ts";

const PROCESSES = 8;

/** The actions count themselves in a file whose name is the same for all projects. */
const counting = (file: string) => ({ env: { COUNT: file } });

async function runAll(
  projects: readonly Project[],
  words: (index: number) => readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const ran = await Promise.all(
    Array.from(
      { length: PROCESSES },
      (_, index) => projects[index % projects.length]!.run(words(index), { env }),
    ),
  );
  return ran.map(({ code, stdout, stderr }) => {
    assertCalm(stderr);
    assertEquals(code, 0, stderr);
    assert(!stderr.includes("warning"), stderr);
    return stdout;
  });
}

cliTest("eight processes that want the same build it once, and all get it", async () => {
  await using project = await createProject(FILES);
  const { env } = counting(join(project.base, "count"));
  const store = join(project.root, ".ntask", "cache");
  for (let round = 0; round < rounds(6); round++) {
    project.write({ "src/a.txt": `round ${round}\n` });
    const outputs = await runAll([project], () => ["report"], env);
    assertEquals(counts(env.COUNT), { gen: 1, build: 1, report: 1 }, `round ${round}`);
    assertEquals(new Set(outputs), new Set(["reported\n"]));
    assertEquals(picture(project.root), built(project), `round ${round}`);
    // And now all of them restore at once.
    for (const name of OUTPUTS) rmSync(join(project.root, name), { recursive: true });
    await runAll([project], () => ["report"], env);
    assertEquals(counts(env.COUNT), {}, `round ${round}`);
    assertEquals(picture(project.root), built(project), `round ${round}`);
  }
  assertSound(store);
});

cliTest("eight processes that want different tasks, on changing files, end well", async () => {
  await using project = await createProject(FILES);
  const random = randomFrom(seed());
  const { env } = counting(join(project.base, "count"));
  for (let round = 0; round < rounds(8); round++) {
    project.write({ "src/b.txt": random.of(["one\n", "two, and long\n", "three\n"]) });
    if (random.chance(0.5)) {
      rmSync(join(project.root, random.of(OUTPUTS)), { recursive: true, force: true });
    }
    await runAll([project], (index) => [["gen", "build", "report"][index % 3]!], env);
    for (const [name, count] of Object.entries(counts(env.COUNT))) {
      assertEquals(count, 1, `round ${round}: ${name}`);
    }
    assertEquals(picture(project.root), built(project), `round ${round}`);
  }
  assertSound(join(project.root, ".ntask", "cache"));
});

cliTest(
  "two projects with one store build every key once, and each has its own outputs",
  async () => {
    await using one = await createProject(FILES);
    await using two = await createProject(FILES);
    const store = join(one.base, "shared");
    const { env: { COUNT } } = counting(join(one.base, "count"));
    const env = { COUNT, NTASK_CACHE_DIR: store };
    for (let round = 0; round < rounds(6); round++) {
      for (const project of [one, two]) project.write({ "src/c.txt": `round ${round}\n` });
      await runAll([one, two], () => ["report"], env);
      assertEquals(counts(COUNT), { gen: 1, build: 1, report: 1 }, `round ${round}`);
      for (const project of [one, two]) {
        assertEquals(picture(project.root), built(project), `round ${round}`);
        assert(!project.has(".ntask/cache"));
      }
    }
    assertSound(store);
  },
);

for (
  const [name, commands] of Object.entries({
    "pruning and verifying": [["cache", "prune"], ["cache", "verify"], ["cache", "info"]],
    // A task that is forgotten is performed again, where another process may be reading.
    cleaning: [["clean"], ["clean", "--all"]],
  })
) {
  cliTest(`${name} beside eight processes spoils nothing`, async () => {
    await using project = await createProject(FILES);
    const random = randomFrom(seed());
    const env = { NTASK_CACHE_SIZE: "20k" };
    for (let round = 0; round < rounds(5); round++) {
      project.write({ "src/b.txt": random.of(["one\n", "two, and long\n", "three\n"]) });
      if (random.chance(0.5)) {
        rmSync(join(project.root, random.of(OUTPUTS)), { recursive: true, force: true });
      }
      const tasks = Array.from({ length: PROCESSES }, () => ["report"]);
      const ran = await Promise.all(
        [...tasks, ...commands].map((words) => project.run(words, { env })),
      );
      for (const { code, stderr } of ran) {
        assertCalm(stderr);
        if (name !== "cleaning") assertEquals(code, 0, `round ${round}: ${stderr}`);
      }
      assertEquals((await project.run(["report"], { env })).code, 0);
      assertEquals(picture(project.root), built(project), `round ${round}`);
    }
    assertSound(join(project.root, ".ntask", "cache"));
  });
}

/** The one waits for the other; neither reads what the other has half done. */
const SHARED = {
  "tasks.toml": `[tasks.one]
cmd = "sh make.sh one"
inputs = ["make.sh"]
outputs = ["dist/"]

[tasks.two]
cmd = "sh make.sh two"
inputs = ["make.sh"]
outputs = ["dist/"]
`,
  "make.sh": `set -e
mkdir -p dist
for name in a b c d e f; do
  if test -e dist/$name; then echo "somebody else is here" >&2; exit 1; fi
  echo $1 > dist/$name
done
for name in a b c d e f; do test "$(cat dist/$name)" = $1; done
`,
};

cliTest("tasks that share an output never work there at the same time", async () => {
  await using project = await createProject(SHARED);
  for (let round = 0; round < rounds(6); round++) {
    project.write({ "make.sh": `${SHARED["make.sh"]}# ${round}\n` });
    // Built, then restored.
    for (let turn = 0; turn < 2; turn++) {
      await runAll([project], (index) => [index % 2 === 0 ? "one" : "two"], {});
      const texts = ["a", "b", "c", "d", "e", "f"].map((name) => project.read(`dist/${name}`));
      assertEquals(new Set(texts).size, 1, `round ${round}: ${texts}`);
    }
  }
});
