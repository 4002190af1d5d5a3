import { Button, Group, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../text/t.ts';
import { copyText } from './copy-text.ts';

interface SecretBoxProps {
  readonly label: string;
  readonly text: string;
  readonly autoFocus?: boolean;
}

/** Text to be taken away: selected as a whole when one comes into it, copied by the button. */
export function SecretBox({ label, text, autoFocus = false }: SecretBoxProps) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
  };
  return (
    <Group gap="xs" align="end" wrap="nowrap">
      <TextInput
        label={label}
        value={text}
        readOnly
        flex={1}
        autoFocus={autoFocus}
        data-autofocus={autoFocus || undefined}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', background: 'var(--surface-sunken)' } }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button
        variant="default"
        leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
        onClick={() => void copy()}
        aria-label={t('secret.copy.name', { name: label })}
      >
        {t('secret.copy')}
      </Button>
    </Group>
  );
}
