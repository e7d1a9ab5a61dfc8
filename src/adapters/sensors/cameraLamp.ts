/** The lamp beside the lens (SENS-2): with it a fingertip shows its pulse in any light. */

/** Not in the DOM types yet. */
interface WithTorch {
  readonly torch?: boolean
}

/** Whether it is lit now; phones alone have one, and not every browser lights it. */
export async function lightLamp(track: MediaStreamTrack): Promise<boolean> {
  // Firefox has no capabilities to ask for.
  const { getCapabilities } = track as Partial<MediaStreamTrack>
  if (getCapabilities === undefined) return false
  const capabilities: MediaTrackCapabilities & WithTorch = getCapabilities.call(track)
  if (capabilities.torch !== true) return false
  try {
    const advanced: (MediaTrackConstraintSet & WithTorch)[] = [{ torch: true }]
    await track.applyConstraints({ advanced })
    return true
  } catch {
    // The lamp is taken, or too hot: daylight goes through a finger as well.
    return false
  }
}
