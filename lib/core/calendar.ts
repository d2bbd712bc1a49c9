/** Days as `yyyy-mm-dd` and months as `yyyy-mm`, in UTC, without a clock. */

/** `2026-12` or `2026-12-31` → `2027-01`. */
export function monthAfter(date: string): string {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return month >= 12 ? `${year + 1}-01` : `${year}-${two(month + 1)}`;
}

/** `2026-12-31` → `2027-01-01`. */
export function dayAfter(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return date >= daysIn(year, month) ? `${monthAfter(day)}-01` : `${day.slice(0, 8)}${two(date + 1)}`;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
