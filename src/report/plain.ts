/**
 * Text of others' on its way to a terminal.
 *
 * @module
 */

/** What would do something to the terminal takes one column instead. Tabs stay. */
export function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- they are what is meant
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, "\ufffd");
}
