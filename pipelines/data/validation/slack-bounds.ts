/** Room on either side of what was seen, as a share of the range. */
const room = 0.1;

/**
 * Bounds around what was seen that leave room for the next file and still catch what is out of the way: a tenth of the
 * range on either side, rounded outwards to two digits. Zero and one stay bounds of what never crossed them.
 */
export function slackBounds(least: number, largest: number): { min: number; max: number } {
  const span = largest - least;
  const slack = span === 0 ? Math.abs(largest) * room : span * room;
  const step = slack === 0 ? 1 : 10 ** Math.floor(Math.log10(slack));
  const isShare = least >= 0 && largest <= 1;
  // At the ends of what a number can be there is no room left to give.
  if (step === 0 || !Number.isFinite((largest + slack) / step) || !Number.isFinite((least - slack) / step)) {
    return { min: least, max: largest };
  }
  const low = least >= 0 && least - slack < 0 ? 0 : exact(Math.floor((least - slack) / step) * step);
  const high = largest <= 0 && largest + slack > 0 ? 0 : exact(Math.ceil((largest + slack) / step) * step);
  return { min: isShare ? 0 : Math.min(low, least), max: isShare ? 1 : Math.max(high, largest) };
}

/** Without the digits that only come from counting in twos. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}
