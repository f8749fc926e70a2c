'use client';
/** Where this program listens, how it reaches providers, and how long it waits for them. */
import { type SettingsCard, SettingsForm } from './settings-form.tsx';

const CARDS: readonly SettingsCard[] = [
  {
    title: 'Listening',
    note: 'Who may reach this program',
    settings: ['server.host', 'server.port', 'server.allowed_hosts', 'server.expose'],
  },
  {
    title: 'Bounds',
    settings: ['server.connections_max', 'server.in_flight_max', 'server.body_bytes_max'],
  },
  {
    title: 'Waiting for providers',
    settings: [
      'upstream.connect_ms',
      'upstream.first_byte_ms',
      'upstream.first_byte_flex_ms',
      'upstream.idle_ms',
      'upstream.total_ms',
      'upstream.proxy',
    ],
  },
  { title: 'Log', settings: ['log.level'] },
];

export const ServerSection = () => <SettingsForm id="server" cards={CARDS} />;
