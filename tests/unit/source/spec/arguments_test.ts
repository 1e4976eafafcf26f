import { assertEquals } from "@std/assert";
import type { Action, Item, Scope } from "../../../../src/model/action.ts";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import type { Place } from "../../../../src/model/place.ts";
import {
  actionTexts,
  bindWords,
  checkRest,
  forwardedTokens,
  type Grammar,
  NO_WORDS,
  placesRest,
  restKind,
  routeRest,
  taskTexts,
  usageLine,
  usesOf,
} from "../../../../src/source/spec/arguments.ts";

const place: Place = { file: "/p/tasks.toml" as AbsolutePath, whole: true };
const asker = { task: "t", usage: "ntask t" };

function uses(text: string, grammar: Grammar = "words") {
  return usesOf([{ text: { text, place }, grammar }]);
}

/** What is bound, as `N=value`, `name=value` and the rest in brackets; or the problems. */
function bind(template: string, tokens: readonly string[]): string {
  const bound = bindWords(tokens, uses(template), asker);
  if (!bound.ok) {
    return bound.problems.map((problem) =>
      problem.code + ("name" in problem ? ` ${problem.name}` : "")
    ).join(", ");
  }
  const { positions, options, rest } = bound.value;
  return [
    ...[...positions].map(([index, value]) => `${index}=${value}`),
    ...[...options].map(([name, value]) => `${name}=${value}`),
    rest.map((token) => `[${token}]`).join(""),
  ].join(" ").trim();
}

const BINDINGS: readonly (readonly [
  template: string,
  tokens: readonly string[],
  bound: string,
])[] = [
  ["p run", ["-k", "some"], "[-k][some]"], // ARG-01
  ["p run", ["--", "-k", "--", "x"], "[-k][--][x]"], // ARG-02
  ["p {args} -x", ["-a", "b c"], "[-a][b c]"], // ARG-04
  ["p {args} -x", [], ""], // ARG-05
  ["p {args.0} mid", ["one", "two"], "0=one [two]"], // ARG-12
  ["p {args.0}", [], "R_ARG_MISSING {args.0}"], // ARG-14
  ["p {args.0:dev}", [], ""], // ARG-15
  ["p {args.0:}", [], ""], // ARG-16
  ["p -p {args.port:5000}", ["--port", "80", "--debug"], "port=80 [--debug]"], // ARG-19
  ["p -p {args.port:5000}", ["--port=81", "x"], "port=81 [x]"], // ARG-20
  ["p run", ["--port", "80"], "[--port][80]"], // ARG-21
  ["p {args.port:1}", ["--port", "2", "--port", "3"], "port=3"], // ARG-22
  ["p {args.port:1}", ["--", "--port", "2"], "[--port][2]"], // ARG-24
  ["p {args.dry_run:no}", ["--dry-run", "yes"], "dry-run=yes"], // ARG-25
  ["p {args.dry-run:no}", ["--dry_run=yes"], "dry-run=yes"],
  ["p {args.0}", ["--force", "prod"], "0=prod [--force]"], // ARG-26
  ["p {args.0} {args.1}", ["-5", "--", "-x"], "0=-5 1=-x"], // ARG-27
  ["p {args}", [""], "[]"], // ARG-29
  ["p go", ["prod"], "[prod]"], // ARG-30
  ["p {args.0}", ["-", "a"], "0=- [a]"],
  ["p {args.0}", [""], "0="],
  ["p {args.1:}", ["a", "b", "c"], "1=b [a][c]"],
  ["p {args.01:}", ["a", "b"], "1=b [a]"],
  ["p {args.port:1}", ["--port"], "R_ARG_VALUE --port"],
  ["p {args.port:1}", ["--port="], "port="],
  ["p {args.port:1}", ["--port", "--"], "port=--"],
  ["p {args.port:1}", ["--port", "--x"], "port=--x"],
  ["p {args.port:1}", ["--port=a=b\nc"], "port=a=b\nc"],
  ["p {args.port:1}", ["-port", "--Port", "2"], "[-port][--Port][2]"],
  ["p {args.p:1}", ["-p", "2"], "[-p][2]"],
  ["p {args.port} {args.0}", [], "R_ARG_MISSING --port, R_ARG_MISSING {args.0}"],
  ["p {args.0} {args.0}", [], "R_ARG_MISSING {args.0}"],
  ["p '{args.0}' \\{args.1}", ["a", "b"], "0=a [b]"],
  // What stands in a default is consumed, but asked for only where the default is reached.
  ["p {args.0:{args.x}}", ["a"], "0=a"],
  ["p {args.0:{args.x}}", ["--x", "v"], "x=v"],
  ["p {args.0:{args.x}}", [], "R_ARG_MISSING --x"],
  ["p {args.0:{args.x:}}", [], ""],
  ["p {args:{args.0}}", [], "R_ARG_MISSING {args.0}"],
  ["p {args:{args.1}}", ["a"], "[a]"],
  ["p {env.X:{args.0}}", [], ""],
  ["p {env.X:{args.0}}", ["a"], "0=a"],
];

