namespace Sagitta.Experiments.Calorimeter.Imaging;

/// <summary>A computed tomography of the own simulation: the phantom, its cylinders upright, turns through half a turn before a scanned
/// beam; tracks, ranges and most likely paths give a projection for each angle, and filtered back projection the slice of stopping
/// powers.</summary>
internal sealed class Tomography(Phantom phantom, CalorimeterModel model, TomographyRequest request)
{
    private const double Margin = 3;

    /// <summary>Simulates and reconstructs everything; an angle depends on the seed and its number alone.</summary>
    public Tomogram Run(WorkerThreads threads, IRunProgress progress, CancellationToken stop)
    {
        double half = Math.Sqrt((phantom.Box.X * phantom.Box.X) + (phantom.Box.Y * phantom.Box.Y)) / 2;
        int bins = 2 * (int)Math.Ceiling(half / request.Pixel);
        FilteredBackProjection back = new(bins, request.Pixel);
        TrackingCalorimeter calorimeter = model.Geometry.Calorimeter with { PhantomCentre = phantom.Box.Centre };
        ProtonPlan plan = new(calorimeter, 2 * half);
        WaterEquivalent water = new(calorimeter, calorimeter.Beam.Energy);
        MostLikelyPath path = new(calorimeter, water, phantom.Box.Centre - (phantom.Box.X / 2),
            phantom.Box.Centre + (phantom.Box.X / 2), phantom.Box.Centre);
        double besides = WaterEquivalent.BesidesObject(calorimeter, 2 * half);
        double[][] projections = new double[request.Angles][];
        double[][] errors = new double[request.Angles][];
        int[] accepted = new int[request.Angles];
        CalorimeterChain[] chains = [.. Enumerable.Range(0, threads.Count).Select(_ => new CalorimeterChain())];
        try
        {
            using IStageProgress stage = progress.Begin("tomography", request.Angles, "angles");
            for (int first = 0; first < request.Angles; first += threads.Count)
            {
                stop.ThrowIfCancellationRequested();
                int begin = first;
                int count = Math.Min(threads.Count, request.Angles - first);
                threads.Run(count, (i, worker) => (projections[begin + i], errors[begin + i], accepted[begin + i]) =
                    Project(begin + i, chains[worker], plan, water, path, besides, back.Bins));
                stage.Advance(count);
            }
        }
        finally
        {
            foreach (CalorimeterChain chain in chains)
            {
                chain.Dispose();
            }
        }

        int pixels = 2 * (int)Math.Floor(Math.Max(phantom.Box.X, phantom.Box.Y) / 2 / request.Pixel);
        double[] at = [.. Enumerable.Range(0, pixels).Select(i => (i + 0.5 - (pixels / 2.0)) * request.Pixel)];
        double[] slice = back.Slice(projections, at);
        return new(at, slice, accepted.Sum(), [.. phantom.Cylinders.Select((cylinder, number) =>
        {
            // Of a cylinder with others inside what they leave of it.
            int[] inside = [.. Enumerable.Range(0, slice.Length).Where(i =>
                Distance(cylinder, at[i % pixels], at[i / pixels]) < cylinder.Radius - Margin
                && phantom.Cylinders.Skip(number + 1).All(other =>
                    Distance(other, at[i % pixels], at[i / pixels]) > other.Radius + Margin))];
            double[] values = [.. inside.Select(i => slice[i])];
            double mean = values.DefaultIfEmpty(double.NaN).Average();
            return new TomogramInsert(cylinder, phantom.StoppingPower(cylinder),
                new(mean, back.MeanError(errors, [.. inside.Select(i => (at[i % pixels], at[i / pixels]))])),
                Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, values.Length - 1)));
        })]);
    }

    private static double Distance(PhantomCylinder cylinder, double x, double y) =>
        Math.Sqrt(Math.Pow(x - cylinder.X, 2) + Math.Pow(y - cylinder.Y, 2));

    private (double[] Values, double[] Errors, int Accepted) Project(int angle, CalorimeterChain chain, ProtonPlan plan,
        WaterEquivalent water, MostLikelyPath path, double besides, double[] bins)
    {
        (double sine, double cosine) = Math.SinCos(Math.PI * angle / request.Angles);
        int spots = (int)Math.Ceiling(bins.Length * request.Pixel / request.Spacing);
        List<double>[] found = [.. bins.Select(_ => new List<double>())];
        ProtonSelection selection = new();
        for (int spot = 0; spot < spots; spot++)
        {
            // The phantom is moved instead of the beam.
            double beam = (spot + 0.5 - (spots / 2.0)) * request.Spacing;
            ProtonPlan turned = plan.Through((x, _, z) =>
            {
                (double across, double along) = (x + beam, z - phantom.Box.Centre);
                return phantom.StoppingPower((across * cosine) + (along * sine), (along * cosine) - (across * sine));
            });
            int first = ((angle * spots) + spot) * request.Protons;
            CalorimeterEvents events = HitPreparation.Events(CalorimeterSimulation.Generate(turned, request.Seed, first, request.Protons));
            CalorimeterFrame frame = events.Overlay([.. Enumerable.Range(0, events.Count)], first);
            IReadOnlyList<SegmentTrack> tracks = request.Truth ? chain.Perfect(frame, model) : chain.Reconstruct(frame, model);
            RangeEstimate[] ranges = chain.Fit(tracks);
            for (int t = 0; t < tracks.Count; t++)
            {
                if (selection.Takes(frame, tracks[t].Hits, ranges[t], model.Geometry.Depths))
                {
                    TrackLine line = TrackLine.Of(frame, tracks[t].Hits)!.Value;
                    double place = path.At(default, line.X, line.SlopeX) + beam;
                    int bin = (int)Math.Floor((place / request.Pixel) + (bins.Length / 2.0));
                    if (bin >= 0 && bin < bins.Length)
                    {
                        found[bin].Add(water.PathLength(ranges[t].Range) - besides);
                    }
                }
            }
        }

        RobustMean[] means = [.. found.Select(values => RobustMean.Of(values.ToArray()))];
        double spread = means.Where(mean => mean.Count > 3).Select(mean => mean.Spread).DefaultIfEmpty(double.NaN).Average();
        return (Filled([.. means.Select(mean => mean.Value)]),
            [.. means.Select(mean => mean.Count == 0 ? 0 : spread / Math.Sqrt(mean.Count))], means.Sum(mean => mean.Count));
    }

    // A bin without protons gets what its neighbours let expect, and at the rim nothing.
    private static double[] Filled(double[] values)
    {
        int last = -1;
        for (int i = 0; i <= values.Length; i++)
        {
            if (i < values.Length && !double.IsFinite(values[i]))
            {
                continue;
            }

            (double low, double high) = (last < 0 ? 0 : values[last], i == values.Length ? 0 : values[i]);
            for (int gap = last + 1; gap < i; gap++)
            {
                values[gap] = last < 0 || i == values.Length ? 0 : low + ((high - low) * (gap - last) / (i - last));
            }

            last = i;
        }

        return values;
    }
}

