import { assertEquals } from "@std/assert";
import type { EnvEntry, EnvFile, Scope } from "../../../../src/model/action.ts";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import type { Place } from "../../../../src/model/place.ts";
import type { FileFault } from "../../../../src/model/problem.ts";
import { NO_WORDS } from "../../../../src/source/spec/arguments.ts";
import {
  composeEnvironment,
  createEnvironment,
  type Layer,
} from "../../../../src/source/spec/environment.ts";

const file = "/p/tasks.toml" as AbsolutePath;

type Files = Readonly<Record<string, string | { readonly fault: FileFault }>>;

interface Given {
  readonly inherited?: Readonly<Record<string, string>>;
  readonly files?: Files;
  readonly windows?: boolean;
  readonly strict?: boolean;
}

function scope(env: Readonly<Record<string, string | Partial<EnvEntry>>>, ...envfile: EnvFile[]) {
  const entries = Object.entries(env).map(([name, value]): EnvEntry => ({
    name,
    secret: false,
    place: { file, path: ["tasks", "t", "env", name], key: true },
    value: { kind: "text", text: "" },
    ...(typeof value === "string" ? { value: { kind: "text", text: value } } : value),
  }));
  return { env: entries, envfile } satisfies Scope;
}

function envfile(path: string, flags: Partial<EnvFile> = {}): EnvFile {
  const at: Place = { file, path: ["tasks", "t", "envfile"] };
  return { path: { text: path, place: at }, override: false, required: false, ...flags };
}

function compose(layers: readonly (Scope | Layer)[], given: Given = {}) {
  return composeEnvironment({
    inherited: given.inherited ?? {},
    layers: layers.map((layer) => "scope" in layer ? layer : { scope: layer }),
    context: {
      args: { ...NO_WORDS, options: new Map([["mode", "prod"]]), rest: ["a", "b"] },
      task: { name: "t", cwd: "/p/src" },
      ntask: {
        root: (given.windows ? "C:\\p" : "/p") as AbsolutePath,
        runCwd: "/p/deep",
        exe: "/n",
      },
      windows: given.windows ?? false,
      strictEnv: given.strict ?? false,
    },
    readFile: (path) => {
      const found = given.files?.[path] ?? { fault: "missing" };
      return typeof found === "string" ? { text: found } : found;
    },
  });
}

/** The variables besides those ntask adds. */
function variables(layers: readonly (Scope | Layer)[], given: Given = {}): Record<string, string> {
  const composed = compose(layers, given);
  if (!composed.ok) throw new Error(JSON.stringify(composed.problems));
  const own = composed.value.env.entries().filter(([name]) => !/^NTASK_|^INIT_CWD$/.test(name));
  return Object.fromEntries(own);
}

Deno.test("ntask adds its own variables, and INIT_CWD only where there is none", () => {
  const composed = compose([scope({ X: "${NTASK_TASK}" })], { inherited: { NTASK_TASK: "outer" } });
  assertEquals(composed.ok && composed.value.env.entries(), [
    ["NTASK_TASK", "t"],
    ["NTASK_ROOT", "/p"],
    ["NTASK_RUN_CWD", "/p/deep"],
    ["INIT_CWD", "/p/deep"],
    ["X", "t"],
  ]);
  const kept = compose([], { inherited: { INIT_CWD: "/there" } });
  assertEquals(kept.ok && kept.value.env.get("INIT_CWD"), "/there");
});

Deno.test("a later scope wins, and a table beats the inherited environment", () => {
  assertEquals(variables([scope({ A: "1" })]), { A: "1" }); // ENV-01
  assertEquals(variables([scope({ A: "1" }), scope({ A: "2" })]), { A: "2" }); // ENV-02
  assertEquals(variables([scope({ A: "1" })], { inherited: { A: "0" } }), { A: "1" });
});

