/**
 * `ntask init [TEMPLATE]`: a first `tasks.ts`, and what editors and compilers need to understand it.
 * Nothing that is there is changed: what an existing file lacks is said.
 *
 * @module
 */

import { basename, join, resolve } from "@std/path";
import type { AbsolutePath } from "../../model/id.ts";
import { directoryFault } from "../../model/problem.ts";
import { nearest } from "../../model/near.ts";
import { type Context, report, USAGE_ERROR } from "../context.ts";
import { TYPES_FILE, writeTypes } from "../types.ts";

/** A file to write. */
interface NewFile {
  readonly path: string;
  readonly text: string;
  /** Something that may be there already, and then needs this. */
  readonly entry?: string;
}

const TEMPLATES: Readonly<Record<string, (name: string) => readonly NewFile[]>> = {
  plain: () => [{ path: "tasks.ts", text: PLAIN_TASKS }, ...editorFiles(["tasks.ts"])],
  "typescript-library": (name) => [
    { path: "tasks.ts", text: LIBRARY_TASKS },
    { path: "src/mod.ts", text: LIBRARY_SOURCE },
    { path: "tests/mod_test.ts", text: LIBRARY_TEST },
    {
      path: "package.json",
      text: json({
        name,
        version: "0.1.0",
        type: "module",
        exports: "./dist/mod.js",
        files: ["dist"],
        devDependencies: { typescript: "^5.9.3" },
      }),
    },
    ...editorFiles(["tasks.ts", "src", "tests"]),
  ],
};

export async function run(context: Context): Promise<number> {
  const { host, given, words } = context;
  const [template = "plain", ...rest] = words;
  const make = Object.hasOwn(TEMPLATES, template) ? TEMPLATES[template] : undefined;
  if (make === undefined || rest.length > 0) {
    const names = Object.keys(TEMPLATES);
    const detail = make === undefined
      ? `init has no template ${template}; it has ${names.join(" and ")}`
      : `init takes one template, not ${words.join(" ")}`;
    const near = make === undefined ? nearest(template, names) : [];
    await report(context, [{ code: "R_OPTION", detail, near }]);
    return USAGE_ERROR;
  }
  const root = resolve(host.cwd, given.values.get("directory")?.at(-1) ?? ".") as AbsolutePath;
  const kind = host.files.kind(root);
  if (kind !== "directory") {
    const why = directoryFault(root, kind);
    await report(context, [{
      code: "E_DIRECTORY",
      directory: root,
      why,
      given: given.values.has("directory"),
    }]);
    return USAGE_ERROR;
  }
  const files = make(packageName(root));
  const exists = ({ path }: NewFile) => host.files.kind(join(root, path)) !== undefined;
  const taken = files.find((file) => file.entry === undefined && exists(file));
  if (taken !== undefined) {
    await report(context, [{ code: "R_INIT", file: taken.path }]);
    return USAGE_ERROR;
  }
  const disk = await host.disk();
  const missing = files.filter((file) => !exists(file));
  try {
    for (const { path, text } of missing) {
      disk.makeDirectory(resolve(root, path, ".."));
      disk.writeWhole(join(root, path), text);
    }
  } catch (error) {
    const { path, message } = error as InstanceType<typeof disk.DiskError>;
    await report(context, [{ code: "R_WRITE", file: path ?? root, detail: message }]);
    return 1;
  }
  await writeTypes(host, root);
  host.stdout.write(missing.map(({ path }) => `wrote ${path}\n`).join(""));
  for (const { path, entry } of files.filter((file) => !missing.includes(file))) {
    host.stdout.write(`${path} is there already; it needs:\n${indented(entry!)}\n`);
  }
  host.stdout.write("now try: ntask\n");
  return 0;
}

/** What tells an editor, `tsc` and `deno check` where "ntask" is. */
function editorFiles(include: readonly string[]): readonly NewFile[] {
  const place = `./${TYPES_FILE}`;
  const paths = { ntask: [place] };
  return [
    {
      path: "tsconfig.json",
      text: json({
        compilerOptions: {
          target: "ESNext",
          module: "Preserve",
          moduleResolution: "Bundler",
          lib: ["ESNext", "DOM"],
          types: [],
          strict: true,
          noEmit: true,
          allowImportingTsExtensions: true,
          paths,
        },
        include,
      }),
      entry: `"compilerOptions": { "paths": ${JSON.stringify(paths)} }`,
    },
    {
      path: "deno.json",
      text: json({ imports: { ntask: place } }),
      entry: `"imports": { "ntask": ${JSON.stringify(place)} }`,
    },
  ];
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}

function indented(text: string): string {
  return text.split("\n").map((line) => `  ${line}`).join("\n");
}

/** The directory's name, as far as a package may have it. */
function packageName(root: string): string {
  const name = basename(root).toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/^[._-]+/, "");
  return name === "" ? "library" : name;
}

const PLAIN_TASKS = `import { shell, task } from "ntask";

/**
 * Say hello.
 *
 * @param name whom to greet
 * @example ntask hello Ann
 */
export const hello = task((name = "world") => shell\`echo Hello, \${name}!\`);

/** Count the lines of this file. It is cached by its inputs: the second run starts nothing. */
export const lines = task({ inputs: ["tasks.ts"] }, "wc -l tasks.ts");

/** What \`ntask\` alone runs: list what it needs. */
export const all = task({ default: true, deps: [hello, lines] });
`;

const LIBRARY_TASKS = `import { shell, task } from "ntask";

/** Check the types. */
export const check = task({ inputs: ["src/**/*.ts", "tsconfig.json"] }, "tsc --noEmit");

/**
 * Run the tests.
 *
 * @param file only this one
 */
export const test = task(
  { inputs: ["src/**/*.ts", "tests/**/*.ts"] },
  (file = "tests/mod_test.ts") => shell\`node \${file}\`,
);

/** Compile the library to dist/. */
export const build = task(
  { deps: [check], inputs: ["src/**/*.ts"], outputs: ["dist/"] },
  "tsc src/mod.ts --outDir dist --declaration --target esnext --module nodenext",
);

/** Everything that has to hold before a change lands. */
export const ok = task({ default: true, deps: [check, test, build] });
`;

const LIBRARY_SOURCE = `/** The greeting for someone. */
export function greeting(name: string): string {
  return \`Hello, \${name}!\`;
}
`;

const LIBRARY_TEST = `import { greeting } from "../src/mod.ts";

const got = greeting("Ann");
if (got !== "Hello, Ann!") throw new Error(\`greeting("Ann") is \${JSON.stringify(got)}\`);
console.log("ok");
`;
