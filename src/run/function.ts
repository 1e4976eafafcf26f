/**
 * Functions of `tasks.ts`: their bodies run in function hosts, which are children of ntask's own
 * binary, one body at a time each. So `process.env`, `process.cwd()`, the streams, `process.exit`
 * and signals are the task's own, and real.
 *
 * A host whose body ended well is kept for the next task with the same directory and environment.
 * When a body is done its host writes a mark to both streams: what stood before it was the task's.
 *
 * ```
 * starting -> busy -> (returned, both marks seen) -> idle -> busy …
 *               \--> (threw, exited, killed)      -> gone
 * ```
 *
 * @module
 */

import type { Host, Process } from "../host/host.ts";
import { RUN_ID } from "../host/mark.ts";
import type { Action, FunctionBody } from "../model/action.ts";
import { toChunk } from "../model/chunk.ts";
import type { Event } from "../model/event.ts";
import type { AbsolutePath, StepId, TaskId } from "../model/id.ts";
import type { Step } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { toCall } from "../source/signature/bind.ts";
import { thrownProblem } from "../source/thrown.ts";
import type { BodyEnd, RanTask, RunBody, WantTask } from "./function_protocol.ts";
import { FUNCTION_HOST } from "./hidden_mode.ts";
import type { Owned, Owner } from "./owner.ts";
import { type Prepared, type ProcessSettings, streamsOf } from "./perform.ts";
import type { ActionResult, Running, Stop } from "./performer.ts";
import { variablesOf } from "./child_variables.ts";
import { findInterpreter } from "./script.ts";
import type { BodyInterpreting } from "./shell_tag.ts";
import { isSecret } from "./rebuild/secret.ts";
import { decodeValue, encodeValue, UnstorableError } from "./stored_value.ts";
import { quoteWord } from "./display.ts";

export interface FunctionRunner {
  run(
    prepared: Prepared,
    action: Extract<Action, { readonly kind: "function" }>,
    done: (result: ActionResult) => void,
  ): Running;
  /** Ask a condition that is a function. */
  test(prepared: Prepared, condition: FunctionBody): Promise<boolean | Problem>;
  /** End the conditions that are being asked. */
  stop(how: Stop): void;
  /** End the idle hosts. */
  close(): void;
}

/** Runs what a body asks for, as a step of the plan that the body's own step waits for. */
export type RunWanted = (
  by: Step,
  /** A text, or the identifiers that may be meant, the likeliest first. */
  target: { readonly text: string } | {
    readonly ids: readonly TaskId[];
    readonly values?: Readonly<Record<string, unknown>>;
  },
) => Promise<RanTask["outcome"]>;

interface Pool {
  readonly host: Host;
  readonly root: AbsolutePath;
  readonly owner: Owner;
  readonly direct: boolean;
  readonly events: boolean;
  readonly settings: ProcessSettings;
  emit(event: Event): void;
  time(): number;
  /** What a step returned, as stored text. */
  readonly values: Map<StepId, string>;
  readonly runWanted: RunWanted;
}

/** A host process, and the body it is running. */
interface FunctionHost {
  readonly key: string;
  process: Process;
  body: Body | undefined;
}

