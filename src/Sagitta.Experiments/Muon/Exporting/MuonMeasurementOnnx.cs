namespace Sagitta.Experiments.Muon.Exporting;

/// <summary>What <see cref="MeasurementStage"/> does for one event, as operators of an ONNX graph in double precision: a window of strips
/// about each plane's centroid and its mirror image go through the stage's network, which shifts the centroid and scales its
/// error.</summary>
/// <param name="graph">The graph, with the values "y" and "time" of its hits.</param>
/// <param name="model">Detector, stage and its parameters.</param>
internal sealed class MuonMeasurementOnnx(OnnxGraph graph, MuonModel model)
{
    private readonly IReadOnlyList<Plane> _planes = model.Detector.Planes;

    /// <summary>Centroids and errors of the planes as the stage has them.</summary>
    /// <param name="plane">The hits' planes.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="amplitude">Their charges, or all 1.</param>
    /// <param name="mass">Weighted charge of each plane.</param>
    /// <param name="centroid">Its centroid, mm.</param>
    /// <param name="error">The centroid's error, mm.</param>
    /// <param name="sine">Sine of the track's angle there.</param>
    public (OnnxValue Centroid, OnnxValue Error) Append(string plane, OnnxValue weights, OnnxValue amplitude, OnnxValue mass,
        OnnxValue centroid, OnnxValue error, OnnxValue sine)
    {
        OnnxValue rows = Windows(plane, weights, amplitude, mass, centroid, error, sine);
        OnnxValue here = Network(rows), there = Network(Mirrored(rows)), pitch = OfPlane("pitch of plane", p => p.StripPitch);
        OnnxValue Column(OnnxValue output, long column) => output.At(graph.Index(column), axis: 1);
        OnnxValue shift = (Column(here, 0) - Column(there, 0)) * (0.5 * MirroredMeasurement.ShiftUnit) * pitch;
        double largest = MirroredMeasurement.LargestLogarithm;
        OnnxValue logarithm = ((Column(here, 1) + Column(there, 1)) * (0.5 / largest)).Apply("Tanh") * largest;
        return (centroid + shift, error * logarithm.Apply("Exp"));
    }

    // As StripWindows describes each plane: planes x features.
    private OnnxValue Windows(string plane, OnnxValue weights, OnnxValue amplitude, OnnxValue mass, OnnxValue centroid, OnnxValue error,
        OnnxValue sine)
    {
        OnnxValue zero = graph.Number(0), vanishing = graph.Number(StripWindows.Vanishing);
        OnnxValue y = new OnnxValue(graph, "y").ToDouble(), time = new OnnxValue(graph, "time").ToDouble();
        OnnxValue pitch = OfPlane("pitch of plane", p => p.StripPitch);
        OnnxValue charge = weights * amplitude, all = charge.Sum();
        OnnxValue late = time - (all > vanishing).Choose((charge * time).Sum() / all, zero);

        // A strip between two places counts in both, by its distance.
        OnnxValue places = graph.Precise("places", [.. Enumerable.Range(0, StripWindows.Strips)
            .Select(j => (double)(j - (StripWindows.Strips / 2)))], 1, StripWindows.Strips);
        OnnxValue place = (y - centroid.At(plane)) / pitch.At(plane);
        OnnxValue share = (1.0 - (place.Unsqueezed(1) - places).Apply("Abs")).With("Max", zero);
        OnnxValue numbers = new(graph, graph.Constant("numbers of planes", [.. Enumerable.Range(0, _planes.Count).Select(p => (long)p)]));
        OnnxValue ofPlane = numbers.Unsqueezed(1).With("Equal", new OnnxValue(graph, plane).Unsqueezed(0)).ToDouble();
        OnnxValue Sums(OnnxValue values) => ofPlane.With("MatMul", share * values.Unsqueezed(1));
        OnnxValue own = Sums(charge), foreign = Sums(amplitude - charge), moment = Sums(charge * late), whole = mass.Unsqueezed(1);

        string none = graph.Precise("beyond all places", [.. Enumerable.Repeat(double.MaxValue, _planes.Count)], _planes.Count).Name;
        OnnxValue first = new(graph, graph.Node("ScatterElements", [none, plane, y.Name], ("axis", 0L), ("reduction", "min")));
        OnnxValue phase = (centroid - first) / pitch * (2 * Math.PI);
        OnnxValue inclined = (sine * sine < graph.Number(1)).Choose(sine, zero);
        OnnxValue trail = ((inclined / (1.0 - (inclined * inclined)).Apply("Sqrt")) - OfPlane("lorentz", p => Math.Tan(p.LorentzAngle)))
            * OfPlane("trail", p => StripWindows.PerTrail * p.GapThickness / p.StripPitch);
        OnnxValue seen = model.Experiment.Measurement.Time
            ? moment * StripWindows.PerTime / (own + (whole * StripWindows.LittleCharge)) : moment * 0.0;

        // ONNX Runtime has no cosine of double precision.
        OnnxValue[] columns =
        [
            own / whole, foreign / (foreign + whole), seen,
            .. new[] { phase.Apply("Sin"), (phase + (Math.PI / 2)).Apply("Sin"), trail, (error / pitch).Apply("Log"),
                ((mass + 1.0) / StripWindows.UnitCharge).Apply("Log") * 0.5 }.Select(column => column.Unsqueezed(1)),
        ];
        OnnxValue windows = new(graph, graph.Node("Concat", [.. columns.Select(c => c.Name)], ("axis", 1L)));
        return (whole > vanishing).Choose(windows, zero);
    }

    // By what the program makes of a row of the numbers of its columns.
    private OnnxValue Mirrored(OnnxValue rows)
    {
        double[] numbers = [.. Enumerable.Range(1, StripWindows.FeatureCount).Select(k => (double)k)];
        double[] mirrored = new double[numbers.Length];
        StripWindows.Mirror(numbers, mirrored);
        string order = graph.Constant("columns in the mirror", [.. mirrored.Select(k => (long)Math.Abs(k) - 1)]);
        return rows.At(order, axis: 1) * graph.Precise(
            "signs in the mirror", [.. mirrored.Select(k => (double)Math.Sign(k))], mirrored.Length);
    }

    private OnnxValue Network(OnnxValue x)
    {
        for (int i = 0; i < MeasurementStage.LayerCount; i++)
        {
            x = x.With("MatMul", Parameter($"{i}.weight")) + Parameter($"{i}.bias");
            x = i + 1 < MeasurementStage.LayerCount ? x * x.Apply("Sigmoid") : x;
        }

        return x;
    }

    private OnnxValue Parameter(string name)
    {
        Parameter parameter = model.Parameters.Layout.Find($"{MeasurementStage.Prefix}strips.{name}")
            ?? throw new InvalidOperationException($"The measurement stage has no parameter '{name}': the export does not know its shape.");
        double[] values = [.. model.Parameters.Slice(parameter).ToArray().Select(value => (double)value)];
        return graph.Precise(parameter.Name, values, parameter.Rows, parameter.Columns);
    }

    private OnnxValue OfPlane(string name, Func<Plane, double> value) => graph.Precise(name, [.. _planes.Select(value)], _planes.Count);
}
