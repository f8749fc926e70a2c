/** The flags that every command takes, in front of it or behind. */
import type { Command } from 'commander';

export function addGlobalOptions(program: Command): Command {
  return program
    .option('--json', 'print data as JSON')
    .option('--home <folder>', 'folder for configuration, data and logs (CAM_HOME)')
    .option('--host <address>', 'address to listen on (CAM_HOST)')
    .option('--port <number>', 'port to listen on (CAM_PORT)')
    .option('--allowed-hosts <names>', 'more names that the Host header may carry (CAM_ALLOWED_HOSTS)')
    .option('--log-level <level>', 'least serious log line that is written (CAM_LOG_LEVEL)')
    .option('--master-key-file <file>', 'file that holds the master key (CAM_MASTER_KEY_FILE)');
}
