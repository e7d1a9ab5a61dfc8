/**
 * Writes a 64-bit field (ENC-1).
 *
 * The writer of protons-runtime 8.0.1 keeps the low 32 bits signed and takes 2^31 … 2^32 - 1 for
 * negative, so that 2200 EMO would be written as 0. Its path for numbers is right, and so is its
 * path for what needs more than 32 bits. Generated code calls this in place of `w.uint64`.
 */
interface Writer {
  uint64(value: bigint): unknown
  uint64Number(value: number): unknown
}

const u32Max = 0xffff_ffffn

export function writeUint64(writer: Writer, value: bigint): void {
  if (value <= u32Max) writer.uint64Number(Number(value))
  else writer.uint64(value)
}
