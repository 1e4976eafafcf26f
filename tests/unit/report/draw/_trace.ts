/**
 * Reads a terminal drawing back, by its characters alone and by the rules a reader follows: lines
 * run down, an arrowhead ends a line, a gap is a crossing. Written against the picture, not against
 * the code that draws.
 *
 * @module
 */

import { assert } from "@std/assert";

/** The characters of a drawing by what they connect. */
export interface Alphabet {
  readonly line: string;
  readonly root: string;
  readonly beside: string;
  readonly above: string;
  /** By stroke: runs through; goes on below; does not; either, which the line below tells. */
  readonly strokes: Readonly<
    Record<string, { pass: string; through: string; stops: string; either: string; opens: string }>
  >;
}

/** The characters of the default drawing. */
export const boxes: Alphabet = {
  line: "─",
  root: "○",
  beside: "►",
  above: "▼",
  strokes: {
    deps: { pass: "│", through: "├┼┤", stops: "╰┴", either: "", opens: "╮┬" },
    parts: { pass: "║", through: "╟╫╢", stops: "╙╨", either: "", opens: "╖╥" },
    hooks: { pass: "┊", through: "", stops: "", either: "◦", opens: "" },
  },
};

/** The characters of the ASCII drawing. */
export const plain: Alphabet = {
  line: "-",
  root: "*",
  beside: ">",
  above: "v",
  strokes: {
    deps: { pass: "|", through: "+", stops: "`'", either: "", opens: "." },
    parts: { pass: '"', through: "", stops: "", either: "#", opens: "" },
    hooks: { pass: ":", through: "", stops: "", either: "o", opens: "" },
  },
};

interface Row {
  readonly cells: string;
  /** The offset of the mark, or -1 in a line that only goes on with a text. */
  readonly mark: number;
  readonly name: string;
}

/**
 * The edges a drawing shows, as `from stroke to`, sorted; those written in brackets too. Fails on
 * a line that leads nowhere.
 *
 * @param text A drawing of tasks named `n` and a number.
 */
export function trace(text: string, alphabet: Alphabet): readonly string[] {
  const { rows, named } = parse(text, alphabet);
  const edges = [...named];
  rows.forEach((row, at) => {
    if (row.mark < 0) return;
    const found = (to: string, stroke: string) => edges.push(`${row.name} ${stroke} ${to}`);
    const under = kindOf(rows[at + 1]?.cells[row.mark], alphabet);
    if (under === "above" || (typeof under === "object" && !under.opens)) {
      follow(rows, at + 1, row.mark, alphabet, found);
    }
    for (let x = row.mark; row.cells[x + 1] === alphabet.line; x += 2) {
      const cell = kindOf(row.cells[x + 2], alphabet);
      if (cell === "line" || (typeof cell === "object" && cell.pass)) continue;
      assert(typeof cell === "object", `a line leads nowhere from ${row.name}:\n${text}`);
      follow(rows, at + 1, x + 2, alphabet, found, cell.stroke);
    }
  });
  return edges.sort();
}

/** Follows a lane down from the cell at (`at`, `x`) and reports every task it leads to. */
function follow(
  rows: readonly Row[],
  at: number,
  x: number,
  alphabet: Alphabet,
  found: (to: string, stroke: string) => void,
  stroke?: string,
): void {
  for (let y = at;; y++) {
    const row = rows[y];
    const cell = kindOf(row?.cells[x], alphabet);
    if (row && cell === "above") return found(row.name, stroke ?? "deps");
    assert(row && typeof cell === "object" && !cell.opens, `a lane breaks off at ${y}, ${x}`);
    assert((stroke ??= cell.stroke) === cell.stroke, `a lane changes its stroke at ${y}, ${x}`);
    if (cell.pass) continue;
    if (x > row.mark) {
      assert(cell.down, `a lane that is fed stops at ${y}, ${x}`);
      continue;
    }
    for (let along = x + 1; along < row.mark; along += 2) {
      assert(row.cells[along] === alphabet.line, `a tap breaks off at ${y}, ${along}`);
      assert((row.cells[along + 1] ?? " ") !== " ", `a tap breaks off at ${y}, ${along + 1}`);
    }
    found(row.name, stroke);
    if (!cell.down) return;
    if (!cell.either) continue;
    const next = kindOf(rows[y + 1]?.cells[x], alphabet);
    const goesOn = next === "above" || (typeof next === "object" && next.stroke === stroke);
    if (!goesOn) return;
  }
}

function kindOf(character: string | undefined, alphabet: Alphabet) {
  if (character === undefined || character === " ") return undefined;
  if (character === alphabet.line) return "line";
  if (character === alphabet.above) return "above";
  for (const [stroke, sets] of Object.entries(alphabet.strokes)) {
    const pass = sets.pass === character;
    const either = sets.either.includes(character);
    const opens = sets.opens.includes(character);
    const down = pass || either || opens || sets.through.includes(character);
    if (down || sets.stops.includes(character)) return { stroke, pass, either, opens, down };
  }
  return undefined;
}

/** Rows and the edges in brackets, with wrapped texts put together again. */
function parse(text: string, alphabet: Alphabet): { rows: Row[]; named: string[] } {
  const body = text.split(/\n\n(?=\S+ deps|\S+ item or|\S+ pre or)/)[0]!;
  const rows: Row[] = [];
  const notes: { from: string; text: string }[] = [];
  for (const line of body.split("\n")) {
    const passes = Object.values(alphabet.strokes).map((sets) => sets.pass);
    const head = /^(.*?) (n\d+)(?: (.*))?$/.exec(line);
    const lead = head?.[1] ?? "";
    const mark = [...lead].findIndex((sign) =>
      sign === alphabet.root || sign === alphabet.beside || sign === alphabet.above
    );
    if (head && mark >= 0) {
      rows.push({ cells: lead, mark, name: head[2]! });
      notes.push({ from: head[2]!, text: head[3] ?? "" });
    } else {
      const end = [...line].findIndex((sign) => sign !== " " && !passes.includes(sign));
      rows.push({ cells: end < 0 ? line : line.slice(0, end), mark: -1, name: "" });
      if (end >= 0) notes.at(-1)!.text += ` ${line.slice(end)}`;
    }
  }
  const strokes: Readonly<Record<string, string>> = {
    deps: "deps",
    item: "parts",
    member: "parts",
    pre: "hooks",
    post: "hooks",
  };
  const named = notes.flatMap(({ from, text: note }) =>
    [...note.matchAll(/\[(\w+): ([^\]]*)\]/g)].flatMap(([, kind, list]) =>
      list!.split(",").map((to) => `${from} ${strokes[kind!]} ${to.trim()}`)
    )
  );
  return { rows, named: [...new Set(named)] };
}
