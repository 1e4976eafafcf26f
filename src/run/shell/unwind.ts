/**
 * Leaving in the middle: what `exit`, `return`, `break`, `continue` and the errors that end a shell
 * do. They are thrown inside the interpreter and caught inside it: by the loop, the function, the
 * subshell. None gets out of `runPortableShell`.
 *
 * @module
 */

export class Unwind extends Error {
  readonly kind: "exit" | "return" | "break" | "continue";
  readonly status: number;
  /** How many loops `break` and `continue` leave. */
  readonly levels: number;

  constructor(kind: Unwind["kind"], status: number, levels = 1) {
    super(kind);
    this.kind = kind;
    this.status = status;
    this.levels = levels;
  }
}

/**
 * An error that ends a shell that is not interactive: a bad expansion, a fault in a special
 * builtin. The message is printed by whoever catches it.
 */
export class ShellFault extends Error {
  readonly status: number;

  constructor(message: string, status = 2) {
    super(message);
    this.status = status;
  }
}

/** Something the portable shell knows it does not do; the construct is named. */
export class NotCovered extends Error {
  readonly construct: string;

  constructor(construct: string) {
    super(`the portable shell does not cover ${construct}`);
    this.construct = construct;
  }
}

/** A write to a pipe that nobody reads any more: the writer ends as by SIGPIPE. */
export class BrokenPipe extends Error {}

/** Another fault of a stream, in the system's words. */
export class StreamFault extends Error {}

/** The status of a writer that SIGPIPE ended. */
export const BROKEN_PIPE_STATUS = 141;
