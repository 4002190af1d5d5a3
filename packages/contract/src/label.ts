import { z } from 'zod';

/** Characters that no name has: controls (which could break headers and logs) and marks that turn text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to refuse.
const unfit = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const fit = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .refine((text) => !unfit.test(text), 'has characters that no name has');

/** One line of text that people read: a name, a title. */
export const label: z.ZodType<string, string> = fit(200).refine((text) => text.length > 0, 'is empty');

/** The same, and it may be empty. */
export const optionalLabel: z.ZodType<string, string> = fit(1000);

/** An e-mail address. Case does not tell two apart. */
export const email = z.email('is no e-mail address').max(254).meta({ id: 'Email' });
