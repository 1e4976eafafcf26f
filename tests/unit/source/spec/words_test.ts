import { assertEquals } from "@std/assert";
import type { Text } from "../../../../src/model/action.ts";
import type { Place } from "../../../../src/model/place.ts";
import {
  parseCommand,
  parseElement,
  parseLine,
  parseReference,
  parseText,
  splitWords,
} from "../../../../src/source/spec/words.ts";

const file = "/p/tasks.toml" as Place["file"];
const path = ["tasks", "a", "cmd"];

function text(value: string): Text {
  return { text: value, place: { file, path } };
}

function within(offset: number, length: number): Place {
  return { file, path, within: [offset, length] };
}

const LITERAL: readonly (readonly [text: string, words: readonly string[]])[] = [
  ["p a b", ["p", "a", "b"]],
  [String.raw`p 'b c' "d e" f\ g`, ["p", "b c", "d e", "f g"]], // CMD-01
  ["\np a\r\n\t b\n", ["p", "a", "b"]], // CMD-02
  ["p *.toml # x", ["p", "*.toml", "#", "x"]], // CMD-03
  ["p ~ $HOME", ["p", "~", "$HOME"]], // CMD-04
  ["p a && p b", ["p", "a", "&&", "p", "b"]], // FORM-02
  [String.raw`p \{args} {{.ID}} {print}`, ["p", "{args}", "{{.ID}}", "{print}"]], // SUB-06
  ["p {args.x.y} {args.} {env.A-B} {task}", ["p", "{args.x.y}", "{args.}", "{env.A-B}", "{task}"]],
  ["a'b'\"c\"d", ["abcd"]],
  ["'' \"\" x''", ["", "", "x"]],
  ['"\\" \\\\ \\$ \\` \\x"', ['" \\ $ ` \\x']],
  [String.raw`'a\b' a\\b \'`, ["a\\b", "a\\b", "'"]],
  ["a\\\nb \\\n c \"d\\\ne\" 'f\\\ng'", ["ab", "c", "de", "f\\\ng"]],
  ["a\\\r\nb", ["ab"]],
  ["a \\\n", ["a"]],
  ["a#b #c", ["a#b", "#c"]],
  ["a\u00a0b", ["a\u00a0b"]],
  ["'${X}' \"\\${X}\" \\${X}", ["${X}", "${X}", "${X}"]],
  ["'\\{args}' \"\\{args}\"", ["{args}", "{args}"]],
];

Deno.test("splitWords splits by quotes, backslashes and blanks, the same everywhere", () => {
  for (const [source, words] of LITERAL) {
    const split = splitWords(source);
    assertEquals(split.fault, undefined, source);
    assertEquals(split.words.map((word) => word.literal), [...words], source);
  }
});

Deno.test("plain words are read as they are beside something special", () => {
  for (const plain of ["p", " p  a ", "", "p && b > c", "p } a=b é\u00a0x ~/y", "  "]) {
    // A tab at the end adds nothing but a closer look.
    assertEquals(splitWords(plain), splitWords(`${plain}\t`));
  }
});

Deno.test("a text cut at any word reads as the same words again", () => {
  const source = "g 'a b' {args.0:'x y'} \"${X:-}\"z {args:a 'b c'} \\\n  --k=\\ v";
  const { words } = splitWords(source);
  assertEquals(words.length, 6);
  for (const [index, word] of words.entries()) {
    const shift = word.offset;
    const again = splitWords(source.slice(shift)).words;
    assertEquals(again.length, words.length - index);
    assertEquals(again.map((w) => w.offset + shift), words.slice(index).map((w) => w.offset));
    assertEquals(again.map((w) => w.literal), words.slice(index).map((w) => w.literal));
  }
});

const FAULTS: readonly (readonly [text: string, offset: number, detail: string])[] = [
  ["p 'x", 2, "no closing '"], // VAL-10
  ['p a "x', 4, 'no closing "'],
  ["p 'it''s' \"", 10, 'no closing "'],
  ["p \\", 2, "a backslash at the end"],
  ["p {args:a 'b}", 10, "no closing '"],
];

Deno.test("an unbalanced quote or a trailing backslash is E_CMD_PARSE at its offset", () => {
  for (const [source, offset, detail] of FAULTS) {
    assertEquals(parseCommand(text(source), "a"), {
      ok: false,
      problems: [{ code: "E_CMD_PARSE", task: "a", place: within(offset, 1), detail }],
    }, source);
  }
});

