/**
 * Takes the streaming decoders out of what protons generates: more than half of the text, in every
 * worker and in the page, and nothing here decodes a message field by field.
 */

export function withoutStreams(generated: string): string {
  const lines: string[] = []
  /** The line that ends what is being left out. */
  let until: string | undefined
  for (const line of generated.split('\n')) {
    if (until !== undefined) {
      if (line === until) until = undefined
    } else if (line === '      }, function * (reader, length, prefix, opts = {}) {') {
      lines.push('      })')
      until = '      })'
    } else if (isOfStream(line)) {
      // The blank line before it goes too.
      if (lines.at(-1) === '') lines.pop()
      until = '  }'
    } else {
      lines.push(line)
    }
  }
  return lines.join('\n').replace(', streamMessage }', ' }')
}

function isOfStream(line: string): boolean {
  return (
    line.startsWith('  export function stream (') ||
    /^ {2}export interface \w+FieldEvent \{$/.test(line)
  )
}
