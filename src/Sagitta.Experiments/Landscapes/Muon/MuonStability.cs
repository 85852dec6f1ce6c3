using System.Diagnostics;

namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>How much q/pT of single events changes between seeds of one method, in units of the limit at its true momentum.</summary>
internal sealed record MuonStability : MethodStability
{
    private const int Replicas = 200;

    /// <summary>Half the central 68 % of the difference of two seeds over root 2, in limits: the part of one model's error that its seed
    /// makes. Mean over pairs.</summary>
    public required double Instability { get; init; }
    /// <summary>Its standard error from a bootstrap over events.</summary>
    public required double InstabilityError { get; init; }
    /// <summary>Its standard error from the choice of seeds; NaN with fewer than three.</summary>
    public required double InstabilitySeedError { get; init; }
    /// <summary>Core width of one model's r over limit, mean over seeds.</summary>
    public required double CoreWidth { get; init; }
    /// <summary>Share of events in which two seeds differ by more than 3 limits, or only one of them has a track; mean over
    /// pairs.</summary>
    public required double LargeChanges { get; init; }
    /// <summary>Core width of the ensemble: weights of hits averaged over seeds, one fit.</summary>
    public required double EnsembleCoreWidth { get; init; }
    /// <summary>Share of events beyond 5 limits: one model, mean over seeds; then the ensemble.</summary>
    public required double Tail5 { get; init; }
    public required double EnsembleTail5 { get; init; }

    public override (double Value, double SampleError, double SeedError) Change() => (Instability, InstabilityError, InstabilitySeedError);

    private double SquaredShare => 100 * Math.Pow(Instability / CoreWidth, 2);

    public static StabilityText Text { get; } = new(
        "How much does q/pT of one event change with the seed?",
        1, "0.000", "limits",
        [
            new("instability", "limits"), new("core of one", "limits"), new("of its square", "%") { Decimals = 1 },
            new("large changes", "%"), new("core of the ensemble", "limits"), new("beyond 5, one", "%"), new("ensemble", "%"),
        ],
        "Instability: what the choice of the seed adds to the error of q/pT of a single event, in units of the physical limit at its "
            + "momentum (half the central 68 % of the difference of two seeds over root 2; its error joins a bootstrap over events and, "
                + "from "
            + "three seeds on, a jackknife over seeds), and its share of the squared core width. Large changes: two seeds differ by more "
            + "than 3 limits. Ensemble: weights of hits averaged over seeds, then one fit; its cost is in times of one model.");

    public override string ChangeInWords() => string.Create(CultureInfo.InvariantCulture,
        $"{Method} {Instability:0.000} +- {Error():0.000} limits, {SquaredShare:0.0} % of the squared core width "
            + $"{CoreWidth:0.000}");

    public override string EnsembleInWords() => string.Create(CultureInfo.InvariantCulture,
        $"core {CoreWidth:0.000} to {EnsembleCoreWidth:0.000} limits, beyond 5 limits {100 * Tail5:0.00} to "
            + $"{100 * EnsembleTail5:0.00} %");

    public override IReadOnlyList<Metric> Cells() =>
        [new Metric(Instability, Error()), CoreWidth, SquaredShare, 100 * LargeChanges, EnsembleCoreWidth,
            100 * Tail5, 100 * EnsembleTail5];

    public static MuonStability Measure(MuonModel[] models, MuonChain chain, EventSet events, WorkerThreads threads, RandomKey key)
    {
        MuonEvaluation evaluation = new(chain, threads);
        double[] sigma = chain.ReferenceSigma(events);
        long begin = Stopwatch.GetTimestamp();
        double[][] weights = [.. models.Select(m => m.Reading.Weights(evaluation.Logits(m.Parameters, events).Weight))];
        double networks = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        begin = Stopwatch.GetTimestamp();
        TrackTable[] tracks = [.. weights.Zip(models, (w, model) => chain.Finder.Find(events.Hits, w, threads, model.Measurement))];
        double fits = Stopwatch.GetElapsedTime(begin).TotalSeconds / models.Length;
        double[] mean = new double[events.HitCount];
        foreach (double[] own in weights)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += own[i] / models.Length;
            }
        }

        var ensemble = ResolutionSummary.Of(chain.Finder.Find(events.Hits, mean, threads, models[0].Measurement)
            .Outcomes(events), chain.Limit.Relative, []);
        ResolutionSummary[] single = [.. tracks.Select(t => ResolutionSummary.Of(t.Outcomes(events), chain.Limit.Relative, []))];
        int[] muons = [.. Enumerable.Range(0, events.Count).Where(e => events.TruthMuon[e] != 0)];
        double[][] pairs = [.. AlignmentAnalysis.Pairs(tracks.Length).Select(pair =>
            muons.Select(e => Difference(tracks[pair.First], tracks[pair.Second], e) / sigma[e]).ToArray())];

        double Width(ReadOnlySpan<int> chosen)
        {
            double sum = 0;
            foreach (double[] pair in pairs)
            {
                double[] values = new double[chosen.Length];
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = pair[chosen[i]];
                }

                sum += new ResidualSample(values).CoreWidth / Math.Sqrt(2) / pairs.Length;
            }

            return sum;
        }

        return new()
        {
            Instability = Width([.. Enumerable.Range(0, muons.Length)]),
            InstabilityError = Math.Sqrt(EventBootstrap.Variance(muons.Length, Replicas, key, chosen => Width(chosen.Span))),
            InstabilitySeedError = PairJackknife(models.Length,
                [.. pairs.Select(p => new ResidualSample(p).CoreWidth / Math.Sqrt(2))]),
            CoreWidth = single.Average(s => s.CoreWidth),
            LargeChanges = pairs.Average(p => p.Count(d => !(Math.Abs(d) <= 3)) / (double)p.Length),
            EnsembleCoreWidth = ensemble.CoreWidth,
            Tail5 = single.Average(s => s.Tail5),
            EnsembleTail5 = ensemble.Tail5,
            EnsembleCost = (networks + fits) / ((networks / models.Length) + fits),
        };
    }

    // Not a number where a fit failed: such events count as the largest change.
    private static double Difference(TrackTable first, TrackTable second, int e)
    {
        bool one = first.Status[e] == SolveStatus.Converged;
        bool other = second.Status[e] == SolveStatus.Converged;
        return one && other ? first.QOverPt[e] - second.QOverPt[e] : one == other ? 0 : double.PositiveInfinity;
    }
}
