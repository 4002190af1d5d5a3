import { z } from 'zod';

/** A name that may stand any number of times in a query: none, one or many values become a list. */
export const repeated = <T extends string>(item: z.ZodType<T, string>) =>
  z
    .union([z.array(item), item])
    .transform((value): T[] => (Array.isArray(value) ? value : [value]))
    .default([]);

/** A whole number written as text. */
export const wholeNumber = (least: number, most: number) =>
  z.coerce.number<string | number>().int().min(least).max(most);

/** Where a page of a list begins and how long it is. */
export const pageQuery = {
  offset: wholeNumber(0, 10_000_000).default(0),
  limit: wholeNumber(1, 200).default(50),
};
