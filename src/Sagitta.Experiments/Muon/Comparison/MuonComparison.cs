using System.Collections.Concurrent;

namespace Sagitta.Experiments.Muon.Comparison;

/// <summary>Everything that a comparison of methods found.</summary>
internal sealed record MuonComparison(MuonChain Chain, IReadOnlyList<MuonModel> Models, IReadOnlyList<MuonSampleResult> Samples)
{
    private readonly ConcurrentDictionary<string, MuonDifferences> _differences = new(StringComparer.Ordinal);
    /// <summary>Accepted tracks at each flux; empty where they were not counted.</summary>
    public IReadOnlyList<MuonRates> Rates { get; init; } = [];
    /// <summary>Muons found among many simulated ones, by flux; empty where they were not counted.</summary>
    public IReadOnlyList<MuonEfficiency> Efficiencies { get; init; } = [];

    /// <summary>The claims that were fixed before the run; empty where its configuration has none.</summary>
    public IReadOnlyList<MuonClaim> Primary => field ??= MuonPrimaryClaims.Of(this);

    /// <summary>Differences between any two methods on a sample.</summary>
    public MuonDifferences Differences(MuonSampleResult sample) => _differences.GetOrAdd(sample.Name, _ => new(sample, Chain.Limit));

    /// <summary>End-to-end minus factorised in core width of r / limit, paired over seeds, with the variance of a bootstrap over
    /// events.</summary>
    public PairedDifference CoreWidthDifference(MuonSampleResult sample) =>
        Differences(sample).CoreWidth(MuonMethod.EndToEnd, MuonMethod.Factorised);

    /// <summary>End-to-end minus factorised in the area under the ROC curve, paired over seeds.</summary>
    public PairedDifference AucDifference(MuonSampleResult sample) => Differences(sample).Auc(MuonMethod.EndToEnd, MuonMethod.Factorised);

    /// <summary>End-to-end minus factorised in average precision, paired over seeds.</summary>
    public PairedDifference AveragePrecisionDifference(MuonSampleResult sample) =>
        Differences(sample).AveragePrecision(MuonMethod.EndToEnd, MuonMethod.Factorised);
}

/// <summary>Differences between two methods on one sample: paired per seed on the same events, Student's t over seeds, with the variance
/// under resampling of events added. A method without seeds is the same for each seed of the other. Intervals are of 95 %.</summary>
internal sealed class MuonDifferences(MuonSampleResult sample, ResolutionLimit limit)
{
    private const int Replicas = 200;
    private readonly Dictionary<(MuonMethod Method, ulong Seed), ResampledResiduals> _residuals = [];
    private readonly Dictionary<string, PairedDifference> _known = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>First minus second in core width of r / limit.</summary>
    public PairedDifference CoreWidth(MuonMethod first, MuonMethod second) =>
        Once($"core {first} {second}", () => Resampled(first, second, (a, b) => a - b));

    /// <summary>First over second in core width of r / limit.</summary>
    public PairedDifference CoreWidthRatio(MuonMethod first, MuonMethod second) =>
        Once($"ratio {first} {second}", () => Resampled(first, second, (a, b) => a / b));

    /// <summary>First minus second in efficiency: fits that converged within 5 limits.</summary>
    public PairedDifference Efficiency(MuonMethod first, MuonMethod second) =>
        Once($"efficiency {first} {second}", () => OfFractions(
            first, second, (residual, converged) => converged && Math.Abs(residual) < ResolutionSummary.EfficientLimits));

    /// <summary>First minus second in the fraction beyond 5 limits, failed fits included.</summary>
    public PairedDifference Tail5(MuonMethod first, MuonMethod second) =>
        Once($"tail {first} {second}", () => OfFractions(first, second, (residual, _) => !(Math.Abs(residual) <= 5)));

    /// <summary>First minus second in the area under the ROC curve of the hits.</summary>
    public PairedDifference Auc(MuonMethod first, MuonMethod second) =>
        Once($"auc {first} {second}", () => OfScores(first, second, m => m.Auc, m => m.Influence?.Area));

