import type { Gate } from '../config/gate-schema.ts';
import type { Evaluated } from '../contracts/judgement.ts';
import { type Judged, unmeasured } from './judged.ts';

type ReproducibilityGate = Extract<Gate, { reproducibility: string }>;
type ReproducibilityInputs = Pick<Evaluated, 'run' | 'key' | 'lineage'>;

/** Whether it is known what the model was made from, and whether it can be made again. */
export function judgeReproducibility(gate: ReproducibilityGate, inputs: ReproducibilityInputs): Judged {
  const { run, key, lineage = 'reported' } = inputs;
  if (run === null) return unmeasured('error', 'there is no run record');
  const judged = (holds: boolean, message: string): Judged => ({
    ...unmeasured(holds ? 'pass' : 'fail', message),
    observed: Number(holds),
  });
  switch (gate.reproducibility) {
    case 'clean': {
      if (run.code === null) return { ...judged(false, 'trained outside of git'), reported: true };
      const sha = run.code.sha.slice(0, 7);
      const { clean } = run.code;
      return {
        ...judged(clean, clean ? `trained from ${sha} as it is in git` : `files differed from ${sha} while it trained`),
        reported: true,
      };
    }
    case 'key':
      if (key === null) return unmeasured('error', 'the key could not be recomputed from git');
      return judged(
        run.key === key,
        run.key === key
          ? `made from what git holds: key ${key.slice(0, 19)}, recomputed`
          : `made from other inputs than git holds: key ${run.key?.slice(0, 19) ?? 'none'}, recomputed ${key.slice(0, 19)}`,
      );
    case 'reproduced':
      if (lineage === 'reproduced') return judged(true, 'run again on the trusted side with the same result');
      return unmeasured('inconclusive', 'how the model was made is reported, and has not been reproduced');
  }
}
