import { TextInput, type TextInputProps } from '@mantine/core';

interface FieldProps extends Omit<TextInputProps, 'onChange'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A line of text that has to be filled in. What may be left empty says so; what may not needs no mark. */
export function Field({ onChange, ...rest }: FieldProps) {
  return (
    <TextInput
      required
      withAsterisk={false}
      maxLength={200}
      autoComplete="off"
      {...rest}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** The same for an e-mail address. */
export function EmailField(props: FieldProps) {
  return <Field type="email" name="email" maxLength={254} {...props} />;
}
