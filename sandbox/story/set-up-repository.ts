import { pathToFileURL } from 'node:url';
import type { Edits, Person } from './open-person.ts';
import type { StoryPlatform } from './start-platform.ts';
import type { StoryProcesses } from './start-processes.ts';
import { checkName, owner, repo, repository } from './story.ts';

type SetUp = {
  platform: StoryPlatform;
  processes: StoryProcesses;
  dana: Person;
  stores: { training: string; holdout: string };
  /** The first commit: policy and workflows, and the pointer of the holdout. */
  edits: Edits;
  work: (directory: string) => Promise<void>;
};

/** What an administrator does once, as the example's README tells it. */
export async function setUpRepository({ platform, processes, dana, stores, edits, work }: SetUp): Promise<void> {
  const { github, app } = platform;
  const name = { owner, name: repo };
  await dana.octokit.rest.repos.createInOrg({
    org: owner,
    name: repo,
    description: 'Will this flight be late? Trained, judged and shipped by pull request.',
  });
  github.addCollaborator(name, 'maya', 'write');
  github.installApp(app.appId, name);

  for (const environment of ['holdout', 'staging', 'production']) await protectEnvironment(dana, environment);
  github.setSecret(name, 'HOLDOUT_REMOTE', pathToFileURL(stores.holdout).href, 'holdout');
  github.setVariable(name, 'LOG_REMOTE', pathToFileURL(processes.logDirectory).href);
  github.setVariable(name, 'DATA_REMOTE', pathToFileURL(stores.training).href);
  github.setVariable(name, 'STAGING_URL', processes.servers.staging.url);
  github.setVariable(name, 'PRODUCTION_URL', processes.servers.production.url);
  for (const environment of ['staging', 'production']) {
    github.setSecret(name, 'SERVER_TOKEN', processes.serverToken, environment);
  }

  await dana.push({ branch: 'main', message: 'Policy, workflows and holdout', edits, work });
  await dana.octokit.rest.repos.updateBranchProtection({
    ...repository,
    branch: 'main',
    // Bound to the App: nobody else's check of that name counts.
    required_status_checks: { strict: false, contexts: [], checks: [{ context: checkName, app_id: app.appId }] },
    enforce_admins: false,
    required_pull_request_reviews: null,
    restrictions: null,
  });
}

/** Only jobs on the default branch may use the environment and see its secrets. */
async function protectEnvironment(dana: Person, environment: string): Promise<void> {
  await dana.octokit.rest.repos.createOrUpdateEnvironment({
    ...repository,
    environment_name: environment,
    deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  });
  await dana.octokit.rest.repos.createDeploymentBranchPolicy({
    ...repository,
    environment_name: environment,
    name: 'main',
  });
}
