/**
 * The options of the builtins: one table, read by the builtins and by the check that runs first.
 * Pure.
 *
 * @module
 */

interface OptionTable {
  /** Letters that stand alone. */
  readonly flags: string;
  /** Letters that take a value. */
  readonly values?: string;
  /** Long names by the letter they mean. */
  readonly long?: Readonly<Record<string, string>>;
  /** `-5` is the value of this letter. */
  readonly number?: string;
  /** `+5` is the value `+5` of this letter. */
  readonly plus?: string;
  /** Options end with the first operand: what follows belongs to another program. */
  readonly strict?: boolean;
}

export interface ParsedOptions {
  /** In the order given; a flag has the value "". */
  readonly given: readonly (readonly [letter: string, value: string])[];
  readonly operands: readonly string[];
  has(letter: string): boolean;
  /** The last value given. */
  value(letter: string): string | undefined;
}

/** The option that the table does not have, or that lacks its value. */
export interface OptionProblem {
  readonly option: string;
  readonly why: "unknown" | "value";
}

export const OPTIONS: Readonly<Record<string, OptionTable>> = {
  basename: {
    flags: "az",
    values: "s",
    long: { multiple: "a", suffix: "s", zero: "z" },
    strict: true,
  },
  cat: {
    flags: "bensu",
    long: { "number-nonblank": "b", number: "n", "squeeze-blank": "s", "show-ends": "e" },
  },
  cd: { flags: "LP", strict: true },
  command: { flags: "vVp", strict: true },
  cp: {
    flags: "RrafnpPLdv",
    long: {
      recursive: "r",
      archive: "a",
      force: "f",
      "no-clobber": "n",
      verbose: "v",
      "no-dereference": "P",
      dereference: "L",
    },
  },
  date: { flags: "uIR", values: "dr", long: { utc: "u", date: "d", "rfc-email": "R" } },
  dirname: { flags: "z", long: { zero: "z" } },
  env: {
    flags: "i0",
    values: "uC",
    long: { "ignore-environment": "i", unset: "u", null: "0", chdir: "C" },
    strict: true,
  },
  exec: { flags: "", strict: true },
  export: { flags: "p", strict: true },
  grep: {
    flags: "EFGivclLnqsowxrRhH",
    values: "efmABC",
    long: {
      "extended-regexp": "E",
      "fixed-strings": "F",
      "ignore-case": "i",
      "invert-match": "v",
      count: "c",
      "files-with-matches": "l",
      "files-without-match": "L",
      "line-number": "n",
      quiet: "q",
      silent: "q",
      "no-messages": "s",
      "only-matching": "o",
      "word-regexp": "w",
      "line-regexp": "x",
      recursive: "r",
      "no-filename": "h",
      "with-filename": "H",
      regexp: "e",
      file: "f",
      "max-count": "m",
      "after-context": "A",
      "before-context": "B",
      context: "C",
    },
  },
  head: {
    flags: "qvz",
    values: "nc",
    number: "n",
    long: { lines: "n", bytes: "c", quiet: "q", silent: "q", verbose: "v", "zero-terminated": "z" },
  },
  ls: {
    flags: "1aAdRrtSFp",
    long: {
      all: "a",
      "almost-all": "A",
      directory: "d",
      recursive: "R",
      reverse: "r",
      classify: "F",
    },
  },
  mkdir: { flags: "pv", values: "m", long: { parents: "p", verbose: "v", mode: "m" } },
  mktemp: {
    flags: "dqut",
    values: "p",
    long: { directory: "d", quiet: "q", "dry-run": "u" },
  },
  mv: { flags: "fnv", long: { force: "f", "no-clobber": "n", verbose: "v" } },
  printenv: { flags: "0", long: { null: "0" } },
  printf: { flags: "", strict: true },
  pwd: { flags: "LP", long: { logical: "L", physical: "P" } },
  read: { flags: "r", values: "p", strict: true },
  readonly: { flags: "p", strict: true },
  rm: {
    flags: "rRfdv",
    long: { recursive: "r", force: "f", dir: "d", verbose: "v" },
  },
  rmdir: {
    flags: "pv",
    long: { parents: "p", verbose: "v", "ignore-fail-on-non-empty": "!" },
  },
  seq: {
    flags: "w",
    values: "sf",
    long: { "equal-width": "w", separator: "s", format: "f" },
    strict: true,
  },
  sleep: { flags: "" },
  sort: {
    flags: "nrufbdcCszh",
    values: "kto",
    long: {
      "numeric-sort": "n",
      reverse: "r",
      unique: "u",
      "ignore-case": "f",
      "ignore-leading-blanks": "b",
      "dictionary-order": "d",
      check: "c",
      stable: "s",
      "zero-terminated": "z",
      "human-numeric-sort": "h",
      key: "k",
      "field-separator": "t",
      output: "o",
    },
  },
  tail: {
    flags: "qvz",
    values: "nc",
    number: "n",
    plus: "n",
    long: { lines: "n", bytes: "c", quiet: "q", silent: "q", verbose: "v", "zero-terminated": "z" },
  },
  tee: { flags: "ai", long: { append: "a", "ignore-interrupts": "i" } },
  touch: {
    flags: "acm",
    values: "rdt",
    long: { "no-create": "c", reference: "r", date: "d" },
  },
  tr: {
    flags: "cCdst",
    long: { complement: "c", delete: "d", "squeeze-repeats": "s", "truncate-set1": "t" },
    strict: true,
  },
  type: { flags: "", strict: true },
  uniq: {
    flags: "cdiuz",
    values: "fsw",
    long: {
      count: "c",
      repeated: "d",
      "ignore-case": "i",
      unique: "u",
      "zero-terminated": "z",
      "skip-fields": "f",
      "skip-chars": "s",
      "check-chars": "w",
    },
  },
  unset: { flags: "fv", strict: true },
  wait: { flags: "", strict: true },
  wc: { flags: "lwcm", long: { lines: "l", words: "w", bytes: "c", chars: "m" } },
  which: { flags: "as", strict: true },
  xargs: {
    flags: "0rtx",
    values: "nILdP",
    long: {
      null: "0",
      "no-run-if-empty": "r",
      verbose: "t",
      "max-args": "n",
      "max-procs": "P",
      delimiter: "d",
      "max-lines": "L",
    },
    strict: true,
  },
};

