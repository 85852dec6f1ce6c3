namespace Sagitta.Experiments.Muon.Exporting;

/// <summary>
/// What <see cref="WeightedTrackFit"/> does for one event, as operators of an ONNX graph in double precision: soft clusters of each plane,
/// a circle through independent planes, the errors of clusters that know its inclination, and the circle with full covariance.
/// </summary>
/// <param name="graph">The graph, with the values "y" and "charge" of its hits.</param>
/// <param name="model">Detector, clustering, measurement stage and fit.</param>
internal sealed class MuonFitOnnx(OnnxGraph graph, MuonModel model)
{
    // A step that changes half of S by less changes q/pT by less than a millionth of its error.
    private const double Decrement = 1e-12;
    private readonly Detector _detector = model.Detector;
    private readonly MuonReconstructionOptions _options = model.Experiment.Reconstruction;
    private readonly CircleGeometry _geometry = CircleGeometry.Of(model.Detector);
    private readonly ClusterResolution _resolution = model.Experiment.Reconstruction.Clustering.Resolution;
    private readonly int _planes = model.Detector.Planes.Count;

    /// <summary>Adds the outputs weights, y0, slope and q_over_pt.</summary>
    /// <param name="plane">The hits' planes.</param>
    /// <param name="weights">Their weights.</param>
    public void Append(string plane, OnnxValue weights)
    {
        OnnxValue z = graph.Precise("z", _geometry.Z, _planes), zero = graph.Number(0);
        Clusters clusters = Cluster(plane, weights);
        OnnxValue sigma = (clusters.Intrinsic + WithoutTrack(clusters.Width)).Apply("Sqrt");
        OnnxValue precision = clusters.Presence / (sigma * sigma);
        OnnxValue first = Descend(z, clusters.Centroid, Diagonal(precision), Seed(z, clusters.Centroid, precision));

        OnnxValue curvature = first.At(graph.Index(TrackParameter.QOverPt)), m = curvature / _geometry.CurvaturePerQOverPt;
        OnnxValue sine = first.At(graph.Index(TrackParameter.Slope)) + (curvature * z), cosine2 = 1.0 - (sine * sine);
        OnnxValue inclined = (clusters.Intrinsic + WithTrack(clusters.Width, sine / cosine2.Apply("Sqrt"))).Apply("Sqrt");
        OnnxValue centroid = clusters.Centroid, error = (cosine2 > zero).Choose(inclined, sigma);
        if (_options.Measurement.Enabled)
        {
            (centroid, error) = new MuonMeasurementOnnx(graph, model).Append(
                plane, weights, Amplitude(), clusters.Mass, centroid, error, sine);
        }

        OnnxValue root = clusters.Presence.Apply("Sqrt") / error;
        TrackMaterial material = new(_detector);
        OnnxValue bent = centroid - (m * m.Apply("Abs") * graph.Precise("bending", material.Bending, _planes)
            * _geometry.CurvaturePerQOverPt);
        OnnxValue scattering = graph.Precise("scattering", material.Scattering, _planes, _planes);
        OnnxValue roots = root.Unsqueezed(1) * root.Unsqueezed(0);
        OnnxValue covariance = Identity(graph, _planes) + (roots * scattering * (m * m));
        OnnxValue inverse = Eliminated(new(graph, graph.Node("Concat", [covariance.Name, Identity(graph, _planes).Name], ("axis", 1L))),
            _planes);
        OnnxValue second = Descend(z, bent, roots * inverse, first);

        CircleFitOptions fit = _options.Fit.Circle;
        OnnxValue present = (clusters.Presence >= graph.Number(fit.MinimumPresence)).ToDouble().Sum();
        OnnxValue track = (present >= graph.Number(fit.MinimumPlanes)).Choose(second / graph.Precise(
            "units", [1, 1, _geometry.CurvaturePerQOverPt], TrackParameter.Count), zero / zero);
        graph.NodeTo(graph.PreciseOutput("weights", "hits", -1), "Identity", weights.Name);
        foreach ((string name, int parameter) in (ReadOnlySpan<(string, int)>)[
            ("y0", TrackParameter.Y0), ("slope", TrackParameter.Slope), ("q_over_pt", TrackParameter.QOverPt)])
        {
            graph.NodeTo(graph.PreciseOutput(name, "", 1), "Gather", track.Name, graph.Constant("parameter " + name, parameter));
        }
    }

