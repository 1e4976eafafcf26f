/**
 * Bytes as strings and back, without loss.
 *
 * A shell's values are bytes; ours are strings. A byte that is no part of valid UTF-8 becomes a
 * lone surrogate U+DC80…U+DCFF and turns into the same byte again on the way out.
 *
 * @module
 */

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

export function decode(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    return decodeBroken(bytes);
  }
}

export function encode(text: string): Uint8Array {
  if (!/[\uDC80-\uDCFF]/u.test(text)) return ENCODER.encode(text);
  const parts: Uint8Array[] = [];
  for (const piece of text.split(/([\uDC80-\uDCFF])/u)) {
    const code = piece.charCodeAt(0);
    const stray = piece.length === 1 && code >= 0xdc80 && code <= 0xdcff;
    parts.push(stray ? Uint8Array.of(code - 0xdc00) : ENCODER.encode(piece));
  }
  return join(parts);
}

/** One byte as the character that {@linkcode encode} turns back into it. */
export function byteCharacter(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function decodeBroken(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!;
    const size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    try {
      if (size === 0 || at + size > bytes.length) throw undefined;
      text += STRICT.decode(bytes.subarray(at, at + size));
      at += size;
    } catch {
      text += byteCharacter(first);
      at++;
    }
  }
  return text;
}
