'use client';
/** Every call that the filters let through as a file, read page by page. */
import { Download } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '../../../../lib/format.ts';
import { requestsCsv, requestsJsonl } from '../../../../lib/requests/requests-csv.ts';
import type { RequestRowView } from '../../../../lib/wire/views.ts';
import { buttonClass } from '../../../_components/button.tsx';
import { saveFile } from '../../../_components/file-bytes.ts';
import { MenuButton } from '../../../_components/menu.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import type { RequestFilter } from '../../../_data/resources.ts';

const PAGE_ROWS = 200;
/** A file that a spreadsheet still opens, and no more than the page can hold. */
const ROWS_MAX = 50_000;

const FORMS = {
  csv: { label: 'CSV', note: 'For spreadsheets', type: 'text/csv', write: requestsCsv },
  jsonl: { label: 'JSONL', note: 'One object a line', type: 'application/x-ndjson', write: requestsJsonl },
} as const;
type Form = keyof typeof FORMS;

export function ExportRows({ filter }: { filter: RequestFilter }) {
  const [read, setRead] = useState<number | null>(null);
  const [note, setNote] = useState('');
  const gather = useAct(async () => {
    const rows: RequestRowView[] = [];
    let before: string | undefined;
    do {
      const page = await api.requests.list.query({
        ...filter,
        limit: PAGE_ROWS,
        ...(before === undefined ? {} : { before }),
      });
      rows.push(...page.rows);
      setRead(rows.length);
      before = page.nextBefore ?? undefined;
    } while (before !== undefined && rows.length < ROWS_MAX);
    return { rows, whole: before === undefined };
  });
  const save = async (form: Form) => {
    if (gather.busy) return;
    setNote('');
    const found = await gather.run(undefined);
    setRead(null);
    if (found === null) return;
    const { write, type } = FORMS[form];
    saveFile(`requests.${form}`, new TextEncoder().encode(write(found.rows)), type);
    const count = `${formatCount(found.rows.length)} ${found.rows.length === 1 ? 'call' : 'calls'}`;
    setNote(found.whole ? `${count} saved` : `The newest ${count} saved; narrow the search for older ones`);
  };
  const words = read === null ? (gather.problem?.message ?? note) : `${formatCount(read)} read…`;
  return (
    <>
      <span
        role="status"
        className={`min-w-0 truncate text-12 empty:hidden ${gather.problem ? 'text-bad-text' : 'text-fg-3'}`}
      >
        {words}
      </span>
      <MenuButton
        label="Export"
        className={buttonClass()}
        items={(Object.keys(FORMS) as Form[]).map((form) => ({
          label: FORMS[form].label,
          note: FORMS[form].note,
          onPick: () => void save(form),
        }))}
      >
        <Download size={14} />
        Export
      </MenuButton>
    </>
  );
}
