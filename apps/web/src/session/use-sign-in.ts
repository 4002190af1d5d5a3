import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { problemOf } from '../api/problem.ts';
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
 * Signs in with the embedded provider. It begins in the background, so that the form is there at once and the address
 * stays, and begins anew when that grew old while the page was left open.
 */
export function useSignIn(returnTo: string, interaction: string | undefined): SigningIn {
  const client = useQueryClient();
  const [step, setStep] = useState<SigningIn['step']>('password');
  const { data: started } = useQuery({ ...startQuery(returnTo), enabled: interaction === undefined });
  useEffect(() => {
    if (started?.kind === 'known') void client.invalidateQueries({ queryKey: meQuery.queryKey });
    if (started?.kind === 'elsewhere') location.assign(startAddress(returnTo));
  }, [client, started, returnTo]);

  const begin = async (anew: boolean): Promise<string | undefined> => {
    if (interaction !== undefined) return interaction;
    const begun = await client.fetchQuery({ ...startQuery(returnTo), ...(anew && { staleTime: 0 }) });
    return begun.kind === 'asked' ? begun.interaction : undefined;
  };
  const show = async (who: Shown, anew: boolean): Promise<'code-needed' | 'known'> => {
    const uid = await begin(anew);
    // What it led to instead has been acted upon by then.
    if (uid === undefined) return 'known';
    try {
      const answer = await showWho(uid, who);
      if (answer.kind === 'known') location.assign(answer.continue);
      return answer.kind;
    } catch (error) {
      const old = problemOf(error)?.code === 'sign-in-expired';
      if (old && !anew && interaction === undefined) return show(who, true);
      throw error;
    }
  };
  const entering = useMutation({
    mutationFn: (who: Shown) => show(who, false),
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
