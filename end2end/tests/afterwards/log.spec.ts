// What the server said of all that was asked of it.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';

test('the server has nothing to complain of', () => {
  const log = readFileSync(new URL('../../results/server.log', import.meta.url), 'utf8');
  const bare = log.replace(/\u001b\[[0-9;]*m/g, '');
  expect(bare.split('\n').length).toBeGreaterThan(100);
  expect(bare.split('\n').filter((line) => /\b(ERROR|WARN)\b|panicked/.test(line))).toEqual([]);
  // What someone typed is in no log.
  expect(bare).not.toContain('munitions');
});
