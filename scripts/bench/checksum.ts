/**
 * What POSIX `cksum` says of some bytes: a CRC-32 over them and their number.
 *
 * @module
 */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? value << 1 ^ 0x04c11db7 : value << 1;
  return value;
});

/** @example checksum(new TextEncoder().encode("hello\n")) // 3015617425 */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  const add = (byte: number): void => {
    sum = sum << 8 ^ TABLE[sum >>> 24 ^ byte]!;
  };
  bytes.forEach(add);
  for (let left = bytes.length; left > 0; left = Math.floor(left / 256)) add(left & 255);
  return ~sum >>> 0;
}