/// <summary>What is asked of a tomography.</summary>
internal sealed record TomographyRequest
{
    /// <summary>Projections over half a turn.</summary>
    public int Angles { get; init; } = 180;

    /// <summary>Protons of a spot, which make a frame.</summary>
    public int Protons { get; init; } = 100;

    /// <summary>Spots of the beam are so far apart, mm.</summary>
    public double Spacing { get; init; } = 7;

    /// <summary>Size of a pixel and of a bin of a projection, mm.</summary>
    public double Pixel { get; init; } = 2;

    /// <summary>Whether a perfect tracker finds the tracks.</summary>
    public bool Truth { get; init; }

    /// <summary>Seed of the simulation.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>A slice of stopping powers relative to water.</summary>
/// <param name="At">Middles of pixels along both axes, mm.</param>
/// <param name="Rsp">Row by row, the lowest y first.</param>
/// <param name="Accepted">Protons behind it.</param>
/// <param name="Inserts">The phantom's cylinders.</param>
internal sealed record Tomogram(double[] At, double[] Rsp, int Accepted, IReadOnlyList<TomogramInsert> Inserts);

/// <summary>What a tomogram says of one cylinder more than 3 mm inside its edge.</summary>
/// <param name="Cylinder">The cylinder.</param>
/// <param name="Truth">Its stopping power by the phantom's file.</param>
/// <param name="Rsp">Mean of its pixels, with the error that the protons' spread gives.</param>
/// <param name="Noise">Standard deviation of its pixels.</param>
internal sealed record TomogramInsert(PhantomCylinder Cylinder, double Truth, Metric Rsp, double Noise);
