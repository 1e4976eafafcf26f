import { assert, assertEquals } from "@std/assert";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import type { Problem } from "../../../../src/model/problem.ts";
import {
  evaluate,
  type Expression,
  type MarkerName,
  type MarkerSource,
  type Origin,
  parseCondition,
} from "../../../../src/source/spec/condition.ts";

const CPYTHON: Readonly<Record<MarkerName, string>> = {
  os_name: "posix",
  sys_platform: "linux",
  platform_system: "Linux",
  platform_machine: "x86_64",
  platform_release: "6.8.0-45-generic",
  platform_version: "#45-Ubuntu SMP",
  python_version: "3.11",
  python_full_version: "3.11.7",
  platform_python_implementation: "CPython",
  implementation_name: "cpython",
  implementation_version: "3.11.7",
};

interface Given {
  readonly values?: Partial<Record<MarkerName, string | Problem>>;
  readonly files?: readonly string[];
  readonly globs?: readonly string[];
  /** What was asked, in order. */
  readonly asked?: string[];
}

function source({ values = {}, files = [], globs = [], asked = [] }: Given): MarkerSource {
  return {
    value: (name) => {
      asked.push(name);
      return values[name] ?? CPYTHON[name];
    },
    exists: (path) => {
      asked.push(path);
      return files.includes(path);
    },
    glob: (pattern) => {
      asked.push(`glob ${pattern}`);
      return globs.includes(pattern);
    },
  };
}

/** The truth of a condition, or the codes of its problems. */
async function answer(text: string, given: Given = {}): Promise<boolean | string> {
  const parsed = parseCondition(text);
  const outcome = parsed.ok ? await evaluate(parsed.expression, source(given)) : parsed;
  return outcome.ok ? outcome.value : outcome.problems.map(({ code }) => code).join(" ");
}

const FILE = "/p/tasks.toml" as AbsolutePath;
const PLACE = { file: FILE, path: ["tasks", "t", "condition"] };

function problems(text: string, origin: Origin = { place: PLACE, task: "t" }) {
  const parsed = parseCondition(text, origin);
  if (parsed.ok) throw new Error(`${text} is sound`);
  return parsed.problems;
}

