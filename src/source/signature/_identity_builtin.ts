/**
 * The modules that come with ntask or with the runtime: they count by their names only.
 *
 * @module
 */

/** Node's, that may be written without `node:`. */
const BUILTIN: ReadonlySet<string> = new Set(
  ("assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram " +
    "diagnostics_channel dns dns/promises domain events fs fs/promises http http2 https " +
    "inspector inspector/promises module net os path path/posix path/win32 perf_hooks process " +
    "punycode querystring readline readline/promises repl stream stream/consumers " +
    "stream/promises stream/web string_decoder sys timers timers/promises tls trace_events tty " +
    "url util util/types v8 vm wasi worker_threads zlib").split(" "),
);

/** Does an import mean a part of the runtime, or ntask itself? */
export function isBuiltin(specifier: string): boolean {
  return specifier === "ntask" || specifier === "bun" || /^(?:node|bun):/.test(specifier) ||
    BUILTIN.has(specifier);
}
