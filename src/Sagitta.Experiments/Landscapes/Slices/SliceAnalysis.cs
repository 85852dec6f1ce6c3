namespace Sagitta.Experiments.Landscapes.Slices;

/// <summary>Slices through a model: along the leading eigenvectors of its own loss, along random directions, and along its training's
/// principal directions.</summary>
internal static class SliceAnalysis
{
    /// <summary>Draws the slices of one model: along the eigenvectors of a curvature, and for the first of a method the others.</summary>
    public static IReadOnlyList<ModelSlice> Run(LandscapeContext context, string system, string measured, ModelName model,
        ParameterLayout layout, double[] centre, ModelCurvature curvature,
        IReadOnlyList<(string Statistics, Func<IProbe> Create)> probes, bool first)
    {
        ParameterSpace space = new(layout);
        SliceOptions options = context.Options.Slices;
        IReadOnlyList<(long Step, double[] Parameters)> path = TrajectoryFolder.Read(model.Folder, layout);
        double[] square = SliceGrid.Axis(-options.Reach, options.Reach, options.Grid);
        List<ModelSlice> slices = [];
        foreach ((string statistics, Func<IProbe> create) in probes)
        {
            IReadOnlyList<Eigenpair> leading = curvature.Result.Lanczos.Leading;
            slices.Add(One(ModelSlice.Eigenvectors, () => SlicePlane.Normalised(space, centre, leading[0].Vector, leading[1].Vector), _ =>
                (square, square)));
            if (first)
            {
                RandomKey key = context.Key.Split("slice").Split(model.Slug);
                slices.Add(One(ModelSlice.Random, () => SlicePlane.Normalised(
                    space, centre, space.Gaussian(key.Split(0UL)), space.Gaussian(key.Split(1UL))), _ => (square, square)));
                if (path.Count > 2 && SlicePlane.Principal(space, centre, [.. path.Select(p => p.Parameters)]) is { } principal)
                {
                    slices.Add(One(ModelSlice.Trajectory, () => principal, plane => Enclosing(plane, space, path, options.Grid)));
                }
            }

            ModelSlice One(string directions, Func<SlicePlane> make, Func<SlicePlane, (double[] X, double[] Y)> axes)
            {
                string name = $"{system}-slice-{model.Slug}-{directions}{(statistics.Length > 0 ? "-" + statistics : "")}";
                string origin = context.Origin(options, model.Fingerprint, context.Origin(context.Options.Curvature), curvature.Loss,
                    measured, path.Count.ToString("D", CultureInfo.InvariantCulture));
                return context.Analyse($"{system} slices", name, origin, () =>
                {
                    SlicePlane plane = make();
                    (double[] x, double[] y) = axes(plane);
                    using IStageProgress stage = context.Progress.Begin(
                        $"slice along {directions}, {model}{ModelSlice.Averages(statistics)}",
                        x.Length * y.Length, "points");
                    IProbe probe = create();
                    using IDisposable? owned = probe as IDisposable;
                    var grid = SliceGrid.Measure(probe, plane, x, y, context.Threads, stage, context.Stop, context.Ranks);
                    double[] middle = new double[probe.Quantities.Count];
                    probe.Measure(0, centre, middle);
                    (double A, double B, double Share)[] projected = [.. path.Select(p => plane.Project(space, p.Parameters))];
                    return new ModelSlice(model, directions, directions == ModelSlice.Eigenvectors ? curvature.Loss
                        : "", statistics, grid, middle,
                        [.. projected.Select(p => p.A)], [.. projected.Select(p => p.B)],
                        projected.Length > 0 ? projected[0].Share : double.NaN);
                }) with
                { Model = model };
            }
        }

        return slices;
    }

    // The rectangle that holds the path with a margin of a sixth.
    private static (double[] X, double[] Y) Enclosing(
        SlicePlane plane, ParameterSpace space, IReadOnlyList<(long Step, double[] Parameters)> path, int count)
    {
        (double A, double B, double Share)[] points = [(0, 0, 1), .. path.Select(p => plane.Project(space, p.Parameters))];
        double marginX = (points.Max(p => p.A) - points.Min(p => p.A)) / 6;
        double marginY = (points.Max(p => p.B) - points.Min(p => p.B)) / 6;
        return (
            SliceGrid.Axis(points.Min(p => p.A) - marginX, points.Max(p => p.A) + marginX, count),
            SliceGrid.Axis(points.Min(p => p.B) - marginY, points.Max(p => p.B) + marginY, count));
    }
}

/// <summary>A slice through a model: along "eigenvectors" of a loss, "random" directions or the plane of the "trajectory"; running averages
/// "fixed", "recomputed", or empty for networks without them. The training's path is projected on the plane, and the share of its first
/// step's squared distance from the model that lies in the plane is told; both are empty or NaN if no trajectory lies beside the
/// model.</summary>
internal sealed record ModelSlice(ModelName Model, string Directions, string Loss, string Statistics, SliceGrid Grid, double[] Centre,
    double[] PathX, double[] PathY, double PathShare)
{
    public const string Eigenvectors = "eigenvectors", Random = "random", Trajectory = "trajectory", Fixed = "fixed",
        Recomputed = "recomputed";

    /// <summary>", averages fixed" after a name, where there are running averages.</summary>
    public static string Averages(string statistics) => statistics.Length > 0 ? ", averages " + statistics : "";
}

/// <summary>Quantities at the points of a rectangular grid on a plane: for each quantity all points, x fastest.</summary>
internal sealed record SliceGrid(double[] X, double[] Y, IReadOnlyList<string> Quantities, double[][] Values)
    : MeasuredValues(Quantities, Values)
{
    public static SliceGrid Measure(IProbe probe, SlicePlane plane, double[] x, double[] y, WorkerThreads threads, IStageProgress stage,
        CancellationToken stop, Ranks? ranks = null) =>
            new(x, y, [.. probe.Quantities], Measure(probe, x.Length * y.Length, plane.Centre.Length,
            (i, parameters) => plane.Point(x[i % x.Length], y[i / x.Length], parameters), threads, stage, stop, ranks));

    /// <summary>Points at equal distances.</summary>
    public static double[] Axis(double low, double high, int count) =>
        [.. Enumerable.Range(0, count).Select(i => low + (i * (high - low) / (count - 1)))];

    public ValueGrid GridOf(string quantity) => new(X, Y, Of(quantity));
}
