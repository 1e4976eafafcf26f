/**
 * The function host: this program in a hidden mode, started by `run/function.ts`. It evaluates
 * `tasks.ts` once and runs one body after the other, as it is told. It ends when its channel does.
 *
 * @module
 */

import { type Channel, parentChannel } from "./host/channel.ts";
import type { Host } from "./host/host.ts";
import { listenForEnd } from "./host/told.ts";
import type { AbsolutePath } from "./model/id.ts";
import * as library from "./mod.ts";
import { enterBody, enterProject, type Wanted } from "./run/body.ts";
import { enterShell } from "./run/shell_tag.ts";
import type { BodyEnd, RanTask, RunBody, WantTask } from "./run/function_protocol.ts";
import { decodeValue, encodeValue, UnstorableError } from "./run/stored_value.ts";
import { exportName, findTask, pathsTo } from "./source/format/exports.ts";
import { thrownBy } from "./source/thrown.ts";

/** A task that a body ran has failed. */
class RunError extends Error {
  override readonly name = "RunError";
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

type Module = Readonly<Record<string, unknown>>;

/**
 * Serve until the channel closes.
 *
 * @returns 2 when there is no channel: a person typed the hidden word
 */
export function serveFunctions(host: Host): Promise<number> {
  const channel = parentChannel();
  if (channel === undefined) return Promise.resolve(2);
  listenForEnd();
  const requests = createRequests(channel);
  let currentStray: (error: unknown) => void = () => {};
  channel.onMessage((message) => {
    const told = message as RunBody | RanTask;
    if (told.type === "ran") return requests.answer(told);
    // An error that no body caught still belongs to the body that is running.
    let stray: (error: unknown) => void = () => {};
    const strayed = new Promise<BodyEnd>((resolve) => stray = (error) => resolve(threw(error)));
    currentStray = (error) => stray(error);
    Promise.race([runBody(host, channel, told, requests), strayed]).then(async (end) => {
      await channel.mark(told.mark);
      channel.send(end);
    });
  });
  channel.onStray((error) => currentStray(error));
  channel.onClose(() => channel.exit(0));
  return new Promise(() => {});
}

async function runBody(
  host: Host,
  channel: Channel,
  body: RunBody,
  requests: Requests,
): Promise<BodyEnd> {
  try {
    channel.enter(body.cwd, body.env);
    enterProject(body.root);
    enterShell(body.interpreting);
    const module = await host.evaluate(body.module as AbsolutePath, library, { definition: true });
    enterBody((wanted) => requests.ask(module, wanted));
    const task = findTask(module, body.export);
    const found = body.part === "condition" ? task?.options.condition : task?.body;
    if (typeof found !== "function") {
      throw new Error(`the module changed while it was run: ${exportName(body.export)} is gone`);
    }
    const args = await decodeValue(body.args) as unknown[];
    const value = await found(...args as never[]);
    await channel.calm();
    return { type: "returned", value: await stored(body.part === "condition" ? !!value : value) };
  } catch (error) {
    return threw(error);
  }
}

/** The tasks that bodies wait for. */
interface Requests {
  ask(module: Module, wanted: Wanted): Promise<unknown>;
  answer(ran: RanTask): void;
}

function createRequests(channel: Channel): Requests {
  const waiting = new Map<number, (outcome: RanTask["outcome"]) => void>();
  let count = 0;
  return {
    async ask(module, wanted) {
      // The error is the user's: its stack is that of the call.
      const origin = new Error();
      const target = await targetOf(module, wanted);
      const request = count++;
      const outcome = await new Promise<RanTask["outcome"]>((resolve) => {
        waiting.set(request, resolve);
        channel.send({ type: "want", request, target } satisfies WantTask);
      });
      if (outcome.ok) return await decodeValue(outcome.value);
      const error = new RunError(outcome.message, outcome.code);
      if (origin.stack !== undefined) {
        error.stack = origin.stack.replace(/^Error\b.*/, () => `RunError: ${outcome.message}`);
      }
      throw error;
    },
    answer({ request, outcome }) {
      waiting.get(request)?.(outcome);
      waiting.delete(request);
    },
  };
}

async function targetOf(module: Module, wanted: Wanted): Promise<WantTask["target"]> {
  if ("text" in wanted) return wanted;
  const names = pathsTo(module, wanted.task).map(exportName);
  if (names.length === 0) {
    throw new Error("run() was given a task that has no name: export it, or list it in deps");
  }
  return { names, ...(wanted.values && { values: await encodeValue(wanted.values) }) };
}

/** What a dependant may receive. */
async function stored(value: unknown): Promise<string> {
  try {
    return await encodeValue(value);
  } catch (error) {
    if (!(error instanceof UnstorableError)) throw error;
    throw new TypeError(`what the task returned cannot be stored: ${error.message}`);
  }
}

function threw(error: unknown): BodyEnd {
  const status = error instanceof library.ShellError || error instanceof RunError ? error.code : 1;
  return { type: "threw", code: status > 0 ? status : 1, thrown: thrownBy(error) };
}
