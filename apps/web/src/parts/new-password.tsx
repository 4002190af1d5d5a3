import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '@isocenter/contract';
import { PasswordInput } from '@mantine/core';
import { t } from '../text/t.ts';

interface NewPasswordProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoFocus?: boolean;
  readonly size?: 'sm' | 'md';
}

/** Characters as people count them: what a keyboard gives at once is one, whatever its code needs. */
const lengthOf = (text: string): number => [...text].length;

export const isLongEnough = (password: string): boolean =>
  lengthOf(password) >= MIN_PASSWORD_LENGTH && lengthOf(password) <= MAX_PASSWORD_LENGTH;

/** A password that is chosen; says while one types how far it is. How hard it is to guess, the server judges. */
export function NewPassword({ label, value, onChange, autoFocus = false, size = 'sm' }: NewPasswordProps) {
  return (
    <PasswordInput
      label={label}
      description={t('password.about')}
      name="new-password"
      autoComplete="new-password"
      required
      withAsterisk={false}
      size={size}
      autoFocus={autoFocus}
      maxLength={MAX_PASSWORD_LENGTH}
      value={value}
      visibilityToggleButtonProps={{ 'aria-label': t('password.show'), tabIndex: 0 }}
      onChange={(event) => onChange(event.currentTarget.value)}
      inputContainer={(input) => (
        <>
          {input}
          <span role="status" style={{ color: 'var(--text-soft)', fontSize: '0.75rem' }}>
            {hintOf(lengthOf(value))}
          </span>
        </>
      )}
    />
  );
}

function hintOf(length: number): string {
  if (length === 0) return t('password.hint.none', { least: MIN_PASSWORD_LENGTH });
  if (length < MIN_PASSWORD_LENGTH) return t('password.hint.short', { count: MIN_PASSWORD_LENGTH - length });
  return t('password.hint.enough');
}
