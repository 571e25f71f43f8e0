import type { Protection } from '../records.ts';

export function branchProtectionPayload(api: string, branch: string, protection: Protection): Record<string, unknown> {
  const url = `${api}/branches/${encodeURIComponent(branch)}/protection`;
  const off = { enabled: false };
  const required = protection.requiredChecks;
  return {
    url,
    ...(required === null
      ? {}
      : {
          required_status_checks: {
            url: `${url}/required_status_checks`,
            strict: protection.strict,
            contexts: required.map(({ context }) => context),
            contexts_url: `${url}/required_status_checks/contexts`,
            checks: required.map(({ context, appId }) => ({ context, app_id: appId })),
          },
        }),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins },
    required_linear_history: off,
    allow_force_pushes: off,
    allow_deletions: off,
    block_creations: off,
    required_conversation_resolution: off,
    lock_branch: off,
    allow_fork_syncing: off,
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
  };
}
