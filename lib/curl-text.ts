/** A call as a curl command. The key is a variable of the shell: a command must not carry one. */
export interface CurlCall {
  readonly url: string;
  /** JSON as it is sent. */
  readonly body: string;
  /** Shown as it comes. */
  readonly stream: boolean;
}

export function curlText({ url, body, stream }: CurlCall): string {
  return [
    `curl ${stream ? '-N ' : ''}${url} \\`,
    '  -H "Authorization: Bearer $OPENAI_API_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
    // Nothing is special inside single quotes but their own end.
    `  --data-raw '${body.replaceAll("'", "'\\''")}'`,
  ].join('\n');
}
