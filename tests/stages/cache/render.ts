/**
 * The files of a project: what a model says, as `tasks.toml`, `tasks.ts` and what they use.
 *
 * @module
 */

import {
  declared,
  HIDDEN,
  HIDING,
  type Model,
  type Read,
  type Ref,
  type Source,
  type Sources,
  type Task,
  taskNamed,
  toolOf,
  type Use,
  type Work,
  works,
  type Write,
} from "./model.ts";
import { commandOf, FAILING, hookOf, OPTIONAL_FOR } from "./script.ts";

export function filesOf(model: Model): Sources {
  const files: Record<string, Source> = {
    ...model.sources,
    "tasks.toml": { text: tomlOf(model) },
  };
  for (const task of works(model)) {
    if (task.action !== "script") continue;
    files[toolOf(task)] = { text: `#!/bin/sh\n${commandOf(task, model)}`, exec: true };
  }
  const functions = works(model).filter(({ action }) => action === "function");
  if (functions.length === 0) return files;
  const { code } = model;
  files["tasks.ts"] = { text: tasksTsOf(functions, model) };
  files["machine.ts"] = { text: MACHINE };
  files["extra.ts"] = { text: `export const EXTRA: string = "${code.extra}";\n` };
  files["data.json"] = { text: `{ "value": "${code.data}" }\n` };
  if (functions.some(({ uses }) => uses.includes("linked"))) {
    const about = { name: "x", version: "1.0.0", type: "module", exports: "./index.js" };
    files["packages/x/package.json"] = { text: JSON.stringify(about) };
    files["packages/x/index.js"] = { text: `export default "${code.linked}";\n` };
    files["node_modules/x"] = { link: "../packages/x" };
  }
  return files;
}

// ── tasks.toml ───────────────────────────────────────────────────────────────────────────────────

function tomlOf(model: Model): string {
  const grouped = model.tasks.some(({ name }) => name.startsWith("g."));
  const parts = [
    `[tasks]\nenv = ${table(model.globals)}\n`,
    ...grouped ? [`[tasks.g]\nenv = ${table(model.group)}\n`] : [],
    ...model.tasks.filter((task) => task.kind !== "work" || task.action !== "function")
      .map((task) => `[tasks.${task.name}]\n${tomlTask(task, model)}`),
  ];
  return parts.join("\n");
}

function tomlTask(task: Task, model: Model): string {
  if (task.kind === "gather") return `deps = ${refs(task.deps, model)}\n`;
  if (task.kind === "composite") {
    const rest = [
      ...task.parallel ? ["parallel = true\n"] : [],
      ...task.over === undefined ? [] : [`env = ${table({ OV: task.over })}\n`],
    ];
    return `tasks = ${refs(task.items, model)}\n${rest.join("")}`;
  }
  const action = task.action === "script"
    ? `cmd = "./${toolOf(task)}"\n`
    : `shell = '''\n${commandOf(task, model)}'''\n`;
  return action + [
    ...task.deps.length === 0 ? [] : [["deps", refs(task.deps, model)]],
    ...propertiesOf(task).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      name === "env" ? table(value as Record<string, string>) : JSON.stringify(value),
    ]),
    ...task.pre === undefined ? [] : [["pre", `{ shell = '''${hookOf(task)}''' }`]],
  ].map(([name, value]) => `${name} = ${value}\n`).join("");
}

function refs(list: readonly Ref[], model: Model): string {
  return `[${
    list.map((ref) => {
      const name = JSON.stringify(wordsOf(ref, model).join(" "));
      return ref.over === undefined ? name : `{ use = ${name}, env = ${table({ OV: ref.over })} }`;
    }).join(", ")
  }]`;
}

