/**
 * Starting the program under test, and the story of what it did.
 *
 * In: words, a directory, variables, stdin. Out: its status and every byte it wrote. A run that does
 * not end in time fails with the whole story.
 *
 * @module
 */

import { AssertionError } from "@std/assert";
import { binary } from "./binary.ts";

/** In milliseconds; generous, for a machine that does other things beside. */
const TIME_LIMIT = 60_000;

export interface Invocation {
  /** The command line without the program. */
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Without it there is nothing to read. */
  readonly stdin?: string;
  /** What the story shows of the project. */
  files(): Readonly<Record<string, string>>;
}

/** A run that has ended. */
export interface Ran {
  /** Its status, as a shell would give it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: { readonly stdout: Uint8Array; readonly stderr: Uint8Array };
}

/** A run in progress. */
export interface Running {
  readonly pid: number;
  /** Resolves when it has ended and both streams are closed. */
  readonly ended: Promise<Ran>;
  /** Resolves when it has ended; a process it left may still hold the streams. */
  readonly exited: Promise<number>;
  signal(name: Deno.Signal): void;
  /** Do not read its stdout any more. */
  deafen(): void;
  /** Resolves when it has written this to stderr. */
  says(text: string): Promise<void>;
  /** End it, if it still runs. */
  close(): Promise<void>;
}

/** What ran in the current test, the latest last. */
const stories: { (): string }[] = [];

/** Forget what ran before. */
export function beginStory(): void {
  stories.length = 0;
}

/** The last runs in words, for whoever has to find out why a test failed. */
export function story(): string {
  return stories.slice(-3).map((tell) => tell()).join("\n");
}

export function start(invocation: Invocation): Running {
  const [file, ...args] = [...binary.command, ...invocation.words];
  const child = new Deno.Command(file!, {
    args,
    cwd: invocation.cwd,
    env: { ...invocation.env },
    clearEnv: true,
    stdin: invocation.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  let code: number | undefined;
  stories.push(() => tell(invocation, code, text(stdout.bytes()), text(stderr.bytes())));

  const fed = invocation.stdin === undefined ? Promise.resolve() : feed(child, invocation.stdin);
  const exited = child.status.then((status) => code = status.code);
  const ended = Promise.all([exited, stdout.done, stderr.done, fed]).then((): Ran => {
    const bytes = { stdout: stdout.bytes(), stderr: stderr.bytes() };
    return { code: code!, stdout: text(bytes.stdout), stderr: ours(text(bytes.stderr)), bytes };
  });
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  };
  return {
    pid: child.pid,
    ended: inTime(ended, () => {
      kill();
      stdout.cancel();
      stderr.cancel();
    }),
    exited: inTime(exited, kill),
    signal: (name) => child.kill(name),
    deafen: stdout.cancel,
    says: (words) => inTime(stderr.contains(words)),
    async close() {
      if (code === undefined) kill();
      await exited;
      stdout.cancel();
      stderr.cancel();
      await ended;
    },
  };
}

/** The same promise, but it fails when it takes too long. */
export function inTime<T>(
  promise: Promise<T>,
  giveUp: () => void = () => {},
  milliseconds = TIME_LIMIT,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(new AssertionError(`it has not ended within ${milliseconds / 1000} seconds`));
    }, milliseconds);
  });
  const first = Promise.race([promise, limit]).finally(() => clearTimeout(timer));
  // Whoever starts a run may look at one of its two ends only.
  first.catch(() => {});
  return first;
}

/**
 * Wine complains about itself on the stderr of what it runs, now and then, and Bun about what Wine
 * tells of directories. Wine writes its line in pieces: another's line may stand in the middle.
 */
function ours(stderr: string): string {
  if (!binary.wine) return stderr;
  return stderr
    .replace(
      /wine client error:[\da-f]+: (?:(?:partial )?(?:read|write|sendmsg|recvmsg)\b.*\r?\n)?/g,
      "",
    )
    .replace(/^Internal error: directory mismatch.*\r?\n/gm, "");
}

async function feed(child: Deno.ChildProcess, input: string): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch {
    // It did not read to the end, which is its right.
  }
}

function collect(stream: ReadableStream<Uint8Array>) {
  const parts: Uint8Array[] = [];
  const reader = stream.getReader();
  let heard = Promise.withResolvers<void>();
  let closed = false;
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      heard.resolve();
      heard = Promise.withResolvers();
    }
    closed = true;
    heard.resolve();
  };
  return {
    done: read(),
    bytes: () => join(parts),
    async contains(words: string): Promise<void> {
      while (!text(join(parts)).includes(words)) {
        if (closed) {
          throw new AssertionError(`it has ended without saying ${JSON.stringify(words)}`);
        }
        await heard.promise;
      }
    },
    cancel: () => void reader.cancel().catch(() => {}),
  };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function tell(
  { words, cwd, env, stdin, files }: Invocation,
  code: number | undefined,
  stdout: string,
  stderr: string,
): string {
  const parts = [
    `── ${
      ["ntask", ...words].map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))
        .join(" ")
    }`,
    `program: ${binary.command.join(" ")}`,
    `cwd: ${cwd}`,
    `env: ${
      Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(" ")
    }`,
    ...(stdin === undefined ? [] : [`stdin: ${JSON.stringify(stdin)}`]),
    ...Object.entries(files()).map(([name, content]) =>
      `file ${name}:\n${indent(shorten(content))}`
    ),
    `exit: ${code ?? "still running"}`,
    `stdout:\n${indent(shorten(stdout))}`,
    `stderr:\n${indent(shorten(stderr))}`,
  ];
  return parts.join("\n") + "\n";
}

function indent(content: string): string {
  return content.replace(/^/gm, "    ").trimEnd();
}

function shorten(content: string): string {
  const half = 3000;
  if (content.length <= 2 * half) return content;
  return `${content.slice(0, half)}\n… ${content.length - 2 * half} more …\n${
    content.slice(-half)
  }`;
}
