import { expect, it } from 'vitest';
import { CamError, toWireError } from '../../lib/errors.ts';

it('an error tells its details on the wire only where it has some', () => {
  expect(toWireError(new CamError('vault_locked', 'Locked.')).error).not.toHaveProperty('details');
  const detailed = new CamError('vault_damaged', 'Moved.', { details: { table: 'accounts' } });
  expect(toWireError(detailed).error.details).toEqual({ table: 'accounts' });
});