Deno.test("a file leaves inherited variables alone, unless it may override", () => { // ENV-04
  const files = { "/p/.env": "A=file\nB=file\n" };
  const inherited = { B: "outer" };
  assertEquals(variables([scope({}, envfile(".env"))], { files, inherited }), {
    B: "outer",
    A: "file",
  });
  const override = envfile(".env", { override: true });
  assertEquals(variables([scope({}, override)], { files, inherited }), { B: "file", A: "file" });
});

Deno.test("inside a scope the table beats its file; an inner file beats an outer table", () => {
  const files = { "/p/g.env": "A=g\nB=g\n", "/p/t.env": "A=t\n" };
  assertEquals(variables([scope({}, envfile("g.env")), scope({}, envfile("t.env"))], { files }), {
    A: "t",
    B: "g",
  }); // ENV-06
  assertEquals(variables([scope({ A: "genv" }), scope({}, envfile("t.env"))], { files }), {
    A: "t",
  }); // ENV-07
  assertEquals(variables([scope({ A: "table" }, envfile("t.env"))], { files }), { A: "table" });
  assertEquals(variables([scope({}, envfile("g.env"), envfile("t.env"))], { files }), {
    A: "t",
    B: "g",
  }); // ENV-14
});

Deno.test("a key seen first in a table is not inherited, so a later file may set it", () => {
  const files = { "/p/t.env": "A=file\n" };
  assertEquals(variables([scope({ A: "table" }), scope({}, envfile("t.env"))], { files }), {
    A: "file",
  });
});

Deno.test("values see the environment as built so far", () => {
  const px = scope({ PX: "bin:${PX}", Y: "${PX}!", Z: "{env.Y:none}{env.W:none}" }); // ENV-11
  assertEquals(variables([px], { inherited: { PX: "/u" } }), {
    PX: "bin:/u",
    Y: "bin:/u!",
    Z: "bin:/u!none",
  });
  const files = { "/p/f.env": "B=${A}-${Z:-x}\n" };
  assertEquals(variables([scope({ A: "1" }), scope({}, envfile("f.env"))], { files }), {
    A: "1",
    B: "1-x",
  });
});

Deno.test("substituted values are not scanned again", () => {
  const inherited = { A: "${B} {env.B}", B: "b" };
  assertEquals(variables([scope({ C: "${A}" })], { inherited }).C, "${B} {env.B}");
});

Deno.test("placeholders work in values and paths", () => { // SUB-13
  const layer = scope(
    { X: "{args.mode:dev}-{task.name}", Y: "{args}", Z: "{task.cwd}" },
    envfile("{args.mode}.env"),
  );
  assertEquals(variables([layer], { files: { "/p/prod.env": "F=1" } }), {
    F: "1",
    X: "prod-t",
    Y: "a b",
    Z: "/p/src",
  });
});

Deno.test("a caller's scope may mean the caller's arguments", () => {
  const caller: Layer = {
    scope: scope({ X: "{args}-{task.name}-${A}" }),
    args: { ...NO_WORDS, rest: ["z"] },
    task: { name: "c", cwd: "/p" },
  };
  assertEquals(variables([scope({ A: "{args}" }), caller]), { A: "a b", X: "z-c-a b" });
});

Deno.test("{ default } applies to an unset variable only, { unset } removes one", () => {
  const layer = scope({
    A: { value: { kind: "default", text: "${B}!" } },
    B: { value: { kind: "default", text: "no" } },
    C: { value: { kind: "default", text: "no" } },
    D: { value: { kind: "unset" } },
  });
  assertEquals(variables([layer], { inherited: { B: "b", C: "", D: "d" } }), {
    B: "b",
    C: "",
    A: "b!",
  });
  assertEquals(variables([layer, scope({ D: "again" })], { inherited: { D: "d" } }).D, "again");
});

