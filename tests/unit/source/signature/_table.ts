/**
 * The table of signatures: what can stand in a parameter list, and the usage line or the refusal
 * that comes of it.
 *
 * @module
 */

/** What the cases may refer to. */
export const PRELUDE = `
import { task } from "ntask";
import type { Level, Limits } from "./levels.ts";
import * as levels from "./levels.ts";
import type { Far } from "somewhere";
type Mode = "dev" | "prod";
type Loop = Loop | Loop[];
type Box<T> = T;
enum Color { Red, Green }
interface Base { verbose?: boolean }
interface Options extends Base { pattern?: string; jobs: number }
const MODES = { Dev: "dev", Prod: "prod" } as const;
const LOOSE = { Dev: "dev", Prod: "prod" };
const SIZES = ["s", "m", "l"] as const;
const PORT = 8080;
class Tool {}
`;

/** The modules beside it. */
export const OTHERS = {
  "levels.ts": `
    export type { Level } from "./deep.ts";
    export interface Limits { max?: number }
  `,
  "deep.ts": `export type Level = "low" | "high";`,
};

/** Parameters, or a whole function, and the usage line of a task `t` that has them. */
export const ACCEPTED: readonly (readonly [source: string, usage: string])[] = [
  ["", "t"],
  ["version: string", "t <version>"],
  ["version: string, dryRun = false", "t <version> [--dry-run]"],
  ['pattern = ""', "t [pattern]"],
  ["jobs = 4", "t [jobs]"],
  ["jobs = -1.5", "t [jobs]"],
  ["count: bigint", "t <count>"],
  ["count = 4n", "t [count]"],
  ["force: boolean", "t --force|--no-force"],
  ["force?: boolean", "t [--force]"],
  ["color = true", "t [--no-color]"],
  ["name?: string", "t [name]"],
  ["name: string | undefined", "t [name]"],
  ["name: string | null", "t <name>"],
  ['mode: "dev" | "prod"', "t <mode>"],
  ['mode: Mode = "dev"', "t [mode]"],
  ["mode?: Mode", "t [mode]"],
  ["mode: typeof MODES[keyof typeof MODES]", "t <mode>"],
  ["mode: (typeof LOOSE)[keyof typeof LOOSE]", "t <mode>"],
  ["mode: keyof typeof MODES", "t <mode>"],
  ["size: (typeof SIZES)[number]", "t <size>"],
  ["level: Level", "t <level>"],
  ["level: levels.Level", "t <level>"],
  ['mode: Options["jobs"]', "t <mode>"],
  ["level: 1 | 2 | -3", "t <level>"],
  ['when: "auto" | boolean', "t <when>"],
  ["flag: true | false", "t --flag|--no-flag"],
  ["files: string[]", "t <files...>"],
  ["files: string[] = []", "t [files...]"],
  ["files = []", "t [files...]"],
  ["ports = [80, 443]", "t [ports...]"],
  ["ports: readonly number[]", "t <ports...>"],
  ["ports: Array<number>", "t <ports...>"],
  ["modes: ReadonlyArray<Mode>", "t <modes...>"],
  ["files: string[], mode = 'x'", "t <files...> [--mode <string>]"],
  ["...files: string[]", "t [files...]"],
  ["mode: Mode, ...files: string[]", "t <mode> [files...]"],
  ["...ports: Array<number>", "t [ports...]"],
  ["files?: (string | undefined)[]", "t [files...]"],
  [
    "{ pattern = '', watch = false }: { pattern?: string; watch?: boolean }",
    "t [--pattern <string>] [--watch]",
  ],
  ["{ pattern, jobs, verbose }: Options", "t [--pattern <string>] --jobs <number> [--verbose]"],
  ["{ pattern = 'x', ...others }: Options", "t [--pattern <string>] [--verbose] --jobs <number>"],
  ["name: string, { jobs = 2 }: Partial<Options> = {}", "t <name> [--jobs <number>]"],
  ["{ max }: Limits", "t [--max <number>]"],
  ["{ pattern = '', retries = 3 } = {}", "t [--pattern <string>] [--retries <number>]"],
  ["{ tags = [] as string[], mode = 'dev' as Mode }", "t [--tags <string>]... [--mode <dev|prod>]"],
  ["port = PORT", "t [port]"],
  ["mode = 'dev' as const", "t [mode]"],
  ["port: number = Number('1')", "t [port]"],
  [
    "camelCase: string, useHTTPServer = false, s3Bucket = ''",
    "t <camel-case> [s3-bucket] [--use-http-server]",
  ],
  ["function (this: Tool, name: string) {}", "t <name>"],
  ["<const T extends Mode>(mode: T) => {}", "t <mode>"],
  ["name: `literal`", "t <name>"],
  ["name: string & {}", "t <name>"],
  ["x: 'one of a great many choices' | 'that do not fit in a usage line', y = 1", "t <x> [y]"],
  ["a = '', b: string", "t [a] <b>"],
];
/** Parameters that are refused, with the parameter, its type, and why. */
export const REFUSED: readonly (readonly [source: string, problem: string])[] = [
  ["name: Box<string>", "name: Box<string> -- a generic type is not evaluated; write it out"],
  ["when: Date", "when: Date -- it cannot be written on a command line; take a string"],
  ["x", "x -- it has neither a type nor a default; write one, such as `: string`"],
  ["x: any", "x: any -- it accepts anything, so no word can be checked"],
  ["x: unknown", "x: unknown -- it accepts anything, so no word can be checked"],
  ["x: Color", "x: Color -- an enum is not erasable; use a union of literals"],
  ["x: Tool", "x: Tool -- an instance of a class cannot be written on a command line"],
  ["x: Far", 'x: Far -- it comes from "somewhere", where it cannot be read'],
  ["x: Nowhere", "x: Nowhere -- it is not declared in this file"],
  ["x: Loop", "x: Loop -- it refers to itself"],
  [
    "x: { a: string }",
    "x: { a: string } -- an object cannot be written on a command line; destructured, each member is an option",
  ],
  [
    "x: Options",
    "x: Options -- an object cannot be written on a command line; destructured, each member is an option",
  ],
  ["x: () => void", "x: () => void -- a function cannot be written on a command line"],
  [
    "x: [string, number]",
    "x: [string, number] -- the members of a tuple have no names; use an array or several parameters",
  ],
  [
    "x: string | number",
    "x: string | number -- it mixes kinds of values, so a word could mean either",
  ],
  ["x: string | string[]", "x: string | string[] -- it mixes one value and many"],
  ["x: string[][]", "x: string[][] -- it is a list of lists"],
  ["x: boolean[]", "x: boolean[] -- a flag cannot be given many times"],
  ["x: `v${string}`", "x: `v${string}` -- a template type is not evaluated; use string"],
  ["x: 1n", "x: 1n -- a bigint literal is not a choice; use bigint"],
  ["x: '1' | 1", "x: '1' | 1 -- two of its members are written alike"],
  [
    "x: Record<string, string>",
    "x: Record<string, string> -- it cannot be written on a command line; take a string",
  ],
  [
    "x: Exclude<Mode, 'dev'>",
    "x: Exclude<Mode, 'dev'> -- a computed type is not evaluated; write it out",
  ],
  ["x: null", "x: null -- no value fits it"],
  ["x: string & { b: 1 }", "x: string & { b: 1 } -- an intersection is not evaluated"],
  ["x = new Date()", "x -- its default is not a literal, so its type has to be written"],
  ["x = null", "x -- its default has no type that a word could have"],
  ["x = {}", "x -- its default has no type that a word could have"],
  ["x = ['a', 1]", "x -- its default has no type that a word could have"],
  [
    "dryRun = false, dry_run = true",
    'dry_run: boolean -- --dry-run already belongs to "dryRun"; rename one of them',
  ],
  [
    "cache = true, noCache = false",
    'noCache: boolean -- --no-cache already belongs to "cache"; rename one of them',
  ],
  ["_: string", "_: string -- its name has no letter an option could be called by"],
  [
    "[a, b]: string[]",
    "[a, b]: string[] -- only a name or a destructured object can be a parameter of a task",
  ],
  [
    "{ a: { b } }: { a: { b: string } }",
    "a: { b } -- a destructured object may not be taken apart further",
  ],
  [
    "{ a }: string",
    "{ a }: string -- the type of a destructured parameter has to be an object type",
  ],
  ["{ a }: Nowhere", "{ a }: Nowhere -- it is not declared in this file"],
  ["{ a }", "a -- it has neither a type nor a default; write one, such as `: string`"],
  [
    "{ a = 1 } = { a: 2 }",
    "{ a = 1 } -- give each member its own default; the object itself may have `= {}` only",
  ],
  ["...rest: string", "rest: string -- a rest parameter needs an array type"],
  ["...rest", "rest -- it has neither a type nor a default; write one, such as `: string`"],
  [
    "...[a, b]: string[]",
    "[a, b]: string[] -- only a name or a destructured object can be a parameter of a task",
  ],
  [
    "{ a, b }: { a: string; b: Date }",
    "b: Date -- it cannot be written on a command line; take a string",
  ],
  ["<T>(x: T) => {}", "x: T -- a type parameter that extends nothing accepts anything"],
  [
    "x: import('./levels.ts').Level",
    "x: import('./levels.ts').Level -- write an import statement for it",
  ],
];
