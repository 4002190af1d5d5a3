import { createTestDatabase, testDatabase } from '@isocenter/testkit';
import { expect, test } from 'vitest';

const own = testDatabase();

test('[ARCH-4] a test file has a migrated database of its own', async () => {
  const other = await createTestDatabase();
  try {
    await own.database.pool.query('create table only_here (id int)');
    const { rows } = await other.database.pool.query("select to_regclass('only_here') as found");
    expect(rows).toEqual([{ found: null }]);
  } finally {
    await other.drop();
  }
});
