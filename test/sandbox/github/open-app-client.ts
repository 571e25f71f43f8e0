import { ProbotOctokit } from 'probot';
import type { Playground } from './open-playground.ts';

const Patient = ProbotOctokit.defaults((given: object) => ({
  ...given,
  throttle: { enabled: false },
  retry: { enabled: false },
}));

/** Probot's own client: as the App with its JWT, or as its installation. */
export function openAppClient({ app, github }: Playground, as: 'app' | 'installation') {
  const { appId, privateKey, installationId } = app;
  const auth = { appId, privateKey, ...(as === 'installation' ? { installationId } : {}) };
  return new Patient({ auth, baseUrl: github.url });
}
