/**
 * The words of a command as Windows wants them.
 *
 * In: a resolved program file and its arguments. Out: what `spawn` gets. An `.exe` passes as it is,
 * the runtime quotes for the C library. A `.cmd` or `.bat` cannot be started directly: it goes
 * through `cmd.exe`, which reads the line once more with rules of its own, so every character that
 * means something to it carries a caret (the quotes too: nothing is ever "inside quotes" for
 * `cmd`, and `%NAME%` becomes the name of no variable).
 *
 * @module
 */

/** What to hand to `spawn`. */
export interface WindowsCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** The arguments are quoted already and must reach the process as they are. */
  readonly verbatim: boolean;
}

/**
 * How to start `program` on Windows.
 *
 * An argument with a line break or a NUL cannot be carried through `cmd.exe`: ask
 * {@linkcode carriedByCmd} first.
 *
 * @param program the file found by the path search, with its extension
 * @param args the arguments without the program's name
 * @param shell the command interpreter, `%ComSpec%` where it is set
 * @example
 * ```ts
 * windowsCommand("C:\\x\\tool.cmd", ["a&b"]).args.at(-1); // `"C:\x\tool.cmd ^"a^&b^""`
 * ```
 */
export function windowsCommand(
  program: string,
  args: readonly string[],
  shell = "cmd.exe",
): WindowsCommand {
  if (!isBatch(program)) return { file: program, args, verbatim: false };
  // The shims that npm writes hand `%*` to a second command line: one more round of carets.
  const rounds = /[\\/]node_modules[\\/]\.bin[\\/][^\\/]+$/i.test(program) ? 2 : 1;
  const words = [carets(program.replaceAll("/", "\\")), ...args.map((arg) => word(arg, rounds))];
  return { file: shell, args: ["/d", "/s", "/c", `"${words.join(" ")}"`], verbatim: true };
}

/** Whether the program is a batch file, which only `cmd.exe` can run. */
export function isBatch(program: string): boolean {
  return /\.(?:cmd|bat)[. ]*$/i.test(program);
}

/** Whether all arguments survive a command line of `cmd.exe`: it ends at a line break. */
export function carriedByCmd(args: readonly string[]): boolean {
  return args.every((arg) => !/[\0\r\n]/.test(arg));
}

function word(arg: string, rounds: number): string {
  let text = quote(arg);
  for (let round = 0; round < rounds; round++) text = carets(text);
  return text;
}

/** For the C library: backslashes count only before a quote, and there they are doubled. */
function quote(arg: string): string {
  let text = '"';
  let backslashes = 0;
  for (const char of arg) {
    if (char === "\\") {
      backslashes++;
      continue;
    }
    text += "\\".repeat(char === '"' ? backslashes * 2 + 1 : backslashes) + char;
    backslashes = 0;
  }
  return `${text}${"\\".repeat(backslashes * 2)}"`;
}

/** For `cmd`: a caret before each character it would act on. */
function carets(text: string): string {
  return text.replace(/[()[\]%!^"`<>&|;, *?]/g, "^$&");
}
