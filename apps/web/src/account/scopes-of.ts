import { type Action, type Permission, permissions, TOKEN_SCOPES, type TokenScope } from '@isocenter/contract';

/** The scopes under which someone with these rights can do anything at all; the others would only mislead. */
export function scopesOf(actions: readonly Action[]): TokenScope[] {
  const reached = new Set(actions.map((action): Permission['scope'] => permissions[action].scope));
  return TOKEN_SCOPES.filter((scope) => reached.has(scope));
}
