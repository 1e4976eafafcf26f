/**
 * Scripts for Python, run by a real one.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

const PYTHON = { python: true } as const;

/** Nothing of these is code, a quote's end or a brace to the script they come to. */
const HOSTILE = [
  "plain",
  "",
  "two words",
  "it's",
  'a "quote"',
  "'''",
  '"""',
  "back\\slash",
  "trailing\\",
  "{braces}",
  "{0}",
  "%s",
  "$HOME",
  "line\nend",
  "tab\t",
  '" + __import__("os").getcwd() + "',
  "ü€😀",
];

cliTest("Python: every value comes to every kind of string as it is", PYTHON, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks.all]
interpreter = "python"
shell = '''
import json, sys
one = [{args.0}, "<{args.0}>", '<{args.0}>', r"\\d{args.0}", """<{args.0}>\\{args.0}""", "a" "{args.0}".upper()]
print(json.dumps([one, {args}, "{args}", "{{}} {x}", sys.argv[1:]]))
'''
`,
  });
  for (const value of HOSTILE) {
    const { code, stdout, stderr } = await project.run(["all", "--", value, "x", value]);
    assertEquals(code, 0, stderr);
    assertEquals(JSON.parse(stdout), [
      [
        value,
        `<${value}>`,
        `<${value}>`,
        `\\d${value}`,
        `<${value}>{args.0}`,
        `a${value}`.toUpperCase(),
      ],
      ["x", value],
      `x ${value}`,
      "{{}} {x}",
      [],
    ]);
  }
});

cliTest("Python: arguments are in sys.argv, the status is the script's", PYTHON, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = { shell = "import sys\\nprint(sys.argv)\\nsys.exit(7)", interpreter = "python" }
b = { shell = "raise ValueError('no')", interpreter = "python" }
c = { shell = "print('own')", interpreter = ["python3", "-I", "-c"] }
`,
  });
  const a = await project.run(["a", "x y", "--z"]);
  assertEquals([a.code, a.stdout], [7, "['-c', 'x y', '--z']\n"]);
  const b = await project.run(["b"]);
  assertEquals(b.code, 1);
  assertStringIncludes(b.stderr, "ValueError: no");
  assertEquals((await project.run(["c"])).stdout, "own\n");
});

cliTest(
  "Python: it is the one that call would use; without one the message says where",
  async () => {
    await using project = await createProject({
      "tasks.toml": '[tasks]\na = { shell = "print(1)", interpreter = "python" }\n',
    });
    const { code, stdout, stderr } = await project.run(["a"], {
      env: { NTASK_PYTHON: "no-such-python" },
    });
    assertEquals([code, stdout], [127, ""]);
    assertStringIncludes(
      stderr,
      "error[R_PYTHON]: a: no Python was found (looked for no-such-python)",
    );
    assertStringIncludes(stderr, "--> tasks.toml:2:41");
  },
);

cliTest(
  "Python: the commands of a function's body, with what stands in their holes",
  PYTHON,
  async () => {
    await using project = await createProject({
      "tasks.ts": `import { shell, task } from "ntask";
const values = ${JSON.stringify(HOSTILE)};
export const a = task({ interpreter: "python" }, async () => {
  const text = await shell\`import json
print(json.dumps([\${values}]))\`.text();
  console.log(text === JSON.stringify(values) || JSON.stringify(JSON.parse(text)) === JSON.stringify(values));
});
`,
    });
    const { stdout, stderr } = await project.run(["-q", "a"]);
    assertEquals(stdout, "true\n", stderr);
  },
);

cliTest("Python: variables that it names count for the cache", PYTHON, async () => {
  await using project = await createProject({
    "tasks.toml":
      `[tasks]\na = { shell = "import os\\nprint(os.environ.get('MODE'))", inputs = [], interpreter = "python" }\n`,
  });
  for (const mode of ["x", "y", "x"]) {
    assertEquals((await project.run(["a"], { env: { MODE: mode } })).stdout, `${mode}\n`);
  }
});
