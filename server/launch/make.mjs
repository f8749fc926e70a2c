/** `npm run build`: everything built, nothing started. For images, services and the impatient. */
import { bundle, dashboard } from './build.mjs';
import { prepare } from './prepare.mjs';
import { onRecentNode } from './runtime.mjs';
import { launch } from './say.mjs';

await launch(async () => {
  const exitCode = await onRecentNode();
  if (exitCode !== null) return exitCode;
  await prepare([bundle, dashboard]);
  return 0;
});
