import { shell, task } from "ntask";

/** Check the format of every file. */
export const fmt = task("deno fmt --check");

/** Look for mistakes that the compiler does not see. */
export const lint = task("deno lint");

/** Check the types. */
export const check = task("deno task check");

/** Run the tests.
 * @param path only the tests below this path */
export const test = task((path = "tests") => shell`deno test -A --no-check --parallel ${path}`);

/** Everything that has to hold before a change lands. */
export const ok = task({ deps: [fmt, lint, check, test] });

/** Build the binary for this machine. */
export const compile = task("deno task compile");
