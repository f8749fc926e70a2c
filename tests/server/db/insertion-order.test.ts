/** Lists keep the order in which things were added, also where two were added in one millisecond. */
import { expect, it } from 'vitest';
import { listAccountNames } from '../../../server/db/account-names.ts';
import { insertAccountRow, listAccountRows } from '../../../server/db/accounts.ts';
import { insertClientKeyRow, listClientKeyRows } from '../../../server/db/client-keys.ts';
import { accountRow, clientKeyRow, openTestDatabase } from './support.ts';

/** In an order that no id has by itself. */
const DIGITS = ['5', '2', '9', '1'];
const idOf = (digit: string) => `${digit}0000000-0000-4000-8000-000000000000`;

it('lists accounts and client keys of one millisecond as they were added', async () => {
  const database = await openTestDatabase();
  for (const digit of DIGITS) {
    await insertAccountRow(database.db, accountRow(idOf(digit), digit));
    await insertClientKeyRow(database.db, clientKeyRow(idOf(digit), digit));
  }
  const inOrder = async () => [
    (await listAccountRows(database.db)).map(({ name }) => name),
    (await listAccountNames(database.db)).map(({ name }) => name),
    (await listClientKeyRows(database.db)).map(({ name }) => name),
  ];
  expect(await inOrder()).toEqual([DIGITS, DIGITS, DIGITS]);
  await database.close();
});
