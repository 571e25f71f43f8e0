import { z } from 'zod';
import { parseYaml, type YamlFault } from '../../config/parse-yaml.ts';
import { type SplitRule, splitRuleSchema } from '../../contracts/split-rule.ts';

/** Reads a split rule; throws `ConfigInvalid` with every fault and its line. `file` is what the sentence calls the text. */
export function parseSplitRule(text: string, file: string): SplitRule {
  return parseYaml<SplitRule>(text, file, splitRuleSchema, ruleFaults);
}

const loose = z.object({
  by: z.string().optional().catch(undefined),
  parts: z.record(z.string(), z.number()).optional().catch(undefined),
  key: z.unknown().optional(),
  group: z.unknown().optional(),
  label: z.unknown().optional(),
  time: z.unknown().optional(),
  cuts: z.array(z.unknown()).optional().catch(undefined),
  gap: z.unknown().optional(),
});

const instant = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$/;

function ruleFaults(value: unknown): YamlFault[] {
  const parsed = loose.safeParse(value);
  if (!parsed.success) return [];
  const { by, parts, cuts, ...rest } = parsed.data;
  const faults: YamlFault[] = [];
  const needs = { group: 'group', stratified: 'label', time: 'time' } as const;
  for (const [rule, column] of Object.entries(needs)) {
    if (by === rule && Reflect.get(rest, column) === undefined) {
      faults.push({ path: [column], message: `is missing: a split by ${rule} needs it` });
    }
  }
  const only: Record<string, readonly string[]> = {
    key: ['random', 'stratified'],
    group: ['group'],
    gap: ['time'],
  };
  for (const [name, rules] of Object.entries(only)) {
    if (by !== undefined && Reflect.get(rest, name) !== undefined && !rules.includes(by)) {
      faults.push({ path: [name], message: `has no meaning in a split by ${by}` });
    }
  }
  if (cuts !== undefined && by !== undefined && by !== 'time') {
    faults.push({ path: ['cuts'], message: `has no meaning in a split by ${by}` });
  }
  const names = Object.keys(parts ?? {});
  if (parts !== undefined && names.length < 2) {
    faults.push({ path: ['parts'], message: `needs at least two parts, got ${names.length}` });
  }
  const sum = Object.values(parts ?? {}).reduce((total, share) => total + share, 0);
  if (names.length >= 2 && Math.abs(sum - 1) > 1e-6) {
    faults.push({ path: ['parts'], message: `shares must sum to 1, got ${Number(sum.toPrecision(6))}` });
  }
  return [...faults, ...cutFaults(cuts ?? [], names.length)];
}

function cutFaults(cuts: readonly unknown[], parts: number): YamlFault[] {
  const faults: YamlFault[] = cuts.flatMap((cut, index) => {
    if (typeof cut !== 'string' || !instant.test(cut) || Number.isNaN(Date.parse(cut))) {
      return [
        { path: ['cuts', index], message: `expected a day or instant such as 2001-03-31, got ${JSON.stringify(cut)}` },
      ];
    }
    const before = cuts[index - 1];
    return typeof before === 'string' && Date.parse(before) >= Date.parse(cut)
      ? [{ path: ['cuts', index], message: `must be later than ${before}` }]
      : [];
  });
  if (cuts.length > 0 && parts >= 2 && cuts.length !== parts - 1) {
    faults.push({ path: ['cuts'], message: `${parts} parts need ${parts - 1} cuts, got ${cuts.length}` });
  }
  return faults;
}
