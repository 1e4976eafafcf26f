export { camelCase, kebabCase, snakeCase } from "./case.ts";
export { words } from "./words.ts";
