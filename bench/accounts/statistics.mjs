// Whether two samples can be told apart.

/**
 * Mann–Whitney U, two-sided, by the normal approximation with corrections for ties and continuity (as R's wilcox.test and
 * SciPy's asymptotic method): `u` of `a`, `p`, and `auc`, the chance that one of `a` is larger than one of `b` (0.5: none
 * tells them apart). SciPy's own example, [19,22,16,29,24] and [20,11,17,12]: U = 17, p = 0.11135.
 */
export function mannWhitney(a, b) {
  const all = [...a.map((value) => [value, true]), ...b.map((value) => [value, false])].sort((x, y) => x[0] - y[0]);
  const count = all.length;
  let [ranks, ties] = [0, 0];
  for (let from = 0, to; from < count; from = to) {
    for (to = from; to < count && all[to][0] === all[from][0]; to++);
    ranks += all.slice(from, to).filter(([, ofA]) => ofA).length * ((from + 1 + to) / 2);
    ties += (to - from) ** 3 - (to - from);
  }
  const u = ranks - (a.length * (a.length + 1)) / 2;
  const mean = (a.length * b.length) / 2;
  const deviation = Math.sqrt((mean / 6) * (count + 1 - ties / (count * (count - 1))));
  const z = Math.max(0, Math.abs(u - mean) - 0.5) / deviation;
  return { u, p: erfc(z / Math.SQRT2), auc: u / (a.length * b.length) };
}

/** Abramowitz & Stegun 7.1.26: to 1.5e-7. */
function erfc(x) {
  const t = 1 / (1 + 0.3275911 * x);
  const terms = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  return terms.reduce((sum, term) => (sum + term) * t, 0) * Math.exp(-x * x);
}

export const median = (values) => {
  const sorted = Float64Array.from(values).sort();
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};
