using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>How much q/pT of single events changes between seeds of one method, in units of the limit at its true momentum, and what an
/// ensemble makes of it.</summary>
internal sealed record MuonStability
{
    private const int Replicas = 200;

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>Number of seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Half the central 68 % of the difference of two seeds over root 2, in limits: the part of one model's error that its seed
    /// makes. Mean over pairs.</summary>
    public required double Instability { get; init; }

    /// <summary>Its standard error from a bootstrap over events.</summary>
    public required double InstabilityError { get; init; }

    /// <summary>Its standard error from the choice of seeds; NaN with fewer than three.</summary>
    public required double InstabilitySeedError { get; init; }

    /// <summary>Both errors of <see cref="Instability"/> together.</summary>
    [JsonIgnore]
    public double Error => Math.Sqrt(Math.Pow(InstabilityError, 2)
        + (double.IsNaN(InstabilitySeedError) ? 0 : Math.Pow(InstabilitySeedError, 2)));

    /// <summary>Core width of one model's r over limit, mean over seeds.</summary>
    public required double CoreWidth { get; init; }

    /// <summary>Share of events in which two seeds differ by more than 3 limits, or only one of them has a track; mean over
    /// pairs.</summary>
    public required double LargeChanges { get; init; }

    /// <summary>Core width of the ensemble: weights of hits averaged over seeds, one fit.</summary>
    public required double EnsembleCoreWidth { get; init; }

    /// <summary>Share of events beyond 5 limits: one model, mean over seeds.</summary>
    public required double Tail5 { get; init; }

    /// <summary>The same of the ensemble.</summary>
    public required double EnsembleTail5 { get; init; }

    /// <summary>Time of the ensemble over that of one model.</summary>
    public required double Cost { get; init; }

    /// <summary>Measures all methods with two or more seeds.</summary>
    public static IReadOnlyList<MuonStability> Run(
        LandscapeContext context, MuonLandscapeModels models, MuonChain chain, Lazy<EventSet> events)
    {
        List<MuonStability> results = [];
        foreach (IGrouping<string, (ModelName Name, MuonModel Model)> method in models.All.GroupBy(
            m => m.Name.Method, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            results.Add(context.Analyse("muon stability", $"muon-stability-{method.Key}",
                context.Origin(context.Options.Data, method.Select(m => m.Name.Fingerprint)), () =>
            {
                using IDisposable stage = context.Progress.Begin($"stability of {method.Key}", 0, "events");
                return Measure(method.Key, [.. method.Select(m => m.Model)], chain, events.Value, context.Threads,
                    context.Key.Split("stability"));
            }));
        }

        return results;
    }

    private static MuonStability Measure(string method, MuonModel[] models, MuonChain chain, EventSet events, WorkerThreads threads,
        RandomKey key)
    {
        MuonEvaluation evaluation = new(chain, threads);
        double[] sigma = chain.ReferenceSigma(events);
        long begin = Stopwatch.GetTimestamp();
        double[][] weights = [.. models.Select(m => m.Reading.Weights(evaluation.Logits(m.Parameters, events).Weight))];
        double networks = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        begin = Stopwatch.GetTimestamp();
        TrackTable[] tracks = [.. weights.Select(w => chain.Finder.Find(events.Hits, w, threads))];
        double fits = Stopwatch.GetElapsedTime(begin).TotalSeconds / models.Length;
        double[] mean = new double[events.HitCount];
        foreach (double[] own in weights)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += own[i] / models.Length;
            }
        }

        var ensemble = ResolutionSummary.Of(chain.Finder.Find(events.Hits, mean, threads).Outcomes(events), chain.Limit.Relative, []);
        ResolutionSummary[] single = [.. tracks.Select(t => ResolutionSummary.Of(t.Outcomes(events), chain.Limit.Relative, []))];
        int[] muons = [.. Enumerable.Range(0, events.Count).Where(e => events.TruthMuon[e] != 0)];
        List<double[]> pairs = [];
        for (int a = 0; a < tracks.Length; a++)
        {
            for (int b = a + 1; b < tracks.Length; b++)
            {
                TrackTable first = tracks[a];
                TrackTable second = tracks[b];
                pairs.Add([.. muons.Select(e => Difference(first, second, e) / sigma[e])]);
            }
        }

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

