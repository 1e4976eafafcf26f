/**
 * How many columns of a terminal a text takes, and where to break it. No knowledge of any terminal
 * goes in: East Asian wide characters and emoji take two columns, combining marks none.
 *
 * @module
 */

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The columns a text takes. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/**
 * The lines of a text that is too long for one: broken after a blank where there is one, and
 * within a word that is longer than a line. Nothing but the blanks at breaks is lost.
 *
 * @param width Columns of a line; a line is longer only if a single character is.
 */
export function wrapped(text: string, width: number): readonly string[] {
  if (textWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = "";
  let used = 0;
  const flush = () => {
    if (line !== "") lines.push(line.trimEnd());
    line = "";
    used = 0;
  };
  for (const word of text.split(/(?<= )/)) {
    const size = textWidth(word.trimEnd());
    if (used + size > width) flush();
    if (size <= width) {
      line += word;
      used += textWidth(word);
      continue;
    }
    for (const { segment } of graphemes.segment(word)) {
      const own = graphemeWidth(segment);
      if (used + own > width) flush();
      line += segment;
      used += own;
    }
  }
  flush();
  return lines;
}

function graphemeWidth(segment: string): number {
  const code = segment.codePointAt(0)!;
  if (/^\p{M}|^[\u200b-\u200d\u2060]/u.test(segment)) return 0;
  if (segment.includes("\ufe0f") || /^\p{Emoji_Presentation}/u.test(segment)) return 2;
  return wide.some(([low, high]) => code >= low && code <= high) ? 2 : 1;
}

/** Hangul, CJK, Kana, Yi, full-width forms and the ideographic planes. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
];
