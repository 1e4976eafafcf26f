import { assert, assertEquals } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { openLedger } from "../../../src/cache/ledger.ts";
import { digestOf } from "../../../src/host/hash.ts";
import { ROOT } from "../../rig/binary.ts";
import { project } from "./_rig.ts";

Deno.test("what is ours is ours for every process, and what is gone is not", async () => {
  await using place = await project({});
  const [one, two] = [openLedger(join(place.root, "l")), openLedger(join(place.root, "l"))];
  one.own("build", [{ name: "dist/a" }, { name: "dist/b" }]);
  assert(one.owns("dist/a") && !one.owns("dist/c") && !one.owns("dist"));
  two.refresh();
  assert(two.owns("dist/a"));
  two.gone(["dist/a", "dist/never"]);
  one.refresh();
  assert(!one.owns("dist/a") && one.owns("dist/b"));
  assert(openLedger(join(place.root, "l")).owns("dist/b"));
});

Deno.test("while an action runs what it makes is ours, and what was there before is not", async () => {
  await using place = await project({});
  const file = join(place.root, "l");
  const id = openLedger(file).begin("build", ["dist/**"], ["dist/notes", "dist/old/"]);
  // As after a kill.
  const next = openLedger(file);
  assert(next.owns("dist/new") && next.owns("dist/a/b"));
  assert(!next.owns("dist/notes") && !next.owns("src/x"));
  assert(next.owns("dist/") && next.owns("dist/a/"));
  assert(!next.owns("dist/old/") && !next.owns("src/"));
  next.end(id, "build", [{ name: "dist/new" }]);
  assert(next.owns("dist/new") && !next.owns("dist/later"));
});

Deno.test("actions that have not ended are found by where they wrote", async () => {
  await using place = await project({});
  const ledger = openLedger(join(place.root, "l"));
  const id = ledger.begin("build", ["a/dist/*.js"], ["a/dist/x.js"]);
  for (const prefix of ["a", "a/dist", "a/dist/b.js", ""]) {
    assertEquals(ledger.open([prefix]).map((each) => each.id), [id]);
  }
  assertEquals(ledger.open(["a/dist2", "b"]), []);
  assertEquals(ledger.open([]), []);
  const [{ task, foreign } = { task: "", foreign: new Set() }] = ledger.open([""]);
  assertEquals([task, [...foreign]], ["build", ["a/dist/x.js"]]);
  ledger.end(id, "build", []);
  assertEquals(ledger.open([""]), []);
});

Deno.test("a truncated last line is nothing, and the next one is whole (lesson 6)", async () => {
  await using place = await project({});
  const file = join(place.root, "l");
  openLedger(file).own("build", [{ name: "dist/a" }]);
  const whole = Deno.readTextFileSync(file);
  openLedger(file).own("build", [{ name: "dist/b" }]);
  const text = Deno.readTextFileSync(file);
  for (let length = whole.length; length < text.length; length++) {
    Deno.writeTextFileSync(file, text.slice(0, length));
    const ledger = openLedger(file);
    assert(ledger.owns("dist/a"), `cut at ${length}`);
    ledger.own("build", [{ name: "dist/c" }]);
    assert(ledger.owns("dist/c"), `cut at ${length}`);
    const next = openLedger(file);
    assert(next.owns("dist/a") && next.owns("dist/c"), `cut at ${length}`);
  }
});

/** A line as it stands in the file. */
function line(text: string): string {
  return `${digestOf(text).slice(0, 8)} ${text}\n`;
}

Deno.test("lines that are no lines of a ledger are none; the rest counts", async () => {
  await using place = await project({});
  const file = join(place.root, "l");
  const lines = [
    '["own","x",["a"]]',
    "[]",
    "null",
    "{}",
    '["own","x",[1]]',
    '["own"]',
    '["gone",3]',
    '["begin",1,"x",["**"],[]]',
    '["begin","i","x",["../y"],[]]',
    '["begin","j","x","**",[]]',
    '["end"]',
    '["what","x",["c"]]',
    '["own","x",["d"]]',
  ];
  Deno.writeTextFileSync(file, lines.map(line).join(""));
  const ledger = openLedger(file);
  assertEquals(["a", "c", "d", "anything"].map((path) => ledger.owns(path)), [
    ...[true, false, true, false],
  ]);
});

Deno.test("a line that is not what it was counts for nothing, and the damage is known", async () => {
  await using place = await project({});
  const file = join(place.root, "l");
  const [first, second] = [line('["own","x",["a"]]'), line('["own","x",["b"]]')];
  assert(openLedger(file).damaged, "it is not there");
  for (const text of ["", first.replace("a", "c"), first.slice(3), `${first}\0\xff\n`, "[]\n"]) {
    Deno.writeTextFileSync(file, text + (text === "" ? "" : second));
    const ledger = openLedger(file);
    assert(ledger.damaged, text);
    assert(!ledger.owns("c"));
    assertEquals(ledger.owns("b"), text !== "");
    ledger.compact();
    assert(!ledger.damaged && !openLedger(file).damaged);
  }
  Deno.writeTextFileSync(file, first + second);
  const ledger = openLedger(file);
  assert(!ledger.damaged);
  Deno.truncateSync(file, 0);
  ledger.refresh();
  assert(ledger.damaged && !ledger.owns("a"));
});

