using System.Diagnostics;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>How much the tracks of single beam particles change between seeds of one method.</summary>
internal sealed record CalorimeterStability : MethodStability
{
    /// <summary>Share of findable particles that exactly one of two seeds finds, averaged over pairs of seeds.</summary>
    public required double Flips { get; init; }
    /// <summary>Its standard error from the spread of frames.</summary>
    public required double FlipsError { get; init; }
    /// <summary>Its standard error from the choice of seeds; NaN with fewer than three.</summary>
    public required double FlipsSeedError { get; init; }
    /// <summary>Of the particles that at least one of two seeds misses, the share that the other one finds: how much of the inefficiency is
    /// accident.</summary>
    public required double AccidentalShare { get; init; }
    /// <summary>Mean efficiency and purity of one model.</summary>
    public required double Efficiency { get; init; }
    public required double Purity { get; init; }
    /// <summary>Those of the ensemble: scores averaged over seeds, one assignment.</summary>
    public required double EnsembleEfficiency { get; init; }
    public required double EnsemblePurity { get; init; }

    public override (double Value, double SampleError, double SeedError) Change() => (Flips, FlipsError, FlipsSeedError);

    public static StabilityText Text { get; } = new(
        "How many particles are found by one seed and missed by another?",
        100, "0.00", "%",
        [
            new("flips", "%"), new("accidental share", "%") { Decimals = 0 }, new("efficiency", "%") { Decimals = 1 },
            new("of the ensemble", "%") { Decimals = 1 }, new("purity", "%") { Decimals = 1 }, new("of the ensemble", "%") { Decimals = 1 },
        ],
        "Flips: findable beam particles that exactly one of two seeds finds; the error joins the spread of frames and, from three seeds "
            + "on, "
            + "that of seeds (jackknife). Accidental share: of the particles that at least one of the two misses, those that the other one "
            + "finds. Ensemble: scores averaged over all seeds, then one assignment; its cost is in times of one model.");

    public override string ChangeInWords() => string.Create(CultureInfo.InvariantCulture,
        $"{Method} {100 * Flips:0.00} +- {100 * Error():0.00} %, against {100 * (1 - Efficiency):0.0} % missed by one model; "
            + $"{100 * AccidentalShare:0} % of the misses are accidents");

    public override string EnsembleInWords() => string.Create(CultureInfo.InvariantCulture,
        $"efficiency {100 * Efficiency:0.0} to {100 * EnsembleEfficiency:0.0} %, purity {100 * Purity:0.0} to "
            + $"{100 * EnsemblePurity:0.0} %");

    public override IReadOnlyList<Metric> Cells() =>
        [new Metric(100 * Flips, 100 * Error()), 100 * AccidentalShare, 100 * Efficiency, 100 * EnsembleEfficiency,
            100 * Purity, 100 * EnsemblePurity];

    public static CalorimeterStability Measure(CalorimeterModel[] models, IReadOnlyList<LandscapeFrame> frames, LandscapeContext context)
    {
        long begin = Stopwatch.GetTimestamp();
        float[][][] logits = [.. models.Select(m => CalorimeterDecisions.Logits(m, frames, context.Threads))];
        double networks = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        TrackOptions tracks = models[0].Experiment.Tracks;
        double[] flips = new double[frames.Count];
        double[] pairFlips = new double[models.Length * (models.Length - 1) / 2];
        long missed = 0, accidental = 0;
        double efficiency = 0, purity = 0, ensembleEfficiency = 0, ensemblePurity = 0, assignments = 0;
        for (int f = 0; f < frames.Count; f++)
        {
            context.Stop.ThrowIfCancellationRequested();
            LandscapeFrame frame = frames[f];

            // The logits of the mean scores.
            float[] mean = [.. Enumerable.Range(0, frame.Input.Graph.Count).Select(e =>
            {
                float score = logits.Sum(model => 1 / (1 + MathF.Exp(-model[f][e])) / models.Length);
                return MathF.Log(score / (1 - score));
            })];
            begin = Stopwatch.GetTimestamp();
            bool[][] found = [.. logits.Select(model => Find(model[f], ref efficiency, ref purity))];
            assignments += Stopwatch.GetElapsedTime(begin).TotalSeconds;
            Find(mean, ref ensembleEfficiency, ref ensemblePurity);
            int pairs = 0;
            for (int a = 0; a < found.Length; a++)
            {
                for (int b = a + 1; b < found.Length; b++, pairs++)
                {
                    int differ = 0;
                    for (int i = 0; i < found[a].Length; i++)
                    {
                        differ += found[a][i] != found[b][i] ? 1 : 0;
                        missed += found[a][i] && found[b][i] ? 0 : 1;
                    }

                    accidental += differ;
                    double share = differ / (double)Math.Max(1, found[a].Length);
                    flips[f] += share;
                    pairFlips[pairs] += share / frames.Count;
                }
            }

            flips[f] /= pairs;

            bool[] Find(float[] values, ref double efficiencies, ref double purities)
            {
                IReadOnlyList<SegmentTrack> chains = CalorimeterDecisions.Tracks(frame, values, tracks);
                var score = TrackScore.Of(frame.Frame, chains);
                efficiencies += score.Efficiency;
                purities += score.Purity;
                return CalorimeterDecisions.Found(frame.Frame, chains);
            }
        }

        double n = frames.Count;
        double mean1 = flips.Average();
        double one = (networks + assignments) / models.Length;
        return new()
        {
            Efficiency = efficiency / n / models.Length,
            Purity = purity / n / models.Length,
            Flips = mean1,
            FlipsError = n > 1 ? Math.Sqrt(flips.Sum(x => (x - mean1) * (x - mean1)) / (n - 1) / n) : double.NaN,
            FlipsSeedError = PairJackknife(models.Length, pairFlips),
            AccidentalShare = missed > 0 ? accidental / (double)missed : double.NaN,
            EnsembleEfficiency = ensembleEfficiency / n,
            EnsemblePurity = ensemblePurity / n,
            EnsembleCost = (networks + (assignments / models.Length)) / one,
        };
    }
}
