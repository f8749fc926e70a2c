/**
 * Who may import whom. `lib` knows nobody; rooms (db, vault, upstream, introspection) know `lib`; services know
 * rooms; doors (http, admin, gateway, jobs, cli, tui) know services and rooms but not each other's insides;
 * `app` knows `lib` and the type of the admin router. Each outside package has one home.
 */
const ROOMS = '^server/(db|vault|upstream|introspection)/';
const DOORS = '^server/(http|admin|gateway|jobs|cli|tui|demo)/';
const MAIN = '^server/main\\.ts$';

/** An outside package and the only files that may import it. Tests may import what they like. */
const HOMES = [
  ['next', '^(app/|server/http/next\\.ts$)'],
  ['react', '^(app|server/tui)/'],
  ['react-dom', '^app/'],
  ['@base-ui/react', '^app/'],
  ['lucide-react', '^app/'],
  ['geist', '^app/'],
  ['swr', '^app/_data/'],
  ['@trpc/client', '^(app/_data/|server/cli/client\\.ts$)'],
  ['@trpc/server', '^server/admin/'],
  ['better-sqlite3', '^server/(db/(open|lock-file)|lock)\\.ts$'],
  ['kysely', '^server/db/'],
  ['jose', '^server/vault/sessions\\.ts$'],
  ['age-encryption', '^server/vault/age-(worker|passphrase)\\.ts$'],
  ['@node-rs/argon2', '^server/vault/kdf[^/]*\\.ts$'],
  ['@zxcvbn-ts/core', '^server/vault/strength-worker\\.ts$'],
  ['@zxcvbn-ts/language-common', '^server/vault/strength-worker\\.ts$'],
  ['@napi-rs/keyring', '^server/keychain\\.ts$'],
  ['gpt-tokenizer', '^server/gateway/token-worker\\.ts$'],
  ['undici', '^server/upstream/'],
  ['smol-toml', '^server/(config[^/]*|connect/toml-text)\\.ts$'],
  ['@decimalturn/toml-patch', '^server/(config[^/]*|connect/toml-text)\\.ts$'],
  ['jsonc-parser', '^server/connect/json-text\\.ts$'],
  ['diff', '^server/cli/'],
  ['ink', '^server/tui/'],
  ['pino', '^server/log\\.ts$'],
  ['commander', '^server/cli/'],
  ['@pydantic/genai-prices', '^lib/metering/price[^/]*\\.ts$'],
  ['eventsource-parser', '^lib/metering/sse[^/]*\\.ts$'],
  ['zod', '^(lib|server)/'],
];

const escaped = (name) => name.replace(/[/.-]/g, '\\$&');
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid('no-cycles', 'Imports walk one way.', {}, { circular: true }),
    forbid(
      'no-unknown',
      'Every import leads somewhere. The tests with real clients have packages of their own, installed when they run.',
      { pathNot: '^tests/clients/' },
      { couldNotResolve: true },
    ),
    forbid(
      'lib-is-pure',
      'lib is values and rules: nothing of ours outside it.',
      { path: '^lib/' },
      { path: '^(server|app|tests|public)/' },
    ),
    forbid(
      'lib-has-no-machine',
      'lib runs anywhere: no node:*.',
      { path: '^lib/' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'lib-packages',
      'lib needs zod, eventsource-parser and genai-prices, and nothing else from outside.',
      { path: '^lib/' },
      { path: 'node_modules/', pathNot: 'node_modules/(zod|eventsource-parser|@pydantic/genai-prices)/' },
    ),
    forbid(
      'app-has-no-machine',
      'Pages run in a browser: no node:*.',
      { path: '^app/' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'app-knows-lib',
      'Pages know lib, and of the server one type.',
      { path: '^app/' },
      { path: '^(server|tests)/', pathNot: '^server/admin/router\\.ts$' },
    ),
    forbid(
      'app-router-type',
      'The admin router is imported as a type only.',
      { path: '^app/' },
      { path: '^server/admin/router\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'app-stays-light',
      'These would bring zod and the price table into the browser.',
      { path: '^app/' },
      { path: '^lib/(wire/|config\\.ts$|metering/price)', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'server-not-app',
      'The server never imports a page.',
      { path: '^(server|lib)/' },
      { path: '^app/' },
    ),
    forbid('tests-stay-out', 'Nothing imports a test.', { path: '^(lib|server|app)/' }, { path: '^tests/' }),
    forbid(
      'rooms-below-doors',
      'Rooms do not know who walks through them.',
      { path: ROOMS },
      { path: [DOORS, MAIN, '^server/services/'] },
    ),
    forbid(
      'db-not-vault',
      'The database stores sealed bytes and knows no key.',
      { path: '^server/db/' },
      { path: '^server/vault/' },
    ),
    forbid('vault-not-db', 'The vault knows no table.', { path: '^server/vault/' }, { path: '^server/db/' }),
    forbid(
      'services-below-doors',
      'A verb does not know which door it was called from.',
      { path: '^server/services/' },
      { path: [DOORS, MAIN] },
    ),
    forbid(
      'gateway-not-admin',
      'The hot path and the operator are strangers.',
      { path: '^server/gateway/' },
      { path: '^server/(admin|services|cli|jobs|http)/' },
    ),
    forbid(
      'admin-not-gateway',
      'The operator and the hot path are strangers.',
      { path: '^server/admin/' },
      { path: '^server/(gateway|cli|jobs|upstream/dial)' },
    ),
    forbid(
      'cli-through-the-router',
      'No face has a private way in.',
      { path: '^server/(cli|tui)/' },
      {
        path: [ROOMS, '^server/(services|gateway|jobs)/'],
        pathNot: '^server/services/session/master-key-',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'main-is-the-root',
      'Only a process (the server, a command, a test) starts the composition root.',
      { path: '^server/', pathNot: '^server/(process\\.ts$|cli/|demo/)' },
      { path: MAIN },
    ),
    forbid(
      'demo-is-apart',
      'The emulator is for tests, benchmarks and the demonstration command.',
      { path: '^server/', pathNot: '^server/(demo|cli)/' },
      { path: '^server/demo/' },
    ),
    forbid(
      'launcher-stands-alone',
      'The launcher runs before anything is installed.',
      { path: '^server/launch/', pathNot: '^server/launch/bundle\\.mjs$' },
      { pathNot: '^server/launch/', dependencyTypesNot: ['core'] },
    ),
    forbid(
      'launcher-left-alone',
      'The server shares one thing with the launcher: how to notice that npm is gone.',
      { path: '^(lib|server|app)/', pathNot: '^server/launch/' },
      { path: '^server/launch/', pathNot: '^server/launch/parents\\.mjs$' },
    ),
    forbid(
      'home-of-child_process',
      'The server starts programs for alerts and nothing else; the command line an editor.',
      { path: '^(lib|server|app)/', pathNot: '^server/(alert-programs\\.ts$|cli/editor\\.ts$|launch/)' },
      { path: '^(node:)?child_process$' },
    ),
    ...HOMES.map(([name, home]) =>
      forbid(
        `home-of-${name.replace(/[@/]/g, '')}`,
        `${name} has one home.`,
        { path: '^(lib|server|app)/', pathNot: home },
        { path: `node_modules/${escaped(name)}/` },
      ),
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '^(dist|\\.next|\\.cache)/|^tests/clients/node_modules|^server/launch/runtime/node_modules',
    },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
