/**
 * Peers that find files by git get a repository with everything committed.
 *
 * @module
 */

import { capture, Fault } from "../../command.ts";

/** Make a folder a repository, all that is not ignored committed. */
export async function commit(folder: string): Promise<void> {
  const who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "gc.auto=0"];
  const steps = [["init", "-q"], ["add", "-A"], [...who, "commit", "-q", "-m", "Everything"]];
  for (const words of steps) {
    const done = await capture("git", words, { cwd: folder, missing: "git is needed" });
    if (done.code !== 0) throw new Fault(`“git ${words[0]}” failed: ${done.stderr.trim()}`);
  }
}
