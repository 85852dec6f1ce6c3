namespace Sagitta.Tracking.Endcap;

/// <summary>Tracks as tables: CSV, NPZ or Parquet (docs/formats.md).</summary>
internal static class EndcapTrackFile
{
    private static readonly string[] _parameters = ["x", "y", "tx", "ty", "q_over_p"];
    private static readonly string[] _units = ["mm", "mm", "", "", "1/GeV"];

    /// <summary>Writes tracks while they come, by the ending of the name; - is CSV on <paramref name="standardOutput"/>. Events without
    /// tracks have one row that says why, with the number -1 for its track.</summary>
    public static void Write(string path, Stream standardOutput, IEnumerable<EndcapTrack> tracks) =>
        TableFile.Write(path, standardOutput, tracks, some => [.. Columns(some)]);

    private static IEnumerable<OutputColumn> Columns(IReadOnlyList<EndcapTrack> tracks)
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
        for (int i = 0; i < _parameters.Length; i++)
        {
            for (int j = i; j < _parameters.Length; j++)
            {
                int at = k++;
                string unit = string.Join(' ', new[] { _units[i], _units[j] }.Where(u => u.Length > 0));
                yield return Number($"cov_{_parameters[i]}_{_parameters[j]}", unit,
                    t => at < t.Fit.Covariance.Length ? t.Fit.Covariance[at] : double.NaN);
            }
        }

        yield return Number("chi2", "", t => t.Fit.ChiSquare);
        yield return OutputColumn.Of("ndf", "", [.. tracks.Select(t => Math.Max(t.Fit.DegreesOfFreedom, 0))]);
        yield return OutputColumn.Of("planes", "", [.. tracks.Select(t => t.Fit.Planes)]);
    }
}
