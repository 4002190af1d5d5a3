import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '@isocenter/contract';
import { Problem } from '../../platform/http/index.ts';

/** Of zxcvbn's 0 to 4: 3 takes at least 10^8 guesses. */
const LEAST_SCORE = 3;
/** Its time grows with the length, and what is longer than this is hardly weak. */
const LOOKED_AT = 64;

/** So much must be left when what everyone knows of the owner is taken away. */
const OF_ITS_OWN = 8;
const OURS = ['isocenter'];

type Estimator = (password: string, words: string[]) => { readonly score: number };
let loading: Promise<Estimator> | undefined;

/**
 * Throws unless the password is long enough and hard to guess for someone with lists of well-known passwords and words,
 * and with what the account says of its owner.
 */
export async function demandGoodPassword(password: string, aboutOwner: readonly string[]): Promise<void> {
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH)
    throw new Problem('weak-password', { why: 'length' });
  loading ??= loadEstimator();
  const estimate = await loading;
  const words = aboutOwner.flatMap((text) => [text, ...text.split(/[\s@.]+/)]).filter((word) => word.length > 2);
  const { score } = estimate(password.slice(0, LOOKED_AT), [...words, ...OURS]);
  if (score < LEAST_SCORE || withoutWords(password, [...words, ...OURS]).length < OF_ITS_OWN)
    throw new Problem('weak-password', { why: 'guessable' });
}

const withoutWords = (password: string, words: readonly string[]): string =>
  words.reduce((rest, word) => rest.replaceAll(word.toLowerCase(), ''), password.toLowerCase());

/** Its lists are some megabytes: they are read when the first password is chosen. */
async function loadEstimator(): Promise<Estimator> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  const estimator = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
  });
  return (password, words) => estimator.check(password, words);
}