                sum += new ResidualSample(values).CoreWidth / Math.Sqrt(2) / pairs.Count;
            }

            return sum;
        }

        return new()
        {
            Method = method,
            Seeds = models.Length,
            Instability = Width([.. Enumerable.Range(0, muons.Length)]),
            InstabilityError = Math.Sqrt(EventBootstrap.Variance(muons.Length, Replicas, key, chosen => Width(chosen.Span))),
            InstabilitySeedError = PairJackknife.Error(models.Length,
                [.. pairs.Select(p => new ResidualSample(p).CoreWidth / Math.Sqrt(2))]),
            CoreWidth = single.Average(s => s.CoreWidth),
            LargeChanges = pairs.Average(p => p.Count(d => !(Math.Abs(d) <= 3)) / (double)p.Length),
            EnsembleCoreWidth = ensemble.CoreWidth,
            Tail5 = single.Average(s => s.Tail5),
            EnsembleTail5 = ensemble.Tail5,
            Cost = (networks + fits) / ((networks / models.Length) + fits),
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

/// <summary>Stability of hit scorers in the report and in summary.json.</summary>
internal static class MuonStabilityReport
{
    public static IEnumerable<Block> Of(IReadOnlyList<MuonStability> stabilities)
    {
        if (stabilities.Count == 0)
        {
            yield return new Paragraph(
                "No method has two seeds, so nothing can be said about its stability. `sagitta reproduce muon --seeds 2` makes them.");
            yield break;
        }

        yield return new Table(
            [
                "method", new("seeds") { Decimals = 0 }, new("instability", "limits"), new("core of one", "limits"), new(
                    "of its square", "%") { Decimals = 1 }, new("large changes", "%"),
                new("core of the ensemble", "limits"), new("beyond 5, one", "%"), new("ensemble", "%"), new("cost") { Decimals = 2 },
            ],
            [
                .. stabilities.Select(s => (IReadOnlyList<Cell>)
                [
                    s.Method, s.Seeds, new NumberCell(s.Instability, s.Error), s.CoreWidth, 100 * Math.Pow(
                        s.Instability / s.CoreWidth, 2), 100 * s.LargeChanges,
                    s.EnsembleCoreWidth, 100 * s.Tail5, 100 * s.EnsembleTail5, s.Cost,
                ]),
            ])
        {
            Caption =
                "Instability: what the choice of the seed adds to the error of q/pT of a single event, in units of the physical limit at "
                + "its momentum (half the central 68 % of the difference of "
                + "two seeds over root 2, its error joins a bootstrap over events and, from three seeds on, a jackknife over seeds), and "
                    + "its share of the squared core width. Large changes: two seeds differ by more than 3 limits. "
                + "Ensemble: weights of hits averaged over seeds, then one fit; its cost is in times of one model.",
        };
    }

    public static JsonArray Summary(IReadOnlyList<MuonStability> stabilities) =>
    [
        .. stabilities.Select(s => (JsonNode)new JsonObject
        {
            ["method"] = s.Method,
            ["seeds"] = s.Seeds,
            ["instability"] = Number(s.Instability),
            ["instabilityError"] = Number(s.InstabilityError),
            ["instabilitySeedError"] = Number(s.InstabilitySeedError),
            ["coreWidth"] = Number(s.CoreWidth),
            ["largeChanges"] = Number(s.LargeChanges),
            ["ensembleCoreWidth"] = Number(s.EnsembleCoreWidth),
            ["tail5"] = Number(s.Tail5),
            ["ensembleTail5"] = Number(s.EnsembleTail5),
            ["ensembleCost"] = Number(s.Cost),
        }),
    ];

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
