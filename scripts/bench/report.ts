/**
 * What was measured, as a table for people.
 *
 * In: a scenario's cells. Out: lines. The two ratios are how many times as long as the other:
 * `ntask ÷` is ntask's median by that line's, `÷ floor` that line's by the floor's. Who has no figure
 * has no ratio. `cpu` is milliseconds of processor of it and its children (daemons not), `MB` is the largest process, `MB, all` all of them together where that was asked for.
 *
 * @module
 */

import type { Cell, Measured } from "./measure.ts";

/** A scenario with its figures. */
export interface Result {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  /** How many processes wanted to run in the minute before its end. */
  readonly load: number;
  readonly cells: readonly (Cell & Ratios)[];
}

export interface Ratios {
  /** The median of ntask by that of this line. */
  readonly ntaskBy?: number;
  /** The median of this line by that of the floor. */
  readonly byFloor?: number;
}

/** Compare: with the first line of ntask, and the first floor. */
export function withRatios(cells: readonly Cell[]): (Cell & Ratios)[] {
  const first = (kind: Cell["kind"]): Measured | undefined => {
    const found = cells.find((cell) => cell.kind === kind);
    return found !== undefined && "median" in found ? found : undefined;
  };
  const [ntask, floor] = [first("ntask"), first("floor")];
  return cells.map((cell) => {
    if (!("median" in cell)) return cell;
    return {
      ...cell,
      ...(ntask === undefined ? {} : { ntaskBy: ntask.median / cell.median }),
      ...(floor === undefined ? {} : { byFloor: cell.median / floor.median }),
    };
  });
}

const HEAD = ["", "ms", "least", "cpu", "ntask ÷", "÷ floor", "MB", "MB, all", "ran", ""];

/** The table of a scenario; who could not run stands below it. */
export function tableOf({ name, title, rounds, load, cells }: Result): string {
  const measured = cells.filter((cell): cell is Measured & Ratios => "median" in cell);
  const rows = measured.map((cell) => [
    cell.kind === "floor" ? `(${cell.name})` : cell.name,
    figure(cell.median),
    figure(cell.least),
    figure(cell.processor),
    ratio(cell.ntaskBy),
    ratio(cell.byFloor),
    cell.peakMegabytes?.toFixed(0) ?? "",
    cell.treeMegabytes?.toFixed(0) ?? "",
    cell.ran === undefined ? "" : String(cell.ran),
    remarks(cell, rounds),
  ]);
  const lines = cells.flatMap((cell) =>
    "why" in cell ? [`  ${labelOf(cell)}: no figure: ${cell.why}`] : []
  );
  return [
    `${title} [${name}, median of ${rounds}, load ${load.toFixed(1)}]`,
    ...inColumns([HEAD, ...rows]),
    ...lines,
  ]
    .join("\n");
}

/** The executables that were run, a line each. */
export function programsOf(results: readonly Result[]): string {
  const lines = new Map<string, string>();
  for (const { cells } of results) {
    for (const cell of cells) {
      const [program, script] = cell.command ?? [];
      if (program === undefined || lines.has(cell.name)) continue;
      const path = /node$/.test(program) ? `${program} ${script}` : program;
      const label = `${labelOf(cell)} ${cell.version ?? ""}`.padEnd(28);
      lines.set(cell.name, `  ${label}${path}${cell.note ? `  (${cell.note})` : ""}`);
    }
  }
  return ["programs", ...lines.values()].join("\n");
}

function remarks(cell: Measured, rounds: number): string {
  if (cell.runs.length < rounds) {
    return cell.runs.length === 1 ? "1 run" : `${cell.runs.length} runs`;
  }
  if (cell.loaded) return `LOADED: spread ${percent(cell.spread)}, twice`;
  return cell.repeated ? "repeated" : "";
}

function labelOf(cell: Cell): string {
  return cell.kind === "floor" ? `(${cell.name})` : cell.name;
}

function figure(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 10 ? 2 : milliseconds < 1000 ? 1 : 0);
}

function ratio(value: number | undefined): string {
  return value === undefined ? "" : value.toFixed(value < 100 ? 2 : 0);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** The first column and the last to the left, figures to the right. */
function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => [...row[at] ?? ""].length))
  );
  return rows.map((row) =>
    `  ${
      row.map((text, at) => {
        const width = widths[at] ?? 0;
        return at === 0 || at === row.length - 1 ? text.padEnd(width) : text.padStart(width);
      }).join("  ")
    }`.trimEnd()
  );
}
