/**
 * `printf`.
 *
 * @module
 */

import { complain, say } from "../output.ts";
import { unescapeEcho, unescapeFormat } from "./_escapes.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const [format, ...args] = optionsOf(invocation).operands;
  if (format === undefined) {
    await complain(shell, "printf: usage: printf format [arg ...]");
    return 2;
  }
  const { text, problems } = formatText(format, args);
  await say(shell, text);
  for (const problem of problems) await complain(shell, `printf: ${problem}`);
  return problems.length > 0 ? 1 : 0;
}

export interface Formatted {
  readonly text: string;
  readonly problems: readonly string[];
}

const DIRECTIVE = /%([-+ #0]*)(\*|[0-9]+)?(?:\.(\*|[0-9]*))?([a-zA-Z%])?/y;

/**
 * The text of a format with its arguments; the format is used again while arguments are left.
 *
 * @example
 * ```ts
 * formatText("%s=%03d\\n", ["a", "7"]).text; // "a=007\n"
 * ```
 */
export function formatText(format: string, args: readonly string[]): Formatted {
  const rest = [...args];
  const problems: string[] = [];
  let text = "";
  do {
    const before = rest.length;
    const round = formatOnce(format, rest, problems);
    text += round.text;
    if (round.stopped || rest.length === before) break;
  } while (rest.length > 0);
  return { text, problems };
}

function formatOnce(
  format: string,
  rest: string[],
  problems: string[],
): { readonly text: string; readonly stopped: boolean } {
  let text = "";
  for (let at = 0; at < format.length;) {
    if (format[at] !== "%") {
      const next = format.indexOf("%", at);
      const end = next < 0 ? format.length : next;
      text += unescapeFormat(format.slice(at, end));
      at = end;
      continue;
    }
    DIRECTIVE.lastIndex = at;
    const [whole, flags = "", widthText, precisionText, conversion] = DIRECTIVE.exec(format)!;
    at += whole.length;
    if (conversion === "%") {
      text += "%";
      continue;
    }
    let width = widthText === "*" ? integer(rest.shift(), problems) : Number(widthText ?? 0);
    const given = precisionText === "*" ? integer(rest.shift(), problems) : precisionText;
    const precision = given === undefined ? undefined : Number(given);
    let left = flags.includes("-");
    if (width < 0) {
      left = true;
      width = -width;
    }
    const pad = (body: string, zero: boolean) => {
      const lacking = Math.max(0, width - [...body].length);
      if (left) return body + " ".repeat(lacking);
      if (!zero) return " ".repeat(lacking) + body;
      const sign = /^[-+ ]?(?:0[xX])?/.exec(body)![0];
      return sign + "0".repeat(lacking) + body.slice(sign.length);
    };
    switch (conversion) {
      case "s":
        text += pad(cut(rest.shift() ?? "", precision), false);
        break;
      case "b": {
        const { text: body, stopped } = unescapeEcho(rest.shift() ?? "");
        text += pad(cut(body, precision), false);
        if (stopped) return { text, stopped };
        break;
      }
      case "c":
        text += pad([...rest.shift() ?? ""][0] ?? "", false);
        break;
      case "d":
      case "i":
      case "o":
      case "u":
      case "x":
      case "X": {
        const body = integerText(number(rest.shift(), problems), conversion, flags, precision);
        text += pad(body, flags.includes("0") && precision === undefined);
        break;
      }
      case "e":
      case "E":
      case "f":
      case "F":
      case "g":
      case "G": {
        const body = floatText(float(rest.shift(), problems), conversion, flags, precision ?? 6);
        text += pad(body, flags.includes("0"));
        break;
      }
      default:
        problems.push(`${whole}: invalid directive`);
        return { text, stopped: true };
    }
  }
  return { text, stopped: false };
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : [...text].slice(0, precision).join("");
}

function integer(text: string | undefined, problems: string[]): number {
  return Number(number(text, problems));
}

/** Decimal, octal, hexadecimal, or the code of the character after a quote. */
function number(text: string | undefined, problems: string[]): bigint {
  if (text === undefined || text === "") return 0n;
  if (text[0] === "'" || text[0] === '"') return BigInt(text.codePointAt(1) ?? 0);
  const match = /^[ \t\n]*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(text);
  if (match === null) {
    problems.push(`${text}: expected numeric value`);
    return 0n;
  }
  if (match[0].length < text.length) problems.push(`${text}: not completely converted`);
  const digits = match[2]!;
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return match[1] === "-" ? -value : value;
}

function integerText(
  value: bigint,
  conversion: string,
  flags: string,
  precision: number | undefined,
): string {
  const signed = conversion === "d" || conversion === "i";
  const magnitude = signed ? (value < 0n ? -value : value) : BigInt.asUintN(64, value);
  const base = conversion === "o" ? 8 : conversion.toLowerCase() === "x" ? 16 : 10;
  let digits = magnitude.toString(base).padStart(precision ?? 1, "0");
  if (precision === 0 && magnitude === 0n) digits = "";
  if (conversion === "X") digits = digits.toUpperCase();
  if (flags.includes("#") && magnitude !== 0n) {
    if (base === 16) digits = `0${conversion}${digits}`;
    if (base === 8 && !digits.startsWith("0")) digits = `0${digits}`;
  }
  if (!signed) return digits;
  return (value < 0n ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "") + digits;
}

function float(text: string | undefined, problems: string[]): number {
  if (text === undefined || text === "") return 0;
  if (text[0] === "'" || text[0] === '"') return text.codePointAt(1) ?? 0;
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  const start = Number.parseFloat(text);
  problems.push(
    `${text}: ${Number.isNaN(start) ? "expected numeric value" : "not completely converted"}`,
  );
  return Number.isNaN(start) ? 0 : start;
}

function floatText(value: number, conversion: string, flags: string, precision: number): string {
  const sign = value < 0 || Object.is(value, -0)
    ? "-"
    : flags.includes("+")
    ? "+"
    : flags.includes(" ")
    ? " "
    : "";
  const size = Math.abs(value);
  const upper = conversion === conversion.toUpperCase();
  let body: string;
  if (!Number.isFinite(size)) {
    body = Number.isNaN(size) ? "nan" : "inf";
  } else if (conversion.toLowerCase() === "f") {
    body = fixed(size, precision);
  } else if (conversion.toLowerCase() === "e") {
    body = exponent(size, precision);
  } else {
    const digits = precision === 0 ? 1 : precision;
    const power = size === 0 ? 0 : Number(size.toExponential(digits - 1).split("e")[1]);
    body = power < -4 || power >= digits
      ? exponent(size, digits - 1)
      : size.toFixed(digits - 1 - power);
    if (!flags.includes("#") && body.includes(".")) body = body.replace(/\.?0+(?=$|e)/, "");
  }
  return sign + (upper ? body.toUpperCase() : body);
}

/** Of two equally near numbers the even one, as the C library has it; `toFixed` takes the upper. */
function fixed(size: number, precision: number): string {
  const text = size.toFixed(precision);
  const exact = size.toFixed(Math.min(100, precision + 60));
  const cut = exact.length - Math.min(100, precision + 60) + precision;
  if (!/^\.?50*$/.test(exact.slice(cut))) return text;
  const lower = precision === 0 ? exact.slice(0, cut).replace(".", "") : exact.slice(0, cut);
  return /[02468]$/.test(lower) ? lower : text;
}

function exponent(size: number, precision: number): string {
  return size.toExponential(precision).replace(/e([-+])(\d)$/, "e$10$2");
}
