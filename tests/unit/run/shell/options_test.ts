import { assertEquals } from "@std/assert";
import { parseOptions } from "../../../../src/run/shell/options.ts";

function parse(name: string, ...args: string[]) {
  const parsed = parseOptions(name, args);
  return "option" in parsed ? parsed : [parsed.given, parsed.operands];
}

Deno.test("letters stand together, a value may be attached or follow", () => {
  assertEquals(parse("head", "-qn3", "f"), [[["q", ""], ["n", "3"]], ["f"]]);
  assertEquals(parse("head", "-n", "3", "f"), [[["n", "3"]], ["f"]]);
});

Deno.test("long names mean letters, with a value after the sign or after the word", () => {
  assertEquals(parse("head", "--lines=3"), [[["n", "3"]], []]);
  assertEquals(parse("head", "--lines", "3"), [[["n", "3"]], []]);
  assertEquals(parse("rm", "--force", "x"), [[["f", ""]], ["x"]]);
});

Deno.test("a number alone is a count where the utility has one", () => {
  assertEquals(parse("head", "-5"), [[["n", "5"]], []]);
  assertEquals(parse("tail", "+5"), [[["n", "+5"]], []]);
  assertEquals(parse("seq", "-5", "1"), [[], ["-5", "1"]]);
  assertEquals(parse("cat", "-5"), { option: "-5", why: "unknown" });
});

Deno.test("options may follow operands, but not those of another program's words", () => {
  assertEquals(parse("ls", "d", "-a"), [[["a", ""]], ["d"]]);
  assertEquals(parse("env", "ls", "-a"), [[], ["ls", "-a"]]);
  assertEquals(parse("ls", "--", "-a"), [[], ["-a"]]);
});

Deno.test("an unknown option and one without its value are told apart", () => {
  assertEquals(parse("ls", "-aZ"), { option: "-Z", why: "unknown" });
  assertEquals(parse("ls", "--zap"), { option: "--zap", why: "unknown" });
  assertEquals(parse("head", "-n"), { option: "-n", why: "value" });
  assertEquals(parse("rm", "--force=yes"), { option: "--force=yes", why: "unknown" });
});
