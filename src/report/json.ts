/**
 * Every event as a line of JSON on stdout: what a program reads, and what the line report can be
 * replayed from.
 *
 * @module
 */

import type { Report, ReportOptions } from "./registry.ts";

export function report({ stdout }: ReportOptions): Report {
  return (event) => stdout(JSON.stringify(event) + "\n");
}
