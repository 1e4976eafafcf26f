/**
 * A small run of the property test of the cache, over fixed seeds; the large one, and what it is, is
 * `tests/stages/cache_property.ts`.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { binary } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { drive } from "../stages/cache/drive.ts";
import { emptyTally, tallyText } from "../stages/cache/tally.ts";

const POSIX = { posixOnly: "the commands are sh text and the files have executable bits" };

/** Projects with TOML tasks only, one of them with cached ones only, and one with functions. */
const SEEDS = [
  { seed: 4, functions: false, still: false },
  { seed: 2, functions: false, still: false },
  { seed: 5, functions: false, still: true },
  { seed: 3, functions: true, still: false },
];

for (const { seed, functions, still } of SEEDS) {
  cliTest(
    `after random edits a run leaves what a clean run leaves: seed ${seed}${
      functions ? ", with functions" : ""
    }`,
    POSIX,
    async () => {
      const tally = emptyTally();
      // Deno would load what the user's files import.
      const shape = { functions, packages: binary.form !== "deno run", still };
      const steps = binary.form === "deno run" ? 20 : 38;
      const failure = await drive({ seed, steps, shape, cache: true }, tally);
      assertEquals(failure?.story, undefined);
      assert(tally.spared > 0, "nothing was ever spared");
      assertEquals([...tally.needless, ...tally.unproven], [], tallyText(tally));
      // A checkout is changed without a new version: nothing is told again there.
      const again = tally.seen.get("idle run kept") ?? 0;
      if (still && binary.form !== "deno run") assert(again > 0, "no idle run was kept");
    },
  );
}
