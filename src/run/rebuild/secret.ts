/**
 * What must not be read by people: declared so, or by its name, or by what it looks like.
 *
 * @module
 */

const NAMES = /SECRET|TOKEN|PASS|PWD|KEY|AUTH|CRED|PRIVATE|SESSION|COOKIE|DSN/i;
const URL_WITH_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i;

/** Directories, whose names look like something else. */
const PLAIN = new Set(["PWD", "OLDPWD"]);

/** @param name of a variable or an argument */
export function isSecret(name: string, value: string): boolean {
  return NAMES.test(name) && !PLAIN.has(name.toUpperCase()) || URL_WITH_PASSWORD.test(value);
}
