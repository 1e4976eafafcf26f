import { assert, assertEquals } from "@std/assert";
import { unsupported, unsupportedSentence } from "../../../../src/run/shell/unsupported.ts";

const constructs: readonly (readonly [string, string])[] = [
  ["[[ -n $x ]]", "[[ … ]]"],
  ["(( x++ ))", "(( … ))"],
  ["for ((i=0; i<3; i++)); do :; done", "for (( … ))"],
  ["select x in a b; do :; done", "select"],
  ["coproc cat", "coproc"],
  ["time sleep 1", "time"],
  ["diff <(a) b", "<( … )"],
  ["tee >(cat)", ">( … )"],
  ["echo @(a|b)", "@( … )"],
  ["echo $'a'", "$'…'"],
  ['echo $"a"', '$"…"'],
  ["cat <<< word", "<<<"],
  ["echo a {fd}> f", "{fd}>"],
  ["function f { :; }", "function"],
  ["a |& b", "|&"],
  ["case x in a) ;& b) ;; esac", ";&"],
  ["case x in a) ;;& b) ;; esac", ";;&"],
  ["a=(1 2)", "arrays"],
  ["a[1]=2", "arrays"],
  ["echo ${a[0]}", "arrays"],
  ["a+=b", "+="],
  ["echo a >& file", ">&file"],
  ["echo ${!x}", "${!…}"],
  ["echo ${x/a/b}", "${…/…}"],
  ["echo ${x:1:2}", "${…:…}"],
  ["echo ${x^^}", "${…^^…}"],
  ["echo ${x@Q}", "${…@…}"],
  ["echo ${x!}", "${…!…}"],
  ["echo $[1+2]", "$[ … ]"],
  ["echo $((x++))", "++ in $((…))"],
  ["echo $((2**3))", "** in $((…))"],
  ["echo $(($x, 1))", ", in $((…))"],
  ["echo ~someone/x", "~someone"],
  ["ls [^a]*", "[^…]"],
  ["alias a=b", "alias"],
  ["declare -i x", "declare"],
  ["source f", "source"],
  ["shopt -s globstar", "shopt"],
  ["set -m", "set -m"],
  ["set -o posix", "set -o posix"],
  ["trap x INT", "trap … INT"],
  ["read -a x", "read -a"],
  ["printf -v x y", "printf -v"],
  ["wait -n", "wait -n"],
];

for (const [script, construct] of constructs) {
  Deno.test(`${construct} is named before anything runs`, () => {
    assertEquals(unsupported(script).map((one) => one.construct), [construct]);
  });
}

const places: readonly (readonly [string, string])[] = [
  ["a function", "f() { [[ x ]]; }"],
  ["a command substitution", 'echo "$(echo $([[ x ]]))"'],
  ["backquotes", "echo `[[ x ]]`"],
  ["escaped backquotes", "echo `echo \\`[[ x ]]\\``"],
  ["a here-document", "cat <<E\n$([[ x ]])\nE"],
  ["the operand of an expansion", "echo ${x:-$([[ x ]])}"],
  ["arithmetic", "echo $((1 + $([[ x ]])))"],
  ["a case branch", "case x in a) [[ x ]];; esac"],
  ["the words of eval", "eval '[[ x ]]'"],
  ["a trap", "trap '[[ x ]]' EXIT"],
  ["a pipeline in the background", "a | [[ x ]] &"],
  ["a redirection", "a > $([[ x ]])"],
  ["an assignment", "x=$([[ x ]])"],
];

for (const [where, script] of places) {
  Deno.test(`a construct in ${where} is found`, () => {
    assertEquals(unsupported(script).map((one) => one.construct), ["[[ … ]]"]);
  });
}

Deno.test("a finding points at its text, also inside arithmetic", () => {
  for (
    const script of [
      "echo a\n[[ x ]]\n",
      "echo $(( 1 + $([[ x ]]) ))",
      "x=$(cat <<E\n$([[ x ]])\nE\n)",
    ]
  ) {
    const [found] = unsupported(script);
    assertEquals(script.slice(found!.offset, found!.offset + found!.length), "[[ x ]]");
  }
});

Deno.test("what is in a text of its own is found at the place of that", () => {
  for (
    const [script, place] of [
      ["echo x`echo \\`[[ x ]]\\``", "`echo \\`[[ x ]]\\``"],
      ["a; eval '[[ x ]]'", "eval '[[ x ]]'"],
    ] as const
  ) {
    const [found] = unsupported(script);
    assertEquals(script.slice(found!.offset, found!.offset + found!.length), place);
  }
});

Deno.test("text for eval is an error as a script only when it runs", () => {
  assertEquals(unsupported("echo a; eval 'if'"), []);
});

Deno.test("what POSIX has is never refused", () => {
  const script = `
set -euo pipefail
f() { local a="$1"; return 0; } 2>&1
[ -n "$x" ] && ! true || { a; b; } | (c) &
if a; then b; elif c; then d; else e; fi
for i in a "$@" {1..3} *.x ~ ~/y; do continue; done
while read -r l; do break; done < f > g 2>> h 3<&0 4>&-
until a; do b; done; case $x in (a|b*) ;; [!a]) c ;; esac
cat <<-E &> out
	\${a:-b} \${a##*/} \${#a} $((a = 1 + 2 << 3)) $(x) \`y\` \\$z
	E
export A=1 B; readonly C; unset -f f; shift 2; eval "echo $x"; trap 'rm x' EXIT; trap - INT
exec 3> f; . ./lib; command -v x; wait $!; kill -9 $!; test a = b
`;
  assertEquals(unsupported(script), []);
});

Deno.test("a name that the script defines is its own", () => {
  assertEquals(unsupported("source() { :; }; source x"), []);
});

Deno.test("options of utilities count only where no program of the system has them", () => {
  assertEquals(unsupported("ls -l"), []);
  assertEquals(unsupported("ls -l", { utilities: true }).map((one) => one.construct), ["ls -l"]);
  assertEquals(unsupported("ls -a $x -l", { utilities: true }), []);
});

for (
  const script of [
    "if true; then",
    'echo "a',
    "echo )",
    "echo a;; b",
    "for i in 1; do x",
    "a | | b",
    "echo $(a",
    "echo ${a",
    "x() y",
  ]
) {
  Deno.test(`${JSON.stringify(script)} is a syntax error`, () => {
    assert(unsupported(script).some((one) => one.construct === "syntax error"));
  });
}

Deno.test("the sentence has the line and what to write instead", () => {
  const script = "echo a\n[[ x ]]";
  assertEquals(
    unsupportedSentence(script, unsupported(script)[0]!),
    "2: the portable shell does not cover [[ … ]]: write [ … ] or case",
  );
});
