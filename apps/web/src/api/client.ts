import { createClient } from '@isocenter/client';

/** The server that these pages came from; the session's cookie says who asks. */
export const client = createClient({ baseUrl: location.origin });
