/**
 * `npm run bench [rounds]`: what the built server costs on this machine, next to the same calls made directly.
 * It judges nothing: figures depend on the machine, and the ones to compare are taken in the same run. Linux
 * only, because CPU and memory are read from /proc.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startBenchServer } from './bench-server.ts';
import { type Load, runLoad, type Target } from './load.ts';

const IDLE_MS = 20_000;
const LOADS: readonly (readonly [string, Load])[] = [
  ['JSON, 1 connection', { connections: 1, calls: 1_500, stream: false }],
  ['JSON, 64 connections', { connections: 64, calls: 12_000, stream: false }],
  ['streams, 100 at once', { connections: 100, calls: 300, stream: true }],
];

const rounds = Number(process.argv[2] ?? 3);
const upstream = fork(fileURLToPath(new URL('./upstream.ts', import.meta.url)));
const [upstreamPort] = (await once(upstream, 'message')) as [number];
const direct: Target = { url: `http://127.0.0.1:${upstreamPort}`, key: 'none' };
const server = await startBenchServer(`${direct.url}/v1`);
const print = (line: string) => process.stdout.write(`${line}\n`);

try {
  await fetch(`${server.url}/admin/unlock`).then((answer) => answer.text());
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  print(
    `listening after ${server.listeningMs.toFixed(0)} ms, ready after ${server.readyMs.toFixed(0)} ms; idle ${server.rssMb().toFixed(0)} MB\n`,
  );
  await runLoad(server, { connections: 16, calls: 2_000, stream: false });

  print('| load | calls/s | of direct | p50 ms | direct | p99 ms | CPU µs/call | CPU µs/chunk | lost |');
  print('|---|---|---|---|---|---|---|---|---|');
  for (let round = 0; round < rounds; round++) {
    for (const [name, load] of LOADS) {
      const bare = await runLoad(direct, load);
      const cpuBefore = server.cpuMs();
      const through = await runLoad(server, load);
      const cpuMicros = (server.cpuMs() - cpuBefore) * 1000;
      const figures = [
        through.callsPerSecond.toFixed(0),
        (through.callsPerSecond / bare.callsPerSecond).toFixed(2),
        through.p50Ms.toFixed(2),
        bare.p50Ms.toFixed(2),
        through.p99Ms.toFixed(2),
        (cpuMicros / load.calls).toFixed(0),
        load.stream ? (cpuMicros / through.chunks).toFixed(1) : '–',
        String(through.lost),
      ];
      print(`| ${name} | ${figures.join(' | ')} |`);
    }
  }
  print(`\nafterwards ${server.rssMb().toFixed(0)} MB`);
} finally {
  await server.stop();
  upstream.disconnect();
}
