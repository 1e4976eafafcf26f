/**
 * Durations as people read them.
 *
 * @module
 */

/**
 * @param ms milliseconds
 *
 * @example duration(1234) // "1.23s"
 */
export function duration(ms: number): string {
  // Apart, because a function that speaks of `Math` has it made when it is first called: 50 µs.
  return ms < 1000 ? `${ms.toFixed(0)}ms` : long(ms);
}

function long(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 59.995) return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)}s`;
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes < 60) return `${minutes}m${String(rest).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}m`;
}
