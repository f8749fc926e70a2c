/** `cam audit` and `cam doctor` as a user runs them: what they print, and the exit codes that scripts go by. */
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Driver from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorReport } from '../../../lib/doctor/finding.ts';
import type { AuditListView, AuditRowView } from '../../../lib/wire/audit-views.ts';
import { createHome, type Home, type Server } from './cam.ts';

const KEY = 'sk-proj-canary-0123456789abcdefghij';

describe('without a server', () => {
  let home: Home;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    home = createHome();
    env = { CAM_MASTER_KEY_FILE: home.keyFile };
    await home.cam(['add', 'Work', '-', '--no-check'], { input: KEY, env });
  });
  afterAll(() => home.remove());

  it('cam audit lists what was done, and verify finds it whole', async () => {
    const { code, out } = await home.cam(['audit', '--account', 'Work'], { env });
    expect(code).toBe(0);
    expect(out).toMatch(/^2 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +a command here +Work +added +yes/m);
    expect(out).not.toContain('vault');
    const verified = await home.cam(['audit', 'verify'], { env });
    expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/^head \d+:[0-9a-f]{64}$/m) });
  });

  it('cam doctor says what is well, what is not, and exits 0 while nothing is bad', async () => {
    const { code, out } = await home.cam(['doctor'], { env });
    expect(out).toContain('ok    rows: Every account and client key is as this program wrote it.');
    expect(out).toContain('WARN  backups: There is no copy of the database.');
    expect(code).toBe(0);
    const { code: strict, err } = await home.cam(['doctor', '--strict', '--no-key'], { env });
    expect({ strict, err }).toEqual({ strict: 1, err: 'cam: 1 thing needs mending.\n' });
  });

  it('cam doctor looks at the rest where nobody can give the master key, and names what it left out', async () => {
    const { code, out } = await home.cam(['doctor', '--json']);
    const report = JSON.parse(out) as { findings: { check: string }[]; unchecked: { check: string }[] };
    expect(code).toBe(0);
    expect(report.unchecked.map(({ check }) => check)).toContain('audit log');
    expect(report.findings.map(({ check }) => check)).toContain('database');
  });

  it('cam doctor --bundle shows all of it and then writes exactly that, for the owner alone', async () => {
    const file = join(home.folder, '..', 'bundle.json');
    const { code, out } = await home.cam(['doctor', '--bundle', file, '--yes'], { env });
    expect(code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(out);
    expect(out).not.toMatch(/Work|canary|cam-cli-/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('exits 1 where the log was changed, and says where; an export still shows every row', async () => {
    const handle = new Driver(join(home.folder, 'cam.db'));
    handle.exec(
      `DROP TRIGGER audit_log_unchanged; UPDATE audit_log SET object_name = 'Spare' WHERE number = 2`,
    );
    handle.close();
    expect(await home.cam(['audit', 'verify'], { env })).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('Row 2 is not what was written.'),
    });
    expect(await home.cam(['doctor'], { env })).toMatchObject({
      code: 1,
      out: expect.stringContaining('BAD   audit log: The audit log is not what was written. Row 2'),
    });
    const { out } = await home.cam(['audit', 'export'], { env });
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditRowView);
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, at) => at + 1));
    expect(rows.filter(({ verified }) => !verified).map(({ number }) => number)).toEqual([2]);
  });

  it('cam doctor exits 1 where others can read the data, which a start refuses', async () => {
    chmodSync(join(home.folder, 'cam.db'), 0o644);
    expect(await home.cam(['doctor'], { env })).toMatchObject({
      code: 1,
      out: expect.stringMatching(/BAD {3}permissions: .*cam\.db\.\n.*\n {6}chmod u=rw,go= /),
    });
  });
});

describe('with a server', () => {
  let home: Home;
  let server: Server;
  beforeAll(async () => {
    home = createHome();
    const env = { CAM_MASTER_KEY_FILE: home.keyFile };
    server = await home.serve(env);
    await home.cam(['unlock'], { env });
  });
  afterAll(async () => {
    await server.stop();
    home.remove();
  });

  it('cam doctor and cam audit ask it while it is unlocked', async () => {
    const { code, out } = await home.cam(['doctor', '--json']);
    const report = JSON.parse(out) as DoctorReport;
    expect(code).toBe(0);
    expect(report.unchecked).toEqual([]);
    expect(report.findings).toContainEqual(expect.objectContaining({ check: 'rows', severity: 'ok' }));
    const { rows } = JSON.parse((await home.cam(['audit', '--json'])).out) as AuditListView;
    expect(rows.map(({ deed, actor }) => `${deed} by ${actor.kind}`)).toEqual([
      'session.began by command_line',
      'vault.set_up by server',
    ]);
  });

  it.runIf(process.platform === 'linux')(
    'cam doctor sees a master key that the server was started with, though it took it out',
    async () => {
      const other = createHome();
      const started = await other.serve({ CAM_MASTER_KEY: 'correct horse battery staple' });
      const { out } = await other.cam(['doctor', '--no-key']);
      await started.stop();
      other.remove();
      expect(out).toMatch(
        /WARN {2}environment: CAM_MASTER_KEY is in the environment of the server \(process \d+\)/,
      );
      expect(out).not.toContain('correct horse');
    },
  );

  it('cam doctor leaves a locked server locked, looks at the rest and names what it left out', async () => {
    await home.cam(['lock']);
    const { out } = await home.cam(['doctor', '--json'], { env: { CAM_MASTER_KEY_FILE: home.keyFile } });
    const report = JSON.parse(out) as DoctorReport;
    expect(report.unchecked).toContainEqual({ check: 'audit log', why: 'The server is locked.' });
    expect(report.findings).toContainEqual(expect.objectContaining({ check: 'database', severity: 'ok' }));
    const status = JSON.parse((await home.cam(['status', '--json'])).out) as { vault: string };
    expect(status.vault).toBe('locked');
  });
});
