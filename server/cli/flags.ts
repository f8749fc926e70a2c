/** The flags that every command takes, named like the environment variables they stand above. */
export interface GlobalFlags {
  readonly home?: string;
  readonly host?: string;
  readonly port?: string;
  readonly allowedHosts?: string;
  readonly logLevel?: string;
  readonly masterKeyFile?: string;
  readonly json?: boolean;
}

/** The settings among the flags, by the names that `server/config` knows them by. */
export function settingFlags(flags: GlobalFlags): Record<string, string | undefined> {
  return {
    host: flags.host,
    port: flags.port,
    'allowed-hosts': flags.allowedHosts,
    'log-level': flags.logLevel,
  };
}
