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
import { readOptions } from "../options.ts";
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
  readonly patient: boolean;
  readonly scenarios: readonly string[];
  readonly growth: boolean;
  readonly max: number;
  readonly peers?: readonly string[];
  readonly rounds?: number;
  readonly json?: string;
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
  const read = readOptions(args, {
    all: { type: "boolean", default: false },
    growth: { type: "boolean", default: false },
    json: { type: "string" },
    max: { type: "string", default: "10000" },
    peers: { type: "string" },
    rounds: { type: "string" },
  }, USAGE);
  if ("usage" in read) return "help";
  const { values: { all, growth, json, max, peers, rounds }, positionals } = read;
  const standard = all || positionals.length === 0 ? STANDARD : [];
  return {
    patient: all || rounds !== undefined,
    scenarios: [...new Set([...standard, ...all ? BIG : [], ...positionals])],
    growth,
    max: wholeNumber("--max", max),
    ...(peers !== undefined && { peers: peers.split(",") }),
    ...(rounds !== undefined && { rounds: wholeNumber("--rounds", rounds) }),
    ...(json !== undefined && { json }),
  };
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