/** Take the options of a builtin from its arguments. */
export function parseOptions(
  name: string,
  args: readonly string[],
): ParsedOptions | OptionProblem {
  const table = OPTIONS[name] ?? { flags: "" };
  const given: [string, string][] = [];
  const operands: string[] = [];
  const rest = [...args];
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (arg === "--") {
      operands.push(...rest);
      break;
    }
    const number = /^-([0-9]+)$/.exec(arg);
    if (number !== null && table.number !== undefined) {
      given.push([table.number, number[1]!]);
    } else if (table.plus !== undefined && /^\+[0-9]+$/.test(arg) && operands.length === 0) {
      given.push([table.plus, arg]);
    } else if (arg.startsWith("--")) {
      const [long, inline] = splitLong(arg);
      const letter = table.long?.[long];
      if (letter === undefined) return { option: `--${long}`, why: "unknown" };
      const takes = table.values?.includes(letter) ?? false;
      if (!takes && inline !== undefined) return { option: arg, why: "unknown" };
      const value = takes ? inline ?? rest.shift() : "";
      if (value === undefined) return { option: `--${long}`, why: "value" };
      given.push([letter, value]);
    } else if (/^-./.test(arg) && !isNumberFor(name, arg)) {
      const problem = shortOptions(table, arg, rest, given);
      if (problem !== undefined) return problem;
    } else {
      operands.push(arg);
      if (!table.strict) continue;
      operands.push(...rest);
      break;
    }
  }
  return {
    given,
    operands,
    has: (letter) => given.some(([one]) => one === letter),
    value: (letter) => given.findLast(([one]) => one === letter)?.[1],
  };
}

function splitLong(arg: string): readonly [string, string | undefined] {
  const equals = arg.indexOf("=");
  return equals < 0 ? [arg.slice(2), undefined] : [arg.slice(2, equals), arg.slice(equals + 1)];
}

function shortOptions(
  table: OptionTable,
  arg: string,
  rest: string[],
  given: [string, string][],
): OptionProblem | undefined {
  for (let at = 1; at < arg.length; at++) {
    const letter = arg[at]!;
    if (table.values?.includes(letter)) {
      const value = arg.slice(at + 1) || rest.shift();
      if (value === undefined) return { option: `-${letter}`, why: "value" };
      given.push([letter, value]);
      return undefined;
    }
    if (!table.flags.includes(letter)) return { option: `-${letter}`, why: "unknown" };
    given.push([letter, ""]);
  }
  return undefined;
}

/** `seq -3 3` counts from minus three. */
function isNumberFor(name: string, arg: string): boolean {
  return name === "seq" && /^-[0-9.]/.test(arg);
}

/** What `set -o` knows, by its letter where it has one. */
export const SHELL_OPTIONS: readonly (readonly [letter: string, name: string])[] = [
  ["e", "errexit"],
  ["u", "nounset"],
  ["x", "xtrace"],
  ["f", "noglob"],
  ["C", "noclobber"],
  ["a", "allexport"],
  ["", "pipefail"],
];
