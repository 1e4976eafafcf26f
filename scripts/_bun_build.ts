/**
 * The half of `compile.ts` that runs inside Bun: one `Bun.build` call.
 *
 * In: a {@linkcode BuildRequest} as JSON in the first argument. Out: the executable; problems go to
 * stderr with exit code 1.
 *
 * The names of the import map in `deno.json` are resolved here too, so that list stays the only
 * one: `npm:NAME@VERSION/PATH` becomes `NAME/PATH` in `node_modules`, `./x` a file of the project.
 *
 * @module
 */

export interface BuildRequest {
  /** The folder of `deno.json`. */
  readonly root: string;
  readonly entries: readonly string[];
  /** An executable, or modules for Node. */
  readonly out:
    | {
      readonly file: string;
      /** Bun's name of the system to build for. */
      readonly target: string;
      /** Bun for that system. */
      readonly runtime: string;
    }
    | { readonly folder: string };
}

/** The part of Bun used here; `deno check` knows nothing of it. */
interface BunBuilder {
  build(options: Record<string, unknown>): Promise<{ success: boolean; logs: unknown[] }>;
  resolveSync(specifier: string, folder: string): string;
  file(path: string): { json(): Promise<unknown> };
}

/** Not bundled: only Node loads task files by it, and its package depends on it. */
const EXTERNAL = ["jiti"];

interface Resolving {
  onResolve(
    filter: { filter: RegExp },
    resolve: (args: { path: string }) => { path: string } | undefined,
  ): void;
}

declare const process: { readonly argv: readonly string[]; exitCode: number };

const Bun = (globalThis as unknown as { Bun?: BunBuilder }).Bun;
if (Bun === undefined) throw new Error("_bun_build.ts runs in Bun; use scripts/compile.ts");
await build(Bun, JSON.parse(process.argv[2] ?? "{}") as BuildRequest);

async function build(bun: BunBuilder, request: BuildRequest): Promise<void> {
  try {
    const result = await bun.build({
      entrypoints: request.entries,
      external: EXTERNAL,
      minify: true,
      // Without splitting every lazily imported module is parsed at start.
      splitting: true,
      format: "esm",
      // Leaves `process.env.X` alone; the default would write today's value into the program.
      env: "disable",
      ...outputOf(request),
      plugins: [await importMap(bun, request.root)],
    });
    if (result.success) return;
    for (const log of result.logs) console.error(log);
  } catch (error) {
    const logs = error instanceof AggregateError ? error.errors : [error];
    for (const log of logs) console.error(log);
  }
  process.exitCode = 1;
}

function outputOf({ out }: BuildRequest): Record<string, unknown> {
  if ("folder" in out) {
    // Side by side: `host/self.ts` and `host/modules_node.ts` look for their neighbours.
    const naming = { entry: "[name].[ext]", chunk: "chunk-[hash].[ext]" };
    return { outdir: out.folder, target: "node", naming };
  }
  return {
    bytecode: true,
    sourcemap: "linked",
    compile: {
      target: out.target,
      outfile: out.file,
      executablePath: out.runtime,
      // A user's `.env` or `bunfig.toml` must not reach into our program …
      autoloadDotenv: false,
      autoloadBunfig: false,
      // … but their `tasks.ts` must find its packages and paths.
      autoloadTsconfig: true,
      autoloadPackageJson: true,
    },
  };
}

async function importMap(bun: BunBuilder, root: string): Promise<Record<string, unknown>> {
  const { imports } = await bun.file(`${root}/deno.json`).json() as {
    imports: Readonly<Record<string, string>>;
  };
  const places = new Map<string, string>();
  const place = (specifier: string): string => {
    const known = places.get(specifier);
    if (known !== undefined) return known;
    const found = bun.resolveSync(withoutVersion(imports[specifier] ?? specifier), root);
    places.set(specifier, found);
    return found;
  };
  const names = Object.keys(imports).filter((name) => !EXTERNAL.includes(name)).map((name) =>
    name.replace(/[^\w]/g, "\\$&")
  );
  return {
    name: "import map of deno.json",
    setup(build: Resolving): void {
      build.onResolve(
        { filter: new RegExp(`^(?:npm:.*|${names.join("|")})$`) },
        (args) => ({ path: place(args.path) }),
      );
    },
  };
}

/** `npm:@a/b@1.0.0/c.js` -> `@a/b/c.js` */
function withoutVersion(specifier: string): string {
  return specifier.replace(/^npm:((?:@[^/@]+\/)?[^/@]+)(?:@[^/]*)?/, "$1");
}
