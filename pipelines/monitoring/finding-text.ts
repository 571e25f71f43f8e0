/** Why a finding says nothing. */
export function tooFew(subject: string, rows: number, minRows: number): string {
  return `${subject}: ${rows} rows, and nothing is said below ${minRows}`;
}

/** A share as people read it. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A number of a message; three decimals are what any of the measures is good for. */
export function round(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : 'undefined';
}

/** A number of a document: what is undefined is null. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
