import type { Fact } from '../timeline.ts';
import { deploymentsOf, type FactView, fact, releaseOf, servedInProduction } from './fact-view.ts';

/** The release exists once, is whole, and is what both environments serve. */
export async function releaseFacts(view: FactView, tag: string): Promise<{ facts: Fact[]; sha256: string | null }> {
  const release = await releaseOf(view, tag);
  const [staging, production] = await Promise.all(
    ['staging', 'production'].map((environment) => deploymentsOf(view, environment, tag)),
  );
  const served = await servedInProduction(view);
  const wanted = ['README.md', 'evaluation.json', 'judgement.json', 'manifest.json', 'model.onnx', 'profile.json'];
  return {
    sha256: release.sha256,
    facts: [
      fact(
        `${tag} is published with model, manifest, card, evaluation, judgement and profile`,
        !release.draft && wanted.every((name) => release.names.includes(name)),
        release.names,
      ),
      fact(
        `the digest GitHub shows is the sha256 of the bytes`,
        release.sha256 !== null && release.digest === release.sha256,
        release,
      ),
      fact('staging took it', staging?.[0]?.states.at(-1) === 'success', staging),
      fact(
        'production took it and names its sha256',
        production?.[0]?.sha256 === release.sha256 && production?.[0]?.states.includes('success') === true,
        production,
      ),
      fact('the production server answers with those bytes', served.sha256 === release.sha256, served),
    ],
  };
}
