import { signInAs, testServer } from '@isocenter/testkit';
import { accessSuite } from './access-suite.ts';
import { password } from './people.ts';

const server = testServer();

accessSuite({ server, provider: 'embedded', signIn: (jar, { email }) => signInAs(jar, { email, password }) });
