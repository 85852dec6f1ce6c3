namespace Sagitta.Tracking.Tracks;

/// <summary>Tracks as CSV with a header or as NPZ.</summary>
internal static class TrackFile
{
    /// <summary>What files hold of a track, in this order.</summary>
    public static IReadOnlyList<TrackColumn> Columns { get; } =
    [
        new TrackColumn<long>("event", "", track => track.Event),
        new TrackColumn<byte>("status", "", track => (byte)track.Status, status => Name((SolveStatus)status)),
        new TrackColumn<sbyte>("charge", "e", track => (sbyte)track.Charge),
        new TrackColumn<double>("pt", "GeV", track => track.Pt, Number),
        new TrackColumn<double>("q_over_pt", "1/GeV", track => track.QOverPt, Number),
        new TrackColumn<double>("q_over_pt_error", "1/GeV", track => track.QOverPtError, Number),
        new TrackColumn<double>("y0", "mm", track => track.Y0, Number),
        new TrackColumn<double>("slope", "", track => track.Slope, Number),
        new TrackColumn<double>("chi2", "", track => track.ChiSquare, Number),
        new TrackColumn<int>("ndf", "", track => track.DegreesOfFreedom),
        new TrackColumn<int>("planes", "", track => track.Planes),
    ];

    /// <summary>Writes by the name's ending: .csv, .csv.gz, .npz, .parquet, .arrow or .h5; another one is refused. Tracks are written while
    /// they come; - is CSV on <paramref name="standardOutput"/>.</summary>
    public static void Write(string path, Stream standardOutput, IEnumerable<MuonTrack> tracks)
    {
        if (path == "-" || !path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            TableFile.Write(path, standardOutput, tracks, some => [.. Columns.Select(column => column.Output(some))]);
            return;
        }

        using NpzWriter writer = new(path);
        writer.AddText("statuses", string.Join(", ", Enum.GetValues<SolveStatus>().Select(s => $"{(int)s} {Name(s)}")));
        Action<MuonTrack>[] columns = [.. Columns.Select(column => column.AddTo(writer))];
        foreach (MuonTrack track in tracks)
        {
            foreach (Action<MuonTrack> append in columns)
            {
                append(track);
            }
        }

        writer.Commit();
    }

    /// <summary>The status as it stands in files.</summary>
    public static string Name(SolveStatus status) => status switch
    {
        SolveStatus.Converged => "converged",
        SolveStatus.TooFewPlanes => "too-few-planes",
        SolveStatus.Singular => "singular",
        SolveStatus.NotConverged => "not-converged",
        SolveStatus.TooManyHits => "too-many-hits",
        _ => "out-of-range",
    };

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("g9", CultureInfo.InvariantCulture) : "";
}

/// <summary>A number of a track in files.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit; empty where it has none.</param>
internal abstract record TrackColumn(string Name, string Unit)
{
    /// <summary>How CSV shows it.</summary>
    public abstract string Text(MuonTrack track);

    /// <summary>Adds it as an array that grows with each track.</summary>
    public abstract Action<MuonTrack> AddTo(NpzWriter writer);

    /// <summary>It of all tracks as a column of a table.</summary>
    public abstract OutputColumn Output(IReadOnlyList<MuonTrack> tracks);
}

/// <inheritdoc />
internal sealed record TrackColumn<T>(string Name, string Unit, Func<MuonTrack, T> Value, Func<T, string>? Shown = null)
    : TrackColumn(Name, Unit)
    where T : unmanaged, IFormattable
{
    public override string Text(MuonTrack track) => Shown?.Invoke(Value(track))
        ?? Value(track).ToString(null, CultureInfo.InvariantCulture);

    public override Action<MuonTrack> AddTo(NpzWriter writer)
    {
        NpzColumn<T> column = writer.AddColumn<T>(Name);
        return track => column.Append(Value(track));
    }

    // A status is a word in tables, and a charge as wide as they have whole numbers.
    public override OutputColumn Output(IReadOnlyList<MuonTrack> tracks) => Value switch
    {
        Func<MuonTrack, double> number => OutputColumn.Of(Name, Unit, [.. tracks.Select(number)], "g9"),
        Func<MuonTrack, long> whole => OutputColumn.Of(Name, Unit, [.. tracks.Select(whole)]),
        Func<MuonTrack, int> count => OutputColumn.Of(Name, Unit, [.. tracks.Select(count)]),
        Func<MuonTrack, sbyte> charge => OutputColumn.Of(Name, Unit, [.. tracks.Select(track => (int)charge(track))]),
        _ => OutputColumn.Of(Name, [.. tracks.Select(Text)]),
    };
}
