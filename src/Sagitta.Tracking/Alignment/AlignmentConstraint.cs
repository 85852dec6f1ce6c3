namespace Sagitta.Tracking.Alignment;

/// <summary>A linear combination of parameters that is held at a value, and what it is called.</summary>
/// <param name="Name">Its name, as weak modes have it.</param>
/// <param name="Factors">One a parameter.</param>
internal sealed record AlignmentConstraint(string Name, double[] Factors)
{
    /// <summary>The polynomial of this degree of shifts along y or z; t is <see cref="AlignmentModel.Place"/>.</summary>
    public static AlignmentConstraint Polynomial(AlignmentModel model, bool alongZ, int degree)
    {
        AlignmentParameters order = new(model.Planes);
        double[] factors = new double[order.Count];
        for (int i = 0; i < model.Planes; i++)
        {
            factors[alongZ ? order.Z(i) : order.Y(i)] = Math.Pow(model.Place(i), degree);
        }

        return new(WeakMode.NameOf(alongZ, degree), factors);
    }

    /// <summary>What keeps every station rigid: along y its planes follow a shift and a turn about x, along z a shift.</summary>
    public static IEnumerable<AlignmentConstraint> Rigid(Detector detector, AlignmentModel model, bool alongZ)
    {
        AlignmentParameters order = new(model.Planes);
        for (int station = 0; station < detector.StationCount; station++)
        {
            int[] own = [.. Enumerable.Range(0, model.Planes).Where(i => detector.Planes[i].Station == station)];
            double middle = own.Average(model.Place);

            // Motions first, then each plane alone: what is left of it after all before is a change of form.
            List<double[]> basis = [];
            foreach (Func<int, double> pattern in ((Func<int, double>[])[
                _ => 1, .. alongZ ? [] : (Func<int, double>[])[i => model.Place(i) - middle]])
                .Concat(own.Select(plane => (Func<int, double>)(i => i == plane ? 1 : 0))))
            {
                double[] left = [.. own.Select(pattern)];
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

            foreach (double[] form in basis.Skip(own.Length == 1 || alongZ ? 1 : 2))
            {
                double[] factors = new double[order.Count];
                for (int k = 0; k < own.Length; k++)
                {
                    factors[alongZ ? order.Z(own[k]) : order.Y(own[k])] = form[k];
                }

                yield return new($"form of station {station}", factors);
            }
        }
    }
}
