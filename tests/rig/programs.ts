/**
 * The programs that task files of tests may name, in JavaScript for every runtime; one file, told
 * apart by the name it is started with. On POSIX systems all but `probe` are shell scripts instead
 * (`fixtures.ts`), because they start faster.
 *
 * ```
 * p ARG…          each argument as [arg], then a line end
 * e NAME…         NAME=value or NAME-unset, a line each
 * w               the current directory relative to the project's, with `/`; `.` for that itself
 * x N             exits with N
 * out FILE        the bytes of FILE to stdout
 * err FILE        the bytes of FILE to stderr
 * alive PID       ends well if there is such a process
 * probe NAME STEP…
 * console WORD…   runs a program in a console of its own; go-press-1: Ctrl+C there, go-press-2: again
 * ```
 *
 * A probe reports to the test through files in `$RIG/probes` and does its steps in order:
 *
 * ```
 * (at once)       writes started-NAME, with its pid and directory, and a line to `log`
 * wait            until the test writes go-NAME
 * until=OTHER     until the probe OTHER has started
 * out=TEXT        TEXT and a line end to stdout; err=TEXT to stderr
 * hex=BYTES       those bytes to stdout
 * child=OTHER     starts the probe OTHER, which waits, and leaves it running
 * deaf=SIGNAL     goes on when it is sent SIGNAL, before it has started for others
 * kill=SIGNAL     sends itself SIGNAL
 * exit=N          ends with N
 * ```
 *
 * @module
 */

import { spawn } from "node:child_process";
import fs from "node:fs";
import { basename, join, relative, sep } from "node:path";
import process from "node:process";

/** A probe nobody lets go ends by itself, in milliseconds. */
const PATIENCE = 60_000;

const POLL = 5;

const programs: Readonly<Record<string, (words: readonly string[]) => void | Promise<void>>> = {
  p: (words) => write(1, words.map((word) => `[${word}]`).join("") + "\n"),
  e(words) {
    for (const name of words) {
      const value = process.env[name];
      write(1, value === undefined ? `${name}-unset\n` : `${name}=${value}\n`);
    }
  },
  w() {
    const path = relative(join(rig(), "project"), process.cwd()) || ".";
    write(1, path.replaceAll(sep, "/") + "\n");
  },
  x: ([code]) => process.exit(Number(code ?? 0)),
  out: ([file]) => write(1, fs.readFileSync(file!)),
  err: ([file]) => write(2, fs.readFileSync(file!)),
  alive([pid]) {
    try {
      process.kill(Number(pid), 0);
    } catch {
      process.exit(1);
    }
  },
  probe,
  console: inConsole,
};

/** Windows only: a console is what Ctrl+C is typed into. */
function inConsole([file, ...words]: readonly string[]): Promise<void> {
  const { dlopen } = process.getBuiltinModule("bun:ffi") as unknown as BunForeign;
  const kernel = dlopen("kernel32.dll", {
    FreeConsole: { args: [], returns: "i32" },
    AllocConsole: { args: [], returns: "i32" },
    GenerateConsoleCtrlEvent: { args: ["u32", "u32"], returns: "i32" },
  }).symbols as Record<string, (...numbers: number[]) => number>;
  kernel.FreeConsole!();
  if (kernel.AllocConsole!() === 0) throw new Error("there is no console");
  process.on("SIGINT", () => {});
  const child = spawn(file!, words, { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.on("data", (bytes: Uint8Array) => write(1, bytes));
  child.stderr.on("data", (bytes: Uint8Array) => write(2, bytes));
  let presses = 0;
  setInterval(() => {
    if (!fs.existsSync(join(rig(), "probes", `go-press-${presses + 1}`))) return;
    presses++;
    kernel.GenerateConsoleCtrlEvent!(0, 0);
  }, POLL);
  return new Promise(() => child.on("close", (code: number | null) => process.exit(code ?? 1)));
}

async function probe([name, ...steps]: readonly string[]): Promise<void> {
  for (const step of steps) {
    if (step.startsWith("deaf=")) process.on(step.slice("deaf=".length), () => {});
  }
  const place = join(rig(), "probes");
  const draft = join(place, `.${name}-${process.pid}`);
  fs.appendFileSync(join(place, "log"), `start ${name}\n`);
  fs.writeFileSync(draft, JSON.stringify({ pid: process.pid, cwd: process.cwd() }));
  fs.renameSync(draft, join(place, `started-${name}`));
  process.on("exit", () => {
    // The folder is gone when the test is over.
    if (fs.existsSync(place)) fs.appendFileSync(join(place, "log"), `end ${name}\n`);
  });
  for (const step of steps) {
    const [verb, value = ""] = [step.split("=", 1)[0]!, step.slice(step.indexOf("=") + 1)];
    switch (verb) {
      case "wait":
        await appears(place, `go-${name}`);
        break;
      case "until":
        await appears(place, `started-${value}`);
        break;
      case "out":
        write(1, `${value}\n`);
        break;
      case "err":
        write(2, `${value}\n`);
        break;
      case "hex":
        write(1, Uint8Array.from(value.match(/../g) ?? [], (byte) => parseInt(byte, 16)));
        break;
      case "child":
        spawn("probe", [value, "wait"], { stdio: "inherit" }).unref();
        await appears(place, `started-${value}`);
        break;
      case "deaf":
        break;
      case "kill":
        process.kill(process.pid, value);
        await new Promise(() => setTimeout(() => {}, PATIENCE));
        break;
      case "exit":
        process.exit(Number(value));
        break;
      default:
        throw new Error(`a probe has no step ${step}`);
    }
  }
  // A child that was left running must not hold this process.
  process.exit(0);
}

/** Until a file is there; the test's end and lost patience are ends of their own. */
async function appears(place: string, file: string): Promise<void> {
  const limit = Date.now() + PATIENCE;
  while (!fs.existsSync(join(place, file))) {
    if (!fs.existsSync(place) || Date.now() > limit) process.exit(99);
    await new Promise((next) => setTimeout(next, POLL));
  }
}

function rig(): string {
  const place = process.env.RIG;
  if (place === undefined) throw new Error("the variable RIG did not reach the program");
  return place;
}

function write(fd: 1 | 2, data: string | Uint8Array): void {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  for (let at = 0; at < bytes.length;) at += fs.writeSync(fd, bytes, at);
}

const own = basename(process.execPath).replace(/\.exe$/i, "");
const words = process.argv.slice(2);
await programs[own in programs ? own : words.shift()!]!(words);
