/** The configuration: where values come from, what is said when they are wrong, and the one writer. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultConfig } from '../../lib/config.ts';
import type { CamError } from '../../lib/errors.ts';
import { loadConfig, type Settings } from '../../server/config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cam-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => join(folder, 'config.toml');
const load = (
  toml: string | null = null,
  env: Record<string, string> = {},
  flags: Record<string, string> = {},
): Settings => {
  if (toml !== null) writeFileSync(file(), toml);
  return loadConfig({ env, flags, folders: { config: folder } });
};
const failure = (act: () => unknown): CamError => {
  try {
    act();
  } catch (error) {
    return error as CamError;
  }
  throw new Error('nothing was wrong');
};

describe('values', () => {
  test('are the defaults when nothing is said', () => {
    const settings = load();
    expect(settings.config).toEqual(defaultConfig());
    expect(new Set(Object.values(settings.origins))).toEqual(new Set(['default']));
  });

  test('come from flags before the environment before the file', () => {
    const toml =
      '[server]\nport = 1001\nhost = "localhost"\n[log]\nlevel = "warn"\n[routing]\nreserve = 0.2\n';
    const { config, origins } = load(toml, { CAM_PORT: '1002', CAM_LOG_LEVEL: 'debug' }, { port: '1003' });
    expect(config.server.port).toBe(1003);
    expect(config.log.level).toBe('debug');
    expect(config.routing.reserve).toBe(0.2);
    expect(origins).toMatchObject({
      'server.port': 'flag',
      'log.level': 'environment',
      'server.host': 'file',
      'routing.reserve': 'file',
      'routing.strategy': 'default',
    });
  });

  test('in the environment are read by the type of the setting', () => {
    const { config } = load(null, {
      CAM_ALLOWED_HOSTS: 'wsl.local, box:9000',
      CAM_EXPOSE: 'true',
      CAM_HOST: '0.0.0.0',
    });
    expect(config.server.allowed_hosts).toEqual(['wsl.local', 'box:9000']);
    expect(config.server.expose).toBe(true);
  });

  test('that are empty in the environment do not count', () => {
    expect(load(null, { CAM_PORT: '' }).origins['server.port']).toBe('default');
  });
});

describe('what is wrong', () => {
  test('is said all at once, with places and with what was probably meant', () => {
    const toml = [
      '# mine',
      '[server]',
      'prot = 9000',
      '[routing]',
      'strategy = "fastest"',
      '',
      '[rooting]',
      'affinity = "off"',
    ].join('\n');
    const error = failure(() => load(toml, { CAM_PORT: 'many' }, { 'log-level': 'loud' }));
    expect(error.code).toBe('config_invalid');
    expect(error.kind.exit).toBe(2);
    expect(error.message).toMatch(/^5 settings are wrong/);
    expect(error.message).toMatch(/config\.toml:3: server\.prot: .*Did you mean server\.port\?/);
    expect(error.message).toMatch(/config\.toml:5: routing\.strategy: .*"least_utilized"/);
    expect(error.message).toMatch(/config\.toml:8: rooting\.affinity: .*Did you mean routing\.affinity\?/);
    expect(error.message).toMatch(/CAM_PORT: server\.port: .*number/);
    expect(error.message).toMatch(/--log-level: log\.level: /);
  });

  test('is told its range when it is a number', () => {
    expect(failure(() => load(null, { CAM_PORT: '70000' })).message).toContain('65535');
  });

  test('is found with its line when the file is not TOML at all', () => {
    expect(failure(() => load('[server]\nport = = 3\n')).message).toContain('config.toml:2');
  });

  test('includes a name that belongs to nothing, without a guess', () => {
    const { message } = failure(() => load('[entirely]\ndifferent = 1\n'));
    expect(message).toContain('entirely.different');
    expect(message).not.toContain('Did you mean');
  });

  test('includes an address that others can reach, unless that is allowed on purpose', () => {
    expect(failure(() => load(null, { CAM_HOST: '0.0.0.0' })).message).toContain('server.expose');
    expect(load(null, { CAM_HOST: '127.0.0.5' }).config.server.host).toBe('127.0.0.5');
    expect(load('[server]\nexpose = true\n', { CAM_HOST: '0.0.0.0' }).config.server.host).toBe('0.0.0.0');
  });

  test('includes a host with a scheme, and a time zone that does not exist', () => {
    expect(failure(() => load(null, { CAM_ALLOWED_HOSTS: 'http://box' })).message).toContain(
      'without http://',
    );
    expect(failure(() => load('[limits]\ntime_zone = "Mars/Olympus"\n')).message).toContain('IANA');
  });
});

describe('the writer', () => {
  const toml =
    '# my settings\n[server]\nport = 9000 # the usual\n\n# who goes first\n[routing]\nstrategy = "sticky"\n';

  test('changes single settings and keeps every comment', () => {
    const settings = load(toml);
    settings.set({ 'routing.strategy': 'priority', 'log.level': 'debug' });
    const text = readFileSync(file(), 'utf8');
    expect(text).toContain('# my settings\n[server]\nport = 9000 # the usual\n\n# who goes first\n[routing]');
    expect(text).toContain('strategy = "priority"');
    expect(settings.config.routing.strategy).toBe('priority');
    expect(settings.origins['log.level']).toBe('file');
    expect(load().config).toEqual(settings.config);
  });

  test('makes a file of mode 0600, and takes settings out again', () => {
    const settings = load();
    settings.set({ 'routing.reserve': 0.3 });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    settings.set({ 'routing.reserve': undefined });
    expect(settings.config.routing.reserve).toBe(0.1);
    expect(readFileSync(file(), 'utf8')).not.toContain('reserve');
  });

  test('takes null to mean that nothing is set', () => {
    const settings = load('[upstream]\nproxy = "http://127.0.0.1:3128"\n');
    settings.set({ 'upstream.proxy': null });
    expect(settings.config.upstream.proxy).toBeNull();
  });

  test('says which changes wait for the next start', () => {
    expect(load().set({ 'server.port': 9001, 'log.level': 'warn' }).restartNeeded).toEqual(['server.port']);
  });

  test('writes nothing when one value is wrong', () => {
    const settings = load(toml);
    expect(failure(() => settings.set({ 'log.level': 'debug', 'server.port': -1 })).code).toBe(
      'config_invalid',
    );
    expect(readFileSync(file(), 'utf8')).toBe(toml);
    expect(settings.config.log.level).toBe('info');
  });

  test('refuses what the environment or a flag decides', () => {
    const settings = load(null, { CAM_PORT: '9000' }, { 'log-level': 'warn' });
    expect(failure(() => settings.set({ 'server.port': 1 })).message).toContain('CAM_PORT');
    expect(failure(() => settings.set({ 'log.level': 'info' })).message).toContain('--log-level');
  });

  test('keeps what a person has written into the file since the start', () => {
    const settings = load(toml);
    writeFileSync(file(), `${toml}[log]\nlevel = "error"\n`);
    settings.set({ 'routing.reserve': 0.5 });
    expect(settings.config.log.level).toBe('error');
    expect(settings.config.routing.reserve).toBe(0.5);
  });

  test('follows a link to where the file really is', () => {
    const real = join(folder, 'real.toml');
    writeFileSync(real, '');
    chmodSync(real, 0o600);
    symlinkSync(real, file());
    load().set({ 'log.level': 'debug' });
    expect(readFileSync(real, 'utf8')).toContain('debug');
  });
});
