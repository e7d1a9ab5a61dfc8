/** Numbers, amounts and times as a person reads them. English, one form everywhere. */

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const tenths = new Intl.NumberFormat('en-GB', {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
})
const hoursMinutes = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })
const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** Also the number of an epoch or a block, wherever a person reads it; links have it bare. */
export function count(value: number): string {
  return grouped.format(value)
}

/** `1 peer`, `3 peers`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** `0.38 s`, `12.6 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return `${seconds.toFixed(2)} s`
  if (seconds < 60) return `${tenths.format(seconds)} s`
  return wait(ms)
}

/** A span to wait for, in whole seconds: `12 s`, `1 min 20 s`, `2 h 5 min`. */
export function wait(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60)
    return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A span of days, `14 days`; a shorter one as `wait`. */
export function days(ms: number): string {
  const whole = Math.ceil(ms / 86_400_000)
  return ms < 86_400_000 ? wait(ms) : plural(whole, 'day')
}

/** Seconds left with one decimal, for a clock that runs. */
export function secondsLeft(ms: number): string {
  return `${tenths.format(Math.max(0, ms) / 1000)} s`
}

export function ago(ms: number): string {
  return ms < 1500 ? 'just now' : `${wait(ms)} ago`
}

export function dateAndTime(ms: number): string {
  return dateTime.format(ms)
}

/** `14:05`. */
export function timeOfDay(ms: number): string {
  return hoursMinutes.format(ms)
}

/** µEMO as EMO with up to `digits` decimals, rounded down; exact for any size. */
export function emo(micro: string, digits = 2): string {
  if (!/^\d{1,40}$/.test(micro)) return '–'
  const value = BigInt(micro)
  const whole = grouped.format(value / 1_000_000n)
  const fraction = (value % 1_000_000n).toString().padStart(6, '0').slice(0, digits)
  return fraction === '' || /^0*$/.test(fraction) ? `${whole} EMO` : `${whole}.${fraction} EMO`
}

/** Basis points as percent: 9100 is `91 %`. */
export function percent(basisPoints: number): string {
  return `${Math.floor(basisPoints / 100)} %`
}

export function bytes(value: number): string {
  if (value < 1_000_000) return `${Math.ceil(value / 1000)} kB`
  if (value < 1_000_000_000) return `${Math.round(value / 1_000_000)} MB`
  return `${tenths.format(value / 1_000_000_000)} GB`
}

/** First and last characters of an id: enough to recognise, never to compare. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 6)}…${id.slice(-4)}`
}
