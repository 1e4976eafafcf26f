/**
 * What a run of the property test has seen.
 *
 * @module
 */

export interface Tally {
  projects: number;
  steps: number;
  /** Runs of ntask. */
  runs: number;
  /** Commands that ran, and those of cached tasks that did not have to. */
  executed: number;
  spared: number;
  /** How often something happened that a task of the run was about. */
  readonly seen: Map<string, number>;
  /** Commands that ran though their causes had been seen, by what was done last. */
  readonly needless: Map<string, { count: number; readonly example: string }>;
  /** Commands that did not run though their causes, as the contract has them, were new. */
  readonly unproven: Map<string, { count: number; readonly example: string }>;
}

export function emptyTally(): Tally {
  return {
    projects: 0,
    steps: 0,
    runs: 0,
    executed: 0,
    spared: 0,
    seen: new Map(),
    needless: new Map(),
    unproven: new Map(),
  };
}

export function note(tally: Tally, what: string): void {
  tally.seen.set(what, (tally.seen.get(what) ?? 0) + 1);
}

export function noteCase(cases: Tally["needless"], what: string, example: string): void {
  const known = cases.get(what);
  if (known === undefined) cases.set(what, { count: 1, example });
  else known.count++;
}

/** What the test is for; each must be seen this often in a full run. */
export const LEAST = 50;
export const REQUIRED: readonly string[] = [
  "same size, time restored",
  "link",
  "output added",
  "output removed",
  "dependency added",
  "dependency removed",
  "variable unset",
  "variable empty",
  "variable set",
  "override",
  "run with an override",
  "run with an argument",
  "shared folder changes hands",
  "run with a value",
  "uncached middle",
  "generated ignored input",
  "killed",
  "two processes",
  "helper",
  "top level",
  "linked package",
  "back",
  "line ends",
  "hook",
  "ignore file",
  "gitignore = false",
  "platform",
  "tool",
  "store damaged",
  "outputs damaged",
  "idle run kept",
];

/** The tally as lines. */
export function tallyText(tally: Tally): string {
  const seen = [...tally.seen].toSorted(([a], [b]) => a < b ? -1 : 1);
  const cases = (title: string, map: Tally["needless"]) => {
    const all = [...map].toSorted(([, a], [, b]) => b.count - a.count);
    const sum = all.reduce((total, [, { count }]) => total + count, 0);
    return [
      `${title}: ${sum}`,
      ...all.map(([what, { count, example }]) => `  ${what}: ${count}, as ${example}`),
    ];
  };
  return [
    `${tally.projects} projects, ${tally.steps} steps, ${tally.runs} runs`,
    `commands: ${tally.executed} ran, ${tally.spared} were spared`,
    ...seen.map(([what, count]) => `  ${what}: ${count}`),
    ...cases("needless", tally.needless),
    ...cases("not run though something counted had changed", tally.unproven),
  ].join("\n");
}

/** What was seen too seldom for a full run. */
export function missing(tally: Tally): readonly string[] {
  return REQUIRED.filter((what) => (tally.seen.get(what) ?? 0) < LEAST)
    .map((what) => `${what}: only ${tally.seen.get(what) ?? 0} of ${LEAST}`);
}
