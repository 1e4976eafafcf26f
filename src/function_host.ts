/**
 * The function host: this program in a hidden mode, started by `run/function.ts`. It evaluates
 * `tasks.ts` once and runs one body after the other, as it is told. It ends when its channel does.
 *
 * @module
 */

import { type Channel, parentChannel } from "./host/channel.ts";
import type { Host } from "./host/host.ts";
import type { AbsolutePath } from "./model/id.ts";
import * as library from "./mod.ts";
import type { BodyEnd, RunBody } from "./run/function_protocol.ts";
import { decodeValue, encodeValue, UnstorableError } from "./run/stored_value.ts";
import { findTask } from "./source/format/tasks_ts.ts";
import { thrownBy } from "./source/thrown.ts";

/**
 * Serve until the channel closes.
 *
 * @returns 2 when there is no channel: a person typed the hidden word
 */
export function serveFunctions(host: Host): Promise<number> {
  const channel = parentChannel();
  if (channel === undefined) return Promise.resolve(2);
  channel.onMessage((message) => {
    const body = message as RunBody;
    // An error that no body caught still belongs to the body that is running.
    let stray: (error: unknown) => void = () => {};
    const strayed = new Promise<BodyEnd>((resolve) => stray = (error) => resolve(threw(error)));
    currentStray = (error) => stray(error);
    Promise.race([runBody(host, channel, body), strayed]).then(async (end) => {
      await channel.mark(body.mark);
      channel.send(end);
    });
  });
  let currentStray: (error: unknown) => void = () => {};
  channel.onStray((error) => currentStray(error));
  channel.onClose(() => channel.exit(0));
  return new Promise(() => {});
}

async function runBody(host: Host, channel: Channel, body: RunBody): Promise<BodyEnd> {
  try {
    channel.enter(body.cwd, body.env);
    const module = await host.evaluate(body.module as AbsolutePath, library);
    const task = findTask(module, body.export);
    if (typeof task?.body !== "function") {
      throw new Error(`the module changed while it was run: ${body.export.join(".")} is gone`);
    }
    const args = await decodeValue(body.args) as unknown[];
    const value = await task.body(...args as never[]);
    return { type: "returned", value: await stored(value) };
  } catch (error) {
    return threw(error);
  }
}

/** What a dependant may receive. A `ShellResult` and the like are of no use there. */
async function stored(value: unknown): Promise<string> {
  try {
    return await encodeValue(value);
  } catch (error) {
    if (!(error instanceof UnstorableError)) throw error;
    throw new TypeError(`what the task returned cannot be stored: ${error.message}`);
  }
}

function threw(error: unknown): BodyEnd {
  const code = error instanceof library.ShellError && error.code > 0 ? error.code : 1;
  return { type: "threw", code, thrown: thrownBy(error) };
}
