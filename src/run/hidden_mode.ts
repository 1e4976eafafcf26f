/**
 * The modes of the binary that people do not ask for: ntask starts itself in them.
 *
 * @module
 */

/** Serves the bodies of functions. */
export const FUNCTION_HOST = "__functions";

/** Calls a function of a script. */
export const SCRIPT_CALL = "__call";

/** Is the portable shell. */
export const PORTABLE_SHELL = "__shell";

/** Hashes and copies files for the ntask that started it. */
export const WORK_HOST = "__work";

/** Looks, for the ntask that started it, whether files look as they did. */
export const LOOK_HOST = "__look";

/** Ends what an ntask that was killed has left. */
export const GUARD = "__guard";
