namespace Sagitta.Tracking.Design;

/// <summary>
/// Places of a detector's planes along z: the mean over momenta of the logarithm of the bound on q/pT (<see cref="ResolutionLimit"/>).
/// Planes keep their order, stay within the ranges that their file gives, and do not overlap.
/// </summary>
internal sealed class PlaneDesign : DesignProblem
{
    private const double Micrometre = 1e-3;

    // Where a plane may be tried instead of where it is.
    private const int Places = 40;

    // A plane that moves elsewhere must lower the error by this part.
    private const double WorthMoving = 1e-4;

    // Stations end where the next plane is further away than this part of the whole length.
    private const double StationGap = 0.1;
    private readonly IReadOnlyList<double> _momenta;
    private readonly double[] _sigma;

    // Bounds of z less the thickness of all planes before, and that thickness, mm.
    private readonly double[] _low;
    private readonly double[] _high;
    private readonly double[] _thickness;

    /// <param name="detector">The detector, its planes in the order that they keep.</param>
    /// <param name="momenta">pT, GeV.</param>
    /// <exception cref="BadInputException">The ranges have no place for the planes.</exception>
    public PlaneDesign(Detector detector, IReadOnlyList<double> momenta)
    {
        int n = detector.Planes.Count;
        (Detector, _momenta) = (detector, momenta);
        _sigma = [.. detector.Planes.Select(plane => SigmaOf(detector, plane))];
        (_low, _high, _thickness) = (new double[n], new double[n], new double[n]);
        for (int i = 0; i < n; i++)
        {
            Plane plane = detector.Planes[i];
            (double low, double high) = plane.Between ?? (plane.Z, plane.Z);
            _thickness[i] = i == 0 ? 0 : _thickness[i - 1] + Distance(detector.Planes[i - 1], plane);
            _low[i] = Math.Max(low - _thickness[i], i == 0 ? double.NegativeInfinity : _low[i - 1]);
            _high[i] = high - _thickness[i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            _high[i] = i == n - 1 ? _high[i] : Math.Min(_high[i], _high[i + 1]);
            if (_high[i] < _low[i] - 1e-9)
            {
                throw new BadInputException($"detector '{detector.Name}', plane {i}",
                    $"there is no place for {n} planes of this thickness between the lowest and the highest z that it may have",
                    "give wider ranges, or fewer planes");
            }
        }
    }

    /// <summary>The Detector.</summary>
    public Detector Detector { get; }

    /// <inheritdoc />
    public override int Count => Detector.Planes.Count;

    /// <inheritdoc />
    public override double Resolution => Micrometre;

    /// <summary>z of the planes, mm.</summary>
    public double[] Values => [.. Detector.Planes.Select(plane => plane.Z)];

    /// <summary>The bound on the relative error of q/pT at a pT in GeV.</summary>
    public double Relative(double pt) => new ResolutionLimit(Detector, _sigma).Relative(pt);

    /// <inheritdoc />
    public override double Evaluate(ReadOnlySpan<double> values, Span<double> gradient)
    {
        double[] z = values.ToArray();
        ResolutionLimit limit = new(Detector with { Planes = [.. Detector.Planes.Select((plane, i) => plane with { Z = z[i] })] }, _sigma);
        double[] own = new double[z.Length];
        double sum = 0;
        gradient.Clear();
        foreach (double pt in _momenta)
        {
            double variance = limit.Variance(1 / pt, gradient.IsEmpty ? [] : own);
            if (!(variance > 0))
            {
                return double.PositiveInfinity;
            }

            sum += Math.Log(variance * pt * pt) / 2 / _momenta.Count;
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] += own[i] / variance / 2 / _momenta.Count;
            }
        }

        return sum;
    }

    /// <inheritdoc />
    public override void Project(Span<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] -= _thickness[i];
        }

        // Without the planes' thickness they are numbers that must not decrease: the nearest such are means of neighbours that break it.
        List<(double Mean, int Count)> blocks = [];
        foreach (double value in values)
        {
            blocks.Add((value, 1));
            while (blocks.Count > 1 && blocks[^2].Mean > blocks[^1].Mean)
            {
                ((double a, int i), (double b, int j)) = (blocks[^2], blocks[^1]);
                blocks.RemoveRange(blocks.Count - 2, 2);
                blocks.Add((((a * i) + (b * j)) / (i + j), i + j));
            }
        }

        int at = 0;
        foreach ((double mean, int count) in blocks)
        {
            for (int k = 0; k < count; k++, at++)
            {
                values[at] = Math.Min(Math.Max(mean, _low[at]), _high[at]) + _thickness[at];
            }
        }
    }

    /// <summary>The best detector that the gradient leads to, and that no plane elsewhere would make better: the gradient does not lead a
    /// plane over the places between its own and a better one.</summary>
    /// <param name="jumps">How often a plane was moved elsewhere.</param>
    /// <param name="stop">Ends it.</param>
    public PlaneDesign Best(out int jumps, CancellationToken stop)
    {
        PlaneDesign best = this;
        double[] values = Values;
        double objective = DesignSearch.Descend(best, values, stop);
        for (jumps = 0; jumps < 4 * Count; jumps++)
        {
            (double found, PlaneDesign? other) = best.With(values).Jump(stop);
            if (other is null || !(found < objective - WorthMoving))
            {
                break;
            }

            values = other.Values;
            objective = DesignSearch.Descend(other, values, stop);
            best = other;
        }

        return best.With(values);
    }

    // The best place of one plane, all others as they are.
    private (double Objective, PlaneDesign? Design) Jump(CancellationToken stop)
    {
        (double objective, PlaneDesign? design) = (double.PositiveInfinity, null);
        for (int i = 0; i < Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            Plane plane = Detector.Planes[i];
            for (int k = 0; plane.Between is var (low, high) && k <= Places; k++)
            {
                Plane moved = plane with { Z = low + ((high - low) * k / Places) };
                PlaneDesign other = new(Detector with
                {
                    Planes = [.. Detector.Planes.Where(p => p != plane).Append(moved).OrderBy(p => p.Z)],
                }, _momenta);
                double[] values = other.Values;
                other.Project(values);
                double found = other.Evaluate(values, []);
                if (found < objective)
                {
                    (objective, design) = (found, other.With(values));
                }
            }
        }

        return (objective, design);
    }

    // Planes at these places, in stations by the gaps between them.
    private PlaneDesign With(double[] values)
    {
        double gap = StationGap * (values[^1] - values[0]);
        int station = 0;
        Plane[] planes = [.. Detector.Planes];
        for (int i = 0; i < planes.Length; i++)
        {
            station += i > 0 && values[i] - values[i - 1] > gap ? 1 : 0;
            planes[i] = planes[i] with { Z = values[i], Station = station };
        }

        return new(Detector with { Planes = planes }, _momenta);
    }

    private static double Distance(Plane before, Plane plane) => before.Back - before.Z + (plane.Z - plane.Front);

    private static double SigmaOf(Detector detector, Plane plane) => detector.StatedResolution
        ?? PlaneResolution.Expected(plane, detector.Materials.GetValueOrDefault(plane.Gas));
}
