/**
 * Python: which one, how a function of it is called, and what its markers are (toml-spec §13.2,
 * §15.4).
 *
 * @module
 */

import { join } from "@std/path";
import type { Host } from "../host/host.ts";
import type { CallResult } from "../model/extension.ts";
import type { Problem } from "../model/problem.ts";
import type { PythonMarker } from "../source/spec/condition.ts";
import type { CallTarget } from "../source/spec/call.ts";
import type { Variables } from "../source/spec/expand.ts";
import { findProgram } from "./program.ts";

/** Where a Python may be said to be. */
export interface PythonRequest {
  readonly root: string;
  readonly env: Variables;
  /** The setting `python`. */
  readonly setting?: string;
}

/** The words that start the interpreter, or R_PYTHON with what was looked for. */
export function findPython(
  host: Host,
  { root, env, setting }: PythonRequest,
): { readonly words: readonly string[] } | { readonly problem: Problem<"R_PYTHON"> } {
  const windows = host.os === "windows";
  const inside = (folder: string) =>
    join(folder, ...windows ? ["Scripts", "python.exe"] : ["bin", "python"]);
  const searched: string[] = [];
  const program = (name: string): string | undefined => {
    searched.push(name);
    const found = findProgram(host, { name, cwd: root, root, env, projectBins: false });
    return "file" in found ? found.file : undefined;
  };
  // What was chosen by name is not replaced by another one.
  for (const chosen of [setting, env.get("NTASK_PYTHON")]) {
    if (chosen === undefined || chosen === "") continue;
    const file = program(chosen);
    return file === undefined ? { problem: { code: "R_PYTHON", searched } } : { words: [file] };
  }
  const conda = env.get("CONDA_PREFIX");
  const folders = [env.get("VIRTUAL_ENV"), join(root, ".venv"), join(root, "venv")];
  const places = folders.flatMap((folder) => folder ? [inside(folder)] : []);
  if (conda) places.push(windows ? join(conda, "python.exe") : inside(conda));
  const found = places.find((place) => host.files.kind(place) === "file");
  if (found !== undefined) return { words: [found] };
  searched.push(...places);
  for (const [name, ...more] of [["python3"], ["python"], ...windows ? [["py", "-3"]] : []]) {
    const file = program(name!);
    if (file !== undefined) return { words: [file, ...more] };
  }
  return { problem: { code: "R_PYTHON", searched } };
}

/** What a call is given beside its address. */
export interface PythonCall {
  /** What stands in `sys.argv[0]`. */
  readonly name: string;
  /** Directories to import from, in front of the interpreter's own. */
  readonly path: readonly string[];
  /** `sys.argv[1:]` */
  readonly rest: readonly string[];
  readonly result: CallResult;
}

/** The words behind the interpreter's that call a function. */
export function pythonCall(
  { module, name: attr, args }: Extract<CallTarget, { readonly language: "python" }>,
  { name, path, rest, result }: PythonCall,
): readonly string[] {
  return ["-c", CALL, JSON.stringify({ path, module, attr, args, result }), name, ...rest];
}

/**
 * Reads what to do from its first argument. The traceback of an exception begins with the user's
 * own lines. Results: None and True are success, False is failure, a number is the status, anything
 * else is `sys.exit`'s.
 */
const CALL = `
import json, sys
_call = json.loads(sys.argv[1])
del sys.argv[:2]
if sys.path and sys.path[0] == "":
    del sys.path[0]
sys.path[:0] = _call["path"]

def _refuse(why):
    target = _call["module"] + ":" + _call["attr"]
    sys.stderr.write("error[R_CALL]: " + sys.argv[0] + ": cannot call \\"" + target + "\\": " + why + "\\n")
    sys.exit(1)

def _perform():
    if "attr" not in _call:
        import runpy
        runpy.run_module(_call["module"], run_name="__main__", alter_sys=True)
        return None
    import importlib, inspect
    module = importlib.import_module(_call["module"])
    found = module
    for part in _call["attr"].split("."):
        if not hasattr(found, part):
            _refuse("there is no " + part)
        found = getattr(found, part)
    if not callable(found):
        _refuse("it is not a function")
    code = compile(_call["attr"] + "(" + _call.get("args", "") + "\\n)", "<call>", "eval")
    result = eval(code, vars(module))
    if inspect.isawaitable(result):
        import asyncio
        async def wait():
            return await result
        result = asyncio.run(wait())
    return result

try:
    _result = _perform()
except Exception as error:
    import traceback
    tb = error.__traceback__
    while tb is not None and tb.tb_frame.f_code.co_filename in ("<string>", "<call>") or (
        tb is not None and "importlib" in tb.tb_frame.f_code.co_filename
    ):
        tb = tb.tb_next
    traceback.print_exception(type(error), error, tb)
    sys.exit(1)
if _call["result"] != "exit":
    if _call["result"] == "print" and _result is not None:
        print(_result)
    sys.exit(0)
if _result is True:
    sys.exit(0)
sys.exit(1 if _result is False else _result)
`;

/** Asks an interpreter for the values of its markers. */
const MARKERS = `
import json, os, platform, sys
v = sys.implementation.version
full = "{0.major}.{0.minor}.{0.micro}".format(v)
if v.releaselevel != "final":
    full += v.releaselevel[0] + str(v.serial)
print(json.dumps({
    "python_version": ".".join(platform.python_version_tuple()[:2]),
    "python_full_version": platform.python_version(),
    "implementation_name": sys.implementation.name,
    "implementation_version": full,
    "platform_python_implementation": platform.python_implementation(),
}))
`;

/** The value of a marker, or why there is none. */
export type PythonMarkers = (
  marker: PythonMarker,
) => Promise<string | Problem<"R_PYTHON">>;

/** The markers of the project's Python. It is started once, when the first one is asked for. */
export function pythonMarkers(host: Host, request: PythonRequest): PythonMarkers {
  let asked: Promise<Readonly<Record<string, string>> | Problem<"R_PYTHON">> | undefined;
  return async (marker) => {
    const values = await (asked ??= ask(host, request));
    return "code" in values && "searched" in values
      ? values as Problem<"R_PYTHON">
      : (values as Readonly<Record<string, string>>)[marker]!;
  };
}

function ask(
  host: Host,
  request: PythonRequest,
): Promise<Readonly<Record<string, string>> | Problem<"R_PYTHON">> {
  const python = findPython(host, request);
  if ("problem" in python) return Promise.resolve(python.problem);
  const [file, ...words] = python.words;
  const failed: Problem<"R_PYTHON"> = { code: "R_PYTHON", searched: [file!] };
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    host.start({
      file: file!,
      args: [...words, "-I", "-S", "-c", MARKERS],
      cwd: request.root,
      env: host.env,
      stdio: "piped",
      detached: true,
    }, {
      output: (stream, bytes) => void (stream === "stdout" && chunks.push(bytes)),
      end({ code }) {
        if (code !== 0) return resolve(failed);
        const text = chunks.map((bytes) => new TextDecoder().decode(bytes)).join("");
        try {
          resolve(JSON.parse(text));
        } catch {
          resolve(failed);
        }
      },
      fault: () => resolve(failed),
    });
  });
}
