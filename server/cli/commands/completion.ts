/** `cam completion SHELL`: a script that completes commands and flags, made from their definitions. */
import { Argument } from 'commander';
import type { CommandModule } from '../command.ts';
import { completionScript, SHELLS, type Shell } from '../completion-script.ts';
import { outline } from '../outline.ts';

export const addCompletion: CommandModule = (command, { terminal, commands }) => {
  command
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  cam completion bash > ~/.local/share/bash-completion/completions/cam
  cam completion zsh > "\${fpath[1]}/_cam"
  cam completion fish > ~/.config/fish/completions/cam.fish`,
    )
    .action(async (shell: Shell) => terminal.out(completionScript(shell, await outline(commands)).trimEnd()));
};
