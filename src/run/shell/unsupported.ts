/**
 * What the portable shell cannot run, found in the whole script before anything of it runs.
 *
 * In: source text. Out: one entry for each construct, in the order of the text, with its name, its
 * place in UTF-16 code units and a short phrase; syntax errors too. Pure. What only shows at run
 * time (an option in a variable) is an error there.
 *
 * @module
 */

import {
  type ArithmeticExpansionPart,
  type Command,
  forEachChild,
  parse,
  type SyntaxNode,
} from "unbash";
import { OPTIONS, parseOptions, SHELL_OPTIONS } from "./options.ts";
import { ARITHMETIC_OFFSET, arithmeticBody, arithmeticText, literalText } from "./syntax.ts";

export interface Unsupported {
  /** Its name, as in `[[ … ]]`; `syntax error` for text that is no script. */
  readonly construct: string;
  /** Where it begins in the script. */
  readonly offset: number;
  readonly length: number;
  /** What is wrong or what to write instead. */
  readonly detail: string;
}

export interface UnsupportedScope {
  /** Also options of utilities, which a POSIX system's own programs may have. */
  readonly utilities?: boolean;
}

/**
 * Everything in a script that the portable shell does not cover.
 *
 * @example
 * ```ts
 * unsupported("[[ -n $x ]]")[0]?.construct; // "[[ … ]]"
 * ```
 */
export function unsupported(script: string, scope: UnsupportedScope = {}): readonly Unsupported[] {
  const tree = parse(script);
  const functions = new Set<string>();
  collectFunctions(tree, functions);
  const found: Unsupported[] = [];
  const search: Search = { scope, functions, found };
  visit(search, tree, { source: script, place: (offset) => offset });
  return found.sort((a, b) => a.offset - b.offset);
}

/** One line about a finding, for standard error. */
export function unsupportedSentence(script: string, problem: Unsupported): string {
  const line = script.slice(0, problem.offset).split("\n").length;
  return problem.construct === SYNTAX
    ? `${line}: Syntax error: ${problem.detail}`
    : `${line}: the portable shell does not cover ${problem.construct}: ${problem.detail}`;
}

const SYNTAX = "syntax error";

interface Search {
  readonly scope: UnsupportedScope;
  /** Names that the script gives a meaning of its own. */
  readonly functions: ReadonlySet<string>;
  readonly found: Unsupported[];
}

/** The text that the positions of a tree point into, and where that is in the script. */
interface Text {
  readonly source: string;
  place(offset: number): number;
  /** The text is nowhere in the script as it stands: everything in it is at this place. */
  readonly within?: Span;
  /** It is parsed when its command runs: only then is it an error that it is no script. */
  readonly later?: boolean;
}

interface Span {
  readonly offset: number;
  readonly length: number;
}

function collectFunctions(node: SyntaxNode, names: Set<string>): void {
  if (node.type === "Function") names.add(node.name.value);
  forEachChild(node, (child) => collectFunctions(child, names));
}

function visit(search: Search, node: SyntaxNode, text: Text): void {
  if (node.type === "Script" && !text.later) {
    for (const { message, pos } of node.errors ?? []) {
      report(search, text, { pos, end: pos + 1 }, SYNTAX, message);
    }
  }
  const finding = judge(node, text);
  if (finding !== undefined) {
    report(search, text, node, ...finding);
    return;
  }
  if (node.type === "Command") judgeCommand(search, node, text);
  if (node.type === "ArithmeticExpansion") {
    visitArithmetic(search, node, text);
    return;
  }
  forEachChild(node, (child) => {
    // Between backquotes the text is another where a backslash had to be taken away.
    const source = child.type === "Script" ? child.source : undefined;
    visit(search, child, source === undefined ? text : textWithin(text, node, source));
  });
}

/** A text that takes the place of a node. */
function textWithin(text: Text, node: Positioned, source: string): Text {
  return { ...text, source, within: spanOf(text, node) };
}

interface Positioned {
  readonly pos: number;
  readonly end: number;
}

