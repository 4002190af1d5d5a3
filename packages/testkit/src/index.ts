export { needs } from './needs.ts';
export { cli, type Exit, type ServerProcess, type ServerProcessOptions, startServerProcess } from './server-process.ts';
export { createTestDatabase, type TestDatabase, testDatabase } from './test-database.ts';
export { startTestServer, type TestServer, testServer } from './test-server.ts';
