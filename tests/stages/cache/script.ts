/**
 * The commands of a model's tasks, as POSIX shell text. A command writes down everything it is said
 * to depend on: its own constants, its variables and argument, and every file it reads with name,
 * bits and link text. So two results that are equal came from equal causes.
 *
 * The text of a function is its twin: what `sh` must do to leave the same bytes.
 *
 * @module
 */

import {
  baseOf,
  HIDDEN,
  HIDING,
  type Model,
  type Read,
  valueOf,
  type Work,
  workNamed,
  type Write,
} from "./model.ts";

/** The words of `base.txt` for which the optional output is made. */
export const OPTIONAL_FOR = ["red", "blue"];

/** Its first word of `base.txt` makes a task fail. */
export const FAILING = "FAIL";

/** The text of a `shell` task or a script, or the twin of a function. */
export function commandOf(task: Work, model: Model): string {
  const here = (path: string) => up(task) + path;
  const cut = task.text ? 'l=${l%"$r"}; ' : "";
  const word = task.takesWord ? task.action === "function" ? '"${1-dev}"' : '"$*"' : "''";
  const over = task.takesOver ? '"${OV-}"' : "''";
  const lines = [
    `printf '%s|%s|%s\\n' ${task.name} ${word} ${over} >> "$RIG/log"`,
    SLOW,
    ...task.text ? ["r=$(printf '\\r')"] : [],
    ...hiddenLines(task, here),
    `f() {
  if [ -h "$1" ]; then printf 'link %s -> %s\\n' "$1" "$(readlink "$1")"; fi
  if [ -f "$1" ]; then
    m=; ${task.platform === "any" ? "" : `[ ! -x "$1" ] || m=' x'`}
    printf 'file %s%s\\n' "$1" "$m"
    while IFS= read -r l || [ -n "$l" ]; do ${cut}printf '|%s\\n' "$l"; done < "$1"
  fi
}`,
    ...task.reads.some(({ shape }) => shape === "deep" || shape === "tree") ? [WALK] : [],
    "h=$(",
    ...headOf(task, model),
    ")",
    "d=$(",
    "printf '%s\\n' \"$h\"",
    ...task.reads.map((read) => readLine(read, here)),
    ")",
    "printf '%s\\n' \"$d\"",
    ...writeLines(task, here),
  ];
  return lines.join("\n") + "\n";
}

const SLOW = '[ ! -e "$RIG/slow" ] || sleep 0.02';

/** `$i`: what an ignore file hides from the task, read as it is when the task runs. */
function hiddenLines(task: Work, here: (path: string) => string): readonly string[] {
  const file = here(".gitignore");
  if (task.seesIgnored || task.caching === "plain") return ["i="];
  return [
    `i=; [ ! -f ${file} ] || while IFS= read -r l; do ` +
    `[ "$l" != ${HIDING} ] || i=${HIDDEN}; done < ${file}`,
  ];
}

/** $1 a folder, $2 how names must end, $3 a folder that does not count. */
const WALK = `w() {
  for e in "$1"/*; do
    if [ "$e" = "$3" ] || [ "\${e##*/}" = "$i" ]; then :
    elif [ -d "$e" ]; then
      if [ -h "$e" ]; then
        [ -z "$2" ] || continue
        printf 'link %s -> %s\\n' "$e" "$(readlink "$e")"
      fi
      w "$e" "$2" "$3"
    else
      case $e in *"$2") f "$e" ;; esac
    fi
  done
}`;

function headOf(task: Work, model: Model): readonly string[] {
  const say = (text: string) => `echo '${text}'`;
  const shown = (name: string) => `echo "${name}=\${${name}-unset}"`;
  const names = [...Object.keys(task.env), ...task.named, ...task.takesOver ? ["OV"] : []];
  return [
    say(`task ${task.name} ${task.constant}`),
    ...usesOf(task, model).map(say),
    ...[...new Set(names)].map(shown),
    ...!task.takesWord
      ? []
      : task.action === "function"
      ? ['echo "arg ${1-dev}"']
      : ['for a in "$@"; do echo "arg $a"; done'],
    ...task.tool === undefined ? [] : [`echo "tool $(cat ${up(task)}${task.tool})"`],
    ...task.matched
      ? ["export -p | while IFS= read -r l; do case $l in *' CE_'*) echo \"${l#* }\" ;; esac; done"]
      : [],
  ];
}

