import { assertEquals } from "@std/assert";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import type { Place } from "../../../../src/model/place.ts";
import type { Outcome } from "../../../../src/model/problem.ts";
import { bindWords, usesOf } from "../../../../src/source/spec/arguments.ts";
import {
  type Context,
  expandElements,
  expandPath,
  expandText,
  expandWords,
} from "../../../../src/source/spec/expand.ts";
import { parseCommand, parseElement, parseText } from "../../../../src/source/spec/words.ts";

const place: Place = { file: "/p/tasks.toml" as AbsolutePath, whole: true };

interface Given {
  readonly tokens?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly strict?: boolean;
  readonly windows?: boolean;
}

function value<T>(outcome: Outcome<T>): T | string {
  return outcome.ok ? outcome.value : outcome.problems.map((problem) => problem.code).join(" ");
}

function contextOf(texts: readonly string[], grammar: "words" | "text", given: Given) {
  const templates = texts.map((text) => ({ text: { text, place }, grammar }));
  const bound = bindWords(given.tokens ?? [], usesOf(templates), { task: "a", usage: "ntask a" });
  if (!bound.ok) return bound;
  const context: Context = {
    args: bound.value,
    env: { get: (name) => given.env?.[name] },
    task: { name: "a", cwd: "/p/src" },
    ntask: {
      root: (given.windows ? "C:\\p" : "/p") as AbsolutePath,
      runCwd: "/p/deep",
      exe: "/bin/ntask",
    },
    strictEnv: given.strict ?? false,
    windows: given.windows ?? false,
  };
  return { ok: true, value: context, warnings: [] } as const;
}

/** A command line as `p` would print it: each argument in brackets. */
function run(line: string, given: Given = {}): string {
  const parsed = parseCommand({ text: line, place }, "a");
  if (!parsed.ok) return String(value(parsed));
  const context = contextOf([line], "words", given);
  if (!context.ok) return String(value(context));
  const words = expandWords(parsed.value, context.value);
  return words.ok
    ? words.value.map((word) => `[${word}]`).join("")
    : words.problems.map((problem) => problem.code).join(" ");
}

function runList(elements: readonly string[], given: Given = {}): string {
  const context = contextOf(elements, "text", given);
  if (!context.ok) return String(value(context));
  const templates = elements.map((text) => {
    const parsed = parseElement({ text, place });
    if (!parsed.ok) throw new Error(`${text} does not parse`);
    return parsed.value;
  });
  const words = expandElements(templates, context.value);
  return words.ok ? words.value.map((word) => `[${word}]`).join("") : String(value(words));
}

function runText(text: string, given: Given = {}): string {
  const context = contextOf([text], "text", given);
  const parsed = parseText({ text, place });
  if (!context.ok || !parsed.ok) return "does not parse";
  return value(expandText(parsed.value, context.value));
}

type Case = readonly [line: string, given: Given, shown: string];

const args = (...tokens: readonly string[]): Given => ({ tokens });

const SPLICE: readonly Case[] = [
  ["{args} -x", args("-a", "b c"), "[-a][b c][-x]"], // ARG-04
  ["{args} -x", args(), "[-x]"], // ARG-05
  ["{args:--default --value} -x", args(), "[--default][--value][-x]"], // ARG-06
  ["{args:--default --value} -x", args("z"), "[z][-x]"], // ARG-07
  ["'--before {args} --after'", args("-u", "-v"), "[--before -u -v --after]"], // ARG-10
  ["--x={args}", args("a", "b"), "[--x=a][b]"], // ARG-11
  ["--x={args}y", args("a", "b c", "d"), "[--x=a][b c][dy]"],
  ["--x={args}y", args("a"), "[--x=ay]"],
  ["--x={args}", args(), "[--x=]"],
  ["p {args}", args(""), "[p][]"], // ARG-29
  ["p '{args}'", args(), "[p][]"],
  ['p "{args}"', args("a", "b"), "[p][a b]"],
  ['p a"{args}"b', args("1", "2"), "[p][a1 2b]"],
  ["p {args}{args}", args("a", "b"), "[p][a][ba b]"],
  ["p {args}{args}", args(), "[p]"],
  ["p {args:}", args(), "[p]"],
  ["p {args:''}", args(), "[p][]"],
  ["p {args:'x y' z}", args(), "[p][x y][z]"],
  ["p \"{args:'x y' z}\"", args(), "[p]['x y' z]"],
  ["p {args:a\\{b \\}}", args(), "[p][a{b][}]"],
  ["p {args:{env.T:tests}}", args(), "[p][tests]"], // SUB-10
  ["p {args:${A} b}", { env: { A: "x y" } }, "[p][x y][b]"],
  ["p {args:${A} b}", {}, "[p][b]"],
  ["p {args:{args.0:d} e}", args(), "[p][d][e]"],
  ["p {args.0:{args}}", args("--q"), "[p][--q]"],
  ["p {args}", args("$(x)", "{args}", "${A}", "a\\"), "[p][$(x)][{args}][${A}][a\\]"],
];

