namespace Sagitta.Experiments.Calorimeter;

/// <summary>What a run found.</summary>
/// <param name="Experiment">Its configuration.</param>
/// <param name="Samples">Test samples.</param>
/// <param name="Models">Trained models, in the order of training.</param>
/// <param name="LargestBend">The follower's setting.</param>
/// <param name="Example">A test frame to draw.</param>
internal sealed record CalorimeterComparison(
    CalorimeterExperiment Experiment,
    IReadOnlyList<CalorimeterSampleResult> Samples,
    IReadOnlyList<CalorimeterModel> Models,
    double LargestBend,
    CalorimeterFrame? Example);

/// <summary>All methods on one sample of frames.</summary>
/// <param name="Name">Name in summary.json.</param>
/// <param name="Water">Thickness of water, mm; 0 if unknown.</param>
/// <param name="Protons">Protons of a frame.</param>
/// <param name="Frames">Number of frames.</param>
/// <param name="Methods">Results, seeds of one method in order.</param>
internal sealed record CalorimeterSampleResult(
    string Name, int Water, int Protons, int Frames, IReadOnlyList<CalorimeterMethodResult> Methods);

/// <summary>One method on one sample.</summary>
/// <param name="Name">"predict-then-track", "predict-and-track", "follower".</param>
/// <param name="Method">How it was trained; null for the follower.</param>
/// <param name="Seed">Seed of its training.</param>
/// <param name="Metrics">Averages over the frames.</param>
/// <param name="Price">Price for unassigned hits that was tuned for this model; null where none was asked for.</param>
internal sealed record CalorimeterMethodResult(
    string Name, CalorimeterMethodOptions? Method, ulong Seed, CalorimeterMetrics Metrics, double? Price = null)
{
    /// <summary>Whether it is tracked without a network.</summary>
    public bool IsFollower => Method is null;

    /// <summary>Whether scores were trained without the assignment.</summary>
    public bool IsPredictThenTrack => Method is { Lambda: 0, LargestChange: 0 };

    /// <summary>Name for tables: the seeds of one method share it.</summary>
    public string Label =>
        (Method is null ? Name : Method.Label + (Price is null ? "" : Priced)) + (File is null ? "" : $" of {File}");

    /// <summary>File of its model, where several models of the method are no seeds of one training; else null.</summary>
    public string? File { get; init; }

    /// <summary>What follows the name of a method that was tested with a tuned price.</summary>
    public const string Priced = "-priced";
}
