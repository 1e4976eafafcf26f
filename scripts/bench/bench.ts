/**
 * `deno task bench`: ntask beside its peers and beside what the machine can do, in one session.
 *
 * In: `dist/ntask` (compile first, or name another in NTASK_BENCH_BIN), the peers that are there or
 * can be installed, names of scenarios. Out: a table for each scenario, the paths of the executables,
 * with `--json FILE` everything that was measured. Who cannot take part is told with the reason.
 *
 * @module
 */

import { join } from "@std/path";
import { Fault, main } from "../command.ts";
import { openBench } from "./_bench.ts";
import { findFloors } from "./_floors.ts";
import { type Cell, type Entry, measure } from "./_measure.ts";
import { PEERS } from "./_peers.ts";
import { programsOf, type Result, tableOf, withRatios } from "./_report.ts";
import { BIG, FORMS, scenarioNamed, STANDARD } from "./_scenarios.ts";

const USAGE =
  `usage: deno task bench [--all] [--rounds N] [--peers NAME,…] [--json FILE] [scenario…]
scenarios: ${STANDARD.join(" ")}
with --all also: ${BIG.join(" ")}
or of any size: ${FORMS.join(" ")}
--peers leaves out all others; ntask and the floors always take part`;

/** After so many seconds a run is given up. */
const PATIENCE = 600;

interface Request {
  readonly scenarios: readonly string[];
  readonly peers?: readonly string[];
  readonly rounds?: number;
  readonly json?: string;
}

async function bench(args: readonly string[]): Promise<void> {
  const request = parse(args);
  const scenarios = request.scenarios.map(scenarioNamed);
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "ntask-bench-" }));
  if (!/^[\w./-]+$/.test(folder)) throw new Fault(`“${folder}” would need quoting: set TMPDIR`);
  const say = (text: string): void => console.error(text);
  const bench = openBench({
    peers: chosen(request.peers),
    floors: await findFloors(join(folder, "floors")),
    folder,
    patience: PATIENCE,
    say,
  });
  const results: Result[] = [];
  try {
    for (const [at, scenario] of scenarios.entries()) {
      const rounds = request.rounds ?? scenario.rounds;
      const entries = await scenario.entries(bench);
      const able = entries.filter((each): each is Entry => !("why" in each));
      const cells = await measure(able, rounds, bench.timer);
      const all = entries.map((each): Cell => "why" in each ? each : cells[able.indexOf(each)]!);
      const result = { name: scenario.name, title: scenario.title, rounds, cells: withRatios(all) };
      results.push(result);
      console.log(`\n${tableOf(result)}`);
      const later = scenarios.slice(at + 1).map(({ workspace }) => workspace.name);
      if (!later.includes(scenario.workspace.name)) await bench.clear(scenario.workspace);
    }
    console.log(`\n${programsOf(results)}`);
    if (request.json !== undefined) {
      const machine = { cpus: navigator.hardwareConcurrency, os: Deno.build.os };
      Deno.writeTextFileSync(request.json, `${JSON.stringify({ machine, results }, null, 2)}\n`);
    }
  } finally {
    for (const { workspace } of scenarios) await bench.clear(workspace);
    await Deno.remove(folder, { recursive: true });
  }
}

function chosen(names: readonly string[] | undefined) {
  if (names === undefined) return PEERS;
  for (const name of names) {
    if (PEERS.some((peer) => peer.name === name)) continue;
    throw new Fault(`no peer “${name}”: ${PEERS.map((peer) => peer.name).join(", ")}`);
  }
  return PEERS.filter(({ name }) => name.startsWith("ntask") || names.includes(name));
}

function parse(args: readonly string[]): Request {
  const scenarios: string[] = [];
  let all = false;
  const options: { peers?: string[]; rounds?: number; json?: string } = {};
  const words = [...args];
  const value = (option: string): string => {
    const word = words.shift();
    if (word === undefined) throw new Fault(`${option} needs a value\n${USAGE}`);
    return word;
  };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--all") all = true;
    else if (word === "--json") options.json = value(word);
    else if (word === "--peers") options.peers = value(word).split(",");
    else if (word === "--rounds") options.rounds = wholeNumber(word, value(word));
    else if (word === "--help" || word.startsWith("-")) throw new Fault(USAGE);
    else scenarios.push(word);
  }
  const names = [...all || scenarios.length === 0 ? STANDARD : [], ...all ? BIG : [], ...scenarios];
  return { ...options, scenarios: [...new Set(names)] };
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Fault(`${option} ${text}: a number above 0`);
}

if (import.meta.main) await main("bench", () => bench(Deno.args));
