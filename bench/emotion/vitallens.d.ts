/** What `peer.ts` uses of the package, whose own types need those of all of TensorFlow. */
declare module 'vitallens' {
  export class VitalLens {
    constructor(options: {
      readonly method: 'pos' | 'chrom' | 'g'
      readonly globalRoi: Readonly<Record<'x0' | 'y0' | 'x1' | 'y1', number>>
    })
    /** Reads the video by its own wrapper of FFmpeg where none is given. */
    readonly controller: { ffmpeg: object }
    processVideoFile(input: string): Promise<{
      readonly vitals: { readonly heart_rate?: { readonly value: number } }
      readonly waveforms: { readonly ppg_waveform?: { readonly data: readonly number[] } }
    }>
  }
}
