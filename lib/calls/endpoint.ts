/**
 * What one OpenAI path is and how a call to it may be treated. The table itself is in `endpoint-table.ts`.
 */
export type EndpointFamily =
  | 'responses'
  | 'chat'
  | 'completions'
  | 'embeddings'
  | 'images'
  | 'audio'
  | 'moderations'
  | 'models'
  | 'files'
  | 'other';

/** inference: routed and failed over · fixed: one fixed account, never failed over · models, usage: answered by us · admin: refused. */
export type EndpointTreatment = 'inference' | 'fixed' | 'models' | 'usage' | 'admin';

export interface Endpoint {
  /** `POST /responses`, with `{name}` for path parameters: stable, used in the ledger. */
  readonly name: string;
  readonly method: string;
  readonly pattern: string;
  readonly family: EndpointFamily;
  readonly treatment: EndpointTreatment;
  readonly canStream: boolean;
  readonly multipart: boolean;
  readonly binary: boolean;
  readonly webSocket: boolean;
  /** Sending it twice has no effect but cost: it may be repeated elsewhere after an ambiguous end. */
  readonly repeatable: boolean;
}
