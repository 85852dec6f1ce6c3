using System.Collections.Concurrent;

namespace Sagitta.Experiments.Muon.Comparison;

/// <summary>Everything that a comparison of methods found.</summary>
/// <param name="Chain">The stages, with the limit.</param>
/// <param name="Models">The networks.</param>
/// <param name="Samples">Results for each sample.</param>
internal sealed record MuonComparison(MuonChain Chain, IReadOnlyList<MuonModel> Models, IReadOnlyList<MuonSampleResult> Samples)
{
    private const string EndToEnd = "end-to-end";
    private const string Factorised = "factorised";
    private readonly ConcurrentDictionary<string, MuonDifferences> _differences = new(StringComparer.Ordinal);

    /// <summary>Accepted tracks at each flux; empty where they were not counted.</summary>
    public IReadOnlyList<MuonRates> Rates { get; init; } = [];

    /// <summary>Muons found among many simulated ones, by flux; empty where they were not counted.</summary>
    public IReadOnlyList<MuonEfficiency> Efficiencies { get; init; } = [];

    /// <summary>Differences between any two methods on a sample.</summary>
    public MuonDifferences Differences(MuonSampleResult sample) => _differences.GetOrAdd(sample.Name, _ => new(sample, Chain.Limit));

    /// <summary>End-to-end minus factorised in core width of r / limit, paired over seeds, with the variance of a bootstrap over
    /// events.</summary>
    public PairedDifference CoreWidthDifference(MuonSampleResult sample) => Differences(sample).CoreWidth(EndToEnd, Factorised);

    /// <summary>End-to-end minus factorised in the area under the ROC curve, paired over seeds.</summary>
    public PairedDifference AucDifference(MuonSampleResult sample) => Differences(sample).Auc(EndToEnd, Factorised);

    /// <summary>End-to-end minus factorised in average precision, paired over seeds.</summary>
    public PairedDifference AveragePrecisionDifference(MuonSampleResult sample) =>
        Differences(sample).AveragePrecision(EndToEnd, Factorised);
}
