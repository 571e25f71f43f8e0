import type { Access, Permissions } from '../../github/kernel.ts';
import type { WorkflowBody } from '../model/workflow.ts';

type Declared = WorkflowBody['permissions'];

const names = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'issues',
  'packages',
  'pages',
  'pull_requests',
  'security_events',
  'statuses',
];

/**
 * What a job's GITHUB_TOKEN may do: the job's `permissions`, else the workflow's, else GitHub's restricted default of
 * reading contents and packages. A pull request from a fork never gets to write.
 */
export function jobPermissions(workflow: Declared, job: Declared, isFork: boolean): Permissions {
  const declared = job ?? workflow;
  const granted = declared == null ? ({ contents: 'read', packages: 'read' } satisfies Permissions) : expand(declared);
  const capped = Object.entries(granted).map(([name, access]): [string, Access] => [
    name,
    isFork && access === 'write' ? 'read' : access,
  ]);
  return { ...Object.fromEntries(capped), metadata: 'read' };
}

function expand(declared: NonNullable<Declared>): Permissions {
  if (declared === 'read-all') return Object.fromEntries(names.map((name) => [name, 'read']));
  if (declared === 'write-all') return Object.fromEntries(names.map((name) => [name, 'write']));
  return Object.fromEntries(Object.entries(declared).map(([name, access]) => [name.replaceAll('-', '_'), access]));
}
