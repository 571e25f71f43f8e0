/** First and last day, both inclusive, `YYYY-MM-DD`. */
export type Days = { from: string; to: string };

/**
 * The last `months` whole calendar months of a table that has the days `available`; fewer when it starts later, null
 * when it holds no whole month at all.
 */
export function wholeMonths(available: Days, months: number): Days | null {
  const lastDay = toDate(available.to);
  const end = isLastOfMonth(lastDay) ? lastDay : startOfMonth(lastDay, 0, 0);
  const earliest = toDate(available.from);
  const wanted = startOfMonth(end, 1 - months, 1);
  const possible = earliest.getUTCDate() === 1 ? earliest : startOfMonth(earliest, 1, 1);
  const start = new Date(Math.max(wanted.getTime(), possible.getTime()));
  return start > end ? null : { from: toDay(start), to: toDay(end) };
}

function toDate(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function toDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** Day `day` of the month that is `months` away; day 0 is the last one of the month before. */
function startOfMonth(date: Date, months: number, day: number): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, day));
}

function isLastOfMonth(date: Date): boolean {
  return new Date(date.getTime() + 86_400_000).getUTCDate() === 1;
}