Deno.test("written anew it says the same, also to those who have read it before", async () => {
  await using place = await project({});
  const file = join(place.root, "l");
  const [one, two] = [openLedger(file), openLedger(file)];
  one.own("x", [{ name: "a" }, { name: "b" }, { name: "c" }]);
  one.gone(["b"]);
  one.begin("y", ["dist/**"], ["dist/old"]);
  two.refresh();
  const before = Deno.statSync(file).size;
  one.compact();
  assert(Deno.statSync(file).size < before);
  for (const ledger of [one, two, openLedger(file)]) {
    ledger.refresh();
    assertEquals(["a", "b", "c", "dist/new", "dist/old"].map((path) => ledger.owns(path)), [
      ...[true, false, true, true, false],
    ]);
    assertEquals(ledger.open(["dist"]).map(({ task }) => task), ["y"]);
  }
  two.own("x", [{ name: "d" }]);
  one.refresh();
  assert(one.owns("d"));
});

Deno.test("who asks is told where others have been at work since", async () => {
  await using place = await project({});
  const file = join(place.root, "l");
  const [mine, other] = [openLedger(file), openLedger(file)];
  const before = other.begin("x", ["a/**"], []);
  const moment = mine.now();
  const places = (since: number, but?: string) =>
    mine.since(since, but).map(({ normalised }) => normalised.join());
  assertEquals(places(moment), []);
  const id = mine.begin("y", ["b/**"], []);
  other.end(before, "x", [{ name: "a/1" }]);
  other.put(["c/**"]);
  assertEquals(places(moment), ["/b/**", "/a/**", "/c/**"]);
  assertEquals(places(moment, id), ["/a/**", "/c/**"]);
  const later = mine.now();
  mine.own("y", [{ name: "b/1" }]);
  mine.gone(["b/1"]);
  assertEquals(places(later), []);
  other.compact();
  assertEquals(places(later)[0], "/**", "what was left out then cannot be told");
  assertEquals(openLedger(file).since(0), []);
});

Deno.test("what content a file of ours had is known to every process, also after compacting", async () => {
  await using place = await project({});
  const file = join(place.root, "l");
  const [one, two] = [digestOf("one"), digestOf("two")];
  const ledger = openLedger(file);
  ledger.own("build", [{ name: "a", content: one }, { name: "b" }, {
    name: "c",
    content: "taken",
  }]);
  ledger.end(ledger.begin("build", ["d"], []), "build", [{ name: "d", content: two }]);
  const told = () => {
    const read = openLedger(file);
    return ["a", "b", "c", "d"].map((name) => [one, two].map((each) => read.isAsMade(name, each)));
  };
  const expected = [[true, false], [true, true], [false, false], [false, true]];
  assertEquals(told(), expected);
  openLedger(file).compact();
  assertEquals(told(), expected);
  ledger.refresh();
  ledger.own("pack", [{ name: "a", content: two }]);
  assertEquals(told()[0], [false, true], "it is what was put there last");
  assertEquals(openLedger(file).ownerOf("a"), "build", "whose it was it stays");
});

Deno.test("a line that does not tell contents is one of an earlier version: whatever is there is ours", async () => {
  await using place = await project({ "l": line('["own","x",["a"]]') });
  const ledger = openLedger(join(place.root, "l"));
  assert(ledger.owns("a") && ledger.isAsMade("a", digestOf("anything")));
});

Deno.test("names with line ends, quotes and anything else are names", async () => {
  await using place = await project({});
  const file = join(place.root, "l");
  const paths = ['a\nb"', "ä\u2028", "\\", '",["x"]', "\ud800"];
  openLedger(file).own("x\n", paths.map((name) => ({ name })));
  const ledger = openLedger(file);
  assertEquals(paths.map((path) => ledger.owns(path)), paths.map(() => true));
});

const WRITER = `
import { openLedger } from ${JSON.stringify(toFileUrl(join(ROOT, "src/cache/ledger.ts")).href)};
const [file, name] = Deno.args;
const ledger = openLedger(file);
for (let turn = 0; turn < 100; turn++) {
  const id = ledger.begin(name, [name + "/**"], []);
  ledger.end(id, name, [{ name: name + "/" + turn }, { name: name + "/gone" + turn }]);
  ledger.gone([name + "/gone" + turn]);
}
`;

Deno.test("processes that write at the same time lose nothing of each other", async () => {
  await using place = await project({ "writer.ts": WRITER });
  const file = join(place.root, "l");
  const names = ["a", "b", "c"];
  await Promise.all(names.map((name) =>
    new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--no-check", "--quiet", "--config", join(ROOT, "deno.json")],
        ...[join(place.root, "writer.ts"), file, name],
      ],
      stdout: "null",
    }).output()
  ));
  const ledger = openLedger(file);
  for (const name of names) {
    for (let turn = 0; turn < 100; turn++) {
      assert(ledger.owns(`${name}/${turn}`), `${name}/${turn}`);
      assert(!ledger.owns(`${name}/gone${turn}`), `${name}/gone${turn}`);
    }
  }
  assertEquals(ledger.open([""]), []);
});
