/** The Web Lock that one tab of a profile holds while it runs the node (BFT-10). */
export const signerLockName = 'emo-signer'
