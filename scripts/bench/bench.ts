/**
 * `deno task bench`: ntask beside its peers and beside what the machine can do, in one session.
 *
 * In: `dist/ntask` (compile first, or name another in NTASK_BENCH_BIN), the peers that are there or
 * can be installed, names of scenarios. Out: a table for each scenario, the paths of the executables,
 * with `--json FILE` everything that was measured. Who cannot take part is told with the reason.
 *
 * @module
 */

import { Fault, main } from "../command.ts";
import { PEERS } from "./peers.ts";
import { programsOf, type Result, tableOf } from "./report.ts";
import { BIG, FORMS, scenarioNamed, STANDARD } from "./scenarios.ts";
import { session } from "./session.ts";
import { growth } from "./growth.ts";
import type { Peer } from "./peers/peer.ts";

const USAGE = `usage: deno task bench [--all] [options] [scenario…]
       deno task bench --growth [--max N] [options]

scenarios: ${STANDARD.join(" ")}
with --all also: ${BIG.join(" ")}
or of any size: ${FORMS.join(" ")}
peers: ${PEERS.map(({ name }) => name).join(", ")}

--peers NAME,…  leave out all others; ntask and the floors always take part
--rounds N      runs of each, instead of what the scenario asks for; without --rounds and --all
                who takes more than 20 s is run once
--json FILE     write everything that was measured
--growth        how the figures of ntask grow with tasks and files
--max N         … up to N of them (10000)`;

/** Milliseconds after which one run is enough, unless all of them were asked for. */
const SLOW = 20_000;

interface Request {
  patient: boolean;
  scenarios: string[];
  growth: boolean;
  max: number;
  peers?: string[];
  rounds?: number;
  json?: string;
}

async function bench(args: readonly string[]): Promise<void> {
  const request = parse(args);
  if (request === "help") return console.log(USAGE);
  const { rounds, json } = request;
  if (json !== undefined && !mayWrite(json)) throw new Fault(`--json ${json} cannot be written`);
  const say = (text: string): void => console.error(text);
  const keep = (measured: Record<string, unknown>): void => {
    if (json === undefined) return;
    const machine = {
      cpus: navigator.hardwareConcurrency,
      os: Deno.build.os,
      arch: Deno.build.arch,
    };
    Deno.writeTextFileSync(json, `${JSON.stringify({ machine, ...measured }, null, 2)}\n`);
  };
  if (request.growth) {
    const peers = chosen(request.peers ?? []);
    return keep({ growth: await growth(peers, request.max, rounds ?? 5, say) });
  }
  const results: Result[] = [];
  await session(request.scenarios.map(scenarioNamed), {
    peers: chosen(request.peers),
    ...(rounds === undefined ? {} : { rounds }),
    slow: request.patient ? Infinity : SLOW,
    say,
    finished: (result) => {
      results.push(result);
      console.log(`\n${tableOf(result)}`);
      keep({ results });
    },
  });
  console.log(`\n${programsOf(results)}`);
}

function chosen(names: readonly string[] | undefined): readonly Peer[] {
  for (const name of names ?? []) {
    if (PEERS.some((peer) => peer.name === name)) continue;
    throw new Fault(`no peer “${name}”: ${PEERS.map((peer) => peer.name).join(", ")}`);
  }
  return PEERS.filter(({ name }) => name.startsWith("ntask") || (names?.includes(name) ?? true));
}

function parse(args: readonly string[]): Request | "help" {
  const request: Request = {
    patient: false,
    scenarios: [],
    growth: false,
    max: 10_000,
  };
  const words = [...args];
  let all = false;
  const value = (option: string): string => {
    const word = words.shift();
    if (word === undefined) throw new Fault(`${option} needs a value\n${USAGE}`);
    return word;
  };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--help" || word === "-h") return "help";
    else if (word === "--all") all = true;
    else if (word === "--growth") request.growth = true;
    else if (word === "--max") request.max = wholeNumber(word, value(word));
    else if (word === "--json") request.json = value(word);
    else if (word === "--peers") request.peers = value(word).split(",");
    else if (word === "--rounds") request.rounds = wholeNumber(word, value(word));
    else if (word.startsWith("-")) throw new Fault(`unknown option “${word}”\n${USAGE}`);
    else request.scenarios.push(word);
  }
  const standard = all || request.scenarios.length === 0 ? STANDARD : [];
  const names = new Set([...standard, ...all ? BIG : [], ...request.scenarios]);
  request.patient = all || request.rounds !== undefined;
  return { ...request, scenarios: [...names] };
}

/** Asked before an hour is spent on what would be lost. */
function mayWrite(file: string): boolean {
  try {
    Deno.openSync(file, { append: true, create: true }).close();
    return true;
  } catch {
    return false;
  }
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Fault(`${option} ${text}: a whole number above 0`);
}

if (import.meta.main) await main("bench", () => bench(Deno.args));