/** What a function says of the code it is made with, and of what it is given. */
function usesOf({ uses, takesValue }: Work, model: Model): readonly string[] {
  const { code } = model;
  const values = {
    top0: code.top[0],
    top1: code.top[1],
    help0: `${code.help[0]} ${code.top[0]}`,
    help1: `${code.help[1]} ${code.top[1]}`,
    state: code.state,
    extra: code.extra,
    data: code.data,
    linked: code.linked,
  };
  const given = takesValue === undefined ? [] : [valueOf(workNamed(model, takesValue), model)];
  return [
    ...uses.map((use) => `${use} ${values[use]}`),
    ...given.map((value) => `value ${value}`),
  ];
}

function readLine({ at, shape, without }: Read, here: (path: string) => string): string {
  const place = here(at);
  if (shape === "file") return `f ${place}`;
  if (shape === "direct") return `for e in ${place}/*.txt; do f "$e"; done`;
  const excluded = without === undefined ? "''" : here(without);
  return `w ${place} ${shape === "deep" ? ".txt" : "''"} ${excluded}`;
}

function writeLines(task: Work, here: (path: string) => string): readonly string[] {
  const folders = task.writes.map(({ kind, at }) => {
    if (kind === "named") return `${here(at)}/d-$v`;
    return here(kind === "shared" ? at : at.slice(0, at.lastIndexOf("/")));
  });
  const quiet = task.lossy
    ? `q=$(printf '%s\\n' "$d" | while IFS= read -r l; do case $l in '|#'*) ;; *) printf '%s\\n' "$l" ;; esac; done)`
    : "q=$d";
  const [main, ...others] = task.writes;
  return [
    quiet,
    ...task.reads.length === 0 ? ["v=none"] : [
      `v=; [ ! -f ${here(baseOf(task))} ] || IFS= read -r v < ${here(baseOf(task))}`,
      `v=\${v%"$(printf '\\r')"}`,
    ],
    ...folders.length === 0 ? [] : [`mkdir -p ${folders.join(" ")}`],
    ...main === undefined ? [] : writeLine(task, main, here),
    `case $v in ${FAILING}*) exit 3 ;; esac`,
    SLOW,
    ...others.flatMap((write) => writeLine(task, write, here)),
  ];
}

function writeLine(task: Work, write: Write, here: (path: string) => string): readonly string[] {
  const at = here(write.at);
  // The first output is made of everything, the others of what stands in the task's definition.
  const text = `printf '%s\\n' "$${write === task.writes[0] ? "q" : "h"}"`;
  switch (write.kind) {
    case "main": {
      // Without declared outputs nothing keeps others from reading half of it.
      const plain = task.caching === "plain";
      const file = plain ? `${at}.$$` : at;
      const folder = at.slice(0, at.lastIndexOf("/"));
      return [
        `${text} > ${file}`,
        ...plain ? [`mv ${file} ${at}`] : [],
        ...task.decoration === "exec" ? [`chmod 755 ${at}`] : [],
        ...task.decoration === "link" ? [`ln -sf main.txt ${folder}/link-$v`] : [],
        ...task.decoration === "empty" ? [`mkdir -p ${folder}/empty-$v`] : [],
      ];
    }
    case "named":
      return [`${text} > ${at}/$v.txt`, `${text} > ${at}/d-$v/${task.name}.txt`];
    case "shared":
      return [`${text} > ${at}/${task.name}-$v.txt`];
    case "extra":
      return [`${text} > ${at}`];
    case "optional":
      return [`case $v in ${OPTIONAL_FOR.join("|")}) ${text} > ${at} ;; esac`];
  }
}

/** The text of the hook before a task. It replaces the file at once: others may be reading it. */
export function hookOf(task: Work): string {
  const { from, to, constant, silent } = task.pre!;
  const [source, target] = [up(task) + from, up(task) + to];
  const folder = target.slice(0, target.lastIndexOf("/"));
  return `mkdir -p ${folder} && { ${
    silent ? ":" : "echo"
  } ${constant}; cat ${source}; } > ${target}.$$ && ` +
    `mv ${target}.$$ ${target}`;
}

/** From the directory of a task to the root. */
export function up({ cwd }: Work): string {
  return cwd === "" ? "" : "../".repeat(cwd.split("/").length);
}
