/** Every flag of `node relay`: what it takes, its default, and what the help says. */

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

export interface Flag {
  readonly name: string
  /** What stands for its value in the help; `undefined` for a switch. */
  readonly value?: string
  readonly help: string
  /** The default, as the help shows it. */
  readonly shown: string
  readonly fallback?: string
  /** Never repeated in a message or a log. */
  readonly secret?: boolean
  /** Why a value cannot be used, `undefined` when it can. */
  readonly check: (value: string) => string | undefined
}

export const flags: readonly Flag[] = [
  {
    name: 'port',
    value: 'PORT',
    help: 'TCP port of the page, the API and the metrics; 0 takes a free one.',
    shown: '4700',
    fallback: '4700',
    check: checkPort,
  },
  {
    name: 'p2p-port',
    value: 'PORT',
    help: 'TCP port where tabs and nodes connect (libp2p over WebSocket).',
    shown: '4701',
    fallback: '4701',
    check: checkPort,
  },
  {
    name: 'webrtc-port',
    value: 'PORT',
    help: 'UDP port for webrtc-direct, which needs no domain; `off` for none.',
    shown: '4702',
    fallback: '4702',
    check: (value) => (value === 'off' ? undefined : checkPort(value)),
  },
  {
    name: 'host',
    value: 'ADDRESS',
    help: 'Address to listen on; 0.0.0.0 for every interface.',
    shown: '127.0.0.1',
    fallback: '127.0.0.1',
    check: checkNotEmpty,
  },
  {
    name: 'data',
    value: 'DIRECTORY',
    help: 'Keys, certificate and the embedded database.',
    shown: './.emo/relay',
    fallback: './.emo/relay',
    check: checkNotEmpty,
  },
  {
    name: 'database-url',
    value: 'URL',
    help: 'A PostgreSQL (15 or newer) of your own instead of the embedded one.',
    shown: 'the embedded one',
    secret: true,
    check: checkDatabaseUrl,
  },
  {
    name: 'genesis',
    value: 'FILE',
    help: 'The genesis file of the chain.',
    shown: 'genesis.json in the data directory',
    check: checkNotEmpty,
  },
  {
    name: 'no-archive',
    help: 'Keeps no chain; the relay only introduces tabs and serves the page.',
    shown: 'off',
    fallback: 'false',
    check: checkSwitch,
  },
  {
    name: 'no-api',
    help: 'Serves neither page nor API; health and metrics stay.',
    shown: 'off',
    fallback: 'false',
    check: checkSwitch,
  },
  {
    name: 'bootstrap',
    value: 'ADDRESSES',
    help: 'Multiaddrs of other relays, with commas between.',
    shown: 'none',
    fallback: '',
    check: checkMultiaddrs,
  },
  {
    name: 'announce',
    value: 'ADDRESSES',
    help: 'Multiaddrs to tell others instead of the listening ones, behind a proxy for instance.',
    shown: 'the listening ones',
    fallback: '',
    check: checkMultiaddrs,
  },
  {
    name: 'trust-proxy',
    help: 'Takes a client’s address from X-Forwarded-For: only behind a proxy of yours.',
    shown: 'off',
    fallback: 'false',
    check: checkSwitch,
  },
  {
    name: 'faucet-key',
    value: 'FILE',
    help: 'Devnets only: file with the secret key of the faucet’s account.',
    shown: 'no faucet',
    check: checkNotEmpty,
  },
  {
    name: 'log-level',
    value: 'LEVEL',
    help: `One of ${logLevels.join(', ')}.`,
    shown: 'info',
    fallback: 'info',
    check: (value) =>
      logLevels.some((level) => level === value)
        ? undefined
        : `it is none of ${logLevels.join(', ')}`,
  },
]

function checkPort(value: string): string | undefined {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535
    ? undefined
    : 'a port is a number from 0 to 65535'
}

function checkNotEmpty(value: string): string | undefined {
  return value.trim() === '' ? 'it is empty' : undefined
}

function checkSwitch(value: string): string | undefined {
  return value === 'true' || value === 'false' ? undefined : 'it is either true or false'
}

function checkMultiaddrs(value: string): string | undefined {
  const entries = value.split(',').filter(Boolean)
  return entries.every((entry) => /^\/[\x21-\x7e]+$/.test(entry))
    ? undefined
    : 'a multiaddr begins with a slash, for instance /ip4/203.0.113.7/tcp/4701/ws'
}

function checkDatabaseUrl(value: string): string | undefined {
  // A socket's folder stands as %2F… where the host stands, which URLs of the web do not allow.
  const asWeb = value.replace(/^[a-z]+:/, 'http:').replaceAll(/%2f/gi, '-')
  return /^postgres(ql)?:\/\//.test(value) && URL.canParse(asWeb)
    ? undefined
    : 'it is not of the form postgres://user:password@host:5432/database'
}
