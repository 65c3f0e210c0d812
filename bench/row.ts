/** One measured figure. A speed is a ratio against a floor that was measured in the same run. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  /** The floor's figure, in the same unit. */
  floor?: number;
  /** value / floor (or floor / value for rates): 1 is as fast as the floor. */
  ratio?: number;
  /** What was aimed at, in words. */
  aim?: string;
}