    private Clusters Cluster(string plane, OnnxValue weights)
    {
        OnnxValue y = new OnnxValue(graph, "y").ToDouble(), zero = graph.Number(0), one = graph.Number(1);
        OnnxValue amplitude = Amplitude();
        string empty = graph.Precise("planes without hits", new double[_planes], _planes).Name;
        OnnxValue OverPlane(OnnxValue values) => new(graph, graph.Node(
            "ScatterElements", [empty, plane, values.Name], ("axis", 0L), ("reduction", "add")));
        OnnxValue total = OverPlane(weights), mass = OverPlane(weights * amplitude);
        OnnxValue counts = mass > graph.Number(1e-200), divisor = counts.Choose(mass, one);
        OnnxValue plain = OverPlane(y) / OverPlane((y * 0.0) + 1.0).With("Max", one);
        OnnxValue about = y - plain.At(plane);
        OnnxValue centroid = plain + (OverPlane(weights * amplitude * about) / divisor);
        OnnxValue unit = amplitude / divisor.At(plane), share = weights * unit, distance = y - centroid.At(plane);
        OnnxValue foreign = OverPlane(share * (1.0 - weights) * unit * distance * distance);
        OnnxValue concentration = counts.Choose(OverPlane(share * share), one), square = concentration * concentration;
        OnnxValue pitch = OfPlane("pitch of plane", p => p.StripPitch);
        OnnxValue intrinsic = (pitch * pitch * ((square * square * _resolution.SingleStrip) + _resolution.Constant))
            + (counts.Choose(foreign, zero) * _resolution.Foreign);
        return new(counts.Choose(centroid, plain), total / (total + _options.Clustering.HalfPresence), intrinsic,
            counts.Choose(OverPlane(share * distance * distance), zero), mass);
    }

    private OnnxValue Amplitude() =>
        _options.ChargeWeighted ? new OnnxValue(graph, "charge").ToDouble() : (new OnnxValue(graph, "y").ToDouble() * 0.0) + 1.0;

    // As ClusterResolution has it.
    private OnnxValue WithoutTrack(OnnxValue width)
    {
        OnnxValue onset = OfPlane("spread onset", p => _resolution.SpreadOnset * p.StripPitch * p.StripPitch);
        return width * width / (width + onset) * _resolution.Spread;
    }

    private OnnxValue WithTrack(OnnxValue width, OnnxValue tangent)
    {
        OnnxValue trail = tangent * tangent * OfPlane("gap", p => p.GapThickness * p.GapThickness / 12);
        OnnxValue expected = trail + OfPlane("vertical", p => _resolution.VerticalSpread * p.StripPitch * p.StripPitch);
        OnnxValue x = width / expected * _resolution.LostTrailFall, lost = _resolution.LostTrail / ((x * x) + 1.0);
        OnnxValue beyond = width - expected;
        OnnxValue soft = OfPlane("soft", p => p.StripPitch * p.StripPitch * p.StripPitch * p.StripPitch / 64);
        return (trail * (lost + _resolution.Trail)) + ((beyond + ((beyond * beyond) + soft).Apply("Sqrt")) * (0.5 * _resolution.Excess));
    }

    private OnnxValue OfPlane(string name, Func<Plane, double> value) => graph.Precise(name, [.. _detector.Planes.Select(value)], _planes);

    private OnnxValue Diagonal(OnnxValue values) => Identity(graph, _planes) * values;

    // The weighted parabola as a circle (CircleSeed.TryParabola), with the mean residual 0 at z = 0; a straight line along z where that is
    // not finite.
    private OnnxValue Seed(OnnxValue z, OnnxValue y, OnnxValue weights)
    {
        OnnxValue sum = weights.Sum(), meanZ = (weights * z).Sum() / sum, u = z - meanZ, v = y - ((weights * y).Sum() / sum);
        OnnxValue wu = weights * u, wu2 = wu * u;
        OnnxValue u2 = wu2.Sum(), u3 = (wu2 * u).Sum(), u4 = (wu2 * u * u).Sum(), uy = (wu * v).Sum(), u2y = (wu2 * v).Sum();
        OnnxValue tilt = u3 / u2;
        OnnxValue quadratic = (u2y - (tilt * uy)) / (u4 - (u3 * tilt) - (u2 * u2 / sum)), rise = (uy / u2) - (quadratic * tilt);
        OnnxValue cosine = 1.0 / ((rise * rise) + 1.0).Apply("Sqrt"), curvature = quadratic * 2.0 * cosine * cosine * cosine;
        OnnxValue slope = (rise * cosine) - (curvature * meanZ);
        OnnxValue residual = y - Displacement(z, slope, curvature, out _, out _);
        OnnxValue start = Stacked((weights * residual).Sum() / sum, slope, curvature);

        // NaN is not equal to itself, and infinity minus itself is NaN.
        OnnxValue check = start.Sum() - start.Sum();
        return check.With("Equal", graph.Number(0)).Choose(start, Stacked(graph.Number(0), graph.Number(0), graph.Number(0)));
    }

    // y of a circle at z less that at z = 0, and its derivatives by slope and curvature (docs/method.md).
    private static OnnxValue Displacement(OnnxValue z, OnnxValue slope, OnnxValue curvature, out OnnxValue bySlope,
        out OnnxValue byCurvature)
    {
        OnnxValue t = slope + (curvature * z), c = (1.0 - (slope * slope)).Apply("Sqrt"), e = (1.0 - (t * t)).Apply("Sqrt");
        OnnxValue zOver = z / (e * ((c * e) + 1.0 - (slope * t)));
        bySlope = zOver * (c + e) / c;
        byCurvature = z * zOver;
        return z * (slope + t) / (c + e);
    }

