import { describe, expect, it } from 'vitest'
import { helpText, parseConfig, variableOf } from './config.ts'
import { flags } from './flags.ts'

describe('OPS-7 settings of the relay', () => {
  it('has a default for everything', () => {
    expect(parseConfig([], {})).toEqual({
      ok: true,
      value: {
        host: '127.0.0.1',
        httpPort: 4700,
        webSocketPort: 4701,
        webRtcPort: 4702,
        data: './.emo/relay',
        databaseUrl: undefined,
        genesis: undefined,
        archive: true,
        api: true,
        bootstrap: [],
        announce: [],
        faucetKey: undefined,
        trustProxy: false,
        logLevel: 'info',
      },
    })
  })

  it('takes a flag in both spellings, a variable, and the flag before the variable', () => {
    const environment = { EMO_PORT: '1', EMO_DATA: '/d', EMO_NO_ARCHIVE: 'true', EMO_HOST: '' }
    const words = ['--port', '2', '--webrtc-port=off', '--bootstrap', '/ip4/1.2.3.4/tcp/1/ws,/a/b']
    expect(parseConfig(words, environment)).toMatchObject({
      ok: true,
      value: {
        httpPort: 2,
        webRtcPort: undefined,
        data: '/d',
        archive: false,
        host: '127.0.0.1',
        bootstrap: ['/ip4/1.2.3.4/tcp/1/ws', '/a/b'],
      },
    })
  })

  it.each([
    [['--prot', '1'], 'FLAG_UNKNOWN'],
    [['relay'], 'FLAG_UNKNOWN'],
    [['--port'], 'FLAG_INVALID'],
    [['--port', '--no-api'], 'FLAG_INVALID'],
    [['--port', '70000'], 'FLAG_INVALID'],
    [['--port=1', '--port=2'], 'FLAG_INVALID'],
    [['--no-api=maybe'], 'FLAG_INVALID'],
    [['--log-level', 'loud'], 'FLAG_INVALID'],
    [['--bootstrap', 'example.org'], 'FLAG_INVALID'],
    [['--database-url', 'mysql://u:secret@h/d'], 'FLAG_INVALID'],
  ])('refuses %j', (words, code) => {
    const parsed = parseConfig(words, {})
    expect(parsed).toMatchObject({ ok: false, error: { code } })
    expect(JSON.stringify(parsed)).not.toContain('secret@')
  })

  it('suggests the flag that was meant', () => {
    expect(parseConfig(['--boot', 'x'], {})).toMatchObject({
      error: { fix: expect.stringContaining('--bootstrap') as string },
    })
  })

  it('shows every flag with its variable and default', () => {
    expect(parseConfig(['--port', '1', '--help'], {})).toEqual({ ok: true, value: 'help' })
    expect(parseConfig(['--version'], {})).toEqual({ ok: true, value: 'version' })
    for (const flag of flags) {
      expect(helpText()).toContain(`--${flag.name}`)
      expect(helpText()).toContain(`${variableOf(flag)}, default: ${flag.shown}`)
    }
  })
})
