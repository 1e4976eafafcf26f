/**
 * `test` and `[`.
 *
 * Up to four arguments are read by their number, as the standard has it; more are an expression
 * with `!`, `-a`, `-o` and parentheses.
 *
 * @module
 */

import { type FileStatus, isFault } from "../../../host/shell_system.ts";
import { parseNumber } from "../arithmetic.ts";
import { complain } from "../output.ts";
import type { Shell } from "../state.ts";
import { sameFile } from "./_files.ts";
import { pathOf } from "./_input.ts";
import type { Invocation } from "./registry.ts";

export async function run({ shell, name, args }: Invocation): Promise<number> {
  try {
    if (name === "[" && args.at(-1) !== "]") throw new TestFault("missing ]");
    return evaluate(shell, name === "[" ? args.slice(0, -1) : args) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestFault)) throw error;
    await complain(shell, `${name}: ${error.message}`);
    return 2;
  }
}

class TestFault extends Error {}

function evaluate(shell: Shell, args: readonly string[]): boolean {
  const [first, second, third, fourth] = args;
  switch (args.length) {
    case 0:
      return false;
    case 1:
      return first !== "";
    case 2:
      if (first === "!") return second === "";
      if (isUnary(first!)) return unary(shell, first!, second!);
      throw new TestFault(`${isBinary(second!) ? second : first}: argument expected`);
    case 3:
      if (isBinary(second!)) return binary(shell, first!, second!, third!);
      if (second === "-a") return first !== "" && third !== "";
      if (second === "-o") return first !== "" || third !== "";
      if (first === "!") return !evaluate(shell, args.slice(1));
      if (first === "(" && third === ")") return second !== "";
      throw new TestFault(`${isUnary(first!) ? third : second}: unexpected operator`);
    case 4:
      if (first === "!") return !evaluate(shell, args.slice(1));
      if (first === "(" && fourth === ")") return evaluate(shell, args.slice(1, 3));
  }
  const parser = new Expression(shell, args);
  const value = parser.or();
  if (parser.peek() !== undefined) throw new TestFault(`${parser.peek()}: unexpected operator`);
  return value;
}

class Expression {
  readonly #shell: Shell;
  readonly #args: readonly string[];
  #at = 0;

  constructor(shell: Shell, args: readonly string[]) {
    this.#shell = shell;
    this.#args = args;
  }

  peek(offset = 0): string | undefined {
    return this.#args[this.#at + offset];
  }

  or(): boolean {
    let value = this.#and();
    while (this.peek() === "-o") {
      this.#at++;
      const right = this.#and();
      value = value || right;
    }
    return value;
  }

  #and(): boolean {
    let value = this.#not();
    while (this.peek() === "-a") {
      this.#at++;
      const right = this.#not();
      value = value && right;
    }
    return value;
  }

  #not(): boolean {
    if (this.peek() !== "!" || this.peek(1) === undefined) return this.#primary();
    this.#at++;
    return !this.#not();
  }

  #primary(): boolean {
    const first = this.#next();
    const operator = this.peek();
    if (operator !== undefined && isBinary(operator) && this.peek(1) !== undefined) {
      this.#at++;
      return binary(this.#shell, first, operator, this.#next());
    }
    if (first === "(" && operator !== undefined) {
      const value = this.or();
      if (this.#next() !== ")") throw new TestFault("closing paren expected");
      return value;
    }
    if (isUnary(first) && operator !== undefined) return unary(this.#shell, first, this.#next());
    return first !== "";
  }

  #next(): string {
    const arg = this.#args[this.#at++];
    if (arg === undefined) throw new TestFault("argument expected");
    return arg;
  }
}

function isUnary(operator: string): boolean {
  return /^-[bcdefghkLnoOGprsStuwxz]$/.test(operator) && operator !== "-o";
}

function isBinary(operator: string): boolean {
  return /^(?:=|!=|<|>|-(?:eq|ne|gt|ge|lt|le|nt|ot|ef))$/.test(operator);
}

function unary(shell: Shell, operator: string, operand: string): boolean {
  const { system } = shell;
  if (operator === "-n") return operand !== "";
  if (operator === "-z") return operand === "";
  if (operator === "-t") {
    const fd = shell.descriptors.get(Number(integer(operand)))?.stream.fd;
    return fd !== undefined && system.terminal(fd);
  }
  const status = statusOf(shell, operand, operator !== "-h" && operator !== "-L");
  if (status === undefined) return false;
  const path = pathOf(shell, operand);
  switch (operator) {
    case "-b":
      return status.kind === "block";
    case "-c":
      return status.kind === "character";
    case "-d":
      return status.kind === "directory";
    case "-e":
      return true;
    case "-f":
      return status.kind === "file";
    case "-g":
      return (status.mode & 0o2000) !== 0;
    case "-k":
      return (status.mode & 0o1000) !== 0;
    case "-u":
      return (status.mode & 0o4000) !== 0;
    case "-h":
    case "-L":
      return status.kind === "link";
    case "-p":
      return status.kind === "pipe";
    case "-S":
      return status.kind === "socket";
    case "-s":
      return status.size > 0;
    case "-r":
      return system.access(path, "read");
    case "-w":
      return system.access(path, "write");
    case "-x":
      return system.access(path, "execute");
    default:
      throw new TestFault(`${operator}: not covered by the portable shell`);
  }
}

function statusOf(shell: Shell, operand: string, follow: boolean): FileStatus | undefined {
  if (operand === "") return undefined;
  const status = shell.system.status(pathOf(shell, operand), follow);
  return isFault(status) ? undefined : status;
}

function binary(shell: Shell, left: string, operator: string, right: string): boolean {
  switch (operator) {
    case "=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "-eq":
      return integer(left) === integer(right);
    case "-ne":
      return integer(left) !== integer(right);
    case "-gt":
      return integer(left) > integer(right);
    case "-ge":
      return integer(left) >= integer(right);
    case "-lt":
      return integer(left) < integer(right);
    case "-le":
      return integer(left) <= integer(right);
  }
  const one = statusOf(shell, left, true);
  const other = statusOf(shell, right, true);
  if (operator === "-ef") {
    return one !== undefined && other !== undefined && sameFile(shell, left, right);
  }
  const [newer, older] = operator === "-nt" ? [one, other] : [other, one];
  return newer !== undefined && older !== undefined && newer.modified > older.modified;
}

function integer(text: string): bigint {
  const decimal = /^[ \t\n]*([-+]?)0*([0-9]+)[ \t\n]*$/.exec(text);
  const value = decimal === null ? undefined : parseNumber(decimal[1]! + BigInt(decimal[2]!));
  if (value === undefined) throw new TestFault(`Illegal number: ${text}`);
  return value;
}
