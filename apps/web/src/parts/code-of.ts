import { Code } from '@isocenter/contract';

/** A code made from a name, as a first suggestion: `Children’s Hospital Zürich` → `childrens-hospital-zurich`. */
export function codeOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
}

export const isCode = (text: string): boolean => Code.safeParse(text).success;