function spanOf(text: Text, node: Positioned): Span {
  if (text.within !== undefined) return text.within;
  const offset = text.place(node.pos);
  return { offset, length: text.place(node.end) - offset };
}

function report(
  search: Search,
  text: Text,
  node: Positioned,
  construct: string,
  detail: string,
): void {
  search.found.push({ construct, ...spanOf(text, node), detail });
}

type Finding = readonly [construct: string, detail: string];

/** What a node itself says, without its children. */
function judge(node: SyntaxNode, text: Text): Finding | undefined {
  switch (node.type) {
    case "TestCommand":
      return ["[[ … ]]", "write [ … ] or case"];
    case "ArithmeticCommand":
      return ["(( … ))", 'write [ "$((…))" -ne 0 ] or : "$((…))"'];
    case "ArithmeticFor":
      return ["for (( … ))", "write while [ … ]"];
    case "Select":
      return ["select", "it is no part of the POSIX shell"];
    case "Coproc":
      return ["coproc", "it is no part of the POSIX shell"];
    case "Time":
      return ["time", "it is no part of the portable shell"];
    case "ProcessSubstitution":
      return [`${node.operator}( … )`, "write to a file and read it"];
    case "Glob":
      return node.text.startsWith("[^")
        ? ["[^…]", "write [!…]: shells disagree about the ^"]
        : undefined;
    case "ExtendedGlob":
      return [`${node.operator}( … )`, "extended patterns are no part of the POSIX shell"];
    case "AnsiCQuoted":
      return ["$'…'", 'write "$(printf …)"'];
    case "LocaleString":
      return ['$"…"', 'write "…"'];
    case "HereString":
      return ["<<<", "write printf '%s\\n' … | or a here-document"];
    case "FileDescriptorVariable":
      return [`{${node.name}}>`, "name the descriptor by its number"];
    case "Function":
      return /^function\b/.test(text.source.slice(node.pos)) && node.name.pos > node.pos
        ? ["function", `write ${node.name.value}() { … }`]
        : undefined;
    case "Pipeline":
      return node.operators.includes("|&") ? ["|&", "write 2>&1 |"] : undefined;
    case "CaseItem":
      return node.terminator === ";&" || node.terminator === ";;&"
        ? [node.terminator, "end the branch with ;;"]
        : undefined;
    case "Assignment":
      if (node.value.type === "ArrayValue" || node.index !== undefined) {
        return ["arrays", 'use the positional parameters: set -- …, "$@"'];
      }
      return node.append ? ["+=", `write ${node.name}="\${${node.name}}…"`] : undefined;
    case "Redirect": {
      if (node.operator !== ">&" && node.operator !== "<&") return undefined;
      const target = literalText(node.target);
      return target === undefined || /^(?:[0-9]+|-)$/.test(target)
        ? undefined
        : [`${node.operator}${target}`, "a descriptor's number or - must follow"];
    }
    case "ParameterExpansion":
      return judgeParameter(node);
    case "ArithmeticExpansion":
      return node.text.startsWith("$[") ? ["$[ … ]", "write $((…))"] : undefined;
    case "Word":
      return /^~[A-Za-z_][\w.-]*(?:\/|$)/.test(node.text)
        ? [/^~[\w.-]+/.exec(node.text)![0], "only the own home directory, ~, is known"]
        : undefined;
    default:
      return undefined;
  }
}

