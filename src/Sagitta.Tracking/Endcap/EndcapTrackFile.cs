namespace Sagitta.Tracking.Endcap;

/// <summary>Tracks as tables: CSV, NPZ or Parquet (docs/formats.md).</summary>
internal static class EndcapTrackFile
{
    /// <summary>Names of the components of a state.</summary>
    public static IReadOnlyList<string> Parameters { get; } = ["x", "y", "tx", "ty", "q_over_p"];
    private static readonly string[] _units = ["mm", "mm", "", "", "1/GeV"];

    /// <summary>Writes tracks while they come, by the ending of the name; - is CSV on <paramref name="standardOutput"/>. Events without
    /// tracks have one row that says why, with the number -1 for its track.</summary>
    public static void Write(string path, Stream standardOutput, IEnumerable<EndcapTrack> tracks) =>
        TableFile.Write(path, standardOutput, tracks, some => [.. Columns(some)]);

    /// <summary>The same for the tracks of each event of a sample.</summary>
    public static void WriteAll(string path, Stream standardOutput, EndcapEvents events, IReadOnlyList<EndcapTrack>[] tracks) =>
        Write(path, standardOutput, [.. tracks.SelectMany((own, e) =>
            own.Count > 0 ? own : [EndcapTracker.Failed(events.Number[e], SolveStatus.TooFewPlanes)])]);

    /// <summary>The columns, each with its unit.</summary>
    public static IEnumerable<OutputColumn> Columns(IReadOnlyList<EndcapTrack> tracks)
    {
        OutputColumn Number(string name, string unit, Func<EndcapTrack, double> value) =>
            OutputColumn.Of(name, unit, [.. tracks.Select(value)], "g9");
        yield return OutputColumn.Of("event", "", [.. tracks.Select(t => t.Event)]);
        yield return OutputColumn.Of("track", "", [.. tracks.Select(t => t.Number)]);
        yield return OutputColumn.Of("status", [.. tracks.Select(t => t.Number < 0 && t.Fit.Status == SolveStatus.TooFewPlanes ? "no-track"
            : TrackFile.Name(t.Fit.Status))]);
        yield return OutputColumn.Of("charge", "e", [.. tracks.Select(t => t.Charge)]);
        yield return Number("p", "GeV", t => t.P);
        yield return Number("q_over_p", "1/GeV", t => t.Fit.Track.QOverP);
        yield return Number("q_over_p_error", "1/GeV", t => t.Fit.QOverPError);
        yield return Number("x", "mm", t => t.Fit.Track.X);
        yield return Number("y", "mm", t => t.Fit.Track.Y);
        yield return Number("tx", "", t => t.Fit.Track.Tx);
        yield return Number("ty", "", t => t.Fit.Track.Ty);
        int k = 0;
        for (int i = 0; i < Parameters.Count; i++)
        {
            for (int j = i; j < Parameters.Count; j++)
            {
                int at = k++;
                string unit = string.Join(' ', new[] { _units[i], _units[j] }.Where(u => u.Length > 0));
                yield return Number($"cov_{Parameters[i]}_{Parameters[j]}", unit,
                    t => at < t.Fit.Covariance.Length ? t.Fit.Covariance[at] : double.NaN);
            }
        }

        yield return Number("chi2", "", t => t.Fit.ChiSquare);
        yield return OutputColumn.Of("ndf", "", [.. tracks.Select(t => Math.Max(t.Fit.DegreesOfFreedom, 0))]);
        yield return OutputColumn.Of("planes", "", [.. tracks.Select(t => t.Fit.Planes)]);
    }
}
