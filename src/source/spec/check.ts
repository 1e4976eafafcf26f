/**
 * Every text of a draft is parsed when the file is loaded, so that a mistake shows before anything
 * runs, also in tasks nobody asked for.
 *
 * @module
 */

import type { Action, Item, Reference, Scope, Text } from "../../model/action.ts";
import type { Outcome, Problem } from "../../model/problem.ts";
import type { Draft, Sheet } from "../../model/task.ts";
import { readCall, readLiterals } from "./call.ts";
import { parseScript } from "./script_text.ts";
import { parseCommand, parseElement, parseReference, parseText } from "./words.ts";

/**
 * @returns E_CMD_PARSE, E_PLACEHOLDER, E_COND_… and the like, and warnings
 */
export async function checkTexts(sheet: Sheet): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const conditions: { readonly scope: Scope; readonly task: string }[] = [];
  const take = (outcome: Outcome<unknown>) => {
    problems.push(...(outcome.ok ? outcome.warnings : outcome.problems));
  };
  const calls: { readonly target: Text; readonly task: string }[] = [];
  scopeTexts(sheet.globals, "");
  for (const draft of sheet.drafts) {
    const task = draft.id;
    action(draft.action, task);
    scopeTexts(draft.scope, task);
    for (const reference of draft.deps) referenceText(reference, task);
    for (const hook of [...draft.pre, ...draft.post]) item(hook, task);
    const asked = draft.extension.interpreter;
    if (asked !== undefined && !holdsScript(draft)) {
      const place = asked.place === undefined ? {} : { place: asked.place };
      problems.push({ code: "W_INTERPRETER", task, ...place });
    }
  }
  for (const { target: { text, place }, task } of calls) {
    const call = readCall(text);
    const literals = "language" in call && call.language === "script" && call.args !== undefined
      ? await readLiterals(call.args)
      : undefined;
    const why = "why" in call ? call.why : literals && "why" in literals ? literals.why : undefined;
    if (why !== undefined) problems.push({ code: "E_CALL", task, place, text, why });
  }
  if (conditions.length > 0) {
    const { parseCondition } = await import("./condition.ts");
    for (const { scope, task } of conditions) {
      const { text, place } = scope.condition!;
      const parsed = parseCondition(text, { place, task });
      if (!parsed.ok) problems.push(...parsed.problems);
    }
  }
  return problems;

  function action(action: Action, task: string): void {
    switch (action.kind) {
      case "command":
        return take(parseCommand(action.line, task));
      case "argv":
        for (const word of action.words) take(parseElement(word, task));
        return;
      case "shell":
        return take(parseScript(action.script, action.interpreter?.value, task));
      case "composite":
        for (const part of action.items) item(part, task);
        return;
      case "call":
        calls.push({ target: action.target, task });
        return;
      case "function":
      case "group":
      case "none":
        return;
    }
  }

  function item(part: Item, task: string): void {
    if (part.kind === "use") return referenceText(part.reference, task);
    action(part.action, task);
    scopeTexts(part.scope, task);
  }

  function referenceText(reference: Reference, task: string): void {
    // The words themselves are parsed when the name is looked up.
    if (reference.scope !== undefined) scopeTexts(reference.scope, task);
  }

  function scopeTexts(scope: Scope, task: string): void {
    for (const { value, place } of scope.env) {
      if (value.kind !== "unset") take(parseText({ text: value.text, place }, task));
    }
    for (const file of scope.envfile) take(parseText(file.path, task));
    if (scope.cwd !== undefined) take(parseText(scope.cwd, task));
    if (scope.condition !== undefined && scope.condition.body === undefined) {
      conditions.push({ scope, task });
    }
  }
}

/** Is there anything that an interpreter could run? The commands of a function's body count. */
function holdsScript({ action, pre, post }: Draft): boolean {
  const items = [...action.kind === "composite" ? action.items : [], ...pre, ...post];
  return action.kind === "shell" || action.kind === "function" ||
    items.some((item) => item.kind === "inline" && item.action.kind === "shell");
}

/** How `graph` splits a reference text: the leading literal words and where each ends. */
export function splitReference(
  reference: Extract<Reference, { readonly kind: "text" }>,
  task: string,
):
  | {
    readonly ok: true;
    readonly words: readonly { readonly text: string; readonly end: number }[];
  }
  | { readonly ok: false; readonly problem: Problem } {
  // Most references are a bare name.
  if (/^[\p{L}\p{N}_.:-]+$/u.test(reference.text)) {
    return { ok: true, words: [{ text: reference.text, end: reference.text.length }] };
  }
  const parsed = parseReference(reference, task);
  if (!parsed.ok) return { ok: false, problem: parsed.problems[0]! };
  const words: { text: string; end: number }[] = [];
  for (const word of parsed.value) {
    if (word.literal === undefined) break;
    words.push({ text: word.literal, end: word.offset + word.length });
  }
  return { ok: true, words };
}
