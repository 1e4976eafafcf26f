/**
 * A graph drawn for terminals: the task that needs others above, lines with arrowheads down to
 * what it needs. `_lanes.ts` says where everything is; here it becomes characters.
 *
 * A crossing is a gap in the horizontal line (`─│─`), a connection is a junction (`─┼─`), so every
 * line can be followed by eye. No line ends in a blank.
 *
 * @module
 */

import type { Edge, Picture } from "../../model/graph.ts";
import { type Cell, layLanes, type Row } from "./_lanes.ts";
import { wrapped } from "./_text_width.ts";
import { legendOf, strokeNames, strokeOf, visibleName } from "./format.ts";
import type { DrawOptions, Stroke } from "./format.ts";

/** The characters of one stroke, by what a lane does in its cell. */
interface Glyphs {
  readonly pass: string;
  /** Leads to the task and goes on, at the left end of the line and within it. */
  readonly tap: readonly [string, string];
  /** Leads to the task and stops. */
  readonly end: readonly [string, string];
  /** Is fed by the task, at the right end of the line and within it. */
  readonly join: readonly [string, string];
  /** Begins at the task. */
  readonly open: readonly [string, string];
}

interface Characters extends Readonly<Record<Stroke, Glyphs>> {
  readonly line: string;
  readonly marks: Readonly<Record<Row["arrival"], string>>;
}

const boxes: Characters = {
  line: "─",
  marks: { none: "○", along: "►", above: "▼" },
  deps: {
    pass: "│",
    tap: ["├", "┼"],
    end: ["╰", "┴"],
    join: ["┤", "┼"],
    open: ["╮", "┬"],
  },
  parts: {
    pass: "║",
    tap: ["╟", "╫"],
    end: ["╙", "╨"],
    join: ["╢", "╫"],
    open: ["╖", "╥"],
  },
  hooks: {
    pass: "┊",
    tap: ["◦", "◦"],
    end: ["◦", "◦"],
    join: ["◦", "◦"],
    open: ["◦", "◦"],
  },
};

const plain: Characters = {
  line: "-",
  marks: { none: "*", along: ">", above: "v" },
  deps: {
    pass: "|",
    tap: ["+", "+"],
    end: ["`", "'"],
    join: ["+", "+"],
    open: [".", "."],
  },
  parts: {
    pass: '"',
    tap: ["#", "#"],
    end: ["#", "#"],
    join: ["#", "#"],
    open: ["#", "#"],
  },
  hooks: {
    pass: ":",
    tap: ["o", "o"],
    end: ["o", "o"],
    join: ["o", "o"],
    open: ["o", "o"],
  },
};

/** Columns of text that stay free for names, in a terminal that is not narrower than twice that. */
const nameColumns = 24;

/** More lanes than this nobody can follow, however wide the terminal is. */
const mostLanes = 64;

/**
 * Draws a picture as rows of tasks beside lanes.
 *
 * @example draw(picture, { width: 80, unicode: true })
 */
export function draw(picture: Picture, options: DrawOptions): string {
  const width = options.width ?? Infinity;
  const characters = options.unicode === false ? plain : boxes;
  const available = Math.floor(Math.max(width - nameColumns, width / 2) / 2);
  const columns = Math.min(Math.max(1, available), mostLanes);
  const paint = options.color ? painted : (text: string) => text;
  const lines: string[] = [];
  const hooks = hooksInto(picture);
  for (const row of layLanes(picture, columns)) {
    if (row.apart) lines.push("");
    const node = picture.nodes[row.node]!;
    const pieces = rowPieces(row, characters);
    const below = belowPieces(row, characters);
    const name = visibleName(node.id);
    const text = name + hookNote(hooks.get(node.id)) + namedNote(row.named);
    const room = Math.max(16, width - Math.max(lengthOf(pieces), lengthOf(below)) - 1);
    wrapped(text, room).forEach((line, at) => {
      const lead = at === 0 ? pieces : below;
      const indent = " ".repeat(Math.max(1, lengthOf(pieces) + 1 - lengthOf(lead)));
      const shown = at === 0 && row.arrival === "none" ? paint(line, bold) : line;
      lines.push(lead.map((piece) => paint(piece.text, piece.color)).join("") + indent + shown);
    });
  }
  lines.push(...legend(picture, characters));
  return lines.map((line) => line.trimEnd() + "\n").join("");
}

/** Characters that belong to one lane, or to none. */
interface Piece {
  readonly text: string;
  readonly color: string;
}

