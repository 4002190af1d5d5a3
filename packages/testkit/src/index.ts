export {
  type MadePerson,
  type MadeProject,
  makePerson,
  makeProject,
  type PersonToMake,
} from '@isocenter/server/testing';
export { CookieJar } from './cookie-jar.ts';
export { needs } from './needs.ts';
export { cli, type Exit, type ServerProcess, type ServerProcessOptions, startServerProcess } from './server-process.ts';
export { beginSignIn, type SignInAs, signInAs } from './sign-in.ts';
export { createTestDatabase, type TestDatabase, testDatabase } from './test-database.ts';
export { startTestServer, type TestServer, testServer } from './test-server.ts';
