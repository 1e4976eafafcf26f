/**
 * The words of a name, in lower case.
 *
 * @param name in any style: `someName`, `SOME_NAME`, `some name`
 */
export function words(name: string): string[] {
  const spaced = name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2");
  return spaced.split(/[^\p{L}\d]+/u).filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}