/** A row of the drawing: two characters a column, the last one only up to its last sign. */
function rowPieces(row: Row, characters: Characters): readonly Piece[] {
  const { cells, mark } = row;
  const connected = (column: number) => cells[column] && cells[column].role !== "pass";
  const first = [...cells.keys()].find((column) => column < mark && connected(column)) ?? mark;
  const last = [...cells.keys()].findLast((column) => column > mark && connected(column)) ?? mark;
  const end = Math.max(mark, cells.findLastIndex((cell) => cell !== undefined));
  /** The lane that the line behind a column leads to. */
  const ahead: (number | undefined)[] = [];
  for (let column = last, lane: number | undefined; column >= mark; column--) {
    ahead[column] = lane;
    if (connected(column)) lane = cells[column]!.lane;
  }
  const pieces: Piece[] = [];
  let along = "";
  for (let column = 0; column <= end; column++) {
    const cell = cells[column];
    if (column === mark) {
      pieces.push({ text: characters.marks[row.arrival], color: "" });
    } else if (cell) {
      const outer = column === first || column === last;
      pieces.push({ text: glyph(cell, outer, characters), color: laneColor(cell.lane) });
    } else {
      pieces.push({ text: inside(column, first, last) ? characters.line : " ", color: along });
    }
    const lane = ahead[column];
    if (column < mark) along = cell && connected(column) ? laneColor(cell.lane) : along;
    else along = lane === undefined ? "" : laneColor(lane);
    const runs = column >= first && column < last;
    if (column < end) pieces.push({ text: runs ? characters.line : " ", color: along });
  }
  return pieces;
}

function inside(column: number, first: number, last: number): boolean {
  return column > first && column < last;
}

function glyph(cell: Cell, outer: boolean, characters: Characters): string {
  const glyphs = characters[cell.stroke];
  return cell.role === "pass" ? glyphs.pass : glyphs[cell.role][outer ? 0 : 1];
}

/** The lanes that go on below a row, for the further lines of a long text. */
function belowPieces(row: Row, characters: Characters): readonly Piece[] {
  const pieces: Piece[] = [];
  const lanes: (Pick<Cell, "lane" | "stroke"> | undefined)[] = row.cells.map((cell) =>
    cell?.role === "end" ? undefined : cell
  );
  if (row.below) lanes[row.mark] = row.below;
  lanes.slice(0, lanes.findLastIndex((lane) => lane !== undefined) + 1).forEach((lane, column) => {
    if (column > 0) pieces.push({ text: " ", color: "" });
    if (lane) pieces.push({ text: characters[lane.stroke].pass, color: laneColor(lane.lane) });
    else pieces.push({ text: " ", color: "" });
  });
  return pieces;
}

/** Every piece is one character. */
function lengthOf(pieces: readonly Piece[]): number {
  return pieces.length;
}

/** The edges by which each task is something done around others. */
function hooksInto(picture: Picture): ReadonlyMap<string, readonly Edge[]> {
  return Map.groupBy(
    picture.edges.filter((edge) => strokeOf(edge.kind) === "hooks"),
    (edge) => edge.to,
  );
}

/** Before or after, which the line does not show; and of which task, where that differs. */
function hookNote(edges: readonly Edge[] = []): string {
  if (edges.length === 0) return "";
  const kinds = Map.groupBy(edges, (edge) => edge.kind);
  const differs = kinds.size > 1 && new Set(edges.map((edge) => edge.from)).size > 1;
  if (!differs) return ` (${[...kinds.keys()].join(", ")})`;
  const notes = [...kinds].map(([kind, list]) =>
    `${kind} of ${[...new Set(list.map((edge) => visibleName(edge.from)))].join(", ")}`
  );
  return ` (${notes.join("; ")})`;
}

/** The edges there was no room to draw. */
function namedNote(edges: readonly Edge[]): string {
  const kinds = Map.groupBy(edges, (edge) => edge.kind);
  return [...kinds].map(([kind, list]) =>
    ` [${kind}: ${list.map((edge) => visibleName(edge.to)).join(", ")}]`
  ).join("");
}

function legend(picture: Picture, characters: Characters): readonly string[] {
  const entries = legendOf(picture).map((stroke) => {
    const { tap } = characters[stroke];
    return `${tap[0]}${characters.line}${characters.marks.along} ${strokeNames[stroke]}`;
  });
  return entries.length === 0 ? [] : ["", entries.join("   ")];
}

const bold = "1";
const laneColors = ["36", "33", "35", "32", "34"];

function laneColor(lane: number): string {
  return laneColors[lane % laneColors.length]!;
}

function painted(text: string, color: string): string {
  return color === "" || text === " " ? text : `\x1b[${color}m${text}\x1b[0m`;
}
