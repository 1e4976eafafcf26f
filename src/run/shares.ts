/**
 * What steps take while they act, and may have to wait for: slots of `-j`, named limits, the terminal.
 *
 * A composite that takes something holds it from its first item to its last. What it leads to
 * (items, hooks, and what those depend on) takes from what the composite holds, not from the whole.
 *
 * What must stay true: a step takes all it needs at once or nothing, and what a composite leads to
 * takes no limit that the composite does not hold (`graph/shares.ts` refuses the rest). So no two
 * steps wait for each other.
 *
 * @module
 */

import type { StepId } from "../model/id.ts";
import type { Step } from "../model/plan.ts";
import { Heap } from "./heap.ts";

export type Before = (a: Step, b: Step) => boolean;

const SLOTS = Symbol("slots");

/** There is one. Only actions take it, so nobody who has it waits for anything. */
const TERMINAL = Symbol("terminal");

type Name = string | typeof SLOTS | typeof TERMINAL;

/** Weights are sums of fractions. */
const NOTHING = 1e-9;

/** So much of one thing. */
export class Share {
  readonly size: number;
  #used = 0;
  /** The steps that wait for it. */
  readonly waiting: Heap<Step>;

  constructor(size: number, before: Before) {
    this.size = size;
    this.waiting = new Heap(before);
  }

  /** What needs more than there is gets it when nobody else has any. */
  fits(count: number): boolean {
    return this.#used < NOTHING || this.#used + count <= this.size + NOTHING;
  }

  take(count: number): void {
    this.#used += count;
  }
}

/** How much of what. */
interface Taking {
  readonly share: Share;
  readonly count: number;
}

/** What a composite holds for those it leads to. */
interface Holding {
  readonly holder: StepId;
  readonly closure: Set<StepId>;
  readonly shares: ReadonlyMap<Name, Share>;
}

export class Shares {
  readonly #before: Before;
  readonly #whole = new Map<Name, Share>();
  /** The innermost last. */
  readonly #held: Holding[] = [];
  /** What there is of everything: the whole, then what composites hold. */
  #all: readonly Share[];
  readonly #taken = new Map<StepId, readonly Taking[]>();

  constructor(jobs: number, limits: Readonly<Record<string, number>>, before: Before) {
    this.#before = before;
    this.#whole.set(SLOTS, new Share(jobs, before));
    this.#whole.set(TERMINAL, new Share(1, before));
    for (const [name, size] of Object.entries(limits)) {
      this.#whole.set(name, new Share(size, before));
    }
    this.#all = [...this.#whole.values()];
  }

  /** The best of those that wait for a share that has enough of it by now. */
  best(): Heap<Step> | undefined {
    let best: Heap<Step> | undefined;
    for (const share of this.#all) {
      const { waiting } = share;
      const { first } = waiting;
      if (first === undefined || !share.fits(this.#countOf(first, share))) continue;
      if (best === undefined || this.#before(first, best.first!)) best = waiting;
    }
    return best;
  }

  /** What a step has to wait for: too little is left, or a better one waits for it already. */
  missing(step: Step): Share | undefined {
    for (const { share, count } of this.#needs(step)) {
      if (!share.fits(count)) return share;
      const { first } = share.waiting;
      if (first !== undefined && first !== step && this.#before(first, step)) return share;
    }
    return undefined;
  }

  take(step: Step): void {
    const needs = this.#needs(step);
    for (const { share, count } of needs) share.take(count);
    this.#taken.set(step.id, needs);
  }

  /** @returns the steps that still wait for what it held for others */
  give({ id }: Step): readonly Step[] {
    for (const { share, count } of this.#taken.get(id) ?? []) share.take(-count);
    this.#taken.delete(id);
    const index = this.#held.findIndex(({ holder }) => holder === id);
    if (index === -1) return [];
    const [holding] = this.#held.splice(index, 1);
    this.#heldChanged();
    return [...holding!.shares.values()].flatMap(({ waiting }) => waiting.clear());
  }

  /** What a composite has taken is for those it leads to. */
  hold(step: Step, closure: Set<StepId>): void {
    const shares = new Map<Name, Share>();
    for (const [name, count] of namesOf(step)) {
      const { size } = this.#find(step.id, name);
      shares.set(name, new Share(Math.min(count, size), this.#before));
    }
    // Nobody else acts, whatever others hold.
    if (step.exclusive) {
      shares.set(SLOTS, new Share(this.#find(step.id, SLOTS).size, this.#before));
    }
    this.#held.push({ holder: step.id, closure, shares });
    this.#heldChanged();
  }

  /** A body leads to steps that nobody knew of. @returns is something held for it? */
  extend(by: StepId, ids: ReadonlySet<StepId>): boolean {
    const concerned = this.#held.filter(({ closure }) => closure.has(by));
    for (const { closure } of concerned) for (const id of ids) closure.add(id);
    return concerned.length > 0;
  }

  /** Empty what waits. */
  clear(): readonly Step[] {
    return this.#all.flatMap(({ waiting }) => waiting.clear());
  }

  #heldChanged(): void {
    const held = this.#held.flatMap(({ shares }) => [...shares.values()]);
    this.#all = [...this.#whole.values(), ...held];
  }

  #needs(step: Step): readonly Taking[] {
    return namesOf(step).map(([name, count]) => ({ share: this.#find(step.id, name), count }));
  }

  /** The innermost composite that leads to it and has what it needs; else the whole. */
  #find(id: StepId, name: Name): Share {
    for (let at = this.#held.length - 1; at >= 0; at--) {
      const { closure, shares } = this.#held[at]!;
      const share = closure.has(id) ? shares.get(name) : undefined;
      if (share !== undefined) return share;
    }
    const share = this.#whole.get(name);
    if (share === undefined) throw new Error(`there is no limit ${String(name)}`);
    return share;
  }

  #countOf(step: Step, wanted: Share): number {
    return this.#needs(step).find(({ share }) => share === wanted)?.count ?? 0;
  }
}

/** What most steps take. */
const ONE_SLOT = [[SLOTS, 1]] as const;

/** What a step takes, and how much of it. */
function namesOf(step: Step): readonly (readonly [Name, number])[] {
  const { exclusive, unbounded, uses, weight, items, terminal } = step;
  const special = exclusive || unbounded || uses !== undefined || weight !== undefined || terminal;
  if (!special && items.length === 0) return ONE_SLOT;
  const named: (readonly [Name, number])[] = uses === undefined ? [] : Object.entries(uses);
  if (terminal && items.length === 0) named.push([TERMINAL, 1]);
  // A composite starts nothing itself; what has the machine to itself needs no slot.
  const slots = items.length > 0 ? weight : weight ?? 1;
  return exclusive || unbounded || slots === undefined ? named : [[SLOTS, slots], ...named];
}
