import type { Delta, PairedTest } from '../contracts/comparison.ts';

/** The same comparison with base and head in each other's place. */
export function turnDelta(delta: Delta): Delta {
  const { agreement, quantiles, tests } = delta;
  return {
    ...delta,
    value: negative(delta.value),
    low: negative(delta.high),
    high: negative(delta.low),
    ...(tests === undefined ? {} : { tests: tests.map(turnTest) }),
    ...(agreement === undefined
      ? {}
      : {
          agreement: { ...agreement, onlyBaseRight: agreement.onlyHeadRight, onlyHeadRight: agreement.onlyBaseRight },
        }),
    ...(quantiles === undefined
      ? {}
      : { quantiles: quantiles.map(([level, bound]): [number, number] => [1 - level, negative(bound)]).reverse() }),
  };
}

/** Only statistics that have a direction turn. */
function turnTest(test: PairedTest): PairedTest {
  const directed = ['DeLong', 'paired t', 'normal'].includes(test.name);
  return directed && test.statistic !== null ? { ...test, statistic: negative(test.statistic) } : test;
}

/** Never -0, which JSON does not keep. */
function negative(value: number): number {
  return value === 0 ? 0 : -value;
}
