import { type EndpointArguments, type EndpointDefinition, type EndpointResponse, endpoints } from '@isocenter/contract';
import { type CallOptions, type ClientOptions, call, send } from './call.ts';
import { type FollowOptions, followEvents, type Heard } from './events.ts';

type Endpoints = typeof endpoints;

type Operation<D extends EndpointDefinition> =
  Record<never, never> extends EndpointArguments<D>
    ? (args?: EndpointArguments<D>, options?: CallOptions) => Promise<EndpointResponse<D>>
    : (args: EndpointArguments<D>, options?: CallOptions) => Promise<EndpointResponse<D>>;

/** Every operation of the API as a function: `client.getStudy({ params: { studyUid } })`. */
export type Client = { readonly [Name in keyof Endpoints]: Operation<Endpoints[Name]> } & {
  /** Live events, over lost connections. */
  events(options: FollowOptions): AsyncGenerator<Heard, void>;
  /** For what is no JSON (DICOMweb): any path, with the client's credentials; throws a ProblemError for what is not OK. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
};

export function createClient(options: ClientOptions): Client {
  const operations = Object.entries(endpoints).map(([name, definition]) => [
    name,
    (args = {}, callOptions: CallOptions = {}) => call(options, definition, args, callOptions),
  ]);
  return {
    ...(Object.fromEntries(operations) as { readonly [Name in keyof Endpoints]: Operation<Endpoints[Name]> }),
    events: (follow) => followEvents(options, follow),
    fetch: (path, init = {}) => send(options, path, init),
  };
}
