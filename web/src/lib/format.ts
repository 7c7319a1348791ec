/** Numbers, sizes and times as people read them. Pure; the locale is the browser's. */

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  const units = ["kB", "MB", "GB"];
  let value = size / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A limit that was set in powers of two, such as `25 MiB`. */
export function binaryBytes(size: number): string {
  const mebibytes = size / (1024 * 1024);
  return mebibytes < 1 ? `${Math.round(size / 1024)} KiB` : `${Number(mebibytes.toFixed(1))} MiB`;
}

export function speed(bytesPerSecond: number): string {
  return `${bytes(Math.max(0, Math.round(bytesPerSecond)))}/s`;
}

/** A rough length of time: nobody plans by the second once it takes minutes. */
export function roughly(seconds: number): string {
  if (seconds < 1) return "1 s";
  if (seconds < 90) return `${seconds < 10 ? Math.ceil(seconds) : Math.round(seconds / 5) * 5} s`;
  const minutes = seconds / 60;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  return `${(minutes / 60).toFixed(minutes < 600 ? 1 : 0)} h`;
}

export function exactly(milliseconds: number): string {
  return milliseconds < 60_000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

/** Money in millionths of a unit, as engines are priced; null when it costs nothing. */
export function money(micros: number, currency: string): string | null {
  if (micros <= 0) return null;
  return new Intl.NumberFormat(undefined, { style: "currency", currency: currency.toUpperCase() }).format(
    micros / 1_000_000,
  );
}

export function ago(time: string, now: number = Date.now()): string {
  const seconds = (now - Date.parse(time)) / 1000;
  if (Number.isNaN(seconds)) return "";
  if (seconds < 45) return "just now";
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  if (seconds < 3600) return words.format(-Math.max(1, Math.round(seconds / 60)), "minute");
  if (seconds < 86_400) return words.format(-Math.round(seconds / 3600), "hour");
  if (seconds < 30 * 86_400) return words.format(-Math.round(seconds / 86_400), "day");
  return new Date(time).toLocaleDateString(undefined, { dateStyle: "medium" });
}

export function day(time: string): string {
  return new Date(time).toLocaleDateString(undefined, { day: "numeric", month: "long" });
}

/** `living_room` as "Living room", for ids the options do not name. */
export function humanize(id: string): string {
  const words = id.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