Deno.test("tokens are options and positions where a placeholder asks, and rest otherwise", () => {
  for (const [template, tokens, bound] of BINDINGS) {
    assertEquals(bind(template, tokens), bound, `${template} <- ${tokens.join(" ")}`);
  }
});

Deno.test("an option without its value is reported with the task and its usage", () => {
  assertEquals(bindWords(["--port"], uses("{args.port}"), asker), {
    ok: false,
    problems: [{
      code: "R_ARG_VALUE",
      task: "t",
      usage: "ntask t",
      name: "--port",
      detail: "a value is missing",
    }],
  });
});

Deno.test("which placeholders count depends on the grammar of the text", () => {
  const positions = (text: string, grammar: Grammar) =>
    uses(text, grammar).map((use) => use.argument.kind);
  assertEquals(positions("\\\\{args}", "words"), ["args"]);
  assertEquals(positions("\\\\{args}", "shell"), ["args"]);
  assertEquals(positions("\\\\{args}", "text"), []);
  assertEquals(positions("${args:-x}", "shell"), []);
  assertEquals(positions("${args:-{args.0}}", "shell"), ["position"]);
  assertEquals(positions("cat <<'E'\n{args}\nE", "shell"), ["args"]);
});

Deno.test("forwarding puts back the -- that made tokens literal", () => {
  const forwarded = (tokens: readonly string[], template = "p") => {
    const bound = bindWords(tokens, uses(template), asker);
    return bound.ok && forwardedTokens(bound.value);
  };
  assertEquals(forwarded(["1", "2"]), ["1", "2"]); // COMP-22
  assertEquals(forwarded(["a", "--", "--port", "2"]), ["a", "--", "--port", "2"]);
  assertEquals(forwarded(["--", "a", "-b"], "{args.0}"), ["--", "-b"]);
  assertEquals(forwarded(["a", "--"]), ["a"]);
  assertEquals(forwardedTokens(NO_WORDS), []);
});

const scope: Scope = { env: [], envfile: [] };
const text = (value: string) => ({ text: value, place });

function use(value: string): Item {
  return { kind: "use", reference: { kind: "text", text: value, place } };
}

function inline(action: Action, own: Scope = scope): Item {
  return { kind: "inline", action, scope: own, place };
}

const ACTIONS: readonly (readonly [action: Action, route: string | undefined])[] = [
  [{ kind: "command", line: text("p") }, "append"],
  [{ kind: "command", line: text("p {args}") }, "placed"],
  [{ kind: "command", line: text("p {args.0:{args}}") }, "placed"],
  [{ kind: "command", line: text("p {args.0}") }, "append"],
  [{ kind: "argv", words: [text("p"), text("x")] }, "append"],
  [{ kind: "argv", words: [text("p"), text("<{args}>")] }, "placed"],
  [{ kind: "shell", script: text("p $@") }, "script"],
  [{ kind: "shell", script: text("p '{args}'") }, "placed"],
  [{ kind: "call", target: text("m:f('{args}')"), result: "exit" }, "argv"],
  [{ kind: "composite", items: [use("a x")], parallel: false }, "forward"],
  [{ kind: "composite", items: [use("a {args}")], parallel: false }, "placed"],
  [{ kind: "composite", items: [use("a"), use("b")], parallel: false }, "refuse"], // COMP-09
  [{ kind: "composite", items: [use("a"), use("b {args}")], parallel: false }, "placed"],
  [
    {
      kind: "composite",
      items: [use("a"), inline({ kind: "shell", script: text("p {args}") })],
      parallel: false,
    },
    "placed",
  ],
  [{ kind: "composite", items: [], parallel: false }, "refuse"],
  [{ kind: "group", parallel: false }, "refuse"], // GRP-06
  [{ kind: "none" }, "refuse"],
];

