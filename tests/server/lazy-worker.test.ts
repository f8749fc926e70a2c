import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLazyWorker, type LazyWorker } from '../../server/lazy-worker.ts';
import type { Errand } from './answering-thread.ts';

const IDLE_MS = 10_000;
const ANSWER_MS = 60_000;

describe('a lazy worker', () => {
  let worker: LazyWorker<Errand, number>;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    worker = createLazyWorker({
      url: new URL('./answering-thread.ts', import.meta.url),
      name: 'test',
      idleMs: IDLE_MS,
      answerMs: ANSWER_MS,
    });
  });
  afterEach(async () => {
    await worker.close();
    vi.useRealTimers();
  });

  it('answers several questions from one thread', async () => {
    const [first, second] = await Promise.all([worker.ask('who'), worker.ask('who')]);
    expect(first).toBe(second);
    expect(worker.pending()).toBe(0);
  });

  it('is ended when nobody asked for a while, and started again by the next question', async () => {
    const first = await worker.ask('who');
    vi.advanceTimersByTime(IDLE_MS - 1);
    expect(await worker.ask('who')).toBe(first);
    vi.advanceTimersByTime(IDLE_MS);
    expect(await worker.ask('who')).not.toBe(first);
  });

  it('tells a failure across with its code and goes on', async () => {
    await expect(worker.ask('fail')).rejects.toMatchObject({ message: 'as you wished', code: 'on_purpose' });
    await expect(worker.ask('who')).resolves.toBeGreaterThan(0);
  });

  it('fails every open question when its thread dies, and replaces the thread', async () => {
    const dying = worker.ask('die');
    const behind = worker.ask('who');
    await expect(dying).rejects.toThrow(/ended \(3\)/);
    await expect(behind).rejects.toThrow(/ended \(3\)/);
    await expect(worker.ask('who')).resolves.toBeGreaterThan(0);
  });

  it('takes a thread for dead that does not answer in time', async () => {
    const stuck = expect(worker.ask('never')).rejects.toThrow(/did not answer in time/);
    vi.advanceTimersByTime(ANSWER_MS);
    await stuck;
    await expect(worker.ask('who')).resolves.toBeGreaterThan(0);
  });

  it('answers nothing once it is closed', async () => {
    await worker.close();
    await expect(worker.ask('who')).rejects.toThrow(/is closed/);
  });
});
