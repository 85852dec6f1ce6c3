namespace Sagitta.Tracking.Alignment;

/// <summary>A linear combination of parameters that is held at a value, and what it is called.</summary>
/// <param name="Name">Its name, as weak modes have it.</param>
/// <param name="Factors">One a parameter.</param>
internal sealed record AlignmentConstraint(string Name, double[] Factors)
{
    /// <summary>The pattern of the parameters of a kind that has these values at the planes.</summary>
    public static AlignmentConstraint Of(string name, AlignmentParameters order, int kind, Func<int, double> pattern)
    {
        double[] factors = new double[order.Count];
        for (int i = 0; i < order.Planes; i++)
        {
            factors[order.Of(kind, i)] = pattern(i);
        }

        return new(name, factors);
    }

    /// <summary>The place of plane <paramref name="i"/> in its detector, from -1 at the first plane to 1 at the last: the argument of the
    /// polynomials that name weak modes.</summary>
    public static double Place(ReadOnlySpan<double> z, int i) => z.Length < 2 ? 0 : ((2 * z[i]) - z[0] - z[^1]) / (z[^1] - z[0]);

    /// <summary>What keeps every station rigid: its planes follow <see cref="AlignmentModel.Motions"/>.</summary>
    public static IEnumerable<AlignmentConstraint> Rigid(AlignmentModel model, int kind)
    {
        for (int station = 0; station <= model.Stations[^1]; station++)
        {
            int[] own = [.. Enumerable.Range(0, model.Planes).Where(i => model.Stations[i] == station)];

            // Motions first, then each plane alone: what is left of it after all before is a change of form.
            double[][] motions = [.. model.Motions(kind).Select(motion => (double[])[.. own.Select(motion)])];
            List<double[]> basis = Orthonormal(motions);
            int free = basis.Count;
            basis = Orthonormal([.. motions, .. own.Select(plane => own.Select(other => other == plane ? 1.0 : 0).ToArray())]);
            foreach (double[] form in basis.Skip(free))
            {
                yield return Of($"form of station {station}", model.Parameters, kind,
                    plane => Array.IndexOf(own, plane) is >= 0 and int k ? form[k] : 0);
            }
        }
    }

    /// <summary>Unit vectors of the same span, each at right angles to those before; what adds nothing is left out.</summary>
    public static List<double[]> Orthonormal(IEnumerable<double[]> vectors)
    {
        List<double[]> basis = [];
        foreach (double[] vector in vectors)
        {
            double[] left = vector;
            double before = Math.Sqrt(left.Sum(part => part * part));
            foreach (double[] other in basis)
            {
                double along = left.Zip(other, (a, b) => a * b).Sum();
                left = [.. left.Zip(other, (a, b) => a - (along * b))];
            }

            double norm = Math.Sqrt(left.Sum(part => part * part));
            if (norm > 1e-6 * before)
            {
                basis.Add([.. left.Select(part => part / norm)]);
            }
        }

        return basis;
    }
}
