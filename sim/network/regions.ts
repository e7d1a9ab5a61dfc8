/**
 * Round-trip times between data-centre regions, in ms: the median and the 90th percentile of a year
 * up to July 2025.
 *
 * Source: cloudping.co, as carried by the latency estimator of commonwarexyz/monorepo (commit
 * a9f5875d, 17 July 2025), rounded to whole milliseconds. They are what a packet between two data
 * centres needs; what a home adds is `lastMile` of a place (links.ts).
 */

export const regions = [
  'us-east-1',
  'us-west-1',
  'sa-east-1',
  'eu-west-1',
  'eu-central-1',
  'eu-north-1',
  'ap-south-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-2',
  'us-east-2',
  'us-west-2',
  'eu-west-2',
] as const

export type Region = (typeof regions)[number]

/** Where validators of a run live, round-robin. */
export const regionSets: Readonly<Record<string, readonly Region[]>> = {
  ten: regions.slice(0, 10),
  'eu-us': [
    'us-east-1',
    'us-east-2',
    'us-west-2',
    'eu-west-1',
    'eu-central-1',
    'eu-west-2',
    'eu-north-1',
  ],
  one: ['eu-central-1'],
}

const medianRows = `
  6  64 115  70  93 113 193 150 180 200  15  64  78
 64   3 175 130 153 173 232 108 134 139  52  22 148
115 175   3 179 205 223 302 259 290 312 125 175 187
 70 130 178   3  27  41 126 202 233 256  80 119  14
 93 153 204  27   4  23 129 227 231 251 103 142  18
112 172 223  40  23   3 149 247 250 271 123 155  31
190 232 301 125 129 148   3 133 134 155 200 222 117
150 109 258 202 228 247 134   3  36 107 136  99 213
180 134 289 233 232 250 135  36   4 145 165 124 244
200 139 312 256 252 272 155 106 146   4 188 141 266
 16  53 126  81 104 124 205 136 167 189   5  51  89
 64  22 175 118 143 155 222  98 124 141  51   3 129
 78 148 187  14  18  32 118 213 243 266  88 129   3`

const slowRows = `
  9  74 119  75  99 118 204 157 188 205  19  69  83
 74   5 178 134 157 176 239 111 137 142  67  24 151
118 178   6 181 208 227 306 264 296 315 129 178 190
 73 134 181   6  31  44 134 208 240 259  83 122  17
 95 157 206  30   6  26 133 231 253 255 106 146  20
115 175 226  43  26   5 153 251 263 275 125 158  34
201 238 305 132 133 153   5 145 140 157 207 234 121
156 112 264 209 232 251 146   6  39 115 140 102 219
187 138 296 240 254 272 140  39   6 149 172 127 250
203 142 315 259 256 276 158 116 150   6 191 144 270
 20  67 132  87 111 130 212 145 176 196   9  58  96
 67  24 178 121 146 159 234 101 127 143  53   6 132
 80 150 190  16  20  34 121 219 250 269  91 132   6`

function parse(rows: string): readonly (readonly number[])[] {
  return rows
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number))
}

const median = parse(medianRows)
const slow = parse(slowRows)

export interface Path {
  /** One-way median between the two data centres, ms. */
  readonly oneWayMs: number
  /** Standard deviation of the one-way time, ms: half of what lies between the two percentiles. */
  readonly jitterMs: number
}

export function pathBetween(from: Region, to: Region): Path {
  const [row, column] = [regions.indexOf(from), regions.indexOf(to)]
  const [half, p90] = [(median[row]?.[column] ?? 0) / 2, (slow[row]?.[column] ?? 0) / 2]
  return { oneWayMs: half, jitterMs: Math.max(0, p90 - half) }
}
