import { describe } from 'vitest';
import { memoryRemote } from '../../fakes/memory-remote.ts';
import { remoteContract } from './remote-contract.ts';

describe('the remote in memory', () => {
  remoteContract(async () => {
    const remote = memoryRemote();
    return { remote, again: () => remote };
  });
});