Deno.test("secrets and what scopes have set are named", () => {
  const layer = scope({
    S: { value: { kind: "text", text: "x" }, secret: true },
    A: "1",
    U: { value: { kind: "unset" }, secret: true },
  }, envfile("f.env"));
  const composed = compose([layer], {
    inherited: { I: "1", U: "1", B: "1" },
    files: { "/p/f.env": "F=1\nB=2\n" },
  });
  assertEquals(composed.ok && [...composed.value.secrets], ["S"]);
  assertEquals(composed.ok && [...composed.value.assigned], ["F", "S", "A"]);
});

Deno.test("a missing file is silent, an unreadable one or a bad line is W_ENVFILE", () => { // ENV-05
  const at: Place = { file, path: ["tasks", "t", "envfile"] };
  const layer = scope({}, envfile("none.env"), envfile("dir"), envfile("bad.env"));
  const composed = compose([layer], {
    files: { "/p/dir": { fault: "is-directory" }, "/p/bad.env": "A=1\n!?\nB=2\n" },
  });
  assertEquals(composed.ok && composed.value.missing, ["/p/none.env" as AbsolutePath]);
  assertEquals(composed.ok && composed.value.env.get("B"), "2");
  const warnings = composed.ok ? composed.warnings : [];
  assertEquals(warnings[0], {
    code: "W_ENVFILE",
    task: "t",
    place: at,
    file: "/p/dir",
    detail: "it is a directory",
  });
  assertEquals(
    warnings.map((w) => w.code === "W_ENVFILE" && [w.file, w.line]),
    [["/p/dir", undefined], ["/p/bad.env", 2]],
  );
});

Deno.test("a required file that cannot be read is E_FILE", () => {
  const at: Place = { file, path: ["tasks", "t", "envfile"] };
  assertEquals(compose([scope({}, envfile("none.env", { required: true }))]), {
    ok: false,
    problems: [{
      code: "E_FILE",
      task: "t",
      place: at,
      file: "none.env",
      why: "missing",
      role: "environment file",
    }],
  });
});

Deno.test("every value that cannot be made is reported at its place", () => {
  const composed = compose([scope({ A: "x{args.0}", B: "${NO}", C: "1" })], { strict: true });
  assertEquals(composed.ok ? [] : composed.problems.map(({ code, place }) => [code, place]), [
    ["R_ARG_MISSING", { file, path: ["tasks", "t", "env", "A"], within: [1, 8] }],
    ["R_ENV_UNSET", { file, path: ["tasks", "t", "env", "B"], within: [0, 5] }],
  ]);
});

Deno.test("lesson 40: on Windows Path and PATH are one variable with its first spelling", () => {
  const inherited = { Path: "C:\\w", Other: "o" };
  const layer = scope({ PATH: "bin;${path}", other: { value: { kind: "default", text: "no" } } });
  const given = { inherited, windows: true };
  assertEquals(variables([layer], given), { Path: "bin;C:\\w", Other: "o" });
  assertEquals(variables([layer], { inherited }), {
    Path: "C:\\w",
    Other: "o",
    PATH: "bin;",
    other: "no",
  });
  const files = { "C:\\p\\f.env": "PATH=no\nNEW=1\n" };
  const fromFile = variables([scope({}, envfile("f.env")), scope({ new: "${NEW}2" })], {
    ...given,
    files,
  });
  assertEquals(fromFile, { Path: "C:\\w", Other: "o", NEW: "12" });
  const composed = compose(
    [scope({ PATH: { value: { kind: "text", text: "x" }, secret: true } })],
    {
      ...given,
    },
  );
  assertEquals(composed.ok && [...composed.value.secrets], ["Path"]);
});

Deno.test("an environment keeps the order of first mention", () => {
  const env = createEnvironment({ B: "1", A: "2", b: "3" }, true);
  env.set("a", "4");
  assertEquals(env.entries(), [["B", "3"], ["A", "4"]]);
  env.delete("B");
  assertEquals([env.get("b"), env.get("A")], [undefined, "4"]);
});
