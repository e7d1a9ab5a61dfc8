/**
 * The numbers of sums over people (PRIV-2), with where they come from.
 *
 * A score in steps of 500 basis points is 0 … 20 (PRIV-5), so one person changes a sum by at most
 * Δ = 20. Everybody adds discrete Gaussian noise of variance σ² of its own; a sum in which h of the
 * people followed the rule carries noise of variance h·σ², which nobody can subtract. It is
 * ρ-zero-concentrated differentially private with ρ = Δ²/(2·h·σ²) (Canonne, Kamath, Steinke,
 * NeurIPS 2020, theorem 4; that sums of discrete Gaussians are as good as one of them for σ ≥ 2:
 * Kairouz, Liu, Steinke, ICML 2021, theorem 1, the difference being below e^-8000 here).
 *
 * With σ² = 600 and h = 67, two thirds of the smallest sum, ρ = 400/(2·67·600) = 0.004975 a share.
 * Noise of the mean of n people is √(600/n) steps of 20: 2.4 for 100, 0.8 for 1000, 0.24 for
 * 10,000.
 */

/** Steps of 500 basis points: what one person says is 0 … 20. */
export const stepsMax = 20

/** A sum of fewer people is never decrypted (k-anonymity). */
export const peopleMin = 100

/** Of the smallest sum, those assumed to have added their noise: two thirds, rounded up. */
export const honestMin = 67

/** Variance of each share's noise, in steps². */
export const noiseVariance = 600

/**
 * Noise beyond this is drawn again: 20 σ, met once in 10^90 draws. With it what is encrypted,
 * steps + noise + noiseMax, is 0 … 1000 and fits ten bits in a circuit.
 */
export const noiseMax = 490

/** In millionths; rounded up, so that the device never spends less than it gave. */
export const shareRhoMicro = Math.ceil(
  (1_000_000 * stepsMax * stepsMax) / (2 * honestMin * noiseVariance),
)

/** A sum holds no more people, so that its discrete logarithm is found in a second. */
export const peopleMax = 16_384

/**
 * What a device gives away in a day of 2880 epochs at most: four shares, ρ = 0.0199. As (ε, δ) with
 * δ = 10⁻⁶ that is ε = ρ + 2·√(ρ·ln(1/δ)) = 1.07 a day; a person may set less.
 */
export const dailyBudget = { rhoMicroMax: 4 * shareRhoMicro, windowEpochs: 2880 } as const
