import { assert, assertEquals } from "@std/assert";
import type { Param, ParamType, Signature } from "../../../../src/model/param.ts";
import type { Problem } from "../../../../src/model/problem.ts";
import {
  bind,
  type Bound,
  type GlobalKind,
  toCall,
} from "../../../../src/source/signature/bind.ts";
import { sortWords } from "../../../../src/source/signature/_words.ts";
import { read } from "./_reading.ts";

const GLOBALS: Readonly<Record<string, GlobalKind>> = {
  "--offline": "flag",
  "--no-cache": "flag",
  "--force": "flag",
  "--help": "flag",
  "-h": "flag",
  "-k": "flag",
  "-q": "flag",
  "--jobs": "optional-number",
  "-j": "optional-number",
  "--file": "value",
  "-C": "value",
};

async function signatureOf(params: string): Promise<Signature> {
  const module = await read(
    `import { task } from "ntask"; export const t = task((${params}) => {});`,
  );
  return module.exports[0]!.signature!;
}

/** Bind words to the parameters of a function of that text. */
async function bound(params: string, ...words: string[]): Promise<Bound> {
  const outcome = run(await signatureOf(params), words);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

async function values(params: string, ...words: string[]): Promise<Bound["values"]> {
  return (await bound(params, ...words)).values;
}

async function problems(params: string, ...words: string[]): Promise<readonly Problem[]> {
  const outcome = run(await signatureOf(params), words);
  assert(!outcome.ok, `${words} should not bind to (${params})`);
  return outcome.problems;
}

function run(signature: Signature, words: readonly string[]) {
  return bind({
    task: "t",
    signature,
    words,
    isGlobal: (word) => GLOBALS[word],
    globalOptions: Object.keys(GLOBALS),
  });
}

/** A parameter as a typed table of TOML has it. */
function param(name: string, type: ParamType, more: Partial<Param> = {}): Param {
  return {
    name,
    option: name,
    type,
    many: false,
    rest: false,
    positional: false,
    required: false,
    negatable: false,
    ...more,
  };
}

const RELEASE = "version: string, dryRun = false";

Deno.test("a value is given by position, as --name=value or as --name value", async () => {
  const expected = { version: "1.0.0" };
  assertEquals(await values(RELEASE, "1.0.0"), expected);
  assertEquals(await values(RELEASE, "--version=1.0.0"), expected);
  assertEquals(await values(RELEASE, "--version", "1.0.0"), expected);
});

Deno.test("options stand before, between and behind positions", async () => {
  const expected = { a: "1", b: "2", dryRun: true };
  for (const words of [["--dry-run", "1", "2"], ["1", "--dry-run", "2"], ["1", "2", "--dry-run"]]) {
    assertEquals(await values("a: string, b: string, dryRun = false", ...words), expected);
  }
});

Deno.test("an option answers to kebab-case, camelCase and underscores", async () => {
  for (const word of ["--dry-run", "--dryRun", "--dry_run"]) {
    assertEquals(await values(RELEASE, "1", word), { version: "1", dryRun: true });
  }
  assertEquals(await values(RELEASE, "1", "--no-dryRun"), { version: "1", dryRun: false });
});

Deno.test("a flag is switched on, off, or set by =true and =false", async () => {
  assertEquals(await values("watch = true", "--watch"), { watch: true });
  assertEquals(await values("watch = true", "--no-watch"), { watch: false });
  assertEquals(await values("watch = true", "--watch=false"), { watch: false });
  assertEquals(await values("watch = true"), {});
});

Deno.test("a flag takes no other value, and no word", async () => {
  const [attached] = await problems("watch = true", "--watch=yes");
  assertEquals(attached, {
    code: "R_ARG_VALUE",
    task: "t",
    name: "--watch",
    detail: "takes no value",
    usage: "ntask t [--no-watch]",
  });
  assertEquals((await problems("watch = true", "--no-watch=true"))[0]!.code, "R_ARG_VALUE");
  assertEquals(await values("watch = true, name = ''", "--watch", "x"), { watch: true, name: "x" });
});

Deno.test("defaults stay with the function", async () => {
  assertEquals(await values("a = 'x', b = 4, c: string[] = ['y'], d?: string"), {});
});

Deno.test("an empty value is a value", async () => {
  assertEquals(await values("a: string, b = 'x'", "", "--b="), { a: "", b: "" });
});

Deno.test("a value may contain an equals sign", async () => {
  assertEquals(await values("a: string, b: string", "k=v", "--b=x=y"), { a: "k=v", b: "x=y" });
});

Deno.test("numbers are checked, and negative ones are values and positions", async () => {
  assertEquals(await values("a: number, b = 0", "-5", "--b", "-.5"), { a: -5, b: -0.5 });
  assertEquals(await values("a: number, b = 0", "1e3", "--b=0x10"), { a: 1000, b: 16 });
  for (const word of ["", " ", "five", "5px", "1e999", "NaN", "Infinity", "--", "1,5"]) {
    const outcome = run(await signatureOf("a?: number"), [`--a=${word}`]);
    assert(!outcome.ok, word);
    assertEquals(outcome.problems[0]!.code, "R_ARG_VALUE");
  }
  const [problem] = await problems("count: number", "five");
  assertEquals(problem, {
    code: "R_ARG_VALUE",
    task: "t",
    name: "<count>",
    detail: '"five" is not a number',
    usage: "ntask t <count>",
  });
});

Deno.test("bigints keep every digit", async () => {
  const digits = "123456789012345678901234567890";
  assertEquals(await values("a: bigint", digits), { a: BigInt(digits) });
  assertEquals(await values("a: bigint", "-7n"), { a: -7n });
  assertEquals((await problems("a: bigint", "1.5"))[0]!.code, "R_ARG_VALUE");
});

Deno.test("integers are checked", () => {
  const signature = { params: [param("n", { kind: "integer" })], shape: [] };
  const good = run(signature, ["--n=-12"]);
  assert(good.ok);
  assertEquals(good.value.values, { n: -12 });
  for (const word of ["1.5", "1e3", "9007199254740993"]) {
    assertEquals(run(signature, [`--n=${word}`]).ok, false);
  }
});

Deno.test("a choice gives its own value, and the nearest one when it is mistyped", async () => {
  assertEquals(await values("a: 1 | 2, b: 'auto' | boolean", "2", "true"), { a: 2, b: true });
  const [problem] = await problems("mode: 'dev' | 'prod'", "prd");
  assertEquals(problem, {
    code: "R_ARG_VALUE",
    task: "t",
    name: "<mode>",
    detail: '"prd" is not one of dev, prod',
    usage: "ntask t <mode>",
    near: ["prod"],
  });
});

Deno.test("an array takes repeated options, or the positions that are left", async () => {
  const params = "mode: string, files: string[]";
  assertEquals(await values(params, "m", "a", "b"), { mode: "m", files: ["a", "b"] });
  assertEquals(await values(params, "m", "--files", "a", "--files=b"), {
    mode: "m",
    files: ["a", "b"],
  });
  assertEquals(await values("ports: number[]", "80", "443"), { ports: [80, 443] });
  assertEquals(await values("...names: string[]"), {});
  assertEquals(await values("a: string, ...names: string[]", "1", "2", "3"), {
    a: "1",
    names: ["2", "3"],
  });
});

Deno.test("every bad element of an array is reported", async () => {
  const found = await problems("ports: number[]", "80", "x", "y");
  assertEquals(found.map((problem) => problem.code), ["R_ARG_VALUE", "R_ARG_VALUE"]);
});

Deno.test("a parameter given by option takes no position", async () => {
  assertEquals(await values("a: string, b: string", "--a=1", "2"), { a: "1", b: "2" });
  const [problem] = await problems("files: string[]", "--files=a", "b");
  assertEquals(problem!.code, "R_ARG_UNEXPECTED");
});

Deno.test("after -- every word is a position", async () => {
  assertEquals(await values("...words: string[]", "a", "--", "--offline", "-x", "--", "-j"), {
    words: ["a", "--offline", "-x", "--", "-j"],
  });
  assertEquals((await bound("...words: string[]", "--", "--offline")).globals, []);
});

Deno.test("a single dash is a word", async () => {
  assertEquals(await values("file: string, out = ''", "-", "--out", "-"), { file: "-", out: "-" });
});

Deno.test("members of a destructured object are options only", async () => {
  const params = "{ pattern = '', watch = false }: { pattern?: string; watch?: boolean }";
  assertEquals(await values(params, "--pattern=x", "--watch"), { pattern: "x", watch: true });
  const [problem] = await problems(params, "x");
  assertEquals(problem, {
    code: "R_ARG_UNEXPECTED",
    task: "t",
    word: "x",
    why: "no word is expected here",
    usage: "ntask t [--pattern <string>] [--watch]",
    near: [],
  });
});

Deno.test("everything required that is missing is named", async () => {
  const found = await problems("version: string, { to, must }: { to: string; must: boolean }");
  assertEquals(
    found,
    ["<version>", "--to", "--must"].map((name) => ({
      code: "R_ARG_MISSING",
      task: "t",
      name,
      usage: "ntask t <version> --to <string> --must|--no-must",
    })),
  );
});

Deno.test("a word too many is unexpected, with a hint if it looks like an option", async () => {
  const [extra] = await problems("a: string", "1", "2");
  assert(extra?.code === "R_ARG_UNEXPECTED");
  assertEquals([extra.word, extra.why, extra.near], ["2", "every position is taken", []]);
  const [assignment] = await problems("a: string, flag = false, b = ''", "1", "2", "b=3");
  assert(assignment?.code === "R_ARG_UNEXPECTED");
  assertEquals(assignment.near, ["--b=3"]);
});

Deno.test("an unknown option is an error with the nearest of the task's and ntask's own", async () => {
  const [own] = await problems(RELEASE, "1.0.0", "--dry-rum");
  assertEquals(own, {
    code: "R_ARG_UNEXPECTED",
    task: "t",
    word: "--dry-rum",
    why: "unknown option",
    usage: "ntask t <version> [--dry-run]",
    near: ["--dry-run"],
  });
  const [global] = await problems(RELEASE, "1.0.0", "--ofline");
  assert(global?.code === "R_ARG_UNEXPECTED");
  assertEquals(global.near, ["--offline"]);
  const [negated] = await problems(RELEASE, "1.0.0", "--no-version");
  assert(negated?.code === "R_ARG_UNEXPECTED");
  const [dash] = await problems("{ n = 1 }: { n?: number }", "-n", "3");
  assert(dash?.code === "R_ARG_UNEXPECTED");
  assertEquals(dash.near, ["--n"]);
});

Deno.test("an unknown option is not followed by complaints about the words behind it", async () => {
  assertEquals((await problems("a: string", "--nope", "x", "y")).length, 1);
  assertEquals((await problems("a: string", "--one", "--two")).length, 2);
});

Deno.test("an option without its value says so", async () => {
  const [end] = await problems("a = ''", "--a");
  assert(end?.code === "R_ARG_VALUE");
  assertEquals([end.name, end.detail], ["--a", "needs a value"]);
  const found = await problems("a = ''", "--a", "--bee");
  assertEquals(found.length, 1);
  assert(found[0]?.code === "R_ARG_VALUE");
  assertEquals(
    found[0].detail,
    "needs a value; a value that begins with a dash is written --a=--bee",
  );
  assertEquals(await values("a = ''", "--a=--bee"), { a: "--bee" });
});

Deno.test("an option given twice is an error, since one of the two would be dropped", async () => {
  for (const words of [["--a=1", "--a=2"], ["--b", "--no-b"]]) {
    const [problem] = await problems("a = '', b = false", ...words);
    assert(problem?.code === "R_ARG_VALUE");
    assertEquals(problem.detail, "is given twice");
  }
});

Deno.test("an option that only ntask knows is ntask's", async () => {
  assertEquals(await bound(RELEASE, "--version=1.0.0", "-j"), {
    values: { version: "1.0.0" },
    globals: ["-j"],
    own: ["--version=1.0.0"],
  });
  assertEquals((await bound("a = ''", "--offline", "x", "--force=lint")).globals, [
    "--offline",
    "--force=lint",
  ]);
  assertEquals(await bound("a = ''", "--file", "f", "x", "-C", "dir"), {
    values: { a: "x" },
    globals: ["--file", "f", "-C", "dir"],
    own: ["x"],
  });
});

Deno.test("-j takes a number only when it is attached or the next word is all digits", async () => {
  const cases: [string[], string[], Record<string, unknown>][] = [
    [["-j4", "x"], ["-j", "4"], { a: "x" }],
    [["-j", "4", "x"], ["-j", "4"], { a: "x" }],
    [["-j", "x"], ["-j"], { a: "x" }],
    [["--jobs", "4"], ["--jobs", "4"], {}],
    [["--jobs=4"], ["--jobs=4"], {}],
    [["-kj4"], ["-k", "-j", "4"], {}],
    [["-kqC", "dir"], ["-k", "-q", "-C", "dir"], {}],
    [["-jk"], ["-j", "-k"], {}],
    [["-Cdir"], ["-C", "dir"], {}],
  ];
  for (const [words, globals, expected] of cases) {
    const own = "a" in expected ? ["x"] : [];
    const found = await bound("a = ''", ...words);
    assertEquals(found, { globals, own, values: expected }, words.join(" "));
  }
});

Deno.test("a declared option wins over a global one of the same name", async () => {
  assertEquals(await bound("cache = true, offline = ''", "--no-cache", "--offline", "x"), {
    values: { cache: false, offline: "x" },
    globals: [],
    own: ["--no-cache", "--offline", "x"],
  });
});

Deno.test("--help is handed back whatever else is wrong, unless the task declares it", async () => {
  for (const word of ["--help", "-h"]) {
    const { globals } = await bound("version: string", "--bogus", "x", "y", word);
    assertEquals(globals, [word]);
  }
  const declared = { values: { help: true }, globals: [], own: ["--help"] };
  assertEquals(await bound("help = false", "--help"), declared);
  assertEquals(await values("a: string", "--", "--help"), { a: "--help" });
});

Deno.test("short options stand alone, together, and with their value attached", () => {
  const signature = {
    params: [
      param("verbose", { kind: "boolean" }, { short: "v" }),
      param("out", { kind: "string" }, { short: "o" }),
      param("tag", { kind: "string" }, { short: "t", many: true }),
    ],
    shape: [],
  };
  for (const words of [["-v", "-o", "x"], ["-vox"], ["-vo", "x"], ["-v", "-o=x"]]) {
    const outcome = run(signature, words);
    assert(outcome.ok, words.join(" "));
    assertEquals(outcome.value.values, { verbose: true, out: "x" });
  }
  const mixed = run(signature, ["-vk", "-ta", "-t", "b"]);
  assert(mixed.ok);
  assertEquals(mixed.value, {
    values: { verbose: true, tag: ["a", "b"] },
    globals: ["-k"],
    own: ["-v", "-ta", "-t", "b"],
  });
  for (
    const [words, own] of [
      [["-kvo", "x"], ["-vo", "x"]],
      [["-kox", "-qC", "dir"], ["-ox"]],
      [["-vC", "dir", "--", "-C", "x"], ["-v", "--", "-C", "x"]],
    ] as const
  ) {
    const { own: left } = sortWords({
      task: "t",
      usage: "",
      signature,
      words,
      isGlobal: (word) => GLOBALS[word],
    });
    assertEquals(left, own);
  }
  const wrong = run(signature, ["-vz"]);
  assert(!wrong.ok && wrong.problems[0]?.code === "R_ARG_UNEXPECTED");
  assertEquals(wrong.problems[0].word, "-z");
});

Deno.test("a flag that cannot be negated refuses --no-NAME", () => {
  const signature = { params: [param("watch", { kind: "boolean" })], shape: [] };
  assertEquals(run(signature, ["--no-watch"]).ok, false);
  const off = run(signature, ["--watch=false"]);
  assert(off.ok);
  assertEquals(off.value.values, { watch: false });
});

Deno.test("a variable gives the value that the command line does not", () => {
  const signature = {
    params: [
      param("port", { kind: "integer" }, { env: "PORT", required: true, positional: true }),
      param("debug", { kind: "boolean" }, { env: "DEBUG" }),
    ],
    shape: [],
  };
  const variables: Record<string, string> = { PORT: "80", DEBUG: "true" };
  const withEnv = (words: string[], env: Record<string, string>) =>
    bind({ task: "t", signature, words, env: (name) => env[name] });
  const read = withEnv([], variables);
  assert(read.ok);
  assertEquals(read.value.values, { port: 80, debug: true });
  const overridden = withEnv(["81"], variables);
  assert(overridden.ok);
  assertEquals(overridden.value.values, { port: 81, debug: true });
  const bad = withEnv([], { PORT: "x" });
  assert(!bad.ok && bad.problems[0]?.code === "R_ARG_VALUE");
  assertEquals(bad.problems[0].name, "PORT");
  const unset = withEnv([], {});
  assert(!unset.ok);
  assertEquals(unset.problems[0]!.code, "R_ARG_MISSING");
});

Deno.test("a call has undefined for what was not given, so that defaults apply", async () => {
  const signature = await signatureOf(
    "a = 'x', { b = 1, c }: { b?: number; c?: string }, d?: string, ...e: string[]",
  );
  assertEquals(toCall(signature, {}), [undefined, {}]);
  assertEquals(toCall(signature, { d: "y" }), [undefined, {}, "y"]);
  assertEquals(toCall(signature, { c: "z", e: ["1", "2"] }), [
    undefined,
    { c: "z" },
    undefined,
    "1",
    "2",
  ]);
});

Deno.test("lesson 28: no option is dropped in silence", async () => {
  for (const words of [["--verson=1"], ["-z"], ["--"], ["--no-such"], ["--dry-run=maybe"]]) {
    assert((await problems(RELEASE, ...words)).length > 0);
  }
});
