namespace Sagitta.Experiments.Calorimeter;

/// <summary>One method on one sample.</summary>
/// <param name="Name">"predict-then-track", "predict-and-track", "follower".</param>
/// <param name="Method">How it was trained; null for the follower.</param>
/// <param name="Seed">Seed of its training.</param>
/// <param name="Metrics">Averages over the frames.</param>
/// <param name="Price">Price for unassigned hits that was tuned for this model; null where none was asked for.</param>
internal sealed record CalorimeterMethodResult(
    string Name, CalorimeterMethodOptions? Method, ulong Seed, CalorimeterMetrics Metrics, double? Price = null)
{
    /// <summary>Name for tables: the seeds of one method share it.</summary>
    public string Label => Method is null ? Name : CalorimeterTrainer.Name(Method) + (Price is null ? "" : Priced);

    /// <summary>What follows the name of a method that was tested with a tuned price.</summary>
    public const string Priced = "-priced";
}
