// The part of Bun's runtime that `src/host` uses. Declared here so that `deno check` needs no
// types of another runtime.

interface BunPluginBuilder {
  module(
    name: string,
    make: () => { exports: Record<string, unknown>; loader: "object" },
  ): void;
}

interface BunRuntime {
  readonly version: string;
  plugin(plugin: { name: string; setup(build: BunPluginBuilder): void }): void;
}
