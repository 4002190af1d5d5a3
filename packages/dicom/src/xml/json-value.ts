import type { JsonValue } from '../model.ts';
import { parseTag, tagHex } from '../tag.ts';
import type { VR } from '../vr.ts';

const numeric = new Set<VR>(['FD', 'FL', 'SL', 'SS', 'SV', 'UL', 'US', 'UV']);
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * The value of the DICOM JSON model that a text stands for; undefined when it stands for none of its VR. DS and IS that
 * are no numbers stay text, as do integers that JSON can't hold exactly (PS3.18 F.2.3).
 */
export function jsonValueOf(text: string, vr: VR): JsonValue | undefined {
  if (text === '') return undefined;
  if (vr === 'AT') {
    const tag = parseTag(text.trim());
    return tag === undefined ? undefined : tagHex(tag);
  }
  if (numeric.has(vr)) return numberOf(text.trim(), vr);
  if ((vr === 'DS' || vr === 'IS') && decimal.test(text) && Number.isFinite(Number(text))) return Number(text);
  return text;
}

function numberOf(text: string, vr: VR): JsonValue | undefined {
  if (vr === 'FD' || vr === 'FL') return floatOf(text);
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text.replace('+', '')).toString();
}

/** XML Schema writes INF, C inf, JavaScript Infinity. */
function floatOf(text: string): JsonValue | undefined {
  if (/^[+-]?nan$/i.test(text)) return 'NaN';
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? '-Infinity' : 'Infinity';
  const number = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
