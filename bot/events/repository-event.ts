import { z } from 'zod';

/** What every event says about where it happened. */
export const repositoryEventSchema = z.object({
  repository: z.object({
    id: z.int(),
    name: z.string(),
    owner: z.object({ login: z.string() }),
    default_branch: z.string(),
  }),
});

/** Where an event happened: the repository and the branch whose policy counts. */
export type EventPlace = { owner: string; repo: string; repositoryId: number; defaultBranch: string };

export function eventPlace({ repository }: z.infer<typeof repositoryEventSchema>): EventPlace {
  return {
    owner: repository.owner.login,
    repo: repository.name,
    repositoryId: repository.id,
    defaultBranch: repository.default_branch,
  };
}