function judgeParameter(
  node: Extract<SyntaxNode, { type: "ParameterExpansion" }>,
): Finding | undefined {
  if (node.index !== undefined) return ["arrays", 'use the positional parameters: set -- …, "$@"'];
  if (node.prefix === "!") return ["${!…}", 'write eval "x=\\${$name}"'];
  const { operation, parameter } = node;
  if (operation !== undefined && operation.type !== "Default" && operation.type !== "Remove") {
    const sign = "operator" in operation ? operation.operator : "";
    return [`\${…${sign}…}`, "it is no part of the POSIX shell"];
  }
  return /^(?:[A-Za-z_]\w*|[0-9]+|[@*#?$!-])$/.test(parameter)
    ? undefined
    : [SYNTAX, `bad substitution ${node.text}`];
}

function visitArithmetic(search: Search, node: ArithmeticExpansionPart, text: Text): void {
  const body = arithmeticBody(node);
  const plain = typeof body === "string"
    ? body
    : body.parts?.map((part) => part.type === "Literal" ? part.text : " ").join("") ?? body.text;
  const operator = /\+\+|--|\*\*|,|#/.exec(plain)?.[0];
  if (operator !== undefined) {
    report(search, text, node, `${operator} in $((…))`, "it is no part of POSIX arithmetic");
    return;
  }
  if (typeof body === "string") return;
  const start = node.pos + 3;
  const source = `${" ".repeat(ARITHMETIC_OFFSET)}${arithmeticText(node)}`;
  const inner: Text = {
    ...text,
    source,
    place: (offset) => text.place(start + offset - ARITHMETIC_OFFSET),
  };
  forEachChild(body, (child) => visit(search, child, inner));
}

/** Commands that other shells have built in. */
const ABSENT: ReadonlySet<string> = new Set(
  ("alias bg bind builtin caller compgen complete declare dirs disown enable fc fg getopts hash " +
    "help history jobs let logout mapfile popd pushd readarray shopt source suspend times " +
    "typeset ulimit umask unalias").split(" "),
);

/** Builtins whose options are the shell's own affair on every system. */
const SHELL_BUILTINS: ReadonlySet<string> = new Set(
  "cd command exec export printf pwd read readonly type unset wait".split(" "),
);

function judgeCommand(search: Search, node: Command, text: Text): void {
  const name = literalText(node.name);
  if (name === undefined || search.functions.has(name)) return;
  if (ABSENT.has(name)) {
    report(search, text, node.name!, name, "the portable shell has no such command");
    return;
  }
  const args = literalArguments(node);
  if (name === "set") judgeSet(search, node, text, args);
  else if (name === "trap") judgeTrap(search, node, text, args);
  else if (Object.hasOwn(OPTIONS, name)) {
    if (!SHELL_BUILTINS.has(name) && !search.scope.utilities) return;
    const parsed = parseOptions(name, args);
    if (!("option" in parsed) || parsed.why === "value") return;
    report(search, text, node, `${name} ${parsed.option}`, "the portable shell has no such option");
  }
  if ((name === "eval" || name === "trap") && args.length === node.args.length) {
    const source = name === "eval" ? args.join(" ") : args[0] ?? "";
    const inner: Text = { ...textWithin(text, node, source), later: true };
    if (source !== "-") visit(search, parse(source), inner);
  }
}

/** The leading arguments that are nothing but text. */
function literalArguments(node: Command): readonly string[] {
  const args: string[] = [];
  for (const arg of node.args) {
    const literal = literalText(arg);
    if (literal === undefined) break;
    args.push(literal);
  }
  return args;
}

function judgeSet(search: Search, node: Command, text: Text, args: readonly string[]): void {
  const letters = SHELL_OPTIONS.map(([letter]) => letter).join("");
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (!/^[-+]./.test(arg) || arg === "--") return;
    for (const letter of arg.slice(1)) {
      if (letter === "o") {
        const name = args[++at];
        if (name === undefined || SHELL_OPTIONS.some(([, known]) => known === name)) continue;
        report(search, text, node, `set -o ${name}`, "the portable shell has no such option");
      } else if (!letters.includes(letter)) {
        report(
          search,
          text,
          node,
          `set ${arg[0]}${letter}`,
          "the portable shell has no such option",
        );
      }
    }
  }
}

function judgeTrap(search: Search, node: Command, text: Text, args: readonly string[]): void {
  const [action, ...conditions] = args[0] === "--" ? args.slice(1) : args;
  if (action === "-") return;
  const other = conditions.find((condition) => condition !== "EXIT" && condition !== "0");
  if (other === undefined) return;
  report(search, text, node, `trap … ${other}`, "only EXIT can be trapped");
}
