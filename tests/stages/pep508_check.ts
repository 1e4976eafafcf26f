/**
 * Compares `source/spec/condition.ts` and `pep440.ts` with Python's own `packaging` library: its
 * parametrised tests, and its answers to some 220,000 further questions. Needs python3 with pip and
 * a package index, so it is no part of `deno task test`.
 *
 * Run: deno run -A tests/stages/pep508_check.ts
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { evaluate, type MarkerSource, parseCondition } from "../../src/source/spec/condition.ts";
import {
  compareVersions,
  formatVersion,
  matchesSpecifier,
  parseSpecifier,
  parseVersion,
  type VersionOperator,
} from "../../src/source/spec/pep440.ts";

/** What `pep508_data.py` prints; `null` as an answer means that the comparison is undefined. */
interface Data {
  readonly valid_markers: readonly string[];
  readonly invalid_markers: readonly string[];
  readonly markers: readonly Question[];
  readonly evaluated: readonly Question[];
  readonly valid_versions: readonly string[];
  readonly invalid_versions: readonly string[];
  readonly normalized: readonly (readonly [version: string, normal: string])[];
  readonly comparisons: readonly (readonly [string, Comparison, string, boolean])[];
  readonly valid_specifiers: readonly string[];
  readonly invalid_specifiers: readonly string[];
  readonly specifiers: readonly (readonly [version: string, specifiers: string, boolean])[];
  readonly grid: readonly (readonly [VersionOperator, version: string, answers: string])[];
}

type Question = readonly [
  text: string,
  environment: Readonly<Record<string, string>>,
  answer: boolean | null,
];

type Comparison = Exclude<VersionOperator, "~=" | "===">;

const ORDER: Readonly<Record<Comparison, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
  ">=": (order) => order >= 0,
  ">": (order) => order > 0,
};

/** The truth is pinned, so that a new release of it is looked at before it is believed. */
const PACKAGING = "packaging==26.4";

const folder = await Deno.makeTempDir({ prefix: "pep508-" });
try {
  const data = await load(folder);
  await check(data);
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function load(folder: string): Promise<Data> {
  await run("python3", [
    ...["-m", "pip", "download", "--quiet", "--disable-pip-version-check"],
    ...["--no-binary", ":all:", "--no-deps", "--dest", folder, PACKAGING],
  ]);
  const [archive] = [...Deno.readDirSync(folder)].map((entry) => entry.name);
  await run("python3", ["-m", "tarfile", "-e", `${folder}/${archive}`, folder]);
  const source = archive!.replace(/\.tar\.gz$/, "");
  console.log(`compared with ${source}`);
  const helper = fromFileUrl(new URL("./pep508_data.py", import.meta.url));
  return JSON.parse(await run("python3", [helper, `${folder}/${source}`]));
}

async function run(program: string, args: readonly string[]): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], stdout: "piped" });
  const { success, stdout } = await command.output();
  if (!success) throw new Error(`${program} ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout);
}

async function check(data: Data): Promise<void> {
  const counts = new Map<string, number>();
  const designed = new Map<string, number>();
  const failures: string[] = [];
  const judge = (what: string, same: boolean, row: unknown, design?: string) => {
    if (same) counts.set(what, (counts.get(what) ?? 0) + 1);
    else if (design !== undefined) designed.set(design, (designed.get(design) ?? 0) + 1);
    else failures.push(`${what}: ${JSON.stringify(row)}`);
  };

  for (const text of data.valid_versions) {
    judge("versions are valid", parseVersion(text) !== undefined, text);
  }
  for (const text of data.invalid_versions) {
    judge("versions are invalid", parseVersion(text) === undefined, text);
  }
  for (const [text, normal] of data.normalized) {
    const version = parseVersion(text);
    judge("versions are normalised", version !== undefined && formatVersion(version) === normal, [
      text,
      normal,
    ]);
  }
  for (const [left, operator, right, expected] of data.comparisons) {
    const order = compareVersions(parseVersion(left)!, parseVersion(right)!);
    judge("versions are ordered", ORDER[operator](order) === expected, [left, operator, right]);
  }
  for (const text of data.valid_specifiers) {
    judge("specifiers are valid", contains(text, "1") !== undefined, text);
  }
  for (const text of data.invalid_specifiers) {
    judge("specifiers are invalid", contains(text, "1") === undefined, text);
  }
  for (const [version, text, expected] of data.specifiers) {
    const all = text.split(",").every((part) => contains(part, version));
    judge("specifiers contain", all === expected, [version, text, expected]);
  }
  for (const [operator, text, answers] of data.grid) {
    for (const [index, version] of data.valid_versions.entries()) {
      const answer = contains(operator + text, version);
      const expected = answers === "-" ? undefined : answers[index] === "1";
      judge("specifiers contain, every pair", answer === expected, [version, operator + text]);
    }
  }

  for (const text of data.valid_markers) {
    const parsed = parseCondition(text);
    // An undefined comparison is found at load here, and when it is evaluated there.
    const sound = parsed.ok || parsed.problems.every(({ code }) => code === "E_COND_OP");
    judge("markers are valid", sound, text, extra(text));
  }
  for (const text of data.invalid_markers) {
    const design = /[\r\n]$/.test(text)
      ? "a line break is a blank here, for the multi-line strings of TOML"
      : text.includes("\\")
      ? "there are no escapes: a backslash between quotes is a character"
      : undefined;
    judge("markers are invalid", !parseCondition(text).ok, text, design);
  }
  for (
    const [what, questions] of [
      ["markers evaluate", data.markers],
      ["markers evaluate, every combination", data.evaluated],
    ] as const
  ) {
    for (const [text, environment, expected] of questions) {
      const answer = await ask(text, environment);
      const design = extra(text) ?? platform(text);
      judge(what, answer === expected, [text, environment, expected, answer], design);
    }
  }

  for (const [what, count] of counts) console.log(`${String(count).padStart(7)}  ${what}`);
  console.log("different by design:");
  for (const [why, count] of designed) console.log(`${String(count).padStart(7)}  ${why}`);
  for (const failure of failures.slice(0, 50)) console.log(`FAILED ${failure}`);
  const passed = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${passed} passed, ${failures.length} failed`);
  if (failures.length > 0) Deno.exitCode = 1;
}

function contains(text: string, version: string): boolean | undefined {
  const match = /^\s*(===|==|~=|!=|<=|>=|<|>)(.*)$/s.exec(text);
  if (match === null) return undefined;
  const specifier = parseSpecifier(match[1] as VersionOperator, match[2]!);
  return specifier && matchesSpecifier(specifier, version);
}

/** `null` for E_COND_OP; a code for anything else that is not an answer. */
async function ask(text: string, environment: Readonly<Record<string, string>>) {
  const source: MarkerSource = {
    value: (name) => environment[name]!,
    exists: () => false,
    glob: () => false,
  };
  const parsed = parseCondition(text);
  const outcome = parsed.ok ? await evaluate(parsed.expression, source) : parsed;
  if (outcome.ok) return outcome.value;
  const codes = outcome.problems.map(({ code }) => code);
  return codes.every((code) => code === "E_COND_OP") ? null : codes.join(" ");
}

function extra(text: string): string | undefined {
  return /\bextra\b/.test(text) ? "a task has no extras" : undefined;
}

function platform(text: string): string | undefined {
  return /platform[._](release|version)/.test(text)
    ? "platform_release and platform_version are versions if both sides parse, else strings"
    : undefined;
}
