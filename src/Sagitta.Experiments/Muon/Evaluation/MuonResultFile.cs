namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>What one method gave on one sample, as NPZ, so that a stopped run does not evaluate it again: tracks, what was measured on
/// hits, and the ROC curve. What follows from tracks and truth is computed again.</summary>
internal static class MuonResultFile
{
    private const string Key = "key";

    /// <summary>Writes a result; <paramref name="key"/> says what it is a result of.</summary>
    public static void Write(string path, MuonMethodResult result, string key)
    {
        using NpzWriter writer = new(path, deflate: true);
        writer.AddText(Key, key);
        writer.AddText("method", result.Method.Name);
        writer.AddText("reading", result.Reading);
        writer.AddScalar("seed", result.Seed);
        writer.Add<double>("hit_metrics", [result.Auc, result.AveragePrecision, result.HitEfficiency, result.HitPurity]);
        writer.Add<double>("plane_efficiency", [.. result.PlaneEfficiency]);
        writer.Add<double>("plane_purity", [.. result.PlanePurity]);
        writer.Add<byte>("status", [.. result.Tracks.Status.Select(s => (byte)s)]);
        foreach ((string name, double[] values) in Numbers(result.Tracks))
        {
            writer.Add<double>(name, values);
        }

        writer.Add<int>("ndf", result.Tracks.DegreesOfFreedom);
        writer.Add<int>("planes", result.Tracks.Planes);
        if (result.Roc is { } roc)
        {
            writer.Add("roc_false_positive_rate", roc.FalsePositiveRate);
            writer.Add("roc_true_positive_rate", roc.TruePositiveRate);
            writer.Add("roc_threshold", roc.Threshold);
        }

        if (result.Influence is { } influence)
        {
            writer.Add<double>("auc_influence", influence.Area);
            writer.Add<double>("average_precision_influence", influence.AveragePrecision);
        }

        writer.Commit();
    }

    /// <summary>Reads a result; null if there is none, or one of something else.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">What it must be a result of.</param>
    /// <param name="events">The events, for what follows from tracks and truth.</param>
    /// <param name="measure">Gives a result its metrics of tracks.</param>
    public static MuonMethodResult? TryRead(string path, string key, EventSet events,
        Func<MuonMethod, EventSet, TrackTable, MuonMethodResult> measure)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using NpzReader reader = new(path);
        if (!reader.Contains(Key) || reader.ReadText(Key) != key || MuonMethod.Parse(reader.ReadText("method")) is not { } method)
        {
            return null;
        }

        TrackTable tracks = new(events.Count);
        Array.ConvertAll(reader.Read<byte>("status", events.Count), status => (SolveStatus)status).CopyTo(tracks.Status, 0);
        foreach ((string name, double[] values) in Numbers(tracks))
        {
            reader.Read<double>(name, events.Count).CopyTo(values, 0);
        }

        reader.Read<int>("ndf", events.Count).CopyTo(tracks.DegreesOfFreedom, 0);
        reader.Read<int>("planes", events.Count).CopyTo(tracks.Planes, 0);
        double[] hits = reader.Read<double>("hit_metrics", 4);
        return measure(method, events, tracks) with
        {
            Seed = reader.ReadScalar<ulong>("seed"),
            Reading = reader.ReadText("reading"),
            Auc = hits[0],
            AveragePrecision = hits[1],
            HitEfficiency = hits[2],
            HitPurity = hits[3],
            PlaneEfficiency = Planes(reader, "plane_efficiency", events),
            PlanePurity = Planes(reader, "plane_purity", events),
            Roc = reader.Contains("roc_threshold")
                ? new(hits[0], hits[1], reader.Read<double>("roc_false_positive_rate"), reader.Read<double>("roc_true_positive_rate"),
                    reader.Read<double>("roc_threshold"))
                : null,
            Influence = reader.Contains("auc_influence")
                ? new(reader.Read<double>("auc_influence", events.Count), reader.Read<double>("average_precision_influence", events.Count))
                : null,
        };
    }

    private static (string Name, double[] Values)[] Numbers(TrackTable tracks) =>
        [("q_over_pt", tracks.QOverPt), ("q_over_pt_error", tracks.QOverPtError), ("y0", tracks.Y0), ("slope", tracks.Slope),
            ("chi2", tracks.ChiSquare)];

    // Methods that select no hits have none.
    private static double[] Planes(NpzReader reader, string name, EventSet events) =>
        reader.Contains(name) && reader.Read<double>(name) is { Length: > 0 } values && values.Length == events.PlaneCount ? values : [];
}
