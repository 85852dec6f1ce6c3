namespace Sagitta.Tracking.Alignment;

/// <summary>
/// Rounds of alignment: tracks are measured with the planes where they are believed to stand, the parameters are solved for, and again,
/// until nothing moves. Planes far from their places are found in steps, with a wide bound on pulls first. What can't be trusted is told.
/// </summary>
/// <param name="model">Planes, field and material.</param>
/// <param name="options">When it ends.</param>
/// <param name="threads">Threads; nothing depends on their number.</param>
internal sealed class AlignmentSearch(AlignmentModel model, AlignmentOptions options, WorkerThreads threads)
{
    // What a step is assumed to lack before the first one, mm.
    private const double FirstWidth = 3;
    private const double UsualSigma = 0.1;

    // Selecting hits again with planes that moved less than this changes hardly any.
    private const double AlmostStill = 0.02;

    /// <summary>Parameters that move.</summary>
    public required IReadOnlyList<int> Free { get; init; }

    /// <summary>What holds the weak modes.</summary>
    public required IReadOnlyList<AlignmentConstraint> Constraints { get; init; }

    /// <summary>Number of all events.</summary>
    public required int Events { get; init; }

    /// <summary>The first rounds need no more events than these.</summary>
    public int FewEvents { get; init; } = 3000;

    /// <summary>Runs it.</summary>
    /// <param name="start">Values of the parameters to begin with, which are left as they are.</param>
    /// <param name="measure">Measures the tracks of the first so many events at these values, which it may change before the first
    /// round.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="BadInputException">The events can't tell where the planes are.</exception>
    public AlignmentResult Run(double[] start, Func<int, double[], bool, AlignmentTracks> measure, CancellationToken stop)
    {
        int shifts = 2 * model.Planes;
        double[] values = [.. start];
        List<double> moves = [];
        double width = FirstWidth;
        bool all = Events <= FewEvents;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            int used = all ? Events : FewEvents;
            AlignmentTracks tracks = measure(used, values, moves.Count == 0);
            AlignmentSelection selection = new(options.LargestPull, Math.Min(model.Planes, options.FewestPlanes),
                1 + (width / UsualSigma / options.LargestPull));
            double[] before = [.. values];
            (AlignmentSum sum, AlignmentSolution solution) = Solve(tracks, values, selection, used);
            double moved = values.Zip(before, (a, b) => Math.Abs(a - b)).Take(shifts).Max();
            moves.Add(moved);
            double farthest = values.Take(shifts).Max(Math.Abs);
            string? problem = !double.IsFinite(farthest) || farthest > options.LargestShift
                ? string.Create(CultureInfo.InvariantCulture,
                    $"a plane would move by {farthest:0.#} mm, and more than {options.LargestShift:0.#} mm is no misalignment: tracks and "
                    + $"detector do not belong together")
                : null;
            bool still = all && moved < options.Tolerance;
            if (still || problem is not null || moves.Count >= options.MostRounds)
            {
                problem ??= still ? Doubt(sum, values) : string.Create(CultureInfo.InvariantCulture,
                    $"the planes still move by {1000 * moved:0.#} um after {moves.Count} rounds");
                return new()
                {
                    Model = model,
                    Tracks = tracks,
                    Selection = selection,
                    Start = start,
                    Values = values,
                    Covariance = solution.CovarianceOfSpread(sum),
                    Free = Free,
                    Constraints = Constraints,
                    Before = AlignmentSum.Of(model, tracks, start, selection with { LargestPull = double.PositiveInfinity }, threads),
                    After = AlignmentSum.Of(model, tracks, values, selection, threads),
                    Modes = Modes(sum),
                    Moves = moves,
                    Events = used,
                    Problem = problem,
                };
            }

            all |= moved < AlmostStill;
            width = moved < AlmostStill ? 0 : Math.Min(width, moved);
        }
    }

    /// <summary>Refuses known momenta (charge over momentum; NaN where it is not known) of which nearly all have one sign.</summary>
    public static void RequireBothCharges(double[] known)
    {
        int positive = known.Count(q => q > 0);
        int negative = known.Count(q => q < 0);
        if (Math.Min(positive, negative) < 0.1 * (positive + negative))
        {
            throw new BadInputException("the known momenta",
                $"{positive} muons are positive and {negative} negative: with one charge alone, loss of energy and an error of the "
                    + "momentum scale look like a sagitta of the planes",
                "give muons of both charges, or leave --known-momentum out");
        }
    }

    // Steps with the same measurements until they are small; values are those after the last.
    private (AlignmentSum Sum, AlignmentSolution Solution) Solve(AlignmentTracks tracks, double[] values, AlignmentSelection selection,
        int events)
    {
        for (int steps = 1; ; steps++)
        {
            var sum = AlignmentSum.Of(model, tracks, values, selection, threads);
            RequireEnough(sum, events);
            AlignmentSolution solution = AlignmentSolution.Of(sum, Free, Constraints, values) ?? throw new BadInputException(
                "the alignment", "the equations for the planes are singular: some plane is not measured",
                "give more events, or free fewer parameters");
            double step = solution.Step.Take(2 * model.Planes).Max(Math.Abs);
            for (int k = 0; k < values.Length; k++)
            {
                values[k] += solution.Step[k];
            }

            if (step <= options.Tolerance / 10 || steps >= options.StepsOfARound || !(step < options.LargestShift))
            {
                return (sum, solution);
            }
        }
    }

    // Known momenta do not make the modes of free ones strong: both are looked at, the weak modes without.
    private IReadOnlyList<WeakMode> Modes(AlignmentSum sum) => AlignmentSolution.WeakOf(model,
        AlignmentSolution.Modes(model, sum, [.. Free.Where(k => k != sum.Parameters.FieldScale)]));

    private void RequireEnough(AlignmentSum sum, int events)
    {
        if (sum.Tracks < options.FewestTracks)
        {
            throw new BadInputException("the events",
                $"{sum.Tracks} of {events} give a track of {options.FewestPlanes} planes that agree",
                $"give at least {options.FewestTracks} such muons; if there are, planes are too far from their places or the model does "
                    + "not suit the hits");
        }

        for (int i = 0; i < sum.Hits.Length; i++)
        {
            if (sum.Hits[i] < Math.Max(options.FewestTracks / 5, options.SmallestShareOfHits * sum.Tracks))
            {
                throw new BadInputException($"plane {i}", string.Create(CultureInfo.InvariantCulture,
                    $"it has a hit on {sum.Hits[i]} of {sum.Tracks} tracks, and {sum.Rejected[i]} hits away from them"),
                    "leave a dead plane out of the detector file; a plane that is further away than 10 mm needs a better z or y first");
            }
        }
    }

    // What makes corrections untrustworthy though they have converged; null for nothing.
    private string? Doubt(AlignmentSum sum, double[] values)
    {
        double scale = values[sum.Parameters.FieldScale];
        return Math.Abs(scale) > options.LargestFieldScale
            ? string.Create(CultureInfo.InvariantCulture,
                $"the known momenta ask for a field {100 * scale:+0.0;-0.0;0.0} % stronger than the detector file's: field or momenta are "
                    + $"wrong")
            : sum.ChiSquarePerDegree > options.LargestChiSquare
                ? string.Create(CultureInfo.InvariantCulture,
                    $"tracks do not fit: chi2/ndf is {sum.ChiSquarePerDegree:0.0} with the planes in their best places")
                : sum.Dropped > sum.Tracks
                    ? $"{sum.Dropped} events give no track of planes that agree, {sum.Tracks} do"
                    : null;
    }
}
