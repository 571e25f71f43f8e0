#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Before anything is imported: what was compiled once is not compiled again.
enableCompileCache();
void import('./start.ts').then(({ start }) => start());
