/**
 * The portable shell and programs that are none of its builtins: descriptors, pipes, statuses.
 * The program is the runtime itself, which every machine that runs the tests has.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ShellSystem } from "../../src/host/shell_system.ts";
import { runInDirectory, type ShellRun } from "./shell_harness.ts";

const windows = Deno.build.os === "windows";

/** `$RUN` starts a program from its source text. */
function runWithPrograms(script: string, args: readonly string[] = []): Promise<ShellRun> {
  const system: Partial<ShellSystem> = {
    env: { ...Deno.env.toObject(), NO_COLOR: "1", RUN: Deno.execPath(), ...programs },
  };
  return runInDirectory(script, system, args);
}

const programs: Readonly<Record<string, string>> = {
  COPY: "await Deno.stdin.readable.pipeTo(Deno.stdout.writable)",
  ENDLESS:
    "const y = new TextEncoder().encode('y\\n'.repeat(4096)); for (;;) Deno.stdout.writeSync(y)",
  BYTES: "Deno.stdout.writeSync(Uint8Array.from({ length: 256 }, (_, byte) => byte))",
  NOTHING: "",
};

async function expectOutput(script: string, stdout: string, status = 0): Promise<void> {
  const run = await runWithPrograms(script);
  assertEquals({ stdout: run.stdout, status: run.status }, { stdout, status }, run.stderr);
}

Deno.test("a program gets words, variables and the working directory of its command", async () => {
  await expectOutput(
    `mkdir d; cd d; X='a b' "$RUN" eval 'console.log(Deno.env.get("X"), Deno.cwd().slice(-1), Deno.args)' "1 2" ''`,
    'a b d [ "1 2", "" ]\n',
  );
});

Deno.test("a program's status is its command's", async () => {
  await expectOutput(`"$RUN" eval 'Deno.exit(7)'; echo $?; "$RUN" eval 'Deno.exit(3)'`, "7\n", 3);
});

Deno.test({
  name: "a program that a signal ended has the status 128 and the signal's number",
  ignore: windows,
  fn: () => expectOutput(`"$RUN" eval 'Deno.kill(Deno.pid, "SIGKILL")'; echo $?`, "137\n"),
});

Deno.test("a reader that leaves early ends a program that writes without end", async () => {
  await expectOutput(`"$RUN" eval "$ENDLESS" 2> /dev/null | head -n 1; echo done`, "y\ndone\n");
});

Deno.test("a reading program that leaves early ends a writer in this process", async () => {
  await expectOutput(`while :; do echo y; done | "$RUN" eval "$NOTHING"; echo done`, "done\n");
});

Deno.test("lesson 24: bytes go through programs and builtins unchanged", async () => {
  await expectOutput(
    `"$RUN" eval "$BYTES" > a; "$RUN" eval "$BYTES" | cat | "$RUN" eval "$COPY" | cat > b
wc -c < b; "$RUN" eval 'console.log(String(Deno.readFileSync("a")) === String(Deno.readFileSync("b")))'`,
    "256\ntrue\n",
  );
});

Deno.test("a program in a loop does not take the lines that the loop reads", async () => {
  await expectOutput(
    `printf 'a\\nb\\n' | while read x; do "$RUN" eval "$NOTHING"; echo "got $x"; done`,
    "got a\ngot b\n",
  );
});

Deno.test("a program after read gets the rest of the pipe, and read gets the rest of that", async () => {
  await expectOutput(
    `printf '1\\n2\\n3\\n' | { read a; "$RUN" eval "$COPY"; echo "first $a"; }`,
    "2\n3\nfirst 1\n",
  );
  await expectOutput(
    `{ read a; "$RUN" eval 'Deno.stdin.readSync(new Uint8Array(2))'; read b; echo "$a $b"; } <<E
1
2
3
E`,
    "1 3\n",
  );
});

Deno.test("a program reads here-documents and files, and writes files", async () => {
  await expectOutput(
    `"$RUN" eval "$COPY" <<E > f
here $((1 + 1))
E
"$RUN" eval "$COPY" < f; "$RUN" eval 'console.error("err")' 2> e; cat e`,
    "here 2\nerr\n",
  );
});

Deno.test("the output of a program and of builtins around it keep their order", async () => {
  await expectOutput(
    `x=$(echo a; "$RUN" eval 'console.log("b")'; echo c); echo $x`,
    "a b c\n",
  );
});

Deno.test("a program in the background can be waited for, and ended", async () => {
  await expectOutput(
    `"$RUN" eval 'Deno.exit(5)' & wait $!; echo $?`,
    "5\n",
  );
  const { stdout } = await runWithPrograms(
    `"$RUN" eval 'setInterval(() => {}, 1000)' & kill -KILL $!; wait $!; echo "over $?"`,
  );
  assertStringIncludes(stdout, "over ");
});

Deno.test("a program that is not there is an error of its command alone", async () => {
  const run = await runWithPrograms("nosuchprogram a; echo $?; ./nosuch; echo $?");
  assertEquals(run.stdout, "127\n127\n");
  assertStringIncludes(run.stderr, "nosuchprogram: not found");
});

Deno.test("what the shell does not cover is named, and nothing has run", async () => {
  const run = await runWithPrograms("echo before; [[ x ]]");
  assertEquals(run.stdout, "");
  assertEquals(run.status, 2);
  assertStringIncludes(run.stderr, "1: the portable shell does not cover [[ … ]]");
});

Deno.test("an option that the shell's own utility lacks is an error where no program has it", async () => {
  const run = await runInDirectory("ls -Z; echo $?");
  assertEquals(run.stdout, "2\n");
  assertStringIncludes(run.stderr, "ls: the portable shell does not cover the option -Z");
});

Deno.test("arguments and the name of the script reach it", async () => {
  assertEquals((await runWithPrograms('echo "$0" "$2" $#', ["a", "b c"])).stdout, "shell b c 2\n");
});

Deno.test({
  name: "a file without #! is a script of the shell",
  ignore: windows,
  async fn() {
    await expectOutput(
      `echo 'echo "script $1"; exit 4' > s; "$RUN" eval 'Deno.chmodSync("s", 0o755)'; ./s a; echo $?`,
      "script a\n4\n",
    );
  },
});

Deno.test({
  name: "cd follows links by name, or by place with -P; copying keeps links where asked",
  ignore: windows,
  async fn() {
    await expectOutput(
      `mkdir -p r/s; echo 1 > a
"$RUN" eval 'Deno.symlinkSync("r/s", "l"); Deno.symlinkSync("../a", "r/s/k"); Deno.symlinkSync("a", "m")'
cd l; pwd; pwd -P; cd ..; pwd; cd -P l; pwd; cd ../..
cp -r r e; [ -h e/s/k ] && echo link; cp m n; [ -h n ] || echo file; cp -P m o; [ -h o ] && echo link
rm -rf l; ls r/s; ls -F`,
      "<directory>/l\n<directory>/r/s\n<directory>\n<directory>/r/s\n" +
        "link\nfile\nlink\nk\na\ne/\nm@\nn\no@\nr/\n",
    );
  },
});
