using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>How much the tracks of single beam particles change between seeds of one method, and what an ensemble of the seeds makes of
/// it.</summary>
internal sealed record CalorimeterStability
{
    /// <summary>Short name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>Number of seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Mean efficiency of one model.</summary>
    public required double Efficiency { get; init; }

    /// <summary>Mean purity of one model.</summary>
    public required double Purity { get; init; }

    /// <summary>Share of findable particles that exactly one of two seeds finds, averaged over pairs of seeds.</summary>
    public required double Flips { get; init; }

    /// <summary>Standard error of <see cref="Flips"/> from the spread of frames.</summary>
    public required double FlipsError { get; init; }

    /// <summary>Standard error of <see cref="Flips"/> from the choice of seeds; NaN with fewer than three.</summary>
    public required double FlipsSeedError { get; init; }

    /// <summary>Of the particles that at least one of two seeds misses, the share that the other one finds: how much of the inefficiency is
    /// accident.</summary>
    public required double AccidentalShare { get; init; }

    /// <summary>Efficiency of the ensemble: scores averaged over seeds, one assignment.</summary>
    public required double EnsembleEfficiency { get; init; }

    /// <summary>Purity of the ensemble.</summary>
    public required double EnsemblePurity { get; init; }

    /// <summary>Time of the ensemble over that of one model, scores and assignment.</summary>
    public required double Cost { get; init; }

    /// <summary>Both errors of <see cref="Flips"/> together.</summary>
    [JsonIgnore]
    public double Error => Math.Sqrt(Math.Pow(FlipsError, 2) + (double.IsNaN(FlipsSeedError) ? 0 : Math.Pow(FlipsSeedError, 2)));

    /// <summary>Measures all methods with two or more seeds.</summary>
    public static IReadOnlyList<CalorimeterStability> Run(LandscapeContext context, CalorimeterModels models, FrameStock stock)
    {
        List<CalorimeterStability> results = [];
        foreach (IGrouping<string, (ModelName Name, CalorimeterModel Model)> method in models.All.GroupBy(
            m => m.Name.Method, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            results.Add(context.Analyse("calorimeter stability", $"calorimeter-stability-{method.Key}",
                context.Origin(context.Options.Data, method.Select(m => m.Name.Fingerprint)), () =>
            {
                using IDisposable stage = context.Progress.Begin($"stability of {method.Key}", 0, "frames");
                return Measure(method.Key, [.. method.Select(m => m.Model)], stock.Take("test", context.Options.Data.TestFrames), context);
            }));
        }

        return results;
    }

    private static CalorimeterStability Measure(string method, CalorimeterModel[] models, IReadOnlyList<LandscapeFrame> frames,
        LandscapeContext context)
    {
        long begin = Stopwatch.GetTimestamp();
        float[][][] scores = [.. models.Select(m => CalorimeterDecisions.Scores(m, frames, context.Threads))];
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
            float[] mean = new float[frame.Input.Graph.Count];
            foreach (float[][] model in scores)
            {
                for (int e = 0; e < mean.Length; e++)
                {
                    mean[e] += model[f][e] / models.Length;
                }
            }

            begin = Stopwatch.GetTimestamp();
            bool[][] found = [.. scores.Select(model => Find(model[f], ref efficiency, ref purity))];
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
                IReadOnlyList<SegmentTrack> chains = CalorimeterDecisions.Tracks(
                    frame, CalorimeterDecisions.Assign(frame.Input.Graph, values), tracks);
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
            Method = method,
            Seeds = models.Length,
            Efficiency = efficiency / n / models.Length,
            Purity = purity / n / models.Length,
            Flips = mean1,
            FlipsError = n > 1 ? Math.Sqrt(flips.Sum(x => (x - mean1) * (x - mean1)) / (n - 1) / n) : double.NaN,
            FlipsSeedError = PairJackknife.Error(models.Length, pairFlips),
            AccidentalShare = missed > 0 ? accidental / (double)missed : double.NaN,
            EnsembleEfficiency = ensembleEfficiency / n,
            EnsemblePurity = ensemblePurity / n,
            Cost = (networks + (assignments / models.Length)) / one,
        };
    }
}
