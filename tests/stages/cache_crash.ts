/**
 * `kill -9` at any moment of runs that build, restore and clean, again during the recovery; the next
 * run must end as if nothing had happened: its outputs are those of a build from nothing, and
 * nothing in the store is damaged.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { rmSync } from "node:fs";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";
import { type Random, randomFrom } from "../rig/random.ts";
import { assertCalm, assertSound, built, FILES, OUTPUTS, picture, rounds, seed } from "./_cache.ts";
import type { Project } from "../rig/project.ts";

/** Few variants, so that there is something to restore. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  "src/a.txt": ["a\n", "aa\n", "a long line\n"],
  "src/b.txt": ["bee\n", "another long line\n"],
  "src/c.txt": ["long enough\n", "c\n"],
};

cliTest("a run after kills at any moment ends as if nothing had happened (lesson 13)", async () => {
  await using project = await createProject(FILES);
  const random = randomFrom(seed());
  const store = join(project.root, ".ntask", "cache");
  assertEquals((await project.run(["report"])).code, 0);
  let kills = 0;
  let inTime = 0;
  let longest = 200;
  for (let round = 0; kills < rounds(80); round++) {
    disturb(project, random);
    do {
      const running = project.start(["report"]);
      await new Promise((next) => setTimeout(next, random.below(longest)));
      await running.close();
      const code = await running.exited;
      if (code !== 0) kills++;
      else inTime++;
    } while (random.chance(0.4));
    const began = performance.now();
    const { code, stderr } = await project.run(["report"]);
    // Kills come while there is something to kill.
    longest = Math.max(20, 0.7 * longest + 0.3 * (performance.now() - began));
    assertCalm(stderr);
    assertEquals(code, 0, `round ${round}: ${stderr}`);
    assertEquals(picture(project.root), built(project), `round ${round}`);
    if (round % 8 === 0) assertSound(store);
  }
  assertSound(store);
  console.log(`${kills} kills, ${inTime} runs that were faster`);
});

/** Change sources, or take away or damage outputs. */
function disturb(project: Project, random: Random): void {
  for (const [path, texts] of Object.entries(VARIANTS)) {
    if (random.chance(0.4)) project.write({ [path]: random.of(texts) });
  }
  if (random.chance(0.3)) {
    rmSync(join(project.root, random.of(OUTPUTS)), { recursive: true, force: true });
  }
  if (random.chance(0.2)) project.write({ "gen/all": "somebody wrote this\n" });
}
