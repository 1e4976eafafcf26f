/**
 * `deno run -A scripts/reference.ts`: writes `docs/reference/toml.md`, the page of every property.
 *
 * In: the table of properties and the examples below. Out: the page. What it says of types and
 * places comes from the table alone; `tests/docs` runs the examples and compares the page.
 *
 * @module
 */

import { join } from "@std/path";
import { PROPERTIES, type Property, type ValueType } from "../src/source/spec/property.ts";
import { ROOT } from "./pins.ts";

export const PAGE = join(ROOT, "docs", "reference", "toml.md");

/** A task file, and what commands print with it. */
interface Example {
  readonly toml: string;
  /** A file beside it. */
  readonly beside?: readonly [name: string, text: string];
  readonly run: readonly (readonly [command: string, output: string])[];
  /** More to say than the table does. */
  readonly more?: string;
}

const TYPES: Readonly<Record<ValueType, string>> = {
  command: "string, or array of strings: one argument each",
  shell: "string",
  string: "string",
  boolean: "boolean",
  number: "number above 0",
  strings: "string or array of strings",
  "string-array": "array of strings",
  items: "task name, inline table, or array of these",
  references: "task name, or array of task names and `{ use, env }`",
  env: "table",
  envfile: "path, `{ path, override, required }`, or array of these",
  args: "string or table, or array of these",
  options: "table of strings or tables",
  duration: '`"90s"`, `"1m30s"`, or whole seconds',
  retries: "whole number, or `{ max, delay, factor }`",
  limits: "table of limit = count",
  platform: '`"os-arch"`, `"os"` or `"any"`',
  result: '`"exit"`, `"print"` or `"ignore"`',
  interpreter:
    '`"portable"`, `"sh"`, `"bash"`, `"zsh"`, `"pwsh"`, `"cmd"`, `"python"`, or a command line as an ' +
    "array of strings",
};

const WHERE = {
  root: "root",
  group: "group",
  task: "task",
  composite: "composite",
  item: "inline item",
} as const;

const hello = (property: string): Example => ({
  toml: `[tasks.hello]\ncmd = "echo hello"\n${property}`,
  run: [["ntask -q hello", "hello"]],
});

const INTERPRETERS =
  `Without one, \`shell\` is run by \`/bin/sh\`, and where there is none (as on Windows) by ntask's
own [portable shell](../explanation/shell.md). A composite's interpreter holds for its inline items and hooks, \`interpreter\` in
\`[ntask]\` (or NTASK_INTERPRETER) for every script that names none. In \`tasks.ts\` it also runs the
commands of \`shell\` in a function's body. The one that is declared is a part of the cache's key.

| interpreter         | is started as                                | arguments           | \`{args.0}\` becomes                   |
| ------------------- | -------------------------------------------- | ------------------- | -------------------------------------- |
| none                | \`/bin/sh -c SCRIPT NAME …\`, or \`portable\`  | \`$@\`              | \`"\${NTASK_ARG_1}"\`                   |
| \`portable\`        | ntask's own shell                            | \`$@\`              | the same                               |
| \`sh\` \`bash\` \`zsh\` | \`bash -c SCRIPT NAME …\`                    | \`$@\`              | the same                               |
| \`pwsh\`            | \`pwsh -NoLogo -NoProfile -Command SCRIPT\`  | \`$args\`           | \`\${env:NTASK_ARG_1}\`                 |
| \`cmd\`             | a batch file, on Windows                     | \`%1\` …, \`%*\`    | \`!NTASK_ARG_1!\`                      |
| \`python\`          | \`python -c SCRIPT …\`, the one of \`call\`  | \`sys.argv[1:]\`    | an item of \`os.environ\`              |
| a command line      | the script is its last argument              | as its shell, or behind the script | as its shell, or an error |

- The status is that of the last command. Nothing like \`-e\` is added.
- Words that no placeholder asks for are added to the end of a script for a shell, PowerShell or
  \`cmd\`, unless it uses its arguments itself.
- A value is never written into a script: it is a variable, and the placeholder a reference to it.
  Where a language has no safe reference, the placeholder is an error when the file is loaded, which
  says what to write instead. For PowerShell that is a placeholder that touches other text of a word
  (write the word in \`"…"\`); for \`cmd\` a line with \`call\`, \`for /f\`, \`!\` or a \`^\` in quotes, and a
  script with a pipe; for Python an f-string (\`\\{args}\` is Python's own) and a string of bytes; for
  programs that ntask does not know, every one. \`env = { VALUE = "{args.0}" }\` hands a value to
  every language.
- \`python\`: \`{args}\` outside of a string is the list of the arguments. A string with a placeholder in
  it becomes an f-string.
- \`pwsh\`: a question (\`Read-Host\`) is an error where nobody can answer it.
- \`cmd\`: the batch file lies in the user's directory for temporary files; no value is in it.
- A command line may begin with a path, relative to the task's directory. That of a known shell has
  to end in the option that takes a script: \`["bash", "-euo", "pipefail", "-c"]\`.`;