function table(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

// ── what both languages have ─────────────────────────────────────────────────────────────────────

/** The words that name a task and its argument. */
export function wordsOf(ref: Ref, model: Model): readonly string[] {
  if (ref.word === undefined) return [ref.task];
  const task = taskNamed(model, ref.task);
  const named = task.kind === "work" && task.action === "function";
  return [ref.task, named ? `--mode=${ref.word}` : ref.word];
}

/** The properties of a task but for its action and dependencies, in camelCase. */
export function propertiesOf(
  task: Work,
): readonly (readonly [string, string | boolean | readonly string[] | Record<string, string>])[] {
  const outputs = declared(task).filter(({ kind }) => kind !== "optional");
  const optional = declared(task).filter(({ kind }) => kind === "optional");
  const declares = task.caching !== "plain";
  return [
    ...task.cwd === "" ? [] : [["cwd", task.cwd] as const],
    ...Object.keys(task.env).length === 0 ? [] : [["env", task.env] as const],
    ...declares
      ? [["inputs", task.reads.flatMap((read) => inputPatterns(read, task))] as const]
      : [],
    ...outputs.length === 0
      ? []
      : [["outputs", outputs.map((write) => outputPattern(write, task))] as const],
    ...optional.length === 0
      ? []
      : [["outputsOptional", optional.map((write) => outputPattern(write, task))] as const],
    ...task.caching === "uncached" ? [["cached", false] as const] : [],
    ...declares && task.matched ? [["cacheEnv", ["CE_*"]] as const] : [],
    ...declares && task.text ? [["text", true] as const] : [],
    ...declares && task.seesIgnored ? [["gitignore", false] as const] : [],
    ...declares && task.platform !== undefined ? [["platform", task.platform] as const] : [],
    ...task.tool === undefined ? [] : [["tools", [`cat ${task.tool}`]] as const],
    ...declares && !task.clean ? [["clean", false] as const] : [],
  ];
}

function inputPatterns(read: Read, task: Work): readonly string[] {
  const at = relative(read.at, task);
  // Only what does not begin with `/` can be written in other ways.
  const dotted = at.startsWith("/") || read.spelling % 2 === 0 ? at : `./${at}`;
  const pattern = {
    file: dotted,
    direct: `${dotted}/*.txt`,
    deep: `${dotted}/**/*.txt`,
    tree: [
      `${at}/`,
      dotted,
      `${at}/**`,
      `${dotted}/**/*`,
      `{${at},nothing}/**`,
    ][read.spelling % 5]!,
  }[read.shape];
  const excluded = read.without === undefined || read.own
    ? []
    : [`!${relative(read.without, task)}/**`];
  return [pattern, ...excluded];
}

function outputPattern(write: Write, task: Work): string {
  const at = relative(write.at, task);
  if (write.kind === "named" || write.kind === "shared") return `${at}/**`;
  if (write.kind !== "main" || write.spelling === 0) return at;
  const folder = at.slice(0, at.lastIndexOf("/"));
  return [`${folder}/`, `${folder}/**`, folder][write.spelling - 1]!;
}

/** A path as a pattern of a task has it. */
function relative(path: string, { cwd }: Work): string {
  if (cwd === "") return path;
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : `/${path}`;
}

// ── tasks.ts ─────────────────────────────────────────────────────────────────────────────────────

function tasksTsOf(functions: readonly Work[], model: Model): string {
  const { code } = model;
  const note = (place: number) => code.comment === 0 ? "" : ` // note ${code.comment}.${place}`;
  const some = (use: Use) => functions.some(({ uses }) => uses.includes(use));
  return `import { task } from "ntask";
import { perform } from "./machine.ts";${note(1)}
import { EXTRA } from "./extra.ts";
${some("data") ? 'import data from "./data.json" with { type: "json" };\n' : ""}${
    some("linked") ? 'import linked from "x";\n' : ""
  }
const TOP0 = "${code.top[0]}";${note(2)}
const TOP1${code.comment % 2 === 0 ? "" : ": string"} = "${code.top[1]}";
${some("state") ? `const STATE: string[] = [];\nSTATE.push("${code.state}");\n` : ""}
function help0() {
  return "${code.help[0]} " + TOP0;${note(3)}
}
const help1 = () => \`${code.help[1]} \${TOP1}\`;

${functions.map((task) => functionOf(task, model)).join("\n")}`;
}

function functionOf(task: Work, model: Model): string {
  const options = [
    ...task.deps.length === 0 ? [] : [`deps: ${depsOf(task, model)}`],
    ...propertiesOf(task).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
  ];
  const variables = [
    ...new Set([...Object.keys(task.env), ...task.named, ...task.takesOver ? ["OV"] : []]),
  ];
  const head = [
    `"task ${task.name} ${task.constant}"`,
    ...task.uses.map((use) => `\`${use} \${${USES[use]}}\``),
    ...task.takesValue === undefined ? [] : ["`value ${value}`"],
    ...variables.map((name) => `\`${name}=\${process.env.${name} ?? "unset"}\``),
    ...task.takesWord ? ["`arg ${mode}`"] : [],
  ];
  const label = [
    `"${task.name}"`,
    task.takesWord ? "mode" : '""',
    task.takesOver ? 'process.env.OV ?? ""' : '""',
  ];
  const parameters = [
    ...task.takesValue === undefined ? [] : ["{ value }: { value: unknown }"],
    ...task.takesWord ? ['mode = "dev"'] : [],
  ];
  const root = task.cwd === "" ? "" : "../".repeat(task.cwd.split("/").length);
  const base = task.reads.length === 0 ? "undefined" : JSON.stringify(
    root + (task.cwd === "" ? `src/${task.name}` : `${task.cwd}/in`) + "/base.txt",
  );
  return `export const ${task.name} = task({
  ${options.join(",\n  ")}
}, (${parameters.join(", ")}) => {
  ${model.code.comment % 3 === 1 ? "/* a body */ " : ""}const v = perform({
    label: [${label.join(", ")}].join("|"),
    head: [${head.join(", ")}],
    root: "${root}",
    base: ${base},
    reads: ${JSON.stringify(task.reads.map(({ at, shape, without }) => ({ at, shape, without })))},
    writes: ${JSON.stringify(task.writes.map(({ kind, at }) => ({ kind, at })))},
    name: "${task.name}", text: ${task.text}, lossy: ${task.lossy}, plain: ${
    task.caching === "plain"
  }, decoration: ${JSON.stringify(task.decoration ?? "")},
    sees: ${task.seesIgnored || task.caching === "plain"}, any: ${task.platform === "any"}, tool: ${
    JSON.stringify(task.tool ?? "")
  },
  });
  return v + "-${task.constant}";
});
`;
}

const USES = {
  top0: "TOP0",
  top1: "TOP1",
  help0: "help0()",
  help1: "help1()",
  state: "STATE.join()",
  extra: "EXTRA",
  data: "data.value",
  linked: "linked",
};

function depsOf({ deps, takesValue }: Work, model: Model): string {
  const words = deps.map((ref) => wordsOf(ref, model).join(" "));
  if (takesValue === undefined) return JSON.stringify(words);
  const named = deps.map(({ task }, index) => [
    task === takesValue ? "value" : `d${index}`,
    words[index],
  ]);
  return JSON.stringify(Object.fromEntries(named));
}

/** Does what the shell text of `script.ts` does. */
const MACHINE = String.raw`import * as fs from "node:fs";

interface Spec {
  label: string; head: string[]; root: string; base: string | undefined; name: string;
  reads: { at: string; shape: string; without?: string }[]; writes: { kind: string; at: string }[];
  text: boolean; lossy: boolean; plain: boolean; decoration: string;
  sees: boolean; any: boolean; tool: string;
}

export function perform(spec: Spec): string {
  const rig = process.env.RIG;
  fs.appendFileSync(rig + "/log", spec.label + "\n");
  const slow = () => {
    if (fs.existsSync(rig + "/slow")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  };
  slow();
  const tool = spec.tool === "" ? [] : ["tool " + fs.readFileSync(spec.root + spec.tool, "utf8").trim()];
  const head = [...spec.head, ...tool];
  const d = [...head];
  const rules = spec.root + ".gitignore";
  const hides = !spec.sees && fs.existsSync(rules) &&
    fs.readFileSync(rules, "utf8").split("\n").includes("${HIDING}");
  for (const { at, shape, without } of spec.reads) {
    const place = spec.root + at;
    if (shape === "file") dump(place, spec, d);
    else walk(place, shape, without === undefined ? "" : spec.root + without, hides, spec, d);
  }
  console.log(d.join("\n"));
  const q = (spec.lossy ? d.join("\n").split("\n").filter((line) => !line.startsWith("|#")) : d).join("\n") + "\n";
  let v = "none";
  if (spec.base !== undefined) {
    v = (fs.readFileSync(spec.base, "utf8").split("\n")[0] ?? "").replace(/\r$/, "");
  }
  spec.writes.forEach((write, index) => {
    put(spec, write, v, index === 0 ? q : head.join("\n") + "\n");
    if (index === 0) { stop(v); slow(); }
  });
  if (spec.writes.length === 0) stop(v);
  return v;
}

function stop(v: string): void {
  if (v.startsWith("${FAILING}")) throw new Error("told to fail");
}

function put(spec: Spec, { kind, at }: { kind: string; at: string }, v: string, q: string): void {
  const place = spec.root + at;
  const folder = place.slice(0, place.lastIndexOf("/"));
  if (kind === "named") {
    fs.mkdirSync(place + "/d-" + v, { recursive: true });
    fs.writeFileSync(place + "/" + v + ".txt", q);
    fs.writeFileSync(place + "/d-" + v + "/" + spec.name + ".txt", q);
    return;
  }
  if (kind === "shared") {
    fs.mkdirSync(place, { recursive: true });
    fs.writeFileSync(place + "/" + spec.name + "-" + v + ".txt", q);
    return;
  }
  fs.mkdirSync(folder, { recursive: true });
  if (kind === "optional" && !${JSON.stringify(OPTIONAL_FOR)}.includes(v)) return;
  const file = spec.plain ? place + "." + process.pid : place;
  fs.writeFileSync(file, q);
  if (spec.plain) fs.renameSync(file, place);
  if (kind !== "main") return;
  if (spec.decoration === "exec") fs.chmodSync(place, 0o755);
  if (spec.decoration === "link") {
    fs.rmSync(folder + "/link-" + v, { force: true });
    fs.symlinkSync("main.txt", folder + "/link-" + v);
  }
  if (spec.decoration === "empty") fs.mkdirSync(folder + "/empty-" + v, { recursive: true });
}

function walk(place: string, shape: string, without: string, hides: boolean, spec: Spec, d: string[]): void {
  if (!fs.existsSync(place)) return;
  for (const name of fs.readdirSync(place).sort()) {
    const path = place + "/" + name;
    if (path === without || hides && name === "${HIDDEN}") continue;
    const stat = fs.lstatSync(path);
    const folder = stat.isDirectory() || stat.isSymbolicLink() && fs.statSync(path, { throwIfNoEntry: false })?.isDirectory();
    if (folder) {
      if (shape === "direct") continue;
      if (stat.isSymbolicLink()) {
        if (shape === "deep") continue;
        d.push("link " + path + " -> " + fs.readlinkSync(path));
      }
      walk(path, shape, without, hides, spec, d);
    } else if (shape === "tree" || name.endsWith(".txt")) dump(path, spec, d);
  }
}

function dump(path: string, { text, any }: Spec, d: string[]): void {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) d.push("link " + path + " -> " + fs.readlinkSync(path));
  const end = fs.statSync(path, { throwIfNoEntry: false });
  if (!end?.isFile()) return;
  d.push("file " + path + (any || (end.mode & 0o111) === 0 ? "" : " x"));
  const lines = fs.readFileSync(path, "utf8").split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const line of lines) d.push("|" + (text ? line.replace(/\r$/, "") : line));
}
`;
