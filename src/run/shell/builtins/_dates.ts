/**
 * Dates as text. Pure but for the time zone of the process.
 *
 * @module
 */

/**
 * A date as people write it for a machine: `@seconds`, ISO 8601, `now`.
 *
 * @returns undefined for any other form
 */
export function parseDate(text: string, now: Date): Date | undefined {
  if (text === "now") return now;
  const seconds = /^@(-?[0-9]+(?:\.[0-9]+)?)$/.exec(text);
  if (seconds !== null) return new Date(Number(seconds[1]) * 1000);
  const iso =
    /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?) ?(Z|UTC|[-+][0-9]{2}:?[0-9]{2})?)?$/
      .exec(text);
  if (iso === null) return undefined;
  const [, day, time = "00:00", zone = ""] = iso;
  const utc = zone === "UTC" ? "Z" : zone.replace(/^([-+]..)(..)$/, "$1:$2");
  const date = new Date(`${day}T${time}${utc}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/**
 * A date in a format of `strftime`.
 *
 * @returns the text, or the directive that is not known
 */
export function formatDate(
  date: Date,
  format: string,
  utc: boolean,
): string | { readonly unknown: string } {
  let unknown: string | undefined;
  // As UTC the shifted date has the fields of the local one.
  const offset = utc ? 0 : -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000);
  const text = format.replace(/%([-_0^]?)(:?[A-Za-z%])/g, (whole, flag: string, letter: string) => {
    const value = directive(date, local, offset, utc, letter);
    if (value === undefined) {
      unknown ??= whole;
      return "";
    }
    if (flag === "^") return value.toUpperCase();
    if (flag === "-") return value.replace(/^[0 ]+(?=.)/, "");
    if (flag === "_") return value.replace(/^0+(?=.)/, (zeros) => " ".repeat(zeros.length));
    return flag === "0" ? value.replace(/^ +/, (blanks) => "0".repeat(blanks.length)) : value;
  });
  return unknown === undefined ? text : { unknown };
}

function directive(
  date: Date,
  local: Date,
  offset: number,
  utc: boolean,
  letter: string,
): string | undefined {
  const pad = (value: number, width = 2, fill = "0") => String(value).padStart(width, fill);
  const hour = local.getUTCHours();
  const twelve = hour % 12 || 12;
  const day = DAYS[local.getUTCDay()]!;
  const month = MONTHS[local.getUTCMonth()]!;
  const all = (format: string) => formatDate(date, format, utc) as string;
  switch (letter) {
    case "%":
      return "%";
    case "n":
      return "\n";
    case "t":
      return "\t";
    case "Y":
      return String(local.getUTCFullYear());
    case "C":
      return pad(Math.floor(local.getUTCFullYear() / 100));
    case "y":
      return pad(local.getUTCFullYear() % 100);
    case "m":
      return pad(local.getUTCMonth() + 1);
    case "d":
      return pad(local.getUTCDate());
    case "e":
      return pad(local.getUTCDate(), 2, " ");
    case "H":
      return pad(hour);
    case "k":
      return pad(hour, 2, " ");
    case "I":
      return pad(twelve);
    case "l":
      return pad(twelve, 2, " ");
    case "M":
      return pad(local.getUTCMinutes());
    case "S":
      return pad(local.getUTCSeconds());
    case "N":
      return `${pad(local.getUTCMilliseconds(), 3)}000000`;
    case "s":
      return String(Math.floor(date.getTime() / 1000));
    case "p":
      return hour < 12 ? "AM" : "PM";
    case "P":
      return hour < 12 ? "am" : "pm";
    case "a":
      return day.slice(0, 3);
    case "A":
      return day;
    case "b":
    case "h":
      return month.slice(0, 3);
    case "B":
      return month;
    case "j":
      return pad(dayOfYear(local) + 1, 3);
    case "u":
      return String(local.getUTCDay() || 7);
    case "w":
      return String(local.getUTCDay());
    case "U":
      return pad(Math.floor((dayOfYear(local) + 7 - local.getUTCDay()) / 7));
    case "W":
      return pad(Math.floor((dayOfYear(local) + 7 - (local.getUTCDay() + 6) % 7) / 7));
    case "V":
      return pad(isoWeek(local)[1]);
    case "G":
      return String(isoWeek(local)[0]);
    case "F":
      return all("%Y-%m-%d");
    case "T":
      return all("%H:%M:%S");
    case "D":
      return all("%m/%d/%y");
    case "R":
      return all("%H:%M");
    case "r":
      return all("%I:%M:%S %p");
    case "c":
      return all("%a %b %e %H:%M:%S %Y");
    case "x":
      return all("%m/%d/%y");
    case "X":
      return all("%H:%M:%S");
    case "z":
    case ":z": {
      const size = Math.abs(offset);
      const colon = letter === ":z" ? ":" : "";
      return `${offset < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}${colon}${pad(size % 60)}`;
    }
    case "Z":
      return utc || offset === 0 ? "UTC" : zoneName(date);
    default:
      return undefined;
  }
}

/** From 0. */
function dayOfYear(local: Date): number {
  return Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000);
}

/** The year and the week: a week belongs to the year of its Thursday. */
function isoWeek(local: Date): readonly [number, number] {
  const weekday = (local.getUTCDay() + 6) % 7;
  const thursday = new Date(local.getTime() + (3 - weekday) * 86_400_000);
  return [thursday.getUTCFullYear(), Math.floor(dayOfYear(thursday) / 7) + 1];
}

function zoneName(date: Date): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(date);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}