const EXAMPLES: Readonly<Record<string, Example>> = {
  cmd: {
    toml:
      '[tasks]\nshort = "echo a b"\nlist.cmd = ["echo", "a  b"]\nquoted.cmd = "echo \'a  b\' c"',
    run: [
      ["ntask -q short", "a b"],
      ["ntask -q list", "a  b"],
      ["ntask -q quoted more", "a  b c more"],
    ],
    more: "No shell is started: `&&`, `*` and `$NAME` are ordinary text. Words behind the task's " +
      "name are added to the command, or go where `{args}` stands. `${NAME}` is a variable of the " +
      "task's environment, `${NAME:-default}` one with a default.",
  },
  shell: {
    toml:
      '[tasks]\nboth.shell = "echo one && echo two"\neach.shell = "for a in {args}; do echo \\"<$a>\\"; done"',
    run: [["ntask -q both", "one\ntwo"], ["ntask -q each 'a b' c", "<a b>\n<c>"]],
    more:
      "The script runs in `/bin/sh`; where there is none, in ntask's own portable shell; or in " +
      "another [interpreter](#interpreter). The status is that of the last command. Values are handed over as variables, never written " +
      "into the script, so nothing in them is run.",
  },
  call: {
    toml: "[tasks]\nread.call = \"./lib.mjs:show('x', 2)\"",
    beside: [
      "lib.mjs",
      "export function show(...values) {\n  console.log(JSON.stringify([process.argv.slice(2), values]));\n}",
    ],
    run: [["ntask -q read -v", '[["-v"],["x",2]]']],
    more:
      "`module:function(arguments)` of Python, or a path that ends in `.ts`, `.js` and the like " +
      "with `:function(literals)`. Without parentheses a script's function is given the context " +
      "(`{ task, args, env, cwd, root, signal, log }`). Words behind the task's name are in " +
      "`sys.argv` and `process.argv`.",
  },
  tasks: {
    toml: '[tasks]\na = "echo a"\nb = "echo b"\nall.tasks = ["a", "b", { shell = "echo c" }]',
    run: [["ntask -q all", "a\nb\nc"]],
    more: "Items run one after the other, or all at once with `parallel = true`.",
  },
  use: {
    toml:
      '[tasks]\nhello = "echo hello ${WHO}"\nall.tasks = [{ use = "hello", env = { WHO = "Ada" } }]',
    run: [["ntask -q all", "hello Ada"]],
  },
  env: {
    toml:
      '[tasks]\nenv = { GREETING = "hello" }\n[tasks.greet]\ncmd = "echo ${GREETING} ${WHO}"\nenv = { WHO = { default = "you" } }',
    run: [["ntask -q greet", "hello you"], ["ntask -q --env WHO=Ada greet", "hello Ada"]],
    more:
      "Values are strings, numbers or booleans; `{ default = … }` counts only if the variable is " +
      "unset, `{ unset = true }` removes it, `{ value = …, secret = true }` is masked in ntask's own " +
      "output. A later value sees the earlier ones. An inner scope wins over an outer one. Every task " +
      "is given `NTASK_TASK`, `NTASK_ROOT` and `NTASK_RUN_CWD`. One that writes to a pipe is given " +
      "`FORCE_COLOR` and `CLICOLOR_FORCE` as well while ntask itself writes to a terminal with " +
      "colour, unless somebody has set one of them, `CLICOLOR` or `NO_COLOR`; a cached one never, " +
      "for what is stored must not depend on where it was made.",
  },
  envfile: {
    toml: '[tasks.greet]\ncmd = "echo ${WHO:-nobody}"\nenvfile = "not-there.env"',
    run: [["ntask -q greet", "nobody"]],
    more: "Relative to the project root. A file that is not there is no error, unless " +
      "`required = true`. A variable that ntask was started with wins over the file, unless " +
      "`override = true`.",
  },
  cwd: {
    toml: '[tasks.where]\ncmd = "echo {task.name} runs in its directory"\ncwd = "."',
    run: [["ntask -q where", "where runs in its directory"]],
    more:
      "Relative to the project root, never to where you stand; inner directories replace outer " +
      "ones.",
  },
  help: {
    toml: '[tasks.build]\ncmd = "echo building"\nhelp = "Build it."',
    run: [["ntask --list", "build  Build it."]],
    more: "The first line is shown by `--list`, all of it by `ntask help TASK`.",
  },
  args: {
    toml:
      '[tasks.greet]\ncmd = "echo hello {args.name} {args.times}"\nargs = [{ name = "name" }, { name = "times", type = "integer", default = 1 }]',
    run: [["ntask -q greet Ada", "hello Ada 1"], ["ntask --list", "greet  <name> [times]"]],
    more: "Strings are notes for help. A table declares a parameter (`name`, `help`, `type`, " +
      "`default`, `choices`, `required`, `multiple`, `short`, `env`); then unknown options are errors.",
  },
  options: {
    toml:
      '[tasks.build]\ncmd = "echo {args.mode}"\noptions.mode = { choices = ["dev", "prod"], default = "dev", help = "for whom" }',
    run: [["ntask -q build --mode prod", "prod"], ["ntask -q build", "dev"]],
  },
  pre: {
    toml: '[tasks.test]\ncmd = "echo test"\npre = { shell = "echo before" }',
    run: [["ntask -q test", "before\ntest"], ["ntask -q --no-pre test", "test"]],
    more: "Hooks run whenever the task runs. A failing `pre` ends it.",
  },
  post: {
    toml: '[tasks.test]\ncmd = "echo test"\npost = [{ cmd = "echo after" }]',
    run: [["ntask -q test", "test\nafter"]],
    more: "Not run when the task failed.",
  },
  parallel: {
    toml:
      '[tasks]\none = "echo one"\ntwo = "echo two"\nboth = { tasks = ["one", "two"], parallel = true }',
    run: [["ntask -q -j1 both", "one\ntwo"]],
    more:
      "All items start at once, whatever the number of processors; an explicit `-j` limits them.",
  },
  condition: {
    toml:
      '[tasks]\nnever = { cmd = "echo never", condition = "\'no-such-file\' in files" }\nall.tasks = ["never", { cmd = "echo done" }]',
    run: [["ntask -q all", "done"]],
    more:
      "A PEP 508 marker: `os_name`, `sys_platform`, `platform_machine`, `python_version` and so " +
      "on, and `'path' in files`. A task whose condition does not hold is skipped, which is a success.",
  },
  deps: {
    toml:
      '[tasks]\nlint = "echo lint"\ntest = { cmd = "echo test", deps = ["lint"] }\nrelease = { cmd = "echo release", deps = ["lint", "test"] }',
    run: [["ntask -q -j1 release", "lint\ntest\nrelease"]],
    more:
      "Each dependency runs once in a run, for each set of arguments; independent ones overlap.",
  },
  result: {
    toml: '[tasks.version]\ncall = "./lib.mjs:version()"\nresult = "print"',
    beside: ["lib.mjs", 'export const version = () => "1.2.3";'],
    run: [["ntask -q version", "1.2.3"]],
    more:
      "`exit` (the default): a number is the status, `false` is failure. `print`: it is written " +
      "to stdout. `ignore`: nothing is made of it.",
  },
  exclusive: {
    ...hello("exclusive = true"),
    more: "It waits for what is running, and nothing starts before it has ended.",
  },
  keep_going: {
    toml:
      '[tasks]\nbad.shell = "exit 3"\ngood = "echo good"\nall = { tasks = ["bad", "good"], keep_going = true }',
    run: [["ntask --skip bad -q all", "good"]],
    more: "The first failure is still the status of the whole.",
  },
  aliases: {
    toml: '[tasks.build]\ncmd = "echo building"\naliases = ["b"]',
    run: [["ntask -q b", "building"]],
  },
  tags: {
    toml: '[tasks]\na = { cmd = "echo a", tags = ["quick"] }\nb = "echo b"',
    run: [["ntask -q --tag quick", "a"]],
    more: "Members have the tags of their group too.",
  },
  default: {
    toml: '[tasks.hello]\ncmd = "echo hello"\ndefault = true',
    run: [["ntask -q", "hello"]],
  },
  hidden: {
    toml:
      '[tasks]\nshown = "echo shown"\n_hidden = "echo hidden"\nalso = { cmd = "echo also", hidden = true }',
    run: [["ntask --list", "shown"], ["ntask -q _hidden", "hidden"]],
    more: "A name that begins with `_` is hidden as well.",
  },
  interactive: {
    ...hello("interactive = true"),
    more: "It reads from the terminal and writes to it, also when others run beside it: one such " +
      "task at a time, and what the others write is shown when it has ended. It stays in the " +
      "terminal's process group, so Ctrl+C is its own. Without a terminal it reads standard input " +
      "as it is, and a warning says so.",
  },
  confirm: {
    toml: '[tasks.drop]\ncmd = "echo dropped"\nconfirm = "Drop everything?"',
    run: [["ntask -q --yes drop", "dropped"]],
    more: "Every question of a run is asked before anything starts. Without a terminal it is an " +
      "error; `--yes` answers.",
  },
  inputs: {
    toml: '[tasks.hello]\ncmd = "echo hello"\ninputs = ["src/**"]',
    beside: ["src/a.txt", "a"],
    run: [["ntask -q hello", "hello"], ["ntask -q hello", "hello"]],
    more:
      "A task with inputs is cached: the second run shows what the first one wrote, and starts " +
      "nothing. `inputs = []`: nothing on disk matters. Patterns are relative to the task's " +
      "directory, a leading `/` is the project root, `!` excludes, the last match decides. See " +
      "[caching](../explanation/caching.md).",
  },
  outputs: {
    toml:
      '[tasks.build]\nshell = "mkdir -p dist && cat src/*.txt > dist/all.txt"\ninputs = ["src/**"]\noutputs = ["dist/"]',
    beside: ["src/a.txt", "one"],
    run: [["ntask -q build", ""], ["rm -r dist", ""], ["ntask -q build", ""], [
      "cat dist/all.txt",
      "one",
    ]],
    more: "They are stored, and put back instead of being made again. One that the task does not " +
      "make is an error.",
  },
  outputs_optional: hello('inputs = []\noutputs_optional = ["dist/*.map"]'),
  cached: hello("inputs = []\ncached = false"),
  cache_env: hello('inputs = []\ncache_env = ["CI", "BUILD_*"]'),
  tools: hello('inputs = []\ntools = ["sh -c true"]'),
  platform: hello('inputs = []\nplatform = "any"'),
  text: hello("inputs = []\ntext = true"),
  clean: hello("inputs = []\nclean = false"),
  gitignore: hello("inputs = []\ngitignore = false"),
  timeout: {
    ...hello('timeout = "5m"'),
    more: "What takes longer is ended, and fails with status 124. `--timeout` says it for every " +
      "action of one run.",
  },
  retries: {
    toml: '[tasks.fetch]\nshell = "test -e there || { touch there; exit 1; }; echo yes"\n' +
      'retries = { max = 2, delay = "10ms" }',
    run: [["ntask -q fetch", "yes"]],
    more: "A number is a number of further attempts: after one second, after two, after four. " +
      "`{ max, delay, factor }` says it in full. What cannot be started at all is not tried again.",
  },
  uses: {
    toml: '[ntask]\nlimits = { database = 1 }\n\n[tasks.hello]\ncmd = "echo hello"\n' +
      "uses = { database = 1 }",
    run: [["ntask -q hello", "hello"]],
    more: "How much there is of each limit stands in the settings, `limits`. A composite keeps " +
      "what it uses from its first item to its last.",
  },
  weight: {
    ...hello("weight = 2"),
    more: "Slots of `-j`, one if nothing is said; fractions too. What weighs more than there are " +
      "runs alone.",
  },
  interpreter: {
    toml: `[tasks.strict]
shell = 'echo "$0" "$@"; false; echo never'
interpreter = ["sh", "-euc"]

[tasks.same]
shell = "echo 'the same everywhere'"
interpreter = "portable"`,
    run: [["ntask -q strict a 'b c'; echo $?", "strict a b c\n1"], [
      "ntask -q same",
      "the same everywhere",
    ]],
    more: INTERPRETERS,
  },
};

