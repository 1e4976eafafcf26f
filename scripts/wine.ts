/**
 * Windows programs on Linux, for the tests of the Windows binary.
 *
 *     deno run -A scripts/wine.ts setup            once: Debian with Wine in a folder, a prefix
 *     deno run -A scripts/wine.ts run -- EXE …     run a program
 *     deno run -A scripts/wine.ts wrap EXE FILE    FILE becomes a shell script that runs EXE
 *     deno run -A scripts/wine.ts stop             end everything that runs in the prefix
 *
 * Wine comes from a small Debian of its own (NTASK_WINE_ROOT, default `~/.cache/ntask/wine`), so
 * the machine needs no Wine of any kind. Its `/usr` is laid over ours in a mount namespace that
 * only the program sees: every other path means the same inside and outside (`Z:\tmp\x` is
 * `/tmp/x`), the working directory, the environment and the standard streams pass unchanged, and
 * there is nothing to unmount, whatever happens. This needs root.
 *
 * PATH cannot pass: when it contains a backslash it is taken as a Windows path and its folders come
 * before Wine's own; else the program sees Wine's own only.
 *
 * @module
 */

import { join } from "@std/path";
import { capture, Fault, main, show } from "./command.ts";
import { isFile } from "./files.ts";

const USAGE = "usage: deno run -A scripts/wine.ts setup | run -- EXE… | wrap EXE FILE | stop";
const SUITE = "trixie";
const LOADER = "/usr/lib/wine/wine64";

/** Make everything ready and start the server of the prefix. Quick when it already is. */
export async function setUp(): Promise<void> {
  const root = wineRoot();
  await checkNamespaces();
  if (!isFile(join(root, LOADER))) await installDebian(root);
  if (!isFile(join(root, "prefix", "system.reg"))) await makePrefix(root);
  // A server that stays makes each start 60 ms instead of 800. It is started here, with its streams
  // on nothing, so that no test's pipe is held open by it.
  await inside(root, "wineserver -p; exec wine64 cmd /c exit");
}

/** End every Windows program and the server. */
export async function stop(): Promise<void> {
  const root = wineRoot();
  if (isFile(join(root, LOADER))) await inside(root, "exec wineserver -k");
}

/**
 * Write a shell script that runs a Windows program with the words it is given.
 *
 * @param exe an absolute path; absent: the first word is the program
 * @param file where the script goes
 */
export function wrap(exe: string | undefined, file: string): void {
  const root = wineRoot();
  if (!isFile(join(root, LOADER))) throw new Fault(`no Wine in “${root}”: run setup first`);
  const words = exe === undefined ? '"$@"' : `${quote(exe)} "$@"`;
  const script = `#!/bin/sh
# Written by scripts/wine.ts.
case \${PATH-} in *\\\\*) WINEPATH=$PATH; export WINEPATH ;; esac
unset LD_LIBRARY_PATH LD_PRELOAD LANGUAGE
export ${assignments(root)} HOME="\${HOME:-/}"
exec unshare --mount /bin/sh -c ${quote(`${overlay(root)} && exec ${LOADER} "$@"`)} sh ${words}
`;
  const draft = `${file}.${Deno.pid}`;
  Deno.writeTextFileSync(draft, script, { mode: 0o755 });
  Deno.renameSync(draft, file);
}

/** The folder of the Debian with Wine. */
function wineRoot(): string {
  const home = Deno.env.get("HOME") ?? "/root";
  return Deno.env.get("NTASK_WINE_ROOT") ?? join(home, ".cache", "ntask", "wine");
}

async function checkNamespaces(): Promise<void> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    throw new Fault("Windows programs run on Linux x64 only");
  }
  const tried = await capture("unshare", ["--mount", "true"]);
  if (tried.code !== 0) {
    throw new Fault(`no mount namespace is to be had (root only): ${tried.stderr.trim()}`);
  }
}

/** debootstrap mounts things of its own, and a namespace ends them with it. */
async function installDebian(root: string): Promise<void> {
  if ((await capture("sh", ["-c", "command -v debootstrap"])).code !== 0) {
    await must("apt-get", ["update", "-qq"]);
    await must("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "debootstrap"]);
  }
  const draft = `${root}.partial`;
  await must("rm", ["-rf", "--one-file-system", draft]);
  Deno.mkdirSync(draft, { recursive: true });
  const include = "--include=wine64,ca-certificates";
  const debootstrap = ["debootstrap", "--variant=minbase", include, SUITE, draft];
  await must("unshare", ["--mount", ...debootstrap]);
  Deno.renameSync(draft, root);
}

async function makePrefix(root: string): Promise<void> {
  const draft = join(root, "prefix.partial");
  await must("rm", ["-rf", draft]);
  Deno.mkdirSync(draft);
  await inside(root, "wine64 wineboot --init; wineserver -k; wineserver -w", draft);
  if (!isFile(join(draft, "system.reg"))) throw new Fault(`Wine made no prefix in “${draft}”`);
  Deno.renameSync(draft, join(root, "prefix"));
}

/** Run shell words where Wine is, with the streams on nothing. Its status says nothing. */
async function inside(root: string, words: string, prefix = join(root, "prefix")): Promise<void> {
  const env = `export ${assignments(root, prefix)} PATH=/usr/lib/wine:/usr/bin:/bin`;
  const script = `${overlay(root)} && ${env} && cd / && { ${words}; }`;
  const child = new Deno.Command("unshare", {
    args: ["--mount", "/bin/sh", "-c", script],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await child.status;
}

function overlay(root: string): string {
  const over = (path: string): string => `mount --bind ${quote(join(root, path))} ${path}`;
  return `${over("/usr")} && ${over("/etc/ld.so.cache")}`;
}

function assignments(root: string, prefix = join(root, "prefix")): string {
  return `WINEPREFIX=${quote(prefix)} WINEDEBUG=-all XDG_RUNTIME_DIR=${quote(root)} ` +
    "LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin";
}

async function must(file: string, args: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const { code, stdout, stderr } = await capture(file, args, { env });
  if (code === 0) return;
  const end = `${stdout}\n${stderr}`.trim().split("\n").slice(-15).join("\n    ");
  throw new Fault(`“${file} ${args.join(" ")}” exited with ${code}:\n    ${end}`);
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

async function command(args: readonly string[]): Promise<number | void> {
  const [verb, ...words] = args;
  if (verb === "setup" && words.length === 0) return await setUp();
  if (verb === "stop" && words.length === 0) return await stop();
  const [exe, file] = words;
  if (verb === "wrap" && exe !== undefined && file !== undefined) {
    return wrap(Deno.realPathSync(exe), file);
  }
  if (verb === "run" && words[0] === "--" && words.length > 1) {
    await setUp();
    const script = Deno.makeTempFileSync();
    try {
      wrap(undefined, script);
      return await show(script, words.slice(1));
    } finally {
      Deno.removeSync(script);
    }
  }
  throw new Fault(USAGE);
}

if (import.meta.main) await main("wine", () => command(Deno.args));
