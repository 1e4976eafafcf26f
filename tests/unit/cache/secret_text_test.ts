import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { storedParts } from "../../../src/cache/secret_text.ts";
import { ROOT } from "../../rig/binary.ts";
import { project } from "./_rig.ts";

const OPEN = { name: "env A", value: "open" };
const SECRET = { name: "env TOKEN", value: "hunter22", secret: true };

Deno.test("what is secret is stored as something that only says whether it is the same (lesson 32)", async () => {
  await using place = await project({});
  const file = join(place.root, "hmac");
  const stored = await storedParts([OPEN, SECRET, { ...SECRET, value: "other" }], file);
  assertEquals(stored[0], OPEN);
  for (const { name, value } of stored.slice(1)) {
    assertEquals(name, "env TOKEN");
    assertMatch(value, /^hmac:[0-9a-f]{64}$/);
  }
  assert(!JSON.stringify(stored).includes("hunter22"));
  assertNotEquals(stored[1]?.value, stored[2]?.value);
  assertEquals((await storedParts([SECRET], file))[0], stored[1]);
});

Deno.test("the same value under another name, or in another project, cannot be told to be the same", async () => {
  await using place = await project({});
  const [a, b] = [join(place.root, "a"), join(place.root, "b")];
  const values = [
    (await storedParts([SECRET], a))[0]?.value,
    (await storedParts([{ ...SECRET, name: "env OTHER" }], a))[0]?.value,
    (await storedParts([SECRET], b))[0]?.value,
  ];
  assertEquals(new Set(values).size, 3);
});

Deno.test("where a dependency's key is from stays, that a part is secret is not stored", async () => {
  await using place = await project({});
  const part = { name: "dep a", value: "1", from: "k" };
  const file = join(place.root, "hmac");
  assertEquals(await storedParts([part, { ...OPEN, secret: false }], file), [part, OPEN]);
  assertEquals([...Deno.readDirSync(place.root)], [], "no key is made when none is needed");
});

Deno.test({
  name: "the key is readable by its owner only",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using place = await project({});
    const file = join(place.root, "hmac");
    await storedParts([SECRET], file);
    assertEquals((Deno.statSync(file).mode ?? 0) & 0o777, 0o600);
    assertMatch(Deno.readTextFileSync(file), /^[0-9a-f]{64}$/);
  },
});

for (const text of ["", "abc", "g".repeat(64), `${"a".repeat(64)}\n`]) {
  Deno.test(`a key file with ${JSON.stringify(text.slice(0, 8))}… is made anew (lesson 6)`, async () => {
    await using place = await project({});
    const file = join(place.root, "hmac");
    Deno.writeTextFileSync(file, text);
    await storedParts([SECRET], file);
    assertMatch(Deno.readTextFileSync(file), /^[0-9a-f]{64}$/);
  });
}

const ASKING = `
import { storedParts } from ${
  JSON.stringify(toFileUrl(join(ROOT, "src/cache/secret_text.ts")).href)
};
const [{ value }] = await storedParts([{ name: "a", value: "b", secret: true }], Deno.args[0]);
console.log(value);
`;

Deno.test("processes that make the key at the same time have one key", async () => {
  await using place = await project({ "asking.ts": ASKING });
  const values = await Promise.all(Array.from({ length: 6 }, async () => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--no-check", "--quiet", "--config", join(ROOT, "deno.json")],
        ...[join(place.root, "asking.ts"), join(place.root, "hmac")],
      ],
      stdout: "piped",
    }).output();
    return new TextDecoder().decode(stdout);
  }));
  assertEquals(new Set(values).size, 1);
  assertMatch(values[0] ?? "", /^hmac:/);
});
