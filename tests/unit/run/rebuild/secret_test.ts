import { assert } from "@std/assert";
import { isSecret } from "../../../../src/run/rebuild/secret.ts";

Deno.test("a name that speaks of a secret has one, in any case (lesson 32)", () => {
  for (
    const name of [
      ...["SECRET", "GITHUB_TOKEN", "dbPassword", "PGPWD", "API_KEY", "auth", "CREDENTIALS"],
      ...["PRIVATE_X", "SESSION_ID", "COOKIE", "SENTRY_DSN"],
    ]
  ) assert(isSecret(name, "x"), name);
});

Deno.test("other names have none, nor the current directory", () => {
  for (const name of ["NODE_ENV", "PATH", "PWD", "OLDPWD", "HOME", "CI"]) {
    assert(!isSecret(name, "x"), name);
  }
});

Deno.test("a URL with a password is a secret wherever it stands", () => {
  for (
    const value of [
      ...["postgres://user:pass@host/db", "https://:pass@host", "x https://a:b@c y"],
      ...["git+ssh://u:p@h:22/x"],
    ]
  ) assert(isSecret("DATABASE_URL", value), value);
  for (
    const value of ["https://host/a:b@c", "https://user@host", "http://host:80/x", "a:b@c", ""]
  ) assert(!isSecret("URL", value), value);
});
