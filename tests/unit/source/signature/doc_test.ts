import { assertEquals } from "@std/assert";
import { parseDoc } from "../../../../src/source/signature/doc.ts";

Deno.test("the description is what stands before the first tag, without stars", () => {
  const { doc } = parseDoc("*\n * Run it.\n *\n *   indented\n * @param x y\n ".slice(1));
  assertEquals(doc, { text: "Run it.\n\n  indented", examples: [] });
});

Deno.test("a doc comment on one line is its text", () => {
  assertEquals(parseDoc(" Run it. ").doc.text, "Run it.");
});

Deno.test("CRLF in a comment leaves no trace", () => {
  assertEquals(parseDoc("\r\n * One.\r\n * Two.\r\n ").doc.text, "One.\nTwo.");
});

Deno.test("@param takes types, brackets, dashes and several lines", () => {
  const { params } = parseDoc(`
   * @param plain the text
   *   goes on
   * @param {string} typed - with a type
   * @param [loose="a b"] may be left out
   * @param options.inner a member
   * @param alone
   * @returns nothing of interest
   `);
  assertEquals([...params], [
    ["plain", "the text goes on"],
    ["typed", "with a type"],
    ["loose", "may be left out"],
    ["options.inner", "a member"],
    ["alone", ""],
  ]);
});

Deno.test("examples keep their lines and lose the marks of a code block", () => {
  const { doc } = parseDoc(`
   * Text.
   * @example ntask release 1.0.0
   * @example
   * \`\`\`ts
   * @decorated
   *   class A {}
   * \`\`\`
   * @deprecated use {@link publish}
   `);
  assertEquals(doc, {
    text: "Text.",
    examples: ["ntask release 1.0.0", "@decorated\n  class A {}"],
    deprecated: "use publish",
  });
});

Deno.test("@deprecated needs no reason", () => {
  assertEquals(parseDoc(" @deprecated ").doc, { text: "", examples: [], deprecated: "" });
});

Deno.test("links are shown by their label, else by their target", () => {
  const { doc } = parseDoc(
    " See {@link build}, {@link https://a.b/c the page} and {@linkcode x|y}.",
  );
  assertEquals(doc.text, "See build, the page and y.");
});

Deno.test("an address in a mail does not start a tag", () => {
  assertEquals(
    parseDoc(" Ask me@example.org about @param things.").doc.text,
    "Ask me@example.org about @param things.",
  );
});

Deno.test("a comment about the file is told apart", () => {
  assertEquals(parseDoc("\n * All tasks.\n *\n * @module\n ").ofModule, true);
  assertEquals(parseDoc(" All tasks. ").ofModule, false);
});
