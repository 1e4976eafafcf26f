import { assert, assertEquals } from "@std/assert";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import type { Place } from "../../../../src/model/place.ts";
import type { Outcome } from "../../../../src/model/problem.ts";
import { bindWords, usesOf } from "../../../../src/source/spec/arguments.ts";
import type { Context } from "../../../../src/source/spec/expand.ts";
import { expandShell, parseShell, type ShellText } from "../../../../src/source/spec/shell_text.ts";

const path = ["tasks", "a", "shell"];
const place: Place = { file: "/p/tasks.toml" as AbsolutePath, path };

function build(
  script: string,
  tokens: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Outcome<ShellText> {
  const text = { text: script, place };
  const parsed = parseShell(text, "a");
  if (!parsed.ok) return parsed;
  const asker = { task: "a", usage: "ntask a" };
  const bound = bindWords(tokens, usesOf([{ text, grammar: "shell" }]), asker);
  if (!bound.ok) return bound;
  const context: Context = {
    args: bound.value,
    env: { get: (name) => env[name] },
    task: { name: "a", cwd: "/p" },
    ntask: { root: "/p" as AbsolutePath, runCwd: "/p", exe: "/ntask" },
  };
  return expandShell(parsed.value, context, place);
}

function made(outcome: Outcome<ShellText>): ShellText {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

function codes(outcome: Outcome<ShellText>): readonly string[] {
  return outcome.ok ? [] : outcome.problems.map((problem) => problem.code);
}

/** `p` prints each argument in brackets, then a newline. */
const PRELUDE = "p() { for a_; do printf '[%s]' \"$a_\"; done; echo; }\n";

async function run(
  text: ShellText,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly out: string; readonly err: string }> {
  const child = await new Deno.Command("sh", {
    args: ["-c", PRELUDE + text.script, "a", ...text.positional],
    env: { ...env, ...text.variables },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { out: decode(child.stdout), err: decode(child.stderr) };
}

type Form = readonly [script: string, tokens: readonly string[], made: string];

const FORMS: readonly Form[] = [
  // Bare.
  ["p {args}", ["a", "b c"], 'p "${NTASK_ARG_1}" "${NTASK_ARG_2}"'],
  ["p {args} z", [], "p  z"],
  ["p {args:a 'b c'}", [], 'p "${NTASK_ARG_1}" "${NTASK_ARG_2}"'],
  ["p {args.0}", ["a"], 'p "${NTASK_ARG_1}"'],
  ["p {args.0:}", [], "p "],
  ["p {args.0:}", [""], 'p "${NTASK_ARG_1}"'],
  ["p {args.0:x y}", [], 'p "${NTASK_ARG_1}"'],
  ["p {args.0} {args.0}", ["a"], 'p "${NTASK_ARG_1}" "${NTASK_ARG_1}"'],
  // Quoted.
  ['p "<{args}>"', ["a", "b"], 'p "<${NTASK_ARG_1}>"'],
  ['p "{args}"', [], 'p "${NTASK_ARG_1}"'],
  ["p '<{args}>'", ["a"], "p '<'\"${NTASK_ARG_1}\"'>'"],
  ["p $'{args.0}\\''", ["a"], "p $''\"${NTASK_ARG_1}\"$'\\''"],
  ["p \"'{args.0}'\"", ["a"], "p \"'${NTASK_ARG_1}'\""],
  ["p \\'{args.0}", ["a"], 'p \\\'"${NTASK_ARG_1}"'],
  // Nested.
  ['p "$(p {args.0} "{args.0}")"', ["a"], 'p "$(p "${NTASK_ARG_1}" "${NTASK_ARG_1}")"'],
  ['p "`p {args.0}`{args.0}"', ["a"], 'p "`p "${NTASK_ARG_1}"`${NTASK_ARG_1}"'],
  ['p "`p \\"{args.0}\\"`"', ["a"], 'p "`p \\"${NTASK_ARG_1}\\"`"'],
  ["p ${X:-{args.0}}", ["a"], 'p ${X:-"${NTASK_ARG_1}"}'],
  ['p "${X:-{args.0}}"', ["a"], 'p "${X:-${NTASK_ARG_1}}"'],
  ["p $(( {args.0} + 1 ))", ["-5"], "p $(( ${NTASK_ARG_1} + 1 ))"],
  ["p $((p {args.0}); p 2)", ["a"], 'p $((p "${NTASK_ARG_1}"); p 2)'],
  [
    "p \"$(case x in x) p {args.0};; esac)\" '{args.0}'",
    ["a"],
    `p "$(case x in x) p "\${NTASK_ARG_1}";; esac)" ''"\${NTASK_ARG_1}"''`,
  ],
  [
    'p "$( (case x in (y) a;; x) b; esac); p {args.0})" {args.0}',
    ["a"],
    'p "$( (case x in (y) a;; x) b; esac); p "${NTASK_ARG_1}")" "${NTASK_ARG_1}"',
  ],
  // Comments.
  ["# it's\np {args.0}", ["a"], '# it\'s\np "${NTASK_ARG_1}"'],
  ["p a#'{args.0}'", ["a"], "p a#''\"${NTASK_ARG_1}\"''"],
  ["p ${#X} '{args.0}'", ["a"], "p ${#X} ''\"${NTASK_ARG_1}\"''"],
  ["p $# '{args.0}'", ["a"], "p $# ''\"${NTASK_ARG_1}\"''"],
  // Here-documents.
  ["cat <<E\n'{args.0}\nE\np {args.0}", ["a"], 'cat <<E\n\'${NTASK_ARG_1}\nE\np "${NTASK_ARG_1}"'],
  [
    "cat <<-E\n\t{args.0}\n\tE\np {args.0}",
    ["a"],
    'cat <<-E\n\t${NTASK_ARG_1}\n\tE\np "${NTASK_ARG_1}"',
  ],
  [
    "cat <<E - {args.0}\n$(p {args.0})\nE",
    ["a"],
    'cat <<E - "${NTASK_ARG_1}"\n$(p "${NTASK_ARG_1}")\nE',
  ],
  [
    "cat <<A <<B\n{args.0}\nA\n{args.0}\nB\np {args.0}",
    ["a"],
    'cat <<A <<B\n${NTASK_ARG_1}\nA\n${NTASK_ARG_1}\nB\np "${NTASK_ARG_1}"',
  ],
  [
    "cat <<E\na\\\nE\n{args.0}\nE\np {args.0}",
    ["a"],
    'cat <<E\na\\\nE\n${NTASK_ARG_1}\nE\np "${NTASK_ARG_1}"',
  ],
  [
    "cat <<'E'\n$x `y` \\z {args.0}\nE\np {args.0}",
    ["a"],
    'cat <<NTASK_END_1\n\\$x \\`y\\` \\\\z ${NTASK_ARG_1}\nNTASK_END_1\np "${NTASK_ARG_1}"',
  ],
  ["cat <<'E'\n$x\nE\np {args.0}", ["a"], "cat <<'E'\n$x\nE\np \"${NTASK_ARG_1}\""],
  ["cat <<'E'\n\\{args}\nE", [], "cat <<'E'\n{args}\nE"],
  ["cat <<< {args.0}\np '{args.0}'", ["a"], "cat <<< \"${NTASK_ARG_1}\"\np ''\"${NTASK_ARG_1}\"''"],
  ["p $((1<<2)) '{args.0}'\n2", ["a"], "p $((1<<2)) ''\"${NTASK_ARG_1}\"''\n2"],
  // Copied.
  [
    "p {print} {{.Names}} ${args}. ${args:-x} $HOME",
    [],
    "p {print} {{.Names}} ${args}. ${args:-x} $HOME",
  ], // SH-09
  ["p \\{args} '\\{args}' \"\\{args}\"", [], "p {args} '{args}' \"{args}\""],
  ["p \\\\{args.0}", ["a"], 'p \\\\"${NTASK_ARG_1}"'],
];

Deno.test("a placeholder becomes a reference in the form its position asks for", () => {
  for (const [script, tokens, expected] of FORMS) {
    assertEquals(made(build(script, tokens)).script, expected, script);
  }
});

Deno.test("values are variables of the child, numbered in the order of the script", () => {
  const text = made(build("p '{args}' {args} {env.X}", ["a b", "c"], { X: "$(x)" }));
  assertEquals(text.variables, {
    NTASK_ARG_1: "a b c",
    NTASK_ARG_2: "a b",
    NTASK_ARG_3: "c",
    NTASK_ARG_4: "$(x)",
  });
  assertEquals(text.positional, []);
});

const APPENDED: readonly (readonly [script: string, made: string, positional: boolean])[] = [
  ["p one\np two\n", 'p one\np two "$@"', true], // SH-01 with words
  ["p one\np two \\\n", 'p one\np two "$@"', true], // SH-03
  ["p a \\\\\n", 'p a \\\\ "$@"', true],
  ["p a \\\\\\\n", 'p a \\\\ "$@"', true],
  ["p a  \\ \n", 'p a "$@"', true],
  ['p "$@"\n', 'p "$@"\n', true], // SH-08
  ["p $*", "p $*", true],
  ["p ${@}", "p ${@}", true],
  ['p "${*%x}"', 'p "${*%x}"', true],
  ['f() { p "$(p $@)"; }; f', 'f() { p "$(p $@)"; }; f', true],
  ["cat <<E\n$@\nE\n", "cat <<E\n$@\nE\n", true],
  ["p '$@'", "p '$@' \"$@\"", true],
  ["p \\$@", 'p \\$@ "$@"', true],
  ["# $@\np", '# $@\np "$@"', true],
  ["p $#", 'p $# "$@"', true],
  ["p {args}; p $@", 'p "${NTASK_ARG_1}" "${NTASK_ARG_2}"; p $@', false],
];

Deno.test("rest is appended unless the script takes it itself", () => {
  for (const [script, expected, positional] of APPENDED) {
    const text = made(build(script, ["-k", "x"]));
    assertEquals(text.script, expected, script);
    assertEquals(text.positional, positional ? ["-k", "x"] : [], script);
  }
});

Deno.test("a script without rest is left as it is", () => {
  assertEquals(made(build("if x; then p; fi\n")).script, "if x; then p; fi\n");
  assertEquals(made(build("p {args.0} \\\n", ["a"])).script, 'p "${NTASK_ARG_1}" \\\n');
});

Deno.test("what a placeholder consumes is not appended", () => {
  const text = made(build("p {args.0} {args.port}", ["a", "--port", "1", "-k", "b"]));
  assertEquals(text.positional, ["-k", "b"]);
});

Deno.test("what is shown has the values in it", () => {
  const shown = (script: string, ...tokens: readonly string[]) => made(build(script, tokens)).shown;
  assertEquals(shown("p {args} '{args}'", "a", "b c", "it's"), "p a 'b c' 'it'\\''s' 'a b c it's'");
  assertEquals(shown("p x\\\n", "-k", ""), "p x -k ''");
  assertEquals(shown('p "$@"', "a b"), "p \"$@\" 'a b'");
});

Deno.test("a script is checked when it is read", () => {
  assertEquals(codes(build("p {task.nmae}")), ["E_PLACEHOLDER"]);
  assertEquals(codes(build("cat <<'E'\n{task.nmae}\nE")), ["E_PLACEHOLDER"]);
  assertEquals(codes(build("p {args:a 'b}")), ["E_CMD_PARSE"]);
  assertEquals(codes(build('p "{args:a \'b}"')), []);
  assertEquals(codes(build("p {args.0}")), ["R_ARG_MISSING"]);
});

Deno.test("a value that would end a quoted here-document is R_ARG_HEREDOC", () => {
  const script = "cat <<'E'\n<\n{args.0}\nE\n";
  assertEquals(codes(build(script, ["E"])), ["R_ARG_HEREDOC"]);
  assertEquals(codes(build(script, ["x\nE\nprintf no"])), ["R_ARG_HEREDOC"]);
  assertEquals(codes(build(script, ["\tE"])), []);
  assertEquals(codes(build("cat <<-'E'\n{args.0}\nE\n", ["\tE"])), ["R_ARG_HEREDOC"]);
  assertEquals(codes(build("cat <<'E F'\nE {args.0}\nE F\n", ["F"])), ["R_ARG_HEREDOC"]);
  assertEquals(codes(build("cat <<'E'\n<{args.0}>\nE\n", ["E"])), []);
  assertEquals(codes(build("cat <<E\n{args.0}\nE\n", ["E"])), []);
  assertEquals(build(script, ["E"]), {
    ok: false,
    problems: [{
      code: "R_ARG_HEREDOC",
      task: "a",
      place: { ...place, path, within: [12, 8] },
      delimiter: "E",
    }],
  });
});

Deno.test("where the shell calculates a value has to be a number", () => {
  const hostile = "x[$(printf no)]";
  for (
    const script of [
      "p $(( {args.0} + 1 ))",
      'p "$(( 1 + ({args.0}) ))"',
      "p $(( ${X:-{args.0}} ))",
      "p ${X:{args.0}:2}",
      "p ${x[{args.0}]}",
      "(( {args.0} > 1 ))",
      "if (( {args.0} )); then p; fi",
      "[[ {args.0} -eq 1 ]]",
      '[[ 1 -lt "{args.0}" ]]',
    ]
  ) {
    assertEquals(codes(build(script, [hostile])), ["R_ARG_VALUE"], script);
    for (const number of ["7", "-7", "0x1F", "1.5", ""]) {
      assertEquals(codes(build(script, [number === "-7" ? "-7" : number])), [], script);
    }
  }
  for (
    const script of [
      "p $(( $(p {args.0}) ))",
      "[ {args.0} -eq 1 ]",
      "[[ {args.0} == 1 && 2 -eq 2 ]]",
      "((p a); p {args.0})",
      'p "${X:-{args.0}}" "${X:={args.0}}"',
    ]
  ) assertEquals(codes(build(script, [hostile])), [], script);
});

type Run = readonly [
  script: string,
  tokens: readonly string[],
  out: string,
  env?: Readonly<Record<string, string>>,
];

const RUNS: readonly Run[] = [
  ["p one\np two\n", [], "[one]\n[two]\n"], // SH-01
  ["p one\np two \\\n", ["-k"], "[one]\n[two][-k]\n"], // SH-03
  ['X=1; p "$X" ${X} ${Y:-d}', [], "[1][1][d]\n"], // SH-04
  ["(exit 3); p after", [], "[after]\n"], // SH-05
  ["p {args} end", ["q r", "$(p no)", "it's"], "[q r][$(p no)][it's][end]\n"], // SH-06
  ['for i in "$@"; do p "$i"; done', ["1", "2 3"], "[1]\n[2 3]\n"], // SH-08
  ["p {print} {{.Names}} ${args}.", [], "[{print}][{{.Names}}][.]\n"], // SH-09
  ["p {env.WHO:nobody}", [], "[a b]\n", { WHO: "a b" }], // SH-10
  ["p {env.WHO:nobody}", [], "[nobody]\n"],
  ['p "$(printf %s "<{args}>")"', ["$(p no)", "`x 1`"], "[<$(p no) `x 1`>]\n"], // SH-12
  ['f() { p "f:$1" {args}; }; f one', ["x y"], "[f:one][x y]\n"], // SH-14
  ["p '<{args}>'", ["it's", '"q"'], '[<it\'s "q">]\n'],
  ["p --x={args}y", ["a b", "c"], "[--x=a b][cy]\n"],
  ["case {args.0} in 'a b') p yes;; esac", ["a b"], "[yes]\n"],
  ['cat <<E\n<{args}> "q" `p x`\nE', ["$(p no)", "E", "\nE\n"], '<$(p no) E \nE\n> "q" [x]\n'],
  [
    "cat <<'E'\n$x \\n \\\\ `p` \"{args}\" '\nE\np z",
    ["$(p no)"],
    '$x \\n \\\\ `p` "$(p no)" \'\n[z]\n',
  ],
  ["p \"$(cat <<'E'\n$x \\\\ `p` {args}\nE\n)\"", ["$(p no)"], "[$x \\\\ `p` $(p no)]\n"],
  ["x=`cat <<'E'\n\\\\\\$x \\\\ {args}\nE\n`; p \"$x\"", ["$(p no)"], "[\\$x \\ $(p no)]\n"],
  ["cat <<-'E'\n\t{args.0}\n\tE\np z", ["v"], "v\n[z]\n"],
  ["cat <<''\n{args.0}\n\np z", ["v"], "v\n[z]\n"],
  ["p $(( {args.0} * 2 ))", ["21"], "[42]\n"],
];

Deno.test({
  name: "a real sh runs the scripts as the author means them",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    for (const [script, tokens, out, env] of RUNS) {
      assertEquals(await run(made(build(script, tokens, env)), env), { out, err: "" }, script);
    }
  },
});

/** Positions, each with what `p` or `cat` prints for one value. */
const POSITIONS: readonly {
  readonly script: (placeholder: string) => string;
  readonly shows: (value: string) => string;
  readonly refuses?: (value: string) => boolean;
  /** It starts processes, so it is tried with fewer values. */
  readonly forks?: true;
}[] = [
  { script: (x) => `p ${x}`, shows: (v) => `[${v}]\n` },
  { script: (x) => `p a=${x}b`, shows: (v) => `[a=${v}b]\n` },
  { script: (x) => `p "${x}"`, shows: (v) => `[${v}]\n` },
  { script: (x) => `p '${x}'`, shows: (v) => `[${v}]\n` },
  { script: (x) => `p "\${NO:-${x}}"`, shows: (v) => `[${v}]\n` },
  { script: (x) => `y=${x}; p "$y"`, shows: (v) => `[${v}]\n` },
  { script: (x) => `for i in ${x}; do p "$i"; done`, shows: (v) => `[${v}]\n` },
  { script: (x) => `# it's ${x}\np x`, shows: () => "[x]\n" },
  { script: (x) => `case ${x} in (*) p '${x}';; esac`, shows: (v) => `[${v}]\n` },
  { script: (x) => `p "$(p ${x})"`, shows: (v) => `[[${v}]]\n`, forks: true },
  {
    script: (x) => `p "$(p "${x}" "$(p '${x}')")"`,
    shows: (v) => `[[${v}][[${v}]]]\n`,
    forks: true,
  },
  { script: (x) => 'p "`p ' + x + '`"', shows: (v) => `[[${v}]]\n`, forks: true },
  { script: (x) => "y=`p '" + x + '\'`; p "$y"', shows: (v) => `[[${v}]]\n`, forks: true },
  { script: (x) => `cat <<E\n<${x}>\nE`, shows: (v) => `<${v}>\n`, forks: true },
  {
    script: (x) => `cat <<'E'\n<${x}\n>$x\nE`,
    shows: (v) => `<${v}\n>$x\n`,
    refuses: (v) => `<${v}`.split("\n").includes("E"),
    forks: true,
  },
  {
    script: (x) => `p "$(cat <<-'E E'\n\t<${x}>$x\n\tE E\n)"`,
    shows: (v) => `[<${v}>$x]\n`,
    forks: true,
  },
];

/** A mark that appears only if a shell evaluated the text it stands in. */
const EVALUATED = "RAN7";
const RUN = "echo RAN$((3+4))";
const HOSTILE: readonly string[] = [
  `$(${RUN})`,
  `\`${RUN}\``,
  `;${RUN};`,
  `\n${RUN}\n`,
  `';${RUN};'`,
  `";${RUN};"`,
  `'"'"';${RUN}`,
  `")"${RUN}`,
  `)${RUN}`,
  `}${RUN}`,
  `\nE \n${RUN}\nE`,
  `\${x:-$(${RUN})}`,
  `$((x[$(${RUN})]))`,
  `|${RUN}`,
  `&&${RUN}&`,
  `<(${RUN})`,
  "\\",
  "'",
  '"',
  "`",
  "$",
  "$(",
  "${",
  "#",
  "!",
  "*",
  "?[a-z]",
  "~",
  "{args}",
  "{args.0}",
  "${NTASK_ARG_1}",
  "NTASK_END_1",
  "%s%n",
  "-n",
  "é 漢 \u{1F600}",
  "\t",
  " ",
  "\r\n",
  "E",
  "x",
];

Deno.test({
  name: "lesson 35: none of 2,000 hostile arguments is executed, split or changed in any position",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const values: string[] = [];
    let state = 1;
    const below = (limit: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor(state / 2 ** 32 * limit);
    };
    while (values.length < 2000) {
      const length = 1 + below(4);
      values.push(Array.from({ length }, () => HOSTILE[below(HOSTILE.length)]!).join(""));
    }
    const chunk = 250;
    for (const position of POSITIONS) {
      const refuses = position.refuses ?? (() => false);
      for (const value of values.filter(refuses)) {
        const refused = build(position.script("{args.0}"), ["--", value]);
        assertEquals(codes(refused), ["R_ARG_HEREDOC"], value);
      }
      const wanted = values.filter((value) => !refuses(value));
      const count = position.forks ? chunk : wanted.length;
      for (let from = 0; from < count; from += chunk) {
        const tokens = wanted.slice(from, from + chunk);
        const script = tokens.map((_, i) => position.script(`{args.${i}}`)).join("\n");
        const text = made(build(script, ["--", ...tokens]));
        const { out, err } = await run(text);
        assertEquals(err, "", script.slice(0, 60));
        assertEquals(out, tokens.map(position.shows).join(""), script.slice(0, 60));
        assert(!out.includes(EVALUATED));
        assertEquals(Object.values(text.variables).length, new Set(tokens).size);
      }
    }
  },
});
