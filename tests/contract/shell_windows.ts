/**
 * The snippets that cannot print on Windows what they print in a POSIX shell: why, and what they
 * print there. Their status is the same. All others are the same on Windows.
 *
 * `<drive>` is the drive of the snippet's directory.
 *
 * @module
 */

export interface WindowsDifference {
  readonly because: string;
  /** By the name of the snippet. */
  readonly stdout: Readonly<Record<string, string>>;
}

export const WINDOWS_DIFFERENCES: readonly WindowsDifference[] = [
  {
    because: "the root is that of a drive",
    stdout: {
      "subshell": "<drive>/\n2\n[]\n",
      "group keeps state": "1\n<drive>/\n",
      "function hides builtin": "mycd /x\n<drive>/\n",
      "cd home": "<directory>\n<drive>/\n0\n",
      "PWD is exported": "<drive>/\n0\n",
    },
  },
  {
    because: "no file can have a * in its name",
    stdout: { "backslash glob": "a*b a*b axb\n" },
  },
  {
    because: "names that differ in case only are one file",
    stdout: { "glob sorted": "a b c\n" },
  },
];
