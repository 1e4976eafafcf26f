import { words } from "./words.ts";

/** `some-name` */
export function kebabCase(name: string): string {
  return words(name).join("-");
}

/** `some_name` */
export function snakeCase(name: string): string {
  return words(name).join("_");
}

/** `someName` */
export function camelCase(name: string): string {
  return words(name).map((word, index) => index === 0 ? word : capitalized(word)).join("");
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
