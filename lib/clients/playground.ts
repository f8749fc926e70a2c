/**
 * The dashboard's own calls. They are made with a key that lives in memory for as long as a sign-in does, and are
 * booked under a client of this name, which is no row of the client keys and has no limits of its own.
 */
import { clientKeyId } from '../base/id.ts';

export const PLAYGROUND_ID = clientKeyId('playground');
export const PLAYGROUND_NAME = 'Playground';