/** The page as it has to be. */
export function referencePage(): string {
  const rows = PROPERTIES.map(({ name, levels, help }) =>
    `| [\`${name}\`](#${name}) | ${levels.map((level) => WHERE[level]).join(", ")} | ${help} |`
  );
  return `# TOML task files

Tasks stand in \`[tasks]\` of \`ntask.toml\` or \`tasks.toml\`, or in \`[tool.ntask.tasks]\` (or
\`[tasks]\`) of \`pyproject.toml\`. A value that is a string is a command; a table with one of \`cmd\`,
\`shell\`, \`call\` and \`tasks\` is a task; a table without one is a group of tasks. \`ntask schema\`
prints a JSON Schema for editors.

This page is generated from the table of properties; every example is run by the tests.

| property | where | |
| --- | --- | --- |
${rows.join("\n")}

${PROPERTIES.map(section).join("\n")}`;
}

function section(property: Property): string {
  const { name, type, levels, core, help } = property;
  const example = EXAMPLES[name];
  if (example === undefined) throw new Error(`the property ${name} has no example`);
  const lines = [
    `## ${name}`,
    "",
    help,
    "",
    `- Type: ${TYPES[type]}`,
    `- Where: ${levels.map((level) => WHERE[level]).join(", ")}`,
    ...core ? ["- A reserved word: no task at the root may have this name."] : [],
    "",
  ];
  if (example.more !== undefined) lines.push(example.more, "");
  lines.push("```toml file=tasks.toml", example.toml, "```", "");
  if (example.beside !== undefined) {
    const [name, text] = example.beside;
    const language = /\.[a-z]+$/.exec(name)![0].slice(1).replace("mjs", "js");
    lines.push(`\`\`\`${language} file=${name}`, text, "```", "");
  }
  lines.push("```console");
  for (const [command, output] of example.run) {
    lines.push(`$ ${command}`, ...output === "" ? [] : [output]);
  }
  lines.push("```", "");
  return lines.join("\n");
}

if (import.meta.main) {
  await Deno.writeTextFile(PAGE, referencePage());
  await new Deno.Command("deno", { args: ["fmt", "--quiet", PAGE] }).output();
}
