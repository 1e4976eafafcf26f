/**
 * Reads what a task does and what it refers to: actions, references, items (toml-spec §4, §5).
 *
 * @module
 */

import type { Action, Item, Reference } from "../../model/action.ts";
import { nearest } from "../../model/near.ts";
import { readItemExtension } from "./extension.ts";
import { readInterpreter } from "./interpreter.ts";
import { KINDS, PROPERTIES, PROPERTY } from "./property.ts";
import {
  isTable,
  type Path,
  readEnv,
  type Reader,
  readScope,
  readString,
  readStrings,
  type Table,
  unknownKeys,
  wrong,
} from "./value.ts";

/** `deps`: a reference string, or an array of strings and `{ use, env }` tables. */
export function readReferences(reader: Reader, path: Path, value: unknown): readonly Reference[] {
  if (typeof value === "string") return [{ kind: "text", text: value, place: reader.place(path) }];
  if (!Array.isArray(value)) {
    wrong(reader, path, "a task name or an array of task names", value);
    return [];
  }
  return value.flatMap((element, index): Reference[] => {
    const at = [...path, index];
    if (typeof element === "string") {
      return [{ kind: "text", text: element, place: reader.place(at) }];
    }
    if (!isTable(element)) {
      wrong(reader, at, "a task name or { use, env }", element);
      return [];
    }
    unknownKeys(reader, at, element, ["use", "env"]);
    const use = readString(reader, [...at, "use"], element.use);
    if (use === undefined) return [];
    const scope = {
      env: element.env === undefined ? [] : readEnv(reader, [...at, "env"], element.env),
      envfile: [],
    };
    return [{ kind: "text", text: use, place: reader.place([...at, "use"]), scope }];
  });
}

/** `tasks`, `pre`, `post`: one item or an array of items. */
export function readItems(reader: Reader, path: Path, value: unknown): readonly Item[] {
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => readItem(reader, [...path, index], element));
  }
  return readItem(reader, path, value);
}

function readItem(reader: Reader, path: Path, value: unknown): readonly Item[] {
  if (typeof value === "string") {
    return [{ kind: "use", reference: { kind: "text", text: value, place: reader.place(path) } }];
  }
  if (!isTable(value)) {
    wrong(reader, path, "a task name or an inline table", value);
    return [];
  }
  const task = reader.task;
  const place = reader.place(path);
  const kinds = ["cmd", "shell", "call", "use"].filter((kind) => kind in value);
  let sound = true;
  for (const key of Object.keys(value)) {
    if (key.startsWith("x-") || kinds.includes(key)) continue;
    const property = PROPERTY.get(key);
    if (property === undefined) {
      const known = PROPERTIES.filter((p) => p.levels.includes("item")).map((p) => p.name);
      const near = nearest(key, known);
      reader.report({
        code: "E_PROP_UNKNOWN",
        task,
        place: reader.place([...path, key], true),
        property: key,
        near,
      });
      sound = false;
    } else if (!property.levels.includes("item")) {
      reader.report({
        code: "E_PROP_SCOPE",
        task,
        place: reader.place([...path, key], true),
        property: key,
        where: "an inline item",
        ...(key === "tasks" && { instead: "give the inner composite a name and refer to it" }),
      });
      sound = false;
    }
  }
  if (kinds.length > 1) {
    reader.report({ code: "E_KIND_MULTI", task, place, kinds });
    return [];
  }
  if (kinds.length === 0) {
    if (sound) reader.report({ code: "E_KIND_NONE", task, place, name: `an item of ${task}` });
    return [];
  }
  const scope = { ...readScope(reader, path, value), ...readItemExtension(reader, path, value) };
  if (kinds[0] !== "shell" && value.interpreter !== undefined) {
    reader.report({ code: "W_INTERPRETER", task, place: reader.place([...path, "interpreter"]) });
  }
  if (kinds[0] === "use") {
    const text = readString(reader, [...path, "use"], value.use);
    if (text === undefined) return [];
    const at = reader.place([...path, "use"]);
    return [{ kind: "use", reference: { kind: "text", text, place: at, scope } }];
  }
  const action = readAction(reader, path, value, kinds[0] as "cmd" | "shell" | "call");
  return action === undefined ? [] : [{ kind: "inline", action, scope, place }];
}

/** `cmd`, `shell` or `call` of a task or an inline item. */
export function readAction(
  reader: Reader,
  path: Path,
  table: Table,
  kind: Exclude<typeof KINDS[number], "tasks">,
): Action | undefined {
  const at = [...path, kind];
  const value = table[kind];
  const task = reader.task;
  if (kind === "cmd" && Array.isArray(value)) {
    if (value.length === 0 || value[0] === "") {
      const place = reader.place(value.length === 0 ? at : [...at, 0]);
      reader.report({ code: "E_CMD_EMPTY", task, place, property: "cmd" });
      return undefined;
    }
    const words = readStrings(reader, at, value, false);
    if (words === undefined) return undefined;
    return {
      kind: "argv",
      words: words.map((text, index) => ({ text, place: reader.place([...at, index]) })),
    };
  }
  if (typeof value !== "string") {
    return wrong(
      reader,
      at,
      kind === "cmd" ? "a string or an array of strings" : "a string",
      value,
    );
  }
  const text = { text: value, place: reader.place(at) };
  if (value.trim() === "") {
    reader.report({ code: "E_CMD_EMPTY", task, place: text.place, property: kind });
    return undefined;
  }
  switch (kind) {
    case "cmd":
      return { kind: "command", line: text };
    case "shell": {
      // What is wrong with it is reported where the other extensions are read.
      const read = readInterpreter(table.interpreter);
      if (!("value" in read)) return { kind: "shell", script: text };
      const interpreter = { value: read.value, place: reader.place([...path, "interpreter"]) };
      return { kind: "shell", script: text, interpreter };
    }
    case "call":
      // Its other values too.
      return {
        kind: "call",
        target: text,
        result: table.result === "print" || table.result === "ignore" ? table.result : "exit",
      };
  }
}