Deno.test("left-over words go where the table says", () => {
  for (const [action, route] of ACTIONS) {
    const kind = restKind(action);
    if (kind === undefined) throw new Error("no kind");
    const placed = placesRest(usesOf(actionTexts(action)));
    assertEquals(routeRest(kind, placed), route, JSON.stringify(action));
  }
  assertEquals(routeRest("hook", false), "drop");
  const module = "/p/tasks.ts" as AbsolutePath;
  assertEquals(restKind({ kind: "function", module, export: ["a"], takes: false }), undefined);
});

Deno.test("{args} in an item's env does not say where the rest goes", () => {
  const env = [{
    name: "X",
    value: { kind: "text", text: "{args}" } as const,
    secret: false,
    place,
  }];
  const action: Action = {
    kind: "composite",
    items: [inline({ kind: "command", line: text("p") }, { env, envfile: [] })],
    parallel: false,
  };
  assertEquals(placesRest(usesOf(actionTexts(action))), false);
});

Deno.test("refused words are R_ARG_UNEXPECTED, naming the first", () => {
  const bound = { ...NO_WORDS, rest: ["-k", "x"], literalFrom: 2 };
  assertEquals(checkRest("refuse", "compositeN", bound, asker), {
    code: "R_ARG_UNEXPECTED",
    task: "t",
    usage: "ntask t",
    word: "-k",
    why: "the task has several items and none of them mentions {args}",
    near: [],
  });
  assertEquals(checkRest("refuse", "group", bound, asker)?.why, "a group takes no arguments");
  assertEquals(checkRest("refuse", "group", NO_WORDS, asker), undefined);
  assertEquals(checkRest("placed", "compositeN", bound, asker), undefined);
  assertEquals(checkRest("drop", "hook", bound, asker), undefined);
});

Deno.test("every text of a task counts, wherever its placeholder stands", () => {
  const env = (value: string): Scope => ({
    env: [{ name: "X", value: { kind: "text", text: value }, secret: false, place }],
    envfile: [],
  });
  const reference = (value: string, own?: Scope) => ({
    kind: "text" as const,
    text: value,
    place,
    ...(own && { scope: own }),
  });
  const asked = usesOf(taskTexts({
    action: {
      kind: "composite",
      items: [
        use("a {args.item}"),
        { kind: "use", reference: reference("b", env("{args.itemenv}")) },
        inline({ kind: "shell", script: text("p {args.script}") }, {
          ...env("{args.inlineenv}"),
          cwd: text("{args.inlinecwd}"),
        }),
      ],
      parallel: false,
    },
    deps: [reference("c {args.dep}", env("{args.depenv}"))],
    pre: [use("d {args.pre}")],
    post: [inline({ kind: "argv", words: [text("p"), text("{args.post}")] })],
    scopes: [env("{args.env}"), {
      env: [{ name: "Y", value: { kind: "unset" }, secret: false, place }],
      envfile: [{ path: text("{args.file}"), override: false, required: false }],
    }],
    cwd: text("{args.cwd}"),
  }));
  const names = asked.map(({ argument }) => argument.kind === "option" ? argument.name : "?");
  assertEquals(
    names.toSorted(),
    [
      "cwd",
      "dep",
      "depenv",
      "env",
      "file",
      "inlinecwd",
      "inlineenv",
      "item",
      "itemenv",
      "post",
      "pre",
      "script",
    ],
  );
});

Deno.test("what a hook asks for is consumed from the owner's words", () => { // HOOK-11
  const asked = usesOf(taskTexts({
    action: { kind: "command", line: text("p test") },
    deps: [],
    pre: [inline({ kind: "command", line: text("p pre {args.env:dev}") })],
    post: [],
    scopes: [scope],
  }));
  const bound = bindWords(["--env", "qa", "-k"], asked, asker);
  assertEquals(bound.ok && [...bound.value.options, ...bound.value.rest], [["env", "qa"], "-k"]);
});

Deno.test("usageLine shows what is required and what may be left out", () => {
  assertEquals(usageLine("t", uses("p"), true), "ntask t [ARGS]");
  assertEquals(
    usageLine("t", uses("{args.1:x} {args.0} {args.a_b} {args.c:} {args}"), true),
    "ntask t ARG0 [ARG1] --a-b VALUE [--c VALUE] [ARGS]",
  );
  assertEquals(usageLine("t", uses("{args.0:x} {args.0}"), false), "ntask t ARG0");
});
