/**
 * What the emulated model answers to an Ask: a text, or a call of the shell tool that the client offers, or of the
 * tool by which it starts a sub-agent.
 */
import type { Ask, ToolOffer } from './ask.ts';

export type Reply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool'; readonly tool: ToolOffer; readonly argument: string };

const RUN = /\brun `([^`]+)`(?:\s+(\d{1,3}) times)?/i;
const HAND_ON = /\bhand on `([^`]+)`/i;
const SAY = /\bsay exactly:?\s+(.+)/i;
const WORDS =
  'the quick brown fox jumps over a lazy dog while seven green turtles watch from an old wooden pier'.split(
    ' ',
  );

/** @param random 0 ≤ random() < 1, for texts that nobody asked for */
export function replyTo(ask: Ask, random: () => number): Reply {
  const run = RUN.exec(ask.prompt);
  if (run !== null) {
    const [, command = '', times = '1'] = run;
    const shell = shellFor(ask.tools, command);
    if (shell !== null && ask.toolOutputs.length < Number(times)) return shell;
    const output = ask.toolOutputs.at(-1)?.trim() ?? 'nothing';
    return text(
      `The command ran ${ask.toolOutputs.length} times. Its last output was: ${output.slice(-400)}`,
    );
  }
  const handOn = HAND_ON.exec(ask.prompt);
  if (handOn !== null) {
    const tool = ask.tools.find(({ name }) => name === 'task');
    const [, prompt = ''] = handOn;
    if (tool !== undefined && ask.toolOutputs.length === 0)
      return { kind: 'tool', tool, argument: task(prompt) };
    return text(`It was handed on, and came back as: ${ask.toolOutputs.at(-1)?.slice(-400) ?? 'nothing'}`);
  }
  const say = SAY.exec(ask.prompt);
  return text(say === null ? aside(random) : (say[1] ?? '').trim());
}

const text = (words: string): Reply => ({ kind: 'text', text: words });

function aside(random: () => number): string {
  const count = 12 + Math.floor(random() * 30);
  const words = Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)] ?? 'word');
  return `Here is an answer: ${words.join(' ')}.`;
}

/** The arguments of OpenCode's tool for sub-agents. */
const task = (prompt: string): string =>
  JSON.stringify({ description: 'What was handed on', prompt, subagent_type: 'general' });

/** The arguments that each agent's shell tool takes. */
const SHELLS: Readonly<Record<string, (command: string) => unknown>> = {
  bash: (command) => ({ command, description: 'Runs the command that was asked for' }),
  exec_command: (command) => ({ cmd: command }),
  shell_command: (command) => ({ command }),
  shell: (command) => ({ command: ['bash', '-lc', command] }),
};

function shellFor(tools: readonly ToolOffer[], command: string): Reply | null {
  for (const tool of tools) {
    const shape = SHELLS[tool.name];
    if (tool.type === 'function' && shape !== undefined) {
      return { kind: 'tool', tool, argument: JSON.stringify(shape(command)) };
    }
    if (tool.type === 'custom' && tool.name === 'exec') {
      const script = `const result = await tools.exec_command(${JSON.stringify({ cmd: command })});\ntext(result);`;
      return { kind: 'tool', tool, argument: script };
    }
  }
  return null;
}
