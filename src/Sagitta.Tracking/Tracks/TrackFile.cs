using System.Text;

namespace Sagitta.Tracking.Tracks;

/// <summary>Tracks as CSV with a header or as NPZ, with the columns
/// event,status,charge,pt,q_over_pt,q_over_pt_error,y0,slope,chi2,ndf,planes.</summary>
internal static class TrackFile
{
    private const string Header = "event,status,charge,pt,q_over_pt,q_over_pt_error,y0,slope,chi2,ndf,planes\n";

    /// <summary>Writes by the name's ending: .npz, or CSV for any other.</summary>
    public static void Write(string path, TrackTable tracks, ReadOnlySpan<long> events)
    {
        if (path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            WriteNpz(path, tracks, events);
            return;
        }

        long[] numbers = events.ToArray();
        AtomicFile.Write(path, stream => WriteCsv(tracks, numbers, stream));
    }

    /// <summary>Writes CSV; a number that does not exist is left empty.</summary>
    public static void WriteCsv(TrackTable tracks, ReadOnlySpan<long> events, Stream stream)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(false), leaveOpen: true);
        writer.Write(Header);
        for (int e = 0; e < tracks.Count; e++)
        {
            double q = tracks.QOverPt[e];
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{events[e]},{Name(tracks.Status[e])},{Charge(q)},{Number(1 / Math.Abs(q))},{Number(q)},"
                    + $"{Number(tracks.QOverPtError[e])},{Number(tracks.Y0[e])},{Number(tracks.Slope[e])},{Number(tracks.ChiSquare[e])},"
                    + $"{tracks.DegreesOfFreedom[e]},{tracks.Planes[e]}\n"));
        }
    }

    /// <summary>The status as it stands in files.</summary>
    public static string Name(SolveStatus status) => status switch
    {
        SolveStatus.Converged => "converged",
        SolveStatus.TooFewPlanes => "too-few-planes",
        SolveStatus.Singular => "singular",
        SolveStatus.NotConverged => "not-converged",
        _ => "out-of-range",
    };

    private static void WriteNpz(string path, TrackTable tracks, ReadOnlySpan<long> events)
    {
        using NpzWriter writer = new(path);
        writer.Add("event", events);
        writer.Add<byte>("status", [.. tracks.Status.Select(s => (byte)s)]);
        writer.Add<sbyte>("charge", [.. tracks.QOverPt.Select(q => (sbyte)Charge(q))]);
        writer.Add<double>("pt", [.. tracks.QOverPt.Select(q => 1 / Math.Abs(q))]);
        writer.Add<double>("q_over_pt", tracks.QOverPt);
        writer.Add<double>("q_over_pt_error", tracks.QOverPtError);
        writer.Add<double>("y0", tracks.Y0);
        writer.Add<double>("slope", tracks.Slope);
        writer.Add<double>("chi2", tracks.ChiSquare);
        writer.Add<int>("ndf", tracks.DegreesOfFreedom);
        writer.Add<int>("planes", tracks.Planes);
        writer.AddText("statuses", string.Join(", ", Enum.GetValues<SolveStatus>().Select(s => $"{(int)s} {Name(s)}")));
        writer.Commit();
    }

    private static int Charge(double qOverPt) => double.IsNaN(qOverPt) ? 0 : Math.Sign(qOverPt);

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("g9", CultureInfo.InvariantCulture) : "";
}
