import { CodecUnavailable, DecodeError, EncodeError, RenderError } from '@isocenter/dicom/pixel';
import { Problem } from '../../../platform/http/index.ts';
import { TaskFailed, TaskTimedOut } from '../../../platform/threads/index.ts';

const pixelErrors = new Set(['DecodeError', 'EncodeError', 'CodecUnavailable', 'RenderError']);

/** Why pixels can't be had in the form asked for; undefined for any other failure. Never holds values of the data set. */
export function pixelFailure(error: unknown): string | undefined {
  if (error instanceof TaskTimedOut) return 'The frame takes too long to process.';
  const named =
    error instanceof TaskFailed
      ? pixelErrors.has(error.failure)
      : error instanceof DecodeError ||
        error instanceof EncodeError ||
        error instanceof CodecUnavailable ||
        error instanceof RenderError;
  return named ? `${(error as Error).message.replace(/\.$/, '')}.` : undefined;
}

/** The failure as 406 with its reason, where it is one of the pixels; else as it is. */
export function pixelProblem(error: unknown, available: string[]): unknown {
  const reason = pixelFailure(error);
  return reason === undefined ? error : new Problem('not-acceptable', { reason, available });
}