interface Body {
  output(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  message(message: BodyEnd | WantTask): void;
  exited(code: number, signal: string | undefined): void;
}

/** How a body ended, and what it returned, as stored text. */
interface BodyResult {
  readonly result: ActionResult;
  readonly value?: string;
}

export function createFunctionRunner(pool: Pool): FunctionRunner {
  const idle = new Map<string, FunctionHost[]>();
  const conditions = new Set<Owned>();
  let stopping = false;
  let marks = 0;
  return {
    run(prepared, action, done) {
      const { step } = prepared;
      let owned: Owned | undefined;
      let stopped = false;
      prepareArguments(prepared, action.takes, pool.values).then((args) => {
        const command = `${step.label}(${args.shown})`;
        const { why } = prepared;
        pool.emit({
          type: "step-start",
          time: pool.time(),
          step: step.id,
          command,
          ...(why && { why }),
        });
        if (stopped) return done({ code: 1 });
        owned = start(prepared, action, "body", args.text, ({ result, value }) => {
          if (value !== undefined) pool.values.set(step.id, value);
          done(result);
        });
      }, (error: unknown) => {
        if (!(error instanceof UnstorableError)) throw error;
        done(failure(`an argument cannot be handed over: ${error.message}`));
      });
      return {
        stop(how) {
          stopped = true;
          owned?.stop(how);
        },
      };
    },
    async test(prepared, condition) {
      const none = await encodeValue([]);
      // Nobody waits for the answer any more.
      if (stopping) return false;
      const { result, value } = await new Promise<BodyResult>((resolve) => {
        const owned = start(prepared, condition, "condition", none, (end) => {
          conditions.delete(owned);
          resolve(end);
        });
        conditions.add(owned);
      });
      if (value !== undefined) return await decodeValue(value) === true;
      const { reason } = result;
      if (reason?.kind === "problem") return reason.problem;
      const how = reason?.kind === "signal" ? reason.signal : `status ${result.code}`;
      return { code: "R_HOST", detail: `the condition ended its process: ${how}` };
    },
    stop(how) {
      stopping = true;
      for (const condition of conditions) condition.stop(how);
    },
    close() {
      for (const hosts of idle.values()) for (const host of hosts) host.process.disconnect();
      idle.clear();
    },
  };

  function start(
    prepared: Prepared,
    { module, export: path }: FunctionBody,
    part: RunBody["part"],
    args: string,
    done: (result: BodyResult) => void,
  ): Owned {
    const streams = streamsOf(prepared, pool.host, pool);
    const env = variablesOf(prepared, streams, pool.settings);
    const { NTASK_TASK: _, ...shared } = env;
    const key = JSON.stringify([prepared.cwd, streams, Object.entries(shared).sort()]);
    const task = pool.owner.mark();
    const host = idle.get(key)?.pop() ?? launch(key, prepared.cwd, env, streams, task);
    const owned = pool.owner.own(host.process, task, streams.detached);
    const mark = streams.stdio === "inherited"
      ? undefined
      : `\0ntask ${crypto.randomUUID()} ${marks++}\0`;
    host.body = follow(host, prepared.step, mark, owned, (end) => {
      const { code, reason } = end.result;
      const signal = reason?.kind === "signal" && { signal: reason.signal };
      owned.ended({ code, ...signal }, () => done(end));
    });
    const message: RunBody = {
      type: "run",
      module,
      root: pool.root,
      export: path,
      part,
      cwd: prepared.cwd,
      env: { ...env, [RUN_ID]: task },
      interpreting: interpretingFor(prepared),
      args,
      mark: mark ?? "",
    };
    host.process.send(message);
    return owned;
  }

  /** What the commands of a body are run by. */
  function interpretingFor({ step: { action }, env, cwd }: Prepared): BodyInterpreting {
    const interpreter = action.kind === "function" ? action.interpreter : undefined;
    const found = findInterpreter(
      interpreter,
      { env, cwd, root: pool.root },
      pool.host,
      pool.settings,
    );
    if (!("problem" in found)) return found;
    const { problem } = found;
    return { missing: problem.code === "R_PYTHON" ? problem.searched[0]! : problem.program };
  }

  function launch(
    key: string,
    cwd: string,
    env: Readonly<Record<string, string>>,
    streams: ReturnType<typeof streamsOf>,
    mark: string,
  ): FunctionHost {
    const [file, ...args] = pool.host.self;
    const host: FunctionHost = { key, process: undefined as never, body: undefined };
    host.process = pool.host.start({
      file: file!,
      args: [...args, FUNCTION_HOST],
      cwd,
      env,
      ...streams,
      mark,
      channel: true,
    }, {
      output: (stream, bytes) => host.body?.output(stream, bytes),
      message: (message) => host.body?.message(message as BodyEnd | WantTask),
      end: ({ code, signal }) => {
        const hosts = idle.get(key);
        if (hosts?.includes(host)) hosts.splice(hosts.indexOf(host), 1);
        host.body?.exited(code, signal);
      },
      fault: ({ detail }) => queueMicrotask(() => host.body?.exited(-1, detail)),
    });
    return host;
  }

  /** Wait for a body's end and for the marks behind its output. */
  function follow(
    host: FunctionHost,
    step: Step,
    mark: string | undefined,
    owned: Owned,
    done: (result: BodyResult) => void,
  ): Body {
    let end: BodyEnd | undefined;
    const cutters = { stdout: createCutter(mark), stderr: createCutter(mark) };
    const emit = (stream: "stdout" | "stderr", bytes: Uint8Array) => {
      if (bytes.length === 0) return;
      pool.emit({ type: "output", step: step.id, stream, chunk: toChunk(bytes) });
    };
    const settle = () => {
      if (end === undefined || !cutters.stdout.found || !cutters.stderr.found) return;
      host.body = undefined;
      if (end.type === "returned") {
        const hosts = idle.get(host.key) ?? [];
        // Its processes are about to be told to end, itself among them.
        if (owned.told) host.process.disconnect();
        else idle.set(host.key, [...hosts, host]);
        return done({ result: { code: 0 }, value: end.value });
      }
      // What a body that failed left behind must not reach another one.
      host.process.disconnect();
      const problem = thrownProblem(end.thrown, step.task);
      done({ result: { code: end.code, reason: { kind: "problem", problem } } });
    };
    return {
      output(stream, bytes) {
        emit(stream, cutters[stream].take(bytes));
        settle();
      },
      message(message) {
        if (message.type === "want") return void answer(host, step, message);
        end = message;
        settle();
      },
      exited(code, signal) {
        host.body = undefined;
        for (const stream of ["stdout", "stderr"] as const) emit(stream, cutters[stream].rest());
        if (code === -1) return done({ result: failure(signal ?? "it could not be started") });
        if (signal !== undefined) {
          return done({ result: { code, reason: { kind: "signal", signal } } });
        }
        // `process.exit(0)` inside a body: it wanted to end, and it did.
        done({ result: code === 0 ? { code } : { code, reason: { kind: "exit", code } } });
      },
    };
  }

  async function answer(
    host: FunctionHost,
    by: Step,
    { request, target }: WantTask,
  ): Promise<void> {
    const outcome = await pool.runWanted(
      by,
      "text" in target ? target : {
        ids: target.names as readonly TaskId[],
        ...(target.values && {
          values: await decodeValue(target.values) as Readonly<Record<string, unknown>>,
        }),
      },
    );
    host.process.send({ type: "ran", request, outcome } satisfies RanTask);
  }
}

function failure(detail: string): ActionResult {
  return { code: 1, reason: { kind: "problem", problem: { code: "R_HOST", detail } } };
}

/** The positional arguments of a body: dependency values first, if it takes them. */
async function prepareArguments(
  { step, task }: Prepared,
  takes: boolean,
  values: ReadonlyMap<StepId, string>,
): Promise<{ readonly text: string; readonly shown: string }> {
  const given = step.args.kind === "values" ? step.args.values : {};
  const call = task.signature === undefined ? [] : toCall(task.signature, given);
  const shown = Object.entries(given).map(([name, value]) =>
    `${name}=${isSecret(name, "") ? "***" : quoteWord(String(value))}`
  );
  if (!takes) return { text: await encodeValue(call), shown: shown.join(", ") };
  const taken: Record<string, unknown> = {};
  for (const [name, id] of Object.entries(step.takes)) {
    taken[name] = await decodeValue(values.get(id) ?? "");
  }
  return { text: await encodeValue([taken, ...call]), shown: shown.join(", ") };
}

/**
 * Cuts a mark out of a stream of bytes. The mark may arrive in pieces; bytes that could be its
 * beginning wait for the rest.
 */
function createCutter(mark: string | undefined): {
  take(bytes: Uint8Array): Uint8Array;
  /** What waited, when the stream ended without the mark. */
  rest(): Uint8Array;
  readonly found: boolean;
} {
  const wanted = new TextEncoder().encode(mark ?? "");
  let waiting: Uint8Array = new Uint8Array();
  let found = mark === undefined;
  return {
    get found() {
      return found;
    },
    take(bytes) {
      if (found) return bytes;
      const all = new Uint8Array(waiting.length + bytes.length);
      all.set(waiting);
      all.set(bytes, waiting.length);
      for (let at = all.indexOf(wanted[0]!); at !== -1; at = all.indexOf(wanted[0]!, at + 1)) {
        const length = Math.min(wanted.length, all.length - at);
        let same = 0;
        while (same < length && all[at + same] === wanted[same]) same++;
        if (same < length) continue;
        found = length === wanted.length;
        waiting = found ? new Uint8Array() : all.slice(at);
        return all.slice(0, at);
      }
      waiting = new Uint8Array();
      return all;
    },
    rest: () => waiting,
  };
}
