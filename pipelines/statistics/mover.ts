/** A number and the ends of its interval. */
export type Ended = { value: number; low: number; high: number };

/**
 * Interval of `left - right` of two independent numbers from their own intervals, whatever their shape: distances to the
 * ends, squared and added (method of variance estimates recovery, Zou & Donner 2008; for rates it is Newcombe's).
 */
export function moverDifference(left: Ended, right: Ended): { low: number; high: number } {
  const value = left.value - right.value;
  return {
    low: value - Math.hypot(left.value - left.low, right.high - right.value),
    high: value + Math.hypot(left.high - left.value, right.value - right.low),
  };
}

/**
 * The same for `left / right` of two numbers that are not negative (Donner & Zou 2012). The upper end is infinite where
 * the interval of `right` reaches 0.
 */
export function moverRatio(left: Ended, right: Ended): { low: number; high: number } {
  const product = left.value * right.value;
  const end = (own: number, other: number, sign: -1 | 1) => {
    const scale = other * (2 * right.value - other);
    const root = product * product - own * (2 * left.value - own) * scale;
    return (product + sign * Math.sqrt(Math.max(0, root))) / scale;
  };
  return {
    low: Math.max(0, end(left.low, right.high, -1) || 0),
    high: right.low > 0 ? end(left.high, right.low, 1) : Number.POSITIVE_INFINITY,
  };
}
