import assert from "node:assert/strict";
import { camelCase, kebabCase, snakeCase } from "../src/mod.ts";

export const caseTests: Record<string, () => void> = {
  "kebab case": () => assert.equal(kebabCase("SomeName"), "some-name"),
  "snake case": () => assert.equal(snakeCase("some name"), "some_name"),
  "camel case": () => assert.equal(camelCase("SOME_NAME"), "someName"),
};
