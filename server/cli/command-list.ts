/** Every command with its one line of help, and where its code is. In the order in which help lists them. */
import type { CommandEntry } from './command.ts';

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'proxy',
    alias: 'serve',
    summary: 'start the server',
    load: async () => (await import('./commands/proxy.ts')).addProxy,
  },
  {
    name: 'status',
    summary: 'is it serving, and how',
    load: async () => (await import('./commands/status.ts')).addStatus,
  },
  {
    name: 'tui',
    summary: 'the terminal UI; the same as cam alone',
    load: async () => (await import('./commands/tui.ts')).addTui,
  },
  { name: 'add', summary: 'add an account', load: async () => (await import('./commands/add.ts')).addAdd },
  {
    name: 'list',
    summary: 'list the accounts',
    load: async () => (await import('./commands/list.ts')).addList,
  },
  {
    name: 'show',
    summary: 'show one account',
    load: async () => (await import('./commands/show.ts')).addShow,
  },
  {
    name: 'edit',
    summary: 'change an account',
    load: async () => (await import('./commands/edit.ts')).addEdit,
  },
  {
    name: 'remove',
    summary: 'remove an account and its key',
    load: async () => (await import('./commands/remove.ts')).addRemove,
  },
  {
    name: 'enable',
    summary: 'let an account serve again',
    load: async () => (await import('./commands/enable.ts')).addEnable,
  },
  {
    name: 'disable',
    summary: 'stop an account from serving',
    load: async () => (await import('./commands/disable.ts')).addDisable,
  },
  {
    name: 'pause',
    alias: 'isolate',
    summary: 'keep new calls from an account until it is resumed',
    load: async () => (await import('./commands/pause.ts')).addPause,
  },
  {
    name: 'resume',
    summary: 'end the pause of an account',
    load: async () => (await import('./commands/resume.ts')).addResume,
  },
  {
    name: 'clear',
    summary: 'forget what was learned about an account',
    load: async () => (await import('./commands/clear.ts')).addClear,
  },
  {
    name: 'test',
    summary: 'ask the provider whether it accepts an account',
    load: async () => (await import('./commands/test.ts')).addTest,
  },
  {
    name: 'reset',
    summary: 'count the use of an account anew',
    load: async () => (await import('./commands/reset.ts')).addReset,
  },
  {
    name: 'keys',
    summary: 'client keys: what tools on this computer sign in with',
    load: async () => (await import('./commands/keys.ts')).addKeys,
  },
  {
    name: 'connect',
    summary: 'point OpenCode, Codex, a shell or an .env file at this proxy',
    load: async () => (await import('./commands/connect.ts')).addConnect,
  },
  {
    name: 'usage',
    summary: 'what was used',
    load: async () => (await import('./commands/usage.ts')).addUsage,
  },
  {
    name: 'prices',
    summary: 'what models cost, and your own prices',
    load: async () => (await import('./commands/prices.ts')).addPrices,
  },
  {
    name: 'alerts',
    summary: 'what you should know of, and where that is sent',
    load: async () => (await import('./commands/alerts.ts')).addAlerts,
  },
  {
    name: 'refresh',
    summary: 'ask providers what they know: models, usage, cost, limits',
    load: async () => (await import('./commands/refresh.ts')).addRefresh,
  },
  {
    name: 'reconcile',
    summary: 'the provider’s own figures beside ours',
    load: async () => (await import('./commands/reconcile.ts')).addReconcile,
  },
  {
    name: 'admin-key',
    summary: 'the admin key of an account’s organisation',
    load: async () => (await import('./commands/admin-key.ts')).addAdminKey,
  },
  {
    name: 'forecast',
    summary: 'what today, this month and every limit will come to',
    load: async () => (await import('./commands/forecast.ts')).addForecast,
  },
  {
    name: 'conversations',
    summary: 'what conversations cost, and what changing accounts cost them',
    load: async () => (await import('./commands/conversations.ts')).addConversations,
  },
  {
    name: 'requests',
    summary: 'the latest calls',
    load: async () => (await import('./commands/requests.ts')).addRequests,
  },
  {
    name: 'simulate',
    summary: 'what each strategy would do with a day of calls',
    load: async () => (await import('./commands/simulate.ts')).addSimulate,
  },
  {
    name: 'explain',
    summary: 'why a call went where it went',
    load: async () => (await import('./commands/explain.ts')).addExplain,
  },
  {
    name: 'route',
    summary: 'where a call would go now, and why',
    load: async () => (await import('./commands/route.ts')).addRoute,
  },
  {
    name: 'audit',
    summary: 'who did what, and is the log of it whole',
    load: async () => (await import('./commands/audit.ts')).addAudit,
  },
  {
    name: 'doctor',
    summary: 'is this installation well, and what mends it',
    load: async () => (await import('./commands/doctor.ts')).addDoctor,
  },
  {
    name: 'export',
    summary: 'write everything that is needed elsewhere to an encrypted file',
    load: async () => (await import('./commands/export.ts')).addExport,
  },
  {
    name: 'import',
    summary: 'bring an export, or a list of accounts as CSV or JSON',
    load: async () => (await import('./commands/import.ts')).addImport,
  },
  {
    name: 'backup',
    summary: 'copy the database, sealed as it is',
    load: async () => (await import('./commands/backup.ts')).addBackup,
  },
  {
    name: 'restore',
    summary: 'put a backup in the place of the database',
    load: async () => (await import('./commands/restore.ts')).addRestore,
  },
  {
    name: 'unlock',
    summary: 'unlock the running server and sign in to it',
    load: async () => (await import('./commands/unlock.ts')).addUnlock,
  },
  {
    name: 'lock',
    summary: 'lock the running server',
    load: async () => (await import('./commands/lock.ts')).addLock,
  },
  {
    name: 'rekey',
    summary: 'change the master key',
    load: async () => (await import('./commands/rekey.ts')).addRekey,
  },
  {
    name: 'rotate',
    summary: 'change the data key under the master key',
    load: async () => (await import('./commands/rotate.ts')).addRotate,
  },
  {
    name: 'keychain',
    summary: 'unlock at the start with the keychain of this computer',
    load: async () => (await import('./commands/keychain.ts')).addKeychain,
  },
  {
    name: 'config',
    summary: 'where the configuration is and what it says',
    load: async () => (await import('./commands/config.ts')).addConfig,
  },
  {
    name: 'completion',
    summary: 'completion for bash, zsh or fish',
    load: async () => (await import('./commands/completion.ts')).addCompletion,
  },
];
