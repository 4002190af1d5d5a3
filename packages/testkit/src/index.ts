export { needs } from './needs.ts';
export { createTestDatabase, type TestDatabase, testDatabase } from './test-database.ts';
export { startTestServer, type TestServer, testServer } from './test-server.ts';