Deno.test("an unquoted {args} splices, sticks and vanishes; a quoted one joins", () => {
  for (const [line, given, shown] of SPLICE) assertEquals(run(line, given), shown, line);
});

const SINGLE: readonly Case[] = [
  ["p {args.0:dev}", args(), "[p][dev]"], // ARG-15
  ["p a {args.0:} b", args(), "[p][a][b]"], // ARG-16
  ['p a "{args.0:}" b', args(), "[p][a][][b]"], // ARG-17
  ["p a {args.0:} b", args(""), "[p][a][][b]"],
  ["p {args.0:a b}", args(), "[p][a b]"],
  ["p {args.0:'a b'}", args(), "[p]['a b']"],
  ["p {args.0}", args("a b"), "[p][a b]"],
  ["p {args.port:1} {args.port:1}", args("--port", "2", "--port", "3"), "[p][3][3]"], // ARG-22
  ["p {args.dry_run:no}", args("--dry-run", "yes"), "[p][yes]"], // ARG-25
  ["p {args.dry-run}{args.dry_run}", args("--dry_run=y"), "[p][yy]"],
  ["p {args.o}", args("--o="), "[p][]"],
  ["p {args.0:{args.1:z}}", args(), "[p][z]"],
  ["p {args.0:}{args.1:}", args(), "[p]"],
  ["p {args.0:}{args.1:}", args("", ""), "[p][]"],
  ["p {args.0:{args.o:}}", args("--o", ""), "[p][]"],
  ["p {args.0}", args(), "R_ARG_MISSING"], // ARG-14
  ["p {args.0} {args.x}", args(), "R_ARG_MISSING R_ARG_MISSING"],
  ["p {task.name} {task.cwd}", args(), "[p][a][/p/src]"],
  ["p {ntask.root} {ntask.run_cwd} {ntask.exe}", args(), "[p][/p][/p/deep][/bin/ntask]"],
];

Deno.test("a single value is one word, its default is not split, an empty default vanishes", () => {
  for (const [line, given, shown] of SINGLE) assertEquals(run(line, given), shown, line);
});

const WHO = { env: { WHO: "x y", E: "" } };

const VARIABLES: readonly Case[] = [
  ["p ${WHO} {env.WHO}", WHO, "[p][x y][x y]"], // SUB-01
  ['p a "${NOPE}" pre${NOPE}', WHO, "[p][a][][pre]"], // SUB-03
  ["p ${NOPE} {env.NOPE} ${E} {env.E} ${NOPE}${E}", WHO, "[p]"],
  ["p ${NOPE:-dflt} {env.NOPE:dflt2}", WHO, "[p][dflt][dflt2]"], // SUB-04
  ["p ${E:-d} {env.E:d}", WHO, "[p][d]"],
  ["p ${E:-} ${NOPE:-}", WHO, "[p]"],
  ["p ${NOPE:-a b}", WHO, "[p][a b]"],
  ["p '${WHO}' '{env.WHO}'", WHO, "[p][${WHO}][x y]"], // SUB-05
  ['p "${WHO}" "{env.WHO}"', WHO, "[p][x y][x y]"],
  ["p \\{args} \\${WHO} {{.ID}} {print}", WHO, "[p][{args}][${WHO}][{{.ID}}][{print}]"], // SUB-06
  ["p ${args}", { env: { args: "v" } }, "[p][v]"], // SUB-11
  ["p {env.X}", { env: { X: "{env.X} ${X} 'q" } }, "[p][{env.X} ${X} 'q]"],
  ["p {env.NOPE:{args.0:q}}", args("v"), "[p][v]"],
];