function expression(text: string): Expression {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.problems)}`);
  return parsed.expression;
}

/** Each problem's code with the part of the text it points at. */
function pointed(text: string): readonly string[] {
  return problems(text).map(({ code, place }) => {
    const within = place !== undefined && "within" in place ? place.within : undefined;
    if (within === undefined) throw new Error(`${text}: ${code} points at nothing`);
    return `${code} ${text.slice(within[0], within[0] + within[1])}`;
  });
}

Deno.test("the conditions of the conformance cases", async () => {
  const local: Given = { files: ["local.py"] };
  const nested: Given = { files: ["src/a.py"], globs: ["src/*.py"] };
  const cases: readonly (readonly [string, string, Given, boolean | string])[] = [
    ["COND-01", "python_version < '3.8' or platform_system == 'Windows'", {}, false],
    ["COND-03", "python_version < '3.9'", {}, false],
    ["COND-04", "'local.py' in files", local, true],
    ["COND-05", "'local.py' not in files", local, false],
    ["COND-06", "'src/a.py' in files and 'a.py' not in files", nested, true],
    ["COND-08", "files in 'a'", {}, "E_COND_FILES"],
    ["COND-09", "CI == '1'", {}, "E_COND_VAR"],
    ["COND-10", "python_version", {}, "E_COND_SYNTAX"],
    ["COND-11", "not os_name == 'nt'", {}, "E_COND_SYNTAX"],
    ["COND-13", "os_name == 'nt'", {}, false],
    ["COND-16", "'gen.txt' in files", {}, false],
    ["COND-16", "'gen.txt' in files", { files: ["gen.txt"] }, true],
    ["COND-18", "sys_platform ~= 'linux'", {}, "E_COND_OP"],
    ["COND-19", "'src/*.py' in files", nested, true],
  ];
  for (const [id, text, given, expected] of cases) {
    assertEquals(await answer(text, given), expected, id);
  }
});

Deno.test("comparisons, marker by marker", async () => {
  const cases: readonly (readonly [string, boolean])[] = [
    // Versions.
    ["python_version >= '3.8'", true],
    ["python_version < '3.9'", false],
    ["python_version == '3.11.0'", true],
    ["python_version == '3.11.*'", true],
    ["python_version == '3.1.*'", false],
    ["python_version != '3.11.*'", false],
    ["python_version ~= '3.8'", true],
    ["python_full_version ~= '3.11.5'", true],
    ["python_full_version === '3.11.7'", true],
    ["python_full_version === '3.11.7.0'", false],
    ["implementation_version > '3.11'", true],
    ["'3.8' <= python_version", true],
    ["'3.12' <= python_version", false],
    ["'3.11.*' == python_version", false],
    // `in` is about the text.
    ["'3.1' in python_version", true],
    ["python_version in '3.10, 3.11'", true],
    ["python_version not in '3.10 3.12'", true],
    // No version on the right side: strings.
    ["python_version == 'dog'", false],
    ["python_version != 'dog'", true],
    ["python_version >= 'dog'", false],
    // Strings have no order.
    ["os_name == 'posix'", true],
    ["os_name != 'posix'", false],
    ["os_name >= 'posix'", true],
    ["os_name <= 'posix'", true],
    ["os_name >= 'aaa'", false],
    ["os_name > 'aaa'", false],
    ["os_name < 'zzz'", false],
    ["os_name == 'Posix'", false],
    ["'linux' in sys_platform", true],
    ["sys_platform in 'linux darwin'", true],
    ["sys_platform not in 'linux darwin'", false],
    ["platform_machine == 'x86_64'", true],
    ["platform_python_implementation == 'CPython'", true],
    ["implementation_name == 'cpython'", true],
    // Older names.
    ["os.name == 'posix'", true],
    ["sys.platform == 'linux'", true],
    ["platform.version == '#45-Ubuntu SMP'", true],
    ["platform.machine == 'x86_64'", true],
    ["platform.python_implementation == 'CPython'", true],
    ["python_implementation == 'CPython'", true],
  ];
  for (const [text, expected] of cases) assertEquals(await answer(text), expected, text);
});

Deno.test("releases of the platform are versions when both sides parse, else strings", async () => {
  const release = (platform_release: string): Given => ({ values: { platform_release } });
  const version = (platform_version: string): Given => ({ values: { platform_version } });
  const cases: readonly (readonly [string, Given, boolean | string])[] = [
    ["platform_release >= '9'", release("10"), true],
    ["platform_release == '10.0'", release("10"), true],
    ["platform_release >= '9'", release("6.8.0-45-generic"), false],
    ["platform_release == '6.8.0-45-generic'", release("6.8.0-45-generic"), true],
    ["platform_release === '6.8.0-45-generic'", release("6.8.0-45-generic"), true],
    ["platform_release != '10'", release("6.8.0-45-generic"), true],
    ["platform_release ~= '6.8'", release("6.9"), true],
    ["platform_release ~= '6.8'", release("6.8.0-45-generic"), "E_COND_OP"],
    ["platform_release ~= 'dog'", release("10"), "E_COND_OP"],
    ["platform_version >= '10.0.19045'", version("10.0.22631"), true],
    ["platform_version < '10.0.9'", version("10.0.22631"), false],
    ["'SMP' in platform_version", version("#45-Ubuntu SMP"), true],
  ];
  for (const [text, given, expected] of cases) {
    assertEquals(await answer(text, given), expected, `${text} ${JSON.stringify(given)}`);
  }
});

Deno.test("pre-releases and untagged builds of Python are compared as versions", async () => {
  const python = (python_full_version: string): Given => ({ values: { python_full_version } });
  assertEquals(await answer("python_full_version > '3.6'", python("3.13.0a5")), true);
  assertEquals(await answer("python_full_version >= '3.13'", python("3.13.0a5")), false);
  assertEquals(await answer("python_full_version < '3.12'", python("3.11.1+")), true);
  // What is no version at all lies in no range.
  assertEquals(await answer("python_full_version != '3.12'", python("unknown")), false);
});

Deno.test("`and` binds closer than `or`, and parentheses closer than both", async () => {
  const [yes, no] = ["os_name == 'posix'", "os_name == 'nt'"];
  const cases: readonly (readonly [string, boolean])[] = [
    [`${yes} or ${no} and ${no}`, true],
    [`(${yes} or ${no}) and ${no}`, false],
    [`${no} and ${no} or ${yes}`, true],
    [`${no} and (${no} or ${yes})`, false],
    [`((${yes}))and(${yes})`, true],
    [`${yes}and ${yes}or ${no}`, true],
    [`\n  ${no} or\n\t${yes}\r\n`, true],
    [`os_name=='posix'and"li"in sys_platform`, true],
    [`'z' not \t in os_name`, true],
  ];
  for (const [text, expected] of cases) assertEquals(await answer(text), expected, text);
});

Deno.test("quotes have no escapes and hold the other quote", async () => {
  const given: Given = { files: ["it's", 'a"b', "c:\\", ""] };
  for (const text of [`"it's" in files`, `'a"b' in files`, `'c:\\' in files`, `'' in files`]) {
    assertEquals(await answer(text, given), true, text);
  }
});

Deno.test("evaluation goes from left to right and asks nothing it does not need", async () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["os_name == 'nt' and python_version > '3'", ["os_name"]],
    ["os_name == 'posix' or python_version > '3'", ["os_name"]],
    ["os_name == 'posix' and python_version > '3'", ["os_name", "python_version"]],
    ["python_version > '3' or os_name == 'nt'", ["python_version"]],
    ["(os_name == 'nt' and 'a' in files) or 'b' in files", ["os_name", "b"]],
    ["'a' in files or 'b*' in files", ["a", "b*", "glob b*"]],
  ];
  for (const [text, expected] of cases) {
    const asked: string[] = [];
    await answer(text, { asked });
    assertEquals(asked, expected, text);
  }
});

Deno.test("a value that cannot be had is the outcome only where it is reached", async () => {
  const problem: Problem = { code: "R_HOST", detail: "no python" };
  const given: Given = { values: { python_version: problem } };
  const reached = expression("os_name == 'posix' and python_version < '3.8'");
  assertEquals(await evaluate(reached, source(given)), { ok: false, problems: [problem] });
  assertEquals(await answer("os_name == 'nt' and python_version < '3.8'", given), false);
  assertEquals(await answer("os_name == 'posix' or python_version < '3.8'", given), true);
});

Deno.test("a value may come later", async () => {
  const later = { ...source({}), value: () => Promise.resolve("3.12") };
  assertEquals(await evaluate(expression("python_version > '3'"), later), {
    ok: true,
    value: true,
    warnings: [],
  });
});

Deno.test("a path with pattern characters is a pattern, or a name of just that spelling", async () => {
  const cases: readonly (readonly [string, Given, boolean])[] = [
    ["'src/*.py' in files", { globs: ["src/*.py"] }, true],
    ["'src/*.py' in files", {}, false],
    ["'src/?.py' not in files", { globs: ["src/?.py"] }, false],
    ["'app/[id]/page.tsx' in files", { files: ["app/[id]/page.tsx"] }, true],
    ["'src/a.py' in files", { globs: ["src/a.py"] }, false],
  ];
  for (const [text, given, expected] of cases) {
    assertEquals(await answer(text, given), expected, text);
  }
});

Deno.test("every problem points at the part of the text it is about", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["", ["E_COND_SYNTAX "]],
    ["  ", ["E_COND_SYNTAX "]],
    ["python_version", ["E_COND_SYNTAX "]],
    ["os_name ==", ["E_COND_SYNTAX "]],
    ["os_name == 'a", ["E_COND_SYNTAX 'a"]],
    ["os_name == nt'", ["E_COND_VAR nt", "E_COND_SYNTAX os_name == nt", "E_COND_SYNTAX '"]],
    ["os_name = 'a'", ["E_COND_SYNTAX ="]],
    ["os_name == 'a' && os_name == 'b'", ["E_COND_SYNTAX &&"]],
    ["os_name == 'a' || os_name == 'b'", ["E_COND_SYNTAX ||"]],
    ["! os_name == 'a'", ["E_COND_SYNTAX !"]],
    ["not os_name == 'a'", ["E_COND_SYNTAX not"]],
    ["os_name not 'a'", ["E_COND_SYNTAX 'a'"]],
    ["os_name notin 'a'", ["E_COND_SYNTAX notin"]],
    ["python_version >= 3.8", ["E_COND_SYNTAX 3.8"]],
    ["python_version == 3.*", ["E_COND_SYNTAX 3.*"]],
    ["'a' == 'a'", ["E_COND_SYNTAX 'a' == 'a'"]],
    ["os_name == sys_platform", ["E_COND_SYNTAX os_name == sys_platform"]],
    ["'3' < python_version < '4'", ["E_COND_SYNTAX <"]],
    ["(os_name == 'a'", ["E_COND_SYNTAX "]],
    ["os_name == 'a')", ["E_COND_SYNTAX )"]],
    ["()", ["E_COND_SYNTAX )"]],
    ["os_name == 'a' and", ["E_COND_SYNTAX "]],
    ["and os_name == 'a'", ["E_COND_SYNTAX and"]],
    ["os_name == 'a' AND os_name == 'b'", ["E_COND_SYNTAX AND"]],
    ["os_name == 'a' sys_platform == 'b'", ["E_COND_SYNTAX sys_platform"]],
    ["os_name == 😀", ["E_COND_SYNTAX 😀"]],
    ["CI == '1'", ["E_COND_VAR CI"]],
    ["'1' == CI", ["E_COND_VAR CI"]],
    ["extra == 'a'", ["E_COND_VAR extra"]],
    ["'a' in extras", ["E_COND_VAR extras"]],
    ["'a' in dependency_groups", ["E_COND_VAR dependency_groups"]],
    ["CI == '1' or os_nam == 'nt'", ["E_COND_VAR CI", "E_COND_VAR os_nam"]],
    ["CI == '1' and", ["E_COND_VAR CI", "E_COND_SYNTAX "]],
    ["sys_platform ~= 'linux'", ["E_COND_OP sys_platform ~= 'linux'"]],
    ["'linux' === sys_platform", ["E_COND_OP 'linux' === sys_platform"]],
    ["python_version ~= 'dog'", ["E_COND_OP python_version ~= 'dog'"]],
    ["python_version ~= '3'", ["E_COND_OP python_version ~= '3'"]],
    ["python_version === 'two words'", ["E_COND_OP python_version === 'two words'"]],
    ["os_name == 'a' and files in 'a'", ["E_COND_FILES files in 'a'"]],
    ["'a' == files", ["E_COND_FILES 'a' == files"]],
    ["files != 'a'", ["E_COND_FILES files != 'a'"]],
    ["os_name in files", ["E_COND_FILES os_name in files"]],
    ["build.py in files", ["E_COND_VAR build.py", "E_COND_FILES build.py in files"]],
    ["files in files", ["E_COND_FILES files in files"]],
  ];
  for (const [text, expected] of cases) assertEquals(pointed(text), expected, text);
});

Deno.test("problems carry the task, the place and what would fix them", () => {
  assertEquals(problems("os_nmae == 'nt'"), [{
    code: "E_COND_VAR",
    task: "t",
    place: { ...PLACE, within: [0, 7] },
    name: "os_nmae",
    near: ["os_name"],
  }]);
  assertEquals(problems("x86 == 'a' or os.name ~= 'a'")[1], {
    code: "E_COND_OP",
    task: "t",
    place: { ...PLACE, within: [14, 14] },
    operator: "~=",
    marker: "os.name",
  });
  const details = ["os_name = 'a'", "os_name == 'a' || x", "python_version > 3.8", "not a"].map(
    (text) => problems(text).map((problem) => "detail" in problem ? problem.detail : "").join(),
  );
  assertEquals(details, [
    'write "==" for "="',
    'write "or" for "||"',
    "3.8 has to be quoted",
    '"not" stands only in "not in"; write the opposite comparison',
  ]);
});

Deno.test("a place that is no key path is kept as it is, and none is invented", () => {
  const place = { file: FILE, offset: 12 };
  assertEquals(problems("CI == '1'", { place })[0]!.place, place);
  assertEquals(Object.keys(problems("CI == '1'", {})[0]!).sort(), ["code", "name", "near"]);
});

Deno.test("a comparison that turns out to be undefined points at itself", async () => {
  const text = "os_name == 'posix' and platform_release ~= '6.8'";
  const outcome = await evaluate(expression(text), source({}), { place: PLACE, task: "t" });
  assertEquals(outcome, {
    ok: false,
    problems: [{
      code: "E_COND_OP",
      task: "t",
      place: { ...PLACE, within: [23, 25] },
      operator: "~=",
      marker: "platform_release",
    }],
  });
});

Deno.test("parentheses without end are a problem and not a crash", () => {
  assertEquals(pointed("(".repeat(50_000)), ["E_COND_SYNTAX ("]);
  const deep = "(".repeat(50) + "os_name == 'nt'" + ")".repeat(50);
  assert(parseCondition(deep).ok);
  assert(parseCondition(Array(5_000).fill("os_name == 'nt'").join(" or ")).ok);
});
