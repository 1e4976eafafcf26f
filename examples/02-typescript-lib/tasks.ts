import fs from "node:fs";
import { join, resolve } from "node:path";
import { shell, task } from "ntask";
import { runTests } from "./tests/run.ts";

/** Refuse trailing blanks, tabs and lines of more than 100 characters. */
export const lint = task(() => {
  const faults = sources().flatMap((file) =>
    fs.readFileSync(file, "utf8").split(/\r?\n/).flatMap((line, index) => {
      const fault = /\s$/.test(line)
        ? "trailing blank"
        : line.includes("\t")
        ? "tab"
        : line.length > 100
        ? "too long"
        : undefined;
      return fault === undefined ? [] : [`${file}:${index + 1}: ${fault}`];
    })
  );
  if (faults.length > 0) throw new Error(faults.join("\n"));
  console.log(`${sources().length} files are in order`);
});

/**
 * Run the tests.
 *
 * @param filter only those with this text in their name
 */
export const test = task((filter = "") => {
  const { passed, failed } = runTests(filter);
  if (failed > 0) throw new Error(`${failed} of ${passed + failed} tests failed`);
});

/** Copy the library to dist/ and say what is in it. */
export const build = task({ deps: [lint] }, async () => {
  await shell`rm -rf dist && mkdir -p dist && cp src/case.ts src/mod.ts src/words.ts dist`;
  return fs.readdirSync("dist").sort();
});

/**
 * Write dist/package.json.
 *
 * @param version what it says, as 1.2.3
 * @param channel where it will be published
 * @example ntask pack 1.2.3 --channel=next
 */
export const pack = task(
  { deps: { files: build, _tests: test } },
  async (
    { files }: { files: string[] },
    version: string,
    channel: "latest" | "next" = "latest",
  ) => {
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`"${version}" is no version`);
    const content = {
      name: "cases",
      version,
      type: "module",
      files,
      publishConfig: { tag: channel },
    };
    fs.writeFileSync(resolve("dist/package.json"), JSON.stringify(content, null, 2) + "\n");
    await shell`echo ${`cases ${version} (${channel}):`} && ls dist`;
  },
);

/** Remove what was built. */
export const clean = task("rm -rf dist");

function sources(): string[] {
  return ["src", "tests"].flatMap((folder) =>
    fs.readdirSync(folder).sort().map((name) => join(folder, name))
  );
}
