import { describe } from 'vitest';
import { memoryLedger } from '../../fakes/memory-ledger.ts';
import { ledgerContract } from './ledger-contract.ts';

describe('the ledger in memory', () => {
  ledgerContract(async () => {
    const ledger = memoryLedger();
    return { ledger, commits: () => ledger.writes.length };
  });
});
