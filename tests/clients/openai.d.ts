/**
 * Of the `openai` package what the scenarios use. It is installed for `npm run test:clients` alone, and the types
 * of everything are checked without it.
 */
declare module 'openai' {
  type Fields = Readonly<Record<string, unknown>>;
  interface Answered {
    readonly id: string;
    readonly _request_id?: string | null;
  }
  interface ModelResponse extends Answered {
    readonly output_text: string;
    readonly status: string;
    readonly usage?: { readonly total_tokens: number };
  }
  interface Completion extends Answered {
    readonly choices: readonly { readonly message: { readonly content: string | null } }[];
    readonly usage?: { readonly total_tokens: number };
  }
  interface CompletionChunk {
    readonly choices: readonly { readonly delta: { readonly content?: string | null } }[];
    readonly usage?: { readonly total_tokens: number } | null;
  }
  interface ResponseEvent {
    readonly type: string;
    readonly delta?: string;
  }
  interface EventStream<T> extends AsyncIterable<T> {
    readonly controller: AbortController;
  }
  interface Collected extends AsyncIterable<ResponseEvent> {
    finalResponse(): Promise<ModelResponse>;
  }
  interface Stored {
    create(body: Fields): Promise<Answered>;
    retrieve(id: string): Promise<Answered>;
    delete(id: string): Promise<{ readonly deleted: boolean }>;
  }

  export interface ClientOptions {
    readonly baseURL: string;
    readonly apiKey: string;
    readonly maxRetries?: number;
    readonly timeout?: number;
  }

  export class APIError extends Error {
    readonly status: number | undefined;
    readonly code: string | null | undefined;
    readonly type: string | undefined;
    readonly requestID: string | null | undefined;
  }
  export class APIUserAbortError extends APIError {}
  export class AuthenticationError extends APIError {}
  export class BadRequestError extends APIError {}
  export class InternalServerError extends APIError {}
  export class NotFoundError extends APIError {}
  export class RateLimitError extends APIError {}
  export function toFile(content: Uint8Array, name: string): Promise<File>;

  export default class OpenAI {
    constructor(options: ClientOptions);
    readonly chat: {
      readonly completions: {
        create(body: Fields & { readonly stream: true }): Promise<EventStream<CompletionChunk>>;
        create(body: Fields): Promise<Completion>;
      };
    };
    readonly responses: {
      create(body: Fields & { readonly stream: true }): Promise<EventStream<ResponseEvent>>;
      create(body: Fields): Promise<ModelResponse>;
      stream(body: Fields): Collected;
      retrieve(id: string): Promise<ModelResponse>;
    };
    readonly embeddings: {
      create(body: Fields): Promise<{ readonly data: readonly { readonly embedding: readonly number[] }[] }>;
    };
    readonly images: {
      generate(body: Fields): Promise<{ readonly data?: readonly { readonly b64_json?: string }[] }>;
    };
    readonly models: {
      list(): Promise<{ readonly data: readonly { readonly id: string }[] }>;
      retrieve(id: string): Promise<Answered>;
    };
    readonly files: Stored;
    readonly conversations: Stored;
  }
}
