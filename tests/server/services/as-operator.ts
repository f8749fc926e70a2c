/** The verbs as somebody at this computer calls them: a test that is not about who did it need not say who. */
import type { Actor } from '../../../lib/audit/actor.ts';

export const TESTER: Actor = { kind: 'command_line', session: '0a1b2c3d' };

type Verb = (...args: never[]) => unknown;
type Acting<Nouns> = {
  readonly [Noun in keyof Nouns]: Nouns[Noun] extends Verb
    ? Nouns[Noun]
    : { readonly [Name in keyof Nouns[Noun]]: WithoutActor<Nouns[Noun][Name]> };
};
type WithoutActor<T> = T extends (...args: [...infer Given, Actor]) => infer Result
  ? (...args: Given) => Result
  : T;

export function asOperator<Nouns extends object>(services: Nouns): Acting<Nouns> {
  const acting = (noun: unknown): unknown => {
    if (typeof noun !== 'object' || noun === null) return noun;
    return Object.fromEntries(
      Object.entries(noun).map(([name, verb]) => [
        name,
        (...args: unknown[]) => (verb as (...args: unknown[]) => unknown)(...args, TESTER),
      ]),
    );
  };
  return Object.fromEntries(
    Object.entries(services).map(([name, noun]) => [name, acting(noun)]),
  ) as Acting<Nouns>;
}
