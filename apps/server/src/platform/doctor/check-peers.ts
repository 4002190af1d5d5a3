import { connect } from 'node:net';
import type { Config, DimsePeer } from '../config.ts';
import { codeOf, type Finding, verdicts } from './finding.ts';

const CONNECT_MS = 3000;

/** DICOM peers take connections. One that doesn't is worth knowing, but keeps nothing of ours from working. */
export async function* checkPeers({ dimse }: Config): AsyncGenerator<Finding> {
  if (dimse === undefined) return;
  const { ok, warn } = verdicts('DICOM peers');
  if (dimse.peers.length === 0) {
    yield warn('The DICOM port is open, but no peer may use it.', 'Name the peers in ISOCENTER_DIMSE_PEERS.');
  }
  for (const [peer, failure] of await Promise.all(
    dimse.peers.map(async (each) => [each, await tryConnect(each)] as const),
  )) {
    const name = `${peer.aeTitle} at ${peer.host}:${peer.port}`;
    yield failure === undefined
      ? ok(`${name} takes connections`)
      : warn(
          `${name} can't be reached (${failure}).`,
          'Check its address in ISOCENTER_DIMSE_PEERS, and firewalls in between.',
        );
  }
}

function tryConnect({ host, port }: DimsePeer): Promise<string | undefined> {
  return new Promise((settle) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (failure: string | undefined): void => {
      socket.destroy();
      settle(failure);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error) => end(codeOf(error)));
  });
}
