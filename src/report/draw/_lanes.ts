/**
 * Where everything goes in a terminal drawing: one row a task, and lines ("lanes") that run down
 * beside the rows from a task to what it needs. A picture comes in, rows of cells go out; which
 * character shows a cell is not decided here.
 *
 * A lane is a list of tasks that are still to come. A task may feed a lane only if it needs all of
 * them, and every task on the list takes a tap from it, so following a lane downwards never shows
 * an edge that is not there, and all that many tasks have in common needs one lane. In a row,
 * everything left of the task's mark leads to it and everything right of the mark leaves it.
 * A task comes after everything that needs it, so lanes only ever run down.
 *
 * @module
 */

import type { Edge, Picture } from "../../model/graph.ts";
import { relate, type Relations, type Target } from "./_relations.ts";
import type { Stroke } from "./format.ts";

/** One lane in one row. */
export interface Cell {
  /** The number of the lane, from 0 in the order of opening. */
  readonly lane: number;
  readonly stroke: Stroke;
  /**
   * `pass`: runs through. `tap`: leads to the task of the row and goes on. `end`: leads to it and
   * stops. `join`: comes from above and is fed by the task as well. `open`: begins at the task.
   */
  readonly role: "pass" | "tap" | "end" | "join" | "open";
}

/** One task. */
export interface Row {
  /** The index of the task in the picture. */
  readonly node: number;
  /** The column of its mark. */
  readonly mark: number;
  /** The line into the mark: none, along the row, or (also) from the cell above. */
  readonly arrival: "none" | "along" | "above";
  /** The lanes by column; at the column of the mark, the lane that `arrival: "above"` ends. */
  readonly cells: readonly (Cell | undefined)[];
  /** The lane that begins right below the mark. */
  readonly below?: { readonly lane: number; readonly stroke: Stroke };
  /** Edges from this task that found no free column: to be written, not drawn. */
  readonly named: readonly Edge[];
  /** Nothing connects this row and those below to anything above. */
  readonly apart: boolean;
}

interface Lane {
  readonly number: number;
  readonly stroke: Stroke;
  readonly pending: Set<number>;
  /** It was opened for one task only. */
  readonly single: boolean;
  /** The row it begins in, if below the mark. */
  readonly belowRow: number;
}

/**
 * Lays a picture out in rows.
 *
 * @param columns How many columns lanes may take, at least 1. A mark can be one column further
 * right.
 */
export function layLanes(picture: Picture, columns: number): readonly Row[] {
  const relations = relate(picture);
  const rows: Row[] = [];
  const state: State = { relations, columns, lanes: [], opened: 0, placed: new Set(), above: [] };
  let alone = false;
  for (const component of relations.components) {
    const isAlone = component.length === 1;
    let apart = rows.length > 0 && !(isAlone && alone);
    for (const node of inOrder(component, state)) {
      rows.push(place(node, rows.length, apart, state));
      apart = false;
    }
    alone = isAlone;
  }
  return rows;
}

interface State {
  readonly relations: Relations;
  readonly columns: number;
  /** The open lanes by column. */
  readonly lanes: (Lane | undefined)[];
  opened: number;
  readonly placed: Set<number>;
  /** The columns where the row above has a mark or a lane. */
  above: readonly boolean[];
}

/**
 * The tasks of a component, each after all that need it, and as soon as possible after the one
 * that made it possible. Reads what is placed while it goes.
 */
function* inOrder(component: readonly number[], state: State): Generator<number> {
  const { sources, targets } = state.relations;
  const waiting = new Map(component.map((node) => [node, sources[node]!.size]));
  const roots = component.filter((node) => waiting.get(node) === 0);
  const ready: number[] = [];
  while (waiting.size > 0) {
    const node = ready.pop() ?? nextRoot(roots, state) ?? waiting.keys().next().value!;
    waiting.delete(node);
    yield node;
    const freed: number[] = [];
    for (const to of new Set(targets[node]!.map((target) => target.to))) {
      const left = waiting.get(to);
      if (left === undefined) continue;
      waiting.set(to, left - 1);
      if (left === 1) freed.push(to);
    }
    // What several tasks wait for first: it closes lanes that the others would have to cross.
    const rank = (to: number) => sources[to]!.size > 1 ? 0 : 1;
    ready.push(...freed.sort((a, b) => rank(a) - rank(b)).reverse());
  }
}

/** The first root that shares a target with an open lane, else the first root. */
function nextRoot(roots: number[], state: State): number | undefined {
  const awaited = new Set(state.lanes.flatMap((lane) => lane ? [...lane.pending] : []));
  const sharing = roots.findIndex((root) =>
    state.relations.targets[root]!.some((target) => awaited.has(target.to))
  );
  return roots.splice(Math.max(sharing, 0), 1)[0];
}

