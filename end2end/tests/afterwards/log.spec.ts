// What the server said of all that was asked of it.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { ANOTHER, PASSWORD } from '../../account.ts';

/** The mailbox, in which the tests read their letters; and a busy machine's disk, which decides no test. */
const EXPECTED = /WARN (server::mail::mailbox: no SMTP_URL: letters are not sent but kept|sqlx::\w+(::\w+)?: (slow statement|acquired connection, but time to acquire exceeded slow threshold))/;

test('the server has nothing to complain of', () => {
  const log = readFileSync(new URL('../../results/server.log', import.meta.url), 'utf8');
  const bare = log.replace(/\u001b\[[0-9;]*m/g, '');
  expect(bare.split('\n').length).toBeGreaterThan(100);
  const complaints = bare.split('\n').filter((line) => /\b(ERROR|WARN)\b|panicked/.test(line));
  expect(complaints.filter((line) => !EXPECTED.test(line))).toEqual([]);
  // What someone typed is in no log: neither searches nor addresses nor passwords.
  for (const typed of ['munitions', '@example.org', '%40example.org', PASSWORD, ANOTHER]) expect(bare).not.toContain(typed);
});
