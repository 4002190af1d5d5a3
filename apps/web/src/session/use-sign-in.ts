import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { meQuery } from '../api/session.ts';
import { type Shown, showWho, startAddress, startQuery } from '../api/sign-in.ts';

export interface SigningIn {
  readonly step: 'password' | 'code';
  readonly pending: boolean;
  readonly error: Error | null;
  /** The code of why it can't even begin. */
  readonly refused: string | undefined;
  readonly enter: (who: Shown) => void;
  /** Back to the first step. */
  readonly again: () => void;
}

/**
 * Signs in with the embedded provider without leaving the page, so that the form is there at once and the address stays.
 * It begins with the page, to learn whether it can, and anew with what was typed: a browser has one sign-in under way, and
 * another window may have begun one since.
 */
export function useSignIn(returnTo: string, interaction: string | undefined): SigningIn {
  const client = useQueryClient();
  const [step, setStep] = useState<SigningIn['step']>('password');
  const { data: started } = useQuery({ ...startQuery(returnTo), enabled: interaction === undefined });
  useEffect(() => {
    if (started?.kind === 'known') void client.invalidateQueries({ queryKey: meQuery.queryKey });
    if (started?.kind === 'elsewhere') location.assign(startAddress(returnTo));
  }, [client, started, returnTo]);

  const begin = async (): Promise<string | undefined> => {
    if (interaction !== undefined) return interaction;
    const begun = await client.fetchQuery({ ...startQuery(returnTo), staleTime: 0 });
    return begun.kind === 'asked' ? begun.interaction : undefined;
  };
  const show = async (who: Shown): Promise<'code-needed' | 'known'> => {
    const uid = await begin();
    // What it led to instead is acted upon above.
    if (uid === undefined) return 'known';
    const answer = await showWho(uid, who);
    if (answer.kind === 'known') location.assign(answer.continue);
    return answer.kind;
  };
  const entering = useMutation({
    mutationFn: show,
    meta: { shown: true },
    onSuccess: (kind) => {
      if (kind === 'code-needed') setStep('code');
    },
  });
  return {
    step,
    // Once known, the browser is on its way elsewhere.
    pending: entering.isPending || entering.data === 'known',
    error: entering.error,
    refused: started?.kind === 'refused' ? started.code : undefined,
    enter: (who) => entering.mutate(who),
    again: () => {
      entering.reset();
      setStep('password');
    },
  };
}