function place(node: number, row: number, apart: boolean, state: State): Row {
  const { lanes, columns, placed } = state;
  placed.add(node);
  const before = [...lanes];
  const cells = before.map((lane, column) => lane && arrive(lane, node, column, lanes));
  const taps = cells.flatMap((cell, column) => cell && cell.role !== "pass" ? [column] : []);
  const last = taps.at(-1) ?? -1;
  const fromAbove = cells[last]?.role === "end" &&
    endsAbove(before[last]!, last, taps.length, row, columns);
  const mark = fromAbove ? last : freeColumn(lanes, last + 1);
  const arrival = fromAbove ? "above" : last >= 0 ? "along" : "none";

  const ahead = state.relations.targets[node]!.filter((target) => !placed.has(target.to));
  const named = state.relations.targets[node]!.filter((target) => placed.has(target.to));
  const rest = join(ahead, mark, cells, lanes);
  let below: Row["below"];
  for (const group of grouped(node, rest, state)) {
    const stroke = group.targets[0]!.stroke;
    const right = freeColumn(lanes, mark + 1 + group.gap, (at) => !state.above[at]);
    const fits = right < columns;
    const goesBelow = below === undefined && mark < columns && (!group.shared || !fits);
    if (!goesBelow && !fits) {
      named.push(...group.targets);
      continue;
    }
    const number = state.opened++;
    lanes[goesBelow ? mark : right] = {
      number,
      stroke,
      pending: new Set(group.targets.map((target) => target.to)),
      single: group.targets.length === 1,
      belowRow: goesBelow ? row : -1,
    };
    if (goesBelow) below = { lane: number, stroke };
    else cells[right] = { lane: number, stroke, role: "open" };
  }
  state.above = Array.from(
    { length: Math.max(cells.length, mark + 1) },
    (_, column) => column === mark || cells[column] !== undefined,
  );
  const edges = named.flatMap((target) => target.edges);
  // Opening a lane far to the right leaves holes, which array methods pass over.
  return { node, mark, arrival, cells: [...cells], ...(below && { below }), named: edges, apart };
}

/** Takes the task off the lane's list if it is on it; an empty lane is closed. */
function arrive(lane: Lane, node: number, column: number, lanes: (Lane | undefined)[]): Cell {
  const role = !lane.pending.delete(node) ? "pass" : lane.pending.size > 0 ? "tap" : "end";
  if (role === "end") lanes[column] = undefined;
  return { lane: lane.number, stroke: lane.stroke, role };
}

/**
 * Whether a lane ends in the mark instead of beside it: the line to an only target does, so that a
 * chain stays in its column, and so does any line where columns run short.
 */
function endsAbove(lane: Lane, column: number, taps: number, row: number, columns: number) {
  // Straight from mark to mark no character of the lane is left to show its stroke.
  if (lane.stroke !== "deps" && lane.belowRow === row - 1) return false;
  if (column + 1 > columns / 2) return true;
  return lane.stroke === "deps" && lane.single && taps === 1;
}

function freeColumn(
  lanes: readonly (Lane | undefined)[],
  from: number,
  accepts: (column: number) => boolean = () => true,
): number {
  let column = from;
  while (lanes[column] !== undefined || !accepts(column)) column++;
  return column;
}

/** Feeds every lane right of the mark that leads to nothing else; returns what is left over. */
function join(
  targets: readonly Target[],
  mark: number,
  cells: (Cell | undefined)[],
  lanes: readonly (Lane | undefined)[],
): readonly Target[] {
  let rest = targets;
  for (let column = mark + 1; column < lanes.length && rest.length > 0; column++) {
    const lane = lanes[column];
    if (!lane) continue;
    const leads = (target: Target) => target.stroke === lane.stroke && lane.pending.has(target.to);
    if (rest.filter(leads).length < lane.pending.size) continue;
    rest = rest.filter((target) => !leads(target));
    cells[column] = { lane: lane.number, stroke: lane.stroke, role: "join" };
  }
  return rest;
}

/** Targets that get one lane. */
interface Group {
  readonly targets: readonly Target[];
  /** A task that is still to come, and not from below this one, could feed the lane as well. */
  readonly shared: boolean;
  /** Columns to leave free for tasks that could feed the lane. */
  readonly gap: number;
}

/**
 * Which lanes a task opens. A hub has a lane of its own, for others to feed: it is awaited by more
 * tasks than this one waits for, or also by tasks both above and below this one. The rest is one
 * lane for each stroke.
 */
function grouped(node: number, rest: readonly Target[], state: State): readonly Group[] {
  const { relations, placed } = state;
  const facts = rest.map((target) => {
    const others = relations.incoming[target.to]!.filter((source) =>
      source.stroke === target.stroke && !placed.has(source.from)
    );
    const shared = others.some((source) => !relations.reaches(node, source.from));
    const gap = shared ? indent(node, target.to, state) : 0;
    return { target, shared, gap, hub: shared && (others.length > rest.length || gap > 0) };
  });
  const lanes = [
    ...facts.filter((fact) => fact.hub).map((fact) => [fact]),
    ...Map.groupBy(facts.filter((fact) => !fact.hub), (fact) => fact.target.stroke).values(),
  ];
  return lanes.map((lane) => ({
    targets: lane.map((fact) => fact.target),
    shared: lane.some((fact) => fact.shared),
    gap: Math.max(...lane.map((fact) => fact.gap)),
  }));
}

/** How many columns the tasks between `node` and a lane to `to` take. */
function indent(node: number, to: number, state: State, depth = 2): number {
  if (depth === 0) return 0;
  const { targets, reaches } = state.relations;
  const others = targets[node]!.filter((target) => target.to !== to);
  const between = others.filter((target) => reaches(target.to, to));
  if (between.length === 0) return 0;
  const own = others.length > 1 ? 1 : 0;
  return own + Math.max(...between.map((target) => indent(target.to, to, state, depth - 1)));
}
