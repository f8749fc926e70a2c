/** Prices as people type them: what is understood, what is refused, and what stands in the fields again. */
import { describe, expect, it } from 'vitest';
import {
  BLANK_PRICE,
  modelWrong,
  priceFormOf,
  priceInput,
  priceWrong,
} from '../../app/admin/(dashboard)/models/price-form.ts';
import type { UnitPrices } from '../../lib/metering/price.ts';

const typed = { ...BLANK_PRICE, model: 'gpt-6*', input: '2', output: '10.5' };

describe('A price that is typed', () => {
  it('is nano-dollars for a million tokens, and nothing may be a price', () => {
    expect(priceInput(typed)).toEqual({ model: 'gpt-6*', input: 2e9, output: 105e8 });
    expect(priceInput({ ...typed, input: '0', cached: '$.05', perRequest: ' 0.001 ' })).toEqual({
      model: 'gpt-6*',
      input: 0,
      output: 105e8,
      cached: 5e7,
      perRequest: 1e6,
    });
    expect(priceInput({ ...typed, fromDay: '2026-11-01' })).toMatchObject({ fromDay: '2026-11-01' });
  });

  it.each(['1,5', '-1', '2 dollars', 'NaN', '1e3', '.', '1000001'])('is not understood as %s', (text) => {
    expect(priceWrong(text)).not.toBeNull();
    expect(priceInput({ ...typed, input: text })).toBeNull();
    expect(priceInput({ ...typed, cacheWrite12h: text })).toBeNull();
  });

  it('needs a model, what goes in and what comes out', () => {
    for (const missing of ['model', 'input', 'output'])
      expect(priceInput({ ...typed, [missing]: '' })).toBeNull();
    for (const model of ['*', 'gpt*6', 'gpt 6']) {
      expect(modelWrong(model), model).not.toBeNull();
      expect(priceInput({ ...typed, model })).toBeNull();
    }
    expect(modelWrong('')).toBeNull();
  });

  it('stands in the fields as it is in force', () => {
    const prices = { input: 2e9, cached: 2e8, cacheWrite: null, output: 8e9, perRequest: null };
    const form = priceFormOf('gpt-5.5', prices as UnitPrices);
    expect(form).toMatchObject({ model: 'gpt-5.5', input: '2', cached: '0.2', cacheWrite: '', output: '8' });
    expect(priceInput(form)).toEqual({ model: 'gpt-5.5', input: 2e9, cached: 2e8, output: 8e9 });
    expect(priceFormOf('gpt-7', null)).toEqual({ ...BLANK_PRICE, model: 'gpt-7' });
  });
});
