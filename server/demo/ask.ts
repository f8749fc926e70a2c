/**
 * What a request asks of the emulated model: its newest prompt, the tool it may use, and how often it has used
 * it since. Reads chat messages and Responses items alike.
 *
 * Prompts steer the emulator in plain words: "say exactly: TEXT", "run `COMMAND`", "run `COMMAND` 9 times", and
 * "hand on `PROMPT`" for a sub-agent.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface ToolOffer {
  readonly name: string;
  readonly type: 'function' | 'custom';
  /** Newer Codex models group their tools. */
  readonly namespace: string | null;
}

export interface Ask {
  /** Text of the last message of the user that a person wrote. */
  readonly prompt: string;
  readonly tools: readonly ToolOffer[];
  /** What tools have answered since that message, oldest first. */
  readonly toolOutputs: readonly string[];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const listOf = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** A conversation's items, whatever the surface calls them. */
export function itemsOf(body: JsonObject): readonly JsonObject[] {
  if (typeof body.input === 'string') return [{ role: 'user', content: body.input }];
  if (typeof body.prompt === 'string') return [{ role: 'user', content: body.prompt }];
  return Array.isArray(body.input) ? listOf(body.input) : listOf(body.messages);
}

export function askOf(body: JsonObject): Ask {
  const items = itemsOf(body);
  const last = items.findLastIndex((item) => item.role === 'user' && !isSurrounding(textOf(item.content)));
  const outputs = items.slice(last + 1).filter(isToolOutput);
  return {
    prompt: last < 0 ? '' : textOf(items[last]?.content),
    tools: toolsOf(body, items),
    toolOutputs: outputs.map((item) => textOf(item.output ?? item.content)),
  };
}

/** Agents put facts about their surroundings into messages of the user, in angle brackets. */
function isSurrounding(text: string): boolean {
  return /^\s*<[a-z_]+>/i.test(text);
}

function isToolOutput(item: JsonObject): boolean {
  return item.role === 'tool' || (typeof item.type === 'string' && item.type.endsWith('_call_output'));
}

export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .map((part) => (typeof part.text === 'string' ? part.text : ''))
    .join('\n');
}

/** Newer Codex models are given their tools in an item of the input, grouped in namespaces. */
function toolsOf(body: JsonObject, items: readonly JsonObject[]): readonly ToolOffer[] {
  const extra = items
    .filter((item) => item.type === 'additional_tools')
    .flatMap((item) => listOf(item.tools));
  return offersOf([...listOf(body.tools), ...extra], null);
}

function offersOf(tools: readonly JsonObject[], namespace: string | null): readonly ToolOffer[] {
  return tools.flatMap((tool): readonly ToolOffer[] => {
    const name = isObject(tool.function) ? tool.function.name : tool.name;
    if (typeof name !== 'string') return [];
    if (tool.type === 'namespace') return namespace === null ? offersOf(listOf(tool.tools), name) : [];
    return [{ name, type: tool.type === 'custom' ? 'custom' : 'function', namespace }];
  });
}