    // Levenberg and Marquardt's descent on S = r^T M r from a start, in a loop.
    private OnnxValue Descend(OnnxValue z, OnnxValue y, OnnxValue matrix, OnnxValue start)
    {
        string prefix = start.Name + "/";
        OnnxGraph body = new(prefix + "descent", prefix);
        OnnxValue track = new(body, prefix + "track"), damping = new(body, prefix + "damping");
        body.LoopInputs((track.Name, [TrackParameter.Count]), (damping.Name, []));
        OnnxValue zero = body.Number(0), identity = Identity(body, TrackParameter.Count);
        OnnxValue Residuals(OnnxValue at, out OnnxValue derivatives)
        {
            OnnxValue Parameter(int i) => at.At(body.Index(i));
            OnnxValue r = Parameter(TrackParameter.Y0) + Displacement(z.In(body), Parameter(TrackParameter.Slope),
                Parameter(TrackParameter.QOverPt), out OnnxValue bySlope, out OnnxValue byCurvature) - y.In(body);
            derivatives = Stacked((z.In(body) * 0.0) + 1.0, bySlope, byCurvature);
            return r;
        }

        OnnxValue Product(OnnxValue a, OnnxValue b) => a.With("MatMul", b);
        OnnxValue residuals = Residuals(track, out OnnxValue derivatives);
        OnnxValue weighted = Product(derivatives, matrix.In(body)), value = (Product(matrix.In(body), residuals) * residuals).Sum();
        OnnxValue gradient = Product(weighted, residuals), normal = Product(weighted, derivatives.Apply("Transpose"));

        // In units in which the diagonal is 1.
        OnnxValue scale = 1.0 / (normal * identity).Sum().Apply("Sqrt");
        OnnxValue scaled = (normal * scale.Unsqueezed(1) * scale.Unsqueezed(0)) + (identity * damping);
        OnnxValue system = new(body, body.Node("Concat", [scaled.Name, (gradient * scale).Unsqueezed(1).Name], ("axis", 1L)));
        OnnxValue step = new OnnxValue(body, body.Node("Squeeze", [Eliminated(system, TrackParameter.Count).Name,
            body.Constant("axis 1", 1)])) * scale;
        OnnxValue trial = track - step, after = Residuals(trial, out _);
        OnnxValue better = (Product(matrix.In(body), after) * after).Sum() <= (value * (1 + 1e-12)) + 1e-15;
        OnnxValue lowered = damping * 0.1, raised = (damping * 10.0).With("Max", body.Number(1e-3));
        OnnxValue next = better.Choose((lowered < body.Number(1e-6)).Choose(zero, lowered), raised);
        OnnxValue ended = better & (damping <= zero) & ((gradient * step).Sum() <= body.Number(Decrement));
        string goes = body.NodeTo(body.ConditionOutput(prefix + "goes on"), "Not", ended.Name);
        string tracks = body.NodeTo(body.PreciseOutput(prefix + "next track", "", TrackParameter.Count), "Identity",
            better.Choose(trial, track).Name);
        body.NodeTo(body.PreciseOutput(prefix + "next damping", ""), "Identity", next.Name);
        string result = prefix + "result";
        graph.NodeTo([result, prefix + "last damping"], "Loop",
            [graph.Index(_options.Fit.Circle.MaximumSteps), "", start.Name, graph.Number(0).Name], ("body", body));
        return new(graph, result);
    }

    // Gauss and Jordan's elimination of [A | B]: A^-1 B. Pivots of a positive matrix need no search.
    private static OnnxValue Eliminated(OnnxValue system, int size)
    {
        OnnxGraph own = system.Graph;
        OnnxValue identity = Identity(own, size);
        for (int k = 0; k < size; k++)
        {
            string number = own.Index(k);
            OnnxValue row = system.At(number);
            row /= row.At(number);
            system -= (system.At(number, axis: 1) - identity.At(number)).Unsqueezed(1) * row.Unsqueezed(0);
        }

        return new(own, own.Node("Slice", [system.Name, own.Constant($"from {size}", size), own.Constant("to the end", long.MaxValue),
            own.Constant("axis 1", 1)]));
    }

    private static OnnxValue Identity(OnnxGraph own, int size) => own.Precise(
        $"identity {size}", [.. Enumerable.Range(0, size * size).Select(i => i % (size + 1) == 0 ? 1.0 : 0)], size, size);

    private static OnnxValue Stacked(params OnnxValue[] rows) => new(
        rows[0].Graph, rows[0].Graph.Node("Concat", [.. rows.Select(r => r.Unsqueezed(0).Name)], ("axis", 0L)));

    private sealed record Clusters(OnnxValue Centroid, OnnxValue Presence, OnnxValue Intrinsic, OnnxValue Width, OnnxValue Mass);
}
