import { assertEquals } from "@std/assert";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import type { Interpreter } from "../../../../src/model/interpreter.ts";
import type { Context } from "../../../../src/source/spec/expand.ts";
import { dialectOf, readInterpreter } from "../../../../src/source/spec/interpreter.ts";
import { namedVariables } from "../../../../src/source/spec/named_variables.ts";
import { expandScript, parseScript, PWSH_STATUS } from "../../../../src/source/spec/script_text.ts";

const PLACE = { file: "/p/tasks.toml" as AbsolutePath, whole: true } as const;

/** The script, and the values it refers to. */
function expanded(interpreter: Interpreter, text: string, args: readonly string[] = ["a b"]) {
  const parsed = parseScript({ text, place: PLACE }, interpreter, "t");
  if (!parsed.ok) {
    return parsed.problems.map((problem) => "why" in problem ? problem.why : problem.code);
  }
  const placed = /\{args[}:]/.test(text);
  const context: Context = {
    args: {
      positions: new Map(args.map((arg, index) => [index, arg] as const)),
      options: new Map(),
      rest: placed ? args : [],
      literalFrom: 0,
    },
    env: { get: (name) => name === "SET" ? "set" : undefined },
    task: { name: "t", cwd: "/p" },
    ntask: { root: "/p" as AbsolutePath, runCwd: "/p", exe: "/ntask" },
  };
  const used = /\{args/.test(text);
  const made = expandScript(parsed.value, context, PLACE, used ? [] : args);
  if (!made.ok) return made.problems.map(({ code }) => code);
  const { script, variables, positional } = made.value;
  return [script, ...Object.values(variables), ...positional.map((word) => `+${word}`)];
}

Deno.test("PowerShell: a placeholder is a reference, in the form of where it stands", () => {
  const table: readonly (readonly [string, ...string[]])[] = [
    ["p {args.0}", "p ${env:NTASK_ARG_1}", "a b"],
    ['p "x{args.0}y"', 'p "x${env:NTASK_ARG_1}y"', "a b"],
    ["p 'x{args.0}y'", 'p "x${env:NTASK_ARG_1}y"', "a b"],
    ["p 'it''s $1 `\" {args.0}'", 'p "it\'s `$1 ```" ${env:NTASK_ARG_1}"', "a b"],
    ["p \"$(q {args.0} 'z{args.0}')\"", 'p "$(q ${env:NTASK_ARG_1} "z${env:NTASK_ARG_1}")"', "a b"],
    ["p @'\n$x {args.0}\n'@", 'p @"\n`$x ${env:NTASK_ARG_1}\n"@', "a b"],
    ['p @"\n$x {args.0}\n"@', 'p @"\n$x ${env:NTASK_ARG_1}\n"@', "a b"],
    ["p {args}", "p ${env:NTASK_ARG_1}", "a b"],
    ["p {args.7:}", "p "],
    ["$x={args.0}", "$x=${env:NTASK_ARG_1}", "a b"],
    ["f([int]{args.0}, {args.0})", "f([int]${env:NTASK_ARG_1}, ${env:NTASK_ARG_1})", "a b"],
    ["p \\{args.0}", "p {args.0}"],
    ["p '\\{args.0} {args.0}'", 'p "{args.0} ${env:NTASK_ARG_1}"', "a b"],
    ["p # don't {args.0}", "p # don't ${env:NTASK_ARG_1}", "a b"],
    ["p <# ' #> {args.0}", "p <# ' #> ${env:NTASK_ARG_1}", "a b"],
    ["if ($x) { p {args.0} }", "if ($x) { p ${env:NTASK_ARG_1} }", "a b"],
  ];
  for (const [text, script, ...values] of table) {
    assertEquals(expanded("pwsh", text), [script, ...values], text);
  }
});

Deno.test("PowerShell: what touches other text of a word is refused, with what to write", () => {
  for (const text of ["p --x={args.0}", "p {args.0}.txt", "p a{args.0}", "p {args.0}[1]"]) {
    assertEquals(expanded("pwsh", text), ["it is a part of a word"], text);
  }
  assertEquals(expanded("pwsh", "p --% {args.0}"), ["it is behind --%"]);
  const parsed = parseScript({ text: "p --x={args.0}", place: PLACE }, "pwsh");
  assertEquals(parsed.ok, false);
  if (parsed.ok) return;
  const [problem] = parsed.problems;
  assertEquals(
    problem?.code === "E_ARG_PLACE" && problem.instead,
    'put the word into quotes: "--x={args.0}"',
  );
});

Deno.test("PowerShell: what is passed on is referred to as well, for -Command reads it as code", () => {
  assertEquals(expanded("pwsh", "p x\n"), ["p x ${env:NTASK_ARG_1}", "a b"]);
  assertEquals(expanded("pwsh", "p $args"), [
    `& {\np $args\n${PWSH_STATUS}\n} \${env:NTASK_ARG_1}`,
    "a b",
  ]);
  assertEquals(expanded("pwsh", "param($x)\np $x"), [
    `& {\nparam($x)\np $x\n${PWSH_STATUS}\n} \${env:NTASK_ARG_1}`,
    "a b",
  ]);
  assertEquals(expanded("pwsh", "p", []), ["p"]);
});

Deno.test("cmd: a placeholder is put in after the line is read, quoted for the program", () => {
  const on = "@setlocal EnableDelayedExpansion\n";
  const table: readonly (readonly [string, readonly string[], ...string[]])[] = [
    ["p {args.0}", ["a b"], `${on}p !NTASK_ARG_1!`, '"a b"'],
    ["p {args.0}", ["a"], `${on}p !NTASK_ARG_1!`, "a"],
    ["p {args.0}", ['"&calc'], `${on}p !NTASK_ARG_1!`, '"\\"&calc"'],
    ["p {args.0}", ["a\\"], `${on}p !NTASK_ARG_1!`, '"a\\\\"'],
    ['p "x {args.0}"', ['a "b"'], `${on}p "x !NTASK_ARG_1!"`, 'a \\"b\\"'],
    ["p {args}", ["a", "b c"], `${on}p !NTASK_ARG_1! !NTASK_ARG_2!`, "a", '"b c"'],
    ["p", ["a b"], "p %*", "+a b"],
    ["p %1", ["a b"], "p %1", "+a b"],
    ["echo hi! | more", [], "echo hi! | more"],
  ];
  for (const [text, args, ...expected] of table) {
    assertEquals(expanded("cmd", text, args), expected, text);
  }
});

Deno.test("cmd: where a line is read twice, or would mean something else, a placeholder is refused", () => {
  const table = {
    "call x {args.0}": "a line with call is read twice",
    "for /f %%i in ('x {args.0}') do p": "a line with for /f is read twice",
    "p {args.0} | more": "the script has a pipe, whose sides are read once more",
    "p hi! {args.0}": "the line has a !, which would mean something else",
    'p "a^b" {args.0}': "the line has a ^, which would be lost",
  };
  for (const [text, why] of Object.entries(table)) assertEquals(expanded("cmd", text), [why], text);
  assertEquals(
    expanded("cmd", "p a^|b {args.0}\np hi!").length,
    2,
    "a pipe that is none, and a line without placeholders",
  );
});

Deno.test("Python: a value is an item of os.environ, {args} the list of them", () => {
  const item = "__import__('os').environ['NTASK_ARG_1']";
  const other = '__import__("os").environ["NTASK_ARG_1"]';
  const table: readonly (readonly [string, ...string[]])[] = [
    ["print({args.0})", `print(${item})`, "a b"],
    ["f({args})", `f([${item}])`, "a b"],
    ["f({args.7:})", 'f("")'],
    ['f("x{args.0}{y}")', `f(f"x{${item}}{{y}}")`, "a b"],
    ["f('x{args.0}')", `f(f'x{${other}}')`, "a b"],
    ["f(r'\\d{args.0}')", `f(fr'\\d{${other}}')`, "a b"],
    ["f(u'\\n{args.0}')", `f(f'\\n{${other}}')`, "a b"],
    ["f('\\'{args.0}')", `f(f'\\'{${other}}')`, "a b"],
    ['f("\\N{DASH} {args.0}")', `f(f"\\N{DASH} {${item}}")`, "a b"],
    ['f("""a\n"{args.0}" """)', `f(f"""a\n"{${item}}" """)`, "a b"],
    ["f('{x}')  # it's {args.0}", `f('{x}')  # it's ${item}`, "a b"],
    ['f("\\{args.0}", {args.0})', `f("{args.0}", ${item})`, "a b"],
    ['f("\\{args.0} {args.0}")', `f(f"{{args.0}} {${item}}")`, "a b"],
    ["f('{env.SET}')", `f(f'{${other}}')`, "set", "+a b"],
    ["print(1)", "print(1)", "+a b"],
  ];
  for (const [text, ...expected] of table) assertEquals(expanded("python", text), expected, text);
});

Deno.test("Python: an f-string and a string of bytes hold no placeholder of ntask's", () => {
  assertEquals(expanded("python", 'f"{args.name}"'), ["in an f-string it could be Python's own"]);
  assertEquals(expanded("python", 'p(f"\\{args.name}", {args.0})').length, 2);
  assertEquals(expanded("python", "b'{args.0}'"), ["a string of bytes has no place for text"]);
});

Deno.test("a script for anything else takes arguments, and no placeholders", () => {
  assertEquals(expanded(["node", "-e"], "p(1)", ["a"]), ["p(1)", "+a"]);
  assertEquals(expanded(["node", "-e"], "p({args})"), ["nobody knows its rules for quoting"]);
  assertEquals(expanded(["node", "-e"], "p(\\{args})"), ["p({args})"]);
});

Deno.test("a command line has the language of its program", () => {
  const table = {
    posix: [["bash", "-c"], ["/bin/dash", "-ec"], ["env", "bash", "-c"], ["busybox", "sh", "-c"]],
    pwsh: [["pwsh", "-c"], ["C:\\x\\PowerShell.exe", "-Command"]],
    python: [["python3.12", "-c"], ["py", "-c"], ["./.venv/bin/python", "-Ic"]],
    unknown: [["node", "-e"], ["docker", "exec", "x", "sh", "-c"], ["env", "A=b", "sh", "-c"]],
  };
  for (const [dialect, lines] of Object.entries(table)) {
    for (const line of lines) {
      assertEquals([dialectOf(line), "value" in readInterpreter(line)], [dialect, true], `${line}`);
    }
  }
  for (const line of [["sh"], ["bash", "-e"], ["pwsh", "-File"], ["python"], ["cmd", "/c"], [""]]) {
    assertEquals("fault" in readInterpreter(line), true, `${line}`);
  }
});

Deno.test("variables are found as each language writes them", () => {
  const names = (interpreter: Interpreter | undefined, text: string) => {
    const { names, computed } = namedVariables(text, interpreter);
    return [[...names].join(" "), computed];
  };
  assertEquals(names(undefined, 'p $A "${B:-c}" ${#D}'), ["A B D", false]);
  assertEquals(names("bash", "p $A"), ["A", false]);
  assertEquals(names("pwsh", 'p $env:A ${env:B} $c "$Env:D"'), ["A B D", false]);
  assertEquals(names("pwsh", "gci env:A; [Environment]::GetEnvironmentVariable('B')"), [
    "A B",
    false,
  ]);
  assertEquals(names("pwsh", "(gci env:$x).Value"), ["", true]);
  assertEquals(names("cmd", "p %A% %B:~0,1% !C! %1 %%i & if defined D p"), ["A B C D", false]);
  assertEquals(
    names(
      "python",
      `os.environ["A"], os.environ.get('B', 1), os.getenv("C"), environ['D'], 'E' in os.environ`,
    ),
    ["A B D C E", false],
  );
  assertEquals(names("python", "os.environ[name]"), ["", true]);
  assertEquals(names(["node", "-e"], "process.env.A + process.env['B'] + $C"), ["C A B", false]);
});
