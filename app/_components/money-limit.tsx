/** One optional limit in dollars: what is wrong with the amount is said beside it while it is typed. */
import { Field, MoneyInput } from './field.tsx';
import { amountWrong } from './limit-fields.ts';

export function MoneyLimit(props: {
  label: string;
  hint?: string;
  value: string;
  onValue: (value: string) => void;
}) {
  return (
    <Field label={props.label} optional hint={props.hint} wrong={amountWrong(props.value)}>
      {(parts) => (
        <MoneyInput {...parts} value={props.value} onChange={(event) => props.onValue(event.target.value)} />
      )}
    </Field>
  );
}
