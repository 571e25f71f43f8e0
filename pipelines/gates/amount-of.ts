/** How much an amount of a gate is beside a value of the base: a number as it is, `5%` as a share of the base. */
export function amountOf(amount: number | string, base: number): number {
  return typeof amount === 'number' ? amount : (Number(amount.slice(0, -1)) / 100) * Math.abs(base);
}