Deno.test("a command without words is E_CMD_EMPTY", () => {
  for (const source of ["", "  ", "\n\t", "\\\n"]) { // VAL-08
    const parsed = parseCommand(text(source), "a");
    assertEquals(parsed.ok ? [] : parsed.problems.map((p) => p.code), ["E_CMD_EMPTY"], source);
  }
});

Deno.test("quotes inside a default that is not split are text", () => {
  assertEquals(parseCommand(text("p {args.0:it's} \"{args:a'b}\"")).ok, true);
});

Deno.test("every unknown placeholder of a command is reported at its place", () => { // SUB-09
  const parsed = parseCommand(text('p {task.nmae} "{args:{ntask.x}}"'), "a");
  assertEquals(parsed.ok ? [] : parsed.problems.map((p) => [p.code, p.place]), [
    ["E_PLACEHOLDER", within(2, 11)],
    ["E_PLACEHOLDER", within(21, 9)],
  ]);
});

const SUSPECT: readonly (readonly [text: string, word: string | undefined])[] = [
  ["p a && p b", "&&"],
  ["p a || b", "||"],
  ["p a | b", "|"],
  ["p a ; b", ";"],
  ["p > f", ">"],
  ["p >> f", ">>"],
  ["p < f", "<"],
  ["p 2>&1", "2>&1"],
  ["p &", "&"],
  ["A=1 p", "A=1"],
  ["A='x y' p", "A='x y'"],
  ["p '&&'", undefined],
  ["p \\&\\&", undefined],
  ["p a;", undefined],
  ["p A=1", undefined],
  ["'A=1' p", undefined],
  ["p --a=b", undefined],
];

Deno.test("words that only a shell understands give W_SHELL_SYNTAX", () => {
  for (const [source, word] of SUSPECT) {
    const parsed = parseCommand(text(source), "a");
    assertEquals(
      parsed.ok && parsed.warnings,
      word === undefined ? [] : [{
        code: "W_SHELL_SYNTAX",
        task: "a",
        place: within(source.indexOf(word), word.length),
        word,
      }],
      source,
    );
  }
});

Deno.test("a reference begins with a literal word", () => {
  const code = (source: string) => {
    const parsed = parseReference(text(source), "c");
    return parsed.ok ? parsed.value.map((word) => word.literal) : parsed.problems[0]?.code;
  };
  assertEquals(code("first --with args"), ["first", "--with", "args"]); // COMP-04
  assertEquals(code("a {args.0}"), ["a", undefined]);
  assertEquals(code("build 'assets'"), ["build", "assets"]);
  assertEquals(code("{args.0}"), "E_REF_DYNAMIC"); // COMP-21
  assertEquals(code("a${X} b"), "E_REF_DYNAMIC");
  assertEquals(code(""), "E_REF_EMPTY");
  assertEquals(code(" \n"), "E_REF_EMPTY");
  assertEquals(code("''"), "E_REF_EMPTY");
  assertEquals(code("a 'b"), "E_CMD_PARSE");
  assertEquals(code("a {task.x}"), "E_PLACEHOLDER");
  assertEquals(code("a && b"), ["a", "&&", "b"]);
});

Deno.test("a dynamic reference is shown at its place", () => {
  assertEquals(parseReference(text(" {args.0} x"), "c"), {
    ok: false,
    problems: [{ code: "E_REF_DYNAMIC", task: "c", place: within(1, 8), text: "{args.0}" }],
  });
});

Deno.test("the line after a reference's name may be empty", () => {
  const parsed = parseLine(text(" "));
  assertEquals(parsed.ok && parsed.value, []);
});

Deno.test("an element of the list form splices only when it is nothing but {args}", () => {
  const kind = (source: string) => {
    const parsed = parseElement(text(source), "a");
    return parsed.ok ? parsed.value.kind : parsed.problems[0]?.code;
  };
  assertEquals(kind("{args}"), "splice");
  assertEquals(kind("{args:a 'b c'}"), "splice");
  assertEquals(kind("<{args}>"), "single"); // ARG-09
  assertEquals(kind("{args} "), "single");
  assertEquals(kind("{args}{args}"), "single");
  assertEquals(kind("it's \"{args.0}"), "single");
  assertEquals(kind("{args:a 'b}"), "E_CMD_PARSE");
  assertEquals(kind("{task.x}"), "E_PLACEHOLDER");
  assertEquals(kind("{args:{task.x}}"), "E_PLACEHOLDER");
});

Deno.test("a plain text has no quotes, only substitutions", () => {
  const parsed = parseText(text("it's {args.0}"));
  assertEquals(parsed.ok && parsed.value.map((part) => part.kind), ["literal", "placeholder"]);
  assertEquals(parseText(text("{ntask.exee}")).ok, false);
});
