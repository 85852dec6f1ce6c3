namespace Sagitta.Experiments.Landscapes.Slices;

/// <summary>Slices through a model: along the leading eigenvectors of its own loss, along random directions, and along its training's
/// principal directions.</summary>
internal static class SliceAnalysis
{
    /// <summary>Draws the slices of one model that can be drawn.</summary>
    /// <param name="context">What all analyses share.</param>
    /// <param name="system">"calorimeter" or "muon", for names of results.</param>
    /// <param name="measured">What the quantities depend on beside data and model, for the origin of results.</param>
    /// <param name="model">The model.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="centre">Its parameters.</param>
    /// <param name="curvature">The curvature whose eigenvectors are taken.</param>
    /// <param name="probes">What to measure, by treatment of running averages.</param>
    /// <param name="first">Whether this is the first model of its method: only then random directions are drawn.</param>
    public static IReadOnlyList<ModelSlice> Run(
        LandscapeContext context,
        string system,
        string measured,
        ModelName model,
        ParameterLayout layout,
        double[] centre,
        ModelCurvature curvature,
        IReadOnlyList<(string Statistics, Func<IProbe> Create)> probes,
        bool first)
    {
        ParameterSpace space = new(layout);
        SliceOptions options = context.Options.Slices;
        IReadOnlyList<(long Step, double[] Parameters)> path = TrajectoryFolder.Read(model.Folder, layout);
        double[] square = SliceGrid.Axis(-options.Reach, options.Reach, options.Grid);
        List<ModelSlice> slices = [];
        foreach ((string statistics, Func<IProbe> create) in probes)
        {
            IReadOnlyList<Eigenpair> leading = curvature.Result.Lanczos.Leading;
            slices.Add(One("eigenvectors", () => SlicePlane.Normalised(space, centre, leading[0].Vector, leading[1].Vector), _ =>
                (square, square)));
            if (first)
            {
                RandomKey key = context.Key.Split("slice").Split(model.Slug);
                slices.Add(One("random", () => SlicePlane.Normalised(
                    space, centre, space.Gaussian(key.Split(0UL)), space.Gaussian(key.Split(1UL))), _ => (square, square)));
                if (path.Count > 2 && PrincipalPlane.Find(space, centre, [.. path.Select(p => p.Parameters)]) is { } principal)
                {
                    slices.Add(One("trajectory", () => principal.Plane, plane => Around(plane, space, path, options.Grid)));
                }
            }

            ModelSlice One(string directions, Func<SlicePlane> make, Func<SlicePlane, (double[] X, double[] Y)> axes)
            {
                string name = $"{system}-slice-{model.Slug}-{directions}{(statistics.Length > 0 ? "-" + statistics : "")}";
                string origin = context.Origin(options, model.Fingerprint, context.Origin(context.Options.Curvature), curvature.Loss,
                    measured, path.Count.ToString("D", null));
                return context.Analyse($"{system} slices", name, origin, () =>
                {
                    SlicePlane plane = make();
                    (double[] x, double[] y) = axes(plane);
                    using IStageProgress stage = context.Progress.Begin(
                        $"slice along {directions}, {model}{(statistics.Length > 0 ? ", averages " + statistics : "")}",
                        x.Length * y.Length, "points");
                    IProbe probe = create();
                    using IDisposable? owned = probe as IDisposable;
                    var grid = SliceGrid.Measure(probe, plane, x, y, context.Threads, stage, context.Stop);
                    double[] middle = new double[probe.Quantities.Count];
                    probe.Measure(0, centre, middle);
                    (double A, double B, double Share)[] projected = [.. path.Select(p => plane.Project(space, p.Parameters))];
                    return new ModelSlice(
                        model,
                        directions,
                        directions == "eigenvectors" ? curvature.Loss : "",
                        statistics,
                        grid,
                        middle,
                        [.. projected.Select(p => p.A)],
                        [.. projected.Select(p => p.B)],
                        projected.Length > 0 ? projected[0].Share : double.NaN);
                });
            }
        }

        return slices;
    }

    // The rectangle that holds the path with a margin of a sixth.
    private static (double[] X, double[] Y) Around(
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
