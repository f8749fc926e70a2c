/**
 * One launcher at a time installs and builds in a checkout; the others wait. The claim is a folder (making
 * one is atomic everywhere) that its holder keeps fresh; one that belongs to nobody alive is taken over.
 */
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './places.mjs';
import { say } from './say.mjs';

const POLL_MS = 200;
const TRY_AGAIN_MS = 20;
const FRESHEN_MS = 2_000;
const STALE_AFTER_MS = 60_000;
const TAKEOVER_MS = 10_000;

/** Runs `work` while holding the claim on this checkout. */
export async function withClaim(work, folder = join(CACHE, 'launching')) {
  mkdirSync(join(folder, '..'), { recursive: true });
  await take(folder);
  try {
    writeFileSync(join(folder, 'pid'), String(process.pid));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const freshen = setInterval(() => touch(folder), FRESHEN_MS);
  const release = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(freshen);
    process.off('exit', release);
    release();
  }
}

async function take(folder) {
  for (let told = false; !make(folder); ) {
    const { pid, abandoned } = readHolder(folder);
    if (abandoned) takeOver(folder);
    else if (!told) {
      say(`Another launch (process ${pid ?? 'unknown'}) is preparing this folder; waiting for it…`);
      told = true;
    }
    await new Promise((resolve) => setTimeout(resolve, abandoned ? TRY_AGAIN_MS : POLL_MS));
  }
}

/** Only who holds the takeover may remove another's claim, and looks again before it does. */
function takeOver(folder) {
  const takeover = `${folder}.takeover`;
  if (!make(takeover)) {
    if (ageMs(takeover) > TAKEOVER_MS) rmSync(takeover, { recursive: true, force: true });
    return;
  }
  try {
    if (readHolder(folder).abandoned) rmSync(folder, { recursive: true, force: true });
  } finally {
    rmSync(takeover, { recursive: true, force: true });
  }
}

function readHolder(folder) {
  const age = ageMs(folder);
  let pid = null;
  try {
    pid = Number(readFileSync(join(folder, 'pid'), 'utf8')) || null;
  } catch {
    // Just made, or just released: its age decides.
  }
  return { pid, abandoned: age > STALE_AFTER_MS || (pid !== null && !isAlive(pid)) };
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function make(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** A folder that is gone is of no age: whoever looks next finds it free. */
function ageMs(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs;
  } catch {
    return 0;
  }
}

function touch(folder) {
  try {
    const now = new Date();
    utimesSync(folder, now, now);
  } catch {
    // Taken away from under us; the work itself will tell if that matters.
  }
}
