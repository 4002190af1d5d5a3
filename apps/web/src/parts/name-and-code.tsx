import { TextInput } from '@mantine/core';
import { t } from '../text/t.ts';
import { codeOf, isCode } from './code-of.ts';

export interface Named {
  readonly name: string;
  readonly code: string;
  /** The code is no longer the one that the name suggests. */
  readonly own: boolean;
}

export const unnamed: Named = { name: '', code: '', own: false };
export const isNamed = ({ name, code }: Named): boolean => name.trim() !== '' && isCode(code);

interface NameAndCodeProps {
  readonly value: Named;
  readonly onChange: (value: Named) => void;
}

/** A name, and the short code that stays when the name changes. */
export function NameAndCode({ value, onChange }: NameAndCodeProps) {
  const wrong = value.code !== '' && !isCode(value.code);
  return (
    <>
      <TextInput
        label={t('named.name')}
        required
        withAsterisk={false}
        maxLength={200}
        autoComplete="off"
        data-autofocus
        value={value.name}
        onChange={(event) => {
          const name = event.currentTarget.value;
          onChange({ ...value, name, ...(!value.own && { code: codeOf(name) }) });
        }}
      />
      <TextInput
        label={t('named.code')}
        description={t('named.code.about')}
        required
        withAsterisk={false}
        maxLength={40}
        autoComplete="off"
        spellCheck={false}
        error={wrong ? t('named.code.wrong') : undefined}
        value={value.code}
        onChange={(event) => onChange({ ...value, code: event.currentTarget.value, own: true })}
      />
    </>
  );
}
