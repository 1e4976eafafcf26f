/**
 * Values that cross between processes, as one canonical text: object keys are sorted, so that equal
 * values have equal texts.
 *
 * @module
 */

/** A value that has no text. */
export class UnstorableError extends Error {
  override readonly name = "UnstorableError";
}

/**
 * JSON where that is exact; else the richer text of `devalue` (dates, maps, sets, big integers,
 * bytes, URLs, errors). The first character says which.
 *
 * @throws {UnstorableError} for a function, a symbol, a class instance or a cycle
 * @example await encodeValue({ b: 1, a: undefined }) // '={"b":1}'
 */
export async function encodeValue(value: unknown): Promise<string> {
  if (value === undefined) return "";
  const sorted = sortKeys(value, []);
  if (isJson(sorted)) return `=${JSON.stringify(sorted)}`;
  const { stringify } = await import("devalue");
  try {
    return `~${stringify(sorted, REDUCERS)}`;
  } catch (error) {
    throw new UnstorableError(error instanceof Error ? error.message : String(error));
  }
}

/** The value again, as a copy. */
export async function decodeValue(text: string): Promise<unknown> {
  if (text === "") return undefined;
  if (text[0] === "=") return JSON.parse(text.slice(1));
  const { parse } = await import("devalue");
  return parse(text.slice(1), REVIVERS);
}

const REDUCERS = {
  Error: (value: unknown) => value instanceof Error && [value.name, value.message],
};

const REVIVERS = {
  Error([name, message]: [string, string]): Error {
    const error = new Error(message);
    error.name = name;
    return error;
  },
};

/** Plain objects are copied with their keys in order; what is undefined is as good as absent. */
function sortKeys(value: unknown, trail: readonly unknown[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (trail.includes(value)) throw new UnstorableError("the value contains itself");
  const inner = [...trail, value];
  if (Array.isArray(value)) return Array.from(value, (element) => sortKeys(element, inner));
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  entries.sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, part]) => [key, sortKeys(part, inner)]));
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function isJson(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object":
      if (value === null) return true;
      if (Array.isArray(value)) return value.every(isJson);
      return isPlain(value) && !Object.hasOwn(value, "toJSON") &&
        Object.values(value).every(isJson);
    default:
      return false;
  }
}
