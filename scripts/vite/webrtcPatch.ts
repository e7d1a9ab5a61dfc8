/**
 * Repairs a race in @libp2p/webrtc 6.0.33 while it is bundled (NET-12).
 *
 * The initiator of a browser-to-browser connection waits for `open` on its first data channel, but
 * the other side closes that channel as soon as it sees it. When the close comes first, `open`
 * never fires and the dial hangs for six seconds, then fails: 7 % of first dials without this, 0 of
 * 202 with it. When upstream changes the file, the build stops here, and so does the test beside
 * this file: look whether the race is gone, then drop the plugin.
 */
import type { Plugin } from 'vite'

const packagePath = '/node_modules/@libp2p/webrtc/'
const filePath = `${packagePath}dist/src/private-to-private/initiate-connection.js`

const original = `        if (channel.readyState !== 'open') {
            log.trace('wait for init channel to open');
            await pEvent(channel, 'open', {
                signal
            });
        }
        log.trace('closing init channel');
        channel.close();
        // wait for init channel to close before proceeding, otherwise the channel
        // id can be reused before both sides have seen the channel close
        log.trace('waiting for init channel to close');
        await pEvent(channel, 'close', {
            signal
        });
`

export const repaired = `        if (channel.readyState === 'connecting') {
            log.trace('wait for init channel to open or close');
            await pEvent(channel, ['open', 'closing', 'close'], { signal });
        }
        if (channel.readyState !== 'closed') {
            log.trace('closing init channel');
            const closed = pEvent(channel, 'close', { signal });
            channel.close();
            await closed;
        }
`

export function patchInitiator(code: string): string {
  const parts = code.split(original)
  const [before, after] = parts
  if (before === undefined || after === undefined || parts.length !== 2) {
    throw new Error(
      '@libp2p/webrtc changed its initiator. See whether the race that this file describes ' +
        'is gone: then remove the plugin, else adapt it.',
    )
  }
  return before + repaired + after
}

export function webrtcPatch(): Plugin {
  let sawPackage = false
  let sawFile = false
  return {
    name: 'emo:webrtc-patch',
    enforce: 'pre',
    transform(code, id) {
      const path = id.split('?')[0] ?? id
      if (path.includes(packagePath)) sawPackage = true
      if (!path.endsWith(filePath)) return undefined
      sawFile = true
      return { code: patchInitiator(code), map: null }
    },
    buildEnd(failure) {
      if (failure === undefined && sawPackage && !sawFile) {
        this.error(`@libp2p/webrtc is bundled without ${filePath}: the file has moved`)
      }
    },
  }
}
