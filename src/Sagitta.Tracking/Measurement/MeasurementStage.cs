namespace Sagitta.Tracking.Measurement;

/// <summary>
/// The stage between clustering and fit: from the strips of a plane (<see cref="StripWindows"/>) a small network finds a shift of the
/// centroid and a factor of its error, for it and for its mirror image (<see cref="MirroredMeasurement"/>). Differentiable in the weights
/// of hits and in its own parameters, which are bound to the tape.
/// </summary>
internal sealed class MeasurementStage
{
    private readonly Perceptron _network;
    private readonly StripWindows _windows;
    private readonly double[] _pitch;

    /// <summary>Registers its parameters behind those that the layout has.</summary>
    public MeasurementStage(MeasurementOptions options, Detector detector, ParameterLayout layout)
    {
        _network = Register(options, layout);
        _windows = new(detector, CircleGeometry.Of(detector), options.Time);
        _pitch = [.. detector.Planes.Select(p => p.StripPitch)];
    }

    /// <summary>Name that those of all its parameters begin with.</summary>
    public const string Prefix = "measurement.";

    /// <summary>Linear layers of its network.</summary>
    public const int LayerCount = 3;

    /// <summary>Registers the parameters of a stage, which need no detector.</summary>
    public static Perceptron Register(MeasurementOptions options, ParameterLayout layout) =>
        new(layout, Prefix + "strips", [StripWindows.FeatureCount, options.Width, options.Width, 2], new Activation.Silu());

    /// <summary>Clusters with the stage's positions and errors.</summary>
    /// <param name="strips">The strips that they are made of.</param>
    /// <param name="clusters">Clusters with errors that know the track.</param>
    /// <param name="track">Tracks fitted to them, events x 3.</param>
    /// <param name="statuses">How that ended.</param>
    public Clusters Apply(in WeighedStrips strips, in Clusters clusters, Tensor<double> track, ReadOnlySpan<SolveStatus> statuses) =>
        MirroredMeasurement.Apply(_network.Forward(track.Tape, _windows.Apply(strips, clusters, track, statuses)), clusters, _pitch);
}
