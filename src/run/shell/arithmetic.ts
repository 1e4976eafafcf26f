/**
 * `$((…))`: text after expansion in, a 64-bit number out. Pure but for the variables it is given.
 *
 * The language is that of POSIX as dash has it: no `++`, `--`, `**` or comma, and a variable holds
 * a number, not another expression.
 *
 * @module
 */

/** How an expression reads and changes variables; `get` gives undefined for one that is unset. */
export interface ArithmeticVariables {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/** Why there is no number. */
export interface ArithmeticProblem {
  readonly problem: string;
}

/**
 * The value of an expression.
 *
 * @example
 * ```ts
 * evaluateArithmetic("1 + 2 * 3", { get: () => undefined, set() {} }); // 7n
 * ```
 */
export function evaluateArithmetic(
  text: string,
  variables: ArithmeticVariables,
): bigint | ArithmeticProblem {
  try {
    const parser = new Parser(tokens(text), variables);
    const value = parser.assignment(true);
    if (parser.peek() !== undefined) return problem(`unexpected "${parser.peek()}" in "${text}"`);
    return value;
  } catch (error) {
    if (error instanceof Fault) return problem(error.message);
    throw error;
  }
}

/** A number as a script writes it: decimal, octal after 0, hexadecimal after 0x. */
export function parseNumber(text: string): bigint | undefined {
  const match = /^[ \t\n]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)[ \t\n]*$/.exec(text);
  if (match === null) return undefined;
  const digits = match[2]!;
  const octal = /^0[0-7]+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  return wrap(match[1] === "-" ? -value : value);
}

class Fault extends Error {}

function problem(words: string): ArithmeticProblem {
  return { problem: `arithmetic expression: ${words}` };
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

const TOKEN =
  /[ \t\n]*(?:(0[xX][0-9a-fA-F]+|[0-9]+)|([A-Za-z_][A-Za-z0-9_]*)|(<<=|>>=|\+\+|--|\*\*|&&|\|\||<<|>>|[=!<>]=|[-+*/%&^|]=|[-+*/%&^|!~<>=?:()]))/y;

function tokens(text: string): readonly string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (/\S/.test(text.slice(TOKEN.lastIndex))) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Fault(`unexpected "${text.slice(at).trim()}"`);
    found.push(match[1] ?? match[2] ?? match[3]!);
  }
  return found;
}

/** Binary operators by how tightly they bind; `&&`, `||` and `?:` are apart, they may not evaluate. */
const BINDING: Readonly<Record<string, number>> = {
  "|": 1,
  "^": 2,
  "&": 3,
  "==": 4,
  "!=": 4,
  "<": 5,
  "<=": 5,
  ">": 5,
  ">=": 5,
  "<<": 6,
  ">>": 6,
  "+": 7,
  "-": 7,
  "*": 8,
  "/": 8,
  "%": 8,
};

const ASSIGNMENT = /^(?:[-+*/%&^|]|<<|>>)?=$/;

/** Evaluates while it parses; with `live` false it only parses. */
class Parser {
  readonly #tokens: readonly string[];
  readonly #variables: ArithmeticVariables;
  #at = 0;

  constructor(tokens: readonly string[], variables: ArithmeticVariables) {
    this.#tokens = tokens;
    this.#variables = variables;
  }

  peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  assignment(live: boolean): bigint {
    const name = this.peek();
    const operator = this.#tokens[this.#at + 1];
    if (
      name === undefined || operator === undefined || !/^[A-Za-z_]/.test(name) ||
      !ASSIGNMENT.test(operator)
    ) {
      return this.#conditional(live);
    }
    this.#at += 2;
    const right = this.assignment(live);
    if (!live) return 0n;
    const value = operator === "="
      ? right
      : binary(operator.slice(0, -1), this.#variable(name), right);
    this.#variables.set(name, String(value));
    return value;
  }

  #conditional(live: boolean): bigint {
    const test = this.#or(live);
    if (!this.#take("?")) return test;
    const yes = this.assignment(live && test !== 0n);
    this.#expect(":");
    const no = this.#conditional(live && test === 0n);
    return test !== 0n ? yes : no;
  }

  #or(live: boolean): bigint {
    let value = this.#and(live);
    while (this.#take("||")) {
      const right = this.#and(live && value === 0n);
      value = truth(value !== 0n || right !== 0n);
    }
    return value;
  }

  #and(live: boolean): bigint {
    let value = this.#operation(1, live);
    while (this.#take("&&")) {
      const right = this.#operation(1, live && value !== 0n);
      value = truth(value !== 0n && right !== 0n);
    }
    return value;
  }

  #operation(binding: number, live: boolean): bigint {
    let left = this.#unary(live);
    while (true) {
      const operator = this.peek();
      const own = operator === undefined ? undefined : BINDING[operator];
      if (own === undefined || own < binding) return left;
      this.#at++;
      const right = this.#operation(own + 1, live);
      left = live ? binary(operator!, left, right) : 0n;
    }
  }

  #unary(live: boolean): bigint {
    if (this.#take("-")) return wrap(-this.#unary(live));
    if (this.#take("+")) return this.#unary(live);
    if (this.#take("!")) return truth(this.#unary(live) === 0n);
    if (this.#take("~")) return ~this.#unary(live);
    return this.#primary(live);
  }

  #primary(live: boolean): bigint {
    if (this.#take("(")) {
      const value = this.assignment(live);
      this.#expect(")");
      return value;
    }
    const token = this.peek();
    if (token === undefined) throw new Fault("a value is missing at the end");
    this.#at++;
    if (/^[0-9]/.test(token)) {
      const number = parseNumber(token);
      if (number === undefined) throw new Fault(`"${token}" is no number`);
      return number;
    }
    if (/^[A-Za-z_]/.test(token)) return live ? this.#variable(token) : 0n;
    throw new Fault(`a value is missing before "${token}"`);
  }

  #variable(name: string): bigint {
    const text = this.#variables.get(name);
    if (text === undefined || text === "") return 0n;
    const value = parseNumber(text);
    if (value === undefined) throw new Fault(`Illegal number: ${text}`);
    return value;
  }

  #take(token: string): boolean {
    if (this.peek() !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Fault(`"${token}" is missing`);
  }
}

function truth(value: boolean): bigint {
  return value ? 1n : 0n;
}

function binary(operator: string, left: bigint, right: bigint): bigint {
  switch (operator) {
    case "|":
      return left | right;
    case "^":
      return left ^ right;
    case "&":
      return left & right;
    case "==":
      return truth(left === right);
    case "!=":
      return truth(left !== right);
    case "<":
      return truth(left < right);
    case "<=":
      return truth(left <= right);
    case ">":
      return truth(left > right);
    case ">=":
      return truth(left >= right);
    case "<<":
      return wrap(left << (right & 63n));
    case ">>":
      return left >> (right & 63n);
    case "+":
      return wrap(left + right);
    case "-":
      return wrap(left - right);
    case "*":
      return wrap(left * right);
    case "/":
    case "%":
      if (right === 0n) throw new Fault("division by zero");
      return operator === "/" ? wrap(left / right) : left % right;
    default:
      throw new Fault(`unknown operator "${operator}"`);
  }
}
