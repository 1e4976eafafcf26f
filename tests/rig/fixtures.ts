/**
 * Puts the programs of `programs.ts` into a directory for `PATH`.
 *
 * In: the folder of a test's project. Out: the directory. On POSIX systems that is a folder of shell
 * scripts. For a Windows binary under Wine it is one of executables, compiled once: the command
 * interpreter there mangles arguments, so batch files will not do. On Windows itself they are batch
 * files that start Deno.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";
import { binary, ROOT } from "./binary.ts";

const SOURCE = fromFileUrl(new URL("./programs.ts", import.meta.url));

const NAMES = ["p", "e", "w", "x", "out", "err", "alive", "console", "probe"] as const;

/**
 * The shell keeps PWD, OLDPWD, IFS, PPID, OPTIND, PS1 and _ for itself: `e` is right for all other
 * names.
 */
const SCRIPTS: Readonly<Record<Exclude<typeof NAMES[number], "probe" | "console">, string>> = {
  p: `for word; do printf '[%s]' "$word"; done
printf '\\n'`,
  e: `for rig_name; do
  if eval "[ \\"\\\${$rig_name+set}\\" ]"; then
    eval "rig_value=\\$$rig_name"
    printf '%s=%s\\n' "$rig_name" "$rig_value"
  else printf '%s-unset\\n' "$rig_name"; fi
done`,
  w: `here=$(pwd -P; echo .) here=\${here%??}
case $here in
  "$RIG/project") echo . ;;
  "$RIG/project"/*) printf '%s\\n' "\${here#"$RIG/project/"}" ;;
  *) printf '%s\\n' "$here" ;;
esac`,
  x: 'exit "${1:-0}"',
  out: 'exec cat "$1"',
  err: 'exec cat "$1" >&2',
  alive: 'kill -0 "$1" 2>/dev/null',
};

/** @param base where a folder for them may be made */
export async function installPrograms(base: string): Promise<string> {
  if (binary.wine) return await compiledPrograms();
  const folder = join(base, "bin");
  Deno.mkdirSync(folder);
  const deno = [Deno.execPath(), "run", "-A", "--no-config", "--no-lock", "--no-check", "--quiet"];
  if (Deno.build.os === "windows") {
    const line = [...deno, SOURCE].map((word) => `"${word.replaceAll("%", "%%")}"`).join(" ");
    for (const name of NAMES) {
      Deno.writeTextFileSync(join(folder, `${name}.cmd`), `@${line} ${name} %*\r\n`);
    }
    return folder;
  }
  const start = [...deno, SOURCE].map(quote).join(" ");
  const scripts = { ...SCRIPTS, probe: `exec ${start} probe "$@"` };
  for (const [name, script] of Object.entries(scripts)) {
    Deno.writeTextFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return folder;
}

/** One executable under every name: a hard link, since it looks at the path it was started by. */
async function compiledPrograms(): Promise<string> {
  const folder = join(ROOT, ".cache", "test-programs");
  const first = join(folder, `${NAMES[0]}.exe`);
  if (
    isNewer(first, SOURCE) && NAMES.every((name) => isNewer(join(folder, `${name}.exe`), SOURCE))
  ) {
    return folder;
  }
  const [{ compileWithBun }, { targetNamed }] = await Promise.all([
    import("../../scripts/compile.ts"),
    import("../../scripts/targets.ts"),
  ]);
  // Test files run beside each other, and each may be here: what one puts in place is whole.
  const draft = Deno.makeTempDirSync({ dir: ensure(dirname(folder)), prefix: "test-programs-" });
  try {
    const target = targetNamed("windows-x64");
    const { path } = await compileWithBun(SOURCE, join(draft, "program.exe"), target);
    ensure(folder);
    for (const name of NAMES) {
      const link = join(draft, `${name}.exe`);
      Deno.linkSync(path, link);
      Deno.renameSync(link, join(folder, `${name}.exe`));
    }
  } finally {
    Deno.removeSync(draft, { recursive: true });
  }
  return folder;
}

function isNewer(file: string, than: string): boolean {
  try {
    return Deno.statSync(file).mtime! > Deno.statSync(than).mtime!;
  } catch {
    return false;
  }
}

function ensure(folder: string): string {
  Deno.mkdirSync(folder, { recursive: true });
  return folder;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
