export { createTestDatabase, type TestDatabase, testDatabase } from './test-database.ts';
