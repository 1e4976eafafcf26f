/**
 * Why a cached task was performed, in words.
 *
 * @module
 */

import type { Change, Prediction } from "../model/change.ts";

/**
 * @returns a phrase
 * @example changeText({ kind: "first" }) // "first run"
 */
export function changeText(change: Change): string {
  switch (change.kind) {
    case "first":
      return "first run";
    case "forced":
      return "--force";
    case "compared":
      return `compared with ${change.call}`;
    case "unknown":
      return "what the last run was made of is not known any more";
    case "unusable":
      return change.detail;
    case "unstored":
      return `upstream: the result of ${change.label} could not be kept`;
    case "upstream":
      return change.path === undefined
        ? `upstream: ${change.label} changed`
        : `upstream: ${change.label} produced a different ${change.path}`;
    case "part":
      return partText(change);
  }
}

/** The first change, and how many more there are. */
export function changesText(changes: readonly Change[]): string {
  const [first, ...more] = changes.filter(({ kind }) => kind !== "compared");
  if (first === undefined) return "";
  return changeText(first) + (more.length > 0 ? ` (+${more.length} more)` : "");
}

/** What would be done with a step. */
export function predictionText(prediction: Prediction): string {
  switch (prediction.kind) {
    case "hit":
      return `hit (${prediction.key.slice(0, 8)})`;
    case "miss": {
      const why = changesText(prediction.why);
      return why === "" ? "miss" : `miss (${why})`;
    }
    case "depends":
      return `depends on ${prediction.on}`;
    case "runs":
      return "runs";
    case "skipped":
      return "condition not met";
  }
}

type Part = Extract<Change, { readonly kind: "part" }>;

function partText(change: Part): string {
  const { part, how } = change;
  const space = part.indexOf(" ");
  const kind = space === -1 ? part : part.slice(0, space);
  const name = space === -1 ? "" : part.slice(space + 1);
  switch (kind) {
    case "input":
      if (name === "patterns") return "its input patterns changed";
      return `input ${how}: ${name}${change.line === undefined ? "" : `:${change.line}`}`;
    case "outputs":
    case "switches":
      return "what is said about its outputs changed";
    case "env":
    case "set":
      return name === "in order"
        ? "the order of its variables changed"
        : `${name}${values(change)}`;
    case "argument":
      return `argument ${name.replace(/ value$/, "")}${values(change)}`;
    case "arguments":
      return `arguments${values(change)}`;
    case "action":
      return "its command changed";
    case "code":
      return name === "body" ? "code changed: its body" : `code ${how}: ${codeName(name)}`;
    case "program":
      return `program ${how}: ${name}`;
    case "tool":
      return `tool ${name}${values(change)}`;
    case "dep":
      return how === "changed" ? `upstream: ${name} changed` : `dependency ${how}: ${name}`;
    case "pre": {
      const item = name.replace(/^\d+ /, "");
      return how === "changed" ? `upstream: ${item} changed` : `hook ${how}: ${item}`;
    }
    case "interpreter":
      return `interpreter${values(change)}`;
    case "platform":
      return `platform${values(change)}`;
    case "cwd":
      return `directory${values(change)}`;
    default:
      return `${part} ${how}`;
  }
}

/** `: "a" -> "b"`, or only that it differs where values must not be read. */
function values({ how, before, after }: Part): string {
  const changed = how === "changed";
  if ((before ?? after) === undefined || changed && (before === undefined || after === undefined)) {
    return ` ${how}`;
  }
  const [old, now] = [plain(before), plain(after)];
  return old === now ? " is set in another way" : `: ${old} -> ${now}`;
}

const LONGEST = 40;

function plain(value: string | undefined): string {
  if (value === undefined) return "unset";
  // An assignment is [[kind, text], …]; its last text is what counts.
  const assigned = /^\[\["/.test(value) ? lastText(value) : undefined;
  const text = (assigned ?? value).trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function lastText(value: string): string | undefined {
  try {
    const entries = JSON.parse(value) as readonly (readonly [string, string])[];
    const [kind, text] = entries.at(-1)!;
    return kind === "unset" ? "unset" : JSON.stringify(text);
  } catch {
    return undefined;
  }
}

/** `helper render in build_tools.ts` -> `helper render() in build_tools.ts` */
function codeName(name: string): string {
  return name.replace(/^helper (\S+)/, "helper $1()");
}