Deno.test("variables are one word, unset ones yield nothing", () => {
  for (const [line, given, shown] of VARIABLES) assertEquals(run(line, given), shown, line);
});

Deno.test("strict_env makes an unset variable without a default R_ENV_UNSET", () => {
  const strict: Given = { strict: true, env: { E: "" } };
  assertEquals(run("p ${NOPE}", strict), "R_ENV_UNSET");
  assertEquals(run("p {env.NOPE}", strict), "R_ENV_UNSET");
  assertEquals(run("p '{env.NOPE}' ${X}", strict), "R_ENV_UNSET R_ENV_UNSET");
  assertEquals(run("p ${NOPE:-} {env.NOPE:} ${E} {env.E}", strict), "[p]");
});

Deno.test("the list form takes elements as they are, and splices a lone {args}", () => {
  assertEquals(runList(["p", "a b", "c"]), "[p][a b][c]"); // FORM-05
  assertEquals(runList(["p", "<{args}>"], args("a", "b c")), "[p][<a b c>]"); // ARG-09
  assertEquals(runList(["p", "{args}"], args("a", "b c", "")), "[p][a][b c][]");
  assertEquals(runList(["p", "{args}", "z"]), "[p][z]");
  assertEquals(runList(["p", "{args:-a 'b c'}"]), "[p][-a][b c]");
  assertEquals(runList(["p", "${NOPE}", "{args.0:}", "'q'"]), "[p][][]['q']");
  assertEquals(runList(["p", "\\{args}", "a\\b"]), "[p][{args}][a\\b]");
  assertEquals(runList(["p", "<{args:a 'b'}>"]), "[p][<a 'b'>]");
});

Deno.test("a plain text joins {args} and leaves quotes alone", () => {
  assertEquals(runText("{args.mode:dev}-{task.name}"), "dev-a"); // SUB-13
  assertEquals(runText("{args.mode:dev}-{task.name}", args("--mode", "prod")), "prod-a");
  assertEquals(runText("'{args:x y}'"), "'x y'");
  assertEquals(runText("'{args}'", args("a", "b c")), "'a b c'");
});

Deno.test("a path is resolved against the root in the dialect of the platform", () => {
  const path = (text: string, given: Given = {}) => {
    const context = contextOf([text], "text", given);
    const parsed = parseText({ text, place });
    if (!context.ok || !parsed.ok) return "does not parse";
    return value(expandPath(parsed.value, context.value));
  };
  assertEquals(path("src"), "/p/src");
  assertEquals(path(""), "/p");
  assertEquals(path("../x/./y"), "/x/y");
  assertEquals(path("/abs"), "/abs");
  assertEquals(path("{ntask.run_cwd}"), "/p/deep"); // CWD-06
  assertEquals(path("~/x", { env: { HOME: "/h" } }), "/h/x");
  assertEquals(path("~", { env: { HOME: "/h" } }), "/h");
  assertEquals(path("~", {}), "/p/~");
  assertEquals(path("~bob/x", { env: { HOME: "/h" } }), "/p/~bob/x");
  assertEquals(path("a/~", { env: { HOME: "/h" } }), "/p/a/~");
  assertEquals(path("src/x", { windows: true }), "C:\\p\\src\\x");
  assertEquals(path("D:\\x", { windows: true }), "D:\\x");
  assertEquals(path("~\\x", { windows: true, env: { USERPROFILE: "C:\\u" } }), "C:\\u\\x");
});

Deno.test("a problem of a substitution points at it", () => {
  const parsed = parseText({ text: "ab{args.0}", place });
  const context = contextOf([], "text", {});
  if (!parsed.ok || !context.ok) throw new Error("does not parse");
  const at: Place = { file: "/p/tasks.toml" as AbsolutePath, path: ["tasks", "a", "cwd"] };
  assertEquals(expandText(parsed.value, { ...context.value, usage: () => "ntask a ARG0" }, at), {
    ok: false,
    problems: [{
      code: "R_ARG_MISSING",
      task: "a",
      place: { ...at, within: [2, 8] },
      name: "{args.0}",
      usage: "ntask a ARG0",
    }],
  });
});