    /// <summary>First minus second in average precision of the hits.</summary>
    public PairedDifference AveragePrecision(MuonMethod first, MuonMethod second) =>
        Once($"precision {first} {second}", () => OfScores(first, second, m => m.AveragePrecision, m => m.Influence?.AveragePrecision));

    private PairedDifference Once(string name, Func<PairedDifference> compute)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(name, out PairedDifference difference))
            {
                _known[name] = difference = compute();
            }

            return difference;
        }
    }

    private PairedDifference Resampled(MuonMethod first, MuonMethod second, Func<double, double, double> compare)
    {
        (MuonMethodResult A, MuonMethodResult B)[] pairs = Pairs(first, second);
        double[] differences = [.. pairs.Select(p => compare(p.A.Resolution.CoreWidth, p.B.Resolution.CoreWidth))];
        (ResampledResiduals A, ResampledResiduals B)[] residuals = [.. pairs.Select(p => (Residuals(p.A), Residuals(p.B)))];
        int events = residuals.Length == 0 ? 0 : residuals[0].A.Count;
        int[] times = new int[events];
        double variance = EventBootstrap.Variance(events, Replicas, RandomKey.FromSeed(0).Split("bootstrap"), chosen =>
        {
            Array.Clear(times);
            foreach (int e in chosen.Span)
            {
                times[e]++;
            }

            return residuals.Sum(r => compare(r.A.CoreWidth(times), r.B.CoreWidth(times)) / residuals.Length);
        });
        return PairedDifference.OverSeeds(differences, variance);
    }

    // Of means over events, resampling of events has the variance of the mean.
    private PairedDifference OfFractions(MuonMethod first, MuonMethod second, Func<double, bool, bool> counts)
    {
        return PairedDifference.OfShares([.. Pairs(first, second).Select(p => (Flags(p.A), Flags(p.B)))]);

        byte[] Flags(MuonMethodResult result) =>
            [.. result.Tracks.Outcomes(sample.Events).Select(
                o => counts(o.Residual / limit.Relative(o.TruePt), double.IsFinite(o.Residual)) ? (byte)1 : (byte)0)];
    }

    private PairedDifference OfScores(MuonMethod first, MuonMethod second, Func<MuonMethodResult, double> score,
        Func<MuonMethodResult, double[]?> influence)
    {
        (MuonMethodResult A, MuonMethodResult B)[] pairs = Pairs(first, second);
        double[] differences = [.. pairs.Select(p => score(p.A) - score(p.B))];
        double[] events = new double[sample.Events.Count];
        foreach ((MuonMethodResult a, MuonMethodResult b) in pairs)
        {
            if (influence(a) is { } onA && influence(b) is { } onB)
            {
                for (int e = 0; e < events.Length; e++)
                {
                    events[e] += (onA[e] - onB[e]) / pairs.Length;
                }
            }
        }

        return PairedDifference.OverSeeds(differences, events.Sum(x => x * x));
    }

    private (MuonMethodResult A, MuonMethodResult B)[] Pairs(MuonMethod first, MuonMethod second) =>
        Pairs(sample.Of(first), sample.Of(second), r => r.Seed);

    /// <summary>Results of two methods by seed; one that has no seed (0) stands beside each of the other's.</summary>
    public static (T A, T B)[] Pairs<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, Func<T, ulong> seed) =>
        b.Count == 1 && seed(b[0]) == 0 ? [.. a.Select(r => (r, b[0]))] : [.. a.Join(b, seed, seed, (x, y) => (x, y))];

    private ResampledResiduals Residuals(MuonMethodResult result)
    {
        if (!_residuals.TryGetValue((result.Method, result.Seed), out ResampledResiduals? residuals))
        {
            residuals = new([.. result.Tracks.Outcomes(sample.Events).Select(o => o.Residual / limit.Relative(o.TruePt))]);
            _residuals[(result.Method, result.Seed)] = residuals;
        }

        return residuals;
    }
}
