/** The consent of a validator (PRIV-4): versioned; a new text asks anew. */

export const consentVersion = 1

export interface ConsentPoint {
  readonly title: string
  readonly text: string
}

export const consentPoints: readonly ConsentPoint[] = [
  {
    title: 'What is measured',
    text:
      'The time between your heartbeats, by a strap or from the colour of your skin in ' +
      'the camera picture: a minute for each epoch you take part in, and a few minutes ' +
      'of rest once as your baseline.',
  },
  {
    title: 'What leaves this device',
    text:
      'A zero-knowledge proof, one bit (calm enough, against your own rest), the kind ' +
      'of sensor, and your votes. No beat, no picture, no heart rate, no baseline.',
  },
  {
    title: 'What stands on chain and cannot be erased',
    text:
      'Your public key, your bond, the epochs you were ready for or served, the kind of ' +
      'sensor, and commitments that only your keys can open: to your baseline, and for each ' +
      'proof to how calm it found you. Others can see when you took part. Nobody can take ' +
      'this back, neither you nor we.',
  },
  {
    title: 'What it does not say',
    text:
      'It says nothing about which emotion you feel, nor about your health. It is no ' +
      'medical device. If sitting still for this makes you unwell, stop.',
  },
  {
    title: 'How to end it',
    text:
      'Step down at any time, without penalty. Revoke by stepping down and unbonding: ' +
      'from the next READY on nothing more is measured or published. “Erase” in the ' +
      'settings deletes everything on this device.',
  },
]
