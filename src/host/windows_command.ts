/**
 * The words of a command as Windows wants them.
 *
 * In: a resolved program file and its arguments. Out: what `spawn` gets. An `.exe` passes as it is,
 * the runtime quotes for the C library. A `.cmd` or `.bat` cannot be started directly: it goes
 * through `cmd.exe`, which reads the line with rules of its own, once now, and once more wherever
 * the batch file hands `%1` or `%*` on. So an argument stands in quotes that stay closed however
 * often they are read: a quote inside is written twice, and behind `%` stands a variable that is
 * always empty, so that `%NAME%` is the name of none.
 *
 * The shims that package managers write are the exception. They read their words exactly once more,
 * so every character that means something carries its carets (nothing is "inside quotes" for `cmd`),
 * and a quote is written in the way that every C library knows.
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
 * windowsCommand("C:\\x\\tool.cmd", ["a&b"]).args.at(-1); // `"C:\x\tool.cmd "a&b""`
 * ```
 */
export function windowsCommand(
  program: string,
  args: readonly string[],
  shell = "cmd.exe",
): WindowsCommand {
  if (!isBatch(program)) return { file: program, args, verbatim: false };
  const shim = /[\\/]node_modules[\\/]\.bin[\\/][^\\/]+$/i.test(program);
  const words = args.map(shim ? shimWord : batchWord);
  const line = [carets(program.replaceAll("/", "\\")), ...words].join(" ");
  return { file: shell, args: ["/d", "/e:on", "/v:off", "/s", "/c", `"${line}"`], verbatim: true };
}

/** Whether the program is a batch file, which only `cmd.exe` can run. */
export function isBatch(program: string): boolean {
  return /\.(?:cmd|bat)[. ]*$/i.test(program);
}

/** Whether all arguments survive a command line of `cmd.exe`: it ends at a line break. */
export function carriedByCmd(args: readonly string[]): boolean {
  return args.every((arg) => !/[\0\r\n]/.test(arg));
}

/** The longest line that a process can be started with, and `cmd` with: in UTF-16 units. */
const LONGEST = 32_767;
const LONGEST_FOR_CMD = 8_191;

/** Why a program cannot be started with some arguments, as far as that is known before. */
export function refusedByWindows(
  program: string,
  args: readonly string[],
): { readonly why: "line-end" | "too-long"; readonly detail: string } | undefined {
  const command = windowsCommand(program, args);
  if (command.verbatim && !carriedByCmd(args)) {
    return { why: "line-end", detail: "a batch file takes no argument with a line end" };
  }
  const words = command.verbatim ? command.args : command.args.map(quoted);
  const length = `"${command.file}" ${words.join(" ")}`.length;
  const limit = command.verbatim ? LONGEST_FOR_CMD : LONGEST;
  if (length < limit) return undefined;
  const what = command.verbatim ? "cmd, which runs batch files, takes" : "Windows takes";
  return { why: "too-long", detail: `it has ${length} characters, ${what} ${limit - 1}` };
}

/** For one reading more: quotes, and two rounds of carets. */
function shimWord(arg: string): string {
  return carets(carets(quoted(arg)));
}

/** What is a word of its own without quotes. */
const PLAIN = /^[A-Za-z0-9_@#$\-+./:\\~{}']+$/;

/** For any number of readings. */
function batchWord(arg: string): string {
  if (PLAIN.test(arg)) return arg;
  let text = '"';
  let backslashes = 0;
  for (const char of arg) {
    if (char === "\\") {
      backslashes++;
      continue;
    }
    text += "\\".repeat(char === '"' ? backslashes * 2 : backslashes);
    // No part of the directory's name: it takes the extensions of `cmd`, which are switched on.
    text += char === '"' ? '""' : char === "%" ? "%%cd:~,%" : char;
    backslashes = 0;
  }
  return `${text}${"\\".repeat(backslashes * 2)}"`;
}

/** For the C library: backslashes count only before a quote, and there they are doubled. */
function quoted(arg: string): string {
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
