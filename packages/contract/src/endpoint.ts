import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import type { Action } from './permissions.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One operation of the JSON API: the server, the client and the OpenAPI document are made from it. */
export interface EndpointDefinition {
  /** The operation's name in OpenAPI and in the client: `listStudies`. */
  readonly name: string;
  readonly method: Method;
  /** With parameters in braces: `/api/studies/{studyUid}`. */
  readonly path: `/${string}`;
  readonly action: Action;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly params?: z.ZodObject;
  /** Takes strings, or lists of strings where a name is repeated. */
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Without one, the answer is 204 and empty. */
  readonly response?: z.ZodType;
  /** Of the answer, when not 200 (or 204 without a response). */
  readonly status?: number;
  /** Further statuses that come with the same response. */
  readonly otherStatuses?: readonly number[];
  /** What it can answer beyond what every endpoint can (400, 401, 403, 500, 503). */
  readonly errors?: readonly ErrorCode[];
}

export function defineEndpoint<const D extends EndpointDefinition>(definition: D): D {
  return definition;
}

type Output<D, K extends string> = D extends { readonly [P in K]: infer S extends z.ZodType } ? z.output<S> : undefined;
type Input<D, K extends string> = D extends { readonly [P in K]: infer S extends z.ZodType } ? z.input<S> : undefined;

/** What the server's handler is given: parsed values. */
export interface EndpointInput<D extends EndpointDefinition> {
  readonly params: Output<D, 'params'>;
  readonly query: Output<D, 'query'>;
  readonly body: Output<D, 'body'>;
}

/** What the server's handler returns, before it is parsed. */
export type EndpointResult<D extends EndpointDefinition> = D extends { readonly response: infer S extends z.ZodType }
  ? z.input<S>
  : // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a response returns nothing.
    void;

/** What the client's caller gets. */
export type EndpointResponse<D extends EndpointDefinition> = D extends { readonly response: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

type Part<K extends string, V> = [V] extends [undefined]
  ? { readonly [P in K]?: undefined }
  : Record<never, never> extends V
    ? { readonly [P in K]?: V }
    : { readonly [P in K]: V };

/** What the client's caller gives; a part may be left out when nothing in it is required. */
export type EndpointArguments<D extends EndpointDefinition> = Part<'params', Input<D, 'params'>> &
  Part<'query', Input<D, 'query'>> &
  Part<'body', Input<D, 'body'>>;
